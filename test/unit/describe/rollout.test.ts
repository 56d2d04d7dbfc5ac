import { Duration } from 'cdk8s';
import { Audience, ComparedMeasure, Gate, Rollout, RolloutKind } from 'cdk8s-serving';
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

describe('a release', () => {
  const { canary, blueGreen, shadow } = { canary: Rollout.canary, blueGreen: Rollout.blueGreen, shadow: Rollout.shadow };

  test('is progressive, and what goes copy by copy is not', () => {
    const tried = [canary({ steps: [10] }), blueGreen(), shadow(), Rollout.abTest({ audience: Audience.header('x-model', 'v2') })];
    expect(tried.map((one) => [one.kind, one.progressive, one._findings])).toEqual([RolloutKind.CANARY, RolloutKind.BLUE_GREEN, RolloutKind.SHADOW, RolloutKind.AB_TEST].map((kind) => [kind, true, []]));
    expect([Rollout.automatic(), Rollout.rolling(), Rollout.recreate()].map((one) => one.progressive)).toEqual([false, false, false]);
  });

  test.each([[[50, 25]], [[10, 10]], [[10, 50, 20]]])('steps %j do not rise', (steps) => {
    expect(canary({ steps })._findings).toEqual([expect.objectContaining({ code: 'SERVING_CANARY_STEPS', severity: 'error', got: `[${steps.join(', ')}]` })]);
  });

  test.each([[[]], [[0, 50]], [[50, 100]], [[12.5]], [['10']], [undefined]])('steps %j are none', (steps) => expect(codes(canary({ steps: steps as number[] }))).not.toEqual([]));

  test.each([[[1]], [[99]], [[1, 2, 99]]])('steps %j are some', (steps) => expect(codes(canary({ steps }))).toEqual([]));

  test('has each kind of gate once, and queries by their names', () => {
    const query = (name: string): Gate => Gate.query({ name, query: 'sum(up{$NEW})', min: 1 });
    expect(blueGreen({ gates: [Gate.errors({ maxPercent: 1 }), Gate.errors({ maxPercent: 2 })] })._findings).toEqual([expect.objectContaining({ code: 'SERVING_GATE_TWICE', what: "two gates are called 'errors'", got: '"errors"' })]);
    expect(codes(canary({ steps: [10], gates: [query('a'), query('a'), query('a'), query('errors'), Gate.errors({ maxPercent: 1 })] }))).toEqual(['SERVING_GATE_TWICE', 'SERVING_GATE_TWICE']);
    expect(codes(shadow({ gates: [query('a'), query('b'), Gate.errors({ maxPercent: 1 }), Gate.person()] }))).toEqual([]);
    expect(codes(shadow({ gates: [Gate.comparison({ of: ComparedMeasure.ERRORS }), Gate.comparison({ of: ComparedMeasure.LATENCY })] }))).toEqual([]);
  });

  test('an A/B test has an audience', () => expect(codes(Rollout.abTest({} as never))).toHaveLength(1));

  test.each([[{ keepOld: Duration.seconds(29) }], [{ previewReplicas: 0 }], [{ rollbackWindow: -1 }], [{ gates: ['errors'] }], [{ previewHosts: [] }], [{ previewHosts: ['a b'] }], [{ takeOverDeployment: 'yes' }], [{ steps: [1] }]])('%j is no prop of blue-green', (props) => {
    expect(codes(blueGreen(props as never))).toHaveLength(1);
  });
});
