import { Size } from 'cdk8s';
import {
  Accelerator, Cluster, ClusterOperator, Cost, CostBudget, GpuPool, Grafana, InferenceServer, InferenceService, MetricsBackend, MetricsSource, MetricsStorage, Model, ModelSource, MonitoringStack, Objective, RemoteWrite, Scaling, ServingEngine, Team,
} from 'cdk8s-serving';
import { everyReceiver } from '../../support/alerting';
import { apply, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { measured } from '../../support/cluster/report';
import { synthesized } from '../../support/cluster/synthesized';

const kept = { storage: MetricsStorage.claim({ size: Size.gibibytes(50), storageClass: 'fast' }), remoteWrite: [RemoteWrite.to('https://metrics.example.com/api/v1/write', { tokenSecretName: 'remote', only: ['inference_service.*'] })] };

/** Each way to have metrics with each way to have dashboards, at least once. */
const VARIANTS: { readonly [what: string]: readonly [MetricsBackend, Grafana] } = {
  'Prometheus, installed': [MetricsBackend.prometheusOperator(kept), Grafana.install({ adminSecretName: 'grafana', storage: Size.gibibytes(5), url: 'https://grafana.example.com', config: { 'auth.anonymous': { enabled: 'true' } } })],
  'Prometheus, two of each': [MetricsBackend.prometheusOperator({ ...kept, highAvailability: true }), Grafana.sidecar({ datasourceLabel: 'grafana_datasource' })],
  'VictoriaMetrics, installed': [MetricsBackend.victoriaMetrics(kept), Grafana.install({ adminSecretName: 'grafana' })],
  'VictoriaMetrics as a cluster': [MetricsBackend.victoriaMetrics({ ...kept, highAvailability: true }), Grafana.operator({ instanceSelector: { dashboards: 'grafana' } })],
  'kube-prometheus': [MetricsBackend.kubePrometheus(), Grafana.files()],
  'kube-prometheus-stack': [MetricsBackend.kubePrometheusStack({ release: 'prom' }), Grafana.sidecar()],
  'any Prometheus': [MetricsBackend.joinPrometheusOperator({ namespace: 'observability', url: 'http://prometheus.observability:9090', labels: { watch: 'ml' }, serviceAccount: 'prometheus' }), Grafana.operator({ instanceSelector: { dashboards: 'grafana' }, namespace: 'observability' })],
  'VictoriaMetrics k8s-stack': [MetricsBackend.victoriaMetricsK8sStack({ release: 'vm' }), Grafana.sidecar({ namespace: 'observability' })],
  'any VictoriaMetrics': [MetricsBackend.joinVictoriaMetrics({ namespace: 'observability', url: 'http://vmselect.observability:8481/select/0/prometheus' }), Grafana.sidecar()],
};

/** A stack with all that it can have, and services of three servers. */
function watchedFleet(metrics: MetricsBackend, grafana: Grafana): Manifest[] {
  return synthesized((chart) => {
    const cluster = Cluster.of({ name: 'strict', version: '1.34', operators: [ClusterOperator.PROMETHEUS_OPERATOR, ClusterOperator.VICTORIA_METRICS_OPERATOR, ClusterOperator.METRICS_SERVER], gpuPools: [GpuPool.nvidiaOperator('A100-80GB', { count: 8, spare: 1 })] });
    new ServingEngine(chart, 'Engine', { cluster, owner: Team.of('risk') });
    const of = { namespace: 'exporters' };
    new MonitoringStack(chart, 'Watch', {
      metrics, grafana, alerting: everyReceiver(), budgets: { risk: CostBudget.monthly(9000) },
      cost: Cost.optScale({ url: 'https://optscale.example.com/storage/api/v2/write', dataSourceId: '0d3c', secretName: 'optscale', prices: Cost.openCost({ currency: '$' }) }),
      sources: [MetricsSource.kubeStateMetrics(of), MetricsSource.kubelet(), MetricsSource.dcgmExporter(of), MetricsSource.argoRollouts(of), MetricsSource.certManager(of), MetricsSource.of('gateway', { ...of, labels: { app: 'envoy' }, port: 'http-metrics' })],
    });
    new InferenceService(chart, 'Fraud', { model: Model.sklearn({ source: ModelSource.s3('s3://models/fraud/v7'), version: 'v7' }), scaling: Scaling.onCpu({ min: 2, max: 4 }), objectives: [Objective.availability(99.9)], budget: CostBudget.monthly(500) });
    new InferenceService(chart, 'Vision', { model: Model.onnx({ source: ModelSource.s3('s3://models/vision/v1'), version: 'v1', size: Size.gibibytes(1) }), server: InferenceServer.triton(), owner: Team.of('shop') });
    new InferenceService(chart, 'Assistant', {
      model: Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5781bf21249d130ec9da846c4624c16137', size: Size.gibibytes(16) }), accelerator: Accelerator.nvidia('A100-80GB', { count: 1 }), scaling: Scaling.fixed(2), objectives: [Objective.availability(99)],
    });
  });
}

describe('monitoring stacks', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('monitoring'); });
  afterAll(removeNamespaces);

  // together, as a call takes longer than what it checks; names come again, so nothing is stored
  test.each(Object.entries(VARIANTS))('the API server takes all objects of %s, strictly', async (what, [metrics, grafana]) => {
    const manifests = await setNamespace(watchedFleet(metrics, grafana), namespace);
    const groups = manifests.map(({ apiVersion }) => apiVersion);
    const [own, other] = what.includes('Victoria') ? ['operator.victoriametrics.com/v1beta1', 'monitoring.coreos.com/v1'] : ['monitoring.coreos.com/v1', 'operator.victoriametrics.com/v1beta1'];
    expect(groups).toContain(own);
    expect(groups).not.toContain(other);
    measured(`objects of ${what}`, manifests.length);
    expect(await apply(manifests, { dryRun: true })).toEqual([]);
  });

  test('a field that an operator does not know is refused', async () => {
    const manifests = await setNamespace(watchedFleet(...VARIANTS['Prometheus, installed']!), namespace);
    const monitor = manifests.find(({ kind }) => kind === 'PodMonitor')!;
    monitor.spec.podMetricsEndpoints[0].relabelConfigs = []; // as VictoriaMetrics calls it
    await expect(apply([monitor], { dryRun: true })).rejects.toThrow(/relabelConfigs/);
  });
});
