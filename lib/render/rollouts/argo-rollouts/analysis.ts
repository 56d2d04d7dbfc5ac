import { GateAction } from '../../../describe/rollout/gate';
import { Cluster } from '../../../describe/cluster';
import { compact } from '../../../plan/json';
import { Bound, PlannedGate } from '../../../plan/release/gates';
import { NEW, STABLE } from '../../../plan/release/measures';
import { argoPace, passesUnjudged, STORE_ERRORS, waitsBeforehand } from '../../../plan/release/pace';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';
import { RenderedObject } from '../../ports';
import { gateId } from '../gate-id';
import { goldenJob } from './golden-job';

// What a measurement without data does was tried on the controller (1.9): a condition on success alone passes NaN and several series; only a pair of conditions that
// both ask for one finite value leaves what is neither inconclusive. And a limit as large as the count lets everything pass, unless successes are asked for.

const TEMPLATE = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate' };
/** One finite value. */
const ONE = 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0])';
const NEVER = 'false';

/** The AnalysisTemplates of a service: one a gate, and one that waits where a gate goes on without data. */
export function analysisTemplates(plan: ServicePlan, cluster: Cluster): RenderedObject[] {
  const { gates, golden } = plan.release!;
  return [
    ...(golden === undefined ? [] : [template(plan, 'golden', [goldenJob(plan, golden)])]),
    ...gates.flatMap((gate) => [
      ...(waitsBeforehand(gate, plan.release!) ? [template(plan, `${gate.name}-wait`, waiting(gate, plan, cluster), ignored(gate))] : []),
      template(plan, gate.name, judging(gate, plan, cluster)),
    ]),
  ];
}

/** A step or a promotion that the named gates must pass. */
export function pass(plan: ServicePlan, gates: readonly string[]): JsonObject {
  return {
    templates: gates.map((gate) => ({ templateName: `${plan.name}-${gate}` })),
    args: [
      { name: 'new-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
      { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
      { name: 'namespace', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ],
  };
}

/** The templates that a step waits by, before it is judged. */
export function waitsFor(plan: ServicePlan): string[] {
  return plan.release!.gates.filter((gate) => waitsBeforehand(gate, plan.release!)).map((gate) => `${gate.name}-wait`);
}

function template(plan: ServicePlan, name: string, metrics: readonly JsonObject[], dryRun: readonly string[] = []): RenderedObject {
  return {
    id: gateId('Analysis', name), ...TEMPLATE, name: `${plan.name}-${name}`, labels: plan.labels,
    content: {
      spec: compact({
        args: ['new-hash', 'stable-hash', 'namespace'].map((arg) => ({ name: arg })),
        dryRun: dryRun.length === 0 ? undefined : dryRun.map((metricName) => ({ metricName })),
        metrics,
      }),
    },
  };
}

/** What judges the new version: bad aborts, good for the whole step goes on, what can't be judged at the end pauses. */
function judging(gate: PlannedGate, plan: ServicePlan, cluster: Cluster): JsonObject[] {
  const { measurements } = plan.release!;
  const { count } = argoPace(gate, plan.release!);
  const good = `${ONE} && ${within(gate.bound)}`;
  const judge = {
    ...measure(gate.name, gate.query, plan, cluster),
    count, successCondition: passesUnjudged(gate) ? `len(result) == 0 || (${good})` : good, failureCondition: `${ONE} && !(${within(gate.bound)})`,
    failureLimit: gate.failureLimit, consecutiveSuccessLimit: measurements, inconclusiveLimit: count,
  };
  if (gate.volumeQuery === undefined) return [judge];
  // what the judge itself leaves open pauses; the others tell no data and few requests from it where they are to be treated otherwise
  return [
    judge,
    ...(gate.onNoData === GateAction.PROCEED ? [] : [presence(gate, plan, cluster)]),
    ...(gate.onFew === GateAction.ABORT || (gate.onFew === GateAction.PAUSE && passesUnjudged(gate)) ? [volume(gate, plan, cluster)] : []),
  ];
}

/** What waits for enough requests, before a gate that goes on without them judges. */
function waiting(gate: PlannedGate, plan: ServicePlan, cluster: Cluster): JsonObject[] {
  return [presence(gate, plan, cluster), volume(gate, plan, cluster)];
}

/** Measures whose result is not heeded, only waited for. */
function ignored(gate: PlannedGate): string[] {
  return [...(gate.onNoData === GateAction.PROCEED ? [`${gate.name}-data`] : []), ...(gate.onFew === GateAction.PROCEED ? [`${gate.name}-volume`] : [])];
}

/** Whether there are series of the new version at all: passes with the first one, and decides after a window without any. */
function presence(gate: PlannedGate, plan: ServicePlan, cluster: Cluster): JsonObject {
  return { ...measure(`${gate.name}-data`, gate.presenceQuery!, plan, cluster), ...patient(argoPace(gate, plan.release!).presence, gate.onNoData, `${ONE} && result[0] > 0`, `${ONE} && result[0] == 0`) };
}

/** Whether there were enough requests: passes as soon as there were, and decides when the wait is over. */
function volume(gate: PlannedGate, plan: ServicePlan, cluster: Cluster): JsonObject {
  const pace = argoPace(gate, plan.release!);
  // no series at all is the other measure's to decide
  const enough = gate.onNoData === GateAction.PROCEED ? `len(result) == 0 || (${ONE} && result[0] >= ${gate.minRequests})` : `${ONE} && result[0] >= ${gate.minRequests}`;
  return { ...measure(`${gate.name}-volume`, gate.volumeQuery!, plan, cluster), initialDelay: `${pace.volumeDelay}s`, ...patient(pace.volume, gate.onFew, enough, `!(${enough})`) };
}

/** A measure that passes at the first success, and after so many without one pauses or aborts. */
function patient(count: number, action: GateAction, success: string, failure: string): JsonObject {
  const aborts = action === GateAction.ABORT;
  return {
    count, successCondition: success, failureCondition: aborts ? failure : NEVER,
    failureLimit: aborts ? count - 1 : 0, consecutiveSuccessLimit: 1, inconclusiveLimit: count,
  };
}

function measure(name: string, query: string, plan: ServicePlan, cluster: Cluster): JsonObject {
  const { intervalSeconds, delaySeconds } = plan.release!;
  return {
    name, interval: `${intervalSeconds}s`, initialDelay: `${delaySeconds}s`, consecutiveErrorLimit: STORE_ERRORS,
    provider: { prometheus: { address: cluster.metricsUrl, query: versions(query, plan) } },
  };
}

/** A query with the matchers of the versions' pods: a ReplicaSet is named after the hash of its template, and pods after their ReplicaSet. */
function versions(query: string, plan: ServicePlan): string {
  const pods = (hash: string): string => `namespace="{{args.namespace}}",pod=~"${plan.groups[0]!.name}-{{args.${hash}}}-[a-z0-9]+"`;
  return query.replaceAll(NEW, pods('new-hash')).replaceAll(STABLE, pods('stable-hash'));
}

function within({ max, min }: Bound): string {
  return max === undefined ? `result[0] >= ${min}` : `result[0] <= ${max}`;
}
