import { Duration, Size } from 'cdk8s';
import { Container, Cpu, EnvValue } from 'cdk8s-plus-28';
import {
  Accelerator, Candidate, Cluster, ClusterOperator, Credentials, EngineBackend, Exposure, GpuPool, Hold, InferenceProtocol, InferenceServer, InferenceServiceProps, Model, ModelSource, OciDelivery, PayloadLogging,
  PythonCode, Rollout, RolloutController, Scaling,
} from 'cdk8s-serving';
import { TestFolder } from '../../support/folder';
import { iris, serve, Served } from '../../support/serving';

const CLUSTER = { name: 'eu', version: '1.34', imageVolumes: true, gateway: { name: 'public', namespace: 'gateways' }, operators: [ClusterOperator.KSERVE, ClusterOperator.KEDA, ClusterOperator.METRICS_SERVER], metricsUrl: 'http://prometheus:9090' };

function onKServe(props: Partial<InferenceServiceProps> = {}, version?: string): Served {
  return serve(props, CLUSTER, { backend: EngineBackend.kserve({ version }) });
}

/** The Deployment's pods of the same service on plain Kubernetes: what the InferenceService must say as well. */
function plain(props: Partial<InferenceServiceProps> = {}): any {
  return serve(props, CLUSTER).template;
}

const predictorOf = (served: Served): any => served.one('InferenceService').spec.predictor;

describe('a service on KServe', () => {
  test('is an InferenceService with a runtime of its own, and has what belongs around it beside', () => {
    const served = onKServe({ scaling: Scaling.onCpu({ min: 2, max: 5 }), exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) });
    expect(served.codes).toEqual([]);
    expect(served.manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([
      'ServiceAccount iris', 'InferenceService iris', 'ServingRuntime iris', 'Service iris', 'PodDisruptionBudget iris', 'HorizontalPodAutoscaler iris', 'HTTPRoute iris',
    ]);
    expect(served.one('ServingRuntime').spec).toEqual({
      supportedModelFormats: [{ name: 'sklearn', autoSelect: false }], protocolVersions: ['v2', 'grpc-v2'], multiModel: false, containers: [{ name: 'kserve-container' }],
    });
    expect(predictorOf(served).model).toMatchObject({ modelFormat: { name: 'sklearn' }, runtime: 'iris', protocolVersion: 'v2', storageUri: 's3://models/iris/v1/' });
  });

  test.each<[string, Partial<InferenceServiceProps>]>([
    ['of a download', {}],
    ['of a claim', { model: iris({ source: ModelSource.pvcName('models', { path: 'iris' }) }) }],
    ['of an image that is copied', { model: iris({ source: ModelSource.oci('registry.example.com/iris:v1') }) }],
    ['of an image as a volume', { model: iris({ source: ModelSource.oci('registry.example.com/iris:v1', { delivery: OciDelivery.VOLUME }) }) }],
    ['in the image', { model: iris({ source: ModelSource.inImage('/opt/iris') }), server: InferenceServer.mlserver({ image: 'registry.example.com/iris:v1' }) }],
    ['with a sidecar, an init container and an overlay', {
      sidecars: [new Container({ name: 'notes', image: 'registry.example.com/notes:1' })], initContainers: [new Container({ name: 'prepare', image: 'registry.example.com/prepare:1' })],
      podOverlay: { metadata: { annotations: { 'example.com/a': 'b' }, labels: { 'example.com/c': 'd' } }, spec: { runtimeClassName: 'gvisor', containers: [{ name: 'server', stdin: true }] } },
    }],
    ['with a logger', { payloadLogging: PayloadLogging.http({ url: 'http://sink' }) }],
    ['with a claimed device', { accelerator: Accelerator.resourceClaim('gpu.nvidia.com'), scaling: Scaling.fixed(2), server: InferenceServer.triton(), model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), version: 'v1' }) }],
  ])('says of its pods all that a Deployment would: %s', (_, props) => {
    const { metadata, spec } = plain(props);
    const served = onKServe(props);
    const { model, containers = [], initContainers = [], labels, annotations, minReplicas, deploymentStrategy, ...pod } = predictorOf(served);
    const { modelFormat, runtime, protocolVersion, storageUri, storage, ...server } = model;
    expect([{ name: 'server', ...server }, ...containers]).toEqual(spec.containers);
    expect(initContainers.map((one: any) => (one.name === 'storage-initializer' ? { ...one, name: 'model-download' } : one))).toEqual(spec.initContainers ?? []);
    const { containers: _containers, initContainers: _initContainers, ...rest } = spec;
    expect(pod).toEqual(rest);
    expect(annotations).toEqual(metadata.annotations);
    expect({ ...served.one('InferenceService').metadata.labels, ...labels }).toMatchObject(metadata.labels);
  });

  test('is never given a CPU limit, which KServe would write into a container of its own kind', () => {
    const served = onKServe({ cpu: Cpu.units(3) });
    expect(predictorOf(served).model.resources).toMatchObject({ requests: { cpu: '3' } });
    expect(predictorOf(served).model.resources.limits.cpu).toBeUndefined();
    expect(predictorOf(served).containers).toBeUndefined();
  });

  test('says in which mode it runs, and has no route of KServe\'s own', () => {
    const { metadata } = onKServe().one('InferenceService');
    expect(metadata.annotations['serving.kserve.io/deploymentMode']).toBe('Standard');
    expect(metadata.labels['networking.kserve.io/visibility']).toBe('cluster-local');
  });

  test('is reached, drained and watched by labels and names that its pods really have', () => {
    const served = onKServe({ scaling: Scaling.onCpu({ min: 2, max: 5 }) });
    const labels = served.one('InferenceService').metadata.labels;
    expect(labels).toMatchObject(served.one('Service').spec.selector);
    expect(labels).toMatchObject(served.one('PodDisruptionBudget').spec.selector.matchLabels);
    expect(predictorOf(served).model.ports.map((one: any) => one.name)).toEqual(['http', 'grpc', 'metrics']);
    expect(served.service.endpoint(InferenceProtocol.V2_REST)?.url).toBe('http://iris.ml.svc.cluster.local/v2/models/iris/infer');
    expect(served.one('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris-predictor' });
    expect(served.one('HorizontalPodAutoscaler').spec.metrics[0].containerResource.container).toBe('kserve-container');
  });

  test('lets in who was granted it, by labels of its pods', () => {
    const served = onKServe();
    served.service.grantInvoke(serve({}, {}, {}, 'Caller').service);
    expect(served.one('InferenceService').metadata.labels).toMatchObject(served.one('NetworkPolicy').spec.podSelector.matchLabels);
  });
});

