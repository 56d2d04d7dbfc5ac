import { Duration } from 'cdk8s';
import { checkShape, is, Shape } from '../checks/shape';
import { checkPromql } from '../checks/promql';
import { Finding, ProblemKind } from '../problem';
import { prop } from '../server/parts';
import { GoldenRequests } from './golden-requests';

const NO_BOUND = ProblemKind.error('SERVING_GATE_BOUND', 'A gate of a query without exactly one bound', 'A gate without a bound lets everything pass.');
const BOTH_VERSIONS = ProblemKind.error('SERVING_GATE_SELECTS_BOTH', 'A gate that does not select the new version alone',
  'The stable version has most of the traffic: its good answers hide the bad ones of the new version.');

const UNKNOWN_WORD = ProblemKind.error('SERVING_GATE_WORD', "A gate's query with a word that stands for nothing", 'The metrics store would be asked for it as it is written, and refuse.');

/** What a gate does when it can not judge. */
export enum GateAction {
  /** The release waits for a person; the new version keeps the share that it has. */
  PAUSE = 'pause',
  /** The release is taken back. */
  ABORT = 'abort',
  /** The release goes on, unjudged. */
  PROCEED = 'proceed',
}

/** What a gate judges by. */
export enum GateKind {
  /** The share of failed requests. */
  ERRORS = 'errors',
  /** The share of slow requests. */
  LATENCY = 'latency',
  /** The stable version. */
  COMPARISON = 'comparison',
  /** A query of the user's own. */
  QUERY = 'query',
  /** Requests with known answers. */
  GOLDEN_REQUESTS = 'goldenRequests',
  /** A person. */
  PERSON = 'person',
}

/** What is compared with the stable version. */
export enum ComparedMeasure {
  /** The share of failed requests. */
  ERRORS = 'errors',
  /** The 95th percentile of the time that answers take. */
  LATENCY = 'latency',
}

/** What all measured gates have in common. */
export interface MeasuredGateProps {
  /**
   * Requests to the new version, within `window`, below which nothing is judged. A share of errors can only be shown by so many requests:
   * none failed of n says no more than "less than 3/n fail".
   * @default - as many as show the bound: 3 / share, at least 50
   */
  readonly minRequests?: number;
  /**
   * How long a step waits for enough requests.
   * @default Duration.minutes(30)
   */
  readonly maxWait?: Duration;
  /**
   * What happens when there are still too few requests then.
   * @default - PAUSE; with Flagger, which can't pause, ABORT
   */
  readonly onFew?: GateAction;
  /**
   * What happens when there is no series of the new version at all: it got no request, or nobody scrapes it. Judged after `window`.
   * @default - PAUSE; with Flagger, which can't pause, ABORT
   */
  readonly onNoData?: GateAction;
  /**
   * How far each measurement looks back. At least four scrape intervals.
   * @default - 5 minutes, or four scrape intervals where these are longer
   */
  readonly window?: Duration;
  /**
   * Bad measurements that are forgiven; the next one aborts.
   * @default 0
   */
  readonly failureLimit?: number;
}

/** Properties of `Gate.errors`. */
export interface ErrorsGateProps extends MeasuredGateProps {
  /** Percent of the new version's requests that may fail. */
  readonly maxPercent: number;
}

/** Properties of `Gate.latency`. */
export interface LatencyGateProps extends MeasuredGateProps {
  /** Percentile, such as 95: so many percent of the new version's requests must be faster. */
  readonly p: number;
  /** How long they may take: a bound of the server's buckets, or of one whose bounds can be set. */
  readonly below: Duration;
}

/** Properties of `Gate.comparison`. */
export interface ComparisonGateProps extends MeasuredGateProps {
  /** What is compared. */
  readonly of: ComparedMeasure;
  /**
   * How much worse than the stable version the new one may be: 1.2 is a fifth.
   * @default 1.5
   */
  readonly maxRatio?: number;
  /**
   * What the stable version counts as at the least, so that twice next to nothing is no reason: percent of errors, or seconds.
   * @default - 0.5 (percent of errors), 0.01 (seconds)
   */
  readonly floor?: number;
}

