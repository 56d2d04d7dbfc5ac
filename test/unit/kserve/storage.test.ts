import { App, Chart, Size, Testing } from 'cdk8s';
import {
  CloudIdentity, Cluster, ClusterOperator, Credentials, EngineBackend, InferenceServer, InferenceService, InferenceServiceProps, KServeLanguageModels, KServeStorageContainer, KServeStorageContainerProps, LocalModelCache, LocalModelCacheProps,
  LocalModelNodeGroup, LocalModelNodeGroupProps, Model, ModelSource, Problems, ServingEngine,
} from 'cdk8s-serving';
import { synth } from '../../support/serving';

interface Made { readonly objects: any[]; readonly codes: string[] }

/** What a program makes, and the codes of its problems. */
function made(build: (chart: Chart) => void, cluster = Cluster.of(), namespace?: string): Made {
  const app = Testing.app();
  const chart = new Chart(app, 'platform', { namespace });
  new ServingEngine(chart, 'Engine', { cluster });
  build(chart);
  const codes = Problems.of(app).filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return { codes, objects: codes.length > 0 ? [] : synth(chart) };
}

describe('KServeStorageContainer', () => {
  const container = (props: Partial<KServeStorageContainerProps> = {}, cluster?: Cluster): Made => made((chart) => { new KServeStorageContainer(chart, 'Large', { sources: [ModelSource.s3('s3://models/llm')], ...props }); }, cluster);

  test('has memory and disk for the largest model, more than one CPU, and what Pod Security asks for', () => {
    const [object] = container({ largestModel: Size.gibibytes(16) }).objects;
    expect([object.kind, object.metadata.name, object.metadata.namespace, object.spec.workloadType]).toEqual(['ClusterStorageContainer', 'large', undefined, 'initContainer']);
    expect(object.spec.container).toMatchObject({
      name: 'storage-initializer', image: 'docker.io/kserve/storage-initializer:v0.20.0',
      resources: { requests: { 'memory': '256Mi', 'cpu': '100m', 'ephemeral-storage': '33Gi' }, limits: { memory: '4Gi', cpu: '4' } },
      securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 1000, readOnlyRootFilesystem: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(object.spec.container).not.toHaveProperty('volumeMounts');
    expect(object.spec.container).not.toHaveProperty('args');
  });

  test('is for what begins with its addresses, and refers to the keys of a Secret of whoever uses it', () => {
    const credentials = Credentials.fromSecretName('minio', { keys: { AWS_ACCESS_KEY_ID: 'user', AWS_SECRET_ACCESS_KEY: 'password' } });
    const of = (uri: string): ModelSource => ModelSource.s3(uri, { endpoint: 'http://minio.storage:9000', credentials });
    const [{ spec }] = container({ sources: [of('s3://models/llm'), of('s3://models/vision')] }).objects;
    expect(spec.supportedUriFormats).toEqual([{ prefix: 's3://models/llm/' }, { prefix: 's3://models/vision/' }]);
    expect(spec.container.env).toEqual(expect.arrayContaining([{ name: 'AWS_ENDPOINT_URL', value: 'http://minio.storage:9000' }, { name: 'AWS_ACCESS_KEY_ID', valueFrom: { secretKeyRef: { name: 'minio', key: 'user' } } }]));
  });

  test('fills caches on nodes where it is told to', () => {
    expect(container({ forCaches: true }).objects[0].spec.workloadType).toBe('localModelDownloadJob');
  });

  test('is told what it can not fetch or hold', () => {
    expect(container({ sources: [ModelSource.pvcName('claim', { immutable: true })] }).codes).toEqual(['SERVING_KSERVE_STORAGE_SOURCE']);
    expect(container({ sources: [ModelSource.gcs('gs://models/v1', { credentials: Credentials.fromSecretName('gcs') })] }).codes).toEqual(['SERVING_KSERVE_STORAGE_CREDENTIALS']);
    expect(container({ sources: [ModelSource.s3('s3://models/v1', { credentials: Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'a#b', AWS_SECRET_ACCESS_KEY: 'a#c' } }) })] }).codes).toEqual(['SERVING_KSERVE_STORAGE_CREDENTIALS']);
    expect(container({ sources: [ModelSource.s3('s3://models/v1'), ModelSource.s3('s3://models/v2', { region: 'eu-west-1' })] }).codes).toEqual(['SERVING_KSERVE_STORAGE_UNLIKE']);
    expect(container({ sources: [] }).codes).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
    expect(container({}, Cluster.of({ operators: [ClusterOperator.KEDA] })).codes).toEqual(['SERVING_OPERATOR_MISSING']);
    expect(container({ size: 3 } as never).codes).toEqual(['SERVING_UNKNOWN_PROP']);
  });
});

