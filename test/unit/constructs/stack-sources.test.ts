import { Chart, Size, Testing } from 'cdk8s';
import {
  Accelerator, Alerting, Cluster, ClusterOperator, GatewayMetrics, InferenceService, InferenceServiceProps, MetricsBackend, MetricsSource, MetricsStorage, Model, ModelSource, MonitoringStack, MonitoringStackProps,
  Objective, Problem, Problems, Receiver, Scaling, SecretKey, ServingEngine, Sli, Team, TeamAlerts,
} from 'cdk8s-serving';
import { iris, synth } from '../../support/serving';

const installed = MetricsBackend.prometheusOperator({ storage: MetricsStorage.claim({ size: Size.gibibytes(10) }) });
const joined = MetricsBackend.kubePrometheusStack({ release: 'monitoring' });
const pods = MetricsSource.kubeStateMetrics({ namespace: 'kube-system' });
const gateway = (honorLabels?: boolean): MetricsSource => MetricsSource.of('gateway', { namespace: 'ingress', labels: { app: 'gateway' }, port: 'metrics', honorLabels });

function watched(stack: MonitoringStackProps, service: Partial<InferenceServiceProps>): Chart {
  const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.PROMETHEUS_OPERATOR] }) });
  new MonitoringStack(chart, 'Watch', { sources: stack.metrics === joined ? [] : [pods], ...stack });
  new InferenceService(chart, 'Iris', { model: iris(), ...service });
  return chart;
}
const told = (chart: Chart): Problem[] => Problems.of(chart).filter(({ path }) => path === 'ml/Watch');
const codes = (stack: MonitoringStackProps, service: Partial<InferenceServiceProps>): string[] => told(watched(stack, service)).map(({ code }) => code);

describe('objectives at a gateway', () => {
  const by = (metrics: GatewayMetrics): Partial<InferenceServiceProps> => ({ sli: Sli.gateway(metrics), objectives: [Objective.availability(99)] });

  test('are told, when the stack is installed and scrapes nothing but what the library knows', () => {
    expect(told(watched({ metrics: installed }, by(GatewayMetrics.istio())))).toEqual([expect.objectContaining({
      code: 'SERVING_GATEWAY_NOT_SCRAPED', what: "objectives of 'iris' are measured at a gateway, and the stack is installed and not told where that is",
    })]);
  });

  test('are fine with a source of its own, and where the store is joined', () => {
    expect(codes({ metrics: installed, sources: [pods, gateway()] }, by(GatewayMetrics.istio()))).toEqual([]);
    expect(codes({ metrics: joined }, by(GatewayMetrics.istio()))).toEqual([]);
    expect(codes({ metrics: installed }, { sli: Sli.gateway(GatewayMetrics.istio()) })).toEqual([]);
  });

  test('by labels that are `exported_` want a scrape that moves them there', () => {
    expect(told(watched({ metrics: installed, sources: [pods, gateway()] }, by(GatewayMetrics.ingressNginx()))).map(({ fix }) => fix)).toEqual([expect.stringContaining('honorLabels: false')]);
    const right = watched({ metrics: installed, sources: [pods, gateway(false)] }, by(GatewayMetrics.ingressNginx()));
    expect(told(right)).toEqual([]);
    expect(synth(right).find(({ metadata }) => metadata.name === 'watch-gateway')!.spec.endpoints[0].honorLabels).toBe(false);
  });
});

test('GPUs without the exporter that tells of them are told', () => {
  const gpu = { model: Model.onnx({ source: ModelSource.s3('s3://models/x/v1'), size: Size.mebibytes(100) }), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
  expect(codes({ metrics: installed }, gpu)).toEqual(['SERVING_NO_DCGM_EXPORTER']);
  expect(codes({ metrics: installed, sources: [pods, MetricsSource.dcgmExporter({ namespace: 'gpu-operator' })] }, gpu)).toEqual([]);
  expect(codes({ metrics: joined }, gpu)).toEqual([]);
});

test.each([
  ['a letter away from the owner', 'rsik', 'risk', ['SERVING_TEAM_MISSPELT']],
  ['the owner', 'risk', 'risk', []],
  ['another one, that owns nothing here', 'research', 'risk', []],
  ['short, as is the owner', 'ml', 'hr', []],
])('receivers of a team whose name is %s', (_, team, owner, expected) => {
  const critical = [Receiver.slack({ apiUrl: SecretKey.fromSecretName('slack', 'url') })];
  expect(codes({ metrics: joined, alerting: Alerting.of({ fallback: { critical }, teams: [TeamAlerts.of(Team.of(team), { critical })] }) }, { owner: Team.of(owner) })).toEqual(expected);
});
