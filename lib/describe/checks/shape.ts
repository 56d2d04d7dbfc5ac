import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import { Finding, nearest, ProblemKind, show } from '../problem';
import { own } from './own';
import { holdsSecret } from './secrets';

const UNKNOWN_PROP = ProblemKind.error('SERVING_UNKNOWN_PROP', 'A prop that does not exist',
  'Programs that are run without a type check (ts-node with a transpiler, plain JavaScript) would otherwise lose a misspelt prop in silence.');
const MISSING_PROP = ProblemKind.error('SERVING_MISSING_PROP', 'A required prop is missing', 'There is no default that could be right.');
const WRONG_TYPE = ProblemKind.error('SERVING_WRONG_TYPE', 'A prop has a value of another type',
  'Seen where a program runs without a type check, or hands on unchecked JSON.');
const OUT_OF_RANGE = ProblemKind.error('SERVING_NUMBER_OUT_OF_RANGE', 'A number is outside of what makes sense',
  'NaN, infinite, fractional, zero or negative numbers would be refused by the API server late, or be taken and mean nothing.');
const BAD_TEXT = ProblemKind.error('SERVING_TEXT_NOT_ALLOWED', 'A text is not of the form that Kubernetes takes',
  'Names, labels and host names have fixed forms; the API server would refuse the object.');

/** Props whose values are not shown: somebody may have written the secret itself where a reference belongs. */
const SENSITIVE = /credential|secret|token|password|^env$|^environment$|^keys$/i;

/** Words that others use for our props. */
const MEANT: { readonly [word: string]: string } = {
  replicas: 'scaling', minReplicas: 'scaling', maxReplicas: 'scaling', autoscaling: 'scaling', gpu: 'accelerator', gpus: 'accelerator', image: 'server', timeout: 'requestTimeout',
  resources: 'cpu', environment: 'env', host: 'exposure', ingress: 'exposure', gateway: 'exposure', strategy: 'rollout', canary: 'rollout', team: 'owner', uri: 'source', storageUri: 'source', capacity: 'count', size: 'count',
};

/** What a check says of a value: nothing when it is right. */
type Complaint = { kind: ProblemKind; allowed: string; fix?: string; secret?: boolean } | undefined;

/** Checks one prop's value. `nested` gives what the value itself carries. */
export interface Check {
  readonly required?: boolean;
  complain(value: unknown): Complaint;
  nested?(value: unknown): Finding[];
}

/** A check for each prop: the compiler sees that none is forgotten. */
export type Shape<T> = { readonly [K in keyof Required<T>]: Check };

/**
 * Checks props against their shape.
 *
 * What is wrong is told and left out of `props`, so that whoever reads them further on meets only values of the declared types.
 */
export function checkShape<T extends object>(owner: string, shape: Shape<T>, given: T | undefined): { props: Partial<T>; findings: Finding[] } {
  const findings: Finding[] = [];
  const props: Partial<T> = {};
  const keys = Object.keys(shape);
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    findings.push(WRONG_TYPE.found({ what: `${owner} takes an object of props`, got: given, allowed: `{ ${keys.join(', ')} }`, fix: 'pass the props as one object' }));
    given = undefined;
  }
  const source: Record<string, unknown> = { ...given } as Record<string, unknown>;
  for (const key of Object.keys(source)) {
    if (Object.hasOwn(shape, key)) continue;
    const meant = keys.includes(own(MEANT, key) ?? '') ? own(MEANT, key) : nearest(key, keys);
    findings.push(UNKNOWN_PROP.found({
      what: `${owner} has no prop '${key}'`, ...(meant ? { fix: `did you mean '${meant}'?` } : { allowed: keys.join(', '), fix: 'leave it out' }),
    }));
  }
  for (const key of keys) {
    const check = shape[key as keyof T];
    const value = source[key];
    if (value === undefined) {
      if (check.required) findings.push(MISSING_PROP.found({ what: `${owner} needs '${key}'`, fix: `give '${key}'` }));
      continue;
    }
    const complaint = check.complain(value);
    if (complaint) {
      findings.push(complaint.kind.found({
        what: `${owner}: '${key}' is ${complaint.kind === WRONG_TYPE ? 'of another type' : 'not allowed'}`,
        ...(complaint.secret || SENSITIVE.test(key) || holdsSecret(show(value)) ? {} : { got: value }), allowed: complaint.allowed, fix: complaint.fix ?? `give ${complaint.allowed}`,
      }));
      continue;
    }
    findings.push(...(check.nested?.(value) ?? []));
    (props as Record<string, unknown>)[key] = value;
  }
  return { props, findings };
}

