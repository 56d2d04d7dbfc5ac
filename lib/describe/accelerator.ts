import { Size } from 'cdk8s';
import { bytesOf, checkShape, is, Shape } from './checks/shape';
import { productName } from './gpu-products';
import { Finding, ProblemKind } from './problem';

const MIXED = ProblemKind.error('SERVING_ACCELERATOR_ALTERNATIVES', 'Alternatives that one pod can not ask for',
  'A pod asks for one resource in one amount; alternatives choose between nodes, so they must be of one vendor, count and kind of share.');

/** Who makes the device, and so how a pod asks for it. */
export enum AcceleratorKind {
  /** NVIDIA GPUs. */
  NVIDIA = 'nvidia',
  /** AMD GPUs. */
  AMD = 'amd',
  /** Intel Gaudi. */
  GAUDI = 'gaudi',
  /** Google TPUs. */
  TPU = 'tpu',
  /** Devices claimed by dynamic resource allocation. */
  RESOURCE_CLAIM = 'resourceClaim',
}

/** How several pods share one GPU. Neither keeps their memory apart; only MPS limits it. */
export enum GpuSharing {
  /** Pods take turns. */
  TIME_SLICING = 'time-slicing',
  /** NVIDIA's Multi-Process Service: pods run at once, each with a share of memory and threads. */
  MPS = 'mps',
}

/** Properties that all accelerators have. */
export interface AcceleratorProps {
  /**
   * Devices per copy.
   * @default 1
   */
  readonly count?: number;
}

/** Properties of `Accelerator.nvidiaShared`. */
export interface SharedGpuProps {
  /**
   * How it is shared, as the pool says.
   * @default GpuSharing.TIME_SLICING
   */
  readonly sharing?: GpuSharing;
}

/** Properties of `Accelerator.tpu`. */
export interface TpuProps {
  /** Chips per copy, as the topology has them on one host. */
  readonly count: number;
  /** Physical layout, such as `2x2`. */
  readonly topology: string;
}

/** Properties of `Accelerator.resourceClaim`. */
export interface ResourceClaimProps extends AcceleratorProps {
  /**
   * A CEL expression that devices must satisfy: `device.attributes["gpu.nvidia.com"].productName == "NVIDIA A100-SXM4-80GB"`.
   * @default - any device of the class
   */
  readonly selector?: string;
  /**
   * Who makes the devices: which servers and images fit them.
   * @default AcceleratorKind.NVIDIA
   */
  readonly vendor?: AcceleratorKind;
}

const COUNT = is.integer(1, 16);
const PRODUCT = is.required(is.text("a product, such as 'A100-80GB', or the value of the node label itself", /^[A-Za-z0-9][\w.-]{0,62}$/));
const PLAIN: Shape<AcceleratorProps & { product: string }> = { product: PRODUCT, count: COUNT };
const MEMORY: Shape<AcceleratorProps & { memory: Size }> = { memory: is.required(is.size), count: COUNT };
const MIG: Shape<AcceleratorProps & { product: string; profile: string }> = { ...PLAIN, profile: is.required(is.text("a MIG profile, such as '1g.10gb'", /^[1-7]g\.\d{1,3}gb(\.me)?$/)) };
const SHARED: Shape<SharedGpuProps & { product: string }> = { product: PRODUCT, sharing: is.oneOf(Object.values(GpuSharing)) };
const TPU: Shape<TpuProps & { type: string }> = {
  type: is.required(is.text("a TPU type, such as 'tpu-v5-lite-podslice'", /^tpu[\w-]+$/)), count: is.required(is.integer(1, 8)), topology: is.required(is.text("a topology, such as '2x2'", /^\d+x\d+(x\d+)?$/)),
};
const CLAIM: Shape<ResourceClaimProps & { deviceClass: string }> = {
  deviceClass: is.required(is.text("the name of a DeviceClass, such as 'gpu.nvidia.com'", /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)), count: COUNT, selector: is.text('a CEL expression'),
  vendor: is.oneOf(Object.values(AcceleratorKind).filter((kind) => kind !== AcceleratorKind.RESOURCE_CLAIM)),
};

