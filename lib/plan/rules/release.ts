import { GateAction, GateKind } from '../../describe/rollout/gate';
import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ClusterOperator } from '../../describe/cluster';
import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { gateCapability, strategyCapability } from '../release/capabilities';
import { gatesOfRequest } from '../release/plan-release';
import { ReleasePlan } from '../release/release-plan';
import { ServiceRequest } from '../service-plan';
import { Rule } from './rule';

const NOT_ABLE = ProblemKind.error('SERVING_ROLLOUT_NOT_ABLE', 'A strategy that the rollout controller or the router can not do', 'It would be ignored in silence: a shadow that never shadows, a share that nobody gets.');
const GATE_NOT_ABLE = ProblemKind.error('SERVING_GATE_NOT_ABLE', 'A gate that the rollout controller does not have', 'Nobody would judge by it.');
const ACTION_NOT_ABLE = ProblemKind.error('SERVING_GATE_ACTION_NOT_ABLE', 'A gate that asks for something that the rollout controller can not do', 'It would do something else.');
const CONTROLLER = ProblemKind.error('SERVING_ROLLOUT_CONTROLLER_MISSING', 'A rollout controller that the cluster does not run', 'No pod would ever start: nobody acts on its objects.');
const NO_VERDICT = ProblemKind.warning('SERVING_ROLLOUT_WITHOUT_VERDICT', 'A release that nothing judges', 'A bad version goes on until somebody looks.');
const UNREACHABLE = ProblemKind.error('SERVING_WEIGHT_UNREACHABLE', 'A share of requests that whole copies can not give', 'Without a router a version gets as much as it has copies: 5 % of two copies is 33 %.');
const NEEDS_METRICS = ProblemKind.error('SERVING_GATE_WITHOUT_METRICS', "Gates by metrics, and the metrics' store is not known", 'Every measurement would fail, and every release be taken back.');
const DEADLINE = ProblemKind.error('SERVING_DEADLINE_BELOW_LOAD', 'A deadline that is shorter than a start', 'Every release would be taken back before its first copy is ready.');
const ROUTER_EXPOSURE = ProblemKind.error('SERVING_ROUTER_EXPOSURE', 'A router that the requests do not pass', 'The new version would get none of them, or all.');
const NO_CANDIDATE = ProblemKind.error('SERVING_CANDIDATE_WITHOUT_RELEASE', 'A candidate that nothing makes use of', 'Its copies would run without a request, or a controller would not know of it.');
const STEP_OF_CANDIDATE = ProblemKind.error('SERVING_CANDIDATE_PERCENT', "A candidate's share that is no step of its release", 'The share and the steps would tell two different plans.');
const OTHER_NAME = ProblemKind.error('SERVING_CANDIDATE_NAME', 'A candidate of another name', 'Clients ask for a model by its name: the candidate would answer 404.');
const INTERNAL = ProblemKind.warning('SERVING_CANARY_PAST_THE_GATEWAY', 'Callers inside of the cluster get the stable version only', 'The Gateway splits requests; who calls the Service does not pass it.');
const TAKE_OVER = ProblemKind.error('SERVING_TAKE_OVER', 'A Deployment that can not be taken over', 'Only Argo Rollouts takes over the pods of a Deployment that runs.');
const LONG_NAME = ProblemKind.error('SERVING_RELEASE_NAME', 'A name that is too long for what a release adds to it', 'Objects of a release are named after the service.');

/** Longest name of a service with a release: 63 of a label, less `-primary` and the hashes that a controller adds. */
const LONGEST = 40;

