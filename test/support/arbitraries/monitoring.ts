import fc, { type Arbitrary } from 'fast-check';
import { call, type Code, flag, list, map, mebibytes, mostly, must, number, object, oneOf, optional, seconds, seldom, text } from './code';

/** What watches the services of a program: a stack of either operator, installed or joined, with routes, dashboards and sources. */
const days = mostly(fc.integer({ min: 7, max: 90 }).map((n) => `Duration.days(${n})`), ['Duration.days(1)', 'Duration.days(400)', 'Duration.seconds(NaN)', '30']);
const storage = call('MetricsStorage.claim', object({ size: must(mebibytes(1000, 100_000)), storageClass: seldom(text(['fast'])) }));
const remoteWrites = list(call('RemoteWrite.to', text(['https://metrics.example.com/api/v1/write'], ["'https://u:hunter2@x'", "'x'"]), optional(object({ tokenSecretName: seldom(text(['remote'])), tokenKey: seldom(text(['key'], ["'a b'"])), basicAuthSecretName: seldom(text(['basic'])), only: seldom(list(text(['inference_service.*']), 1, 2)) }))), 0, 1);
const install = object({ storage: { value: storage, odds: 0.9 }, retention: { value: mostly(fc.integer({ min: 90, max: 400 }).map((n) => `Duration.days(${n})`)), odds: 0.9 }, highAvailability: seldom(flag), remoteWrite: seldom(remoteWrites), externalLabels: seldom(map(text(['cluster'], ["'a-b'", "'1'"]), text(['eu-1']))) });
const url = text(['http://prometheus.monitoring:9090'], ["'x'", "'http://a:hunter2@b'"]);
const release = object({ release: must(text(['kps', 'monitoring'])), namespace: seldom(text(['observability'])), url: seldom(url) });
const join = object({ namespace: must(text(['observability'])), url: must(url), labels: seldom(map(text(['release']), text(['kps']))), serviceAccount: seldom(text(['prometheus'])) });
const backends = mostly(fc.oneof(
  call('MetricsBackend.prometheusOperator', install), call('MetricsBackend.victoriaMetrics', install), call('MetricsBackend.kubePrometheus', optional(object({ namespace: seldom(text(['observability'])) }))),
  call('MetricsBackend.kubePrometheusStack', release), call('MetricsBackend.victoriaMetricsK8sStack', release), call('MetricsBackend.joinPrometheusOperator', join), call('MetricsBackend.joinVictoriaMetrics', join),
), ['MetricsBackend.prometheusOperator({ retention: Duration.days(30) })', "'prometheus'", 'MetricsBackend.kubePrometheusStack()']);

