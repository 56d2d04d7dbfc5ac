import { Duration } from 'cdk8s';
import { checkShape, is, Shape } from './checks/shape';
import { Finding } from './problem';

/** Properties of every objective. */
export interface ObjectiveProps {
  /**
   * Over how long it is kept: the period of its error budget, 7 to 90 days. The metrics' store must keep as much.
   * @default Duration.days(30)
   */
  readonly over?: Duration;
}

/** Properties of `Objective.latency`. */
export interface LatencyObjectiveProps extends ObjectiveProps {
  /** Percentile, such as 99: so many percent of the requests are faster. */
  readonly p: number;
  /** How long they take at the most. Where the server counts by buckets, it must be a bucket's bound; where bounds can be set, it is made one. */
  readonly below: Duration;
}

/** What an objective is about. */
export enum ObjectiveKind {
  /** The share of requests that are answered. */
  AVAILABILITY = 'availability',
  /** The share of requests that are answered in time. */
  LATENCY = 'latency',
}

const OVER = is.duration(7 * 86_400, 90 * 86_400);
const AVAILABILITY: Shape<ObjectiveProps & { percent: number }> = { percent: is.required(is.percent(50, 99.999)), over: OVER };
const LATENCY: Shape<LatencyObjectiveProps> = { p: is.required(is.percent(50, 99.999)), below: is.required(is.duration(0.001, 86_400)), over: OVER };
const DEFAULT_DAYS = 30;

/**
 * What a service promises, over weeks. It judges the service, not a release: what a release can show of it in its time becomes the
 * default of its gates (`Rollout.canary` and its kin).
 */
export class Objective {
  /**
   * So many percent of the requests are answered.
   * @param percent such as 99.9.
   */
  public static availability(percent: number, props: ObjectiveProps = {}): Objective {
    const checked = checkShape('Objective.availability', AVAILABILITY, { ...props, percent });
    return new Objective(ObjectiveKind.AVAILABILITY, checked.props.percent ?? 99, undefined, checked.props.over, checked.findings);
  }

  /** So many percent of the requests are answered in time. */
  public static latency(props: LatencyObjectiveProps): Objective {
    const checked = checkShape('Objective.latency', LATENCY, props);
    return new Objective(ObjectiveKind.LATENCY, checked.props.p ?? 99, checked.props.below, checked.props.over, checked.findings);
  }

  /** Over how long it is kept. */
  public readonly over: Duration;
  /** @internal */
  public readonly _findings: readonly Finding[];

  private constructor(
    /** What it is about. */
    public readonly kind: ObjectiveKind,
    /** Percent of the requests that are good. */
    public readonly percent: number,
    /** The bound of a latency objective. */
    public readonly below: Duration | undefined,
    over: Duration | undefined,
    findings: Finding[],
  ) {
    this.over = over ?? Duration.days(DEFAULT_DAYS);
    this._findings = findings;
  }
}
