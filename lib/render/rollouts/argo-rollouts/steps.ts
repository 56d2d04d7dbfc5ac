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
  // where a router sends requests, one copy without any of them answers the golden requests first
  const before: JsonObject[] = golden.length === 0 || !routed ? [] : [{ setCanaryScale: { replicas: 1 } }, ...golden, { setCanaryScale: { matchTrafficWeight: true } }];
  return [...before, ...release.steps.flatMap((step, i) => [
    { setWeight: step },
    ...(!routed && i === 0 ? golden : []),
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
    { setCanaryScale: { matchTrafficWeight: true } },
  ];
}

/** What a step takes to pass: its gates, or its time alone. */
function judged(plan: ServicePlan): JsonObject[] {
  const release = plan.release!;
  if (release.gates.length === 0) return [{ pause: { duration: `${release.stepSeconds}s` } }];
  const waiting = waitsFor(plan);
  return [...(waiting.length === 0 ? [] : [{ analysis: pass(plan, waiting) }]), { analysis: pass(plan, release.gates.map((gate) => gate.name)) }];
}
