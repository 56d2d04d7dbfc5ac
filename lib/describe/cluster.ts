import { existsSync, readFileSync } from 'fs';
import { Duration } from 'cdk8s';
import { named } from './checks/names';
import { own } from './checks/own';
import { checkShape, is, secondsOf, Shape } from './checks/shape';
import { readCluster } from './cluster-file';
import { GpuPool } from './gpu-pool';
import { Finding, ProblemKind } from './problem';
import { RolloutController } from './rollout/controller';

const UNKNOWN_VERSION = ProblemKind.error('SERVING_KUBERNETES_VERSION', 'A Kubernetes version that is not supported', 'Fields and API versions that are emitted follow the version.');
const CLUSTER_FILE = ProblemKind.error('SERVING_CLUSTER_FILE', 'A cluster file that can not be read', 'The cluster would be guessed.');
const SAME_POOL = ProblemKind.error('SERVING_POOL_TWICE', 'Two GPU pools that no pod can tell apart', 'Devices would be counted twice.');

/** An operator or controller that runs in a cluster. An open set. */
export class ClusterOperator {
  /** External Secrets Operator. */
  public static readonly EXTERNAL_SECRETS = new ClusterOperator('external-secrets');
  /** Stakater's Reloader. */
  public static readonly RELOADER = new ClusterOperator('reloader');
  /** KEDA. */
  public static readonly KEDA = new ClusterOperator('keda');
  /** An adapter that serves the custom metrics API (`custom.metrics.k8s.io`). */
  public static readonly CUSTOM_METRICS = new ClusterOperator('custom-metrics');
  /** metrics-server, or another that serves `metrics.k8s.io`. */
  public static readonly METRICS_SERVER = new ClusterOperator('metrics-server');
  /** Argo Rollouts. */
  public static readonly ARGO_ROLLOUTS = new ClusterOperator('argo-rollouts');
  /** Flagger. */
  public static readonly FLAGGER = new ClusterOperator('flagger');
  /** prometheus-operator. */
  public static readonly PROMETHEUS_OPERATOR = new ClusterOperator('prometheus-operator');
  /** VictoriaMetrics operator. */
  public static readonly VICTORIA_METRICS_OPERATOR = new ClusterOperator('victoria-metrics-operator');
  /** KServe. */
  public static readonly KSERVE = new ClusterOperator('kserve');
  /** Seldon Core v1. */
  public static readonly SELDON_CORE_V1 = new ClusterOperator('seldon-core-v1');
  /** Seldon Core v2. */
  public static readonly SELDON_CORE_V2 = new ClusterOperator('seldon-core-v2');

  /**
   * Any other operator.
   * @param name in lower case.
   */
  public static of(name: string): ClusterOperator {
    return new ClusterOperator(name);
  }

  private constructor(
    /** Its name. */
    public readonly name: string,
  ) {}
}

/** A Gateway (Gateway API) that routes attach to. */
export interface GatewayReference {
  /** Name of the Gateway. */
  readonly name: string;
  /** Namespace of the Gateway. */
  readonly namespace: string;
  /**
   * Name of the listener.
   * @default - all listeners that take the host name
   */
  readonly sectionName?: string;
  /**
   * Namespace that the gateway's proxies run in, from which requests come.
   * @default - the Gateway's namespace
   */
  readonly proxyNamespace?: string;
}

/** What things cost, in one currency. */
export interface Prices {
  /**
   * One CPU for an hour.
   * @default - not known
   */
  readonly cpuHour?: number;
  /**
   * One GiB of memory for an hour.
   * @default - not known
   */
  readonly memoryGibHour?: number;
  /**
   * One device for an hour, by product: `{ 'A100-80GB': 3.2 }`.
   * @default - as the pools say
   */
  readonly deviceHour?: { [product: string]: number };
}

