import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-28';
import { Batching, Candidate, CloudIdentity, Cluster, ClusterOperator, Credentials, EngineBackend, Exposure, Gate, InferenceProtocol, InferenceServer, InferenceServerPool, InferenceServerPoolProps, Model, ModelSource, PoolLoading, Problems, PythonCode, Rollout, RolloutController, Scaling, SecretRotation, ServingEngine } from 'cdk8s-serving';
import { hearing } from '../../support/serving';

const s3 = (name: string, credentials?: Credentials): ModelSource => ModelSource.s3(`s3://models/${name}/v1`, { credentials });
const iris = Model.sklearn({ name: 'iris', source: s3('iris'), size: Size.mebibytes(100) });
const fraud = Model.xgboost({ name: 'fraud', source: s3('fraud'), size: Size.mebibytes(300) });

class Pooled {
  public readonly app = new App();
  public readonly chart = new Chart(this.app, 'chart', { namespace: 'ml' });
  public readonly pool: InferenceServerPool;

  public constructor(props: Partial<InferenceServerPoolProps> = {}, cluster: Cluster = Cluster.of(), backend = EngineBackend.kubernetes()) {
    new ServingEngine(this.chart, 'Engine', { cluster, backend });
    this.pool = new InferenceServerPool(this.chart, 'Tabular', { models: [iris, fraud], ...props });
  }

  public get codes(): string[] { return Problems.of(this.app).map(({ code }) => code); }
  public get manifests(): any[] { return hearing(() => Testing.synth(this.chart)).result; }
  public one(kind: string): any { return this.manifests.find((object) => object.kind === kind); }
  public get pod(): any { return this.one('Deployment').spec.template.spec; }
  public get server(): any { return this.pod.containers[0]; }
}

describe('a pool of MLServer', () => {
  const pooled = new Pooled();

  test('has no problems, and is called by its id', () => {
    expect(pooled.codes).toEqual([]);
    expect(pooled.one('Deployment').metadata.name).toBe('tabular');
    expect(pooled.one('PodDisruptionBudget')).toBeDefined();
  });

  test('downloads all models in one container, each into a folder of its own', () => {
    expect(pooled.pod.initContainers.map((one: any) => [one.name, ...one.args])).toEqual([['model-download-iris', 's3://models/iris/v1/', '/mnt/models/iris', 's3://models/fraud/v1/', '/mnt/models/fraud']]);
    // twice the files, as archives are unpacked beside themselves
    expect(pooled.pod.volumes.find((one: any) => one.name === 'model')).toEqual({ name: 'model', emptyDir: { sizeLimit: '856Mi' } });
  });

  test('starts the server that reads all formats on settings of each model', () => {
    const settings = JSON.parse(pooled.one('ConfigMap').data['mnt.settings.fraud.model-settings.json']);
    expect(settings).toEqual({ name: 'fraud', implementation: 'mlserver_xgboost.XGBoostModel', parameters: { uri: '/mnt/models/fraud' } });
    expect(pooled.server.image).toMatch(/^docker\.io\/seldonio\/mlserver:[\d.]+$/);
    expect(pooled.server.command).toEqual(['mlserver', 'start', '/mnt/settings']);
    expect(pooled.pod.volumes.find((one: any) => one.name === 'settings').configMap.items).toEqual([
      { key: 'mnt.settings.iris.model-settings.json', path: 'iris/model-settings.json' }, { key: 'mnt.settings.fraud.model-settings.json', path: 'fraud/model-settings.json' },
    ]);
    expect(pooled.server.env.map((one: any) => one.name)).not.toContain('MLSERVER_MODEL_NAME');
    expect(pooled.server.readinessProbe.httpGet.path).toBe('/v2/health/ready');
  });

  test('asks for the memory of all', () => {
    const alone = new Pooled({ models: [iris] });
    expect([alone, pooled].map((one) => one.server.resources.requests.memory)).toEqual(['768Mi', '1Gi']);
  });

  test('answers for each model by its name', () => {
    expect(pooled.pool.modelNames).toEqual(['iris', 'fraud']);
    expect(pooled.pool.endpoint(InferenceProtocol.V2_REST, 'fraud')).toMatchObject({ url: 'http://tabular.ml.svc.cluster.local/v2/models/fraud/infer', modelName: 'fraud' });
    expect(pooled.pool.endpoint(InferenceProtocol.V2_REST, 'other')).toBeUndefined();
    expect(pooled.pool.endpoint(InferenceProtocol.OPENAI, 'iris')).toBeUndefined();
  });

  test('of one format has the image of its runtime alone', () => {
    expect(new Pooled({ models: [iris] }).server.image).toMatch(/-sklearn$/);
  });
});