const secret = mostly(oneOf("SecretKey.fromSecretName('chat', 'url')"), ["'https://hooks.example.com/hunter2'", 'undefined', "SecretKey.fromSecretName('A', '')"]);
const receivers = list(fc.oneof(
  call('Receiver.slack', object({ apiUrl: must(secret) })), call('Receiver.pagerDuty', object({ routingKey: must(secret) })), call('Receiver.webhook', object({ url: must(secret) })),
  call('Receiver.opsgenie', object({ apiKey: must(secret) })), call('Receiver.teams', object({ webhookUrl: must(secret) })),
), 1, 2);
const bySeverity = object({ critical: must(receivers), warning: seldom(receivers), info: seldom(receivers) });
const team = mostly(oneOf("Team.of('risk')", "Team.of('shop')"), ["'risk'"]);
const quiet = mostly(oneOf("QuietTime.weekly('nights', { from: '22:00', to: '06:00' })", "QuietTime.dates('holidays', { from: '2026-12-24', to: '2027-01-01' })"), ["QuietTime.weekly('always', {})", "QuietTime.dates('x', { from: '2026-02-30', to: '2026-03-01' })"]);
const alerting = call('Alerting.of', object({
  fallback: must(bySeverity), teams: { value: list(call('TeamAlerts.of', team, bySeverity), 0, 2), odds: 0.4 }, quietTimes: { value: list(quiet, 0, 2), odds: 0.2 },
  groupWait: seldom(seconds(1, 60)), repeatInterval: seldom(seconds(600, 86_400)), groupBy: seldom(list(text(['alertname', 'team'], ["'a-b'"]), 1, 2)),
}));
const grafana = mostly(fc.oneof(
  oneOf('Grafana.sidecar()', 'Grafana.none()', 'Grafana.files()', "Grafana.sidecar({ namespace: 'grafana', datasourceLabel: 'grafana_datasource' })", "Grafana.operator({ instanceSelector: { grafana: 'main' } })"),
  call('Grafana.install', object({ adminSecretName: must(text(['grafana-admin'])), storage: seldom(mebibytes(1000, 10_000)), url: seldom(text(['https://grafana.example.com'], ["'x'"])), folder: seldom(text(['Models'])) })),
), ['Grafana.operator({ instanceSelector: {} })', 'Grafana.install()', "Grafana.files({ path: '../x' })"]);
const at = (name: string): Arbitrary<Code> => call(`MetricsSource.${name}`, object({ namespace: must(text(['kube-system'])), labels: seldom(map(text(['app']), text(['exporter']))), port: seldom(text(['metrics'])) }));
const sources = list(fc.oneof(at('kubeStateMetrics'), at('dcgmExporter'), at('argoRollouts'), at('certManager'), oneOf('MetricsSource.kubelet()', "MetricsSource.of('gateway', { namespace: 'gateway', labels: { app: 'envoy' }, port: 'metrics' })")), 0, 2);
const tuning = list(mostly(oneOf("AlertTuning.off('InferenceServiceGpuIdle')", "AlertTuning.of('InferenceServiceDown', { holdsFor: Duration.minutes(5), severity: AlertSeverity.WARNING })"), ["AlertTuning.off('nope')", "AlertTuning.of('InferenceServiceDown', { severity: 'loud' })"]), 0, 2);
const costs = mostly(oneOf('Cost.prices()', 'Cost.openCost()'), ['Cost.prices({ x: 1 })', "'opencost'"]);

export const stacks: Arbitrary<Code> = call('new MonitoringStack', oneOf('chart'), oneOf("'Watch'"), mostly(object({
  metrics: { value: backends, odds: 0.95 }, alerting: { value: alerting, odds: 0.6 }, grafana: { value: grafana, odds: 0.7 }, sources: { value: sources, odds: 0.6 }, name: seldom(text(['watch', 'm'], [`'${'x'.repeat(41)}'`])), tuning: seldom(tuning), runbooksUrl: seldom(text(['https://runbooks.example.com/'], ["'x'"])), cost: { value: costs, odds: 0.7 }, budgets: { value: oneOf("{ risk: CostBudget.monthly(1000) }"), odds: 0.05 },
})));

/** Objectives of a watched service, over all the time that a stack keeps. */
export const slos = list(mostly(fc.oneof(
  call('Objective.availability', oneOf('99', '99.9', '99.99'), optional(object({ over: seldom(days) }))), call('Objective.latency', object({ p: must(number(90, 99)), below: must(oneOf('Duration.millis(250)', 'Duration.seconds(1)', 'Duration.seconds(5)')), over: seldom(days) })),
)), 0, 2);
export const slis = mostly(oneOf('Sli.server()', 'Sli.gateway(GatewayMetrics.istio())', 'Sli.gateway(GatewayMetrics.contour())', 'Sli.gateway(GatewayMetrics.envoyGateway())', 'Sli.gateway(GatewayMetrics.ingressNginx())', "Sli.gateway(GatewayMetrics.of({ requests: 'gw_requests_total', matchers: 'service=~\"$services\"', failures: 'code=~\"5..\"' }))"),
  ['Sli.gateway()', "Sli.gateway(GatewayMetrics.of({ requests: 'a b', matchers: 'x', failures: '' }))", "'gateway'"]);

