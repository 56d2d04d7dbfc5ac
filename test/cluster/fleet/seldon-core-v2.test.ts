import { Size } from 'cdk8s';
import { Accelerator, Candidate, Cluster, ClusterOperator, Credentials, EngineBackend, GpuPool, InferenceServer, InferenceServerPool, InferenceService, Model, ModelSource, PoolLoading, Rollout, Scaling, SeldonRuntime, SeldonServer, SeldonServerConfig, SeldonServers, ServingEngine } from 'cdk8s-serving';
import { apply, get } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';

/** The API server with the definitions of Seldon Core 2.10: no field is dropped, none refused. Seldon's own controllers are not run. */
describe('Seldon Core v2', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('seldon-v2'); });
  afterAll(removeNamespaces);

  const model = (version: string, credentials?: Credentials): Model => Model.sklearn({ source: ModelSource.s3(`s3://models/iris/${version}`, { credentials }), version });
  const cluster = Cluster.of({ name: 'seldon', version: '1.34', metricsUrl: 'http://prometheus.monitoring:9090', operators: [ClusterOperator.SELDON_CORE_V2, ClusterOperator.KEDA, ClusterOperator.EXTERNAL_SECRETS], gpuPools: [GpuPool.nvidiaOperator('NVIDIA-L4', { count: 8 })] });

  test.each([['shared', SeldonServers.shared({ server: 'tabular' })], ['dedicated', SeldonServers.dedicated()]])('takes services on %s servers, and their releases, without a warning', async (kind, servers) => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster, backend: EngineBackend.seldonCoreV2({ servers }) });
      const credentials = Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3#key' } });
      new InferenceService(chart, `Canary${kind}`, { model: model('v1', credentials), rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: model('v2', credentials), percent: 20 }), scaling: Scaling.fixed(2) });
      new InferenceService(chart, `Shadow${kind}`, { model: model('v1'), rollout: Rollout.shadow({ percent: 10 }), candidate: Candidate.of({ model: model('v2') }) });
      new InferenceService(chart, `Scaled${kind}`, { model: model('v1', Credentials.none()), scaling: Scaling.onRequestRate({ min: 2, max: 6, targetPerReplica: 20 }) });
    });
    expect(await apply(await setNamespace(manifests, namespace))).toEqual([]);
    expect((await get('experiments.mlops.seldon.io', `canary${kind}`, namespace))?.spec.candidates).toHaveLength(2);
    expect((await get('models.mlops.seldon.io', `scaled${kind}`, namespace))?.spec.replicas).toBe(2);
  });

  test.each([PoolLoading.WITH_PODS, PoolLoading.WHILE_RUNNING])('takes a pool whose models come %s, without a warning', async (loading) => {
    const name = `pool-${loading.toLowerCase()}`;
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster, backend: EngineBackend.seldonCoreV2() });
      const credentials = Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3#key' } });
      new InferenceServerPool(chart, 'Pool', { name, loading, models: ['a', 'b'].map((one) => Model.sklearn({ name: `${name}-${one}`, source: ModelSource.s3(`s3://models/${one}/v1`, { credentials }), size: Size.mebibytes(20) })), scaling: Scaling.onRequestRate({ min: 2, max: 6, targetPerReplica: 20 }) });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    for (const asked of moved.filter(({ kind }) => kind === 'Model')) expect((await get('models.mlops.seldon.io', asked.metadata.name, namespace))?.spec).toMatchObject(asked.spec as object);
    expect((await get('servers.mlops.seldon.io', name, namespace))?.spec).toMatchObject(moved.find(({ kind }) => kind === 'Server')!.spec as object);
  });

  test('keeps every field of a runtime', async () => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster });
      new SeldonRuntime(chart, 'Runtime', { envoys: 3, modelGateways: 2, kafka: { bootstrapServers: ['kafka:9092'], maxMessage: Size.mebibytes(10) }, modelAutoscaling: true, tracesTo: 'otel:4317', tracesPercent: 5 });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    expect((await get('seldonruntimes.mlops.seldon.io', 'seldon', namespace))?.spec).toMatchObject(moved.find(({ kind }) => kind === 'SeldonRuntime')!.spec);
    expect((await get('poddisruptionbudgets', 'seldon-envoy', namespace))?.spec.maxUnavailable).toBe(1);
  });

  test('takes servers that services share', async () => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster });
      new SeldonServer(chart, 'Tabular', { replicas: 3, minReplicas: 2, maxReplicas: 6, extraCapabilities: ['fraud'] });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    expect((await get('servers.mlops.seldon.io', 'tabular', namespace))?.spec).toMatchObject(moved.find(({ kind }) => kind === 'Server')!.spec);
    expect((await get('poddisruptionbudgets', 'tabular', namespace))?.spec.selector.matchLabels).toEqual({ 'seldon-server-name': 'tabular' });
  });

  test('takes the configuration of servers, of either server, whole', async () => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster });
      new SeldonServerConfig(chart, 'Tabular', { storageClass: 'fast', capabilities: ['sklearn'] });
      new SeldonServerConfig(chart, 'Devices', { server: InferenceServer.triton({ extraArguments: ['--log-info=true'], sharedMemory: Size.gibibytes(1) }), accelerator: Accelerator.nvidia('L4'), modelVolume: Size.gibibytes(40) });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    for (const { metadata: { name }, spec } of moved) expect((await get('serverconfigs.mlops.seldon.io', name, namespace))?.spec).toMatchObject(spec);
    // the operator makes pods of them as they are: the API server takes these too
    const pods = moved.map(({ metadata: { name }, spec }) => ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name, namespace }, template: { metadata: { labels: { app: name } }, spec: { ...spec.podSpec, volumes: [...spec.podSpec.volumes, ...spec.volumeClaimTemplates.map((claim: any) => ({ name: claim.name, emptyDir: {} }))] } } }));
    expect(await apply(pods)).toEqual([]);
  });

  test('keeps every field of a pod that is laid on a ServerConfig', async () => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster, backend: EngineBackend.seldonCoreV2({ servers: SeldonServers.dedicated() }) });
      new InferenceService(chart, 'Resnet', { model: Model.onnx({ source: ModelSource.pvcName('models', { path: 'resnet/v3' }), size: Size.mebibytes(200) }), accelerator: Accelerator.nvidia('NVIDIA-L4', { count: 1 }), scaling: Scaling.fixed(2) });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    const asked = moved.find(({ kind }) => kind === 'Server')! as any;
    expect((await get('servers.mlops.seldon.io', 'resnet', namespace))?.spec.podSpec).toMatchObject(asked.spec.podSpec);
  });
});
