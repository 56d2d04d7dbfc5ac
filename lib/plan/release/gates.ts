import { Gate, GateAction, GateKind, ComparedMeasure } from '../../describe/rollout/gate';
import { secondsOf } from '../../describe/checks/shape';
import { Finding, ProblemKind } from '../../describe/problem';
import { Objective, ObjectiveKind } from '../../describe/objective';
import { ServerMetric } from '../../describe/server/server-facts';
import { bucketAt, RequestMeasures, unitsPerSecond } from '../request-measures';
import { errorPercent, NEW, presence, quantile, requests, slowPercent, STABLE } from './measures';

const NOT_TOLD = ProblemKind.error('SERVING_GATE_NOT_MEASURABLE', 'A gate by something that the server does not tell', 'It would find no data, for ever.');
const OFF_BUCKET = ProblemKind.error('SERVING_LATENCY_OFF_BUCKETS', "A latency bound that is none of the histogram's",
  'A histogram counts up to its bounds; what lies between two of them is guessed, and beyond the last one nothing is ever seen.');
const CANNOT_FAIL = ProblemKind.error('SERVING_GATE_CANNOT_FAIL', 'A gate that forgives all of its measurements', 'It would let everything pass.');
const TOO_FINE = ProblemKind.warning('SERVING_GATE_TOO_FINE', 'A gate whose bound so few requests can not show', 'One failed request would be above the bound: good versions are aborted by chance.');
const SHORT_WINDOW = ProblemKind.error('SERVING_GATE_WINDOW', 'A window of less than four scrapes', 'An increase needs two samples; with fewer than four, one lost scrape leaves none.');

/** Which side of the bound is bad. */
export interface Bound { readonly max?: number; readonly min?: number }

/** A measured gate, worked out: what a controller is told to ask, how often, and what follows. */
export interface PlannedGate {
  readonly name: string;
  readonly kind: GateKind;
  /** In a sentence, for people. */
  readonly says: string;
  /** Gives one value of the new version, or no series as long as there are too few requests. `$NEW` and `$STABLE` stand for the versions' matchers. */
  readonly query: string;
  readonly bound: Bound;
  /** Gives the requests to the new version within the window. */
  readonly volumeQuery?: string;
  /** Gives how many series of the new version there are. */
  readonly presenceQuery?: string;
  readonly minRequests: number;
  readonly onFew: GateAction;
  readonly onNoData: GateAction;
  readonly windowSeconds: number;
  readonly maxWaitSeconds: number;
  readonly failureLimit: number;
  /** Whether waiting was asked for, and not only the default. */
  readonly waitSaid: boolean;
}

/** What gates are worked out from. */
export interface GateGround {
  readonly serverTitle: string;
  readonly measures: RequestMeasures | undefined;
  readonly modelName?: string;
  readonly scrapeSeconds: number;
  /** What an unsaid `onFew` and `onNoData` become. */
  readonly unsaid: GateAction;
}

const WINDOW = 300;
const MAX_WAIT = 1800;
/** The least share that a release is asked to show by default: finer ones need thousands of requests. */
const FINEST_PERCENT = 1;

/** The gates that a release can show of a service's objectives in its time. */
export function gatesOf(objectives: readonly Objective[]): Gate[] {
  const gates = new Map<string, Gate>();
  for (const objective of objectives) {
    const share = Math.max(FINEST_PERCENT, round(100 - objective.percent));
    const gate = objective.kind === ObjectiveKind.AVAILABILITY ? Gate.errors({ maxPercent: share })
      : objective.below === undefined ? undefined : Gate.latency({ p: round(100 - share), below: objective.below });
    // of several the first one: the order is the user's
    if (gate !== undefined && !gates.has(gate.name)) gates.set(gate.name, gate);
  }
  return [...gates.values()];
}

