import { Chart, Size, Testing } from 'cdk8s';
import { Cluster, ClusterProps, InferenceService, InferenceServiceProps, MetricsBackend, MetricsStorage, MonitoringStack, MonitoringStackProps, Problems, ServingEngine, Team } from 'cdk8s-serving';
import { iris, synth } from './serving';

/** Prometheus with room for all that objectives ask for. */
export const STORAGE = MetricsStorage.claim({ size: Size.gibibytes(50) });

/** What watches a service, as it is written. */
export class Watched {
  private written?: any[];

  constructor(readonly chart: Chart, readonly stack: MonitoringStack, readonly service: InferenceService) {}

  get manifests(): any[] { return this.written ??= synth(this.chart); }
  all(kind: string): any[] { return this.manifests.filter((one) => one.kind === kind); }
  one(kind: string, name?: string): any { return this.all(kind).find((one) => name === undefined || one.metadata.name === name); }
  get codes(): string[] { return Problems.of(this.chart).map((one) => one.code); }

  /** The groups of a service's rules, as the operator is given them. */
  get groups(): any[] { return (this.one('PrometheusRule', this.service.name) ?? this.one('VMRule', this.service.name)).spec.groups; }
  get rules(): any[] { return this.groups.flatMap((group) => group.rules); }
  alert(name: string, severity?: string): any { return this.rules.find((rule) => rule.alert === name && (severity === undefined || rule.labels.severity === severity)); }
  record(name: string): any { return this.rules.find((rule) => rule.record === name); }
}

/** A service `iris` in namespace `ml`, owned by the team `risk`, and a stack beside it. */
export function watch(props: Partial<InferenceServiceProps> = {}, stack: MonitoringStackProps = {}, cluster: ClusterProps = {}, namespace: string | null = 'ml'): Watched {
  const chart = new Chart(Testing.app(), 'ml', { namespace: namespace ?? undefined });
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of(cluster), owner: Team.of('risk') });
  const made = new MonitoringStack(chart, 'Watch', { metrics: MetricsBackend.prometheusOperator({ storage: STORAGE }), ...stack });
  return new Watched(chart, made, new InferenceService(chart, 'Iris', { model: iris({ version: 'v1' }), ...props }));
}
