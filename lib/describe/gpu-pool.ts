import { Accelerator, AcceleratorKind, GpuSharing } from './accelerator';
import { LABEL_KEY, named } from './checks/names';
import { bytesOf, checkShape, is, Shape } from './checks/shape';
import { memoryOf, NVIDIA_PRODUCTS, nvidiaProduct, productName } from './gpu-products';
import { Finding, ProblemKind } from './problem';

const SPARE_ABOVE_COUNT = ProblemKind.error('SERVING_POOL_SPARE_ABOVE_COUNT', 'A GPU pool with more spare devices than devices', 'Spare devices are part of the pool.');
const UNKNOWN_PRODUCT = ProblemKind.error('SERVING_POOL_PRODUCT', 'A GPU product that a cloud does not have', 'No node would carry the label.');

/** What is said of every pool. */
export interface GpuPoolProps {
  /** Devices in the pool, spare ones included: GPUs, MIG devices or shares. */
  readonly count: number;
  /**
   * Devices that are kept free, so that a new copy can start before an old one goes.
   * @default 0
   */
  readonly spare?: number;
  /**
   * Devices on each node: the most that one copy can have.
   * @default - not checked
   */
  readonly perNode?: number;
  /**
   * MIG profile that the GPUs are cut by; `count` then counts its devices.
   * @default - whole GPUs
   */
  readonly migProfile?: string;
  /**
   * How GPUs are shared; `count` then counts shares.
   * @default - not shared
   */
  readonly sharing?: GpuSharing;
  /**
   * Further labels of the nodes.
   * @default - the preset's alone
   */
  readonly nodeLabels?: { [key: string]: string };
  /**
   * Further taints that pods must tolerate: `{ key: 'team', value: 'ml' }`.
   * @default - the preset's alone
   */
  readonly taints?: NodeTaint[];
  /**
   * Price of one device for an hour, in the cluster's currency.
   * @default - the cluster's price for the product
   */
  readonly pricePerHour?: number;
}

/** Properties of `GpuPool.nvidiaOperator`. */
export interface NvidiaOperatorPoolProps extends GpuPoolProps {
  /**
   * Whether MIG devices are offered as `nvidia.com/gpu` (strategy "single") and not as `nvidia.com/mig-<profile>` ("mixed").
   * @default false
   */
  readonly migSingle?: boolean;
}

/** Properties of `GpuPool.eks`, `GpuPool.aks`. */
export interface CloudPoolProps extends GpuPoolProps {
  /**
   * Instance types of the nodes.
   * @default - all that carry the product
   */
  readonly instanceTypes?: string[];
}

/** Properties of `GpuPool.of`. */
export interface CustomPoolProps extends GpuPoolProps {
  /** Who makes the devices. */
  readonly vendor: AcceleratorKind;
  /** The product's name, as services will ask for it. */
  readonly product: string;
  /**
   * Name of the extended resource.
   * @default - the vendor's: `nvidia.com/gpu`, `amd.com/gpu`, `habana.ai/gaudi`, `google.com/tpu`
   */
  readonly resource?: string;
  /**
   * Memory of one device in GiB.
   * @default - known by the product, else not checked
   */
  readonly memoryGib?: number;
  /**
   * Topology, for TPUs.
   * @default - none
   */
  readonly topology?: string;
}

/** A taint of nodes. */
export interface NodeTaint {
  /** Its key. */
  readonly key: string;
  /**
   * Its value.
   * @default - any
   */
  readonly value?: string;
  /**
   * Its effect: `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
   * @default - any
   */
  readonly effect?: string;
}