describe('where a model comes from on KServe', () => {
  test('the planned container fetches it under the name that KServe leaves alone, with the planned memory and credentials', () => {
    const credentials = Credentials.fromSecretName('s3');
    const served = onKServe({ model: iris({ source: ModelSource.s3('s3://models/iris/v1', { credentials }), size: Size.gibibytes(20) }) });
    const { initContainers, model } = predictorOf(served);
    expect(initContainers).toHaveLength(1);
    expect(initContainers[0]).toMatchObject({ name: 'storage-initializer', args: ['s3://models/iris/v1/', '/mnt/models'], resources: { limits: { memory: '5Gi' } } });
    expect(initContainers[0].env.map((one: any) => one.name)).toContain('AWS_ACCESS_KEY_ID');
    expect(model.storageUri).toBe('s3://models/iris/v1/');
    expect(model.storage).toBeUndefined();
    expect(served.one('InferenceService').metadata.annotations['serving.kserve.io/disable-localmodel']).toBe('true');
  });

  test.each([
    ['a claim', ModelSource.pvcName('models')], ['an image that is copied', ModelSource.oci('registry.example.com/iris:v1')], ['the image', ModelSource.inImage('/opt/iris')],
  ])('%s is an empty storage: with none KServe would take it for a server of many models', (_, source) => {
    const served = onKServe({ model: iris({ source }) });
    const { model } = predictorOf(served);
    expect(model.storage).toEqual({});
    expect(model.storageUri).toBeUndefined();
    expect((predictorOf(served).initContainers ?? []).map((one: any) => one.name)).not.toContain('storage-initializer');
  });
});