/** What is wrong with how a new version is tried. */
export const release: Rule = {
  check: ({ request, plan }) => {
    const planned = plan.release;
    const findings = [...candidate(request, planned)];
    if (planned === undefined) return findings;
    const kinds = gatesOfRequest(request);
    const able = strategyCapability(planned.kind, planned.controller, planned.router);
    const who = `${planned.controller === RolloutControllerKind.NONE ? 'Deployments without a rollout controller' : planned.controller} with the router '${planned.router}'`;
    if (!able.can) {
      findings.push(NOT_ABLE.found({ what: `Rollout.${planned.kind} can't be done by ${who}: ${able.text} (${able.source})`, got: planned.kind, allowed: able.instead!, fix: "change the cluster's 'rollouts', the exposure, or the strategy" }));
    }
    for (const gate of kinds) {
      const has = gateCapability(gate.kind, planned.controller);
      if (!has.can) findings.push(GATE_NOT_ABLE.found({ what: `the gate '${gate.name}' can't be used with '${planned.controller}': ${has.text}`, got: gate.kind, allowed: has.instead!, fix: 'change the controller, or leave the gate out' }));
    }
    findings.push(...controller(request, planned), ...weights(planned, plan.copies.min), ...metrics(request, planned), ...routing(request, planned));
    if (planned.controller === RolloutControllerKind.NONE ? request.candidate !== undefined : kinds.length === 0) {
      findings.push(NO_VERDICT.found(planned.controller === RolloutControllerKind.NONE
        ? { what: `Rollout.${planned.kind} on plain Deployments gives no verdict: each step is a change of the manifests, and nothing takes a bad version back`, fix: 'watch the new version yourself and acknowledge this, or let Argo Rollouts or Flagger judge' }
        : { what: `Rollout.${planned.kind} has no gate: the new version goes on by time alone`, fix: "give 'gates', or 'objectives' to take them from" }));
    }
    const start = plan.timing.download + plan.timing.load;
    if (planned.progressDeadline <= start) findings.push(DEADLINE.found({ what: `the release is taken back after ${planned.progressDeadline} s without progress, and a copy starts for about ${start} s`, got: planned.progressDeadline, allowed: `more than ${start} s; ${plan.timing.progressDeadline} s are planned`, fix: "leave 'progressDeadline' out" }));
    if (planned.takeOverDeployment && planned.controller !== RolloutControllerKind.ARGO) findings.push(TAKE_OVER.found({ what: `'takeOverDeployment' is for Argo Rollouts, not for '${planned.controller}'`, fix: "leave 'takeOverDeployment' out" }));
    if (request.name.length > LONGEST) findings.push(LONG_NAME.found({ what: 'the name of a service with a release is too long', got: request.name, allowed: `at most ${LONGEST} characters`, fix: "give a shorter 'name'" }));
    return findings;
  },
};

function candidate(request: ServiceRequest, planned: ReleasePlan | undefined): Finding[] {
  const given = request.candidate;
  if (given === undefined) return [];
  const findings: Finding[] = [];
  if (planned === undefined || planned.controller !== RolloutControllerKind.NONE) {
    return [NO_CANDIDATE.found({
      what: planned === undefined ? `a candidate beside Rollout.${request.rollout.kind} gets no requests` : `'${planned.controller}' makes the version on trial itself`,
      fix: planned === undefined ? 'give Rollout.canary, blueGreen, shadow or abTest, or leave the candidate out' : "change 'model' and leave the candidate out",
    })];
  }
  const stable = request.model.name ?? request.name;
  const other = given.model.name ?? request.name;
  if (stable !== other) findings.push(OTHER_NAME.found({ what: 'the candidate has another model name than the stable version', got: other, allowed: stable, fix: "give both models one 'name', or none" }));
  const allowed = planned.kind === RolloutKind.CANARY ? [0, ...planned.steps, 100] : planned.kind === RolloutKind.BLUE_GREEN ? [0, 100]
    : planned.kind === RolloutKind.SHADOW && request.rollout._values.percent !== undefined ? [0, planned.percent] : undefined;
  if (given._percentSaid && allowed !== undefined && !allowed.includes(given.percent)) findings.push(STEP_OF_CANDIDATE.found({ what: `the candidate's share is no step of Rollout.${planned.kind}`, got: given.percent, allowed: allowed.join(', '), fix: 'take one of these, or change the steps' }));
  return findings;
}

function controller(request: ServiceRequest, planned: ReleasePlan): Finding[] {
  const findings: Finding[] = [];
  const needed = { [RolloutControllerKind.ARGO]: ClusterOperator.ARGO_ROLLOUTS, [RolloutControllerKind.FLAGGER]: ClusterOperator.FLAGGER, [RolloutControllerKind.NONE]: undefined }[planned.controller];
  if (needed !== undefined && !request.cluster.runs(needed)) {
    findings.push(CONTROLLER.found({ what: `the cluster's 'rollouts' names '${planned.controller}', which is not among its operators`, fix: `add '${needed.name}' to 'operators' if it runs` }));
  }
  if (planned.controller !== RolloutControllerKind.FLAGGER) return findings;
  for (const gate of planned.gates) {
    if (gate.onFew === GateAction.PAUSE || gate.onNoData === GateAction.PAUSE) findings.push(ACTION_NOT_ABLE.found({ what: `the gate '${gate.name}' pauses without data, and Flagger knows no pause: what can't be judged halts, and halts lead to a rollback`, got: 'pause', allowed: 'abort, proceed', fix: 'take GateAction.ABORT or PROCEED, or Argo Rollouts' }));
    if (gate.waitSaid) findings.push(ACTION_NOT_ABLE.found({ what: `the gate '${gate.name}' waits for requests, and Flagger counts each check without enough of them as a failed one`, got: `maxWait ${gate.maxWaitSeconds} s`, allowed: "no 'maxWait'", fix: "leave 'maxWait' out and make the steps long enough, or take Argo Rollouts" }));
  }
  if (planned.persons.length > 0 && planned.loadTesterUrl === undefined) findings.push(GATE_NOT_ABLE.found({ what: 'Gate.person with Flagger needs the gate of its load tester', fix: "give 'loadTesterUrl' to RolloutController.flagger" }));
  if (planned.persons.some((at) => at !== planned.steps[planned.steps.length - 1] && at !== 100)) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger waits for a person before the promotion alone', got: planned.persons, allowed: 'the last step', fix: "leave 'at' out" }));
  if (planned.kind === RolloutKind.SHADOW && planned.percent !== 100 && planned.router === TrafficRouterKind.GATEWAY_API) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger mirrors all requests through the Gateway API, or none', got: `${planned.percent} %`, allowed: '100 %', fix: "leave 'percent' out, or take Istio" }));
  if (planned.trialReplicas !== undefined) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger runs as many copies of the new version as of the stable one', got: planned.trialReplicas, allowed: 'none said', fix: 'leave the number of copies out' }));
  return findings;
}

