import { Duration } from 'cdk8s';
import { existsSync, readFileSync } from 'fs';
import { checkShape, is, secondsOf, Shape } from './checks/shape';
import { readLoadCsv } from './load-csv';
import { Finding, ProblemKind } from './problem';

const LOAD_FILE = ProblemKind.error('SERVING_LOAD_FILE', 'A load curve can not be read', 'A curve that is guessed would make the simulation worthless.');
const LOAD_ORDER = ProblemKind.error('SERVING_LOAD_ORDER', 'The times of a load curve do not rise', 'A load has one value at a time.');

/** Requests a second at a moment. */
export interface LoadPoint {
  /** Seconds from the beginning. */
  readonly second: number;
  /** Requests a second. */
  readonly rate: number;
}

/** A load that stays the same for a while. */
export interface LoadStep {
  /** Requests a second. */
  readonly rate: number;
  /** How long. */
  readonly lasts: Duration;
}

/** Properties of `LoadCurve.ramp`. */
export interface LoadRampProps {
  /** Requests a second at the beginning. */
  readonly from: number;
  /** Requests a second at the end. */
  readonly to: number;
  /** How long it takes. */
  readonly lasts: Duration;
}

/** Properties of `LoadCurve.daily`. */
export interface DailyLoadProps {
  /** Requests a second in the deepest night. */
  readonly low: number;
  /** Requests a second at the peak. */
  readonly high: number;
  /**
   * Hour of the peak, 0 to 24; the curve begins at midnight.
   * @default 14
   */
  readonly peakHour?: number;
  /**
   * Number of days.
   * @default 1
   */
  readonly days?: number;
}

/** Properties of `LoadCurve.spike`. */
export interface LoadSpikeProps {
  /** Requests a second before and after. */
  readonly base: number;
  /** Requests a second at the top. */
  readonly peak: number;
  /** When it begins. */
  readonly at: Duration;
  /** How long the top lasts. */
  readonly lasts: Duration;
  /** How long the whole curve is. */
  readonly total: Duration;
  /**
   * How long it takes from base to peak, and back.
   * @default - at once
   */
  readonly rise?: Duration;
}

const LONGEST = 31 * 86_400;
const rate = is.required(is.number(0, 1e9));
const lasts = is.required(is.duration(1, LONGEST));
const CONSTANT: Shape<LoadStep> = { rate, lasts };
const RAMP: Shape<LoadRampProps> = { from: rate, to: rate, lasts };
const DAILY: Shape<DailyLoadProps> = { low: rate, high: rate, peakHour: is.number(0, 24), days: is.integer(1, 31) };
const SPIKE: Shape<LoadSpikeProps> = { base: rate, peak: rate, at: is.required(is.duration(0, LONGEST)), lasts, total: lasts, rise: is.duration(0, LONGEST) };
const POINT: Shape<LoadPoint> = { second: is.required(is.number(0, LONGEST)), rate };

/** Requests a second over time: what a scaling is tried on. */
export class LoadCurve {
  /** The same all the time. */
  public static constant(props: LoadStep): LoadCurve {
    const checked = checkShape('LoadCurve.constant', CONSTANT, props);
    return new LoadCurve(stepped([checked.props]), checked.findings);
  }

  /** One value after another, each for its time. */
  public static steps(steps: LoadStep[]): LoadCurve {
    const list = checkShape('LoadCurve.steps', { steps: is.required(is.list(is.anything, { min: 1 })) }, { steps });
    const checked = (list.props.steps ?? []).map((step, i) => checkShape(`LoadCurve.steps: [${i}]`, CONSTANT, step));
    return new LoadCurve(stepped(checked.map((one) => one.props)), [...list.findings, ...checked.flatMap((one) => one.findings)]);
  }

  /** From one value to another, in a straight line. */
  public static ramp(props: LoadRampProps): LoadCurve {
    const { props: { from, to, lasts: time }, findings } = checkShape('LoadCurve.ramp', RAMP, props);
    return new LoadCurve([{ second: 0, rate: from ?? 0 }, { second: time === undefined ? 1 : secondsOf(time), rate: to ?? 0 }], findings);
  }

  /** Days as a cosine has them: lowest twelve hours from the peak. */
  public static daily(props: DailyLoadProps): LoadCurve {
    const { props: { low = 0, high = 0, peakHour = 14, days = 1 }, findings } = checkShape('LoadCurve.daily', DAILY, props);
    const points = Array.from({ length: days * 288 + 1 }, (_, i) => {
      const share = (1 + Math.cos((i / 12 - peakHour) / 24 * 2 * Math.PI)) / 2;
      return { second: i * 300, rate: low + (high - low) * share };
    });
    return new LoadCurve(points, findings);
  }

