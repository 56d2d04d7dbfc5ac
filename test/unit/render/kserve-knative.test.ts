import { Duration } from 'cdk8s';
import { Container, EnvValue } from 'cdk8s-plus-28';
import {
  Accelerator, Candidate, EngineBackend, Exposure, GpuPool, Hold, InferenceProtocol, InferenceServer, InferenceServiceProps, KnativeFeature, KServeMode, MetricsBackend, Model, ModelSource, MonitoringStack, PayloadLogging, Rollout, Scaling, Wake,
} from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const CLUSTER = { name: 'eu', version: '1.34', gateway: { name: 'public', namespace: 'gateways' }, metricsUrl: 'http://prometheus:9090' };
const USUAL = [KnativeFeature.INIT_CONTAINERS, KnativeFeature.TOPOLOGY_SPREAD];

function onKnative(props: Partial<InferenceServiceProps> = {}, knativeFeatures: KnativeFeature[] = USUAL, cluster: object = CLUSTER): Served {
  return serve(props, cluster, { backend: EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures }) });
}

const predictorOf = (served: Served): any => served.one('InferenceService').spec.predictor;

describe('a service on KServe in Knative mode', () => {
  test('is an InferenceService that Knative runs: no Service, route or autoscaler of ours', () => {
    const served = onKnative({ scaling: Scaling.onConcurrency({ min: 0, max: 8, targetPerReplica: 4 }) });
    expect(served.codes).toEqual([]);
    expect(served.manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual(['ServiceAccount iris', 'InferenceService iris', 'ServingRuntime iris', 'PodDisruptionBudget iris']);
    const { metadata, spec: { predictor } } = served.one('InferenceService');
    expect(metadata.annotations['serving.kserve.io/deploymentMode']).toBe('Knative');
    expect(metadata.labels['networking.knative.dev/visibility']).toBe('cluster-local');
    expect(predictor).toMatchObject({ minReplicas: 0, maxReplicas: 8, scaleMetric: 'concurrency', scaleTarget: 4, timeout: 30 });
    // KServe's webhook refuses it in this mode
    expect(predictor.deploymentStrategy).toBeUndefined();
  });

  test('has nothing in its pods that Knative refuses, and all that it takes', () => {
    const predictor = predictorOf(onKnative());
    const standard = serve({}, CLUSTER, { backend: EngineBackend.kserve() }).one('InferenceService').spec.predictor;
    expect(predictor.terminationGracePeriodSeconds).toBeUndefined();
    expect(predictor.securityContext).toBeUndefined();
    expect(predictor.model.lifecycle).toBeUndefined();
    // the pod's profile stands at each container
    for (const container of [predictor.model, ...predictor.initContainers]) expect(container.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    const { lifecycle: _lifecycle, ports: _ports, startupProbe: _startup, readinessProbe: _readiness, livenessProbe: _liveness, ...same } = standard.model;
    expect(predictor.model).toMatchObject(same);
    expect(predictor.initContainers).toEqual(standard.initContainers);
    expect(predictor.volumes).toEqual(standard.volumes);
  });

  test('has one port, and probes that find it', () => {
    const { model } = predictorOf(onKnative());
    expect(model.ports).toEqual([{ name: 'http1', containerPort: 8080, protocol: 'TCP' }]);
    for (const probe of [model.startupProbe, model.readinessProbe, model.livenessProbe]) expect(probe.httpGet.port).toBe(8080);
  });

  test("is asked at Knative's own Service, by HTTP alone", () => {
    const { service } = onKnative();
    expect(service.endpoint(InferenceProtocol.V2_REST)?.url).toBe('http://iris-predictor.ml.svc.cluster.local/v2/models/iris/infer');
    expect(service.endpoint(InferenceProtocol.V2_GRPC)).toBeUndefined();
  });

  test('starts as long as its model needs, with the copies that it must have', () => {
    const { annotations } = predictorOf(onKnative({ model: iris({ loadTime: Duration.minutes(20) }), scaling: Scaling.fixed(3) }));
    expect(annotations).toMatchObject({ 'serving.knative.dev/progress-deadline': expect.stringMatching(/^\d+s$/), 'autoscaling.knative.dev/initial-scale': '3' });
    expect(Number.parseInt(annotations['serving.knative.dev/progress-deadline'], 10)).toBeGreaterThan(20 * 60);
  });

  test.each([
    ['requests a second', Scaling.onRequestRate({ min: 2, max: 4, targetPerReplica: 50 }), { minReplicas: 2, maxReplicas: 4, scaleMetric: 'rps', scaleTarget: 50 }],
    ['a fixed number', Scaling.fixed(3), { minReplicas: 3, maxReplicas: 3 }],
  ])('follows %s', (_, scaling, is) => {
    const served = onKnative({ scaling });
    expect(served.codes).toEqual([]);
    expect(predictorOf(served)).toMatchObject(is);
  });

  test('lets copies go as slowly as was planned, and aims at the very target', () => {
    expect(predictorOf(onKnative({ scaling: Scaling.onConcurrency({ min: 0, max: 8, targetPerReplica: 4, scaleDownAfter: Duration.minutes(20) }) })).annotations).toMatchObject({
      'autoscaling.knative.dev/scale-down-delay': '1200s', 'autoscaling.knative.dev/target-utilization-percentage': '100', 'autoscaling.knative.dev/scale-to-zero-pod-retention-period': '1200s',
    });
  });

  test('is stopped by KServe', () => {
    expect(onKnative({ hold: Hold.stopped({ reason: 'no budget', until: '2027-01-31' }) }).one('InferenceService').metadata.annotations['serving.kserve.io/stop']).toBe('true');
  });
});

describe('what Knative takes only where it is enabled', () => {
  test('is named, all of it at once', () => {
    const problem = onKnative({}, []).problem('SERVING_KNATIVE_FEATURE');
    expect(problem.allowed!.split(', ').sort()).toEqual([...USUAL].sort());
    expect(problem.fix).toContain('knativeFeatures');
  });

  const gpu: Partial<InferenceServiceProps> = { model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), version: 'v1' }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(1) };
  const spare = { ...CLUSTER, gpuPools: [GpuPool.gke('L4', { count: 8, spare: 2 })] };

  test.each<[string, Partial<InferenceServiceProps>, KnativeFeature[]]>([
    ['a claim', { model: iris({ source: ModelSource.pvcName('models', { path: 'v1' }) }) }, [KnativeFeature.PERSISTENT_VOLUME_CLAIM]],
    ['a priority', { priorityClassName: 'high' }, [KnativeFeature.PRIORITY_CLASS]],
    ['an accelerator', gpu, [KnativeFeature.NODE_SELECTOR, KnativeFeature.TOLERATIONS]],
    ["a pod's field", { env: { IP: EnvValue.fromValue('x') }, podOverlay: { spec: { runtimeClassName: 'gvisor', schedulerName: 'own', hostAliases: [], affinity: {}, securityContext: { runAsUser: 1 }, containers: [{ name: 'server', env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }] } } },
      [KnativeFeature.RUNTIME_CLASS, KnativeFeature.SCHEDULER, KnativeFeature.HOST_ALIASES, KnativeFeature.AFFINITY, KnativeFeature.SECURITY_CONTEXT, KnativeFeature.FIELD_REF]],
  ])('%s', (_, props, features) => {
    const problem = onKnative(props, USUAL, spare).problem('SERVING_KNATIVE_FEATURE');
    expect(problem.allowed!.split(', ').sort()).toEqual([...features].sort());
    expect(onKnative(props, [...USUAL, ...features], spare).codes).not.toContain('SERVING_KNATIVE_FEATURE');
  });

  test('an accelerator without a spare one: a new revision has all its copies before the old one goes', () => {
    const features = [...USUAL, KnativeFeature.NODE_SELECTOR, KnativeFeature.TOLERATIONS];
    expect(onKnative(gpu, features, spare).codes).not.toContain('SERVING_ENGINE_NOT_ABLE');
    expect(onKnative(gpu, features, { ...CLUSTER, gpuPools: [GpuPool.gke('L4', { count: 8, spare: 0 })] }).problem('SERVING_ENGINE_NOT_ABLE').what).toContain('revision');
  });
});

