import { App, Chart, Duration, Testing } from 'cdk8s';
import { AlertTuning, Alerting, Cluster, Grafana, Hold, InferenceService, MetricsBackend, MetricsSource, MonitoringStack, MonitoringStackProps, Problems, Receiver, RemoteWrite, SecretKey } from 'cdk8s-serving';
import { iris, synth } from '../../support/serving';
import { STORAGE, watch } from '../../support/watched';

const KSM = MetricsSource.kubeStateMetrics({ namespace: 'kube-system' });
const alerting = Alerting.of({ fallback: { critical: [Receiver.slack({ apiUrl: SecretKey.fromSecretName('chat', 'url') })] } });

/** A stack alone, by what is told of it. */
function codes(id: string, props: MonitoringStackProps = {}): string[] {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'observe' });
  new MonitoringStack(chart, id, { cluster: Cluster.of({ version: '1.34' }), sources: [KSM], ...props });
  return Problems.of(chart).map(({ code }) => code);
}

test('what a name makes must fit: the longest StatefulSet with its hash in a label, and Services that begin with a letter', () => {
  const longest = 'w'.repeat(36);
  expect(`vmalertmanager-${longest}-${'0'.repeat(10)}`.length).toBeLessThanOrEqual(63);
  expect(codes('Watch', { name: longest })).toEqual([]);
  expect(codes('Watch', { name: `${longest}w` })).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes('Watch', { name: '0watch' })).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  for (const id of [`${longest}w`, '0', 'Watch it']) expect(codes(id)).toEqual(['SERVING_STACK_NAME']);
});

test('two sources of one name are told: only one of them would be scraped', () => {
  const at = (namespace: string): MetricsSource => MetricsSource.dcgmExporter({ namespace });
  expect(codes('Watch', { sources: [KSM, at('a'), at('b')] })).toEqual(['SERVING_METRICS_SOURCE_TWICE']);
  expect(codes('Watch', { sources: [KSM, at('a'), MetricsSource.of('dcgm-b', { namespace: 'b', labels: { app: 'dcgm' }, port: 'metrics' })] })).toEqual([]);
});

