import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  Batching, Cluster, Credentials, EngineBackend, Exposure, InferenceProtocol, InferenceServer, InferenceServerPool, InferenceServerPoolProps, InferenceService, Model, ModelSource, PoolLoading, Problems, Scaling, SeldonServers, ServingEngine,
} from 'cdk8s-serving';
import { hearing } from '../../support/serving';

const KEYS = Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3#secret' } });
const iris = Model.sklearn({ name: 'iris', source: ModelSource.s3('s3://models/iris/v1', { credentials: KEYS }), size: Size.mebibytes(20), version: 'v1' });
const fraud = Model.xgboost({ name: 'fraud', source: ModelSource.gcs('gs://models/fraud/v7', { credentials: Credentials.none() }), size: Size.mebibytes(40) });

const CLUSTER = Cluster.of({ metricsUrl: 'http://prometheus.monitoring:9090', gateway: { name: 'public', namespace: 'gateways' } });

class Pooled {
  public readonly app = new App();
  public readonly chart = new Chart(this.app, 'chart', { namespace: 'ml' });
  public readonly pool: InferenceServerPool;

  public constructor(props: Partial<InferenceServerPoolProps> = {}, servers = SeldonServers.shared()) {
    new ServingEngine(this.chart, 'Engine', { cluster: CLUSTER, backend: EngineBackend.seldonCoreV2({ servers }) });
    this.pool = new InferenceServerPool(this.chart, 'Tabular', { models: [iris, fraud], ...props });
  }

  public get codes(): string[] { return Problems.of(this.app).map(({ code }) => code); }
  public get manifests(): any[] { return hearing(() => Testing.synth(this.chart)).result; }
  public all(kind: string): any[] { return this.manifests.filter((object) => object.kind === kind); }
  public one(kind: string): any { return this.all(kind)[0]; }
}

describe('whose models come with the pods', () => {
  const pooled = new Pooled();

  test('is one Server that takes nothing else, also where the services of its engine share theirs', () => {
    expect(pooled.codes).toEqual([]);
    expect(pooled.all('Server').map(({ metadata, spec }) => [metadata.name, spec.serverConfig, spec.capabilities, spec.replicas])).toEqual([['tabular', 'mlserver', ['tabular'], 2]]);
    expect(pooled.one('PodDisruptionBudget').metadata.name).toBe('tabular');
  });

  test('has a Model of each, which the agent finds in a folder of the pod', () => {
    expect(pooled.all('Model').map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      ['iris', { storageUri: '/mnt/settings/iris', requirements: ['tabular'], server: 'tabular', memory: '30Mi', replicas: 2 }],
      ['fraud', { storageUri: '/mnt/settings/fraud', requirements: ['tabular'], server: 'tabular', memory: '60Mi', replicas: 2 }],
    ]);
    expect(pooled.all('Model').map(({ metadata }) => metadata.labels['app.kubernetes.io/version'])).toEqual(['v1', 'v7']);
    expect(JSON.parse(pooled.one('ConfigMap').data['mnt.settings.fraud.model-settings.json'])).toMatchObject({ name: 'fraud', parameters: { uri: '/mnt/models/fraud' } });
    const rclone = pooled.one('Server').spec.podSpec.containers.find(({ name }: any) => name === 'rclone');
    expect(rclone.volumeMounts).toEqual([{ name: 'settings', mountPath: '/mnt/settings', readOnly: true }]);
  });

  test('downloads with keys as on any engine', () => {
    expect(pooled.one('ExternalSecret').spec.target).toEqual({ name: 'tabular-iris-model-credentials' });
    expect(pooled.one('Server').spec.podSpec.initContainers.map(({ name }: any) => name)).toEqual(['model-download-iris', 'model-download-fraud']);
  });

  test("fills Triton's repository from the folder of each", () => {
    const triton = new Pooled({ models: ['a', 'b'].map((name) => Model.onnx({ name, source: ModelSource.s3(`s3://models/${name}/v1`), size: Size.mebibytes(50) })), server: InferenceServer.triton() });
    expect(triton.codes).toEqual([]);
    expect(triton.all('Model').map(({ spec }) => spec.storageUri)).toEqual(['/mnt/models/a', '/mnt/models/b']);
    expect(triton.one('Server').spec.serverConfig).toBe('triton');
  });
});

