import { Audience, Gate, Rollout } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const at = (...percents: number[]): Gate[] => [Gate.person({ at: percents })];

test('a person is asked at steps of the canary, and at no other share', () => {
  expect(codes(Rollout.canary({ steps: [10, 50], gates: at(10, 50) }))).toEqual([]);
  expect(codes(Rollout.canary({ steps: [10, 50], gates: [Gate.person()] }))).toEqual([]);
  expect(Rollout.canary({ steps: [10, 50], gates: at(10, 30) })._findings).toEqual([expect.objectContaining({
    code: 'SERVING_PERSON_STEP', what: 'Rollout.canary: Gate.person is asked at 30 %, which is no step of the release', allowed: '10, 50',
  })]);
});

test.each([
  ['blue-green', (gates: Gate[]) => Rollout.blueGreen({ gates })], ['a shadow', (gates: Gate[]) => Rollout.shadow({ gates })],
  ['an A/B test', (gates: Gate[]) => Rollout.abTest({ audience: Audience.header('x', 'y'), gates })],
])('%s has no steps to be asked at', (_, rollout) => {
  expect(codes(rollout(at(50)))).toEqual(['SERVING_PERSON_STEP']);
  expect(codes(rollout([Gate.person()]))).toEqual([]);
});

test('steps that are wrong are told, and nothing of the person', () => expect(codes(Rollout.canary({ steps: [0.5], gates: at(50) }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']));
