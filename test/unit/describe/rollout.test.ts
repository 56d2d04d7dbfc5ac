import { Rollout, RolloutKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('each kind of rollout is made by its factory', () => {
  expect([Rollout.automatic(), Rollout.rolling(), Rollout.recreate()].map((one) => one.kind)).toEqual([RolloutKind.AUTOMATIC, RolloutKind.ROLLING, RolloutKind.RECREATE]);
});

test('what a rolling update may add or miss stays open unless it is said', () => {
  expect(Rollout.rolling()).toMatchObject({ _values: {}, _findings: [] });
  expect(Rollout.rolling({ maxSurge: 0, maxUnavailable: 2 })).toMatchObject({ _values: { maxSurge: 0, maxUnavailable: 2 }, _findings: [] });
});

test.each([[-1], [0.5], [NaN], ['25%'], [1001]])('%p copies more or less are refused', (value) => {
  expect(codes(Rollout.rolling({ maxSurge: value as number }))).toHaveLength(1);
  expect(codes(Rollout.rolling({ maxUnavailable: value as number }))).toHaveLength(1);
});