describe('a pool of Triton', () => {
  test('has all models in one repository', () => {
    const onnx = (name: string): Model => Model.onnx({ name, source: s3(name) });
    const pooled = new Pooled({ models: [onnx('a'), onnx('b')], server: InferenceServer.triton() });
    expect(pooled.codes).toEqual([]);
    expect(pooled.server.args).toContain('--model-repository=/mnt/models');
    expect(pooled.pod.initContainers[0].args).toEqual(['s3://models/a/v1/', '/mnt/models/a', 's3://models/b/v1/', '/mnt/models/b']);
    expect(pooled.server.readinessProbe.httpGet.path).toBe('/v2/health/ready');
  });
});

describe('models from several places', () => {
  test('each have their own credentials, and containers only where these differ', () => {
    const models = [
      Model.sklearn({ name: 'a', source: s3('a', Credentials.fromSecretName('one')) }), Model.sklearn({ name: 'b', source: s3('b', Credentials.fromSecretName('one')) }),
      Model.sklearn({ name: 'c', source: s3('c', Credentials.fromSecretName('two')) }),
      Model.sklearn({ name: 'd', source: s3('d', Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' } })) }),
      Model.sklearn({ name: 'e', source: ModelSource.pvcName('claim', { path: 'e/v1' }) }),
    ];
    const pooled = new Pooled({ models });
    expect(pooled.codes).toEqual([]);
    expect(pooled.pod.initContainers.map((one: any) => [one.name, one.args.length / 2, one.env.find((variable: any) => variable.name === 'AWS_ACCESS_KEY_ID').valueFrom.secretKeyRef.name])).toEqual([
      ['model-download-a', 2, 'one'], ['model-download-c', 1, 'two'], ['model-download-d', 1, 'tabular-d-model-credentials'],
    ]);
    expect(pooled.one('ExternalSecret').metadata.name).toBe('tabular-d-model-credentials');
    expect(pooled.server.volumeMounts).toEqual(expect.arrayContaining([{ name: 'model-e', mountPath: '/mnt/models/e', subPath: 'e/v1', readOnly: true }]));
  });

  test('on one claim share its volume: of two the kubelet mounts one, and the pod waits for the other', () => {
    const on = (name: string, claim: string): Model => Model.sklearn({ name, source: ModelSource.pvcName(claim, { path: name }) });
    const { pod, server } = new Pooled({ models: [on('a', 'one'), on('b', 'one'), on('c', 'two'), iris] });
    const claims = pod.volumes.filter((one: any) => one.persistentVolumeClaim !== undefined);
    expect(claims.map((one: any) => [one.name, one.persistentVolumeClaim.claimName])).toEqual([['model-a', 'one'], ['model-c', 'two']]);
    const mounts = Object.fromEntries(server.volumeMounts.map((one: any) => [one.mountPath, [one.name, one.subPath]]));
    expect(mounts).toMatchObject({ '/mnt/models': ['model', undefined], '/mnt/models/a': ['model-a', 'a'], '/mnt/models/b': ['model-a', 'b'], '/mnt/models/c': ['model-c', 'c'] });
  });
});

describe('what a later model of a pool needs', () => {
  const reader = Credentials.workloadIdentity('reader', { identity: CloudIdentity.azureWorkloadIdentity('11111111-2222-3333-4444-555555555555') });
  const rolled = (secret: string): Credentials => Credentials.fromSecretName(secret, { rotation: SecretRotation.ROLL });
  const later = (credentials: Credentials): Model => Model.sklearn({ name: `later-${credentials.secretName ?? 'model'}`, source: s3('later', credentials) });

  test('is the identity of all', () => {
    const pooled = new Pooled({ models: [iris, Model.sklearn({ name: 'later', source: ModelSource.azureBlob('https://account.blob.core.windows.net/models/later/v1', { credentials: reader }) })] });
    expect(pooled.codes).toEqual([]);
    expect(pooled.pod.serviceAccountName).toBe('reader');
    expect(pooled.one('ServiceAccount').metadata).toMatchObject({ name: 'reader', annotations: { 'azure.workload.identity/client-id': '11111111-2222-3333-4444-555555555555' } });
    expect(pooled.one('Deployment').spec.template.metadata.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
  });

  test('rolls the pods when its Secret changes', () => {
    const pooled = new Pooled({ models: [iris, later(rolled('one')), later(rolled('two'))] }, Cluster.of({ operators: [ClusterOperator.RELOADER] }));
    expect(pooled.codes).toEqual([]);
    expect(pooled.one('Deployment').metadata.annotations['secret.reloader.stakater.com/reload']).toBe('one,two');
  });

  test('replaces the pods where its volume can be mounted on one node only', () => {
    const pooled = new Pooled({ models: [iris, Model.sklearn({ name: 'later', source: ModelSource.pvcName('claim', { path: 'later/v1', accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE }) })], scaling: Scaling.fixed(1) });
    expect(pooled.one('Deployment').spec.strategy).toEqual({ type: 'Recreate' });
  });
});

describe('a pool is refused', () => {
  const codes = (props: Partial<InferenceServerPoolProps>, cluster?: Cluster): string[] => [...new Set(new Pooled(props, cluster).codes)];

  test('without models', () => expect(codes({ models: [] })).toEqual(['SERVING_POOL_EMPTY']));

  test.each([
    ['no name', [Model.sklearn({ source: s3('a') })]], ['one name twice', [iris, iris]], ['a name that is no folder', [Model.sklearn({ name: 'A_b', source: s3('a') })]],
  ])('for a model with %s', (_, models) => expect(codes({ models })).toContain('SERVING_POOL_MODEL_NAME'));

  test('on a server that serves one', () => {
    expect(codes({ models: [iris], server: InferenceServer.kserveSklearn() })).toContain('SERVING_POOL_SERVER');
  });

  test('where no server reads all formats', () => {
    expect(codes({ models: [iris, Model.tensorflow({ name: 'tf', source: s3('tf') })] })).not.toEqual([]);
  });

  test('with what is said of one model alone', () => {
    const code = Model.custom({ name: 'own', implementation: 'model.Model', code: PythonCode.mount('test/golden/code'), source: s3('own') });
    expect(codes({ models: [iris, code] })).toContain('SERVING_POOL_NOT_ABLE');
    expect(codes({ rollout: Rollout.canary({ steps: [50] }), candidate: Candidate.of({ model: iris }) } as never)).toContain('SERVING_POOL_NOT_ABLE');
    expect(codes({ rollout: Rollout.canary({ steps: [50], gates: [Gate.goldenRequests({ file: 'test/golden/golden-requests.jsonl' })] }), exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, Cluster.of({ rollouts: RolloutController.argo(), gateway: { name: 'public', namespace: 'gateway' } }))).toContain('SERVING_POOL_NOT_ABLE');
  });

  test('with two identities', () => {
    const as = (name: string): Model => Model.sklearn({ name, source: s3(name, Credentials.workloadIdentity(name)) });
    expect(codes({ models: [as('a'), as('b')] })).toContain('SERVING_POOL_NOT_ABLE');
  });
});

test('a pool is what a service is to NetworkPolicies and autoscalers', () => {
  const pooled = new Pooled();
  pooled.pool.grantInvoke(new Pooled().pool);
  expect(pooled.one('NetworkPolicy').spec.podSelector).toEqual({ matchLabels: pooled.one('PodDisruptionBudget').spec.selector.matchLabels });
  expect(pooled.pool.toScalingTarget()).toMatchObject({ kind: 'Deployment', name: 'tabular' });
  expect(pooled.pool.toPodSelectorConfig()).toBeDefined();
});

describe('a pool whose models come while it runs', () => {
  const on = (props: Partial<InferenceServerPoolProps> = {}): Pooled => new Pooled({ loading: PoolLoading.WHILE_RUNNING, ...props }, Cluster.of(), EngineBackend.kserve());

  test.each<[string, Partial<InferenceServerPoolProps>]>([
    ['batching', { batching: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(5) }) }], ['the task', { server: InferenceServer.mlserver({ task: 'text-classification' }) }],
    ['the configuration', { server: InferenceServer.triton({ configuration: 'max_batch_size: 8' }), models: [Model.onnx({ name: 'a', source: ModelSource.s3('s3://models/a/v1') })] }],
  ])('loses nothing in silence that is said of how its models are served: %s', (_, props) => {
    expect(on(props).codes.filter((code) => code === 'SERVING_POOL_SETTINGS')).toHaveLength(1);
    expect(on({ ...props, loading: PoolLoading.WITH_PODS }).codes).not.toContain('SERVING_POOL_SETTINGS');
  });

  test('is a server without models, and a TrainedModel of each, on KServe', () => {
    const pooled = on();
    // told for each model: MLServer reads what runs it from a file beside it
    expect(new Set(pooled.codes)).toEqual(new Set(['SERVING_POOL_MODEL_SETTINGS']));
    const { predictor } = pooled.one('InferenceService').spec;
    expect(predictor.model).not.toHaveProperty('storageUri');
    expect(predictor.model).not.toHaveProperty('storage');
    expect(predictor).not.toHaveProperty('initContainers');
    expect(predictor.model.env).toEqual(expect.arrayContaining([{ name: 'MLSERVER_LOAD_MODELS_AT_STARTUP', value: 'false' }]));
    expect(pooled.one('ServingRuntime').spec).toMatchObject({ multiModel: true, supportedModelFormats: [{ name: 'sklearn', autoSelect: false }, { name: 'xgboost', autoSelect: false }] });
    expect(pooled.manifests.filter(({ kind }) => kind === 'TrainedModel').map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      ['iris', { inferenceService: 'tabular', model: { framework: 'sklearn', storageUri: 's3://models/iris/v1/', memory: '100Mi' } }],
      ['fraud', { inferenceService: 'tabular', model: { framework: 'xgboost', storageUri: 's3://models/fraud/v1/', memory: '300Mi' } }],
    ]);
  });

  test('of Triton answers where the agent asks, and loads nothing by itself', () => {
    const { predictor } = on({ models: [Model.onnx({ name: 'a', source: s3('a') })], server: InferenceServer.triton() }).one('InferenceService').spec;
    expect(predictor.model.args).toEqual(expect.arrayContaining(['--http-port=8080', '--model-control-mode=explicit']));
  });

  test('can not open models by keys of a Secret, nor fetch what KServe fetches at a start alone', () => {
    for (const source of [s3('a', Credentials.fromSecretName('s3')), ModelSource.pvcName('models', { path: 'a/v1' })]) {
      expect(on({ models: [Model.sklearn({ name: 'a', source })] }).codes).toContain('SERVING_POOL_NOT_ABLE');
    }
  });

  test('can not be had on plain Kubernetes', () => {
    expect(new Pooled({ loading: PoolLoading.WHILE_RUNNING }).codes).toContain('SERVING_ENGINE_NOT_ABLE');
  });
});
