import { Size } from 'cdk8s';
import { Container } from 'cdk8s-plus-28';
import {
  Accelerator, Candidate, ClusterOperator, EngineBackend, Exposure, GpuPool, Hold, InferenceProtocol, InferenceServer, InferenceServiceProps, KServeLanguageModels, KServeProps, Model, ModelSource, Rollout, RolloutController,
  Scaling,
} from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const CLUSTER = {
  name: 'eu', version: '1.34', gateway: { name: 'public', namespace: 'gateways' }, operators: [ClusterOperator.KSERVE, ClusterOperator.KEDA, ClusterOperator.METRICS_SERVER, ClusterOperator.ARGO_ROLLOUTS], metricsUrl: 'http://prometheus:9090',
  gpuPools: [GpuPool.gke('L4', { count: 24, spare: 8 })], imageVolumes: true,
};
const QWEN = Model.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46', size: Size.gibibytes(17) });
const LLM: Partial<InferenceServiceProps> = { model: QWEN, accelerator: Accelerator.nvidia('L4', { count: 2 }), scaling: Scaling.fixed(2) };

const onKServe = (props: Partial<InferenceServiceProps> = {}, kserve: KServeProps = { languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE }, cluster = {}): Served =>
  serve({ ...LLM, ...props }, { ...CLUSTER, ...cluster }, { backend: EngineBackend.kserve(kserve) }, 'Qwen');
const llm = (served: Served): any => served.one('LLMInferenceService').spec;
const main = (served: Served): any => llm(served).template.containers[0];
/** The pods of the same service on plain Kubernetes. */
const plain = (props: Partial<InferenceServiceProps> = {}): any => serve({ ...LLM, ...props }, CLUSTER, {}, 'Qwen').template;

test('a language model is an LLMInferenceService where it is asked for; every other model is an InferenceService all the same', () => {
  const served = onKServe({ exposure: Exposure.gateway({ hosts: ['qwen.example.com'] }) });
  expect(served.codes).toEqual([]);
  expect(served.manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual(['ServiceAccount qwen', 'LLMInferenceService qwen', 'Service qwen', 'PodDisruptionBudget qwen', 'HTTPRoute qwen']);
  expect(onKServe({}, {}).one('InferenceService')).toBeDefined();
  expect(onKServe({ model: iris(), accelerator: undefined }).one('InferenceService')).toBeDefined();
  expect(onKServe({ server: InferenceServer.sglang() }).one('InferenceService')).toBeDefined();
});

test('its pods are those of a Deployment, but for what KServe would otherwise add to its own template', () => {
  const served = onKServe({ sidecars: [new Container({ name: 'notes', image: 'registry.example.com/notes:1' })], podOverlay: { metadata: { annotations: { 'example.com/a': 'b' } }, spec: { runtimeClassName: 'gvisor' } } });
  const { metadata, spec } = plain({ sidecars: [new Container({ name: 'notes', image: 'registry.example.com/notes:1' })], podOverlay: { metadata: { annotations: { 'example.com/a': 'b' } }, spec: { runtimeClassName: 'gvisor' } } });
  const [server, ...beside] = llm(served).template.containers;
  const byHttp = (probe: any): any => ({ ...probe, httpGet: { ...probe.httpGet, scheme: 'HTTP' } });
  const [original, ...others] = spec.containers;
  expect(server).toEqual({
    ...original, name: 'main', lifecycle: { preStop: { exec: { command: ['/bin/sleep', '15'] } } },
    startupProbe: byHttp(original.startupProbe), readinessProbe: byHttp(original.readinessProbe), livenessProbe: byHttp(original.livenessProbe),
  });
  expect([beside, { ...llm(served).template, containers: undefined }]).toEqual([others, { ...spec, containers: undefined }]);
  expect(llm(served).annotations).toEqual(metadata.annotations);
  expect(main(served).securityContext).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true });
});

test("KServe fetches nothing: the plan's container does, and KServe is told where from", () => {
  const served = onKServe();
  expect(llm(served)).toMatchObject({ model: { uri: 'hf://Qwen/Qwen3-8B:b968826d9c46', name: 'qwen' }, storageInitializer: { enabled: false }, parallelism: { tensor: 2 }, replicas: 2 });
  expect(llm(served).template.initContainers.map((one: any) => one.name)).toEqual(['model-download']);
  expect(served.one('LLMInferenceService').metadata.annotations).toMatchObject({ 'serving.kserve.io/disable-localmodel': 'true' });
  expect(llm(served)).not.toHaveProperty('router');
});

test.each<[ModelSource, string]>([
  [ModelSource.pvcName('models', { path: 'qwen/v1' }), 'pvc://models'], [ModelSource.oci(`registry.example.com/qwen@sha256:${'a'.repeat(64)}`), `oci://registry.example.com/qwen@sha256:${'a'.repeat(64)}`], [ModelSource.inImage('/opt/qwen'), 'file:///'],
])('it has an address, as KServe asks for one, also of what nothing is fetched for', (source, uri) => {
  expect(llm(onKServe({ model: Model.huggingFace('Qwen/Qwen3-8B', { source } as never) })).model.uri).toBe(uri);
});

