import { LABEL_KEY, named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Where something that exposes metrics is found: the Service in front of it. */
export interface MetricsSourceProps {
  /** Namespace that it runs in. */
  readonly namespace: string;
  /**
   * Labels of its Service.
   * @default - those that its own chart gives it
   */
  readonly labels?: { [key: string]: string };
  /**
   * Name of the Service's port.
   * @default - the one of its own chart
   */
  readonly port?: string;
}

/** Properties of `MetricsSource.of`. */
export interface OwnMetricsSourceProps {
  /** Namespace that it runs in. */
  readonly namespace: string;
  /** Labels of its Service. */
  readonly labels: { [key: string]: string };
  /** Name of the Service's port. */
  readonly port: string;
  /**
   * Path of its metrics.
   * @default /metrics
   */
  readonly path?: string;
  /**
   * Whether labels that it exposes win over those of its scrape. Without, its own are `exported_namespace` and so on, as `GatewayMetrics.ingressNginx()` expects them.
   * @default true
   */
  readonly honorLabels?: boolean;
}

/** What sort of thing a source is. */
export enum MetricsSourceKind {
  /** Pods behind a Service. */
  SERVICE = 'service',
  /** The kubelet of every node. */
  KUBELET = 'kubelet',
}

/**
 * On the Service of its Helm chart and on that of its own manifests, whose names differ.
 * Source: https://github.com/argoproj/argo-helm/blob/main/charts/argo-rollouts/templates/_helpers.tpl
 */
const ARGO_ROLLOUTS = { 'app.kubernetes.io/part-of': 'argo-rollouts' };

const PORT = is.text('the name of a port', /^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/);
/** Without any, everything in the namespace that has a port of that name would be scraped. */
const SOME_LABELS = is.map(named.labelValue, { pattern: LABEL_KEY, allowed: 'a label key' }, 1);
const SOURCE: Shape<MetricsSourceProps> = { namespace: is.required(named.label), labels: SOME_LABELS, port: PORT };
const OWN: Shape<OwnMetricsSourceProps> = { namespace: is.required(named.label), labels: is.required(SOME_LABELS), port: is.required(PORT), path: named.absolutePath, honorLabels: is.flag };

/**
 * Something in the cluster that tells of pods, GPUs or releases, and that alerts and dashboards read. A stack that is installed scrapes just what it is told of;
 * one that is joined is presumed to scrape them already.
 */
export class MetricsSource {
  /** kube-state-metrics: pods, Deployments, autoscalers. Without it nothing tells of copies that don't come. */
  public static kubeStateMetrics(props: MetricsSourceProps): MetricsSource {
    return MetricsSource.service('kube-state-metrics', props, { 'app.kubernetes.io/name': 'kube-state-metrics' }, 'http');
  }

  /** The kubelets' cAdvisor: CPU and memory of containers. */
  public static kubelet(): MetricsSource {
    return new MetricsSource('kubelet', MetricsSourceKind.KUBELET, { namespace: 'kube-system', labels: { 'k8s-app': 'kubelet' }, port: 'https-metrics', path: '/metrics/cadvisor' }, []);
  }

  /** NVIDIA's DCGM exporter, as the GPU operator installs it. Its own labels must win over those of the scrape, which this source sees to. */
  public static dcgmExporter(props: MetricsSourceProps): MetricsSource {
    return MetricsSource.service('dcgm-exporter', props, { app: 'nvidia-dcgm-exporter' }, 'gpu-metrics');
  }

  /** The controller of Argo Rollouts: phases and copies of releases. Its Helm chart has the Service only with `controller.metrics.enabled`. */
  public static argoRollouts(props: MetricsSourceProps): MetricsSource {
    return MetricsSource.service('argo-rollouts', props, ARGO_ROLLOUTS, 'metrics');
  }

  /** cert-manager: when certificates end. */
  public static certManager(props: MetricsSourceProps): MetricsSource {
    return MetricsSource.service('cert-manager', props, { 'app.kubernetes.io/name': 'cert-manager' }, 'tcp-prometheus-servicemonitor');
  }

  /**
   * Anything else with a Service in front of it: a gateway, an exporter.
   * @param name a DNS label, for the object that scrapes it.
   */
  public static of(name: string, props: OwnMetricsSourceProps): MetricsSource {
    const checked = checkShape('MetricsSource.of', { ...OWN, name: is.required(named.label) }, { ...props, name });
    const { namespace = 'unknown', labels = {}, port = 'unknown', path, honorLabels } = checked.props;
    return new MetricsSource(checked.props.name ?? 'unknown', MetricsSourceKind.SERVICE, { namespace, labels, port, path, honorLabels }, checked.findings, true);
  }

  private static service(name: string, props: MetricsSourceProps, labels: { [key: string]: string }, port: string): MetricsSource {
    const checked = checkShape(`MetricsSource: ${name}`, SOURCE, props);
    return new MetricsSource(name, MetricsSourceKind.SERVICE, { namespace: checked.props.namespace ?? 'unknown', labels: checked.props.labels ?? labels, port: checked.props.port ?? port }, checked.findings);
  }

  private constructor(
    /** What it is. */
    public readonly name: string,
    /** What sort of thing it is. */
    public readonly kind: MetricsSourceKind,
    /** @internal */
    public readonly _props: OwnMetricsSourceProps,
    /** @internal */
    public readonly _findings: readonly Finding[],
    /** @internal Whether it is none that the library knows. */
    public readonly _own = false,
  ) {}
}
