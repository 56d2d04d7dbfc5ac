import { Duration, Size } from 'cdk8s';
import {
  Alerting, AlertSeverity, AlertTuning, AlertTuningProps, Cluster, GatewayMetrics, GatewayMetricsProps, Grafana, HelmReleaseProps, KubePrometheusProps, LatencyObjectiveProps, MetricsBackend, MetricsClaimProps, MetricsInstallProps, MetricsJoinProps, MetricsSource,
  MetricsSourceProps, MetricsStorage, MonitoringStackProps, Objective, ObjectiveProps, OwnMetricsSourceProps, Receiver, RemoteWrite, RemoteWriteProps, SecretKey, Sli,
} from 'cdk8s-serving';
import { everyProp } from '../../support/props';
import { STORAGE, watch, Watched } from '../../support/watched';

const stack = (metrics: MetricsBackend): Watched => watch({}, { metrics });
const spec = (one: Watched, kind: string): any => one.one(kind)?.spec;
const claimed = (size: number): MetricsStorage => MetricsStorage.claim({ size: Size.gibibytes(size) });
const remote = RemoteWrite.to('https://metrics.example.com/api/v1/write');

describe('each prop of what is installed', () => {
  describe('of Prometheus', () => everyProp<MetricsInstallProps, Watched>({}, (props) => stack(MetricsBackend.prometheusOperator(props)), {
    retention: { value: Duration.days(90), beside: { storage: STORAGE }, see: (one) => spec(one, 'Prometheus').retention, is: '2160h' }, storage: { value: claimed(70), see: (one) => spec(one, 'Prometheus').storage?.volumeClaimTemplate.spec.resources.requests.storage, is: '70Gi' },
    highAvailability: { value: true, see: (one) => spec(one, 'Prometheus').replicas, is: 2 }, remoteWrite: { value: [remote], see: (one) => spec(one, 'Prometheus').remoteWrite, is: [{ url: remote.url }] },
    externalLabels: { value: { cluster: 'eu-1' }, see: (one) => spec(one, 'Prometheus').externalLabels?.cluster, is: 'eu-1' },
  }));
  describe('of VictoriaMetrics', () => everyProp<MetricsInstallProps, Watched>({}, (props) => stack(MetricsBackend.victoriaMetrics(props)), {
    retention: { value: Duration.days(90), beside: { storage: STORAGE }, see: (one) => spec(one, 'VMSingle').retentionPeriod, is: '2160h' }, storage: { value: claimed(70), see: (one) => spec(one, 'VMSingle').storage?.resources.requests.storage, is: '70Gi' },
    highAvailability: { value: true, see: (one) => spec(one, 'VMCluster')?.replicationFactor, is: 2 }, remoteWrite: { value: [remote], see: (one) => spec(one, 'VMAgent').remoteWrite.map(({ url }: any) => url).includes(remote.url), is: true },
    externalLabels: { value: { cluster: 'eu-1' }, see: (one) => spec(one, 'VMAgent').externalLabels?.cluster, is: 'eu-1' },
  }));
});

describe('each prop of storage', () => {
  everyProp<MetricsClaimProps, Watched>({ size: Size.gibibytes(50) }, (props) => stack(MetricsBackend.prometheusOperator({ storage: MetricsStorage.claim(props) })), {
    size: { value: Size.gibibytes(70), see: (one) => spec(one, 'Prometheus').storage.volumeClaimTemplate.spec.resources.requests.storage, is: '70Gi' }, storageClass: { value: 'ssd', see: (one) => spec(one, 'Prometheus').storage.volumeClaimTemplate.spec.storageClassName, is: 'ssd' },
  });
});

describe('each prop of a remote write', () => {
  everyProp<RemoteWriteProps, any>({}, (props) => spec(stack(MetricsBackend.prometheusOperator({ remoteWrite: [RemoteWrite.to(remote.url, props)] })), 'Prometheus').remoteWrite[0], {
    tokenSecretName: { value: 'store', see: (one) => one.authorization?.credentials, is: { name: 'store', key: 'token' } }, tokenKey: { value: 'key', beside: { tokenSecretName: 'store' }, see: (one) => one.authorization.credentials.key, is: 'key' },
    basicAuthSecretName: { value: 'store', see: (one) => one.basicAuth?.username, is: { name: 'store', key: 'username' } }, only: { value: ['inference_service.*', 'up'], see: (one) => one.writeRelabelConfigs?.[0].regex, is: 'inference_service.*|up' },
  });
});

