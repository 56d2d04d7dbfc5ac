import { Duration } from 'cdk8s';
import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { MetricsStorage } from './metrics-storage';
import { RemoteWrite } from './remote-write';

const RETENTION = ProblemKind.error('SERVING_RETENTION_WITHOUT_STORAGE', 'Metrics are to be kept without a place to keep them', 'The first restart of the pod would lose them all, and with them what is left of each error budget.');

/** Whose objects scrapes and rules are written as. */
export enum MetricsOperator {
  /** prometheus-operator. */
  PROMETHEUS = 'prometheus-operator',
  /** VictoriaMetrics operator. */
  VICTORIA_METRICS = 'victoria-metrics-operator',
}

/** What is installed. Both operators take the same properties: one line changes from one to the other. */
export interface MetricsInstallProps {
  /**
   * How long metrics are kept: at least a day, which is VictoriaMetrics' least, and as long as the longest period of an objective. Needs `storage`.
   * @default - 30 days with `storage`, else one day
   */
  readonly retention?: Duration;
  /**
   * Where metrics are kept.
   * @default - in the pod: a restart loses them
   */
  readonly storage?: MetricsStorage;
  /**
   * Two copies of everything, so that a node's drain leaves no gap: of Prometheus two that both scrape, of VictoriaMetrics a cluster that stores all twice.
   * @default false
   */
  readonly highAvailability?: boolean;
  /**
   * Stores elsewhere that get a copy.
   * @default - none
   */
  readonly remoteWrite?: RemoteWrite[];
  /**
   * Labels of everything that leaves the cluster (alerts, remote writes): `{ cluster: 'eu-1' }`.
   * @default - the cluster's name, if it has one
   */
  readonly externalLabels?: { [name: string]: string };
}

/** What runs already. */
export interface MetricsJoinProps {
  /** Namespace that it runs in. */
  readonly namespace: string;
  /** Where it is asked: `http://prometheus-operated.monitoring:9090`. */
  readonly url: string;
  /**
   * Labels that its selectors ask for on monitors and rules.
   * @default - none: it selects all
   */
  readonly labels?: { [name: string]: string };
  /**
   * ServiceAccount that needs leave to find pods in the services' namespaces.
   * @default - none: it may look everywhere
   */
  readonly serviceAccount?: string;
}

/** What kube-prometheus-stack is installed as. */
export interface HelmReleaseProps {
  /** Name of the Helm release: its selectors ask for it as the label `release`. */
  readonly release: string;
  /**
   * Namespace of the release.
   * @default monitoring
   */
  readonly namespace?: string;
  /**
   * Where the store is asked.
   * @default - the Service that the chart names
   */
  readonly url?: string;
}

/** Where kube-prometheus is. */
export interface KubePrometheusProps {
  /**
   * Its namespace.
   * @default monitoring
   */
  readonly namespace?: string;
}

/** Two underscores are Prometheus' own: what begins with them never leaves it. */
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const URL = is.text("a URL without user or password, such as 'http://prometheus-operated.monitoring:9090'", /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[\w.\/:-]*)?$/);
const INSTALL: Shape<MetricsInstallProps> = {
  retention: is.duration(86_400, 5 * 365 * 86_400), storage: is.instance(MetricsStorage, 'MetricsStorage.claim({ size: Size.gibibytes(50) })'), highAvailability: is.flag,
  remoteWrite: is.list(is.instance(RemoteWrite, "RemoteWrite.to('https://metrics.example.com/api/v1/write')")), externalLabels: is.map(is.text(), { pattern: LABEL_NAME, allowed: 'a label name of Prometheus' }),
};
const JOIN: Shape<MetricsJoinProps> = { namespace: is.required(named.label), url: is.required(URL), labels: named.labels, serviceAccount: named.subdomain };
const RELEASE: Shape<HelmReleaseProps> = { release: is.required(named.label), namespace: named.label, url: URL };
const KUBE_PROMETHEUS: Shape<KubePrometheusProps> = { namespace: named.label };

/** Seconds that metrics are kept for with a place to keep them, and without. */
const KEPT_SECONDS = 30 * 86_400;
const EPHEMERAL_SECONDS = 86_400;

/** What stores metrics, evaluates rules and sends alerts: installed by the stack, or there already. */
export class MetricsBackend {
  /** Installs Prometheus and Alertmanager, by prometheus-operator. */
  public static prometheusOperator(props: MetricsInstallProps = {}): MetricsBackend {
    return MetricsBackend.installed(MetricsOperator.PROMETHEUS, 'MetricsBackend.prometheusOperator', props);
  }

  /** Installs VMSingle (or VMCluster), VMAgent, VMAlert and VMAlertmanager, by the VictoriaMetrics operator. */
  public static victoriaMetrics(props: MetricsInstallProps = {}): MetricsBackend {
    return MetricsBackend.installed(MetricsOperator.VICTORIA_METRICS, 'MetricsBackend.victoriaMetrics', props);
  }