/** A value that carries its own findings. */
interface Carrier { readonly _findings: readonly Finding[] }

function carried(value: unknown): Finding[] {
  const findings = (value as Carrier | undefined)?._findings;
  return findings === undefined ? [] : [...findings];
}

const wrongType = (allowed: string): Complaint => ({ kind: WRONG_TYPE, allowed });
const outOfRange = (allowed: string): Complaint => ({ kind: OUT_OF_RANGE, allowed });

/** The checks that shapes are made of. */
export const is = {
  required: (check: Check): Check => ({ ...check, required: true }),

  text: (allowed = 'a text', pattern?: RegExp, options: { max?: number; fix?: string } = {}): Check => ({
    complain: (value) => {
      if (typeof value !== 'string') return wrongType(allowed);
      if (value.length === 0 || (pattern && !pattern.test(value)) || value.length > (options.max ?? Infinity)) return { kind: BAD_TEXT, allowed, fix: options.fix };
      return undefined;
    },
  }),

  flag: { complain: (value) => (typeof value === 'boolean' ? undefined : wrongType('true or false')) } as Check,

  integer: (min: number, max = 2 ** 31 - 1): Check => number(min, max, true),
  number: (min: number, max = Number.MAX_SAFE_INTEGER): Check => number(min, max, false),

  /** Percents, which others give as shares of one. */
  percent: (min: number, max = 100): Check => ({
    complain: (value) => {
      const complaint = number(min, max, false).complain(value);
      const meant = typeof value === 'number' && value > 0 && value < 1 ? Number((value * 100).toPrecision(10)) : NaN;
      return complaint !== undefined && meant >= min && meant <= max ? { ...complaint, fix: `give percents: ${meant}` } : complaint;
    },
  }),

  size: {
    complain: (value) => {
      if (!has(value, 'toKibibytes')) return wrongType('a Size of cdk8s, such as Size.gibibytes(2)');
      const bytes = bytesOf(value as Size);
      return Number.isFinite(bytes) && bytes >= 1 && bytes <= 2 ** 46 ? undefined : outOfRange('a Size of one byte to 64 TiB');
    },
  } as Check,

  /** A duration, of at least `min` and at most `max` seconds. */
  duration: (min: number, max = 30 * 86400): Check => ({
    complain: (value) => {
      if (!has(value, 'toMilliseconds')) return wrongType('a Duration of cdk8s, such as Duration.seconds(30)');
      const seconds = secondsOf(value as Duration);
      return Number.isFinite(seconds) && seconds >= min && seconds <= max ? undefined : outOfRange(`a Duration of ${min} to ${max} seconds`);
    },
  }),

  /** An instance of a class; what such a value carries is handed on. */
  instance: (type: { readonly name: string; readonly prototype: unknown }, example?: string): Check => ({
    complain: (value) => (Object.prototype.isPrototypeOf.call(type.prototype as object, value as object) ? undefined : wrongType(`a ${type.name}${example ? `, such as ${example}` : ''}`)),
    nested: carried,
  }),

  /** Something that has these members: an interface, or a class of which an app may hold two copies. */
  like: (name: string, ...members: string[]): Check => ({
    complain: (value) => (members.every((member) => has(value, member)) ? undefined : wrongType(name)),
    nested: carried,
  }),

  oneOf: (values: readonly string[]): Check => ({
    complain: (value) => (values.includes(value as string) ? undefined : wrongType(`one of ${values.join(', ')}`)),
  }),

  list: (item: Check, options: { min?: number } = {}): Check => ({
    complain: (value) => {
      if (!Array.isArray(value)) return wrongType('a list');
      if (value.length < (options.min ?? 0)) return { kind: OUT_OF_RANGE, allowed: `a list of at least ${options.min}` };
      for (const [i, element] of value.entries()) {
        const complaint = item.complain(element);
        if (complaint) return { ...complaint, allowed: `at [${i}]: ${complaint.allowed}` };
      }
      return undefined;
    },
    nested: (value) => (value as unknown[]).flatMap((element) => item.nested?.(element) ?? []),
  }),

  map: (item: Check, key?: { pattern: RegExp; allowed: string }, min = 0): Check => ({
    complain: (value) => {
      if (!isPlain(value)) return wrongType('an object of names and values');
      if (Object.keys(value).length < min) return outOfRange(`at least ${min} name and value`);
      for (const [name, element] of Object.entries(value)) {
        if (key && !key.pattern.test(name)) return { kind: BAD_TEXT, allowed: `${key.allowed}, not ${show(name)}` };
        const complaint = item.complain(element);
        if (complaint) return { ...complaint, allowed: `${show(name)}: ${complaint.allowed}` };
      }
      return undefined;
    },
    nested: (value) => Object.values(value as object).flatMap((element) => item.nested?.(element) ?? []),
  }),

  /** Plain JSON data: nothing that would be lost or break when it is written. */
  json: {
    complain: (value) => (typeof value === 'object' && value !== null && plain(value, 0) ? undefined : wrongType('plain JSON data (objects, lists, texts, finite numbers, booleans)')),
  } as Check,

  /** A Cpu of cdk8s-plus, which takes any number without a look. */
  cpu: {
    complain: (value) => {
      if (!has(value, 'amount')) return wrongType("a Cpu of cdk8s-plus, such as Cpu.units(2)");
      const { amount } = value as Cpu;
      return typeof amount === 'string' && /^(0\.\d+|[1-9]\d*(\.\d+)?)m?$/.test(amount) ? undefined : outOfRange('a positive Cpu');
    },
  } as Check,

  /** An EnvValue of cdk8s-plus: a text, or a reference. */
  envValue: {
    complain: (value) => {
      const { value: text, valueFrom } = (typeof value === 'object' && value !== null ? value : {}) as { value?: unknown; valueFrom?: unknown };
      const references = typeof valueFrom === 'object' && valueFrom !== null ? Object.entries(valueFrom).filter(([, one]) => one !== undefined) : [];
      const reference = references.length === 1 && refers(...references[0]!);
      return (typeof text === 'string' && valueFrom === undefined) || (text === undefined && reference) ? undefined
        : { kind: WRONG_TYPE, allowed: "an EnvValue of cdk8s-plus, such as EnvValue.fromValue('x')", secret: true };
    },
  } as Check,

  anything: { complain: () => undefined } as Check,
};