describe('what Knative can not do', () => {
  const candidate = Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2'), version: 'v2' }) });

  test.each<[string, Partial<InferenceServiceProps>, string]>([
    ['gRPC', { protocol: InferenceProtocol.V2_GRPC }, 'SERVING_ENGINE_NOT_ABLE'],
    ['a route', { exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) }, 'SERVING_ENGINE_NOT_ABLE'],
    ['an Ingress', { exposure: Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'tls' }) }, 'SERVING_ENGINE_NOT_ABLE'],
    ['a canary', { model: iris({ version: 'v1' }), rollout: Rollout.canary({ steps: [50] }), candidate, exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) }, 'SERVING_ENGINE_NOT_ABLE'],
    ['copies one at a time', { rollout: Rollout.recreate() }, 'SERVING_ENGINE_NOT_ABLE'],
    ['copies by CPU', { scaling: Scaling.onCpu({ min: 1, max: 4 }) }, 'SERVING_ENGINE_NOT_ABLE'],
    ['copies by another', { scaling: Scaling.external({ min: 1, max: 4 }) }, 'SERVING_ENGINE_NOT_ABLE'],
    ['a share of the payloads', { payloadLogging: PayloadLogging.http({ url: 'http://sink', samplePercent: 10 }) }, 'SERVING_KSERVE_LOGGER'],
    ['two signals', { scaling: Scaling.highestOf([Scaling.onConcurrency({ min: 1, max: 4, targetPerReplica: 4 }), Scaling.onRequestRate({ min: 1, max: 4, targetPerReplica: 50 })]) }, 'SERVING_KNATIVE_SCALING'],
    ['half a request', { scaling: Scaling.onConcurrency({ min: 1, max: 4, targetPerReplica: 1.5 }) }, 'SERVING_KNATIVE_SCALING'],
    ['a wake', { scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 4, wake: Wake.onIstio() }) }, 'SERVING_KNATIVE_SCALING'],
    ['a port of a container beside', { sidecars: [new Container({ name: 'notes', image: 'a:1', portNumber: 9999, securityContext: { user: 1000 } })] }, 'SERVING_KNATIVE_POD'],
    ["the node's network", { podOverlay: { spec: { hostNetwork: true } } }, 'SERVING_KNATIVE_POD'],
    ["the node's folders", { podOverlay: { spec: { volumes: [{ name: 'tmp', emptyDir: null, hostPath: { path: '/tmp' } }] } } }, 'SERVING_KNATIVE_POD'],
    ['an annotation of its own', { podAnnotations: { 'autoscaling.knative.dev/min-scale': '2' } }, 'SERVING_ENGINE_RESERVED'],
    ['a variable of its own', { env: { PORT: EnvValue.fromValue('1') } }, 'SERVING_ENGINE_RESERVED'],
    ['answers of half an hour', { requestTimeout: Duration.minutes(30) }, 'SERVING_KNATIVE_TIMEOUT'],
  ])('%s', (_, props, code) => {
    expect(onKnative(props).codes).toContain(code);
  });

  test('close its pods to all but who was granted it', () => {
    const served = onKnative();
    served.service.grantInvoke(serve({}, {}, {}, 'Caller').service);
    expect(served.problem('SERVING_ENGINE_NOT_ABLE').what).toContain('grantInvoke');
  });

  test('be watched by a stack, whose rules go by ports and Deployments', () => {
    const served = onKnative();
    new MonitoringStack(served.chart, 'Monitoring', { metrics: MetricsBackend.kubePrometheus() });
    expect(served.codes).not.toContain('SERVING_ENGINE_NOT_ABLE');
    const watched = serve({}, CLUSTER, { backend: EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: USUAL }), monitoring: new MonitoringStack(served.chart, 'Other', { metrics: MetricsBackend.kubePrometheus() }) });
    expect(watched.codes).toContain('SERVING_ENGINE_NOT_ABLE');
  });
});

test.each([[['kubernetes.podspec-magic']], ['all'], [[1]]])('features that Knative does not have are told: %p', (knativeFeatures) => {
  expect(serve({}, CLUSTER, { backend: EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: knativeFeatures as never }) }).codes).toContain('SERVING_WRONG_TYPE');
});