/** What of a service's models is looked at: payloads, drift, traces, and what it may cost. */
const store = "{ url: 'http://payloads.ml.svc.cluster.local' }";
const logged = object({ samplePercent: seldom(number(1, 100)), mode: { value: oneOf('PayloadMode.BOTH'), odds: 0.2 }, exclude: seldom(list(text(['name'], ["''"]), 0, 2)) });
export const payloadLoggings = mostly(fc.oneof(
  call('PayloadLogging.store', oneOf(store), optional(logged)), oneOf("PayloadLogging.http({ url: 'http://sink.ml' })", "PayloadLogging.http({ url: 'https://sink.example.com', authorizationSecretName: 'sink' })", "PayloadLogging.kafka({ bridgeUrl: 'http://bridge.streaming:8080', topic: 'predictions' })"),
), ['PayloadLogging.store()', "PayloadLogging.http({ url: 'http://a:hunter2@b' })", "PayloadLogging.kafka({ bootstrapServers: 'kafka:9092', topic: 'a' })", "'kafka'"]);
const feature = mostly(fc.oneof(call('ModelFeature.numerical', text(['age', 'amount'], ["''"]), optional(object({ threshold: seldom(oneOf('0.1', '0.3')) }))), call('ModelFeature.categorical', text(['country']))), ["'age'", "ModelFeature.numerical('a', { threshold: -1 })"]);
const monitorProps = {
  payloads: must(mostly(oneOf(`PayloadSource.store(${store})`), ["'payloads'", 'PayloadSource.store()'])), reference: must(mostly(oneOf("MonitorData.claim('reference', 'v1/reference.parquet')", "MonitorData.configMap('reference', 'data.csv')", "MonitorData.inImage('/data/reference.parquet')"), ["MonitorData.claim('a', '../b')"])),
  image: must(mostly(oneOf("MonitorImage.of('registry.example.com/ml/monitor:1')", "MonitorImage.buildContext({ repository: 'registry.example.com/ml/monitor' })"), ["MonitorImage.of('')"])), features: must(mostly(fc.uniqueArray(feature, { minLength: 1, maxLength: 3, selector: (code) => /"[^"]*"|'[^']*'/.exec(code)?.[0] ?? code }).map((features) => `[${features.join(', ')}]`), ['[]'])),
  schedule: seldom(text(['0 * * * *', '*/30 * * * *', '0 3 * * *'], ["'@daily'", "'0 25 * * *'"])), minRows: seldom(number(1, 1000)), memory: seldom(mebibytes(1000, 4000)), maxMissingRatio: seldom(mostly(oneOf('0.1', '0.5'), ['2', 'NaN'])), groundTruth: seldom(mostly(oneOf('{}', '{ minAccuracy: 0.9 }'), ['{ minAccuracy: 2 }'])),
};
export const monitors = fc.oneof(call('ModelMonitor.evidently', mostly(object(monitorProps))), call('ModelMonitor.alibiDetect', mostly(object(monitorProps))));
export const tracings = mostly(fc.oneof(
  call('Tracing.otlp', object({ grpc: must(text(['http://collector.monitoring:4317'], ["'collector:4317'", "'http://a:hunter2@b'"])), http: must(text(['http://collector.monitoring:4318'], ["'x'"])), samplePercent: seldom(number(1, 100)) })),
  call('Tracing.phoenix', object({ host: must(text(['phoenix.monitoring'])), samplePercent: seldom(number(1, 100)) })),
  // one of its own, for each service: ids are counted
  oneOf("Tracing.phoenix({ phoenix: new Phoenix(chart, id(), { storage: PhoenixStorage.volume({ size: Size.gibibytes(20) }) }) })", "Tracing.phoenix({ phoenix: new Phoenix(chart, id(), { storage: PhoenixStorage.postgres({ secretName: 'db' }), copies: 2, authSecretName: 'phoenix' }), headersSecretName: 'key' })"),
), ['Tracing.otlp({})', 'Tracing.phoenix({})', "Tracing.phoenix({ phoenix: { host: 'x' } })", "Tracing.phoenix({ phoenix: new Phoenix(chart, id(), {}) })", "Tracing.arize({ headersSecretName: 'space_id=hunter2' })"]);
export const budgets = call('CostBudget.monthly', mostly(oneOf('1000', '0.5'), ['0', 'NaN', "'1000'"]), optional(object({ tellAtPercent: seldom(number(1, 99)) })));