interface AcceleratorData {
  kind: AcceleratorKind;
  vendor?: AcceleratorKind;
  product?: string;
  memory?: Size;
  count?: number;
  migProfile?: string;
  sharing?: GpuSharing;
  topology?: string;
  deviceClass?: string;
  selector?: string;
  alternatives?: Accelerator[];
}

/** The devices that each copy of a service needs. */
export class Accelerator {
  /**
   * Whole NVIDIA GPUs of one product.
   * @param product such as `A100-80GB`, `H100`, `L4`, or the value of the node label itself.
   */
  public static nvidia(product: string, props: AcceleratorProps = {}): Accelerator {
    const checked = checkShape('Accelerator.nvidia', PLAIN, { ...props, product });
    return new Accelerator({ kind: AcceleratorKind.NVIDIA, ...checked.props }, checked.findings);
  }

  /** Whole NVIDIA GPUs of any product. */
  public static nvidiaAny(props: AcceleratorProps = {}): Accelerator {
    const checked = checkShape('Accelerator.nvidiaAny', { count: COUNT }, props);
    return new Accelerator({ kind: AcceleratorKind.NVIDIA, ...checked.props }, checked.findings);
  }

  /**
   * Whole NVIDIA GPUs of any product with at least so much memory each.
   * @param memory of one GPU.
   */
  public static nvidiaMemory(memory: Size, props: AcceleratorProps = {}): Accelerator {
    const checked = checkShape('Accelerator.nvidiaMemory', MEMORY, { ...props, memory });
    return new Accelerator({ kind: AcceleratorKind.NVIDIA, ...checked.props }, checked.findings);
  }

  /**
   * Parts of an NVIDIA GPU, cut by MIG: memory and cores of their own.
   * @param product such as `A100-80GB`.
   * @param profile such as `1g.10gb`.
   */
  public static nvidiaMig(product: string, profile: string, props: AcceleratorProps = {}): Accelerator {
    const checked = checkShape('Accelerator.nvidiaMig', MIG, { ...props, product, profile });
    return new Accelerator({ kind: AcceleratorKind.NVIDIA, product: checked.props.product, count: checked.props.count, migProfile: checked.props.profile ?? '1g.10gb' }, checked.findings);
  }

  /**
   * A share of one NVIDIA GPU, with other pods on it.
   * @param product such as `T4`.
   */
  public static nvidiaShared(product: string, props: SharedGpuProps = {}): Accelerator {
    const checked = checkShape('Accelerator.nvidiaShared', SHARED, { ...props, product });
    return new Accelerator({ kind: AcceleratorKind.NVIDIA, product: checked.props.product, sharing: checked.props.sharing ?? GpuSharing.TIME_SLICING }, checked.findings);
  }

  /**
   * AMD GPUs.
   * @param product such as `MI300X`.
   */
  public static amd(product: string, props: AcceleratorProps = {}): Accelerator {
    const checked = checkShape('Accelerator.amd', PLAIN, { ...props, product });
    return new Accelerator({ kind: AcceleratorKind.AMD, ...checked.props }, checked.findings);
  }

  /**
   * Intel Gaudi.
   * @param product `gaudi2` or `gaudi3`.
   */
  public static gaudi(product: string, props: AcceleratorProps = {}): Accelerator {
    const checked = checkShape('Accelerator.gaudi', PLAIN, { ...props, product });
    return new Accelerator({ kind: AcceleratorKind.GAUDI, ...checked.props }, checked.findings);
  }

  /**
   * Google TPUs of one host.
   * @param type value of `cloud.google.com/gke-tpu-accelerator`, such as `tpu-v5-lite-podslice`.
   */
  public static tpu(type: string, props: TpuProps): Accelerator {
    const checked = checkShape('Accelerator.tpu', TPU, { ...props, type });
    const { type: product, ...rest } = checked.props;
    return new Accelerator({ kind: AcceleratorKind.TPU, product, ...rest }, checked.findings);
  }

