import { join } from 'node:path';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import { Capability as Posix, Container, Cpu, EnvValue, Namespaces, ServiceAccount, Volume } from 'cdk8s-plus-28';
import {
  Accelerator, AlibiExplainer, Audience, Batching, Candidate, CloudIdentity, Cluster, CodeDelivery, ClusterProps, Credentials, Detector, EngineBackend, Explainer, Exposure, Gate, GpuPool, GraphCondition, GraphNode, GraphStep, Hold, HuggingFaceModelProps, InferenceGraph, InferenceProtocol, InferenceServer, InferenceServerPool, InferenceService, InferenceServiceProps, KServeLanguageModels, KServeMode, KnativeFeature, LocalModelCache, LocalModelNodeGroup, MetricsBackend, Model,
  ModelSource, MonitoringStack, MountedFile, OciDelivery, PayloadLogging, PoolLoading, Problem, Problems, PythonCode, Rollout, RolloutController, Scaling, SecretRotation, SeldonServers, ServerDefinition, ServingEngine, Severity, Tracing, Transformer, Wake,
} from 'cdk8s-serving';
import { EngineCapability, engineCapability } from '../../lib/plan/engine/capabilities';
import { Capability } from '../../lib/plan/engine/capability';
import { EngineId } from '../../lib/plan/engine/engine';
import { monitored } from './monitored';
import { GATEWAY, METRICS } from './release';
import { hearing } from './serving';

/** The least program that asks for a capability. */
export interface Example {
  readonly cluster?: ClusterProps;
  make(chart: Chart, of: Flavour): void;
}

/** The engines of the table, each as a program says it. */
export const ENGINES: { readonly [engine in EngineId]?: () => EngineBackend } = {
  [EngineId.KUBERNETES]: () => EngineBackend.kubernetes(),
  [EngineId.KSERVE]: () => EngineBackend.kserve(),
  [EngineId.KSERVE_KNATIVE]: () => EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: Object.values(KnativeFeature) }),
  [EngineId.KSERVE_LLM]: () => EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE }),
  [EngineId.SELDON_V1]: () => EngineBackend.seldonCoreV1(),
  [EngineId.SELDON_V2]: () => EngineBackend.seldonCoreV2({ servers: SeldonServers.asNeeded() }),
};

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const CODE = join(__dirname, '..', 'golden', 'code');
const exposed = Exposure.gateway({ hosts: ['iris.example.com'] });
const COMMIT = '9216db5781bf21249d130ec9da846c4624c16137';

/** What the services of an engine are, where an example doesn't say it: a table's model, or a language model with a device. */
interface Flavour {
  readonly props: Partial<InferenceServiceProps>;
  /** What wakes a service that has no copies; none where the engine holds the first request. */
  readonly wake?: Wake;
  /** A server with an image of one's own. */
  readonly imaged: ServerDefinition;
  version(name: string): Model;
  from(source: ModelSource): Partial<InferenceServiceProps>;
  opened(credentials: Credentials): Partial<InferenceServiceProps>;
  coded(code: PythonCode): Partial<InferenceServiceProps>;
}

const TABULAR: Flavour = {
  props: {}, wake: Wake.onIstio(), imaged: InferenceServer.mlserver({ image: 'registry.example.com/ml/iris:1.0' }),
  version: (name) => Model.sklearn({ source: ModelSource.s3(`s3://models/iris/${name}`), version: name }),
  from: (source) => ({ model: Model.sklearn({ source }) }),
  opened: (credentials) => ({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { credentials }) }) }),
  coded: (code) => ({ model: Model.custom({ code }), server: code.delivery === CodeDelivery.IMAGE ? InferenceServer.fastApi() : InferenceServer.fastApi({ image: 'registry.example.com/ml/fastapi:1.0' }) }),
};

/** Where nothing but the Open Inference Protocol is passed on. */
const OPEN: Flavour = { ...TABULAR, coded: (code) => ({ model: Model.custom({ code, implementation: 'server.Model' }), server: InferenceServer.mlserver() }) };

const qwen = (props: Partial<HuggingFaceModelProps> = { revision: COMMIT }): Model => Model.huggingFace('Qwen/Qwen3-8B', { size: Size.gibibytes(17), ...props });
const LANGUAGE: Flavour = {
  props: { accelerator: Accelerator.nvidia('L4'), server: InferenceServer.vllm(), scaling: Scaling.fixed(2) }, wake: Wake.onIstio(), imaged: InferenceServer.vllm({ image: 'registry.example.com/ml/vllm:1.0' }),
  version: (name) => qwen({ source: ModelSource.s3(`s3://models/qwen/${name}`), version: name }),
  from: (source) => ({ model: qwen({ source }) }),
  opened: (credentials) => ({ model: qwen({ source: ModelSource.s3('s3://models/qwen/v1', { credentials }) }) }),
  coded: TABULAR.coded,
};

