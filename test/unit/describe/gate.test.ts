import { Duration } from 'cdk8s';
import { ComparedMeasure, Gate, GateAction, GateKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const query = (props: object): Gate => Gate.query({ name: 'nulls', query: 'sum(nulls{$NEW})', max: 1, ...props });

test('each kind of gate is made by its factory, with a name of its own', () => {
  const gates = [Gate.errors({ maxPercent: 0 }), Gate.latency({ p: 95, below: Duration.seconds(1) }), Gate.comparison({ of: ComparedMeasure.ERRORS }), Gate.comparison({ of: ComparedMeasure.LATENCY }), query({}), Gate.person()];
  expect(gates.map((gate) => [gate.kind, gate.name, gate.measured, codes(gate)])).toEqual([
    [GateKind.ERRORS, 'errors', true, []], [GateKind.LATENCY, 'latency', true, []], [GateKind.COMPARISON, 'errors-compared', true, []], [GateKind.COMPARISON, 'latency-compared', true, []], [GateKind.QUERY, 'nulls', true, []],
    [GateKind.PERSON, 'person', false, []],
  ]);
});

test.each([[100], [-1], [NaN], ['5'], [undefined]])('%p percent of errors can not be exceeded, or are none', (maxPercent) => expect(codes(Gate.errors({ maxPercent: maxPercent as number }))).toHaveLength(1));
test.each([[0], [100], ['95']])('a percentile %p is none', (p) => expect(codes(Gate.latency({ p: p as number, below: Duration.seconds(1) }))).toHaveLength(1));
test.each([[0.5], [0]])('a new version must be allowed to be as good as the stable one: %p', (maxRatio) => expect(codes(Gate.comparison({ of: ComparedMeasure.ERRORS, maxRatio }))).toHaveLength(1));

test('a query selects the new version', () => {
  expect(query({ query: 'sum(nulls_total)' })._findings).toEqual([expect.objectContaining({ code: 'SERVING_GATE_SELECTS_BOTH', severity: 'error', got: '"sum(nulls_total)"', fix: expect.stringContaining('my_metric{$NEW}') })]);
  expect(codes(query({ query: 'sum(a{$NEW}) / sum(a{$STABLE})' }))).toEqual([]);
});

test('a query has one bound', () => {
  expect(query({ max: undefined })._findings).toEqual([expect.objectContaining({ code: 'SERVING_GATE_BOUND', got: '"neither"' })]);
  expect(query({ max: 2, min: 1 })._findings).toEqual([expect.objectContaining({ code: 'SERVING_GATE_BOUND', got: '"max 2, min 1"' })]);
  expect([codes(query({ max: undefined, min: 0 })), codes(query({ max: -1 }))]).toEqual([[], []]);
});

test.each(['Nulls', 'a b', '', '-a', 'a-', 'x'.repeat(21), '1a'])('%p is no name of a query', (name) => expect(codes(query({ name }))).toHaveLength(1));
test.each(['a', 'a-b1', 'x'.repeat(20)])('%p is one', (name) => expect(codes(query({ name }))).toEqual([]));

test.each([
  { minRequests: 0 }, { minRequests: 1.5 }, { maxWait: Duration.millis(1) }, { onFew: 'wait' }, { onNoData: null }, { window: 300 }, { failureLimit: -1 }, { failureLimit: NaN }, { colour: 1 },
])('%j is refused', (props) => expect(codes(Gate.errors({ maxPercent: 1, ...props } as never))).toHaveLength(1));

test('each action can be said', () => {
  for (const action of Object.values(GateAction)) expect(codes(Gate.errors({ maxPercent: 1, onFew: action, onNoData: action }))).toEqual([]);
});

test.each([[[]], [[0]], [[100]], [['50']]])('a person is not asked at %j', (at) => expect(codes(Gate.person({ at: at as number[] }))).toHaveLength(1));
