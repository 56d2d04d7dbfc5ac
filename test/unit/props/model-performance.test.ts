import { Chart, Duration, Size, Testing } from 'cdk8s';
import {
  Accelerator, AlibiDetectMonitorProps, ArizeTracingProps, Cluster, DriftMethod, GroundTruth, HttpPayloadLoggingProps, InferenceServer, IPhoenix, KafkaPayloadLoggingProps, Model, ModelFeature, ModelFeatureProps, ModelMonitor, ModelMonitorProps, ModelSource, MonitorData,
  MonitorImage, MonitorImageProps, MonitorResults, OtlpTracingProps, PayloadLogging, PayloadLoggingProps, PayloadMode, PayloadSource, PayloadStore, PayloadStoreProps, Phoenix, PhoenixPostgresProps, PhoenixProps, PhoenixStorage, PhoenixTracingProps, PhoenixVolumeProps, PredictionProps, Scaling, ServingEngine, TestCorrection, Tracing, TracingProps,
} from 'cdk8s-serving';
import { MONITOR, monitored, STORE } from '../../support/monitored';
import { everyProp, PropCase } from '../../support/props';
import { serve, Served, synth } from '../../support/serving';

const program = (served: Served, id: string): any => JSON.parse(served.all('ConfigMap').find((one) => one.metadata.name.startsWith(`iris-${id}-`)).data['settings.json']);
const logger = (served: Served): any => served.pod.initContainers.find((one: any) => one.name === 'payload-logger');
const settings = (served: Served): any => program(served, 'payloadlogger');
const monitor = (served: Served): any => program(served, 'monitorfiles');
const container = (served: Served): any => served.one('CronJob').spec.jobTemplate.spec.template.spec.containers[0];

/** What the props of every payload logging do. */
const LOGGED: { readonly [K in keyof Required<PayloadLoggingProps>]: PropCase<PayloadLoggingProps, K, PayloadLogging> } = {
  mode: { value: PayloadMode.REQUESTS, see: (payloadLogging) => settings(serve({ payloadLogging })).mode, is: 'requests' },
  samplePercent: { value: 5, see: (payloadLogging) => settings(serve({ payloadLogging })).samplePercent, is: 5 },
  headers: { value: ['x-tenant'], see: (payloadLogging) => settings(serve({ payloadLogging })).headers, is: ['x-tenant'] },
  exclude: { value: ['name'], see: (payloadLogging) => settings(serve({ payloadLogging })).exclude, is: ['name'] },
  maxPayload: { value: Size.kibibytes(10), see: (payloadLogging) => settings(serve({ payloadLogging })).mostBytes, is: 10_240 },
  queue: { value: Size.mebibytes(64), see: (payloadLogging) => [settings(serve({ payloadLogging })).queueBytes, logger(serve({ payloadLogging })).resources.limits.memory], is: [64 * 2 ** 20, '288Mi'] },
};
const authorizationSecretName: PropCase<{ readonly authorizationSecretName?: string }, 'authorizationSecretName', PayloadLogging> = {
  value: 'sink', see: (payloadLogging) => logger(serve({ payloadLogging })).env.find((one: any) => one.name === 'SINK_AUTHORIZATION')?.valueFrom, is: { secretKeyRef: { name: 'sink', key: 'authorization' } },
};

describe('each prop of logging to a store', () => everyProp<PayloadLoggingProps, PayloadLogging>({}, (props) => PayloadLogging.store(STORE, props), LOGGED));

describe('each prop of logging by HTTP', () => everyProp<HttpPayloadLoggingProps, PayloadLogging>({ url: 'http://sink' }, (props) => PayloadLogging.http(props), {
  ...LOGGED, authorizationSecretName,
  url: { value: 'https://events.example.com/in', see: (payloadLogging) => settings(serve({ payloadLogging })).url, is: 'https://events.example.com/in' },
  batch: { value: true, see: (payloadLogging) => settings(serve({ payloadLogging })).format, is: 'batch' },
}));

describe('each prop of logging to Kafka', () => everyProp<KafkaPayloadLoggingProps, PayloadLogging>({ bridgeUrl: 'http://bridge:8080', topic: 'a' }, (props) => PayloadLogging.kafka(props), {
  ...LOGGED, authorizationSecretName,
  bridgeUrl: { value: 'http://rest-proxy:8082/', see: (payloadLogging) => settings(serve({ payloadLogging })).url, is: 'http://rest-proxy:8082/topics/a' },
  topic: { value: 'predictions', see: (payloadLogging) => [settings(serve({ payloadLogging })).url, payloadLogging.format], is: ['http://bridge:8080/topics/predictions', 'kafka'] },
}));