/** Properties of `Gate.query`. */
export interface QueryGateProps extends MeasuredGateProps {
  /** Its name, in lower case: `null-answers`. */
  readonly name: string;
  /**
   * PromQL that gives one series. `$NEW` stands for the matchers of the new version's pods, `$STABLE` for those of the stable one, `$WINDOW` for the
   * window: `sum(rate(null_answers_total{$NEW}[$WINDOW]))`.
   */
  readonly query: string;
  /**
   * The most that it may give.
   * @default - no upper bound; `min` is then needed
   */
  readonly max?: number;
  /**
   * The least that it must give.
   * @default - no lower bound; `max` is then needed
   */
  readonly min?: number;
}

/** Properties of `Gate.goldenRequests`. */
export interface GoldenRequestsGateProps {
  /** Path of the file: a JSON list, or a JSON object a line, of `{ name, body, expect }`. */
  readonly file: string;
  /**
   * Image with Python 3.9 or newer.
   * @default - the Python image of the defaults set
   */
  readonly image?: string;
  /**
   * How long one answer may take.
   * @default - the service's `requestTimeout`
   */
  readonly timeout?: Duration;
}

/** Properties of `Gate.person`. */
export interface PersonGateProps {
  /**
   * Canary: steps at which the release waits for a person.
   * @default - at the last step; without steps before the new version gets everything
   */
  readonly at?: number[];
}

