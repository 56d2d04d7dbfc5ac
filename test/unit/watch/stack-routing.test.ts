import { Alerting, MetricsBackend, Receiver, SecretKey, Team, TeamAlerts } from 'cdk8s-serving';
import { STORAGE, watch, type Watched } from '../../support/watched';

const key = (name: string): SecretKey => SecretKey.fromSecretName(name, 'value');
const alerting = Alerting.of({
  fallback: { critical: [Receiver.slack({ apiUrl: key('platform-chat') })] }, teams: [TeamAlerts.of(Team.of('risk'), { critical: [Receiver.pagerDuty({ routingKey: key('risk-pager') })] }), TeamAlerts.of(Team.of('shop'), { critical: [Receiver.slack({ apiUrl: key('shop-chat') })] })],
});
const stack = (metrics: MetricsBackend): Watched => watch({}, { metrics, alerting });

describe.each([
  ['Prometheus', MetricsBackend.prometheusOperator({ storage: STORAGE }), 'Alertmanager', '/etc/alertmanager/secrets'],
  ['VictoriaMetrics', MetricsBackend.victoriaMetrics({ storage: STORAGE }), 'VMAlertmanager', '/etc/vm/secrets'],
])('an Alertmanager that is installed with %s', (_, metrics, kind, root) => {
  const watched = stack(metrics);

  test('mounts the Secrets, and reads its configuration from one without a secret in it', () => {
    const { spec } = watched.one(kind);
    expect(spec.secrets).toEqual(['platform-chat', 'risk-pager', 'shop-chat']);
    const config = JSON.parse(watched.one('Secret', spec.configSecret).stringData['alertmanager.yaml']);
    expect(config.receivers.find(({ name }: any) => name === 'team-risk-critical').pagerduty_configs[0].routing_key_file).toBe(`${root}/risk-pager/value`);
    expect(watched.all('AlertmanagerConfig').concat(watched.all('VMAlertmanagerConfig'))).toEqual([]);
  });
});

describe.each([
  ['Prometheus', MetricsBackend.kubePrometheusStack({ release: 'kps' }), 'AlertmanagerConfig', { release: 'kps' }],
  ['VictoriaMetrics', MetricsBackend.victoriaMetricsK8sStack({ release: 'vm' }), 'VMAlertmanagerConfig', {}],
])('an Alertmanager that is joined with %s', (_, metrics, kind, labels) => {
  test("is told of routes beside the services, with what their owners and the stack's own alerts need", () => {
    const [routes, ...others] = stack(metrics).all(kind);
    expect(others).toEqual([]);
    expect(routes.metadata).toMatchObject({ name: 'watch', namespace: 'ml', labels });
    expect(routes.spec.receivers.map(({ name }: any) => name)).toEqual(['fallback-critical', 'fallback-warning', 'nobody', 'team-risk-critical']);
  });
});

test("an alert about the stack itself is the stack's, so that it is routed", () => {
  const rules = stack(MetricsBackend.kubePrometheusStack({ release: 'kps' })).one('PrometheusRule', 'watch').spec.groups.flatMap((group: any) => group.rules);
  expect(rules.map((rule: any) => [rule.alert, rule.labels.namespace, rule.labels.inference_service])).toContainEqual(['InferenceMetricsSourceMissing', 'ml', 'watch']);
});

test('kube-prometheus takes no routes as it comes', () => {
  expect(stack(MetricsBackend.kubePrometheus()).codes).toContain('SERVING_ROUTES_NOT_SELECTED');
  expect(watch({}, { metrics: MetricsBackend.kubePrometheus() }).codes).not.toContain('SERVING_ROUTES_NOT_SELECTED');
  expect(stack(MetricsBackend.kubePrometheusStack({ release: 'kps' })).codes).not.toContain('SERVING_ROUTES_NOT_SELECTED');
});