describe('copies on KServe', () => {
  const annotation = (served: Served): string => served.one('InferenceService').metadata.annotations['serving.kserve.io/autoscalerClass'];

  test('a fixed number is kept by KServe', () => {
    const served = onKServe({ scaling: Scaling.fixed(3) });
    expect([annotation(served), predictorOf(served).minReplicas]).toEqual(['none', 3]);
  });

  test.each([['an HPA', Scaling.onCpu({ min: 2, max: 4 }), 'HorizontalPodAutoscaler'], ['a ScaledObject', Scaling.onConcurrency({ min: 1, max: 4, targetPerReplica: 8 }), 'ScaledObject']])('a number that %s changes is left to it', (_, scaling, kind) => {
    const served = onKServe({ scaling });
    expect([annotation(served), predictorOf(served).minReplicas, predictorOf(served).maxReplicas]).toEqual(['external', undefined, undefined]);
    expect(served.one(kind).spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: 'iris-predictor' });
  });

  test('a number that another changes is left to him', () => {
    const served = onKServe({ scaling: Scaling.external({ min: 1, max: 9 }) });
    expect([annotation(served), predictorOf(served).minReplicas]).toEqual(['external', undefined]);
    expect(served.one('HorizontalPodAutoscaler')).toBeUndefined();
  });

  test.each([['fixed', Scaling.fixed(2)], ['by an HPA', Scaling.onCpu({ min: 2, max: 4 })], ['by KEDA', Scaling.onConcurrency({ min: 1, max: 4, targetPerReplica: 8 })]])('a stopped service has none, and no autoscaler that looks for them: %s', (_, scaling) => {
    const served = onKServe({ scaling, hold: Hold.stopped({ reason: 'no budget', until: '2027-01-31' }) });
    expect(served.one('InferenceService').metadata.annotations['serving.kserve.io/stop']).toBe('true');
    expect(served.manifests.map((one) => one.kind)).not.toContain('ScaledObject');
    expect(served.manifests.map((one) => one.kind)).not.toContain('HorizontalPodAutoscaler');
    expect(onKServe({ scaling }).one('InferenceService').metadata.annotations['serving.kserve.io/stop']).toBeUndefined();
  });

  test('are replaced as was planned: old ones first where no device is spare', () => {
    const model = Model.onnx({ source: ModelSource.s3('s3://models/v1'), version: 'v1' });
    const strategy = (copies: number): any => predictorOf(serve(
      { model, server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(copies) }, { ...CLUSTER, gpuPools: [GpuPool.gke('L4', { count: 8, spare: 0 })] }, { backend: EngineBackend.kserve() },
    )).deploymentStrategy;
    expect(strategy(1)).toEqual({ type: 'Recreate' });
    expect(strategy(2)).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    expect(predictorOf(onKServe()).deploymentStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } });
  });
});

describe('a version on trial on KServe', () => {
  const candidate = Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2'), version: 'v2' }), percent: 25, replicas: 1 });
  const release: Partial<InferenceServiceProps> = { model: iris({ version: 'v1' }), rollout: Rollout.canary({ steps: [25, 50] }), candidate, exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) };
  const cluster = { ...CLUSTER, rollouts: RolloutController.none() };
  const tried = (): Served => serve(release, cluster, { backend: EngineBackend.kserve() });

  test('is an InferenceService of its own; the route has the shares', () => {
    const served = tried();
    expect(served.codes).toEqual(['SERVING_ROLLOUT_WITHOUT_VERDICT']);
    expect(served.all('InferenceService').map((one) => [one.metadata.name, one.metadata.labels['app.kubernetes.io/version'], one.spec.predictor.model.runtime, one.spec.predictor.minReplicas])).toEqual([
      ['iris', 'v1', 'iris', 2], ['iris-candidate', 'v2', 'iris-candidate', 1],
    ]);
    expect(served.all('ServingRuntime').map((one) => one.metadata.name)).toEqual(['iris', 'iris-candidate']);
    expect(served.one('HTTPRoute').spec.rules[0].backendRefs.map((one: any) => [one.name, one.weight])).toEqual([['iris', 75], ['iris-candidate', 25]]);
    const [stable, trial] = served.all('Service').map((one) => one.spec.selector);
    const [first, second] = served.all('InferenceService').map((one) => one.metadata.labels);
    expect(first).toMatchObject(stable);
    expect(second).toMatchObject(trial);
    expect(second).not.toMatchObject(stable);
  });

  test("is waited for by the name of KServe's Deployment", () => {
    expect(tried().service.explainRelease()!.commands.map(({ command }) => command)).toEqual(expect.arrayContaining([
      'kubectl rollout status deployment/iris-candidate-predictor -n ml', 'kubectl rollout status deployment/iris-predictor -n ml',
    ]));
  });

  test("has room in its name for KServe's host name", () => {
    const named = (length: number): string[] => serve({ ...release, name: 'a'.repeat(length) }, cluster, { backend: EngineBackend.kserve() }).codes;
    // <name>-candidate-predictor-ml
    expect(named(40)).toEqual(['SERVING_ROLLOUT_WITHOUT_VERDICT']);
    const long = serve({ ...release, name: 'a'.repeat(41) }, cluster, { backend: EngineBackend.kserve() });
    expect(long.problem('SERVING_NAME').what).toContain('-candidate-predictor');
  });
});