/** Properties of `Cluster.of`. */
export interface ClusterProps {
  /**
   * Name, for messages and fleets.
   * @default cluster
   */
  readonly name?: string;
  /**
   * Kubernetes version, `1.30` to `1.34`.
   * @default 1.30
   */
  readonly version?: string;
  /**
   * Groups of nodes with accelerators.
   * @default - not known: accelerators are asked for by the labels of NVIDIA's GPU operator, and nothing is counted
   */
  readonly gpuPools?: GpuPool[];
  /**
   * The Gateway that `Exposure.gateway` attaches to.
   * @default - none
   */
  readonly gateway?: GatewayReference;
  /**
   * The class of `Exposure.ingress`.
   * @default - the cluster's default class
   */
  readonly ingressClass?: string;
  /**
   * Namespace that the ingress controller runs in, from which requests come. Needed by services with both an Ingress and grants.
   * @default - not known
   */
  readonly ingressNamespace?: string;
  /**
   * Operators that run.
   * @default - not known: what needs one is taken at its word
   */
  readonly operators?: ClusterOperator[];
  /**
   * Mirrors of image registries: `{ 'docker.io': 'mirror.example.com/docker' }`.
   * @default - none
   */
  readonly imageMirrors?: { [registry: string]: string };
  /**
   * Digests of images, by name with tag as the library names them: `{ 'docker.io/seldonio/mlserver:1.7.1-sklearn': 'sha256:...' }`.
   * @default - by tag
   */
  readonly imageDigests?: { [image: string]: string };
  /**
   * Names of pull Secrets, in each service's namespace.
   * @default - none
   */
  readonly imagePullSecrets?: string[];
  /**
   * URL of the metrics' store (Prometheus or VictoriaMetrics): `http://prometheus.monitoring:9090`. NetworkPolicies let its namespace scrape.
   * @default - none
   */
  readonly metricsUrl?: string;
  /**
   * How often metrics are scraped: windows of queries are at least four times as long.
   * @default Duration.seconds(30)
   */
  readonly scrapeInterval?: Duration;
  /**
   * What replaces versions, and splits requests between two of them.
   * @default - Argo Rollouts or Flagger where `operators` names one, else nothing but Deployments
   */
  readonly rollouts?: RolloutController;
  /**
   * What things cost.
   * @default - not known
   */
  readonly prices?: Prices;
  /**
   * Whether image volumes can be mounted (the ImageVolume feature is on).
   * @default false
   */
  readonly imageVolumes?: boolean;
  /**
   * Whether dynamic resource allocation (resource.k8s.io) is switched on.
   * @default - from Kubernetes 1.34 on, where it is on by itself
   */
  readonly dynamicResourceAllocation?: boolean;
  /**
   * Domain of the cluster's names.
   * @default cluster.local
   */
  readonly domain?: string;
}

const GATEWAY: Shape<GatewayReference> = { name: is.required(named.subdomain), namespace: is.required(named.label), sectionName: named.subdomain, proxyNamespace: named.label };
const PRICES: Shape<Prices> = { cpuHour: is.number(0), memoryGibHour: is.number(0), deviceHour: is.map(is.number(0)) };
const SHAPE: Shape<ClusterProps> = {
  name: named.label, version: is.text("a version, such as '1.34'", /^1\.\d+$/), gpuPools: is.list(is.instance(GpuPool, "GpuPool.gke('L4', { count: 8 })")), gateway: is.like('{ name, namespace }', 'name', 'namespace'),
  ingressClass: named.subdomain, ingressNamespace: named.label, operators: is.list(is.instance(ClusterOperator, 'ClusterOperator.KEDA')),
  imageMirrors: is.map(is.text('a registry or a path in one', /^[\w.-]+(:\d+)?(\/[\w.-]+)*$/), { pattern: /^[\w.-]+(:\d+)?(\/[\w.-]+)*$/, allowed: 'a registry or a path in one' }),
  imageDigests: is.map(is.text("a digest, 'sha256:' and 64 hexadecimal digits", /^sha256:[0-9a-f]{64}$/)),
  imagePullSecrets: is.list(named.subdomain), metricsUrl: is.text("a URL without user or password, such as 'http://prometheus.monitoring:9090'", /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[\w.\/-]*)?$/),
  scrapeInterval: is.duration(1, 3600), rollouts: is.instance(RolloutController, 'RolloutController.argo()'),
  prices: is.json, imageVolumes: is.flag, dynamicResourceAllocation: is.flag, domain: named.subdomain,
};

/** Oldest and newest Kubernetes that is emitted for. */
const OLDEST = 30;
const NEWEST = 34;
/** The interval of kube-prometheus and of VictoriaMetrics' k8s-stack. */
const SCRAPE_SECONDS = 30;

/** What is true of a cluster. */
export class Cluster {
  /** A cluster, described in the program. */
  public static of(props: ClusterProps = {}): Cluster {
    return new Cluster(props, []);
  }

