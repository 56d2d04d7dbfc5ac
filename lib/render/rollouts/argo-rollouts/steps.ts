import { TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';
import { pass, waitsFor } from './analysis';

/** The steps of a canary, of a shadow or of an A/B test; after the last one the new version gets everything. */
export function canarySteps(plan: ServicePlan): JsonObject[] {
  const release = plan.release!;
  const routed = release.router !== TrafficRouterKind.REPLICAS;
  const golden: JsonObject[] = release.golden === undefined ? [] : [{ analysis: pass(plan, ['golden']) }];
  if (release.kind !== RolloutKind.CANARY) return trial(plan, golden);
  // where a router sends requests, the copies of the first step answer the golden requests before they get any others; they follow the weight again when it is theirs
  const early = routed && golden.length > 0;
  return [...(early ? [{ setCanaryScale: { weight: release.steps[0] } }, ...golden] : []), ...release.steps.flatMap((step, i) => [
    { setWeight: step },
    ...(i > 0 || golden.length === 0 ? [] : early ? [{ setCanaryScale: { matchTrafficWeight: true } }] : golden),
    ...judged(plan),
    ...(release.persons.includes(step) ? [{ pause: {} }] : []),
  ])];
}

/** A shadow or an A/B test: the new version gets copies of its own, then requests, then everything. */
function trial(plan: ServicePlan, golden: readonly JsonObject[]): JsonObject[] {
  const release = plan.release!;
  const shadow = release.kind === RolloutKind.SHADOW;
  const scale: JsonObject = release.trialReplicas !== undefined ? { replicas: release.trialReplicas } : { weight: shadow ? release.percent : 50 };
  const regex = release.audience?.headerRegex;
  const begin: JsonObject = shadow
    ? { setMirrorRoute: { name: 'shadow', percentage: release.percent, match: [{ path: { prefix: '/' } }] } }
    : { setHeaderRoute: { name: 'audience', match: [{ headerName: release.audience?.headerName, headerValue: regex === undefined ? { exact: release.audience?.value } : { regex } }] } };
  return [
    { setCanaryScale: scale }, ...golden, begin, ...judged(plan),
    ...(release.persons.length > 0 ? [{ pause: {} }] : []),
    // an audience keeps the new version until everyone has it; a shadow ends before it gets requests of its own
    ...(shadow ? [{ setMirrorRoute: { name: 'shadow' } }] : []),
    // all copies are there before all requests come: matched to a weight of nothing they would first go and be loaded anew
    { setCanaryScale: { weight: 100 } },
  ];
}

/** What a step takes to pass: its gates, or its time alone. */
function judged(plan: ServicePlan): JsonObject[] {
  const release = plan.release!;
  if (release.gates.length === 0) return [{ pause: { duration: `${release.stepSeconds}s` } }];
  const waiting = waitsFor(plan);
  return [...(waiting.length === 0 ? [] : [{ analysis: pass(plan, waiting) }]), { analysis: pass(plan, release.gates.map((gate) => gate.name)) }];
}