const MEASURED: Shape<MeasuredGateProps> = {
  minRequests: is.integer(1), maxWait: is.duration(1, 7 * 86_400), onFew: is.oneOf(Object.values(GateAction)), onNoData: is.oneOf(Object.values(GateAction)),
  window: is.duration(1, 86_400), failureLimit: is.integer(0, 1000),
};
// 100 percent could never be exceeded
const ERRORS: Shape<ErrorsGateProps> = { ...MEASURED, maxPercent: is.required(is.number(0, 99.9)) };
const LATENCY: Shape<LatencyGateProps> = { ...MEASURED, p: is.required(is.number(1, 99.99)), below: is.required(is.duration(0.001, 86_400)) };
const COMPARISON: Shape<ComparisonGateProps> = { ...MEASURED, of: is.required(is.oneOf(Object.values(ComparedMeasure))), maxRatio: is.number(1, 1000), floor: is.number(0.000_001) };
const QUERY: Shape<QueryGateProps> = {
  ...MEASURED, name: is.required(is.text("a name such as 'null-answers': words of letters and digits, at most 20 characters, not ending in -data, -volume or -wait, which measures of other gates do", /^(?!.*-(data|volume|wait)$)(?=.{1,20}$)[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/)), query: is.required(is.text('a PromQL expression', undefined, { max: 4000 })),
  max: is.number(-Number.MAX_SAFE_INTEGER), min: is.number(-Number.MAX_SAFE_INTEGER),
};
const GOLDEN: Shape<GoldenRequestsGateProps> = { file: is.required(is.text('the path of a file')), image: prop.image, timeout: is.duration(0.001, 3600) };
const PERSON: Shape<PersonGateProps> = { at: is.list(is.integer(1, 99), { min: 1 }) };

/** What is wrong with a query as PromQL, and with the words in it that stand for something else. */
function checkWords(query: string): Finding[] {
  const unknown = (query.match(/\$\w+/g) ?? []).filter((word) => !['$NEW', '$STABLE', '$WINDOW'].includes(word));
  if (unknown.length > 0) return [UNKNOWN_WORD.found({ what: `Gate.query: '${unknown[0]}' stands for nothing`, got: query, allowed: '$NEW, $STABLE, $WINDOW', fix: 'write one of these, or the value itself' })];
  return checkPromql('Gate.query', query.replaceAll('$NEW', 'version="new"').replaceAll('$STABLE', 'version="stable"').replaceAll('$WINDOW', '5m'));
}

/** What a gate was told, all kinds in one. */
interface GateValues extends Partial<MeasuredGateProps> {
  readonly name: string;
  readonly maxPercent?: number;
  readonly p?: number;
  readonly below?: Duration;
  readonly of?: ComparedMeasure;
  readonly maxRatio?: number;
  readonly floor?: number;
  readonly query?: string;
  readonly max?: number;
  readonly min?: number;
  readonly golden?: GoldenRequests;
  readonly image?: string;
  readonly timeout?: Duration;
  readonly at?: readonly number[];
}

/**
 * What a new version must pass to go on. A gate judges a release, by the new version alone and in minutes; an objective judges the service, over weeks.
 */
export class Gate {
  /** So many percent of the new version's requests may fail. */
  public static errors(props: ErrorsGateProps): Gate {
    const checked = checkShape('Gate.errors', ERRORS, props);
    return new Gate(GateKind.ERRORS, { ...checked.props, name: 'errors' }, checked.findings);
  }

  /** So many percent of the new version's requests must be faster than a bound. */
  public static latency(props: LatencyGateProps): Gate {
    const checked = checkShape('Gate.latency', LATENCY, props);
    return new Gate(GateKind.LATENCY, { ...checked.props, name: 'latency' }, checked.findings);
  }

  /** The new version may be so much worse than the stable one. Both are judged only with enough requests. */
  public static comparison(props: ComparisonGateProps): Gate {
    const checked = checkShape('Gate.comparison', COMPARISON, props);
    return new Gate(GateKind.COMPARISON, { ...checked.props, name: `${checked.props.of ?? 'errors'}-compared` }, checked.findings);
  }

  /** Any PromQL about the new version. */
  public static query(props: QueryGateProps): Gate {
    const checked = checkShape('Gate.query', QUERY, props);
    const { query, max, min, name } = checked.props;
    if (query !== undefined) checked.findings.push(...checkWords(query));
    if (query !== undefined && !/\{[^{}]*\$NEW\b[^{}]*\}/.test(query)) {
      checked.findings.push(BOTH_VERSIONS.found({ what: `Gate.query: '${name ?? ''}' does not select the pods of the new version`, got: query, allowed: "a query with '$NEW' among the matchers", fix: "write the selector as my_metric{$NEW}" }));
    }
    if (checked.findings.length === 0 && (max === undefined) === (min === undefined)) {
      checked.findings.push(NO_BOUND.found({ what: `Gate.query: '${name}' needs one bound`, got: max === undefined ? 'neither' : `max ${max}, min ${min}`, allowed: "'max' or 'min'", fix: 'give one of the two; for a range make two gates' }));
    }
    return new Gate(GateKind.QUERY, { ...checked.props, name: name ?? 'query' }, checked.findings);
  }

  /**
   * Requests with known answers, sent by a Job to the new version alone, before it gets any of the clients' requests where a router allows it. One wrong
   * answer aborts.
   */
  public static goldenRequests(props: GoldenRequestsGateProps): Gate {
    const checked = checkShape('Gate.goldenRequests', GOLDEN, props);
    const golden = checked.props.file === undefined ? undefined : GoldenRequests.read(checked.props.file);
    return new Gate(GateKind.GOLDEN_REQUESTS, { name: 'golden', golden, image: checked.props.image, timeout: checked.props.timeout }, [...checked.findings, ...(golden?.findings ?? [])]);
  }

  /** The release waits until a person promotes it. */
  public static person(props: PersonGateProps = {}): Gate {
    const checked = checkShape('Gate.person', PERSON, props);
    return new Gate(GateKind.PERSON, { name: 'person', at: checked.props.at }, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** @internal */
  public readonly _values: GateValues;

  private constructor(
    /** What it judges by. */
    public readonly kind: GateKind,
    values: GateValues,
    findings: Finding[],
  ) {
    this._values = values;
    this._findings = findings;
  }

  /** Its name, unique among the gates of a service. */
  public get name(): string {
    return this._values.name;
  }

  /** Whether it judges by metrics. */
  public get measured(): boolean {
    return this.kind !== GateKind.GOLDEN_REQUESTS && this.kind !== GateKind.PERSON;
  }
}