const rulesOf = (one: Watched): any => one.one('PrometheusRule', 'iris').metadata;
const roleNamespaces = (one: Watched): string[] => one.all('RoleBinding').map(({ subjects }) => subjects[0].namespace);
describe('each prop of what is joined', () => {
  everyProp<MetricsJoinProps, Watched>({ namespace: 'observe', url: 'http://prometheus.observe:9090' }, (props) => stack(MetricsBackend.joinPrometheusOperator({ ...props, serviceAccount: props.serviceAccount ?? 'prometheus' })), {
    namespace: { value: 'other', see: roleNamespaces, is: ['other'] }, url: { value: 'http://other:9090', see: (one) => one.stack.metricsUrl, is: 'http://other:9090' },
    labels: { value: { release: 'kps' }, see: (one) => rulesOf(one).labels.release, is: 'kps' }, serviceAccount: { value: 'scraper', see: (one) => one.all('RoleBinding').map(({ subjects }) => subjects[0].name), is: ['scraper'] },
  });
});

describe('each prop of kube-prometheus', () => {
  everyProp<KubePrometheusProps, Watched>({}, (props) => stack(MetricsBackend.kubePrometheus(props)), { namespace: { value: 'observe', see: (one) => [one.stack.metricsUrl, ...roleNamespaces(one)], is: ['http://prometheus-k8s.observe:9090', 'observe'] } });
});

describe('each prop of a Helm release', () => {
  everyProp<HelmReleaseProps, Watched>({ release: 'kps' }, (props) => stack(MetricsBackend.kubePrometheusStack(props)), {
    release: { value: 'prom', see: (one) => [rulesOf(one).labels.release, one.stack.metricsUrl], is: ['prom', 'http://prom-kube-prometheus-stack-prometheus.monitoring:9090'] },
    namespace: { value: 'observe', see: (one) => one.stack.metricsUrl, is: 'http://kps-kube-prometheus-stack-prometheus.observe:9090' }, url: { value: 'http://other:9090', see: (one) => one.stack.metricsUrl, is: 'http://other:9090' },
  });
});

const sourced = (source: MetricsSource): any => watch({}, { sources: [source] }).all('ServiceMonitor').find(({ metadata }) => metadata.name.endsWith(source.name)).spec;
describe('each prop of a source of metrics', () => {
  everyProp<MetricsSourceProps, any>({ namespace: 'kube-system' }, (props) => sourced(MetricsSource.kubeStateMetrics(props)), {
    namespace: { value: 'observe', see: (one) => one.namespaceSelector.matchNames, is: ['observe'] }, labels: { value: { app: 'ksm' }, see: (one) => one.selector.matchLabels, is: { app: 'ksm' } }, port: { value: 'http-metrics', see: (one) => one.endpoints[0].port, is: 'http-metrics' },
  });
  everyProp<OwnMetricsSourceProps, any>({ namespace: 'edge', labels: { app: 'envoy' }, port: 'metrics' }, (props) => sourced(MetricsSource.of('gateway', props)), {
    namespace: { value: 'other', see: (one) => one.namespaceSelector.matchNames, is: ['other'] }, labels: { value: { app: 'gw' }, see: (one) => one.selector.matchLabels, is: { app: 'gw' } },
    port: { value: 'admin', see: (one) => one.endpoints[0].port, is: 'admin' }, path: { value: '/stats/prometheus', see: (one) => one.endpoints[0].path, is: '/stats/prometheus' },
    honorLabels: { value: false, see: (one) => one.endpoints[0].honorLabels, is: false },
  });
});

describe('each prop of a tuning', () => {
  everyProp<AlertTuningProps, any>({ severity: AlertSeverity.CRITICAL }, (props) => watch({}, { tuning: [AlertTuning.of('InferenceServiceDown', props)] }).alert('InferenceServiceDown'), {
    severity: { value: AlertSeverity.WARNING, see: (one) => one.labels.severity, is: 'warning' }, holdsFor: { value: Duration.minutes(7), see: (one) => one.for, is: '420s' },
  });
});

