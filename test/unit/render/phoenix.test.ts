import { Chart, Size, Testing } from 'cdk8s';
import { Pods } from 'cdk8s-plus-28';
import { InferenceServer, InferenceService, MetricsBackend, Model, ModelSource, MonitoringStack, Phoenix, PhoenixProps, PhoenixStorage, Problems, ServingEngine, Tracing } from 'cdk8s-serving';
import { validateManifests } from '../../support/schema';
import { iris, serve, synth } from '../../support/serving';
import { STORAGE } from '../../support/watched';

const VOLUME = { storage: PhoenixStorage.volume({ size: Size.gibibytes(10) }) };
const POSTGRES = { storage: PhoenixStorage.postgres({ secretName: 'db' }), copies: 2 };
const inNamespace = (namespace = 'tools') => new Chart(Testing.app(), namespace, { namespace });
const of = (objects: any[], kind: string): any => objects.find((one) => one.kind === kind);
const made = (props: PhoenixProps = VOLUME): any[] => { const chart = inNamespace(); new Phoenix(chart, 'Phoenix', props); return synth(chart); };

test('it is where its host says, and its Service leads to the ports that it listens at', () => {
  const chart = inNamespace();
  expect(new Phoenix(chart, 'Phoenix', VOLUME).host).toBe('phoenix.tools.svc.cluster.local');
  const objects = synth(chart);
  const { ports } = of(objects, 'StatefulSet').spec.template.spec.containers[0];
  expect(ports.map((one: any) => [one.name, one.containerPort])).toEqual([['http', 6006], ['grpc', 4317], ['metrics', 9090]]);
  expect(of(objects, 'Service').spec.ports.map((one: any) => [one.port, one.targetPort])).toEqual([[6006, 'http'], [4317, 'grpc']]);
  expect(of(objects, 'StatefulSet').spec.template.metadata.labels).toMatchObject(of(objects, 'Service').spec.selector);
});