/** What the props of every monitor do. */
const MONITORED: { readonly [K in keyof Required<ModelMonitorProps>]: PropCase<ModelMonitorProps, K, Served> } = {
  payloads: { value: PayloadSource.claim('events', 'iris'), beside: { results: MonitorResults.store(STORE) }, see: (served) => [monitor(served).source, container(served).volumeMounts.some((one: any) => one.mountPath === '/payloads')], is: [{ kind: 'folder', path: '/payloads/iris' }, true] },
  reference: { value: MonitorData.configMap('reference', 'iris.csv'), see: (served) => monitor(served).reference, is: '/reference/iris.csv' },
  features: { value: [ModelFeature.categorical('colour')], see: (served) => monitor(served).features, is: { numerical: [], categorical: ['colour'], order: ['colour'] } },
  image: { value: MonitorImage.of('registry.example.com/mine:1'), see: (served) => container(served).image, is: 'registry.example.com/mine:1' },
  results: { value: MonitorResults.pushgateway('http://pushgateway.monitoring:9091/'), see: (served) => monitor(served).target, is: { kind: 'pushgateway', url: 'http://pushgateway.monitoring:9091' } },
  schedule: { value: '0 3 * * *', see: (served) => [served.one('CronJob').spec.schedule, monitor(served).windowSeconds], is: ['0 3 * * *', 86_400] },
  window: { value: Duration.days(7), see: (served) => monitor(served).windowSeconds, is: 7 * 86_400 },
  minRows: { value: 50, see: (served) => monitor(served).minRows, is: 50 },
  driftedRatio: { value: 0.3, see: (served) => monitor(served).driftedRatio, is: 0.3 },
  maxMissingRatio: { value: 0.3, see: (served) => served.plan.monitor!.bounds.maxMissingRatio, is: 0.3 },
  prediction: { value: { output: 'label' }, see: (served) => monitor(served).prediction.output, is: 'label' },
  groundTruth: { value: {}, see: (served) => monitor(served).groundTruth, is: { minRows: 100, tolerance: null, window: '1h' } },
  memory: { value: Size.gibibytes(3), see: (served) => container(served).resources.limits.memory, is: '3Gi' },
};

describe('each prop of a monitor of Evidently', () => everyProp<ModelMonitorProps, Served>(MONITOR, (props) => serve({ ...monitored(), monitor: ModelMonitor.evidently(props) }), MONITORED));

describe('each prop of a monitor of Alibi Detect', () => everyProp<AlibiDetectMonitorProps, Served>(MONITOR, (props) => serve({ ...monitored(), monitor: ModelMonitor.alibiDetect(props) }), {
  ...MONITORED,
  pValue: { value: 0.05, see: (served) => monitor(served).drift.threshold, is: 0.05 },
  correction: { value: TestCorrection.FALSE_DISCOVERY_RATE, see: (served) => monitor(served).drift.correction, is: 'fdr' },
}));

describe('each prop of ground truth', () => {
  const data = MonitorData.claim('labels', 'truth.csv');
  everyProp<GroundTruth, Served>({}, (groundTruth) => serve(monitored({ groundTruth, prediction: { isNumber: groundTruth.tolerance !== undefined } })), {
    data: { value: data, see: (served) => monitor(served).groundTruth.path, is: '/truth/truth.csv' },
    idColumn: { value: 'request', beside: { data }, see: (served) => monitor(served).groundTruth.idColumn, is: 'request' },
    labelColumn: { value: 'outcome', beside: { data }, see: (served) => monitor(served).groundTruth.labelColumn, is: 'outcome' },
    minRows: { value: 7, see: (served) => monitor(served).groundTruth.minRows, is: 7 },
    tolerance: { value: 0.5, see: (served) => monitor(served).groundTruth.tolerance, is: 0.5 },
    minAccuracy: { value: 0.9, see: (served) => served.plan.monitor!.bounds.minAccuracy, is: 0.9 },
  });
});

describe('each prop of a prediction', () => everyProp<PredictionProps, Served>({}, (prediction) => serve(monitored({ prediction })), {
  isNumber: { value: true, see: (served) => monitor(served).prediction.kind, is: 'number' },
  output: { value: 'label', see: (served) => monitor(served).prediction.output, is: 'label' },
  classes: { value: ['a', 'b'], see: (served) => monitor(served).prediction.classes, is: ['a', 'b'] },
}));