describe('what is wrong with a service on KServe', () => {
  test('a name of which KServe makes no host name', () => {
    const named = (length: number): Served => onKServe({ name: 'a'.repeat(length) });
    expect(named(47).codes).toEqual([]);
    expect(named(48).codes).toEqual(['SERVING_NAME']);
  });

  test.each<[string, Partial<InferenceServiceProps>, string]>([
    ['a pause', { hold: Hold.frozen({ reason: 'a fair', until: '2027-01-31' }) }, 'SERVING_ENGINE_NOT_ABLE'],
    ["a runtime's name of KServe's own", { name: 'kserve-mlserver' }, 'SERVING_ENGINE_RESERVED'],
    ["a container's name of KServe's own", { sidecars: [new Container({ name: 'agent', image: 'a:1', securityContext: { user: 1000 } })] }, 'SERVING_ENGINE_RESERVED'],
    ['a variable that it refuses', { env: { PYTHONPATH: EnvValue.fromValue('/opt/lib') } }, 'SERVING_ENGINE_RESERVED'],
    ['a label that it writes over', { labels: { app: 'shop' } }, 'SERVING_ENGINE_RESERVED'],
    ['an annotation that it reads', { annotations: { 'serving.kserve.io/deploymentMode': 'Knative' } }, 'SERVING_ENGINE_RESERVED'],
    ['an annotation of pods that it reads', { podAnnotations: { 'internal.serving.kserve.io/agent': 'true' } }, 'SERVING_ENGINE_RESERVED'],
  ])('%s', (_, props, code) => {
    expect(onKServe(props).codes).toContain(code);
    expect(serve(props, CLUSTER).codes).not.toContain(code);
  });

  test('a rollout controller, which would have to be in the place of its Deployment', () => {
    for (const rollouts of [RolloutController.argo(), RolloutController.flagger()]) {
      const served = serve({ model: iris({ version: 'v1' }), rollout: Rollout.canary({ steps: [50] }), exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, { ...CLUSTER, rollouts }, { backend: EngineBackend.kserve() });
      expect(served.codes).toContain('SERVING_ENGINE_NOT_ABLE');
    }
  });

  test('a cluster that is said not to run it', () => {
    expect(serve({}, { name: 'b', operators: [] }, { backend: EngineBackend.kserve() }).codes).toContain('SERVING_OPERATOR_MISSING');
  });

  test.each([['0.16'], ['0.20.0'], ['1.0'], [0.2 as never]])('a version that is not supported: %s', (version) => {
    const served = serve({}, CLUSTER, { backend: EngineBackend.kserve({ version }) });
    expect(served.problem('SERVING_WRONG_TYPE').allowed).toContain('0.17, 0.18, 0.19, 0.20');
  });

  test.each([[{ mode: 'Serverless' }, 'SERVING_WRONG_TYPE'], [{ modus: 'Standard' }, 'SERVING_UNKNOWN_PROP'], ['Standard', 'SERVING_WRONG_TYPE']])('props that are not its own: %p', (props, code) => {
    expect(serve({}, CLUSTER, { backend: EngineBackend.kserve(props as never) }).codes).toContain(code);
  });
});

describe('mounted code on KServe', () => {
  const folder = TestFolder.eachTest();

  test('MLServer finds in its working directory, without the variable that KServe refuses', () => {
    const served = onKServe({ model: Model.custom({ implementation: 'model.Answers', code: PythonCode.mount(folder.write({ 'model.py': 'class Answers: ...\n' })), source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.mlserver() });
    expect(served.codes).toEqual([]);
    const { model } = predictorOf(served);
    expect(model.workingDir).toBe('/mnt/code');
    expect(model.env.map((one: any) => one.name)).not.toContain('PYTHONPATH');
    expect(model.volumeMounts).toContainEqual({ name: 'code', mountPath: '/mnt/code', readOnly: true });
  });
});

describe("texts that are a template's to Go", () => {
  test('come out of KServe as they were written', () => {
    const served = onKServe({ env: { TEMPLATE: EnvValue.fromValue('{{ .Name }} and {{- x }}') } });
    const { value } = predictorOf(served).model.env.find((one: any) => one.name === 'TEMPLATE');
    expect(value).toBe('{{`{{`}} .Name }} and {{`{{`}}- x }}');
    // what Go's template makes of it
    expect(value.replaceAll('{{`{{`}}', '{{')).toBe('{{ .Name }} and {{- x }}');
  });
});

test('the deadline of an answer is in the route, not in a field that KServe drops', () => {
  const served = onKServe({ requestTimeout: Duration.seconds(90), exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) });
  expect(served.one('HTTPRoute').spec.rules[0].timeouts.request).toBe('90s');
  expect(predictorOf(served).timeout).toBeUndefined();
});

test('every version has the same manifests, but for what it refuses', () => {
  const manifests = (version: string): any[] => onKServe({}, version).manifests;
  for (const version of ['0.17', '0.18', '0.19']) expect(manifests(version)).toEqual(manifests('0.20'));
  const env = { PYTHONPATH: EnvValue.fromValue('/opt/lib') };
  expect(onKServe({ env }, '0.17').codes).toEqual([]);
  expect(onKServe({ env }, '0.18').codes).toEqual(['SERVING_ENGINE_RESERVED']);
});

test('a cluster that says nothing of operators is taken at its word', () => {
  expect(serve({}, Cluster.of(), { backend: EngineBackend.kserve() }).codes).toEqual([]);
});
