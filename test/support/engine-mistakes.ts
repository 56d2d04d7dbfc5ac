import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  Accelerator, Autoscaler, Batching, Cluster, ClusterOperator, type ClusterProps, Credentials, Detector, EngineBackend, ExistingService, Exposure, GpuPool, InferenceProtocol, InferenceServer, InferenceServerPool, type InferenceServerPoolProps, InferenceService,
  type InferenceServiceProps, KServeLanguageModels, KServeRuntimes, type KServeRuntimesProps, KServeStorageContainer, LocalModelCache, type LocalModelCacheProps, LocalModelNodeGroup, Model, ModelSource, PoolLoading, PythonCode, Rollout, Scaling, SeldonRuntime, SeldonServer, SeldonServerConfig, SeldonServers, ServingEngine, Transformer,
} from 'cdk8s-serving';
import { iris, serve } from './serving';

const s3 = (name: string): ModelSource => ModelSource.s3(`s3://models/${name}/v1`);
const named = (name: string): Model => Model.sklearn({ name, source: s3(name) });
const gateway = { gateway: { name: 'public', namespace: 'gateway' } };
const inPublic = Exposure.gateway({ hosts: ['iris.example.com'] });
const own = Model.custom({ implementation: 'server.Model', code: PythonCode.mount('test/golden/code') });
const large = Model.onnx({ source: s3('detector'), size: Size.gibibytes(2) });

interface Made { readonly app: App }

/** What is not a service, in a chart with an engine. */
function made(build: (chart: Chart) => void, cluster: ClusterProps = {}, namespace: string | undefined = 'ml', backend = EngineBackend.kubernetes()): Made {
  const app = Testing.app();
  const chart = new Chart(app, 'ml', { namespace });
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of(cluster), backend });
  build(chart);
  return { app };
}

const pool = (props: Partial<InferenceServerPoolProps>): Made => made((chart) => { new InferenceServerPool(chart, 'Tabular', { models: [named('iris'), named('fraud')], ...props }); });
const poolOnSeldonV2 = (props: Partial<InferenceServerPoolProps>, besides: (chart: Chart) => void = () => undefined): Made => made((chart) => {
  new InferenceServerPool(chart, 'Tabular', { models: [Model.sklearn({ name: 'iris', source: s3('iris'), size: Size.mebibytes(20) })], ...props });
  besides(chart);
}, {}, 'ml', EngineBackend.seldonCoreV2());
const replacing = (existing: ExistingService, props: Partial<InferenceServiceProps> = {}): Made => serve({ replaces: existing, exposure: inPublic, ...props }, gateway);
const onSeldonV2 = (servers: SeldonServers, props: Partial<InferenceServiceProps> = {}, cluster: ClusterProps = {}): Made => serve(props, cluster, { backend: EngineBackend.seldonCoreV2({ servers }) });
const runtimes = (props: KServeRuntimesProps = {}, cluster: ClusterProps = {}, namespace?: string): Made => made((chart) => { new KServeRuntimes(chart, 'Runtimes', props); }, cluster, namespace);
const fetching = (...sources: ModelSource[]): Made => made((chart) => { new KServeStorageContainer(chart, 'Large', { sources }); });
const cacheIn = (chart: Chart, source: ModelSource, props: Partial<LocalModelCacheProps> = {}): LocalModelCache => new LocalModelCache(chart, 'Cache', {
  source, modelSize: Size.gibibytes(17), nodeGroups: [new LocalModelNodeGroup(chart, 'Gpu', { storageLimit: Size.tebibytes(1), nodeLabels: { pool: 'gpu' } })], ...props,
});
const cache = (source: ModelSource, props: Partial<LocalModelCacheProps> = {}): Made => made((chart) => { cacheIn(chart, source, props); });
const cached = (model: Model, source: ModelSource, backend = EngineBackend.kserve(), props: Partial<InferenceServiceProps> = {}): Made => made((chart) => {
  new InferenceService(chart, 'Cached', { model, modelCache: cacheIn(chart, source), ...props });
}, { gpuPools: [GpuPool.gke('L4', { count: 4, spare: 2 })] }, 'ml', backend);

const HELD = ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46' });
const QWEN = Model.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46', size: Size.gibibytes(17) });

