import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Size, Testing } from 'cdk8s';
import { Pods } from 'cdk8s-plus-28';
import { Candidate, InferenceServer, InferenceService, MetricsBackend, ModelMonitor, MonitoringStack, PayloadLogging, PayloadStore, Problems, Rollout, ServingEngine } from 'cdk8s-serving';
import { MONITOR, monitored, STORE } from '../../support/monitored';
import { validateManifests } from '../../support/schema';
import { hearing, iris, serve, synth } from '../../support/serving';
import { STORAGE, watch } from '../../support/watched';

const payloadLogging = PayloadLogging.store(STORE);

describe('the payload logger', () => {
  const plain = serve();
  const served = serve({ payloadLogging });
  const logger = served.pod.initContainers.at(-1);

  test('has the name of the port that clients are led to, and the server keeps its probes', () => {
    const { port } = served.one('Service').spec.ports.find((one: any) => one.name === 'http');
    expect([port, served.one('Service').spec.ports.map((one: any) => one.targetPort)]).toEqual([80, ['http', 'grpc']]);
    expect(logger.ports.map((one: any) => one.name)).toEqual(['http', 'log-metrics']);
    expect(served.server.ports.map((one: any) => one.name)).toEqual(['model', 'grpc', 'metrics']);
    expect(['startupProbe', 'readinessProbe', 'livenessProbe'].map((one) => served.server[one].httpGet.port)).toEqual(['model', 'model', 'model']);
    const settings = JSON.parse(served.one('ConfigMap').data['settings.json']);
    expect(settings).toMatchObject({ port: logger.ports[0].containerPort, target: plain.server.ports.find((one: any) => one.name === 'http').containerPort, paths: ['/v2/models', '/v2/health'], service: 'iris', version: 'v1' });
  });

  test('is there before the server and goes after it', () => {
    expect([logger.name, logger.restartPolicy]).toEqual(['payload-logger', 'Always']);
    expect(served.pod.terminationGracePeriodSeconds).toBe(plain.pod.terminationGracePeriodSeconds + 5);
    expect(logger.startupProbe.tcpSocket).toEqual({ port: 'http' });
  });

  test('carries its program with it, named by its content', () => {
    const config = served.one('ConfigMap');
    expect(Object.keys(config.data).sort()).toEqual(['events.py', 'logger.py', 'proxy.py', 'sender.py', 'settings.json']);
    expect(config.data['proxy.py']).toBe(readFileSync(join(__dirname, '../../../assets/payload-logger/proxy.py'), 'utf8'));
    expect(served.volume('payload-logger')).toEqual({ name: 'payload-logger', configMap: { name: config.metadata.name } });
    const other = serve({ payloadLogging: PayloadLogging.store(STORE, { samplePercent: 50 }) }).one('ConfigMap');
    expect(other.metadata.name).not.toBe(config.metadata.name);
  });

  test('keeps to the pod security of the rest', () => {
    expect(logger.securityContext).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
  });

  test('stands before a version on trial, too, with a name of its own for it', () => {
    const trial = serve({ payloadLogging, rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ version: 'v2' }) }) });
    const versions = trial.all('ConfigMap').map((one) => JSON.parse(one.data['settings.json']).version);
    expect(versions).toEqual(['v1', 'v2']);
  });

  test('stands before servers that tell metrics on the port of predictions', () => {
    const one = serve({ payloadLogging, server: InferenceServer.kserveSklearn() });
    expect(one.server.ports.map((port: any) => port.name)).not.toContain('http');
    expect(one.codes).toEqual([]);
  });

  test('moves away from a port of the server', () => {
    const one = serve({ payloadLogging, server: InferenceServer.container({ image: 'a.example.com/a:1', httpPort: 18_080 }) });
    expect(one.pod.initContainers.at(-1).ports[0].containerPort).toBe(18_081);
  });

  test('lets in who scrapes it', () => {
    const app = serve({ payloadLogging }, { metricsUrl: 'http://prometheus.monitoring:9090' });
    app.service.grantInvoke(Pods.select(app.chart, 'Callers', { labels: { app: 'shop' } }));
    const [callers, scrapers] = app.one('NetworkPolicy').spec.ingress;
    expect(callers.ports.map((one: any) => one.port)).toEqual([18_080, 8081]);
    expect(scrapers.ports.map((one: any) => one.port)).toEqual([8082, 19_095]);
  });
});

