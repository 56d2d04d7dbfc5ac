import { Size } from 'cdk8s';
import type { INetworkPolicyPeer } from 'cdk8s-plus-28';
import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** An Arize Phoenix, as services refer to it. */
export interface IPhoenix {
  /** Its host within the cluster. */
  readonly host: string;
  /** Whether it takes spans with a key alone. */
  readonly asksForKey: boolean;
  /** Lets a peer send spans by gRPC. */
  grantSend(peer: INetworkPolicyPeer): void;
  /** Lets a peer reach the pages, the API and OTLP over HTTP, which have one port. */
  grantUse(peer: INetworkPolicyPeer): void;
}

/** Checks a Phoenix. */
export const PHOENIX = is.like('a Phoenix', 'host', 'grantSend', 'grantUse');

/** Properties of `PhoenixStorage.volume`. */
export interface PhoenixVolumeProps {
  /** Size of the volume. From 90 % of it on, Phoenix takes no more spans. */
  readonly size: Size;
  /**
   * StorageClass of the volume.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
}

/** Properties of `PhoenixStorage.postgres`. */
export interface PhoenixPostgresProps {
  /** Secret, in Phoenix' namespace, with the database's URL: `postgresql://user:password@host:5432/name`. */
  readonly secretName: string;
  /**
   * Key of the URL in that Secret.
   * @default - uri, as CloudNativePG names it
   */
  readonly key?: string;
}

const VOLUME: Shape<PhoenixVolumeProps> = { size: is.required(is.size), storageClass: named.subdomain };
const POSTGRES: Shape<PhoenixPostgresProps> = { secretName: is.required(named.subdomain), key: is.text('the key of a Secret', /^[-._a-zA-Z0-9]+$/) };

/** Where a Phoenix keeps its traces. */
export class PhoenixStorage {
  /** SQLite on a volume of its own: for one copy. */
  public static volume(props: PhoenixVolumeProps): PhoenixStorage {
    const checked = checkShape('PhoenixStorage.volume', VOLUME, props);
    return new PhoenixStorage(checked.props, undefined, checked.findings);
  }

  /** A PostgreSQL database that is there: for several copies, and for more than a disk's worth of traces. */
  public static postgres(props: PhoenixPostgresProps): PhoenixStorage {
    const checked = checkShape('PhoenixStorage.postgres', POSTGRES, props);
    return new PhoenixStorage({}, checked.props, checked.findings);
  }

  private constructor(
    /** @internal */
    public readonly _volume: Partial<PhoenixVolumeProps>,
    /** @internal */
    public readonly _postgres: Partial<PhoenixPostgresProps> | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}