/** Mistakes with engines and what belongs to them alone, and the code that tells each. */
export const ENGINE_MISTAKES: readonly [mistake: string, code: string, make: () => Made][] = [
  // pools
  ['a pool without a model', 'POOL_EMPTY', () => pool({ models: [] })],
  ['one model in the place of a pool\'s models', 'UNKNOWN_PROP', () => pool({ model: named('iris') } as object)],
  ['two models of one name in a pool', 'POOL_MODEL_NAME', () => pool({ models: [named('iris'), named('iris')] })],
  ['a pool on a server of one model', 'POOL_SERVER', () => pool({ server: InferenceServer.kserveSklearn() })],
  ['a pool of models that are read as two identities', 'POOL_NOT_ABLE', () => pool({ models: ['a', 'b'].map((name) => Model.sklearn({ name, source: ModelSource.s3(`s3://models/${name}/v1`, { credentials: Credentials.workloadIdentity(name) }) })) })],
  ['a pool with code of one model', 'POOL_NOT_ABLE', () => pool({ models: [named('iris'), Model.custom({ name: 'own', implementation: 'server.Own', code: PythonCode.mount('test/golden/code'), source: s3('own') })] })],
  // what replaces another
  ['a service that replaces another, without a route', 'REPLACES_WITHOUT_ROUTE', () => replacing(ExistingService.service('old'), { exposure: Exposure.clusterInternal() })],
  ['a service that replaces itself', 'REPLACES_ITSELF', () => replacing(ExistingService.kserve('iris'))],
  ['a service that replaces another in the middle of a release', 'REPLACES_DURING_RELEASE', () => replacing(ExistingService.service('old'), { rollout: Rollout.canary({ steps: [10] }) })],
  ['two caches of one model', 'MODEL_CACHE_TWICE', () => made((chart) => {
    cacheIn(chart, s3('large'));
    new LocalModelCache(chart, 'Again', { source: s3('large'), modelSize: Size.gibibytes(1), nodeGroups: [chart.node.findChild('Gpu') as LocalModelNodeGroup] });
  })],
  ['a service that replaces a Service that its engine makes', 'REPLACES_MADE', () => serve({ replaces: ExistingService.service('iris-predictor'), exposure: inPublic }, { ...gateway, operators: [ClusterOperator.KSERVE] }, { backend: EngineBackend.kserve() })],
  ['a model of another name than the one that it replaces', 'REPLACES_MODEL_NAME', () => replacing(ExistingService.kserve('old'))],
  ['more than all requests for what replaces another', 'NUMBER_OUT_OF_RANGE', () => replacing(ExistingService.service('old', { percent: 101 }))],
  // Seldon Core v2
  ['batching of models that come while their servers run', 'POOL_SETTINGS', () => poolOnSeldonV2({ loading: PoolLoading.WHILE_RUNNING, batching: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(5) }) })],
  ['a service with the name of a model of a pool', 'SELDON_MODEL_TWICE', () => poolOnSeldonV2({}, (chart) => { new InferenceService(chart, 'Iris', { model: iris() }); })],
  ['memory of pods that others share', 'SELDON_SHARED_SERVER', () => onSeldonV2(SeldonServers.shared(), { memory: Size.gibibytes(2) })],
  ['an HPA by pods that others share', 'SELDON_SHARED_HPA', () => onSeldonV2(SeldonServers.shared(), { scaling: Scaling.onConcurrency({ min: 1, max: 3, targetPerReplica: 4, autoscaler: Autoscaler.HPA }) }, { operators: [ClusterOperator.SELDON_CORE_V2, ClusterOperator.CUSTOM_METRICS] })],
  ['more copies than the shared server has', 'SELDON_COPIES', () => onSeldonV2(SeldonServers.shared({ replicas: 2 }), { scaling: Scaling.fixed(3) })],
  ['a model above the memory of the shared server', 'SELDON_MODEL_MEMORY', () => onSeldonV2(SeldonServers.shared({ memory: Size.gibibytes(1) }), { model: large })],
  ["a model above the server's volume", 'SELDON_MODEL_VOLUME', () => onSeldonV2(SeldonServers.dedicated(), { model: large })],
  ["a model in Triton's image, for Seldon's Triton", 'SELDON_IN_IMAGE', () => onSeldonV2(SeldonServers.dedicated(), { server: InferenceServer.triton(), model: Model.onnx({ source: ModelSource.inImage('/models') }) })],
  ['all copies of a server of its own replaced at once', 'SELDON_UPDATE', () => onSeldonV2(SeldonServers.dedicated(), { rollout: Rollout.recreate() })],
  ["a model's name beside its service's, of which Seldon knows one", 'SELDON_MODEL_NAME', () => onSeldonV2(SeldonServers.shared(), { model: iris({ name: 'flowers' }) })],
  ['a transformer between Seldon\'s agent and its server', 'SELDON_COLLOCATED', () => onSeldonV2(SeldonServers.asNeeded(), { transformer: Transformer.collocated({ server: InferenceServer.mlserver(), model: own }) })],
  ['a transformer that asks a model of Seldon Core v2 by gRPC', 'SELDON_TRANSFORMER_PROTOCOL', () => onSeldonV2(SeldonServers.asNeeded(), { protocol: InferenceProtocol.V2_GRPC, transformer: Transformer.of({ server: InferenceServer.mlserver(), model: own }) })],
  ['a share of the requests for a step of a Pipeline', 'SELDON_STOCK_COMPANION', () => onSeldonV2(SeldonServers.shared(), { detectors: [Detector.outlier({ source: s3('outlier'), samplePercent: 10 })] })],
  ['a Pipeline behind an Ingress', 'SELDON_PIPELINE_INGRESS', () => onSeldonV2(SeldonServers.shared(), { exposure: Exposure.ingress({ host: 'iris.example.com' }), detectors: [Detector.outlier({ source: s3('outlier') })] })],
  ['a version of Seldon Core v2 that is none', 'WRONG_TYPE', () => serve({}, {}, { backend: EngineBackend.seldonCoreV2({ version: '1.18' }) })],
  // what a platform has of KServe
  ['a runtime of a server that is made of code', 'KSERVE_RUNTIME_NONE', () => runtimes({ servers: [InferenceServer.fastApi()] })],
  ['two runtimes of one server', 'KSERVE_RUNTIME_TWICE', () => runtimes({ servers: [InferenceServer.triton(), InferenceServer.triton()] })],
  ['runtimes of a namespace in none', 'OPERATOR_OUTSIDE_OF_CHART', () => { const app = Testing.app(); new KServeRuntimes(new Chart(app, 'ml'), 'Runtimes', { namespaced: true }); return { app }; }],
  ['gRPC of a service that is replaced, at no port', 'REPLACES_GRPC_PORT', () => serve({ exposure: Exposure.gateway({ hosts: ['a.example.com'], grpcHosts: ['g.example.com'] }), replaces: ExistingService.kserve('old') }, { gateway: { name: 'public', namespace: 'gateway' } })],
  ['two runtimes of Seldon in one namespace', 'SELDON_TWO_RUNTIMES', () => { const app = Testing.app(); const chart = new Chart(app, 'ml', { namespace: 'ml' }); new SeldonRuntime(chart, 'A'); new SeldonRuntime(chart, 'B'); return { app }; }],
  ["a server configuration of a server that Seldon's agent can't load into", 'SELDON_SERVER_CONFIG', () => { const app = Testing.app(); new SeldonServerConfig(new Chart(app, 'ml', { namespace: 'seldon-mesh' }), 'Servers', { server: InferenceServer.vllm() }); return { app }; }],
  ["copies of Seldon's server outside of their bounds", 'SELDON_SERVER_COPIES', () => { const app = Testing.app(); new SeldonServer(new Chart(app, 'ml', { namespace: 'ml' }), 'Server', { replicas: 2, minReplicas: 3 }); return { app }; }],
  ['runtimes on a cluster without KServe', 'OPERATOR_MISSING', () => runtimes({}, { operators: [] })],
  ['a claim that is to be downloaded', 'KSERVE_STORAGE_SOURCE', () => fetching(ModelSource.pvcName('claim', { immutable: true }))],
  ['a key file in a storage container', 'KSERVE_STORAGE_CREDENTIALS', () => fetching(ModelSource.gcs('gs://models/v1', { credentials: Credentials.fromSecretName('gcs') }))],
  ['two regions in one storage container', 'KSERVE_STORAGE_UNLIKE', () => fetching(s3('a'), ModelSource.s3('s3://models/b/v1', { region: 'eu-west-1' }))],
  ['a cache of a claim', 'MODEL_CACHE_SOURCE', () => cache(ModelSource.pvcName('claim', { immutable: true }))],
  ['a cache from an endpoint', 'MODEL_CACHE_SETTINGS', () => cache(ModelSource.s3('s3://models/v1', { endpoint: 'http://minio:9000' }))],
  ['a cache that is larger than its nodes', 'MODEL_CACHE_SIZE', () => cache(HELD, { modelSize: Size.tebibytes(2) })],
  ['a cache of another model', 'MODEL_NOT_IN_CACHE', () => cached(QWEN, ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: 'aaaaaaaaaaaa' }))],
  ['a cache for a server that wants a folder of its name', 'MODEL_CACHE_FOLDER', () => cached(Model.onnx({ source: s3('detector') }), s3('detector'), EngineBackend.kserve(), { server: InferenceServer.triton() })],
  ['a cache that the LLMInferenceServices of this version do not look for', 'ENGINE_VERSION', () => cached(QWEN, HELD, EngineBackend.kserve({ version: '0.18', languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE }), { server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) })],
];