/** What each reference of a variable must name. Source: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#envvarsource-v1-core */
const REFERENCE: { readonly [kind: string]: readonly string[] } = { secretKeyRef: ['name', 'key'], configMapKeyRef: ['name', 'key'], fieldRef: ['fieldPath'], resourceFieldRef: ['resource'] };

function refers(kind: string, to: unknown): boolean {
  const needed = own(REFERENCE, kind) ?? ['key'];
  return needed.every((field) => typeof (to as { [field: string]: unknown } | null)?.[field] === 'string');
}

function number(min: number, max: number, integer: boolean): Check {
  const allowed = `${integer ? 'a whole number' : 'a number'} ${max >= 2 ** 31 - 1 ? `of at least ${min}` : `from ${min} to ${max}`}`;
  return {
    complain: (value) => {
      if (typeof value !== 'number') return wrongType(allowed);
      const fits = Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value));
      return fits ? undefined : outOfRange(allowed);
    },
  };
}

/** Whether a value has a member. Not instanceof: an app may hold two copies of cdk8s. */
function has(value: unknown, member: string): boolean {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[member] !== undefined;
}

/** An object literal: no list, no instance of a class, no Map. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === null || Object.getPrototypeOf(proto) === null; // not Object.prototype: an object may come from another realm
}

function plain(value: unknown, depth: number): boolean {
  if (depth > 64) return false; // deeper than any manifest: most likely a cycle
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((item) => plain(item, depth + 1));
  if (typeof value !== 'object') return false;
  return isPlain(value) && Object.values(value).every((item) => plain(item, depth + 1));
}

/** Bytes of a Size. */
export function bytesOf(size: Size): number {
  return size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024;
}

/** Seconds of a Duration, with fractions. */
export function secondsOf(duration: Duration): number {
  return duration.toMilliseconds({ integral: false }) / 1000;
}
