/**
 * How bad a finding is.
 */
export enum Severity {
  /** Synthesis stops; nothing is written. */
  ERROR = 'error',
  /** A risk: printed at synth until it is acknowledged with a reason. */
  WARNING = 'warning',
}

/**
 * One thing that is wrong, as found by a value, a server or a rule; where it was found is added by `Problem`.
 */
export interface Finding {
  /** Stable code, `SERVING_...`: what scripts and acknowledgements name. */
  readonly code: string;
  /** Whether synthesis stops. */
  readonly severity: Severity;
  /** What is wrong, in the words of the API. */
  readonly what: string;
  /**
   * The value got, as text. Never a secret.
   * @default - no single value is at fault
   */
  readonly got?: string;
  /**
   * What is allowed, as text.
   * @default - said by `fix`
   */
  readonly allowed?: string;
  /** The way out. */
  readonly fix: string;
}

/**
 * A finding and where it was made.
 */
export interface Problem extends Finding {
  /** Path of the construct in the tree. */
  readonly path: string;
  /**
   * Why it was acknowledged (warnings only).
   * @default - not acknowledged
   */
  readonly acknowledged?: string;
}

/** What a place that finds something says of it. */
export interface Details {
  readonly what: string;
  readonly got?: unknown;
  readonly allowed?: string;
  readonly fix: string;
}

/** One kind of problem: its code and what the docs page says of it. */
export class ProblemKind {
  /** Every kind there is, by code; the docs page of problems is generated from it. */
  public static readonly all = new Map<string, ProblemKind>();

  public static error(code: string, title: string, why: string): ProblemKind {
    return new ProblemKind(code, Severity.ERROR, title, why);
  }

  public static warning(code: string, title: string, why: string): ProblemKind {
    return new ProblemKind(code, Severity.WARNING, title, why);
  }

  private constructor(
    public readonly code: string,
    public readonly severity: Severity,
    public readonly title: string,
    public readonly why: string,
  ) {
    if (!/^SERVING_[A-Z0-9_]+$/.test(code) || ProblemKind.all.has(code)) {
      throw new Error(`problem codes are SERVING_... and unique, got ${code}`);
    }
    ProblemKind.all.set(code, this);
  }

  public found(details: Details): Finding {
    const finding: Finding = { code: this.code, severity: this.severity, what: details.what, fix: details.fix };
    return {
      ...finding,
      ...('got' in details ? { got: show(details.got) } : {}),
      ...(details.allowed === undefined ? {} : { allowed: details.allowed }),
    };
  }
}

/** A value as a message shows it: short, on one line, and total over anything that JavaScript can hold. */
export function show(value: unknown, depth = 0): string {
  if (typeof value === 'string') return clip(mask(JSON.stringify(value)));
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value == null) return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (depth > 3) return '...'; // deep enough to recognise it; a cycle has no end
  if (Array.isArray(value)) return clip(`[${value.slice(0, 20).map((item) => show(item, depth + 1)).join(', ')}]`);
  const amount = amountOf(value as Amount);
  if (amount !== undefined) return amount;
  const name = value.constructor?.name;
  if (typeof name === 'string' && name !== 'Object') return `an instance of ${name}`;
  return clip(`{ ${Object.entries(value).slice(0, 20).map(([key, item]) => `${key}: ${show(item, depth + 1)}`).join(', ')} }`);
}

/** cdk8s' Duration and Size. */
interface Amount { toHumanString?(): string; toMilliseconds?(options: object): number; asString?(): string }

function amountOf(value: Amount): string | undefined {
  if (typeof value.toMilliseconds === 'function') return `${value.toMilliseconds({ integral: false }) / 1000} s`;
  return typeof value.asString === 'function' ? value.asString() : undefined;
}

/** Takes out what may be secret in an address or looks like a token: messages are printed and kept. */
function mask(text: string): string {
  return text
    .replace(/:\/\/[^/\s@]{1,256}@/g, '://***@')
    .replace(/([?&](?:sig|signature|token|awsaccesskeyid|x-amz-[a-z-]{1,40}|x-goog-[a-z-]{1,40})=)[^&\s"]{1,4096}/gi, '$1***')
    .replace(/\b(hf_|gh[pousr]_|sk-|xox[abpr]-|AKIA|ASIA|AIza)[A-Za-z0-9_-]{8,}/g, '$1***');
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** The entry of `candidates` nearest to `word`, for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
