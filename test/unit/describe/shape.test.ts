import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { checkShape, is } from '../../../lib/describe/checks/shape';
import { Scaling } from '../../../lib/describe/scaling';

interface Props { readonly replicas: number; readonly name?: string; readonly enabled?: boolean }
const SHAPE = { replicas: is.required(is.integer(1, 10)), name: is.text('a word', /^\w+$/), enabled: is.flag };

function check(given: unknown): ReturnType<typeof checkShape<Props>> {
  return checkShape<Props>('Thing', SHAPE, given as Props);
}

const only = (one: ReturnType<typeof is.required>, value: unknown): string[] => checkShape<{ it?: unknown }>('Thing', { it: one }, { it: value }).findings.map(({ code }) => code);

test('props of the right types are handed on as they are', () => {
  expect(check({ replicas: 2, name: 'a', enabled: false })).toEqual({ props: { replicas: 2, name: 'a', enabled: false }, findings: [] });
});

test('a misspelt prop is told with the prop that was meant', () => {
  const { findings, props } = check({ replicas: 2, enabeld: true });
  expect(findings).toEqual([expect.objectContaining({ code: 'SERVING_UNKNOWN_PROP', severity: 'error', what: "Thing has no prop 'enabeld'", fix: "did you mean 'enabled'?" })]);
  expect(props).toEqual({ replicas: 2 });
});

test('an unknown prop that is like no other is to be left out', () => {
  expect(check({ replicas: 2, colour: 'red' }).findings[0]!.fix).toBe('leave it out');
});

test('a missing prop is told, null is no value of any type', () => {
  expect(check({}).findings).toEqual([expect.objectContaining({ code: 'SERVING_MISSING_PROP', what: "Thing needs 'replicas'" })]);
  expect(check({ replicas: null }).findings).toEqual([expect.objectContaining({ code: 'SERVING_WRONG_TYPE', got: 'null', what: "Thing: 'replicas' is of another type" })]);
});

test.each([null, 5, 'text', [], true])('props that are %p are no object of props', (given) => {
  const codes = check(given).findings.map(({ code }) => code);
  expect(codes).toEqual(['SERVING_WRONG_TYPE', 'SERVING_MISSING_PROP']);
});

test('what is wrong is left out of what is handed on', () => {
  expect(check({ replicas: '3', name: 'good' }).props).toEqual({ name: 'good' });
});

test.each([[NaN], [Infinity], [-1], [0], [2.5], [11]])('%p is not a whole number from 1 to 10', (replicas) => {
  expect(check({ replicas }).findings).toEqual([expect.objectContaining({ code: 'SERVING_NUMBER_OUT_OF_RANGE', got: String(replicas), allowed: 'a whole number from 1 to 10', fix: 'give a whole number from 1 to 10' })]);
});

test('the ends of a range belong to it', () => {
  expect([1, 10].flatMap((replicas) => check({ replicas }).findings)).toEqual([]);
});

test('a text of the wrong form says which form is right', () => {
  expect(check({ replicas: 1, name: 'two words' }).findings).toEqual([expect.objectContaining({ code: 'SERVING_TEXT_NOT_ALLOWED', got: '"two words"', allowed: 'a word' })]);
  expect(only(is.text(), '')).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(only(is.text('short', undefined, { max: 3 }), 'four')).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('a Size is finite and at least one byte', () => {
  expect(only(is.size, Size.mebibytes(1))).toEqual([]);
  expect(only(is.size, Size.mebibytes(0))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(only(is.size, Size.mebibytes(NaN))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(only(is.size, '1Gi')).toEqual(['SERVING_WRONG_TYPE']);
  expect(only(is.size, Duration.seconds(1))).toEqual(['SERVING_WRONG_TYPE']);
});

test('a Duration is within its bounds', () => {
  expect(only(is.duration(1, 60), Duration.seconds(60))).toEqual([]);
  for (const wrong of [Duration.seconds(0), Duration.seconds(61), Duration.seconds(NaN)]) expect(only(is.duration(1, 60), wrong)).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(only(is.duration(1, 60), 30)).toEqual(['SERVING_WRONG_TYPE']);
});

test('a Cpu of cdk8s-plus is positive', () => {
  expect([Cpu.units(0.5), Cpu.millis(250)].flatMap((cpu) => only(is.cpu, cpu))).toEqual([]);
  for (const wrong of [Cpu.units(NaN), Cpu.units(0), Cpu.millis(-5)]) expect(only(is.cpu, wrong)).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(only(is.cpu, '500m')).toEqual(['SERVING_WRONG_TYPE']);
});

test('an instance is of its class, and what it carries is handed on', () => {
  expect(only(is.instance(Scaling, 'Scaling.fixed(2)'), Scaling.fixed(2))).toEqual([]);
  expect(only(is.instance(Scaling), Scaling.fixed(0))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  const { findings } = checkShape<{ it?: unknown }>('Thing', { it: is.instance(Scaling, 'Scaling.fixed(2)') }, { it: { min: 1, max: 1 } });
  expect(findings).toEqual([expect.objectContaining({ code: 'SERVING_WRONG_TYPE', allowed: 'a Scaling, such as Scaling.fixed(2)' })]);
});

test('lists and maps say which of their elements is wrong', () => {
  const told = (one: ReturnType<typeof is.required>, value: unknown): string | undefined => checkShape<{ it?: unknown }>('Thing', { it: one }, { it: value }).findings[0]?.allowed;
  expect(told(is.list(is.text('a word', /^\w+$/)), ['a', 'b c'])).toBe('at [1]: a word');
  expect(told(is.list(is.text(), { min: 2 }), ['a'])).toBe('a list of at least 2');
  expect(told(is.list(is.text()), 'a')).toBe('a list');
  expect(told(is.map(is.integer(1)), { a: 1, b: 0 })).toBe('"b": a whole number of at least 1');
  expect(told(is.map(is.text(), { pattern: /^[A-Z]+$/, allowed: 'a NAME' }), { lower: 'x' })).toBe('a NAME, not "lower"');
  expect(told(is.map(is.text()), { A: 'x' })).toBeUndefined();
});

test('plain JSON holds no functions, classes, NaN or undefined', () => {
  expect(only(is.json, { a: [1, 'b', null, { c: true }] })).toEqual([]);
  for (const wrong of [{ a: () => 1 }, { a: NaN }, { a: new Date() }, { a: undefined }, 'text']) expect(only(is.json, wrong)).toEqual(['SERVING_WRONG_TYPE']);
});

test('data that holds itself is no JSON, and is told like any other', () => {
  const cycle: any = { a: {} };
  cycle.a.b = cycle;
  expect(only(is.json, cycle)).toEqual(['SERVING_WRONG_TYPE']);
});