describe('LocalModelCache', () => {
  const SOURCE = ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46' });
  function cache(props: Partial<LocalModelCacheProps> = {}, group: Partial<LocalModelNodeGroupProps> = {}, namespace?: string): Made & { readonly cache: LocalModelCache } {
    let made_: LocalModelCache | undefined;
    const result = made((chart) => {
      const nodes = new LocalModelNodeGroup(chart, 'Gpu', { storageLimit: Size.tebibytes(1), nodeLabels: { pool: 'gpu' }, ...group });
      made_ = new LocalModelCache(chart, 'Qwen', { source: SOURCE, modelSize: Size.gibibytes(17), nodeGroups: [nodes], ...props });
    }, undefined, namespace);
    return { ...result, cache: made_! };
  }

  test('is for all namespaces, on nodes of its groups; its claims are named as KServe names them', () => {
    const { objects: [group, object], cache: construct } = cache();
    expect([group.kind, group.metadata]).toEqual(['LocalModelNodeGroup', { name: 'gpu', labels: { 'app.kubernetes.io/managed-by': 'cdk8s-serving' } }]);
    expect(group.spec).toMatchObject({
      storageLimit: '1024Gi', persistentVolumeClaimSpec: { resources: { requests: { storage: '1024Gi' } }, storageClassName: 'local-storage' },
      persistentVolumeSpec: { local: { path: '/mnt/models' }, capacity: { storage: '1024Gi' }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['gpu'] }] }] } } },
    });
    expect([object.kind, object.metadata.namespace, object.spec]).toEqual(['LocalModelCache', undefined, { sourceModelUri: 'hf://Qwen/Qwen3-8B:b968826d9c46', modelSize: '17Gi', nodeGroups: ['gpu'] }]);
    expect([construct.claimNames, construct.sourceUri, construct.cacheNamespace]).toEqual([['qwen-gpu'], 'hf://Qwen/Qwen3-8B:b968826d9c46', undefined]);
  });

  test('is for one namespace where it is told to, and has the ServiceAccount of its source', () => {
    const source = ModelSource.s3('s3://models/v1', { credentials: Credentials.workloadIdentity('reader') });
    const { objects: [, object], cache: construct } = cache({ namespaced: true, source }, {}, 'risk');
    expect([object.kind, object.metadata.namespace, object.spec.serviceAccountName, construct.cacheNamespace]).toEqual(['LocalModelNamespaceCache', 'risk', 'reader', 'risk']);
    expect(cache({ source, serviceAccountName: 'other' }).objects[1].spec.serviceAccountName).toBe('other');
  });

  test('warns that KServe acts on none as it is installed', () => {
    const chart = new Chart(new App(), 'platform');
    new LocalModelCache(chart, 'Qwen', { source: SOURCE, modelSize: Size.gibibytes(17), nodeGroups: [new LocalModelNodeGroup(chart, 'Gpu', { storageLimit: Size.tebibytes(1), nodeLabels: { pool: 'gpu' } })] });
    expect(Problems.of(chart).map(({ code, severity }) => [code, severity])).toEqual([['SERVING_MODEL_CACHE_OFF', 'warning']]);
  });

  test('bad input is told', () => {
    expect(cache({ modelSize: Size.tebibytes(2) }).codes).toEqual(['SERVING_MODEL_CACHE_SIZE']);
    expect(cache({ source: ModelSource.pvcName('claim', { immutable: true }) }).codes).toEqual(['SERVING_MODEL_CACHE_SOURCE']);
    expect(cache({ source: ModelSource.s3('s3://models/v1', { endpoint: 'http://minio:9000' }) }).codes).toEqual(['SERVING_MODEL_CACHE_SETTINGS']);
    expect(cache({ source: ModelSource.s3('s3://models/v1', { credentials: Credentials.fromSecretName('s3') }) }).codes).toEqual(['SERVING_MODEL_CACHE_SETTINGS']);
    expect(cache({ source: ModelSource.s3('s3://models/v1', { credentials: Credentials.workloadIdentity('reader', { identity: CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader') }) }) }).codes).toEqual(['SERVING_MODEL_CACHE_SETTINGS']);
    expect(cache({ namespaced: true }).codes).toEqual(['SERVING_OPERATOR_OUTSIDE_OF_CHART']);
    expect(cache({ nodeGroups: ['gpu'] as never }).codes).toEqual(['SERVING_WRONG_TYPE']);
    expect(cache({ name: 'a'.repeat(31) }).codes).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
    expect(cache({}, { nodeLabels: {} }).codes).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
    expect(cache({}, { path: 'models' }).codes).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});

describe('a service whose model is in a cache', () => {
  const HELD = ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46' });
  const MODEL = Model.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46', size: Size.gibibytes(17) });
  const KSERVE = EngineBackend.kserve();
  const LLM = EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE });

  /** A cache of a source in the chart of a service that names it. */
  function cached(props: Partial<InferenceServiceProps> = {}, backend = KSERVE, source = HELD, caching: Partial<LocalModelCacheProps> = {}): Made {
    return made((chart) => {
      const nodeGroups = [new LocalModelNodeGroup(chart, 'Gpu', { storageLimit: Size.tebibytes(1), nodeLabels: { pool: 'gpu' } })];
      const modelCache = new LocalModelCache(chart, 'Cache', { source, modelSize: Size.gibibytes(17), nodeGroups, ...caching });
      const engine = new ServingEngine(new Chart(chart, 'engine'), 'Engine', { backend });
      new InferenceService(chart, 'Qwen', { engine, model: MODEL, modelCache, ...props });
    }, undefined, 'ml');
  }

  test('on KServe it has no download, no volume and no mount of its own where KServe mounts the cache, and says the address by which KServe finds it', () => {
    const service = cached().objects.find(({ kind }) => kind === 'InferenceService');
    const { model, initContainers, volumes } = service.spec.predictor;
    expect([model.storageUri, initContainers, service.metadata.annotations['serving.kserve.io/disable-localmodel']]).toEqual(['hf://Qwen/Qwen3-8B:b968826d9c46', undefined, undefined]);
    expect(model.volumeMounts.filter((one: any) => one.mountPath.startsWith('/mnt/models'))).toEqual([]);
    expect(volumes.map((one: any) => one.name)).toEqual(['tmp', 'shm']);
    expect(model.args[0]).toBe('/mnt/models');
  });

  test('as an LLMInferenceService it leaves the model to KServe', () => {
    const { metadata, spec } = cached({}, LLM).objects.find(({ kind }) => kind === 'LLMInferenceService');
    expect([spec.storageInitializer, spec.template.initContainers, spec.model.uri]).toEqual([{ enabled: true }, undefined, 'hf://Qwen/Qwen3-8B:b968826d9c46']);
    expect(metadata.annotations ?? {}).not.toHaveProperty('serving.kserve.io/disable-localmodel');
  });

  test('elsewhere it is told what to use instead', () => {
    expect(cached({}, EngineBackend.kubernetes()).codes).toEqual(['SERVING_ENGINE_NOT_ABLE']);
  });

  test('caches of one namespace came with KServe 0.18', () => {
    const on = (version: string): string[] => cached({}, EngineBackend.kserve({ version }), HELD, { namespaced: true }).codes;
    expect([on('0.17'), on('0.18')]).toEqual([['SERVING_ENGINE_VERSION'], []]);
  });

  test('it is told that the cache holds another model, is for others, or lies where the server does not look', () => {
    expect(cached({}, KSERVE, ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: 'aaaaaaaaaaaa' })).codes).toEqual(['SERVING_MODEL_NOT_IN_CACHE']);
    expect(cached({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) }, KSERVE, ModelSource.s3('s3://models/iris')).codes).toEqual([]);
    expect(cached({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v10') }) }, KSERVE, ModelSource.s3('s3://models/iris/v1')).codes).toEqual(['SERVING_MODEL_NOT_IN_CACHE']);
    expect(cached({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.triton() }, KSERVE, ModelSource.s3('s3://models/v1')).codes).toEqual(['SERVING_MODEL_CACHE_FOLDER']);
    expect(cached({ modelCache: { cacheName: 'risk', cacheNamespace: 'risk', sourceUri: HELD.uri } }).codes).toEqual(['SERVING_MODEL_NOT_IN_CACHE']);
    expect(cached({ modelCache: 'qwen' as never }).codes).toEqual(['SERVING_WRONG_TYPE']);
  });
});
