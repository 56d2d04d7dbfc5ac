import { checkShape, is, Shape } from './checks/shape';
import { Finding } from './problem';

/** Properties of `Rollout.rolling`. */
export interface RollingRolloutProps {
  /**
   * New copies beside the old ones during an update. With an accelerator each needs a spare device.
   * @default - 1 where there is room for it (CPU, or spare devices in the pool), else 0
   */
  readonly maxSurge?: number;
  /**
   * Copies that may be missing during an update.
   * @default - 0 where a new copy can come first, else 1
   */
  readonly maxUnavailable?: number;
}

/** How a new version takes the old one's place. */
export enum RolloutKind {
  /** Chosen by accelerator, spare devices, copies and volumes. */
  AUTOMATIC = 'automatic',
  /** Copy by copy. */
  ROLLING = 'rolling',
  /** All old copies go first. */
  RECREATE = 'recreate',
}

const ROLLING: Shape<RollingRolloutProps> = { maxSurge: is.integer(0, 1000), maxUnavailable: is.integer(0, 1000) };

/** How a new version takes the old one's place. */
export class Rollout {
  /**
   * Chosen by what the service runs on: new copies first on CPU and where the GPU pool has spare devices, old ones first where it has
   * none, all at once where a volume can be attached to one node only.
   */
  public static automatic(): Rollout {
    return new Rollout(RolloutKind.AUTOMATIC, {}, []);
  }

  /** Copy by copy. */
  public static rolling(props: RollingRolloutProps = {}): Rollout {
    const checked = checkShape('Rollout.rolling', ROLLING, props);
    return new Rollout(RolloutKind.ROLLING, checked.props, checked.findings);
  }

  /** All old copies go before the first new one comes: an outage as long as a start, and no device or volume is needed twice. */
  public static recreate(): Rollout {
    return new Rollout(RolloutKind.RECREATE, {}, []);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Which strategy. */
  public readonly kind: RolloutKind;
  /** New copies beside the old ones, if it was said. */
  public readonly maxSurge?: number;
  /** Copies that may be missing, if it was said. */
  public readonly maxUnavailable?: number;

  private constructor(kind: RolloutKind, props: RollingRolloutProps, findings: Finding[]) {
    this.kind = kind;
    this.maxSurge = props.maxSurge;
    this.maxUnavailable = props.maxUnavailable;
    this._findings = findings;
  }
}
