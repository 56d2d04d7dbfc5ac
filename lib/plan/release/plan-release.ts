import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { Gate, GateAction, GateKind } from '../../describe/rollout/gate';
import { RolloutKind } from '../../describe/rollout/rollout';
import { secondsOf } from '../../describe/checks/shape';
import { ClusterOperator } from '../../describe/cluster';
import { ExposureKind } from '../../describe/exposure';
import { Finding } from '../../describe/problem';
import { ServerDefinition } from '../../describe/server/server-definition';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Copies, ServiceRequest, Timing } from '../service-plan';
import { checkLimit, gatesOf, PlannedGate, planGate } from './gates';
import { planGolden } from './golden';
import { requestMeasures } from '../request-measures';
import { ReleasePlan } from './release-plan';

const STEP_SECONDS = 300;
const KEEP_OLD_SECONDS = 600;
const SHADOW_SECONDS = 1800;
const AB_SECONDS = 3600;
const ROLLBACK_WINDOW = 3;
/** Measurements are no closer than this: a controller asks for each gate of each release. */
const LEAST_INTERVAL = 5;

/** The gates of a service: those that were said, else what a release can show of its objectives. */
export function gatesOfRequest(request: ServiceRequest): Gate[] {
  if (!request.rollout.progressive) return [];
  return request.rollout._values.gates ?? (controllerOf(request) === RolloutControllerKind.NONE ? [] : gatesOf(request.objectives));
}

/** Latency bounds, in seconds, that gates and objectives are measured at. */
export function latencyBounds(request: ServiceRequest): number[] {
  const gates = gatesOfRequest(request).map((gate) => gate._values.below);
  return [...gates, ...request.objectives.map((one) => one.below)].filter((one) => one !== undefined).map(secondsOf);
}

/** Which controller replaces versions: what the cluster says, else the operator that it runs, else none. */
export function controllerOf(request: ServiceRequest): RolloutControllerKind {
  const { cluster } = request;
  if (cluster.rollouts !== undefined) return cluster.rollouts.kind;
  // an operator counts only where it was named: a cluster that says nothing may run none
  if (cluster._names(ClusterOperator.ARGO_ROLLOUTS)) return RolloutControllerKind.ARGO;
  return cluster._names(ClusterOperator.FLAGGER) ? RolloutControllerKind.FLAGGER : RolloutControllerKind.NONE;
}

/** The label that a controller puts on pods of one version. Source: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/pkg/apis/rollouts/v1alpha1/types.go */
export function versionHashLabel(request: ServiceRequest): string {
  return request.rollout.progressive && controllerOf(request) === RolloutControllerKind.ARGO ? 'rollouts-pod-template-hash' : 'pod-template-hash';
}

function routerOf(request: ServiceRequest): TrafficRouterKind {
  const said = request.cluster.rollouts?.router;
  if (said !== undefined) return said;
  switch (request.exposure.kind) {
    case ExposureKind.GATEWAY: return TrafficRouterKind.GATEWAY_API;
    case ExposureKind.INGRESS: {
      const ingressClass = request.cluster.ingressClass ?? '';
      return ingressClass.includes('nginx') ? TrafficRouterKind.NGINX : ingressClass.includes('alb') ? TrafficRouterKind.ALB : TrafficRouterKind.REPLICAS;
    }
    default: return TrafficRouterKind.REPLICAS;
  }
}

const SUFFIX: { readonly [kind: string]: string } = { [RolloutKind.BLUE_GREEN]: 'preview' };