/** Works out one measured gate; what can't be measured is told. */
export function planGate(gate: Gate, ground: GateGround): { gate?: PlannedGate; findings: Finding[] } {
  const values = gate._values;
  const { measures } = ground;
  const findings: Finding[] = [];
  const least = 4 * ground.scrapeSeconds;
  const windowSeconds = values.window === undefined ? Math.max(WINDOW, least) : secondsOf(values.window);
  if (windowSeconds < least) findings.push(SHORT_WINDOW.found({ what: `the gate '${gate.name}' looks back ${windowSeconds} s, and metrics come every ${ground.scrapeSeconds} s`, got: windowSeconds, allowed: `at least ${least} s`, fix: "raise 'window', or say the Cluster's 'scrapeInterval' if it is shorter" }));
  const share = shareOf(gate);
  const wanted = share === undefined ? 50 : Math.max(50, Math.ceil(300 / share));
  const minRequests = values.minRequests ?? wanted;
  if (share !== undefined && values.minRequests !== undefined && 100 / values.minRequests > share) {
    findings.push(TOO_FINE.found({ what: `the gate '${gate.name}' allows ${share} % and judges from ${values.minRequests} requests on, of which a single bad one is ${round(100 / values.minRequests)} %`, got: values.minRequests, allowed: `at least ${Math.ceil(100 / share)}; ${wanted} show the bound`, fix: "raise 'minRequests', or the bound" }));
  }
  const window = `${Math.ceil(windowSeconds)}s`;
  const measured = measureOf(gate, ground, window, minRequests, findings);
  const failureLimit = values.failureLimit ?? 0;
  if (measured === undefined) return { findings };
  return {
    findings,
    gate: {
      name: gate.name, kind: gate.kind, ...measured,
      volumeQuery: measures && (gate.kind === GateKind.COMPARISON ? lesser(requests(measures.all, NEW, window), requests(measures.all, STABLE, window)) : requests(measures.all, NEW, window)),
      presenceQuery: measures && presence(measures.all, NEW),
      minRequests, onFew: (values.onFew ?? ground.unsaid), onNoData: (values.onNoData ?? ground.unsaid),
      windowSeconds: Math.ceil(windowSeconds), maxWaitSeconds: values.maxWait === undefined ? MAX_WAIT : Math.ceil(secondsOf(values.maxWait)), failureLimit,
      waitSaid: values.maxWait !== undefined,
    },
  };
}

/** What is wrong with a gate whose measurements are so many. */
export function checkLimit(gate: PlannedGate, measurements: number): Finding[] {
  return gate.failureLimit < measurements ? [] : [CANNOT_FAIL.found({
    what: `the gate '${gate.name}' forgives ${gate.failureLimit} bad measurements, and a step makes ${measurements}`, got: gate.failureLimit, allowed: `less than ${measurements}`, fix: "lower 'failureLimit', or raise the step's duration",
  })];
}

/** Percent of requests that a gate lets be bad. */
function shareOf(gate: Gate): number | undefined {
  const { maxPercent, p } = gate._values;
  if (gate.kind === GateKind.ERRORS) return maxPercent === 0 ? undefined : maxPercent;
  return gate.kind === GateKind.LATENCY && p !== undefined ? round(100 - p) : undefined;
}

