import type { Manifest } from './kubectl';

/** A scrape as a store's configuration has it; Prometheus and VictoriaMetrics read the same. */
export interface ScrapeConfig {
  readonly job_name: string;
  [key: string]: unknown;
}

/** One address that is scraped, as a file of targets has it. */
export interface MetaTarget {
  readonly targets: string[];
  readonly labels: Record<string, string>;
}

/** A Service with its address, as a store would find it through the API. */
export interface FoundService {
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly port: string;
  readonly address: string;
}

const META = '__meta_kubernetes';
const labelName = (name: string): string => name.replace(/[^a-zA-Z0-9_]/g, '_');
const asEmitted = (duration: string): string => duration;

/**
 * Ports of pods with what a store's own discovery would tell of them, so that its own relabeling chooses among them: Debian's builds can't ask the API.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod
 */
export function podMetaTargets(pods: Manifest[]): MetaTarget[] {
  return pods.filter((pod) => pod.status?.podIP).flatMap(({ metadata, spec, status }) => (spec.containers as any[]).flatMap((container) => (container.ports ?? []).map((port: any) => ({
    targets: [`${status.podIP}:${port.containerPort}`],
    labels: {
      [`${META}_namespace`]: metadata.namespace!, [`${META}_pod_name`]: metadata.name, [`${META}_pod_phase`]: status.phase, [`${META}_pod_container_name`]: container.name, [`${META}_pod_container_port_name`]: port.name ?? '',
      ...Object.fromEntries(Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => [[`${META}_pod_label_${labelName(key)}`, value], [`${META}_pod_labelpresent_${labelName(key)}`, 'true']])),
    },
  }))));
}

/**
 * What an operator configures its store with for a PodMonitor or a VMPodScrape: pods of its namespace by labels, one port by its name, labels of where a series
 * comes from, and then the object's own relabelings.
 * Source: generatePodMonitorConfig in https://github.com/prometheus-operator/prometheus-operator/blob/v0.85.0/pkg/prometheus/promcfg.go
 */
export function podScrape(monitor: Manifest, targets: object, interval: (emitted: string) => string = asEmitted): ScrapeConfig {
  const { namespace, name } = monitor.metadata;
  const [endpoint] = monitor.spec.podMetricsEndpoints;
  const keep = (label: string, value: string): object => ({ action: 'keep', source_labels: [`${META}_pod_label_${labelName(label)}`, `${META}_pod_labelpresent_${labelName(label)}`], regex: `(${value});true` });
  return {
    job_name: `${monitor.kind}/${namespace}/${name}`, metrics_path: endpoint.path, scrape_interval: interval(endpoint.interval), scrape_timeout: interval(endpoint.scrapeTimeout),
    file_sd_configs: [targets],
    relabel_configs: [
      { action: 'keep', source_labels: [`${META}_namespace`], regex: namespace }, { action: 'drop', source_labels: [`${META}_pod_phase`], regex: '(Failed|Succeeded)' },
      ...Object.entries<string>(monitor.spec.selector.matchLabels).map(([label, value]) => keep(label, value)),
      { action: 'keep', source_labels: [`${META}_pod_container_port_name`], regex: endpoint.port },
      ...[['namespace', 'namespace'], ['pod_container_name', 'container'], ['pod_name', 'pod']].map(([meta, label]) => ({ source_labels: [`${META}_${meta}`], target_label: label })),
      { target_label: 'job', replacement: `${namespace}/${name}` }, { target_label: 'endpoint', replacement: endpoint.port },
      ...(endpoint.relabelings ?? endpoint.relabelConfigs).map(relabelConfig),
    ],
  };
}

/** A relabeling as an operator's object has it, in the words of a store. */
function relabelConfig({ action, sourceLabels, targetLabel }: any): object {
  return { action, source_labels: sourceLabels, target_label: targetLabel };
}

/** What an operator configures for a ServiceMonitor, a VMServiceScrape or a VMNodeScrape: the addresses behind its Services, or the nodes. */
export function serviceScrape(monitor: Manifest, services: readonly FoundService[], token: string, interval: (emitted: string) => string = asEmitted): ScrapeConfig {
  const { spec, metadata } = monitor;
  const endpoint = spec.endpoints?.[0] ?? spec;
  const behind = services.filter((one) => (monitor.kind === 'VMNodeScrape' ? one.labels['k8s-app'] === 'kubelet' : spec.namespaceSelector.matchNames.includes(one.namespace) && one.port === endpoint.port
    && Object.entries(spec.selector.matchLabels).every(([key, value]) => one.labels[key] === value)));
  return {
    job_name: `${monitor.kind}/${metadata.namespace}/${metadata.name}`, metrics_path: endpoint.path, scrape_interval: interval(endpoint.interval), scrape_timeout: interval(endpoint.scrapeTimeout), honor_labels: endpoint.honorLabels,
    scheme: endpoint.scheme ?? 'http', ...(endpoint.tlsConfig === undefined ? {} : { tls_config: { insecure_skip_verify: endpoint.tlsConfig.insecureSkipVerify } }), ...(endpoint.bearerTokenFile === undefined ? {} : { authorization: { credentials: token } }),
    // labels of the scrape, which those of the exporter must win over
    static_configs: behind.map((one) => ({ targets: [one.address], labels: { namespace: one.namespace, pod: 'the-exporter', container: 'exporter' } })),
  };
}
