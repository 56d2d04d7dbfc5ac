import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { MetricsSource } from './metrics-source';

/** Where prices come from. */
export enum PriceSource {
  /** The Cluster's `prices` and the prices of its pools: numbers that were written down. */
  CLUSTER = 'cluster',
  /** OpenCost: what the cloud charges for each node, or its own price list. */
  OPENCOST = 'opencost',
}

/** What a cost is made up of. */
export enum CostPart {
  CPU = 'cpu',
  MEMORY = 'memory',
  /** GPUs and their like, whole or parts of them. */
  ACCELERATOR = 'accelerator',
  /** Persistent volumes. */
  VOLUME = 'volume',
}

/** Properties of every `Cost`. */
export interface CostProps {
  /**
   * Currency of the prices, as it is shown: `$`, `€`, `CHF`.
   * @default - none: amounts are plain numbers
   */
  readonly currency?: string;
}

/** Properties of `Cost.openCost`. */
export interface OpenCostProps extends CostProps {
  /**
   * Namespace that OpenCost runs in.
   * @default opencost
   */
  readonly namespace?: string;
  /**
   * Labels of its Service.
   * @default - `app.kubernetes.io/name: opencost`, as its Helm chart has it
   */
  readonly labels?: { [key: string]: string };
  /**
   * Name of the Service's port.
   * @default http
   */
  readonly port?: string;
  /**
   * Whether the stack scrapes it. Say no where the metrics' store does already, as with the ServiceMonitor of OpenCost's chart.
   * @default true
   */
  readonly scrape?: boolean;
}

/** Properties of `Cost.optScale`. */
export interface OptScaleProps {
  /** Where OptScale takes metrics: `https://optscale.example.com/storage/api/v2/write`. */
  readonly url: string;
  /** Id of the data source of type Kubernetes in OptScale. */
  readonly dataSourceId: string;
  /** Name of the Secret, in the stack's namespace, with the keys `username` and `password` of the data source. */
  readonly secretName: string;
  /**
   * Where the stack's own figures take prices from: OptScale's stay in OptScale.
   * @default Cost.prices()
   */
  readonly prices?: Cost;
}

const CURRENCY = is.text('a sign or code of up to 5 letters, such as $ or EUR', /^[\p{Sc}\p{L}.]{1,5}$/u);
const PRICES: Shape<CostProps> = { currency: CURRENCY };
const OPENCOST: Shape<OpenCostProps> = { currency: CURRENCY, namespace: named.label, labels: named.labels, port: is.text('the name of a port', /^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/), scrape: is.flag };

/** What services cost while they run: where prices come from, and who is told besides. */
export class Cost {
  /** By the Cluster's own prices and those of its pools: nothing has to run for it. The same prices as those of `estimateCost()`. */
  public static prices(props: CostProps = {}): Cost {
    const { props: given, findings } = checkShape('Cost.prices', PRICES, props);
    return new Cost(PriceSource.CLUSTER, given.currency, findings, undefined, undefined);
  }

  /**
   * By the prices of each node that OpenCost tells. It runs already; pods that it has no price for are priced as `Cost.prices()` does, where the Cluster has all prices.
   * Source of its metrics: https://github.com/opencost/opencost/blob/5f6533303e3850c8635796a74bb22802d16e9090/pkg/costmodel/metrics.go
   */
  public static openCost(props: OpenCostProps = {}): Cost {
    const { props: given, findings } = checkShape('Cost.openCost', OPENCOST, props);
    const { namespace = 'opencost', labels = { 'app.kubernetes.io/name': 'opencost' }, port = 'http' } = given;
    const source = given.scrape === false ? undefined : MetricsSource.of('opencost', { namespace, labels, port });
    return new Cost(PriceSource.OPENCOST, given.currency, findings, source, undefined);
  }

  /**
   * Sends OptScale what it asks for, besides figures of the stack's own. OptScale splits a node's price in two halves by CPU and memory in use: it has no
   * figure for a GPU, so `exportedParts` has none.
   * Source: https://github.com/hystax/optscale/blob/0dea622b1ff79998a8e351e244d3b24af18b084a/diworker/diworker/importers/kubernetes.py
   */
  public static optScale(props: OptScaleProps): Cost {
    const shape: Shape<OptScaleProps> = {
      url: is.required(is.text("a URL without user or password, such as 'https://optscale.example.com/storage/api/v2/write'", /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[\w.\/-]*)?$/)),
      dataSourceId: is.required(is.text('the id of a data source, as OptScale shows it', /^[A-Za-z0-9-]{1,64}$/)), secretName: is.required(named.subdomain), prices: is.instance(Cost, 'Cost.openCost()'),
    };
    const { props: given, findings } = checkShape('Cost.optScale', shape, props);
    const prices = given.prices ?? Cost.prices();
    return new Cost(prices.priceSource, prices.currency, findings, prices._source, { url: 'http://unknown', dataSourceId: 'unknown', secretName: 'unknown', ...given });
  }

  private constructor(
    /** Where prices come from. */
    public readonly priceSource: PriceSource,
    /** Currency of the prices, as it is shown. */
    public readonly currency: string | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
    /** @internal How OpenCost is scraped; undefined where it isn't, or somebody else does. */
    public readonly _source: MetricsSource | undefined,
    /** @internal */
    public readonly _optScale: OptScaleProps | undefined,
  ) {}

  /** What the stack's own figures are made up of. */
  public get parts(): CostPart[] {
    return this.priceSource === PriceSource.OPENCOST ? [CostPart.CPU, CostPart.MEMORY, CostPart.ACCELERATOR, CostPart.VOLUME] : [CostPart.CPU, CostPart.MEMORY, CostPart.ACCELERATOR];
  }

  /** What the figures elsewhere are made up of: none where nobody else is told. */
  public get exportedParts(): CostPart[] {
    return this._optScale === undefined ? [] : [CostPart.CPU, CostPart.MEMORY];
  }

  /** @internal An amount as it is shown. */
  public _money(amount: string): string {
    return this.currency === undefined ? amount : `${amount} ${this.currency}`;
  }
}
