import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { GateAction } from '../../describe/rollout/gate';
import { RolloutKind } from '../../describe/rollout/rollout';
import { Finding, ProblemKind } from '../../describe/problem';
import { ReleasePlan } from '../release/release-plan';
import { Copies, ServiceRequest } from '../service-plan';
import { Rule } from './rule';

const ACTION_NOT_ABLE = ProblemKind.error('SERVING_GATE_ACTION_NOT_ABLE', 'A release that asks for something that the rollout controller can not do', 'It would do something else.');

const UNASKED = ProblemKind.warning('SERVING_GATE_WITHOUT_TRAFFIC', 'A gate by requests that nobody sends', 'It finds too few of them, and every release is taken back.');

/** What Argo Rollouts can do within a strategy, and Flagger can't. */
export const releaseFlagger: Rule = {
  check: ({ request, plan: { release, copies } }) => (release?.controller === RolloutControllerKind.FLAGGER ? [...gates(release), ...steps(release), ...unasked(release), ...primary(request, copies)] : []),
};

function gates(release: ReleasePlan): Finding[] {
  const limits = [...new Set(release.gates.map((gate) => gate.failureLimit))];
  const apart = limits.length < 2 ? [] : [ACTION_NOT_ABLE.found({ what: 'Flagger counts the failed checks of all gates together', got: `failureLimit ${limits.join(', ')}`, allowed: 'one for all', fix: "give all gates the same 'failureLimit'" })];
  return [...apart, ...release.gates.flatMap((gate) => [
    ...(gate.onFew !== GateAction.PAUSE && gate.onNoData !== GateAction.PAUSE ? [] : [ACTION_NOT_ABLE.found({
      what: `the gate '${gate.name}' pauses ${gate.onNoData === GateAction.PAUSE ? 'without data' : 'on few requests'}, and Flagger knows no pause: what can't be judged halts, and halts lead to a rollback`, got: 'pause', allowed: 'abort, proceed', fix: 'take GateAction.ABORT or PROCEED, or Argo Rollouts',
    })]),
    ...(!gate.waitSaid ? [] : [ACTION_NOT_ABLE.found({
      what: `the gate '${gate.name}' waits for requests, and Flagger counts each check without enough of them as a failed one`, got: `maxWait ${gate.maxWaitSeconds} s`, allowed: "no 'maxWait'", fix: "leave 'maxWait' out and make the steps long enough, or take Argo Rollouts",
    })]),
  ])];
}

function steps({ persons, steps: percents, kind, percent, router, trialReplicas }: ReleasePlan): Finding[] {
  const findings: Finding[] = [];
  if (persons.some((at) => at !== percents[percents.length - 1] && at !== 100)) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger waits for a person before the promotion alone', got: persons, allowed: 'the last step', fix: "leave 'at' out" }));
  if (kind === RolloutKind.SHADOW && percent !== 100 && router === TrafficRouterKind.GATEWAY_API) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger mirrors all requests through the Gateway API, or none', got: `${percent} %`, allowed: '100 %', fix: "leave 'percent' out, or take Istio" }));
  if (trialReplicas !== undefined) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger runs as many copies of the new version as of the stable one', got: trialReplicas, allowed: 'none said', fix: 'leave the number of copies out' }));
  return findings;
}

/** Flagger judges a blue-green release before the switch, when clients ask the stable version alone. */
function unasked({ kind, gates: measured }: ReleasePlan): Finding[] {
  const strict = measured.filter((gate) => gate.onFew !== GateAction.PROCEED);
  if (kind !== RolloutKind.BLUE_GREEN || strict.length === 0) return [];
  return [UNASKED.found({
    what: `the gates ${strict.map((gate) => `'${gate.name}'`).join(', ')} judge the new version before it gets any of the clients' requests`, fix: 'take Rollout.canary, or Argo Rollouts, which judges after the switch; acknowledge this where something else sends requests to it, such as a load tester',
  })];
}

/** What serves is a primary of Flagger's own, which what is said of the Deployment does not reach. */
function primary(request: ServiceRequest, copies: Copies): Finding[] {
  const findings: Finding[] = [];
  if (copies.frozen || copies.stopped) findings.push(ACTION_NOT_ABLE.found({ what: "Flagger's primary goes on serving and scaling under a hold: it is Flagger's own copy of the service", got: `Hold.${request.hold?.kind}`, allowed: 'no hold', fix: "leave 'hold' out; to stop it for a while, give 'rollout: Rollout.automatic()' with the hold" }));
  if (copies.external) findings.push(ACTION_NOT_ABLE.found({ what: 'an autoscaler of your own would scale the Deployment, which Flagger keeps at zero; what serves would have one copy', got: 'Scaling.external', allowed: 'a scaling of the library', fix: 'take Scaling.onCpu or its kin, or Argo Rollouts' }));
  if (request.rollout._values.rollbackWindow !== undefined) findings.push(ACTION_NOT_ABLE.found({ what: 'Flagger has no rollback window: the version before takes the same steps', got: request.rollout._values.rollbackWindow, allowed: "no 'rollbackWindow'", fix: "leave 'rollbackWindow' out" }));
  return findings;
}