function measureOf(gate: Gate, ground: GateGround, window: string, least: number, findings: Finding[]): { query: string; bound: Bound; says: string } | undefined {
  const { measures, modelName } = ground;
  const values = gate._values;
  const cannot = (what: string, fix: string): undefined => {
    findings.push(NOT_TOLD.found({ what: `the gate '${gate.name}' needs ${what}, which ${ground.serverTitle} does not tell`, fix }));
    return undefined;
  };
  if (gate.kind === GateKind.QUERY) {
    if (measures === undefined && (values.minRequests ?? values.onFew ?? values.onNoData ?? values.maxWait) !== undefined) return cannot('a count of requests', "leave 'minRequests', 'maxWait', 'onFew' and 'onNoData' out: what the query doesn't tell pauses");
    const query = (values.query ?? '').replaceAll('$WINDOW', window);
    const bound = values.max === undefined ? { min: values.min } : { max: values.max };
    // a server without a count of requests can't be asked for enough of them
    return { query: measures === undefined ? query : `(${query}) and on() (${requests(measures.all, NEW, window)} >= ${least})`, bound, says: `its query gives ${values.max === undefined ? `at least ${values.min}` : `at most ${values.max}`}` };
  }
  if (measures === undefined) return cannot('a count of requests', 'judge by Gate.query on metrics of the gateway or of your own, or by Gate.goldenRequests');
  const failing = 'judge by Gate.query on metrics of the gateway or of your own';
  if (gate.kind === GateKind.ERRORS) {
    if (measures.failed === undefined) return cannot('a count of failed requests', failing);
    return { query: errorPercent(measures, NEW, window, least), bound: { max: values.maxPercent ?? 0 }, says: `at most ${values.maxPercent} % of its requests fail` };
  }
  if (gate.kind === GateKind.COMPARISON && values.of === ComparedMeasure.ERRORS) {
    if (measures.failed === undefined) return cannot('a count of failed requests', failing);
    const floor = values.floor ?? 0.5;
    const ratio = values.maxRatio ?? 1.5;
    return { query: `(${errorPercent(measures, NEW, window, least)}) / clamp_min(${errorPercent(measures, STABLE, window, least)}, ${floor})`, bound: { max: ratio }, says: `at most ${ratio} times the stable version's errors (taken as ${floor} % at the least)` };
  }
  const { latency } = measures;
  if (latency?.buckets === undefined) return cannot('a histogram of latency by requests of this protocol', failing);
  if (gate.kind === GateKind.COMPARISON) {
    const floor = (values.floor ?? 0.01) * unitsPerSecond(latency);
    const ratio = values.maxRatio ?? 1.5;
    return { query: `${quantile(latency, modelName, 95, NEW, window, least)} / clamp_min(${quantile(latency, modelName, 95, STABLE, window, least)}, ${floor})`, bound: { max: ratio }, says: `its 95th percentile at most ${ratio} times the stable version's` };
  }
  return latencyShare(gate, latency, modelName, window, least, findings);
}

function latencyShare(gate: Gate, latency: ServerMetric, modelName: string | undefined, window: string, least: number, findings: Finding[]): { query: string; bound: Bound; says: string } | undefined {
  const { p, below } = gate._values;
  if (below === undefined || p === undefined) return undefined;
  const bound = bucketAt(latency, secondsOf(below));
  if (bound === undefined) {
    findings.push(offBuckets(`the gate '${gate.name}'`, latency, secondsOf(below)));
    return undefined;
  }
  return { query: slowPercent(latency, modelName, bound, NEW, window, least), bound: { max: round(100 - p) }, says: `${p} % of its requests take less than ${secondsOf(below)} s` };
}

/** A latency bound that lies on no bucket. */
export function offBuckets(what: string, latency: Pick<ServerMetric, 'name' | 'unit' | 'buckets' | 'bucketsSettable'>, seconds: number): Finding {
  const inSeconds = latency.buckets!.map((bound) => bound / unitsPerSecond(latency));
  const near = [inSeconds.filter((one) => one < seconds).at(-1), inSeconds.find((one) => one > seconds)].filter((one) => one !== undefined);
  return OFF_BUCKET.found({
    what: `${what} asks for ${seconds} s, and ${latency.name} counts up to ${near.map((one) => `${Number(one.toPrecision(6))} s`).join(' or ')} next to it`, got: `${seconds} s`,
    allowed: inSeconds.map((one) => Number(one.toPrecision(6))).join(', '), fix: latency.bucketsSettable ? "take one of these, or set the server's bounds" : 'take one of these',
  });
}

function lesser(a: string, b: string): string {
  return `((${a}) < (${b}) or (${b}) and on() (${a}))`;
}

function round(value: number): number {
  return Number(value.toFixed(6));
}