const FLAVOURS: { readonly [engine in EngineId]?: Flavour } = { [EngineId.KSERVE_KNATIVE]: { ...TABULAR, wake: undefined }, [EngineId.KSERVE_LLM]: LANGUAGE, [EngineId.SELDON_V2]: OPEN };
const llm = (): Partial<InferenceServiceProps> => ({ ...LANGUAGE.props, model: qwen() });
const onGpu = (of: Flavour): Partial<InferenceServiceProps> => (of === LANGUAGE ? {} : { model: Model.onnx({ source: ModelSource.s3('s3://models/detector/v1'), size: Size.mebibytes(180) }), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) });
const bounds = { min: 2, max: 6 };
/** Devices for new copies beside old ones: what an update does without them is a row of its own. */
const SPARE: ClusterProps = { gpuPools: [GpuPool.gke('L4', { count: 16, spare: 8 })] };

/** A service that asks for it, beside nothing that another row is about. */
function service(props: Partial<InferenceServiceProps> | ((of: Flavour) => Partial<InferenceServiceProps>) = {}, cluster: ClusterProps = {}): Example {
  return { cluster, make: (chart, of) => { new InferenceService(chart, 'Iris', { ...of.props, model: of.version('v1'), ...(typeof props === 'function' ? props(of) : props) }); } };
}

/** A release that no controller makes: a version on trial beside the stable one. */
function trial(rollout: Rollout, percent: number): Example {
  return service((of) => ({ rollout, exposure: exposed, candidate: Candidate.of({ model: of.version('v2'), percent }) }), { rollouts: RolloutController.none() });
}

/** A model in a cache on the nodes. */
const CACHED: Example = {
  make: (chart, of) => {
    const source = ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: COMMIT });
    const cache = new LocalModelCache(chart, 'Cache', { source, modelSize: Size.gibibytes(17), nodeGroups: [new LocalModelNodeGroup(chart, 'Nodes', { storageLimit: Size.tebibytes(1), nodeLabels: { pool: 'gpu' } })] });
    new InferenceService(chart, 'Iris', { ...LANGUAGE.props, ...of.props, model: qwen(), modelCache: cache });
  },
};

/** A graph over two services that speak V1, whose answers can be the next one's requests. */
function graph(root: (a: InferenceService, b: InferenceService) => GraphNode): Example {
  return {
    make: (chart, of) => {
      const [a, b] = ['First', 'Second'].map((id) => new InferenceService(chart, id, { ...of.props, model: of.version('v1') }));
      new InferenceGraph(chart, 'Graph', { root: root(a!, b!) });
    },
  };
}

function pool(loading: PoolLoading): Example {
  return { make: (chart) => { new InferenceServerPool(chart, 'Pool', { loading, models: ['a', 'b'].map((name) => Model.sklearn({ name, source: ModelSource.s3(`s3://models/${name}/v1`), size: Size.mebibytes(20) })) }); } };
}