test('its pod keeps to the restricted standard, without a token, and every folder that it writes to is a volume', () => {
  const pod = of(made(), 'StatefulSet').spec.template.spec;
  expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  expect(pod.containers[0].securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
  const written = pod.containers[0].env.filter((one: any) => ['HOME', 'PHOENIX_WORKING_DIR'].includes(one.name)).map((one: any) => one.value);
  expect(pod.containers[0].volumeMounts.map((one: any) => one.mountPath)).toEqual(expect.arrayContaining(written));
  expect(of(made(POSTGRES), 'StatefulSet').spec.template.spec.volumes.map((one: any) => one.name)).toEqual(['tmp', 'data']);
});

test('copies start one after the other: each migrates the database', () => {
  const { spec } = of(made(POSTGRES), 'StatefulSet');
  expect([spec.replicas, spec.podManagementPolicy, spec.template.spec.topologySpreadConstraints[0].topologyKey]).toEqual([2, 'OrderedReady', 'kubernetes.io/hostname']);
  expect(of(made(), 'PodDisruptionBudget')).toBeUndefined();
});

test('nobody but who scrapes is let in, until somebody is', () => {
  expect(of(made(), 'NetworkPolicy').spec.ingress).toEqual([{ ports: [{ port: 9090, protocol: 'TCP' }] }]);
});

test('services that send are let in by themselves, to the port of their server; others by a grant', () => {
  const app = Testing.app();
  const tools = new Chart(app, 'tools', { namespace: 'tools' });
  const phoenix = new Phoenix(tools, 'Phoenix', VOLUME);
  const ml = new Chart(app, 'ml', { namespace: 'ml' });
  const tracing = Tracing.phoenix({ phoenix });
  new InferenceService(ml, 'Iris', { model: iris(), tracing });
  new InferenceService(ml, 'Vision', { model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton(), tracing });
  phoenix.grantSend(Pods.select(tools, 'Agents', { labels: { app: 'agent' } }));
  phoenix.grantUse(Pods.select(tools, 'People', { labels: { app: 'proxy' } }));
  const [spans, pages, metrics] = of(synth(tools), 'NetworkPolicy').spec.ingress;
  const service = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ml' } }, podSelector: { matchLabels: { 'app.kubernetes.io/instance': name, 'app.kubernetes.io/component': 'predictor' } } });
  expect(spans).toEqual({ from: [service('iris'), { podSelector: { matchLabels: { app: 'agent' } } }], ports: [{ port: 4317, protocol: 'TCP' }] });
  expect(pages).toEqual({ from: [service('vision'), { podSelector: { matchLabels: { app: 'proxy' } } }], ports: [{ port: 6006, protocol: 'TCP' }] });
  expect(metrics.from).toBeUndefined();
  const { template } = of(synth(ml), 'Deployment').spec;
  expect(template.metadata.labels).toMatchObject(service('iris').podSelector.matchLabels);
  expect(template.spec.containers[0].env).toContainEqual({ name: 'MLSERVER_TRACING_SERVER', value: 'http://phoenix.tools.svc.cluster.local:4317' });
});

test('a Phoenix that asks for a key gets it from who sends', () => {
  const phoenix = new Phoenix(inNamespace(), 'Phoenix', { ...VOLUME, authSecretName: 'phoenix' });
  expect(serve({ tracing: Tracing.phoenix({ phoenix }) }).codes).toEqual(['SERVING_PHOENIX_KEY']);
  expect(serve({ tracing: Tracing.phoenix({ phoenix, headersSecretName: 'phoenix-key' }) }).codes).toEqual([]);
});

test('one that asks nobody is a risk that is told', () => {
  const codes = (props: PhoenixProps): string[] => { const app = Testing.app(); new Phoenix(new Chart(app, 'a', { namespace: 'a' }), 'Phoenix', props); return Problems.of(app).map((one) => one.code); };
  expect(codes(VOLUME)).toEqual(['SERVING_PHOENIX_OPEN']);
  expect(codes({ ...POSTGRES, authSecretName: 'phoenix' })).toEqual([]);
});

test('it is scraped by the stack that its engine names, of another chart; one that comes after it is told', () => {
  const app = Testing.app();
  new ServingEngine(app, 'Engine', { monitoring: new MonitoringStack(new Chart(app, 'platform', { namespace: 'platform' }), 'Watch', { metrics: MetricsBackend.victoriaMetrics({ storage: STORAGE }) }) });
  const team = new Chart(app, 'team', { namespace: 'team' });
  new Phoenix(team, 'Phoenix', VOLUME);
  expect(of(synth(team), 'VMPodScrape').metadata.labels['serving.cdk8s.io/monitoring']).toBe('watch');
  const alone = inNamespace();
  new Phoenix(alone, 'Phoenix', VOLUME);
  new MonitoringStack(alone, 'Watch', { metrics: MetricsBackend.prometheusOperator({ storage: STORAGE }) });
  expect(Problems.of(alone).filter(({ path }) => path === 'tools/Phoenix').map(({ code }) => code)).toEqual(['SERVING_PHOENIX_OPEN', 'SERVING_STACK_AFTER_SERVICE']);
});

test('it is scraped by the nearest stack, of either operator', () => {
  for (const [metrics, kind] of [[MetricsBackend.prometheusOperator({ storage: STORAGE }), 'PodMonitor'], [MetricsBackend.victoriaMetrics({ storage: STORAGE }), 'VMPodScrape']] as const) {
    const chart = inNamespace();
    new MonitoringStack(chart, 'Watch', { metrics });
    new Phoenix(chart, 'Phoenix', VOLUME);
    const objects = synth(chart);
    const { spec } = of(objects, kind);
    expect(spec.podMetricsEndpoints).toEqual([expect.objectContaining({ port: 'metrics', path: '/metrics' })]);
    expect(of(objects, 'StatefulSet').spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
  }
});

test.each(['1.30', '1.34'] as const)('an API server of %s takes it all', (version) => {
  for (const props of [{ ...VOLUME, authSecretName: 'phoenix' }, POSTGRES]) expect(validateManifests(made(props), version)).toEqual([]);
});