describe('a monitor', () => {
  test.each([['evidently', ModelMonitor.evidently(MONITOR), 'drift_evidently.py'], ['alibi-detect', ModelMonitor.alibiDetect(MONITOR), 'drift_alibi.py']] as const)('of %s carries the program, and the build context of an image with its libraries', (detector, monitor, own) => {
    const outdir = mkdtempSync(join(tmpdir(), 'monitor-'));
    const app = new App({ outdir });
    new InferenceService(new Chart(app, 'ml', { namespace: 'ml' }), 'Iris', { model: iris(), payloadLogging, monitor });
    hearing(() => app.synth());
    const context = join(outdir, 'images', `model-monitor-${detector}`);
    const dockerfile = readFileSync(join(context, 'Dockerfile'), 'utf8');
    expect(readFileSync(join(context, 'requirements.txt'), 'utf8')).toBe(readFileSync(join(__dirname, `../../../assets/model-monitor/${detector}.txt`), 'utf8'));
    expect(dockerfile).toMatch(/^FROM docker.io\/library\/python:[\d.]+-slim[^]*\nUSER 1000\n$/);
    expect(existsSync(join(context, '.dockerignore'))).toBe(true);
    rmSync(outdir, { recursive: true });
    const served = serve({ payloadLogging, monitor });
    const config = served.all('ConfigMap').find((one) => 'monitor.py' in one.data);
    expect(Object.keys(config.data).sort()).toEqual(['contract.py', own, 'monitor.py', 'payloads.py', 'settings.json', 'tables.py', 'transfer.py'].sort());
    expect(served.one('CronJob').spec.jobTemplate.spec.template.spec.containers[0].image).toMatch(/^registry\.example\.com\/ml\/monitor:code-[0-9a-f]{12}$/);
  });

  test("is no predictor: neither the Service nor the budget takes its pods for one", () => {
    const served = serve(monitored());
    const labels = served.one('CronJob').spec.jobTemplate.spec.template.metadata.labels;
    for (const selector of [served.one('Service').spec.selector, served.one('PodDisruptionBudget').spec.selector.matchLabels, served.deployment.spec.selector.matchLabels]) {
      expect(Object.entries(selector).every(([key, value]) => labels[key] === value)).toBe(false);
    }
  });

  test('never runs beside itself, and ends', () => {
    const { spec } = serve(monitored({ schedule: '*/10 * * * *' })).one('CronJob');
    expect([spec.concurrencyPolicy, spec.jobTemplate.spec.activeDeadlineSeconds, spec.timeZone]).toEqual(['Forbid', 600, 'Etc/UTC']);
  });
});

