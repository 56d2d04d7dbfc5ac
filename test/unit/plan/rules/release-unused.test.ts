import { Duration } from 'cdk8s';
import { Candidate, Rollout, TrafficRouterKind } from 'cdk8s-serving';
import { ARGO, NONE, serveCell } from '../../../support/release';
import { iris } from '../../../support/serving';

const { GATEWAY_API, ISTIO } = TrafficRouterKind;
const candidate = Candidate.of({ model: iris({ version: 'v2' }) });
const duration = Duration.minutes(7);

test.each([
  ['stepDuration', Rollout.canary({ steps: [25], stepDuration: duration })], ['keepOld', Rollout.blueGreen({ keepOld: duration })], ['duration', Rollout.shadow({ duration })],
  ['progressDeadline', Rollout.canary({ steps: [25], progressDeadline: Duration.hours(1) })], ['rollbackWindow', Rollout.canary({ steps: [25], rollbackWindow: 2 })],
])("'%s' has no effect without a controller, which is told", (prop, rollout) => {
  expect(serveCell({ controller: NONE, router: GATEWAY_API, kind: rollout.kind }, { rollout, candidate }).problem('SERVING_ROLLOUT_PROP_UNUSED')).toMatchObject({ severity: 'error', got: `"${prop}"`, fix: expect.stringContaining(`leave '${prop}' out`) });
});

test('with one it has', () => {
  const rollout = Rollout.canary({ steps: [25], stepDuration: duration, rollbackWindow: 2 });
  expect(serveCell({ controller: ARGO, router: ISTIO, kind: rollout.kind }, { rollout }).codes).not.toContain('SERVING_ROLLOUT_PROP_UNUSED');
});
