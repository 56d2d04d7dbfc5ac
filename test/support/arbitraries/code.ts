import fc, { type Arbitrary } from 'fast-check';

/**
 * A piece of a TypeScript program as text. What fast-check makes, shrinks and prints is then a program that anyone can run,
 * and a second run of it shares nothing with the first.
 */
export type Code = string;

/** How many sensible values there are for each that is anything at all, and how many that are strange at that place. */
const SENSIBLE = 1800;
const STRANGE = 4;

/** What a program without a type check can hand over anywhere. `cyclic` and `folders` are in the scope that programs run in. */
const ANYTHING: Code[] = [
  'null', 'NaN', 'Infinity', '-Infinity', '0', '-0', '-1', '1.5', '1e300', '5e-324', '10n', 'true', "''", "' '", "'\\u0000'", "'größe ☃'", "'x'.repeat(5000)", '[]', '[null]', '[[]]', '[undefined, 1]',
  '{}', '{ toString: 1 }', '{ constructor: 1 }', '{ name: 1 }', '{ colour: undefined }', '() => 1', "Symbol('x')", 'Object.create(null)', 'new Date(0)', 'new Map([[1, 2]])', '/x/', 'cyclic()', '[cyclic()]',
  'Size.gibibytes(NaN)', 'Size.kibibytes(0)', 'Size.tebibytes(1e15)', 'Duration.seconds(NaN)', 'Duration.seconds(0)', 'Duration.days(1e9)', 'Duration.millis(0.5)', 'Cpu.units(NaN)', 'Cpu.units(-1)',
  'Cpu.units(0)', 'Cpu.millis(0.25)', 'Model', 'Model.custom()', "EnvValue.fromValue('x')", 'Exposure.clusterInternal()', 'Accelerator.nvidiaAny()', 'Promise.resolve(1)', 'JSON.parse(\'{"__proto__": { "name": "x" } }\')',
];

/** Texts that look like names and are none, or hardly. */
export const STRANGE_TEXTS: Code[] = [
  "''", "' '", "'A'", "'Über'", "'a_b'", "'-a'", "'a-'", "'a..b'", "'a\\nb'", "'a\\u0000b'", "'1a'", "'../x'", "'/'", "'a'.repeat(64)", "'a'.repeat(254)", "'a b'", "'{name}'", "'$(HOME)'", "'\\ud800'", "'true'", "'null'", "'0x1f'", "'1e3'", "'~'",
  "'toString'", "'constructor'", "'__proto__'",
];
export const STRANGE_NUMBERS: Code[] = ['0', '-1', 'NaN', 'Infinity', '0.5', '2 ** 31', '1e21', '5e-324', "'3'"];
export const STRANGE_SIZES: Code[] = ['Size.gibibytes(NaN)', 'Size.kibibytes(0)', 'Size.kibibytes(0.3)', 'Size.tebibytes(100000)', 'Size.gibibytes(Infinity)', 'Size.kibibytes(1)', "'2Gi'", '2048'];
export const STRANGE_DURATIONS: Code[] = ['Duration.seconds(NaN)', 'Duration.seconds(0)', 'Duration.millis(1)', 'Duration.millis(1.5)', 'Duration.days(400)', 'Duration.seconds(Infinity)', "'30s'", '30'];

const anything = fc.constantFrom(...ANYTHING);

/** One of some pieces. */
export const oneOf = (...codes: Code[]): Arbitrary<Code> => fc.constantFrom(...codes);

/** Mostly the sensible; seldom one of the strange, or anything at all. */
export const mostly = (sensible: Arbitrary<Code>, strange: Code[] = []): Arbitrary<Code> => fc.oneof(
  { weight: SENSIBLE, arbitrary: sensible }, { weight: STRANGE, arbitrary: strange.length > 0 ? oneOf(...strange) : anything }, { weight: 1, arbitrary: anything },
);

export const among = (codes: Code[], strange: Code[] = []): Arbitrary<Code> => mostly(oneOf(...codes), strange);
export const text = (texts: string[], strange: Code[] = STRANGE_TEXTS): Arbitrary<Code> => mostly(oneOf(...texts.map((one) => JSON.stringify(one))), strange);
export const number = (min: number, max: number): Arbitrary<Code> => mostly(fc.integer({ min, max }).map(String), STRANGE_NUMBERS);
export const share = mostly(oneOf('0.1', '0.5', '0.85', '0.95', '1'), STRANGE_NUMBERS);
export const flag = mostly(oneOf('true', 'false'), ["'true'", '0']);
export const mebibytes = (min: number, max: number): Arbitrary<Code> => mostly(fc.integer({ min, max }).map((n) => `Size.mebibytes(${n})`), STRANGE_SIZES);
export const seconds = (min: number, max: number): Arbitrary<Code> => mostly(fc.integer({ min, max }).map((n) => `Duration.seconds(${n})`), STRANGE_DURATIONS);

/** A list; now and then with something strange in it. */
export const list = (item: Arbitrary<Code>, minLength = 0, maxLength = 3): Arbitrary<Code> => mostly(fc.array(item, { minLength, maxLength }).map((items) => `[${items.join(', ')}]`));

/** An object of names and values. */
export const map = (keys: Arbitrary<Code>, values: Arbitrary<Code>, maxLength = 3): Arbitrary<Code> => mostly(
  fc.uniqueArray(fc.tuple(keys.filter((key) => key.startsWith("'") || key.startsWith('"')), values), { maxLength, selector: ([key]) => key }).map((entries) => `{ ${entries.map(([key, value]) => `[${key}]: ${value}`).join(', ')} }`),
);

/** Whether a field of an object is there: always, as often as not, or seldom. */
export interface Field { readonly value: Arbitrary<Code>; readonly odds: number }
export const must = (value: Arbitrary<Code>): Field => ({ value, odds: 1 });
export const often = (value: Arbitrary<Code>): Field => ({ value, odds: 0.5 });
export const seldom = (value: Arbitrary<Code>): Field => ({ value, odds: 0.15 });

/** An object of props; seldom with a prop that does not exist, or anything in its place. */
export function object(fields: { [name: string]: Field }): Arbitrary<Code> {
  const there = Object.entries(fields).map(([name, { value, odds }]) => {
    const entry = value.map((code) => `${name}: ${code}`);
    if (odds === 1) return mostly(entry, ['']);
    return fc.oneof({ weight: Math.round(100 - 100 * odds), arbitrary: fc.constant('') }, { weight: Math.round(100 * odds), arbitrary: entry });
  });
  const strange = fc.oneof({ weight: SENSIBLE, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oneOf('colour: 1', 'nmae: 2', "['']: 1", "['a b']: 1", 'toString: 1', "[Symbol('x')]: 1") });
  return fc.tuple(...there, strange).map((entries) => {
    const present = entries.filter((entry) => entry !== '' && !ANYTHING.includes(entry));
    return present.length === 0 ? '{}' : `{ ${present.join(', ')} }`;
  });
}

/** A call: `Model.sklearn(…)`. Empty arguments are left out. */
export function call(name: Code, ...args: Arbitrary<Code>[]): Arbitrary<Code> {
  return fc.tuple(...args).map((given) => `${name}(${given.filter((one) => one !== '').join(', ')})`);
}

/** An argument that may be left out. */
export const optional = (value: Arbitrary<Code>): Arbitrary<Code> => fc.oneof(fc.constant(''), value);