  /** Joins kube-prometheus: it selects everything, but may look for pods only where a Role lets it, which the stack makes. */
  public static kubePrometheus(props: KubePrometheusProps = {}): MetricsBackend {
    const checked = checkShape('MetricsBackend.kubePrometheus', KUBE_PROMETHEUS, props);
    const namespace = checked.props.namespace ?? 'monitoring';
    // its Alertmanager has no selector: https://github.com/prometheus-operator/kube-prometheus/blob/0a5bf85a28216f08e7ce1bfa3ae39adc0f063857/manifests/alertmanager-alertmanager.yaml
    return new MetricsBackend(MetricsOperator.PROMETHEUS, checked.findings, undefined, { namespace, url: `http://prometheus-k8s.${namespace}:9090`, serviceAccount: 'prometheus-k8s' }, false);
  }

  /** Joins the Helm chart kube-prometheus-stack: it selects what has the label `release`. */
  public static kubePrometheusStack(props: HelmReleaseProps): MetricsBackend {
    const checked = checkShape('MetricsBackend.kubePrometheusStack', RELEASE, props);
    const { release = 'unknown', namespace = 'monitoring', url } = checked.props;
    // the chart cuts its names: https://github.com/prometheus-community/helm-charts/blob/kube-prometheus-stack-79.0.0/charts/kube-prometheus-stack/templates/_helpers.tpl
    const fullName = (release.includes('kube-prometheus-stack') ? release : `${release}-kube-prometheus-stack`).slice(0, 26).replace(/-$/, '');
    return new MetricsBackend(MetricsOperator.PROMETHEUS, checked.findings, undefined, { namespace, url: url ?? `http://${fullName}-prometheus.${namespace}:9090`, labels: { release } });
  }

  /** Joins the Helm chart victoria-metrics-k8s-stack: it selects everything. */
  public static victoriaMetricsK8sStack(props: HelmReleaseProps): MetricsBackend {
    const checked = checkShape('MetricsBackend.victoriaMetricsK8sStack', RELEASE, props);
    const { release = 'unknown', namespace = 'monitoring', url } = checked.props;
    const fullName = release.includes('victoria-metrics-k8s-stack') ? release : `${release}-victoria-metrics-k8s-stack`;
    return new MetricsBackend(MetricsOperator.VICTORIA_METRICS, checked.findings, undefined, { namespace, url: url ?? `http://vmsingle-${fullName}.${namespace}:8428` });
  }

  /** Joins any Prometheus of prometheus-operator. */
  public static joinPrometheusOperator(props: MetricsJoinProps): MetricsBackend {
    return MetricsBackend.joined(MetricsOperator.PROMETHEUS, 'MetricsBackend.joinPrometheusOperator', props);
  }

  /** Joins any store of the VictoriaMetrics operator. */
  public static joinVictoriaMetrics(props: MetricsJoinProps): MetricsBackend {
    return MetricsBackend.joined(MetricsOperator.VICTORIA_METRICS, 'MetricsBackend.joinVictoriaMetrics', props);
  }

  private static installed(operator: MetricsOperator, owner: string, props: MetricsInstallProps): MetricsBackend {
    const { props: given, findings } = checkShape(owner, INSTALL, props);
    if (given.retention !== undefined && given.storage === undefined) {
      findings.push(RETENTION.found({ what: `${owner}: 'retention' without 'storage'`, got: given.retention, fix: "give 'storage: MetricsStorage.claim({ size: Size.gibibytes(50) })', or leave 'retention' out" }));
    }
    return new MetricsBackend(operator, findings, given, undefined);
  }

  private static joined(operator: MetricsOperator, owner: string, props: MetricsJoinProps): MetricsBackend {
    const { props: given, findings } = checkShape(owner, JOIN, props);
    return new MetricsBackend(operator, findings, undefined, { namespace: 'unknown', url: '', ...given });
  }

  private constructor(
    /** Whose objects are written. */
    public readonly operator: MetricsOperator,
    /** @internal */
    public readonly _findings: readonly Finding[],
    /** @internal What is installed; undefined where something is joined. */
    public readonly _install: MetricsInstallProps | undefined,
    /** @internal What is joined. */
    public readonly _join: MetricsJoinProps | undefined,
    /** @internal Whether the Alertmanager that is joined takes routes from objects, as far as is known. */
    public readonly _takesRoutes = true,
  ) {}

  /** @internal Seconds that metrics are kept for; not known of what is joined. */
  public get _keptSeconds(): number | undefined {
    if (this._install === undefined) return undefined;
    return this._install.retention === undefined ? (this._install.storage === undefined ? EPHEMERAL_SECONDS : KEPT_SECONDS) : this._install.retention.toSeconds();
  }
}