  /**
   * A cluster, described in a JSON file (schema: `schemas/cluster.schema.json` of the package).
   * @param path of the file.
   */
  public static fromFile(path: string): Cluster {
    const failed = (why: string): Cluster => new Cluster({}, [CLUSTER_FILE.found({ what: `the cluster file can not be read: ${why}`, got: path, fix: 'give the path of a JSON file of the published schema' })]);
    if (typeof path !== 'string' || !existsSync(path)) return failed('it does not exist');
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      return failed(`it is no JSON (${(error as Error).message})`);
    }
    const { props, operators, findings } = readCluster(content);
    return new Cluster({ ...props, operators: operators?.map((name) => ClusterOperator.of(name)) }, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Its name. */
  public readonly name: string;
  /** Whether it was given a name. */
  public readonly named: boolean;
  /** Kubernetes version. */
  public readonly version: string;
  /** Groups of nodes with accelerators. */
  public readonly gpuPools: GpuPool[];
  /** The Gateway. */
  public readonly gateway?: GatewayReference;
  /** The class of Ingresses. */
  public readonly ingressClass?: string;
  /** Namespace of the ingress controller. */
  public readonly ingressNamespace?: string;
  /** Names of the pull Secrets. */
  public readonly imagePullSecrets: string[];
  /** URL of the metrics' store. */
  public readonly metricsUrl?: string;
  /** Seconds between two scrapes of metrics. */
  public readonly scrapeSeconds: number;
  /** What replaces versions, if it was said. */
  public readonly rollouts?: RolloutController;
  /** What things cost. */
  public readonly prices: Prices;
  /** Whether image volumes can be mounted. */
  public readonly imageVolumes: boolean;
  /** Whether dynamic resource allocation is switched on. */
  public readonly dynamicResourceAllocation: boolean;
  /** Domain of the cluster's names. */
  public readonly domain: string;
  private readonly operators?: ClusterOperator[];
  private readonly mirrors: { [registry: string]: string };
  private readonly digests: { [image: string]: string };

  private constructor(given: ClusterProps, before: readonly Finding[]) {
    const { props, findings } = checkShape('Cluster.of', SHAPE, given);
    const gateway = props.gateway === undefined ? undefined : checkShape('Cluster.of: gateway', GATEWAY, props.gateway);
    const prices = props.prices === undefined ? undefined : checkShape('Cluster.of: prices', PRICES, props.prices);
    findings.push(...before, ...(gateway?.findings ?? []), ...(prices?.findings ?? []));
    this.name = props.name ?? 'cluster';
    this.named = props.name !== undefined;
    this.version = props.version ?? '1.30';
    const minor = Number(this.version.split('.')[1]);
    if (minor < OLDEST || minor > NEWEST) {
      findings.push(UNKNOWN_VERSION.found({ what: 'Cluster.of: this version of Kubernetes is not supported', got: this.version, allowed: `1.${OLDEST} to 1.${NEWEST}`, fix: minor > NEWEST ? `say 1.${NEWEST}, whose fields newer clusters take` : 'upgrade the cluster' }));
    }
    this.gpuPools = props.gpuPools ?? [];
    const seen = new Set<string>();
    for (const pool of this.gpuPools) {
      if (seen.has(pool._key)) findings.push(SAME_POOL.found({ what: `Cluster.of: two pools of '${pool.product}' select the same nodes`, fix: "add up their counts, or tell their nodes apart by 'nodeLabels'" }));
      seen.add(pool._key);
    }
    this.gateway = gateway?.findings.length === 0 ? props.gateway : undefined;
    this.ingressClass = props.ingressClass;
    this.ingressNamespace = props.ingressNamespace;
    this.operators = props.operators;
    this.mirrors = props.imageMirrors ?? {};
    this.digests = Object.fromEntries(Object.entries(props.imageDigests ?? {}).map(([name, digest]) => [qualify(name), digest]));
    this.imagePullSecrets = props.imagePullSecrets ?? [];
    this.metricsUrl = props.metricsUrl;
    this.scrapeSeconds = props.scrapeInterval === undefined ? SCRAPE_SECONDS : secondsOf(props.scrapeInterval);
    this.rollouts = props.rollouts;
    this.prices = prices?.props ?? {};
    this.imageVolumes = props.imageVolumes ?? false;
    this.dynamicResourceAllocation = props.dynamicResourceAllocation ?? this.minorVersion >= 34;
    this.domain = props.domain ?? 'cluster.local';
    this._findings = findings;
  }

  /** @internal The same cluster, whose metrics are asked for at this URL where it names none itself. */
  public _askedAt(url: string): Cluster {
    return this.metricsUrl !== undefined ? this : Object.assign(Object.create(Cluster.prototype) as Cluster, this, { metricsUrl: url });
  }

  /** The minor part of the Kubernetes version. */
  public get minorVersion(): number {
    return Math.min(NEWEST, Math.max(OLDEST, Number(this.version.split('.')[1]) || OLDEST));
  }

  /** Whether an operator runs; true as well when the cluster doesn't say which ones do. */
  public runs(operator: ClusterOperator): boolean {
    return this.operators === undefined || this.operators.some((one) => one.name === operator.name);
  }

  /** @internal Whether the cluster says of itself that an operator runs. */
  public _names(operator: ClusterOperator): boolean {
    return this.operators?.some((one) => one.name === operator.name) ?? false;
  }

  /** The name by which the cluster pulls an image: its digest and mirror, where there are such. */
  public image(name: string): string {
    const qualified = qualify(name);
    const digest = own(this.digests, qualified);
    const pinned = digest === undefined || qualified.includes('@') ? qualified : `${qualified.replace(/:[\w.-]+$/, '')}@${digest}`;
    // the longest name wins: 'docker.io/seldonio' before 'docker.io'
    const mirror = Object.keys(this.mirrors).sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).find((registry) => pinned.startsWith(`${registry}/`));
    return mirror === undefined ? pinned : `${this.mirrors[mirror]}${pinned.slice(mirror.length)}`;
  }

  /** Namespace of the metrics' store, when its URL tells. */
  public get metricsNamespace(): string | undefined {
    const host = this.metricsUrl?.replace(/^https?:\/\//, '').split(/[:\/]/)[0]!.split('.');
    return host !== undefined && host.length >= 2 && (host.length === 2 || host[2] === 'svc') ? host[1] : undefined;
  }
}

/** An image's name with its registry, as `docker pull` would read it. */
function qualify(name: string): string {
  const first = name.split('/')[0]!;
  if (name.includes('/') && (/[.:]/.test(first) || first === 'localhost')) return name;
  return `docker.io/${name.includes('/') ? name : `library/${name}`}`;
}