describe('a payload store', () => {
  const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
  const store = new PayloadStore(chart, 'Payloads', { size: Size.gibibytes(10) });
  store.grantSend(Pods.select(chart, 'Labellers', { labels: { app: 'labels' } }));
  const objects = synth(chart);
  const of = (kind: string): any => objects.find((one) => one.kind === kind);

  test('is where its address says', () => {
    expect(store.url).toBe('http://payloads.ml.svc.cluster.local');
    expect([of('Service').metadata.name, of('Service').spec.ports[0].port]).toEqual(['payloads', 80]);
    expect(of('StatefulSet').spec.template.metadata.labels).toMatchObject(of('Service').spec.selector);
  });

  test('lets in loggers, monitors and whom it was told, and shows metrics to all', () => {
    const [data, metrics] = of('NetworkPolicy').spec.ingress;
    expect(data.from).toEqual([{ namespaceSelector: {}, podSelector: { matchLabels: { 'app.kubernetes.io/managed-by': 'cdk8s-serving' } } }, { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'serving.cdk8s.io/server', operator: 'Exists' }] } }, { podSelector: { matchLabels: { app: 'labels' } } }]);
    expect(metrics).toEqual({ ports: [{ port: 9095, protocol: 'TCP' }] });
    const pods = serve(monitored());
    expect([pods.template, pods.one('CronJob').spec.jobTemplate.spec.template].map((one) => one.metadata.labels['app.kubernetes.io/managed-by'])).toEqual(['cdk8s-serving', 'cdk8s-serving']);
  });

  test('outside of a chart with a namespace, or granted to nobody, is told', () => {
    const app = Testing.app();
    const lost = new PayloadStore(new Chart(app, 'a'), 'Payloads', { size: Size.gibibytes(1) });
    lost.grantSend({} as never);
    expect(Problems.of(app).map((one) => one.code)).toEqual(['SERVING_STORE_OUTSIDE_OF_CHART', 'SERVING_STORE_GRANT_PEER']);
  });

  test('is scraped by the stack that its engine names, of another chart; one that comes after it is told', () => {
    const app = Testing.app();
    const engine = new ServingEngine(app, 'Engine', { monitoring: new MonitoringStack(new Chart(app, 'platform', { namespace: 'platform' }), 'Watch', { metrics: MetricsBackend.prometheusOperator({ storage: STORAGE }) }) });
    const team = new Chart(app, 'team', { namespace: 'team' });
    new PayloadStore(team, 'Payloads', { size: Size.gibibytes(1) });
    new PayloadStore(team, 'Given', { size: Size.gibibytes(1), engine });
    expect(synth(team).filter(({ kind }) => kind === 'PodMonitor').map(({ metadata }) => [metadata.name, metadata.labels['serving.cdk8s.io/monitoring']])).toEqual([['payloads', 'watch'], ['given', 'watch']]);
    // the store's account may look for its pods
    expect(synth(app.node.findChild('platform') as Chart).filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'team')).toHaveLength(1);
    const late = Testing.app();
    const alone = new Chart(late, 'team', { namespace: 'team' });
    new PayloadStore(alone, 'Payloads', { size: Size.gibibytes(1) });
    new MonitoringStack(alone, 'Watch', { metrics: MetricsBackend.prometheusOperator({ storage: STORAGE }) });
    new ServingEngine(alone, 'Engine');
    expect(Problems.of(late).filter(({ path }) => path === 'team/Payloads').map(({ code, what }) => [code, what])).toEqual([
      ['SERVING_ENGINE_AFTER_SERVICE', "the engine 'team/Engine' was made after this store"], ['SERVING_STACK_AFTER_SERVICE', "the monitoring stack 'team/Watch' was made after this store"],
    ]);
  });

  test('is scraped by the nearest stack, which honours the labels of results', () => {
    for (const [metrics, kind] of [[MetricsBackend.prometheusOperator({ storage: STORAGE }), 'PodMonitor'], [MetricsBackend.victoriaMetrics({ storage: STORAGE }), 'VMPodScrape']] as const) {
      const watched = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
      new MonitoringStack(watched, 'Watch', { metrics });
      new PayloadStore(watched, 'Payloads', { size: Size.gibibytes(1) });
      const scrape = synth(watched).find((one) => one.kind === kind);
      expect(scrape.spec.podMetricsEndpoints).toEqual([expect.objectContaining({ port: 'metrics', path: '/metrics', honorLabels: true })]);
      expect(scrape.metadata.labels['serving.cdk8s.io/monitoring']).toBe('watch');
    }
  });
});

test("a logger's metrics are scraped by themselves, so that they are not taken for the server's", () => {
  const scrapes = watch({ payloadLogging }).all('PodMonitor');
  expect(scrapes.map((one) => [one.metadata.name, one.spec.podMetricsEndpoints[0].port, one.spec.podMetricsEndpoints[0].honorLabels])).toEqual([['iris', 'metrics', undefined], ['iris-payload-logger', 'log-metrics', true]]);
  expect(scrapes[1].spec.podMetricsEndpoints[0].relabelings).toEqual([]);
});

test.each(['1.30', '1.34'] as const)('an API server of %s takes it all', (version) => {
  const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
  new PayloadStore(chart, 'Payloads', { size: Size.gibibytes(10), storageClass: 'fast' });
  const made = [...synth(chart), ...serve(monitored({ groundTruth: {} }), { version }).manifests, ...serve({ payloadLogging: PayloadLogging.http({ url: 'http://sink', authorizationSecretName: 'sink' }), monitor: ModelMonitor.alibiDetect(MONITOR) }, { version }).manifests];
  expect(validateManifests(made, version)).toEqual([]);
});