const RESOURCES: { [kind: string]: string } = { nvidia: 'nvidia.com/gpu', amd: 'amd.com/gpu', gaudi: 'habana.ai/gaudi', tpu: 'google.com/tpu', resourceClaim: '' };
const TAINT: Shape<NodeTaint> = { key: is.required(is.text('a taint key', LABEL_KEY)), value: named.labelValue, effect: is.oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']) };
const POOL: Shape<GpuPoolProps> = {
  count: is.required(is.integer(0, 1_000_000)), spare: is.integer(0, 1_000_000), perNode: is.integer(1, 1024), migProfile: is.text("a MIG profile, such as '1g.10gb'", /^[1-7]g\.\d{1,3}gb(\.me)?$/),
  sharing: is.oneOf(Object.values(GpuSharing)), nodeLabels: named.labels, taints: is.list(is.like('{ key, value, effect }', 'key')), pricePerHour: is.number(0),
};
const PRODUCT = is.required(is.text("a product, such as 'A100-80GB'", /^[A-Za-z0-9][\w.-]{0,62}$/));
const OPERATOR: Shape<NvidiaOperatorPoolProps & { product: string }> = { ...POOL, product: PRODUCT, migSingle: is.flag };
const CLOUD: Shape<CloudPoolProps & { product: string }> = { ...POOL, product: PRODUCT, instanceTypes: is.list(named.labelValue, { min: 1 }) };
const CUSTOM: Shape<CustomPoolProps> = {
  ...POOL, product: PRODUCT, vendor: is.required(is.oneOf(Object.values(AcceleratorKind).filter((kind) => kind !== AcceleratorKind.RESOURCE_CLAIM))),
  resource: is.text("an extended resource, such as 'nvidia.com/gpu'", LABEL_KEY), memoryGib: is.number(1, 4096), topology: is.text("a topology, such as '2x2'", /^\d+x\d+(x\d+)?$/),
};

interface PoolData extends Partial<GpuPoolProps> {
  vendor: AcceleratorKind;
  product: string;
  resource?: string;
  memoryGib?: number;
  topology?: string;
  selector: { [key: string]: string[] };
  presetTaints: NodeTaint[];
}

/** A group of nodes with accelerators: how many there are and how pods get there. */
export class GpuPool {
  /**
   * Nodes labelled by NVIDIA's GPU operator (GPU feature discovery), tainted `nvidia.com/gpu`.
   * @param product such as `A100-80GB`.
   */
  public static nvidiaOperator(product: string, props: NvidiaOperatorPoolProps): GpuPool {
    const checked = checkShape('GpuPool.nvidiaOperator', OPERATOR, { ...props, product });
    const { migProfile, migSingle, sharing } = checked.props;
    const name = productName(checked.props.product ?? 'unknown');
    // the discovery adds these to the product's label: one label then tells whole, cut and shared GPUs apart
    const suffix = migProfile !== undefined && migSingle ? `-MIG-${migProfile}` : sharing === undefined ? '' : '-SHARED';
    return new GpuPool({
      ...checked.props, vendor: AcceleratorKind.NVIDIA, product: name, resource: migProfile === undefined || migSingle ? undefined : `nvidia.com/mig-${migProfile}`,
      selector: { 'nvidia.com/gpu.product': (nvidiaProduct(name)?.operator ?? [name]).map((label) => `${label}${suffix}`) }, presetTaints: [{ key: 'nvidia.com/gpu' }],
    }, checked.findings);
  }

  /**
   * A GPU node pool of Google Kubernetes Engine.
   * @param product such as `L4`.
   */
  public static gke(product: string, props: GpuPoolProps): GpuPool {
    const checked = checkShape('GpuPool.gke', { ...POOL, product: PRODUCT } as Shape<GpuPoolProps & { product: string }>, { ...props, product });
    const { migProfile, sharing } = checked.props;
    const name = productName(checked.props.product ?? 'unknown');
    const known = nvidiaProduct(name);
    if (known !== undefined && known.gke === undefined) checked.findings.push(missing('GKE', name, 'gke'));
    return new GpuPool({
      ...checked.props, vendor: AcceleratorKind.NVIDIA, product: name, presetTaints: [{ key: 'nvidia.com/gpu' }],
      selector: {
        'cloud.google.com/gke-accelerator': [known?.gke ?? name],
        ...(migProfile === undefined ? {} : { 'cloud.google.com/gke-gpu-partition-size': [migProfile] }),
        ...(sharing === undefined ? {} : { 'cloud.google.com/gke-gpu-sharing-strategy': [sharing === GpuSharing.MPS ? 'mps' : 'time-sharing'] }),
      },
    }, checked.findings);
  }

  /**
   * A GPU node group of Amazon EKS, told apart by instance type.
   * @param product such as `A10G`.
   */
  public static eks(product: string, props: CloudPoolProps): GpuPool {
    return GpuPool.byInstanceType('GpuPool.eks', 'EKS', 'eks', product, props, [{ key: 'nvidia.com/gpu' }], {});
  }

  /**
   * A GPU node pool of Azure Kubernetes Service, told apart by VM size, tainted `sku=gpu`.
   * @param product such as `A100-80GB`.
   */
  public static aks(product: string, props: CloudPoolProps): GpuPool {
    return GpuPool.byInstanceType('GpuPool.aks', 'AKS', 'aks', product, props, [{ key: 'sku', value: 'gpu', effect: 'NoSchedule' }, { key: 'nvidia.com/gpu' }], { 'kubernetes.azure.com/accelerator': ['nvidia'] });
  }

  /** A pool of your own: say the labels in `nodeLabels` and the taints in `taints`. */
  public static of(props: CustomPoolProps): GpuPool {
    const checked = checkShape('GpuPool.of', CUSTOM, props);
    const vendor = checked.props.vendor ?? AcceleratorKind.NVIDIA;
    return new GpuPool({ ...checked.props, vendor, product: productName(checked.props.product ?? 'unknown'), selector: {}, presetTaints: [] }, checked.findings);
  }

  private static byInstanceType(owner: string, cloud: string, key: 'eks' | 'aks', product: string, props: CloudPoolProps, taints: NodeTaint[], labels: { [key: string]: string[] }): GpuPool {
    const checked = checkShape(owner, CLOUD, { ...props, product });
    const name = productName(checked.props.product ?? 'unknown');
    const types = checked.props.instanceTypes ?? nvidiaProduct(name)?.[key];
    if (types === undefined && checked.findings.length === 0) checked.findings.push(missing(cloud, name, key));
    const resource = checked.props.migProfile === undefined ? undefined : `nvidia.com/mig-${checked.props.migProfile}`;
    return new GpuPool({ ...checked.props, vendor: AcceleratorKind.NVIDIA, product: name, resource, presetTaints: taints, selector: { ...labels, 'node.kubernetes.io/instance-type': [...(types ?? ['unknown'])] } }, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Who makes the devices. */
  public readonly vendor: AcceleratorKind;
  /** The product's name. */
  public readonly product: string;
  /** Name of the extended resource that pods ask for. */
  public readonly resource: string;
  /** Devices in the pool. */
  public readonly count: number;
  /** Devices kept free. */
  public readonly spare: number;
  /** Devices on each node, if it was said. */
  public readonly perNode?: number;
  /** Memory of one device in GiB, if known. */
  public readonly memoryGib?: number;
  /** MIG profile. */
  public readonly migProfile?: string;
  /** How GPUs are shared. */
  public readonly sharing?: GpuSharing;
  /** Topology of TPUs. */
  public readonly topology?: string;
  /** Price of one device for an hour. */
  public readonly pricePerHour?: number;
  /** @internal Labels of the nodes: any of the values of each key. */
  public readonly _selector: { [key: string]: string[] };
  /** Taints that pods must tolerate. */
  public readonly taints: NodeTaint[];

  private constructor(data: PoolData, findings: Finding[]) {
    this.vendor = data.vendor;
    this.product = data.product;
    this.resource = data.resource ?? RESOURCES[data.vendor]!;
    this.count = data.count ?? 0;
    this.spare = data.spare ?? 0;
    this.perNode = data.perNode;
    this.memoryGib = data.memoryGib ?? memoryOf(data.product);
    this.migProfile = data.migProfile;
    this.sharing = data.sharing;
    this.topology = data.topology;
    this.pricePerHour = data.pricePerHour;
    this._selector = { ...data.selector, ...Object.fromEntries(Object.entries(data.nodeLabels ?? {}).map(([key, value]) => [key, [value]])) };
    this.taints = [...data.presetTaints, ...(data.taints ?? [])];
    for (const taint of data.taints ?? []) findings.push(...checkShape('GpuPool: taints', TAINT, taint).findings);
    if (findings.length === 0 && this.spare > this.count) findings.push(SPARE_ABOVE_COUNT.found({ what: `the pool of ${this.product} has more spare devices than devices`, got: `spare ${this.spare}, count ${this.count}`, allowed: 'spare at most count', fix: 'count all devices, and of them the spare ones' }));
    this._findings = findings;
  }

  /** @internal What its nodes are told apart by: two pools of one key are the same nodes. */
  public get _key(): string {
    return JSON.stringify([this.resource, Object.entries(this._selector).sort(), this.sharing, this.migProfile]);
  }

  /** Whether a copy with this accelerator can run here. Alternatives are asked one by one. */
  public fits(accelerator: Accelerator): boolean {
    return accelerator.alternatives.some((option) => option.kind === this.vendor
      && (option.product === undefined || option.product === this.product)
      && (option.memory === undefined || (this.memoryGib ?? 0) * 2 ** 30 >= bytesOf(option.memory))
      && option.migProfile === this.migProfile && option.sharing === this.sharing
      && (option.topology === undefined || option.topology === this.topology));
  }
}

function missing(cloud: string, product: string, key: 'gke' | 'eks' | 'aks'): Finding {
  const known = Object.keys(NVIDIA_PRODUCTS).filter((name) => NVIDIA_PRODUCTS[name]![key] !== undefined);
  return UNKNOWN_PRODUCT.found({ what: `${cloud} is not known to have nodes with '${product}'`, got: product, allowed: known.join(', '), fix: key === 'gke' ? 'name one of these, or the value of cloud.google.com/gke-accelerator itself' : "name one of these, or give 'instanceTypes'" });
}