const valid = (one: Watched): any => one.record('inference_service:slo_valid:rate5m');
describe('each prop of an objective', () => {
  everyProp<ObjectiveProps, Watched>({}, (props) => watch({ objectives: [Objective.availability(99.9, props)] }), { over: { value: Duration.days(7), see: (one) => one.record('inference_service:slo_budget_left:ratio').expr.includes('[7d]'), is: true } });
  everyProp<LatencyObjectiveProps, Watched>({ p: 99, below: Duration.millis(250) }, (props) => watch({ objectives: [Objective.latency(props)] }), {
    p: { value: 95, see: (one) => valid(one).labels.objective, is: 'latency-p95-250ms' }, below: { value: Duration.millis(500), see: (one) => valid(one).labels.objective, is: 'latency-p99-500ms' },
    over: { value: Duration.days(7), see: (one) => one.record('inference_service:slo_budget_left:ratio').expr.includes('[7d]'), is: true },
  });
});

const slo = { objectives: [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })] };
const base = { requests: 'gateway_requests_total', matchers: 'service="$name"', failures: 'code=~"5.."', latency: 'gateway_seconds', latencyBuckets: [0.1, 0.25, 1] };
const atGateway = (props: GatewayMetricsProps): Watched => watch({ ...slo, sli: Sli.gateway(GatewayMetrics.of(props)) });
const expr = (one: Watched, record: string, objective: string): string => one.rules.find((rule) => rule.record === record && rule.labels.objective === objective).expr;
describe('each prop of the metrics of a gateway', () => {
  everyProp<GatewayMetricsProps, Watched>(base, atGateway, {
    requests: { value: 'other_total', see: (one) => expr(one, 'inference_service:slo_valid:rate5m', 'availability'), is: 'sum(rate(other_total{service="iris"}[5m]))' },
    matchers: { value: 'ns="$namespace",host=~"$services"', see: (one) => expr(one, 'inference_service:slo_valid:rate5m', 'availability'), is: 'sum(rate(gateway_requests_total{ns="ml",host=~"iris"}[5m]))' },
    failures: { value: 'code="503"', see: (one) => expr(one, 'inference_service:slo_bad:rate5m', 'availability').includes('{service="iris",code="503"}'), is: true },
    failed: { value: 'gateway_errors_total', see: (one) => expr(one, 'inference_service:slo_bad:rate5m', 'availability').includes('gateway_errors_total{'), is: true },
    latency: { value: 'other_seconds', see: (one) => expr(one, 'inference_service:slo_valid:rate5m', 'latency-p99-250ms'), is: 'sum(rate(other_seconds_count{service="iris"}[5m]))' },
    latencyUnit: { value: 'ms', beside: { latencyBuckets: [100, 250, 0.25] }, see: (one) => expr(one, 'inference_service:slo_bad:rate5m', 'latency-p99-250ms').includes('le=~"250'), is: true },
    latencyBuckets: { value: [0.1, 0.5], see: (one) => one.codes.includes('SERVING_LATENCY_OFF_BUCKETS'), is: true },
  });
});

const key = SecretKey.fromSecretName('chat', 'url');
describe('each prop of a stack', () => {
  everyProp<Omit<MonitoringStackProps, 'cost' | 'budgets'>, Watched>({}, (props) => watch({}, props), {
    metrics: { value: MetricsBackend.victoriaMetrics({ storage: STORAGE }), see: (one) => one.all('VMRule').length > 0, is: true }, name: { value: 'observe', see: (one) => one.one('Prometheus').metadata.name, is: 'observe' },
    tuning: { value: [AlertTuning.off('InferenceServiceDown')], see: (one) => one.alert('InferenceServiceDown'), is: undefined },
    runbooksUrl: { value: 'https://wiki.example.com/runbooks/', see: (one) => one.alert('InferenceServiceDown').annotations.runbook_url, is: 'https://wiki.example.com/runbooks/InferenceServiceDown.md' },
    alerting: { value: Alerting.of({ fallback: { critical: [Receiver.slack({ apiUrl: key })] } }), see: (one) => one.one('Alertmanager')?.spec.secrets, is: ['chat'] },
    grafana: { value: Grafana.install({ adminSecretName: 'admin' }), see: (one) => one.all('Grafana').length, is: 1 },
    sources: { value: [MetricsSource.kubelet()], see: (one) => one.all('ServiceMonitor').length, is: 1 },
    cluster: { value: Cluster.of({ name: 'eu-9' }), see: (one) => one.one('Prometheus').spec.externalLabels?.cluster, is: 'eu-9' },
  });
});
