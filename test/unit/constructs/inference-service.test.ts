import { Chart, Duration, Size, Testing } from 'cdk8s';
import { Container, Cpu, EnvValue, ServiceAccount, Volume } from 'cdk8s-plus-28';
import {
  Accelerator, Batching, Candidate, CostBudget, Detector, ExistingService, Explainer, Exposure, GatewayMetrics, GpuPool, Hold, InferenceProtocol, InferenceServer, InferenceServiceProps, MetricsBackend, MetricsStorage, Model, ModelSource, MonitoringStack, MountedFile, Objective, PayloadLogging, Rollout, Scaling, ServingEngine, ServingVolume, Sli, Team, Tracing, Transformer,
} from 'cdk8s-serving';
import { monitored } from '../../support/monitored';
import { everyProp } from '../../support/props';
import { iris, serve, Served } from '../../support/serving';

const scope = new Chart(Testing.app(), 'scope', { namespace: 'ml' });
const monitoring = new MonitoringStack(scope, 'Watch', { metrics: MetricsBackend.prometheusOperator({ storage: MetricsStorage.claim({ size: Size.gibibytes(50) }) }) });
const data = Volume.fromEmptyDir(scope, 'Data', 'data');
const cluster = { gateway: { name: 'public', namespace: 'gateway' }, gpuPools: [GpuPool.gke('L4', { count: 64, spare: 1 })] };
const onnx = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) });
const scaling = Scaling.fixed(2);
const mounts = (served: Served): any => served.mount('/data');

describe('each prop of a service', () => {
  everyProp<InferenceServiceProps, Served>({ model: iris() }, (props) => serve(props, cluster), {
    model: { value: iris({ source: ModelSource.s3('s3://models/other/v2') }), see: (served) => served.download.args[0], is: 's3://models/other/v2/' },
    engine: { value: new ServingEngine(scope, 'Other', { owner: Team.of('other') }), see: (served) => served.deployment.metadata.labels.team, is: 'other' },
    name: { value: 'flowers', see: (served) => served.manifests.map((one) => one.metadata.name), is: ['flowers', 'flowers', 'flowers', 'flowers'] },
    server: { value: InferenceServer.kserveSklearn(), see: (served) => served.server.image, is: 'docker.io/kserve/sklearnserver:v0.20.0' },
    protocol: { value: InferenceProtocol.V1_REST, see: (served) => served.deployment.metadata.labels['serving.cdk8s.io/server'], is: 'kserve-sklearn' },
    accelerator: { value: Accelerator.nvidia('L4'), beside: { model: onnx, server: InferenceServer.triton(), scaling }, see: (served) => [served.pod.nodeSelector, served.server.resources.limits['nvidia.com/gpu']], is: [{ 'cloud.google.com/gke-accelerator': 'nvidia-l4' }, '1'] },
    cpu: { value: Cpu.units(3), see: (served) => served.server.resources.requests.cpu, is: '3' },
    cpuLimit: { value: Cpu.units(3), see: (served) => served.server.resources.limits.cpu, is: '3' },
    memory: { value: Size.gibibytes(5), see: (served) => served.server.resources.requests.memory, is: '5Gi' },
    memoryLimit: { value: Size.gibibytes(6), see: (served) => served.server.resources.limits.memory, is: '6Gi' },
    ephemeralStorage: { value: Size.gibibytes(7), see: (served) => served.server.resources.requests['ephemeral-storage'], is: '7Gi' },
    owner: { value: Team.of('risk'), see: (served) => served.template.metadata.labels.team, is: 'risk' },
    env: { value: { LOG_LEVEL: EnvValue.fromValue('debug') }, see: (served) => served.env().LOG_LEVEL, is: 'debug' },
    files: { value: [MountedFile.inline('/etc/a', 'x')], see: (served) => served.one('ConfigMap')?.data, is: { 'etc.a': 'x' } },
    volumes: { value: [{ volume: data, path: '/data' }], see: mounts, is: { name: 'data', mountPath: '/data', readOnly: true } },
    sidecars: { value: [new Container({ name: 'proxy', image: 'a:1' })], see: (served) => served.pod.containers.map((one: any) => one.name), is: ['server', 'proxy'] },
    initContainers: { value: [new Container({ name: 'prepare', image: 'a:1' })], see: (served) => served.pod.initContainers.map((one: any) => one.name), is: ['model-download', 'prepare'] },
    podOverlay: { value: { spec: { runtimeClassName: 'kata' } }, see: (served) => served.pod.runtimeClassName, is: 'kata' },
    serviceAccount: { value: ServiceAccount.fromServiceAccountName(scope, 'Mine', 'mine'), see: (served) => [served.pod.serviceAccountName, served.all('ServiceAccount').length], is: ['mine', 0] },
    priorityClassName: { value: 'high', see: (served) => served.pod.priorityClassName, is: 'high' },
    labels: { value: { tier: 'gold' }, see: (served) => served.one('Service').metadata.labels.tier, is: 'gold' },
    annotations: { value: { 'a.example.com/b': 'c' }, see: (served) => served.deployment.metadata.annotations, is: { 'a.example.com/b': 'c' } },
    podAnnotations: { value: { 'a.example.com/b': 'c' }, see: (served) => served.template.metadata.annotations, is: { 'a.example.com/b': 'c' } },
    scaling: { value: Scaling.onCpu({ min: 2, max: 9 }), see: (served) => served.one('HorizontalPodAutoscaler')?.spec.maxReplicas, is: 9 },
    rollout: { value: Rollout.recreate(), see: (served) => served.deployment.spec.strategy, is: { type: 'Recreate' } },
    candidate: { value: Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2') }) }), beside: { rollout: Rollout.blueGreen() }, see: (served) => served.all('Deployment').map((one) => one.metadata.name), is: ['iris', 'iris-candidate'] },
    modelCache: { value: { cacheName: 'iris', sourceUri: 's3://models/iris/v1/' }, see: (served) => served.codes, is: ['SERVING_ENGINE_NOT_ABLE'] },
    sli: { value: Sli.gateway(GatewayMetrics.contour()), beside: { monitoring, objectives: [Objective.availability(99)] }, see: (served) => /envoy_cluster_upstream_rq_xx/.test(JSON.stringify(served.one('PrometheusRule'))), is: true },
    budget: { value: CostBudget.monthly(1000), see: (served) => served.codes, is: ['SERVING_BUDGET_UNWATCHED'] },
    monitoring: { value: monitoring, see: (served) => served.one('PodMonitor')?.metadata.labels['serving.cdk8s.io/monitoring'], is: 'watch' },
    objectives: { value: [Objective.latency({ p: 95, below: Duration.millis(123) })], see: (served) => served.codes, is: ['SERVING_LATENCY_OFF_BUCKETS'] },
    exposure: { value: Exposure.gateway({ hosts: ['a.example.com'] }), see: (served) => served.one('HTTPRoute')?.spec.hostnames, is: ['a.example.com'] },
    replaces: { value: ExistingService.kserve('old'), see: (served) => served.codes, is: ['SERVING_REPLACES_WITHOUT_ROUTE', 'SERVING_REPLACES_MODEL_NAME'] },
    requestTimeout: { value: Duration.seconds(90), see: (served) => served.pod.terminationGracePeriodSeconds, is: 15 + 90 + 15 },
    hold: { value: Hold.frozen({ reason: 'audit', until: '2027-01-01' }), see: (served) => served.deployment.spec.paused, is: true },
    payloadLogging: { value: PayloadLogging.http({ url: 'http://sink' }), see: (served) => served.pod.initContainers.map((one: any) => one.name), is: ['model-download', 'payload-logger'] },
    tracing: { value: Tracing.phoenix({ host: 'phoenix.monitoring' }), see: (served) => served.env().MLSERVER_TRACING_SERVER, is: 'http://phoenix.monitoring:4317' },
    transformer: { value: Transformer.of({ server: InferenceServer.container({ image: 'a:1', protocols: [InferenceProtocol.V2_REST] }) }), see: (served) => served.all('Service').map((one) => one.metadata.name).sort(), is: ['iris', 'iris-predictor'] },
    explainer: { value: Explainer.container({ server: InferenceServer.container({ image: 'a:1' }) }), see: (served) => served.all('Service').map((one) => one.metadata.name), is: ['iris', 'iris-explainer'] },
    detectors: { value: [Detector.outlier({ source: ModelSource.s3('s3://detectors/v1') })], see: (served) => served.all('Service').map((one) => one.metadata.name), is: ['iris', 'iris-outlier'] },
    batching: { value: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(5) }), see: (served) => served.env().MLSERVER_MODEL_MAX_BATCH_SIZE, is: '8' },
    monitor: { value: monitored().monitor!, see: (served) => served.one('CronJob')?.metadata.name, is: 'iris-monitor' },
  });
});