/** Works out how a new version is tried; nothing for strategies that replace copy by copy. */
export function planRelease(request: ServiceRequest, server: ServerDefinition, protocol: InferenceProtocol, modelName: string | undefined, timing: Timing, copies: Copies): { release?: ReleasePlan; findings: Finding[] } {
  const { rollout } = request;
  if (!rollout.progressive) return { findings: [] };
  const said = rollout._values;
  const controller = controllerOf(request);
  const scrape = request.cluster.scrapeSeconds;
  const intervalSeconds = Math.max(LEAST_INTERVAL, Math.ceil(scrape));
  const stepSeconds = Math.ceil(durationOf(request));
  const measurements = Math.max(1, Math.ceil(stepSeconds / intervalSeconds));
  const gates = gatesOfRequest(request);
  const ground = {
    serverTitle: server.facts.title, measures: requestMeasures(server.facts, protocol, modelName), modelName, scrapeSeconds: scrape,
    // Flagger knows no pause
    unsaid: controller === RolloutControllerKind.FLAGGER ? GateAction.ABORT : GateAction.PAUSE,
  };
  const findings: Finding[] = [];
  const planned: PlannedGate[] = [];
  for (const gate of gates.filter((one) => one.measured)) {
    const result = planGate(gate, ground);
    findings.push(...result.findings, ...(result.gate === undefined ? [] : checkLimit(result.gate, controller === RolloutControllerKind.FLAGGER ? Infinity : measurements)));
    if (result.gate !== undefined) planned.push(result.gate);
  }
  const golden = gates.find((gate) => gate.kind === GateKind.GOLDEN_REQUESTS);
  const person = gates.find((gate) => gate.kind === GateKind.PERSON);
  const steps = said.steps ?? [];
  const { candidate } = request;
  const suffix = controller === RolloutControllerKind.NONE ? 'candidate' : controller === RolloutControllerKind.FLAGGER ? 'canary' : SUFFIX[rollout.kind] ?? 'canary';
  return {
    findings,
    release: {
      kind: rollout.kind, controller, router: routerOf(request), trialService: `${request.name}-${suffix}`,
      gates: planned, golden: golden && modelName !== undefined ? planGolden(request, golden, server.requestPath(protocol, modelName), timing) : undefined, persons: person === undefined ? [] : person._values.at ?? [steps[steps.length - 1] ?? 100],
      steps, stepSeconds, intervalSeconds, delaySeconds: Math.ceil(2 * scrape) + intervalSeconds, measurements,
      trialReplicas: said.previewReplicas ?? said.replicas, percent: said.percent ?? 100, audience: said.audience, previewHosts: said.previewHosts ?? [],
      // where the stable version keeps all of its copies, an autoscaler counts both versions' and an accelerator is needed twice
      dynamicStable: copies.signals.length > 0 || copies.external || request.accelerator !== undefined,
      rollbackWindow: said.rollbackWindow ?? ROLLBACK_WINDOW, progressDeadline: said.progressDeadline === undefined ? timing.progressDeadline : Math.ceil(secondsOf(said.progressDeadline)),
      takeOverDeployment: said.takeOverDeployment ?? false,
      candidate: candidate && { percent: rollout.kind === RolloutKind.SHADOW && !candidate._percentSaid ? said.percent ?? 100 : candidate.percent, replicas: candidate.replicas ?? said.previewReplicas ?? said.replicas ?? Math.max(1, copies.min) },
      loadTesterUrl: request.cluster.rollouts?.loadTesterUrl,
    },
  };
}

function durationOf(request: ServiceRequest): number {
  const { kind, _values: { stepDuration, keepOld, duration } } = request.rollout;
  const said = kind === RolloutKind.CANARY ? stepDuration : kind === RolloutKind.BLUE_GREEN ? keepOld : duration;
  if (said !== undefined) return secondsOf(said);
  return kind === RolloutKind.CANARY ? STEP_SECONDS : kind === RolloutKind.BLUE_GREEN ? KEEP_OLD_SECONDS : kind === RolloutKind.SHADOW ? SHADOW_SECONDS : AB_SECONDS;
}

/** Copies that an update adds at the most: what accelerators are counted by. */
export function extraCopies(release: ReleasePlan | undefined, copies: Copies, surge: number): number {
  if (release === undefined) return surge;
  const all = Math.max(copies.max, release.trialReplicas ?? 0);
  if (release.controller === RolloutControllerKind.NONE) return surge + (release.candidate?.replicas ?? 0);
  // Flagger runs a full canary, and then updates the primary, which surges by itself
  if (release.controller === RolloutControllerKind.FLAGGER) return all + surge;
  if (release.kind === RolloutKind.BLUE_GREEN) return all;
  if (release.router === TrafficRouterKind.REPLICAS) return surge;
  if (!release.dynamicStable || release.steps.length === 0) return all;
  const steps = [0, ...release.steps, 100];
  // the next share comes up before the stable version gives up its own
  return Math.max(...steps.slice(1).map((next, i) => Math.ceil(all * next / 100) + Math.ceil(all * (100 - steps[i]!) / 100) - all));
}
