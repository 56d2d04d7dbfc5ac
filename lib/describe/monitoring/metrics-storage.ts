import { Size } from 'cdk8s';
import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Properties of `MetricsStorage.claim`. */
export interface MetricsClaimProps {
  /** How much a copy of the store has. */
  readonly size: Size;
  /**
   * StorageClass of the claims.
   * @default - the cluster's default class
   */
  readonly storageClass?: string;
}

const CLAIM: Shape<MetricsClaimProps> = { size: is.required(is.size), storageClass: named.subdomain };

/** Where a metrics' store that is installed keeps what it has. */
export class MetricsStorage {
  /** Persistent volume claims, one a copy. */
  public static claim(props: MetricsClaimProps): MetricsStorage {
    const checked = checkShape('MetricsStorage.claim', CLAIM, props);
    return new MetricsStorage(checked.props, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** How much a copy of the store has. */
  public readonly size: Size;
  /** StorageClass of the claims. */
  public readonly storageClass?: string;

  private constructor(props: Partial<MetricsClaimProps>, findings: Finding[]) {
    this._findings = findings;
    this.size = props.size ?? Size.gibibytes(1);
    this.storageClass = props.storageClass;
  }
}