/** For each row of the table, the least program that asks for it. */
export const EXAMPLES: { readonly [capability in Capability]?: Example } = {
  [Capability.DOWNLOAD]: service(),
  [Capability.SECRET_CREDENTIALS]: service((of) => of.opened(Credentials.fromSecretName('s3'))),
  [Capability.EXTERNAL_SECRET]: service((of) => of.opened(Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3#key' } }))),
  [Capability.WORKLOAD_IDENTITY]: service((of) => of.opened(Credentials.workloadIdentity('reader', { identity: CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader') }))),
  [Capability.SECRET_ROTATION]: service((of) => of.opened(Credentials.fromSecretName('s3', { rotation: SecretRotation.ROLL }))),
  [Capability.VOLUME_SOURCE]: service((of) => of.from(ModelSource.pvcName('models', { path: 'iris/v1' }))),
  [Capability.OCI_COPY]: service((of) => of.from(ModelSource.oci(`registry.example.com/ml/iris@${DIGEST}`))),
  [Capability.OCI_VOLUME]: service((of) => of.from(ModelSource.oci(`registry.example.com/ml/iris@${DIGEST}`, { delivery: OciDelivery.VOLUME })), { imageVolumes: true }),
  [Capability.IN_IMAGE]: service((of) => ({ ...of.from(ModelSource.inImage('/opt/model')), server: of.imaged })),
  [Capability.V2_REST]: service({ protocol: InferenceProtocol.V2_REST }),
  [Capability.V2_GRPC]: service({ protocol: InferenceProtocol.V2_GRPC, requestTimeout: Duration.seconds(5) }),
  [Capability.V1_REST]: service({ protocol: InferenceProtocol.V1_REST, server: InferenceServer.kserveSklearn() }),
  [Capability.TENSORFLOW_GRPC]: service({ model: Model.tensorflow({ source: ModelSource.s3('s3://models/mnist/v4') }), protocol: InferenceProtocol.TENSORFLOW_GRPC }),
  [Capability.OPENAI]: service(llm(), SPARE),
  [Capability.CUSTOM_REST]: service({ model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/ml/scorer:1.4' }) }),
  [Capability.CODE_IMAGE]: service((of) => of.coded(PythonCode.image(CODE, { repository: 'registry.example.com/ml/price', digest: DIGEST }))),
  [Capability.CODE_MOUNT]: service((of) => of.coded(PythonCode.mount(CODE))),
  [Capability.RESOURCES]: service({ cpu: Cpu.units(2), memory: Size.gibibytes(8), ephemeralStorage: Size.gibibytes(40) }),
  [Capability.GPU]: service(onGpu, SPARE),
  [Capability.DEVICE_CLAIM]: service((of) => ({ ...onGpu(of), accelerator: Accelerator.resourceClaim('gpu.nvidia.com') })),
  [Capability.ENVIRONMENT]: service({ env: { LOG_LEVEL: EnvValue.fromValue('info') } }),
  [Capability.FILES]: service({ files: [MountedFile.inline('/etc/app/app.json', '{}')] }),
  [Capability.VOLUMES]: { make: (chart, of) => { new InferenceService(chart, 'Iris', { ...of.props, model: of.version('v1'), volumes: [{ volume: Volume.fromEmptyDir(chart, 'Scratch', 'scratch'), path: '/scratch', readOnly: false }] }); } },
  [Capability.SIDECARS]: { make: (chart, of) => { new InferenceService(chart, 'Iris', { ...of.props, model: of.version('v1'), sidecars: [new Container({ name: 'tokenizer', image: 'registry.example.com/tokenizer:1.0', securityContext: { capabilities: { drop: [Posix.ALL] } } })] }); } },
  [Capability.POD_OVERLAY]: service({ podOverlay: { metadata: { annotations: { 'example.com/reviewed': 'yes' } } } }),
  [Capability.SERVICE_ACCOUNT]: { make: (chart, of) => { new InferenceService(chart, 'Iris', { ...of.props, model: of.version('v1'), serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'Account', 'runner') }); } },
  [Capability.PRIORITY]: service({ priorityClassName: 'production' }),
  [Capability.PROBES]: service(), [Capability.DRAIN]: service(), [Capability.DISRUPTION_BUDGET]: service({ scaling: Scaling.fixed(2) }), [Capability.SPREAD]: service({ scaling: Scaling.fixed(2) }), [Capability.UPDATE_STRATEGY]: service(onGpu, { gpuPools: [GpuPool.gke('L4', { count: 16 })] }),
  [Capability.FIXED_COPIES]: service({ scaling: Scaling.fixed(3) }),
  [Capability.SCALE_ON_CPU]: service({ scaling: Scaling.onCpu(bounds) }),
  [Capability.SCALE_ON_METRICS]: service({ scaling: Scaling.onConcurrency({ ...bounds, targetPerReplica: 8 }) }),
  [Capability.SCALE_ON_EVENTS]: service({ scaling: Scaling.onQuery({ ...bounds, query: 'max(queue_length)', targetValue: 5 }) }),
  [Capability.SCALE_TO_ZERO]: service((of) => ({ scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8, wake: of.wake }) })),
  [Capability.EXTERNAL_SCALING]: service({ scaling: Scaling.external(bounds) }),
  [Capability.CANARY]: trial(Rollout.canary({ steps: [25, 50] }), 25),
  [Capability.BLUE_GREEN]: trial(Rollout.blueGreen(), 0),
  [Capability.SHADOW]: trial(Rollout.shadow(), 100),
  [Capability.AB_TEST]: trial(Rollout.abTest({ audience: Audience.header('X-Model', 'v2') }), 100),
  [Capability.ARGO_ROLLOUTS]: service({ rollout: Rollout.canary({ steps: [25, 50] }), exposure: exposed }, { rollouts: RolloutController.argo() }),
  [Capability.FLAGGER]: service({ rollout: Rollout.canary({ steps: [25, 50] }), exposure: exposed }, { rollouts: RolloutController.flagger() }),
  [Capability.GATES]: service({ rollout: Rollout.canary({ steps: [25, 50], gates: [Gate.errors({ maxPercent: 5 })] }), exposure: exposed }, { rollouts: RolloutController.argo() }),
  [Capability.FREEZE]: service({ hold: Hold.frozen({ reason: 'an audit', until: '2027-03-01' }) }),
  [Capability.STOP]: service({ hold: Hold.stopped({ reason: 'no season', until: '2027-03-01' }) }),
  [Capability.GATEWAY]: service({ exposure: exposed }),
  [Capability.INGRESS]: service({ exposure: Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'iris-tls' }) }),
  [Capability.GRPC_ROUTE]: service({ exposure: Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.iris.example.com'] }) }),
  [Capability.GRANTS]: { make: (chart, of) => { new InferenceService(chart, 'Iris', { ...of.props, model: of.version('v1') }).grantInvoke(Namespaces.select(chart, 'Callers', { labels: { team: 'checkout' } })); } },
  [Capability.METRICS]: { make: (chart, of) => { new MonitoringStack(chart, 'Monitoring', { metrics: MetricsBackend.kubePrometheus() }); new InferenceService(chart, 'Iris', { ...of.props, model: of.version('v1') }); } },
  [Capability.PAYLOAD_LOGGING]: service({ payloadLogging: PayloadLogging.http({ url: 'http://sink.ml' }) }),
  [Capability.MODEL_MONITOR]: service({ monitor: monitored().monitor! }),
  [Capability.TRACING]: service({ tracing: Tracing.phoenix({ host: 'phoenix.monitoring' }) }),
  [Capability.TRANSFORMER]: service((of) => ({ transformer: Transformer.of(of === OPEN ? { server: InferenceServer.mlserver(), model: Model.custom({ code: PythonCode.mount(CODE), implementation: 'server.Model' }) } : { server: InferenceServer.container({ image: 'registry.example.com/ml/scale:1.0', protocols: [InferenceProtocol.V2_REST] }) }) })),
  [Capability.EXPLAINER]: service({ explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source: ModelSource.s3('s3://models/iris-explainer/v1') }) }),
  [Capability.OUTLIER_DETECTOR]: service({ detectors: [Detector.outlier({ source: ModelSource.s3('s3://models/iris-outliers/v1') })] }),
  [Capability.DRIFT_DETECTOR]: service({ detectors: [Detector.drift({ source: ModelSource.s3('s3://models/iris-drift/v1'), batchSize: 100 })] }),
  [Capability.BATCHING]: service({ batching: Batching.of({ maxBatchSize: 32, maxLatency: Duration.millis(5) }) }),
  [Capability.GRAPH_SEQUENCE]: graph((a, b) => GraphNode.sequence([GraphStep.service(a), GraphStep.service(b)])),
  [Capability.GRAPH_SWITCH]: graph((a, b) => GraphNode.switch([GraphStep.service(a, { condition: GraphCondition.hasInput('dog') }), GraphStep.service(b, { condition: GraphCondition.hasInput('cat') })])),
  [Capability.GRAPH_ENSEMBLE]: graph((a, b) => GraphNode.ensemble([GraphStep.service(a), GraphStep.service(b)])),
  [Capability.GRAPH_SPLITTER]: graph((a, b) => GraphNode.splitter([GraphStep.service(a, { weight: 80 }), GraphStep.service(b, { weight: 20 })])),
  [Capability.MODEL_CACHE]: { ...CACHED, cluster: SPARE },
  [Capability.SERVER_POOL]: pool(PoolLoading.WITH_PODS), [Capability.POOL_WHILE_RUNNING]: pool(PoolLoading.WHILE_RUNNING),
};

/** The cluster that has everything that a row may need but what its example names itself. */
export const CLUSTER: ClusterProps = { name: 'walk', version: '1.34', gateway: GATEWAY, metricsUrl: METRICS };

/** One cell of the table. */
export interface WalkedCell {
  readonly engine: EngineId;
  readonly capability: Capability;
  readonly cell: EngineCapability;
}

/** All cells. */
export const WALK: readonly WalkedCell[] = Object.values(EngineId).flatMap((engine) => Object.values(Capability).flatMap((capability) => {
  const cell = engineCapability(capability, engine);
  return cell === undefined ? [] : [{ engine, capability, cell }];
}));

/** What the program of a cell finds, and the objects that it gives. */
export function walk({ engine, capability }: WalkedCell): { errors: Problem[]; objects: any[] } {
  const app = new App();
  const chart = new Chart(app, 'walk', { namespace: 'ml' });
  const { cluster, make } = EXAMPLES[capability]!;
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ ...CLUSTER, ...(engine === EngineId.KSERVE_LLM ? SPARE : {}), ...cluster }), backend: ENGINES[engine]!() });
  make(chart, FLAVOURS[engine] ?? TABULAR);
  const errors = Problems.of(app).filter(({ severity }) => severity === Severity.ERROR);
  return { errors, objects: errors.length > 0 ? [] : hearing(() => Testing.synth(chart)).result };
}
