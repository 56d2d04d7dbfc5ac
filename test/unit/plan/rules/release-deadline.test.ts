import { Duration } from 'cdk8s';
import { Gate, Rollout, RolloutController } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

const release = (progressDeadline?: Duration): Served => serve({ model: iris({ loadTime: Duration.seconds(400) }), rollout: Rollout.blueGreen({ gates: [Gate.person()], progressDeadline }) }, { rollouts: RolloutController.argo() });
const start = ((): number => { const { timing } = release().plan; return timing.download + timing.load; })();

test('a deadline below a start is refused, with what a start takes', () => {
  expect(release(Duration.seconds(start)).problem('SERVING_DEADLINE_BELOW_LOAD')).toMatchObject({
    severity: 'error', path: 'ml/Iris', what: `the release is taken back after ${start} s without progress, and a copy starts for about ${start} s`, got: String(start), allowed: expect.stringMatching(new RegExp(`^more than ${start} s; \\d+ s are planned$`)), fix: "leave 'progressDeadline' out",
  });
  expect(start).toBeGreaterThan(400);
});

test('a second more is taken, and is what comes out', () => {
  const served = release(Duration.seconds(start + 1));
  expect(served.codes).toEqual([]);
  expect(served.one('Rollout').spec.progressDeadlineSeconds).toBe(start + 1);
});

test('what is planned is always enough', () => {
  expect(release().codes).toEqual([]);
  expect(release().one('Rollout').spec.progressDeadlineSeconds).toBeGreaterThan(start);
});