describe('whose models come while it runs', () => {
  const pooled = new Pooled({ loading: PoolLoading.WHILE_RUNNING });

  test('has Models that the agent fetches, each with what opens its store', () => {
    expect(pooled.codes).toEqual([]);
    expect(pooled.all('Model').map(({ spec }) => spec)).toEqual([
      { storageUri: 's3://models/iris/v1/', secretName: 'tabular-iris-model-credentials', requirements: ['tabular', 'sklearn'], server: 'tabular', memory: '30Mi', replicas: 2 },
      { storageUri: 'gs://models/fraud/v7/', secretName: 'tabular-fraud-model-store', requirements: ['tabular', 'xgboost'], server: 'tabular', memory: '60Mi', replicas: 2 },
    ]);
    const template = pooled.one('ExternalSecret').spec.target.template.data['rclone.json'].replace(/\{\{ index \. "(\w+)" \| toJson \}\}/g, '"<$1>"');
    expect(JSON.parse(template)).toMatchObject({ type: 's3', parameters: { access_key_id: '<AWS_ACCESS_KEY_ID>' } });
    expect(JSON.parse(pooled.one('Secret').stringData['rclone.json'])).toEqual({ type: 'google cloud storage', name: 'gs', parameters: { anonymous: 'true' } });
  });

  test('has a Server that can do what the models need their settings written for, and nothing in its pods', () => {
    const { capabilities, podSpec } = pooled.one('Server').spec;
    expect(capabilities).toEqual(['tabular', 'sklearn', 'xgboost']);
    expect(podSpec.initContainers).toBeUndefined();
    expect(pooled.all('ConfigMap')).toEqual([]);
    expect(podSpec.containers[0].env.map(({ name }: any) => name).filter((name: string) => /REPOSITORY|STARTUP/.test(name))).toEqual([]);
  });

  test("opens stores by the pods' identity", () => {
    const credentials = Credentials.workloadIdentity('reader');
    const own = new Pooled({ loading: PoolLoading.WHILE_RUNNING, models: [Model.sklearn({ name: 'iris', source: ModelSource.s3('s3://models/iris/v1', { credentials }), size: Size.mebibytes(20) })] });
    expect(JSON.parse(own.one('Secret').stringData['rclone.json']).parameters).toEqual({ provider: 'AWS', env_auth: 'true' });
    expect(own.one('Server').spec.podSpec.serviceAccountName).toBe('reader');
  });

  test.each<[string, Partial<InferenceServerPoolProps>, string]>([
    ['a model from a claim', { models: [Model.sklearn({ name: 'iris', source: ModelSource.pvcName('models', { path: 'iris/v1' }), size: Size.mebibytes(20) })] }, 'SERVING_POOL_NOT_ABLE'],
    ['models that the volume has no room for', { models: ['a', 'b'].map((name) => Model.sklearn({ name, source: ModelSource.s3(`s3://models/${name}/v1`), size: Size.mebibytes(300) })) }, 'SERVING_SELDON_MODEL_VOLUME'],
    ['a format whose settings nobody writes', { models: [Model.catboost({ name: 'a', source: ModelSource.s3('s3://models/a/v1'), size: Size.mebibytes(20) })] }, 'SERVING_SELDON_MODEL_SETTINGS'],
    ['batching', { batching: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(5) }) }, 'SERVING_POOL_SETTINGS'],
    ['one copy', { scaling: Scaling.fixed(1) }, 'SERVING_SELDON_ONE_COPY'],
  ])('tells of %s, once', (_, props, code) => {
    expect(new Pooled({ loading: PoolLoading.WHILE_RUNNING, ...props }).codes.filter((one) => one === code)).toEqual([code]);
  });

  test('tells of a Model that may be loaded onto its servers, unless that names another', () => {
    const beside = (servers: SeldonServers): string[] => {
      const { app } = new Pooled({ loading: PoolLoading.WHILE_RUNNING });
      const chart = new Chart(app, 'other', { namespace: 'ml' });
      new InferenceService(chart, 'Churn', { engine: new ServingEngine(chart, 'Engine', { cluster: CLUSTER, backend: EngineBackend.seldonCoreV2({ servers }) }), model: Model.sklearn({ source: ModelSource.s3('s3://models/churn/v1') }) });
      return Problems.of(app).map(({ code }) => code);
    };
    expect(beside(SeldonServers.shared())).toContain('SERVING_SELDON_POOL_OPEN');
    expect(beside(SeldonServers.shared({ server: 'mlserver' }))).not.toContain('SERVING_SELDON_POOL_OPEN');
    expect(beside(SeldonServers.dedicated())).not.toContain('SERVING_SELDON_POOL_OPEN');
  });
});

test('an autoscaler changes the Server, and the Models follow onto each of its copies', () => {
  const pooled = new Pooled({ scaling: Scaling.onRequestRate({ min: 2, max: 5, targetPerReplica: 20 }) });
  const { scaleTargetRef, triggers } = pooled.one('ScaledObject').spec;
  expect(scaleTargetRef).toEqual({ apiVersion: 'mlops.seldon.io/v1alpha1', kind: 'Server', name: 'tabular' });
  expect(triggers[0].metadata.query).toContain('pod=~"(tabular)-[0-9]+"');
  expect(pooled.one('Server').spec).not.toHaveProperty('minReplicas');
  expect(pooled.all('Model').map(({ spec }) => [spec.minReplicas, spec.replicas])).toEqual([[2, 5], [2, 5]]);
});

test('each model is asked by its name: in the path, or in the metadata, which no route can set', () => {
  const pooled = new Pooled({ exposure: Exposure.gateway({ hosts: ['models.example.com'], grpcHosts: ['grpc.example.com'] }) });
  expect(pooled.pool.endpoint(InferenceProtocol.V2_REST, 'fraud')).toMatchObject({ url: 'http://tabular.ml.svc.cluster.local/v2/models/fraud/infer' });
  expect(pooled.pool.endpoint(InferenceProtocol.V2_REST, 'fraud')).not.toHaveProperty('headers');
  expect(pooled.pool.endpoint(InferenceProtocol.V2_GRPC, 'fraud')).toMatchObject({ headers: { 'seldon-model': 'fraud' } });
  expect(JSON.stringify(pooled.one('GRPCRoute'))).not.toContain('seldon-model');
});

test('two Models of one name in a namespace are told', () => {
  const { chart, app } = new Pooled();
  new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) });
  expect(Problems.of(app).map(({ code }) => code)).toContain('SERVING_SELDON_MODEL_TWICE');
});