test('labels of its pods never change, as KServe makes them part of the selector; all that finds the pods is among them', () => {
  const served = onKServe({ labels: { tier: 'gold' }, scaling: Scaling.onCpu({ min: 2, max: 4 }) });
  expect(llm(served).labels).toEqual({ 'app.kubernetes.io/name': 'qwen', 'app.kubernetes.io/component': 'predictor', 'app.kubernetes.io/instance': 'qwen', 'app.kubernetes.io/managed-by': 'cdk8s-serving' });
  expect(served.one('LLMInferenceService').metadata.labels).toMatchObject({ 'tier': 'gold', 'app.kubernetes.io/version': 'b968826d9c46' });
  expect(llm(served).labels).toMatchObject(served.one('Service').spec.selector);
  expect(llm(served).labels).toMatchObject(served.one('PodDisruptionBudget').spec.selector.matchLabels);
});

test('clients ask the address that they always asked', () => {
  const served = onKServe();
  expect(served.service.endpoint(InferenceProtocol.OPENAI)?.url).toBe('http://qwen.ml.svc.cluster.local/v1/chat/completions');
  expect(served.one('Service').spec.ports).toEqual([expect.objectContaining({ port: 80, targetPort: 'http' })]);
  expect(main(served).ports).toEqual([{ name: 'http', containerPort: 8000, protocol: 'TCP' }]);
});

test('an autoscaler changes the Deployment that KServe makes, whose copies it then leaves alone', () => {
  const served = onKServe({ scaling: Scaling.onCpu({ min: 2, max: 4 }) });
  expect(served.one('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'qwen-kserve' });
  expect(llm(served)).not.toHaveProperty('replicas');
});

test('an image that starts as root may, and text that KServe would fill in stays as it is', () => {
  const served = onKServe({ accelerator: undefined, server: InferenceServer.vllm({ extraArguments: ['--chat-template={{ messages }}'] }), podAnnotations: { 'example.com/a': '{{ b }}' } });
  expect(main(served).securityContext.runAsNonRoot).toBe(false);
  expect(main(served).args).toContain('--chat-template={{`{{`}} messages }}');
  expect(llm(served).annotations).toEqual({ 'example.com/a': '{{`{{`}} b }}' });
});

test('a version on trial is a second one, beside the first', () => {
  const candidate = Candidate.of({ model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'aaaaaaaaaaaa', size: Size.gibibytes(17) }), percent: 20 });
  const served = onKServe({ rollout: Rollout.canary({ steps: [20] }), candidate, exposure: Exposure.gateway({ hosts: ['qwen.example.com'] }) }, undefined, { rollouts: RolloutController.none() });
  expect(served.codes.filter((code) => served.problem(code).severity === 'error')).toEqual([]);
  const [stable, trial] = served.all('LLMInferenceService');
  expect([stable.spec.model.uri, trial.spec.model.uri]).toEqual(['hf://Qwen/Qwen3-8B:b968826d9c46', 'hf://Qwen/Qwen3-8B:aaaaaaaaaaaa']);
  expect([trial.metadata.name, trial.spec.labels['app.kubernetes.io/name']]).toEqual(['qwen-candidate', 'qwen-candidate']);
});

test('a service that is stopped is stopped by KServe, and nothing scales it', () => {
  const served = onKServe({ hold: Hold.stopped({ reason: 'moved', until: '2027-01-01' }), scaling: Scaling.onCpu({ min: 2, max: 4 }) });
  expect(served.one('LLMInferenceService').metadata.annotations).toMatchObject({ 'serving.kserve.io/stop': 'true' });
  expect(served.one('HorizontalPodAutoscaler')).toBeUndefined();
});

describe('what it can not do is told', () => {
  test('an update without a spare device: the Deployment adds a copy first', () => {
    const served = onKServe({}, undefined, { gpuPools: [GpuPool.gke('L4', { count: 8 })] });
    expect(served.problem('SERVING_ENGINE_NOT_ABLE')).toMatchObject({ what: expect.stringContaining('no field for how copies are replaced'), allowed: expect.stringContaining('spare') });
    expect(onKServe({}, {}, { gpuPools: [GpuPool.gke('L4', { count: 8 })] }).codes).not.toContain('SERVING_ENGINE_NOT_ABLE');
  });

  test.each<[string, Partial<InferenceServiceProps>, object]>([
    ['Argo Rollouts', { rollout: Rollout.canary({ steps: [20] }) }, { rollouts: RolloutController.argo() }],
    ['a pause', { hold: Hold.frozen({ reason: 'audit', until: '2027-01-01' }) }, {}],
    ['copies that are all replaced at once', { rollout: Rollout.recreate() }, {}],
  ])('%s', (_, props, cluster) => {
    expect(onKServe(props, undefined, cluster).codes).toContain('SERVING_ENGINE_NOT_ABLE');
  });

  test('names that KServe would cut, containers and labels of its own, and words that it does not know', () => {
    expect(onKServe({ name: 'q'.repeat(39) }).problem('SERVING_NAME').what).toContain('kserve-self-signed-certs');
    expect(onKServe({ name: 'q'.repeat(38) }).codes).toEqual([]);
    expect(onKServe({ sidecars: [new Container({ name: 'main', image: 'registry.example.com/main:1' })] }).codes).toContain('SERVING_ENGINE_RESERVED');
    expect(onKServe({}, { languageModels: 'llm' as never }).codes).toContain('SERVING_WRONG_TYPE');
  });
});