  /** A load that jumps, and falls back. */
  public static spike(props: LoadSpikeProps): LoadCurve {
    const { props: checked, findings } = checkShape('LoadCurve.spike', SPIKE, props);
    const { base = 0, peak = 0 } = checked;
    const [at, top, total, rise] = [checked.at, checked.lasts, checked.total, checked.rise].map((time) => (time === undefined ? 0 : secondsOf(time))) as [number, number, number, number];
    const corners = [{ second: 0, rate: base }, { second: at, rate: base }, { second: at + rise, rate: peak }, { second: at + rise + top, rate: peak }, { second: at + top + 2 * rise, rate: base }, { second: Math.max(total, 1), rate: base }];
    const curve = new LoadCurve(corners, []);
    if (findings.length === 0 && at >= total) findings.push(LOAD_ORDER.found({ what: 'LoadCurve.spike begins when the curve is over: it would not be in it', got: `at ${at} s of ${total} s`, allowed: "'at' before 'total'", fix: "lower 'at', or raise 'total'" }));
    if (findings.length > 0 || at + top + 2 * rise <= total) return new LoadCurve(corners, findings);
    // what comes after the end is cut off
    return new LoadCurve([...corners.filter((one) => one.second < total), { second: total, rate: curve.rateAt(total) }], findings);
  }

  /** Points in rising time, joined by straight lines; two points of one time are a jump. */
  public static points(points: LoadPoint[]): LoadCurve {
    const list = checkShape('LoadCurve.points', { points: is.required(is.list(is.anything, { min: 2 })) }, { points });
    const checked = (list.props.points ?? []).map((point, i) => checkShape(`LoadCurve.points: [${i}]`, POINT, point));
    const findings = [...list.findings, ...checked.flatMap((one) => one.findings)];
    const sound = findings.length === 0 ? checked.map((one) => one.props as LoadPoint) : [];
    const bad = sound.findIndex((one, i) => i > 0 && one.second < sound[i - 1]!.second);
    if (bad > 0) findings.push(LOAD_ORDER.found({ what: `LoadCurve.points: [${bad}] is before the one ahead of it`, got: `${sound[bad]!.second} after ${sound[bad - 1]!.second}`, allowed: 'times that rise', fix: 'sort the points' }));
    return new LoadCurve(sound, findings);
  }

  /**
   * A recorded load, such as an export of Grafana: in each line a time and requests a second.
   * @param path of a CSV file. Times are seconds, or dates as ISO 8601 has them; they count from the first one. A first line of titles is left out.
   */
  public static fromCsv(path: string): LoadCurve {
    const failed = (why: string, got: unknown): LoadCurve => new LoadCurve([], [LOAD_FILE.found({ what: `the load curve can not be read: ${why}`, got, allowed: 'lines of a time (seconds, or an ISO date) and requests a second, with a comma between them', fix: 'correct the file, or its path' })]);
    if (typeof path !== 'string' || !existsSync(path)) return failed('the file does not exist', path);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      return failed((error as Error).message, path);
    }
    const read = readLoadCsv(text, LONGEST);
    return read.wrong === undefined ? LoadCurve.points(read.points) : failed(`${read.wrong} in line ${read.line}`, path);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Corners of the curve, in rising time. */
  public readonly corners: LoadPoint[];

  private constructor(corners: LoadPoint[], findings: readonly Finding[]) {
    this.corners = corners;
    this._findings = findings;
  }

  /** How long it is. */
  public get seconds(): number {
    return this.corners[this.corners.length - 1]?.second ?? 0;
  }

  /**
   * Requests a second at a moment; after the end, as at the end.
   * @param second from the beginning.
   */
  public rateAt(second: number): number {
    const { corners } = this;
    if (corners.length === 0) return 0;
    let low = 0;
    let high = corners.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (corners[middle]!.second <= second) low = middle + 1;
      else high = middle;
    }
    const before = corners[low - 1] ?? corners[0]!;
    const after = corners[low];
    if (after === undefined) return corners[corners.length - 1]!.rate;
    if (after.second === before.second) return after.rate;
    return before.rate + (after.rate - before.rate) * (second - before.second) / (after.second - before.second);
  }
}

function stepped(steps: readonly Partial<LoadStep>[]): LoadPoint[] {
  let second = 0;
  return steps.flatMap((step) => {
    const start = second;
    second += step.lasts === undefined ? 1 : secondsOf(step.lasts);
    return [{ second: start, rate: step.rate ?? 0 }, { second, rate: step.rate ?? 0 }];
  });
}