describe('each prop of a volume in the server', () => {
  const other = Volume.fromEmptyDir(scope, 'Other2', 'other');
  everyProp<ServingVolume, Served>({ volume: data, path: '/data' }, (volume) => serve({ volumes: [volume] }), {
    volume: { value: other, see: (served) => mounts(served).name, is: 'other' },
    path: { value: '/elsewhere', see: (served) => served.mount('/elsewhere')?.name, is: 'data' },
    readOnly: { value: false, see: (served) => mounts(served).readOnly, is: undefined },
  });
});

test('a service without its model says that and nothing else', () => {
  expect(serve({ model: undefined }).codes).toEqual(['SERVING_MISSING_PROP']);
});

test('a prop that does not exist is told with the one that was meant', () => {
  expect(serve({ scalling: scaling } as any).problem('SERVING_UNKNOWN_PROP')).toMatchObject({ path: 'ml/Iris', fix: "did you mean 'scaling'?" });
});

test('props of another type are told each, and the service still has a main object', () => {
  const served = serve({ scaling: 3, env: [], requestTimeout: 30, volumes: [{ path: '/x' }], podOverlay: 'x' } as any);
  expect(served.codes).toEqual(Array(5).fill('SERVING_WRONG_TYPE'));
  for (const prop of ['scaling', 'env', 'requestTimeout', 'volumes', 'podOverlay']) expect(served.problems.some((one) => one.what.includes(`'${prop}'`))).toBe(true);
  expect(served.service.node.defaultChild).toBeDefined();
});

test.each([['replicas', 'scaling'], ['gpu', 'accelerator'], ['image', 'server'], ['timeout', 'requestTimeout'], ['environment', 'env'], ['host', 'exposure'], ['team', 'owner']])("a prop named '%s', as others name it, leads to '%s'", (given, meant) => {
  expect(serve({ [given]: 1 } as any).problem('SERVING_UNKNOWN_PROP').fix).toBe(`did you mean '${meant}'?`);
});

test('a prop that is like none is told with all that there are', () => {
  const problem = serve({ zzzzzzzzzzzz: 1 } as any).problem('SERVING_UNKNOWN_PROP');
  expect([problem.allowed?.includes('scaling'), problem.fix]).toEqual([true, 'leave it out']);
});
