import { Size } from 'cdk8s';
import { named } from '../checks/names';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Versions of Seldon Core v2 whose definitions and controllers are known. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/docs-gb/upgrading.md */
export const SELDON_V2_VERSIONS = ['2.9', '2.10'] as const;

/** Bytes of the volume that Seldon's own ServerConfigs give each server for models. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/values.yaml */
const STOCK_VOLUME_BYTES = 2 ** 30;

/** On which servers Seldon Core v2 loads models. */
export enum SeldonServersKind {
  /** On servers that are there already, with other models. */
  SHARED = 'shared',
  /** On a server of the service's own. */
  DEDICATED = 'dedicated',
  /** On shared ones, but for services that ask for something of their pods. */
  AS_NEEDED = 'asNeeded',
}

/** Properties of `SeldonServers.shared`. */
export interface SharedSeldonServersProps {
  /**
   * Name of the one `Server` that takes the models.
   * @default - whichever can: the scheduler takes one whose capabilities are those that a model requires
   */
  readonly server?: string;
  /**
   * How many copies the server has at the most. A model that wants more is never loaded.
   * @default - not known, and so not checked
   */
  readonly replicas?: number;
  /**
   * Memory that a copy of the server has for models: what its container requests.
   * @default - not known, and so not checked
   */
  readonly memory?: Size;
}

/** Properties of `SeldonServers.dedicated`. */
export interface DedicatedSeldonServersProps {
  /**
   * Name of the `ServerConfig` that servers of MLServer are made from; it lies in the operator's namespace.
   * @default mlserver
   */
  readonly mlserver?: string;
  /**
   * The same of Triton.
   * @default triton
   */
  readonly triton?: string;
  /**
   * Volume for models that these ServerConfigs give each copy.
   * @default Size.gibibytes(1), as Seldon's own do
   */
  readonly modelVolume?: Size;
}

const SHARED: Shape<SharedSeldonServersProps> = { server: named.label, replicas: is.integer(1, 1000), memory: is.size };
const DEDICATED: Shape<DedicatedSeldonServersProps> = { mlserver: named.subdomain, triton: named.subdomain, modelVolume: is.size };

/** On which servers models are loaded. */
export class SeldonServers {
  /**
   * On servers that other models are loaded on as well, and which the scheduler chooses: what Seldon Core v2 is made for. A service is then a `Model`
   * and has no pods of its own.
   */
  public static shared(props: SharedSeldonServersProps = {}): SeldonServers {
    const checked = checkShape('SeldonServers.shared', SHARED, props);
    return new SeldonServers(SeldonServersKind.SHARED, checked.props, {}, checked.findings);
  }

  /** On a `Server` of the service's own, on which nothing else is loaded: with its accelerators, its environment, its memory, its copies. */
  public static dedicated(props: DedicatedSeldonServersProps = {}): SeldonServers {
    const checked = checkShape('SeldonServers.dedicated', DEDICATED, props);
    return new SeldonServers(SeldonServersKind.DEDICATED, {}, checked.props, checked.findings);
  }

  /**
   * On shared servers, but for services that ask for something of their pods: those get a server of their own.
   * @param shared where the others are loaded.
   * @param dedicated what servers of services' own are made from.
   */
  public static asNeeded(shared: SharedSeldonServersProps = {}, dedicated: DedicatedSeldonServersProps = {}): SeldonServers {
    const others = checkShape('SeldonServers.asNeeded', SHARED, shared);
    const own = checkShape('SeldonServers.asNeeded', DEDICATED, dedicated);
    return new SeldonServers(SeldonServersKind.AS_NEEDED, others.props, own.props, [...others.findings, ...own.findings]);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** On which. */
  public readonly kind: SeldonServersKind;
  /** The one shared server, if there is one. */
  public readonly server?: string;
  /** @internal Copies of the shared server. */
  public readonly _replicas?: number;
  /** @internal Bytes that a copy of it has for models. */
  public readonly _memoryBytes?: number;
  /** @internal Names of the ServerConfigs. */
  public readonly _configs: { readonly mlserver: string; readonly triton: string };
  /** @internal Bytes of their volumes. */
  public readonly _volumeBytes: number;

  private constructor(kind: SeldonServersKind, shared: SharedSeldonServersProps, dedicated: DedicatedSeldonServersProps, findings: Finding[]) {
    this.kind = kind;
    this.server = shared.server;
    this._replicas = shared.replicas;
    this._memoryBytes = shared.memory && bytesOf(shared.memory);
    this._configs = { mlserver: dedicated.mlserver ?? 'mlserver', triton: dedicated.triton ?? 'triton' };
    this._volumeBytes = dedicated.modelVolume === undefined ? STOCK_VOLUME_BYTES : bytesOf(dedicated.modelVolume);
    this._findings = findings;
  }
}

/** Properties of `EngineBackend.seldonCoreV2`. */
export interface SeldonCoreV2Props {
  /**
   * Version of Seldon Core that runs in the cluster, `major.minor`.
   * @default 2.10
   */
  readonly version?: string;
  /**
   * On which servers models are loaded.
   * @default SeldonServers.shared()
   */
  readonly servers?: SeldonServers;
}

export const SELDON_CORE_V2: Shape<SeldonCoreV2Props> = { version: is.oneOf(SELDON_V2_VERSIONS), servers: is.instance(SeldonServers, 'SeldonServers.dedicated()') };