  /**
   * Devices claimed by dynamic resource allocation (DRA); needs Kubernetes 1.32.
   * @param deviceClass name of the DeviceClass, such as `gpu.nvidia.com`.
   */
  public static resourceClaim(deviceClass: string, props: ResourceClaimProps = {}): Accelerator {
    const checked = checkShape('Accelerator.resourceClaim', CLAIM, { ...props, deviceClass });
    return new Accelerator({ kind: AcceleratorKind.RESOURCE_CLAIM, vendor: AcceleratorKind.NVIDIA, deviceClass: 'unknown', ...checked.props }, checked.findings);
  }

  /** Any of several: copies land where there is room. All must be of one vendor and count. */
  public static anyOf(alternatives: Accelerator[]): Accelerator {
    const shape = { alternatives: is.required(is.list(is.instance(Accelerator), { min: 1 })) };
    const checked = checkShape('Accelerator.anyOf', shape, { alternatives });
    const options = (checked.props.alternatives ?? []).flatMap((option) => option.alternatives);
    const findings = checked.findings;
    const kinds = new Set(options.map((option) => `${option.count} x ${option.vendor}${option.migProfile ? ` ${option.migProfile}` : ''}${option.sharing ? ` ${option.sharing}` : ''}${option.deviceClass ? ' claimed' : ''}`));
    if (kinds.size > 1 || options.some((option) => option.deviceClass !== undefined)) {
      findings.push(MIXED.found({ what: 'Accelerator.anyOf: the alternatives differ in more than the product', got: [...kinds], allowed: 'one vendor, one count, one kind of share', fix: 'use two services behind one route, or make the counts equal' }));
    }
    const first = options[0];
    return new Accelerator({ kind: first?.kind ?? AcceleratorKind.NVIDIA, count: first?.count, migProfile: first?.migProfile, sharing: first?.sharing, product: first?.product, alternatives: options }, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** How a pod asks for it. */
  public readonly kind: AcceleratorKind;
  /** Who makes it: which servers and images fit. */
  public readonly vendor: AcceleratorKind;
  /** The product's name. */
  public readonly product?: string;
  /** Memory of one device at least, if it was said. */
  public readonly memory?: Size;
  /** Devices per copy. */
  public readonly count: number;
  /** MIG profile. */
  public readonly migProfile?: string;
  /** How one GPU is shared. */
  public readonly sharing?: GpuSharing;
  /** Topology of TPUs. */
  public readonly topology?: string;
  /** DeviceClass of a claim. */
  public readonly deviceClass?: string;
  /** CEL expression of a claim. */
  public readonly selector?: string;
  /** The alternatives; itself when there is no other. */
  public readonly alternatives: Accelerator[];

  private constructor(data: AcceleratorData, findings: Finding[]) {
    this._findings = findings;
    this.kind = data.kind;
    this.vendor = data.vendor ?? data.kind;
    this.product = data.product === undefined ? undefined : productName(data.product);
    this.memory = data.memory;
    this.count = data.count ?? 1;
    this.migProfile = data.migProfile;
    this.sharing = data.sharing;
    this.topology = data.topology;
    this.deviceClass = data.deviceClass;
    this.selector = data.selector;
    this.alternatives = data.alternatives !== undefined && data.alternatives.length > 0 ? data.alternatives : [this];
  }

  /** As text: `2 x A100-80GB or 2 x H100-80GB`. */
  public toString(): string {
    return this.alternatives.map((option) => `${option.count} x ${option.what()}`).join(' or ');
  }

  private what(): string {
    const memory = this.memory === undefined ? '' : ` with ${Math.round(bytesOf(this.memory) / 2 ** 30)} GiB`;
    return [this.deviceClass ?? this.product ?? `${this.kind} device`, this.migProfile && `MIG ${this.migProfile}`, this.sharing && `shared by ${this.sharing}`].filter(Boolean).join(' ') + memory;
  }
}
