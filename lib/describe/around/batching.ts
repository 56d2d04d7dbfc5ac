import { Duration } from 'cdk8s';
import { checkShape, is, secondsOf, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Properties of `Batching.of`. */
export interface BatchingProps {
  /** Requests answered together at the most. */
  readonly maxBatchSize: number;
  /** How long a request may wait for others. With none, TensorFlow Serving puts together what waits already; MLServer would not batch, which is a problem. */
  readonly maxLatency: Duration;
}

const SHAPE: Shape<BatchingProps> = { maxBatchSize: is.required(is.integer(2, 100_000)), maxLatency: is.required(is.duration(0, 60)) };

/** Requests that come at about the same time are answered together, by the server itself. */
export class Batching {
  /** A size and a wait. */
  public static of(props: BatchingProps): Batching {
    const checked = checkShape('Batching.of', SHAPE, props);
    return new Batching(checked.props.maxBatchSize ?? 2, checked.props.maxLatency ?? Duration.millis(1), checked.findings);
  }

  private constructor(
    /** Requests answered together at the most. */
    public readonly maxBatchSize: number,
    /** How long a request may wait for others. */
    public readonly maxLatency: Duration,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}

  /** @internal */
  public get _maxSeconds(): number {
    return secondsOf(this.maxLatency);
  }
}