test('nothing of a runbook page is a template or a password', () => {
  expect(codes('Watch', { runbooksUrl: 'https://wiki.example.com/@ml/runbooks' })).toEqual([]);
  for (const runbooksUrl of ['https://me:word@wiki.example.com', 'https://wiki.example.com/{{.x}}']) expect(codes('Watch', { runbooksUrl })).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test("labels that are Prometheus' own are none of what leaves the cluster", () => {
  expect(codes('Watch', { metrics: MetricsBackend.prometheusOperator({ externalLabels: { __name__: 'x' } }) })).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('a patience of less than a second is rounded up, and a reason with any number of braces is no template', () => {
  const tuned = watch({ hold: Hold.frozen({ reason: 'see {{{ and {{{{ .x }}', until: '2027-01-31' }) }, { tuning: [AlertTuning.of('InferenceServiceDown', { holdsFor: Duration.millis(1500) })] });
  expect(tuned.alert('InferenceServiceDown').for).toBe('2s');
  expect(tuned.alert('InferenceServiceHoldPast').annotations.description).not.toContain('{{');
});

test('dashboards of services whose namespace and name read alike together are two', () => {
  const top = new Chart(Testing.app(), 'top', { namespace: 'observe' });
  const stack = new MonitoringStack(top, 'Watch', { metrics: MetricsBackend.kubePrometheusStack({ release: 'kps' }) });
  for (const [namespace, name] of [['a', 'b-c'], ['a-b', 'c']] as const) new InferenceService(new Chart(top, namespace, { namespace }), 'Service', { name, model: iris({ version: 'v1' }) });
  const written = synth(stack.node.findChild('Dashboards') as Chart);
  expect(written.map(({ metadata }) => metadata.namespace).sort()).toEqual(['a', 'a-b', 'observe', 'observe']);
});

describe('leave to look', () => {
  /** Stacks of one name in two namespaces, in one cluster. */
  function rights(): any[] {
    const app = new App();
    return ['team-a', 'team-b'].flatMap((namespace) => {
      const chart = new Chart(app, namespace, { namespace });
      new MonitoringStack(chart, 'Watch', { sources: [KSM, MetricsSource.kubelet()] });
      return synth(chart).filter(({ kind }) => /Role/.test(kind));
    });
  }

  test('is of each stack alone: another of the same name writes no object of it anew', () => {
    const names = rights().map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('RoleBinding kube-system team-a-watch-scrape');
  });

  test('to nodes is in no namespace', () => {
    const ofCluster = rights().filter(({ kind }) => kind.startsWith('Cluster'));
    expect(ofCluster).toHaveLength(4);
    for (const { metadata } of ofCluster) expect(metadata).not.toHaveProperty('namespace');
  });
});

test('VMAlert tells each Alertmanager by itself', () => {
  const urls = (highAvailability: boolean): string[] => watch({}, { metrics: MetricsBackend.victoriaMetrics({ storage: STORAGE, highAvailability }), alerting }).one('VMAlert').spec.notifiers.map(({ url }: { url: string }) => url);
  expect(urls(false)).toEqual(['http://vmalertmanager-watch-0.vmalertmanager-watch.ml:9093']);
  expect(urls(true)).toEqual([0, 1, 2].map((i) => `http://vmalertmanager-watch-${i}.vmalertmanager-watch.ml:9093`));
});

describe.each([
  ['Prometheus', (highAvailability: boolean) => MetricsBackend.prometheusOperator({ storage: STORAGE, highAvailability })],
  ['VictoriaMetrics', (highAvailability: boolean) => MetricsBackend.victoriaMetrics({ storage: STORAGE, highAvailability })],
])('several copies of %s', (_, metrics) => {
  /** All that runs in copies, at any depth. */
  const parts = (highAvailability: boolean): any[] => watch({}, { metrics: metrics(highAvailability), alerting }).manifests
    .filter(({ kind }) => ['Prometheus', 'Alertmanager', 'VMCluster', 'VMSingle', 'VMAgent', 'VMAlert', 'VMAlertmanager'].includes(kind))
    .flatMap(({ kind, spec }) => (kind === 'VMCluster' ? [spec.vmstorage, spec.vmselect, spec.vminsert] : [spec]));

  test('are on several nodes', () => {
    for (const { replicas, replicaCount, topologySpreadConstraints } of parts(true)) {
      expect(replicas ?? replicaCount).toBeGreaterThan(1);
      expect(topologySpreadConstraints[0]).toMatchObject({ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: expect.anything() } });
    }
    for (const part of parts(false)) expect(part).not.toHaveProperty('topologySpreadConstraints');
  });

  test('are drained one at a time', () => {
    const { manifests } = watch({}, { metrics: metrics(true), alerting });
    const budgets = manifests.filter(({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name.startsWith('watch')).map(({ spec }) => spec);
    const within = parts(true).map(({ podDisruptionBudget }) => podDisruptionBudget).filter((one) => one !== undefined);
    expect([...budgets, ...within]).toHaveLength(parts(true).length);
    for (const one of [...budgets, ...within]) expect(one.maxUnavailable).toBe(1);
  });
});

test('what a stack brings is for all services below it, also where each brings another part', () => {
  const top = new Chart(Testing.app(), 'top', { namespace: 'observe' });
  new MonitoringStack(top, 'Watch', { metrics: MetricsBackend.prometheusOperator({ storage: STORAGE }), sources: [KSM], grafana: Grafana.none(), cluster: Cluster.of({ version: '1.34' }) });
  for (const namespace of ['a', 'b', 'c']) new InferenceService(new Chart(top, namespace, { namespace }), 'Iris', { model: iris({ version: 'v1' }) });
  const written = synth(top);
  expect(written.find(({ kind }) => kind === 'Prometheus').spec.podMonitorNamespaceSelector.matchExpressions[0].values).toEqual(['a', 'b', 'c', 'observe']);
  expect(written.filter(({ kind }) => kind === 'RoleBinding').map(({ metadata }) => metadata.namespace).sort()).toEqual(['a', 'b', 'c', 'kube-system', 'observe']);
  expect(written.filter(({ kind, metadata }) => kind === 'PrometheusRule' && metadata.name === 'watch')).toHaveLength(1);
});

test('two charts may bring stacks of one name to two clusters, and not to one', () => {
  const told = (clusters: readonly string[]): string[] => {
    const app = Testing.app();
    clusters.forEach((name, i) => new MonitoringStack(new Chart(app, `chart-${i}`, { namespace: 'observe' }), 'Watch', { sources: [KSM], cluster: Cluster.of({ version: '1.34', name }) }));
    return Problems.of(app).map(({ code }) => code);
  };
  expect(told(['eu-1', 'eu-2'])).toEqual([]);
  expect(told(['eu-1', 'eu-1'])).toEqual(['SERVING_STACK_TWICE']);
});

test("Argo Rollouts' Service is found as its Helm chart and as its manifests label it", () => {
  const { spec } = watch({}, { sources: [KSM, MetricsSource.argoRollouts({ namespace: 'argo-rollouts' })] }).one('ServiceMonitor', 'watch-argo-rollouts');
  expect(spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/part-of': 'argo-rollouts' });
  expect(spec.endpoints[0].port).toBe('metrics');
});

test('a source without labels, and a pattern that nobody can read, are told', () => {
  const of = (labels: { [key: string]: string }): MetricsSource => MetricsSource.of('gateway', { namespace: 'gateways', labels, port: 'metrics' });
  expect(codes('Watch', { sources: [KSM, of({})] })).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes('Watch', { sources: [KSM, of({ app: 'envoy' })] })).toEqual([]);
  const to = (only: string): MetricsBackend => MetricsBackend.prometheusOperator({ remoteWrite: [RemoteWrite.to('https://metrics.example.com/api/v1/write', { only: [only] })] });
  expect(codes('Watch', { metrics: to('inference_service(.*') })).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  for (const pattern of ['inference_service.*', '(?i)inference_service.*']) expect(codes('Watch', { metrics: to(pattern) })).toEqual([]);
});

test('metrics are kept for a day at least: VictoriaMetrics does not start with less', () => {
  const kept = (hours: number): MetricsBackend => MetricsBackend.victoriaMetrics({ storage: STORAGE, retention: Duration.hours(hours) });
  expect(codes('Watch', { metrics: kept(23) })).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes('Watch', { metrics: kept(24) })).toEqual([]);
});

test('a joined store that is told of what it scrapes already is warned of', () => {
  const sources = [MetricsSource.kubeStateMetrics({ namespace: 'kube-system' }), MetricsSource.dcgmExporter({ namespace: 'gpu-operator' })];
  expect(watch({}, { metrics: MetricsBackend.kubePrometheus(), sources }).codes).toEqual(['SERVING_SOURCE_OF_JOINED_STORE']);
  expect(watch({}, { sources }).codes).not.toContain('SERVING_SOURCE_OF_JOINED_STORE');
});
