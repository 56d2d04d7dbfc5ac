import { existsSync, readFileSync, statSync } from 'fs';
import { Finding, ProblemKind, show } from '../problem';

const FILE = ProblemKind.error('SERVING_GOLDEN_FILE', 'A file of golden requests that can not be used', 'The gate would judge by nothing, or by something else than what was meant.');

/** Most bytes of the file: it travels in a ConfigMap, whose limit of 1 MiB it shares with the program that sends it. */
const MOST_BYTES = 900_000;

/** One request with its known answer, as the program in the Job reads it. */
export interface GoldenRequest {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
  readonly expect: { readonly status?: number; readonly body?: unknown; readonly tolerance?: number };
}

const KEYS = ['name', 'method', 'path', 'headers', 'body', 'expect'];
const EXPECT_KEYS = ['status', 'body', 'tolerance'];

/** Requests with known answers, read from a file as the service is made. */
export class GoldenRequests {
  /** Reads a file: a JSON list, or a JSON object a line. Never throws: what is wrong is told. */
  public static read(path: string): GoldenRequests {
    if (typeof path !== 'string' || !existsSync(path) || !statSync(path).isFile()) return failed('it does not exist', path);
    if (statSync(path).size > MOST_BYTES) return failed(`it has ${statSync(path).size} bytes, and a ConfigMap holds ${MOST_BYTES}`, path);
    const entries = parse(readFileSync(path, 'utf8'));
    if (typeof entries === 'string') return failed(entries, path);
    if (entries.length === 0) return failed('it holds no request', path);
    const findings = entries.flatMap((entry, i) => check(entry).map((why) => FILE.found({ what: `the golden request ${i + 1} of '${path}' ${why}`, got: entry, allowed: '{ name, method, path, headers, body, expect: { status, body, tolerance } }', fix: 'correct the entry' })));
    return new GoldenRequests(findings.length > 0 ? [] : entries as GoldenRequest[], findings);
  }

  private constructor(public readonly requests: readonly GoldenRequest[], public readonly findings: readonly Finding[]) {}

  /** @internal */
  public static _failed(finding: Finding): GoldenRequests {
    return new GoldenRequests([], [finding]);
  }
}

function failed(why: string, path: unknown): GoldenRequests {
  return GoldenRequests._failed(FILE.found({ what: `the file of golden requests can not be used: ${why}`, got: path, allowed: 'a JSON list, or a JSON object a line', fix: 'give the path of such a file, from where the program is run' }));
}

function parse(text: string): unknown[] | string {
  const read = (json: string): unknown => JSON.parse(json) as unknown;
  try {
    if (text.trimStart().startsWith('[')) return read(text) as unknown[];
  } catch (error) {
    return `it is no JSON (${(error as Error).message})`;
  }
  const entries: unknown[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      entries.push(read(line));
    } catch (error) {
      return `its line ${i + 1} is no JSON (${(error as Error).message})`;
    }
  }
  return entries;
}

function check(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return ['is no object'];
  const { name, method, path, headers, body, expect } = entry as Record<string, unknown>;
  const wrong: string[] = [];
  const unknown = Object.keys(entry).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) wrong.push(`has an unknown key ${show(unknown[0])}`);
  if (typeof name !== 'string' || name === '') wrong.push("needs a 'name'");
  if (method !== undefined && !['GET', 'POST'].includes(method as string)) wrong.push("has another 'method' than GET or POST");
  if (path !== undefined && (typeof path !== 'string' || !path.startsWith('/'))) wrong.push("has a 'path' that does not begin with '/'");
  if (headers !== undefined && (typeof headers !== 'object' || headers === null || !Object.values(headers).every((value) => typeof value === 'string'))) wrong.push("has 'headers' that are no texts by name");
  if (body === undefined && method !== 'GET') wrong.push("needs a 'body'");
  if (typeof expect !== 'object' || expect === null || Array.isArray(expect)) return [...wrong, "needs 'expect'"];
  const { status, body: answer, tolerance } = expect as Record<string, unknown>;
  const strange = Object.keys(expect).filter((key) => !EXPECT_KEYS.includes(key));
  if (strange.length > 0) wrong.push(`expects an unknown ${show(strange[0])}`);
  if (status === undefined && answer === undefined) wrong.push("expects neither 'status' nor 'body', so it can't fail");
  if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 100 && (status as number) < 600)) wrong.push("expects a 'status' that is none");
  if (tolerance !== undefined && !(typeof tolerance === 'number' && tolerance >= 0)) wrong.push("has a 'tolerance' that is no number from 0");
  return wrong;
}