/** Without a router a version gets as large a share as it has copies. */
function weights(planned: ReleasePlan, copies: number): Finding[] {
  if (planned.router !== TrafficRouterKind.REPLICAS || planned.kind !== RolloutKind.CANARY || planned.controller !== RolloutControllerKind.ARGO) return [];
  return planned.steps.filter((step) => step * copies % 100 !== 0).map((step) => UNREACHABLE.found({
    what: `${step} % of ${copies} ${copies === 1 ? 'copy' : 'copies'} is no whole number of copies, and nothing else splits the requests`, got: step,
    allowed: copies < 2 ? 'none: run more copies' : Array.from({ length: copies - 1 }, (_, i) => (i + 1) * 100 / copies).filter(Number.isInteger).join(', ') || 'none: run 2, 4, 5 or 10 copies',
    fix: 'take reachable steps, run more copies, or use a router (Exposure.gateway)',
  }));
}

function metrics(request: ServiceRequest, planned: ReleasePlan): Finding[] {
  if (planned.gates.length === 0 || request.cluster.metricsUrl !== undefined) return [];
  return [NEEDS_METRICS.found({ what: `the gates ${planned.gates.map((gate) => `'${gate.name}'`).join(', ')} ask a metrics' store, and the Cluster names none`, fix: "give 'metricsUrl' of the Cluster, such as 'http://prometheus.monitoring:9090'" })];
}

function routing(request: ServiceRequest, planned: ReleasePlan): Finding[] {
  const { exposure } = request;
  const { router, kind } = planned;
  const split = kind !== RolloutKind.BLUE_GREEN || planned.controller === RolloutControllerKind.FLAGGER;
  const findings: Finding[] = [];
  const wrong = (what: string, fix: string): void => { findings.push(ROUTER_EXPOSURE.found({ what, got: `${router}, ${exposure.kind}`, fix })); };
  if (split && router === TrafficRouterKind.GATEWAY_API && exposure.kind !== ExposureKind.GATEWAY) wrong("requests don't pass the Gateway: the service isn't exposed by it", "give 'exposure: Exposure.gateway({ hosts })'");
  if (split && router === TrafficRouterKind.ISTIO && exposure.kind !== ExposureKind.CLUSTER_INTERNAL) wrong("a VirtualService splits the mesh's own requests, not those of a Gateway or Ingress", "leave 'exposure' out, or use the router 'gateway-api'");
  if (split && (router === TrafficRouterKind.NGINX || router === TrafficRouterKind.ALB) && exposure.kind !== ExposureKind.INGRESS) wrong("requests don't pass an Ingress: the service has none", "give 'exposure: Exposure.ingress({ host })'");
  if (planned.previewHosts.length > 0 && exposure.kind !== ExposureKind.GATEWAY) wrong("'previewHosts' are reached through the Gateway, which the service isn't exposed by", "give 'exposure: Exposure.gateway({ hosts })', or leave 'previewHosts' out");
  if (planned.controller === RolloutControllerKind.FLAGGER && exposure.kind === ExposureKind.GATEWAY && (exposure.grpcHosts.length > 0 || exposure.pathPrefix !== '/' || planned.previewHosts.length > 0)) {
    wrong('Flagger makes the route itself, an HTTPRoute without gRPC hosts, path prefixes and previews', "leave 'grpcHosts', 'pathPrefix' and 'previewHosts' out, or take Argo Rollouts");
  }
  if (planned.controller === RolloutControllerKind.FLAGGER && exposure.kind === ExposureKind.INGRESS) wrong("Flagger's Services don't carry an Ingress of ours", "give 'exposure: Exposure.gateway({ hosts })', or take Argo Rollouts");
  if (planned.audience?.isCookie && router === TrafficRouterKind.ALB) wrong('ALB compares whole header values, and a cookie is a part of one', 'take Audience.header');
  if (findings.length === 0 && split && router === TrafficRouterKind.GATEWAY_API && gatesOfRequest(request).some((gate) => gate.kind !== GateKind.PERSON)) {
    findings.push(INTERNAL.found({ what: "callers inside of the cluster that use the Service's address get the stable version until the release is through", fix: 'acknowledge it, or let them call through the Gateway as well' }));
  }
  return findings;
}
