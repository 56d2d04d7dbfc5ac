import { App, Chart, Duration } from 'cdk8s';
import { EngineBackend, InferenceService, MetricsBackend, MonitoringStack, Objective, Problems, SeldonServers, ServingEngine } from 'cdk8s-serving';
import { iris, synth } from '../../support/serving';

function watched(servers: SeldonServers, objectives = [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })]): { kinds: string[]; rules: { [record: string]: string }; alerts: string[]; codes: string[] } {
  const chart = new Chart(new App(), 'ml', { namespace: 'ml' });
  const monitoring = new MonitoringStack(chart, 'Monitoring', { metrics: MetricsBackend.joinPrometheusOperator({ namespace: 'monitoring', url: 'http://prometheus.monitoring:9090' }) });
  new ServingEngine(chart, 'Engine', { backend: EngineBackend.seldonCoreV2({ servers }), monitoring });
  new InferenceService(chart, 'Iris', { model: iris(), objectives });
  const codes = Problems.of(chart).map(({ code }) => code);
  if (codes.length > 0) return { kinds: [], rules: {}, alerts: [], codes };
  const manifests = synth(chart);
  const all = manifests.filter(({ kind, metadata }) => kind === 'PrometheusRule' && metadata.name === 'iris').flatMap(({ spec }) => spec.groups.flatMap((group: any) => group.rules));
  return { codes, kinds: manifests.filter(({ metadata }) => metadata.name === 'iris').map(({ kind }) => kind), rules: Object.fromEntries(all.filter((rule: any) => rule.record).map((rule: any) => [rule.record, rule.expr])), alerts: all.map((rule: any) => rule.alert).filter(Boolean) };
}

test("a server of its own is scraped at Seldon's agent, whose histogram measures latency; its copies are a StatefulSet's", () => {
  const { kinds, rules, alerts, codes } = watched(SeldonServers.dedicated());
  expect(codes).toEqual([]);
  expect(kinds).toContain('PodMonitor');
  expect(rules['inference_service:request_duration_seconds:p99_5m']).toContain('seldon_model_infer_api_seconds_bucket{namespace="ml",inference_service="iris",method!="grpc"}');
  expect(rules['inference_service:copies_wanted:count']).toContain('kube_statefulset_replicas{namespace="ml",statefulset="iris"}');
  expect(alerts).toContain('InferenceServiceDown');
});

test('latency of one model can not be told on a shared server', () => {
  expect(watched(SeldonServers.shared()).codes).toContain('SERVING_OBJECTIVE_NOT_MEASURABLE');
});

test('on shared servers requests are counted under the name of the Model, and nothing is told of pods that are not its own', () => {
  const { kinds, rules, alerts, codes } = watched(SeldonServers.shared(), [Objective.availability(99.9)]);
  expect(codes).toEqual([]);
  expect(kinds).not.toContain('PodMonitor');
  expect(rules['inference_service_version:requests:rate5m']).toBe('sum by (model_version) (rate(seldon_model_infer_total{namespace="ml",model=~"iris",method_type="rest"}[5m]))');
  expect(rules['inference_service:requests:rate5m']).toBe('sum(inference_service_version:requests:rate5m{namespace="ml",inference_service="iris"})');
  expect(Object.keys(rules)).not.toContain('inference_service:copies_ready:count');
  expect(alerts).not.toContain('InferenceServiceDown');
});
