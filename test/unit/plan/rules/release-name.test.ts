import { Gate, Rollout, RolloutController } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const rollouts = RolloutController.argo();
const rollout = Rollout.blueGreen({ gates: [Gate.person()] });

test('a name leaves room for what a release adds', () => {
  expect(serve({ name: 'x'.repeat(41), rollout }, { rollouts }).problem('SERVING_RELEASE_NAME')).toMatchObject({ severity: 'error', path: 'ml/Iris', got: `"${'x'.repeat(41)}"`, allowed: 'at most 40 characters', fix: "give a shorter 'name'" });
  expect(serve({ name: 'x'.repeat(40), rollout }, { rollouts }).codes).toEqual([]);
});

test('without a release it may be longer', () => expect(serve({ name: 'x'.repeat(41) }, { rollouts }).codes).toEqual([]));
