import { Duration } from 'cdk8s';
import { Gate, GateAction, Hold, InferenceServiceProps, Problem, Rollout, RolloutController, RolloutKind, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { ARGO, FLAGGER, serveCell } from '../../../support/release';

const { GATEWAY_API, ISTIO } = TrafficRouterKind;
const said = (rollout: Rollout, router = ISTIO, controller = FLAGGER): Problem[] => serveCell({ controller, router, kind: rollout.kind }, { rollout },
  controller === FLAGGER ? { rollouts: RolloutController.flagger({ router, loadTesterUrl: 'http://tester.flagger' }) } : {}).problems.filter((one) => one.code === 'SERVING_GATE_ACTION_NOT_ABLE');
const gated = (...gates: Gate[]): Rollout => Rollout.canary({ steps: [10, 50], gates });

test.each(['onFew', 'onNoData'])('a gate can not pause: %s', (when) => {
  expect(said(gated(Gate.errors({ maxPercent: 1, [when]: GateAction.PAUSE })))).toEqual([expect.objectContaining({ severity: 'error', path: 'ml/Iris', got: '"pause"', allowed: 'abort, proceed', what: expect.stringContaining(`the gate 'errors' pauses ${when === 'onNoData' ? 'without data' : 'on few requests'}`) })]);
});

test('a gate can abort or go on, and aborts when nothing is said', () => {
  for (const action of [GateAction.ABORT, GateAction.PROCEED]) expect(said(gated(Gate.errors({ maxPercent: 1, onFew: action, onNoData: action })))).toEqual([]);
  expect(said(gated(Gate.errors({ maxPercent: 1 })))).toEqual([]);
  expect(serveCell({ controller: FLAGGER, router: ISTIO, kind: gated().kind }, { rollout: gated(Gate.errors({ maxPercent: 1 })) }).plan.release!.gates[0]).toMatchObject({ onFew: GateAction.ABORT, onNoData: GateAction.ABORT });
});

test('a gate can not wait', () => {
  expect(said(gated(Gate.errors({ maxPercent: 1, maxWait: Duration.minutes(20) })))).toEqual([expect.objectContaining({ got: '"maxWait 1200 s"', what: expect.stringContaining('waits for requests') })]);
});

test('a person is asked before the promotion alone', () => {
  expect(said(gated(Gate.person({ at: [10] })))).toEqual([expect.objectContaining({ got: '[10]', allowed: 'the last step' })]);
  expect(said(gated(Gate.person({ at: [50] })))).toEqual([]);
  expect(said(gated(Gate.person()))).toEqual([]);
  expect(said(Rollout.blueGreen({ gates: [Gate.person()] }))).toEqual([]);
});

test('the Gateway API mirrors all requests, Istio any share', () => {
  expect(said(Rollout.shadow({ percent: 20 }), GATEWAY_API)).toEqual([expect.objectContaining({ got: '"20 %"', allowed: '100 %' })]);
  expect(said(Rollout.shadow({ percent: 20 }), ISTIO)).toEqual([]);
  expect(said(Rollout.shadow(), GATEWAY_API)).toEqual([]);
});

test('copies on trial are as many as of the stable version', () => {
  expect(said(Rollout.blueGreen({ previewReplicas: 1 }))).toEqual([expect.objectContaining({ got: '1' })]);
  expect(said(Rollout.shadow({ replicas: 2 }))).toEqual([expect.objectContaining({ got: '2' })]);
});

test('Argo Rollouts can all of this', () => {
  expect(said(gated(Gate.errors({ maxPercent: 1, onFew: GateAction.PAUSE, onNoData: GateAction.PAUSE, maxWait: Duration.minutes(20) }), Gate.person({ at: [10] })), ISTIO, ARGO)).toEqual([]);
  expect(said(Rollout.shadow({ percent: 20, replicas: 2 }), ISTIO, ARGO)).toEqual([]);
});

test('a blue-green release is judged before any client asks the new version, which is told', () => {
  const told = (...gates: Gate[]): string[] => serveCell({ controller: FLAGGER, router: ISTIO, kind: RolloutKind.BLUE_GREEN }, { rollout: Rollout.blueGreen({ gates }) }).codes;
  expect(told(Gate.errors({ maxPercent: 1 }))).toEqual(['SERVING_GATE_WITHOUT_TRAFFIC']);
  expect(told(Gate.errors({ maxPercent: 1, onFew: GateAction.PROCEED }))).toEqual([]);
  expect(serveCell({ controller: ARGO, router: ISTIO, kind: RolloutKind.BLUE_GREEN }).codes).toEqual([]);
});

describe("its primary, which serves, is Flagger's own", () => {
  const found = (props: Partial<InferenceServiceProps>): Problem[] => serveCell({ controller: FLAGGER, router: ISTIO, kind: RolloutKind.CANARY }, props).problems.filter((one) => one.code === 'SERVING_GATE_ACTION_NOT_ABLE');

  test('a hold would not hold it', () => {
    for (const hold of [Hold.frozen({ reason: 'audit', until: '2027-01-01' }), Hold.stopped({ reason: 'audit', until: '2027-01-01' })]) expect(found({ hold })).toEqual([expect.objectContaining({ got: `"Hold.${hold.kind}"`, what: expect.stringContaining("primary goes on") })]);
  });

  test("an autoscaler of the user's own would scale another", () => expect(found({ scaling: Scaling.external({ min: 2, max: 6 }) })).toEqual([expect.objectContaining({ got: '"Scaling.external"' })]));

  test('gates forgive together, and there is no rollback window', () => {
    expect(said(gated(Gate.errors({ maxPercent: 1 }), Gate.query({ name: 'mine', query: 'sum(x{$NEW})', max: 1, failureLimit: 5 })))).toEqual([expect.objectContaining({ got: '"failureLimit 0, 5"', allowed: 'one for all' })]);
    expect(said(Rollout.canary({ steps: [50], gates: [Gate.errors({ maxPercent: 1 })], rollbackWindow: 2 }))).toEqual([expect.objectContaining({ got: '2', allowed: "no 'rollbackWindow'" })]);
  });
});
