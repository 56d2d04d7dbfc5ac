import { Gate, RolloutController, TrafficRouterKind } from 'cdk8s-serving';
import { AB_TEST, ARGO, CANARY, FLAGGER, NONE, rolloutOf, serveCell, SHADOW } from '../../../support/release';
import { serve } from '../../../support/serving';

// every cell of the table: test/unit/plan/release-capabilities.test.ts
const { GATEWAY_API, REPLICAS, ISTIO } = TrafficRouterKind;

test('a mirror that the router ignores is refused, with what can mirror', () => {
  expect(serveCell({ controller: ARGO, router: GATEWAY_API, kind: SHADOW }).problem('SERVING_ROLLOUT_NOT_ABLE')).toMatchObject({
    severity: 'error', path: 'ml/Iris', got: '"shadow"', allowed: 'RolloutController.none() with a candidate, Flagger, or Istio', fix: "change the cluster's 'rollouts', the exposure, or the strategy",
    what: expect.stringMatching(/^Rollout\.shadow can't be done by argo-rollouts with the router 'gateway-api': .*\(https:\/\/github\.com\/argoproj-labs\/\S+\)$/),
  });
});

test('plain Deployments are called by their name', () => {
  expect(serveCell({ controller: NONE, router: REPLICAS, kind: AB_TEST }).problem('SERVING_ROLLOUT_NOT_ABLE').what).toMatch(/^Rollout\.abTest can't be done by Deployments without a rollout controller with the router 'replicas'/);
});

test('what can be done is no problem', () => {
  for (const [controller, router, kind] of [[ARGO, ISTIO, SHADOW], [ARGO, REPLICAS, CANARY], [FLAGGER, ISTIO, CANARY]] as const) expect(serveCell({ controller, router, kind }).codes).toEqual([]);
});

test('a service without such a rollout is none of its business', () => expect(serve({}, { rollouts: RolloutController.argo() }).codes).toEqual([]));

describe('gates', () => {
  const gated = (controller: typeof ARGO | typeof FLAGGER | typeof NONE, gates: Gate[], cluster = {}): ReturnType<typeof serveCell> =>
    serveCell({ controller, router: ISTIO, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates }) }, cluster);

  test('are refused where nothing judges, each of them', () => {
    const problems = gated(NONE, [Gate.errors({ maxPercent: 1 }), Gate.person()]).problems.filter((one) => one.code === 'SERVING_GATE_NOT_ABLE');
    expect(problems).toEqual([
      expect.objectContaining({ what: "the gate 'errors' can't be used without a rollout controller: without a controller nothing measures a release", got: '"errors"' }),
      expect.objectContaining({ what: expect.stringContaining("the gate 'person' can't be used without a rollout controller"), allowed: 'leave it out' }),
    ]);
  });

  test('of a person need the load tester with Flagger, and nothing with Argo Rollouts', () => {
    expect(gated(FLAGGER, [Gate.person()]).problem('SERVING_GATE_NOT_ABLE')).toMatchObject({ what: 'Gate.person with Flagger needs the gate of its load tester', fix: "give 'loadTesterUrl' to RolloutController.flagger" });
    expect(gated(FLAGGER, [Gate.person()], { rollouts: RolloutController.flagger({ router: ISTIO, loadTesterUrl: 'http://tester.flagger' }) }).codes).toEqual([]);
    expect(gated(ARGO, [Gate.person()]).codes).toEqual([]);
  });
});