describe('each prop of a feature', () => everyProp<ModelFeatureProps, Served>({}, (props) => serve(monitored({ features: [ModelFeature.numerical('age', props)] })), {
  method: { value: DriftMethod.KOLMOGOROV_SMIRNOV, see: (served) => monitor(served).drift.age, is: { method: 'ks', threshold: 0.05 } },
  threshold: { value: 0.2, see: (served) => monitor(served).drift.age, is: { method: 'wasserstein', threshold: 0.2 } },
}));

describe('each prop of an image that is built', () => everyProp<MonitorImageProps, Served>({ repository: 'registry.example.com/a' }, (props) => serve(monitored({ image: MonitorImage.buildContext(props) })), {
  repository: { value: 'registry.example.com/b', see: (served) => container(served).image.split(':')[0], is: 'registry.example.com/b' },
  digest: { value: `sha256:${'a'.repeat(64)}`, see: (served) => container(served).image, is: `registry.example.com/a@sha256:${'a'.repeat(64)}` },
}));

const SAMPLED: PropCase<TracingProps, 'samplePercent', Tracing> = { value: 25, see: (tracing) => serve({ tracing }).env().OTEL_TRACES_SAMPLER_ARG, is: '0.25' };
const HEADERS: PropCase<{ readonly headersSecretName?: string }, 'headersSecretName', Tracing> = { value: 'key', see: (tracing) => llm(tracing).env().OTEL_EXPORTER_OTLP_HEADERS, is: { secretKeyRef: { name: 'key', key: 'headers' } } };
const llm = (tracing: Tracing): Served => serve({ model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2), tracing });
const llmSampled: PropCase<TracingProps, 'samplePercent', Tracing> = { ...SAMPLED, see: (tracing) => llm(tracing).env().OTEL_TRACES_SAMPLER_ARG };

describe('each prop of traces by OTLP', () => everyProp<OtlpTracingProps, Tracing>({ grpc: 'http://collector:4317' }, (props) => Tracing.otlp(props), {
  samplePercent: SAMPLED, headersSecretName: HEADERS,
  grpc: { value: 'http://other:4317', see: (tracing) => serve({ tracing }).env().MLSERVER_TRACING_SERVER, is: 'http://other:4317' },
  http: { value: 'http://collector:4318', see: (tracing) => serve({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.triton(), tracing }).codes.includes('SERVING_TRACING_TRANSPORT'), is: false },
}));

const SOMEWHERE: IPhoenix = { host: 'phoenix.tools.svc.cluster.local', asksForKey: false, grantSend: () => undefined, grantUse: () => undefined };
describe('each prop of traces to Phoenix', () => everyProp<PhoenixTracingProps, Tracing>({}, (props) => Tracing.phoenix({ ...(props.phoenix === undefined ? { host: 'phoenix' } : {}), ...props }), {
  samplePercent: SAMPLED, headersSecretName: HEADERS, phoenix: { value: SOMEWHERE, see: (tracing) => serve({ tracing }).env().MLSERVER_TRACING_SERVER, is: 'http://phoenix.tools.svc.cluster.local:4317' }, host: { value: 'phoenix.monitoring', see: (tracing) => serve({ tracing }).env().MLSERVER_TRACING_SERVER, is: 'http://phoenix.monitoring:4317' },
}));

describe("each prop of traces to Arize's cloud", () => everyProp<ArizeTracingProps, Tracing>({ headersSecretName: 'arize' }, (props) => Tracing.arize(props), {
  samplePercent: llmSampled, headersSecretName: HEADERS as PropCase<ArizeTracingProps, 'headersSecretName', Tracing>,
  endpoint: { value: 'https://otlp.eu-west-1a.arize.com', see: (tracing) => llm(tracing).server.args.includes('--otlp-traces-endpoint=https://otlp.eu-west-1a.arize.com'), is: true },
}));

describe('each prop of a payload store', () => {
  const cluster = Cluster.of({ imageMirrors: { 'docker.io': 'mirror.example.com' } });
  everyProp<PayloadStoreProps, any[]>({ size: Size.gibibytes(10) }, (props) => {
    const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
    new PayloadStore(chart, 'Payloads', props);
    return synth(chart);
  }, {
    size: { value: Size.gibibytes(20), see: (objects) => [set(objects).volumeClaimTemplates[0].spec.resources.requests.storage, set(objects).template.spec.containers[0].command.at(-1)], is: [String(20 * 2 ** 30), String(Math.floor(17 * 2 ** 30))] },
    retention: { value: Duration.days(30), see: (objects) => set(objects).template.spec.containers[0].command.at(-2), is: '30' },
    storageClass: { value: 'fast', see: (objects) => set(objects).volumeClaimTemplates[0].spec.storageClassName, is: 'fast' },
    name: { value: 'events', see: (objects) => objects.find((one) => one.kind === 'Service').metadata.name, is: 'events' },
    engine: { value: new ServingEngine(new Chart(Testing.app(), 'other'), 'Engine', { cluster }), see: (objects) => set(objects).template.spec.containers[0].image.split('/')[0], is: 'mirror.example.com' },
  });
  const set = (objects: any[]): any => objects.find((one) => one.kind === 'StatefulSet').spec;
});

