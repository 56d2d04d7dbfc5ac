import { join } from 'node:path';
import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, Namespaces, PersistentVolumeClaim, Secret } from 'cdk8s-plus-28';
import {
  Accelerator, Audience, Autoscaler, Batching, Candidate, CloudIdentity, Cluster, Credentials, Defaults, Exposure, Gate, GateAction, GpuPool, GpuSharing, Hold, InferenceProtocol, InferenceServer, InferenceService, KafkaAccess, KafkaSasl, Model, ModelFeature, ModelFormat, ModelMonitor, ModelSource, MonitorData, MonitorImage, MonitorResults, MountedFile, Objective, PayloadLogging, PayloadSource, PythonCode, Rollout, RolloutController, Scaling, ServingEngine, Team, TrafficRouterKind, type InferenceServiceProps, Wake,
} from 'cdk8s-serving';

/**
 * The services that golden files hold: each server of the catalogue, each kind of source, credentials, scaling and exposure.
 * A service in this list never changes, as its files don't; what is new gets a new service.
 */
type Props = Omit<InferenceServiceProps, 'engine'>;

const CODE = join(__dirname, 'code');
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const COMMIT = '9216db5781bf21249d130ec9da846c4624c16137';
const fixed = Scaling.fixed(2);
const IRIS = { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1'), version: 'v1' }) };

export const SERVICES: { readonly [name: string]: (chart: Chart) => Props } = {
  'sklearn-defaults': () => ({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) }),
  'mlserver-custom-mount': (chart) => ({
    model: Model.custom({ implementation: 'server.Model', code: PythonCode.mount(CODE), version: 'v1' }), server: InferenceServer.mlserver(), batching: Batching.of({ maxBatchSize: 64, maxLatency: Duration.millis(2) }), cpu: Cpu.units(2),
    env: { LOG_LEVEL: EnvValue.fromValue('info'), API_KEY: EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'App', 'app'), key: 'api-key' }) },
    files: [MountedFile.inline('/etc/app/app.json', '{}'), MountedFile.fromSecret('/etc/app/tls.key', Secret.fromSecretName(chart, 'Tls', 'tls'), 'tls.key')], scaling: Scaling.onCpu({ min: 2, max: 10, targetPercent: 60 }),
    owner: Team.of('risk', { costCenter: 'payments' }), labels: { stage: 'prod' }, podAnnotations: { 'example.com/a': 'b' }, podOverlay: { spec: { dnsPolicy: 'Default' } },
  }),
  'kserve-sklearn-gcs': () => ({ model: Model.sklearn({ source: ModelSource.gcs('gs://models/iris/v1', { credentials: Credentials.fromSecretName('gcs') }) }), server: InferenceServer.kserveSklearn({ probabilities: true }), exposure: Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'iris-tls' }) }),
  'kserve-xgboost-identity': () => ({
    model: Model.xgboost({ source: ModelSource.s3('s3://models/fraud/v7', { region: 'eu-central-1', credentials: Credentials.workloadIdentity('fraud-reader', { identity: CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader') }) }), size: Size.mebibytes(300) }),
    server: InferenceServer.kserveXgboost(), scaling: Scaling.onMemory({ min: 2, max: 4 }), requestTimeout: Duration.seconds(5), exposure: Exposure.gateway({ hosts: ['fraud.example.com'], grpcHosts: ['fraud-grpc.example.com'] }),
  }),
  'kserve-lightgbm-azure': () => ({ model: Model.lightgbm({ source: ModelSource.azureBlob('https://models.blob.core.windows.net/prod/churn/v3', { credentials: Credentials.fromSecretName('azure') }) }), server: InferenceServer.kserveLightgbm(), rollout: Rollout.rolling({ maxSurge: 2, maxUnavailable: 0 }) }),
  'kserve-huggingface-external-secret': () => ({
    model: Model.huggingFace('google-bert/bert-base-uncased', { revision: COMMIT, size: Size.mebibytes(500), credentials: Credentials.externalSecret({ store: 'vault', clusterStore: true, keys: { HF_TOKEN: 'ml/hub#token' } }) }),
    server: InferenceServer.kserveHuggingFace({ task: 'fill_mask' }), hold: Hold.frozen({ reason: 'the quarter is closed', until: '2026-12-31' }), scaling: Scaling.onCpu({ min: 2, max: 3 }),
  }),
  'triton-mig': () => ({ model: Model.onnx({ source: ModelSource.oci(`registry.example.com/ml/detector@${DIGEST}`), size: Size.mebibytes(180) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), scaling: Scaling.fixed(3) }),
  'vllm-two-devices': () => ({
    model: Model.huggingFace('Qwen/Qwen3-32B', { revision: COMMIT, size: Size.gibibytes(66), loadTime: Duration.minutes(6), credentials: Credentials.fromSecretName('hugging-face') }), server: InferenceServer.vllm({ maxModelLength: 16384 }),
    accelerator: Accelerator.nvidia('A100-80GB', { count: 2 }), scaling: fixed, requestTimeout: Duration.minutes(10), exposure: Exposure.gateway({ hosts: ['assistant.example.com'], pathPrefix: '/llm' }),
  }),
  'sglang-queue': () => ({ model: Model.huggingFace('Qwen/Qwen3-8B', { source: ModelSource.s3('s3://models/qwen3-8b/v1', { endpoint: 'http://minio.storage:9000', credentials: Credentials.fromSecretName('s3') }), size: Size.gibibytes(17) }), accelerator: Accelerator.nvidia('L4', { count: 1 }), server: InferenceServer.sglang(), scaling: Scaling.onCustomMetric({ min: 2, max: 4, metric: 'sglang_num_queue_reqs', targetPerReplica: 2.5 }) }),
  'tensorflow-serving-http': () => ({ model: Model.tensorflow({ source: ModelSource.http('https://models.example.com/mnist/v4/model.tar.gz') }), server: InferenceServer.tensorflowServing(), batching: Batching.of({ maxBatchSize: 32, maxLatency: Duration.millis(0) }), protocol: InferenceProtocol.V1_REST, hold: Hold.stopped({ reason: 'no season', until: '2027-03-01' }) }),
  'openvino-pvc': () => ({ model: Model.openvino({ source: ModelSource.pvcName('models', { path: 'detector/v2' }) }), server: InferenceServer.openvino() }),
  'tgi-amd': (chart) => ({ model: Model.huggingFace('Qwen/Qwen3-8B', { source: ModelSource.pvc(PersistentVolumeClaim.fromClaimName(chart, 'Claim', 'models'), { path: 'qwen3-8b/v1' }), size: Size.gibibytes(17) }), server: InferenceServer.tgi(), accelerator: Accelerator.amd('MI300X'), scaling: fixed }),
  'torchserve-shared': () => ({ model: Model.pytorch({ source: ModelSource.fromUri('s3://models/densenet/v1'), size: Size.mebibytes(120) }), server: InferenceServer.torchServe(), accelerator: Accelerator.nvidiaShared('T4'), scaling: fixed }),
  'fastapi-code-image': () => ({ model: Model.custom({ code: PythonCode.image(CODE, { repository: 'registry.example.com/ml/price', digest: DIGEST }), version: '2026-11' }), server: InferenceServer.fastApi({ workers: 2 }), scaling: Scaling.external({ min: 2, max: 8 }) }),
  'container-in-image': () => ({
    model: Model.of(ModelFormat.of('pmml'), { source: ModelSource.inImage('/opt/model') }), protocol: InferenceProtocol.V2_GRPC,
    server: InferenceServer.container({ image: 'registry.example.com/ml/scorer:1.4', args: ['--name={name}', '--path={path}'], grpcPort: 9000, protocols: [InferenceProtocol.V2_GRPC], drains: true, user: 1001 }),
  }),
  'claimed-device': () => ({ model: Model.tensorrt({ source: ModelSource.s3('s3://models/resnet/v9'), size: Size.mebibytes(90) }), accelerator: Accelerator.resourceClaim('gpu.nvidia.com', { selector: 'device.attributes["gpu.nvidia.com"].productName == "NVIDIA L4"' }), scaling: fixed }),
  'vllm-keda-two-signals': () => ({
    model: Model.huggingFace('Qwen/Qwen3-8B', { revision: COMMIT, size: Size.gibibytes(17), loadTime: Duration.minutes(3) }), accelerator: Accelerator.nvidia('L4'), server: InferenceServer.vllm(),
    scaling: Scaling.highestOf([Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 96, standby: 1, fallbackReplicas: 3 }), Scaling.onKvCache({ min: 2, max: 4, targetPercent: 85 })]),
  }),
  'sklearn-keda-from-zero': () => ({
    model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }), scaling: Scaling.highestOf([
      Scaling.onRequestRate({ min: 0, max: 8, targetPerReplica: 50, wake: Wake.onIstio() }), Scaling.onSchedule({ min: 0, max: 8, timeZone: 'Europe/Berlin', windows: [{ start: '0 7 * * 1-5', end: '0 19 * * 1-5', replicas: 2 }] }),
      Scaling.onKafkaLag({ min: 0, max: 8, bootstrapServers: ['kafka.streaming:9093'], consumerGroup: 'scorer', topic: 'events', targetPerReplica: 100, access: KafkaAccess.fromSecretName('kafka', { sasl: KafkaSasl.SCRAM_SHA512, caKey: 'ca.crt' }) }),
    ]),
  }),
  'triton-adapter-rules': () => ({
    model: Model.onnx({ source: ModelSource.s3('s3://models/detector/v1'), size: Size.mebibytes(180) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('A100-80GB'), scaling: Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 16, autoscaler: Autoscaler.HPA }),
  }),
  'canary-gateway': () => ({
    ...IRIS, scaling: Scaling.onCpu({ min: 4, max: 12 }), exposure: Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['iris-grpc.example.com'], pathPrefix: '/iris' }), objectives: [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })],
    rollout: Rollout.canary({ steps: [5, 25, 50], stepDuration: Duration.minutes(10), previewHosts: ['preview.example.com'] }),
  }),
  'canary-copies': () => ({ ...IRIS, scaling: Scaling.fixed(4), rollout: Rollout.canary({ steps: [25, 50], gates: [Gate.errors({ maxPercent: 2, onFew: GateAction.PROCEED, onNoData: GateAction.ABORT }), Gate.person({ at: [50] })] }) }),
  'blue-green-golden': () => ({
    ...IRIS, scaling: Scaling.fixed(4), rollout: Rollout.blueGreen({ previewReplicas: 2, keepOld: Duration.minutes(15), gates: [Gate.goldenRequests({ file: join(CODE, '..', 'golden-requests.jsonl') }), Gate.errors({ maxPercent: 2 }), Gate.person()] }),
  }),
  'shadow-istio': () => ({ ...IRIS, scaling: Scaling.fixed(4), rollout: Rollout.shadow({ percent: 20, replicas: 1, gates: [Gate.latency({ p: 95, below: Duration.millis(500) }), Gate.query({ name: 'null-answers', query: 'sum(rate(null_answers_total{$NEW}[$WINDOW]))', max: 0.1 })] }) }),
  'ab-test-istio': () => ({ ...IRIS, scaling: Scaling.fixed(4), rollout: Rollout.abTest({ audience: Audience.cookie('model', 'v2'), duration: Duration.hours(6), gates: [Gate.errors({ maxPercent: 1 })] }) }),
  'canary-flagger': () => ({ ...IRIS, scaling: Scaling.onCpu({ min: 4, max: 12 }), exposure: Exposure.gateway({ hosts: ['iris.example.com'] }), rollout: Rollout.canary({ steps: [10, 50], gates: [Gate.errors({ maxPercent: 1, minRequests: 500 }), Gate.person()] }) }),
  'logged-and-monitored': () => ({
    ...IRIS, payloadLogging: PayloadLogging.http({ url: 'http://payloads.models', batch: true, samplePercent: 20 }),
    monitor: ModelMonitor.evidently({
      payloads: PayloadSource.claim('events', 'iris'), results: MonitorResults.pushgateway('http://pushgateway.monitoring:9091'), reference: MonitorData.claim('reference', 'iris.parquet'), image: MonitorImage.of('registry.example.com/ml/monitor:1'),
      features: [ModelFeature.numerical('sepal length'), ModelFeature.categorical('garden')], groundTruth: { data: MonitorData.configMap('labels', 'truth.csv'), minAccuracy: 0.9 },
    }),
  }),
  'canary-candidate': () => ({
    ...IRIS, scaling: Scaling.fixed(4), exposure: Exposure.gateway({ hosts: ['iris.example.com'] }), rollout: Rollout.canary({ steps: [10, 50] }),
    candidate: Candidate.of({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v2'), version: 'v2' }), percent: 10, replicas: 1 }),
  }),
};

/** What replaces versions in the cluster of a service, where it isn't Deployments alone. */
const ROLLOUTS: { readonly [service: string]: RolloutController } = {
  'canary-gateway': RolloutController.argo(), 'canary-copies': RolloutController.argo(), 'blue-green-golden': RolloutController.argo(), 'shadow-istio': RolloutController.argo({ router: TrafficRouterKind.ISTIO }),
  'ab-test-istio': RolloutController.argo({ router: TrafficRouterKind.ISTIO }), 'canary-flagger': RolloutController.flagger({ loadTesterUrl: 'http://flagger-loadtester.flagger' }),
};

/** Makes a service of the list in an app, as of a published set, on the one cluster of all golden files. */
export function make(app: App, service: string, set: string): void {
  const chart = new Chart(app, service, { namespace: 'models' });
  const cluster = Cluster.of({
    name: 'eu-1', version: '1.34', gateway: { name: 'public', namespace: 'gateway' }, ingressClass: 'nginx', rollouts: ROLLOUTS[service], metricsUrl: 'http://prometheus.monitoring:9090',
    gpuPools: [
      GpuPool.nvidiaOperator('A100-80GB', { count: 16, perNode: 8 }), GpuPool.nvidiaOperator('A100-80GB', { migProfile: '1g.10gb', count: 14, spare: 2, perNode: 7 }), GpuPool.gke('L4', { count: 8, spare: 1 }),
      GpuPool.nvidiaOperator('T4', { sharing: GpuSharing.TIME_SLICING, count: 40 }), GpuPool.of({ vendor: Accelerator.amd('MI300X').vendor, product: 'MI300X', count: 8, nodeLabels: { gpu: 'MI300X' } }),
    ],
  });
  new ServingEngine(chart, 'Engine', { cluster, defaults: Defaults.of(set) });
  const made = new InferenceService(chart, 'Service', { name: service.slice(0, 40), ...SERVICES[service]!(chart) });
  if (service === 'mlserver-custom-mount') made.grantInvoke(Namespaces.select(chart, 'Checkout', { names: ['checkout'] }));
}