describe('each prop of a Phoenix', () => {
  const cluster = Cluster.of({ imageMirrors: { 'docker.io': 'mirror.example.com' } });
  const container = (objects: any[]): any => objects.find((one) => one.kind === 'StatefulSet').spec.template.spec.containers[0];
  const env = (objects: any[], name: string): any => { const one = container(objects).env.find((variable: any) => variable.name === name); return one?.value ?? one?.valueFrom; };
  const make = (props: PhoenixProps): any[] => { const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' }); new Phoenix(chart, 'Phoenix', props); return synth(chart); };
  const postgres = PhoenixStorage.postgres({ secretName: 'db' });
  everyProp<PhoenixProps, any[]>({ storage: PhoenixStorage.volume({ size: Size.gibibytes(10) }) }, make, {
    storage: { value: postgres, see: (objects) => [objects.find((one) => one.kind === 'StatefulSet').spec.volumeClaimTemplates, env(objects, 'PHOENIX_SQL_DATABASE_URL')], is: [undefined, { secretKeyRef: { name: 'db', key: 'uri' } }] },
    copies: { value: 3, beside: { storage: postgres }, see: (objects) => [objects.find((one) => one.kind === 'StatefulSet').spec.replicas, objects.some((one) => one.kind === 'PodDisruptionBudget')], is: [3, true] },
    retention: { value: Duration.days(14), see: (objects) => env(objects, 'PHOENIX_DEFAULT_RETENTION_POLICY_DAYS'), is: '14' },
    authSecretName: { value: 'phoenix', see: (objects) => ['PHOENIX_ENABLE_AUTH', 'PHOENIX_SECRET', 'PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD', 'PHOENIX_ADMIN_SECRET'].map((name) => env(objects, name)), is: ['true', { secretKeyRef: { name: 'phoenix', key: 'PHOENIX_SECRET' } }, { secretKeyRef: { name: 'phoenix', key: 'PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD' } }, { secretKeyRef: { name: 'phoenix', key: 'PHOENIX_ADMIN_SECRET', optional: true } }] },
    memory: { value: Size.gibibytes(4), see: (objects) => [container(objects).resources.limits.memory, env(objects, 'PHOENIX_MAX_SPANS_QUEUE_SIZE')], is: [String(2 ** 32), '41943'] },
    image: { value: 'registry.example.com/phoenix:1', see: (objects) => container(objects).image, is: 'registry.example.com/phoenix:1' },
    name: { value: 'traces', see: (objects) => objects.find((one) => one.kind === 'Service').metadata.name, is: 'traces' },
    engine: { value: new ServingEngine(new Chart(Testing.app(), 'other'), 'Engine', { cluster }), see: (objects) => container(objects).image.split('/')[0], is: 'mirror.example.com' },
  });
  describe('on a volume', () => everyProp<PhoenixVolumeProps, any[]>({ size: Size.gibibytes(10) }, (props) => make({ storage: PhoenixStorage.volume(props) }), {
    size: { value: Size.gibibytes(20), see: (objects) => [objects.find((one) => one.kind === 'StatefulSet').spec.volumeClaimTemplates[0].spec.resources.requests.storage, env(objects, 'PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES')], is: [String(20 * 2 ** 30), '20'] },
    storageClass: { value: 'fast', see: (objects) => objects.find((one) => one.kind === 'StatefulSet').spec.volumeClaimTemplates[0].spec.storageClassName, is: 'fast' },
  }));
  describe('in PostgreSQL', () => everyProp<PhoenixPostgresProps, any[]>({ secretName: 'a' }, (props) => make({ storage: PhoenixStorage.postgres(props) }), {
    secretName: { value: 'b', see: (objects) => env(objects, 'PHOENIX_SQL_DATABASE_URL').secretKeyRef.name, is: 'b' },
    key: { value: 'url', see: (objects) => env(objects, 'PHOENIX_SQL_DATABASE_URL').secretKeyRef.key, is: 'url' },
  }));
});
