import { ApiObject, Chart, Size, Testing } from 'cdk8s';
import { Accelerator, Candidate, Cluster, ClusterOperator, EngineBackend, Exposure, GpuPool, GraphNode, GraphStep, InferenceGraph, InferenceProtocol, InferenceServer, InferenceService, InferenceServiceProps, KnativeFeature, KServeLanguageModels, KServeMode, Model, Problems, Rollout, Scaling, SeldonServers, ServingEngine } from 'cdk8s-serving';
import { iris } from '../../../support/serving';
import { serveOnSeldon } from '../../../support/seldon-v1';

interface Where { readonly other?: EngineBackend; readonly namespaces?: boolean; readonly clusters?: boolean; readonly props?: Partial<InferenceServiceProps> }

/** Where it is told that one of two services, each in a chart of its own, has a name that the other's controller gives; and the name. */
function found(backend: EngineBackend, names: [string, string], { other = EngineBackend.kubernetes(), namespaces = false, clusters = false, props = {} }: Where = {}): string[][] {
  const app = Testing.app();
  names.forEach((name, i) => {
    const chart = new Chart(app, `c${i}`, { namespace: namespaces ? `ns-${i}` : 'ml' });
    const cluster = Cluster.of({ name: clusters ? `cluster-${i}` : 'eu', version: '1.34', operators: [ClusterOperator.SELDON_CORE_V1, ClusterOperator.SELDON_CORE_V2, ClusterOperator.KSERVE, ClusterOperator.METRICS_SERVER], gpuPools: [GpuPool.gke('L4', { count: 8, spare: 4 })] });
    new ServingEngine(chart, 'Engine', { cluster, backend: i === 0 ? backend : other });
    new InferenceService(chart, name, { name, model: iris(), ...(i === 0 ? props : {}) });
  });
  return taken(app);
}

function taken(app: ReturnType<typeof Testing.app>): string[][] {
  return Problems.of(app).filter((one) => one.code === 'SERVING_MADE_NAME_TAKEN').map((one) => [one.path, one.got!]);
}

const kserve = EngineBackend.kserve();
const knative = EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: Object.values(KnativeFeature) });
const llm = EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE });
const seldon1 = EngineBackend.seldonCoreV1();
const dedicated = EngineBackend.seldonCoreV2({ servers: SeldonServers.dedicated() });
const languageModel: Partial<InferenceServiceProps> = { model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'a'.repeat(40), size: Size.gibibytes(17) }), server: InferenceServer.vllm(), protocol: InferenceProtocol.OPENAI, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
const trial: Partial<InferenceServiceProps> = { rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ version: 'v2' }) }) };

test.each<[string, EngineBackend, string, Partial<InferenceServiceProps>]>([
  ['a predictor of KServe', kserve, 'fraud-predictor', {}],
  ["KServe's predictor of a version on trial", kserve, 'fraud-candidate-predictor', trial],
  ["a Knative Service's", knative, 'fraud-predictor', {}],
  ["an LLMInferenceService's Deployment", llm, 'fraud-kserve', languageModel],
  ["an LLMInferenceService's Service", llm, 'fraud-kserve-workload-svc', languageModel],
  ['a predictor of Seldon Core v1', seldon1, 'fraud-default', {}],
  ['a node of Seldon Core v1', seldon1, 'fraud-default-server', {}],
  ["Seldon Core v1's predictor of a version on trial", seldon1, 'fraud-trial', trial],
  ["a copy of Seldon Core v2's Server", dedicated, 'fraud-1', { scaling: Scaling.fixed(2) }],
])('nothing has the name of %s', (_, backend, name, props) => {
  expect(found(backend, ['fraud', name], { props })).toEqual([[`c1/${name}`, JSON.stringify(name)]]);
});

test.each<[string, Where]>([['namespace', { namespaces: true }], ['cluster', { clusters: true }]])('another %s is another place', (_, where) => {
  expect(found(kserve, ['fraud', 'fraud-predictor'], where)).toEqual([]);
});

test('plain Kubernetes makes nothing', () => {
  expect(found(EngineBackend.kubernetes(), ['fraud', 'fraud-predictor'])).toEqual([]);
});

test('what is not there yet is nobody\'s', () => {
  expect(found(seldon1, ['fraud', 'fraud-trial'])).toEqual([]);
  expect(found(dedicated, ['fraud', 'fraud-1'], { props: { scaling: Scaling.fixed(1) } })).toEqual([]);
  expect(found(EngineBackend.seldonCoreV2(), ['fraud', 'fraud-0'])).toEqual([]);
});

test("two controllers' objects of one name are told as well, of whatever construct", () => {
  const candidate = found(kserve, ['fraud', 'fraud-candidate'], { other: kserve, props: trial });
  expect(candidate).toContainEqual(['c1/fraud-candidate', '"fraud-candidate-predictor"']);
});

test("an object of the user's own is told at its own place", () => {
  const app = Testing.app();
  const chart = new Chart(app, 'c', { namespace: 'ml' });
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.KSERVE] }), backend: kserve });
  const fraud = new InferenceService(chart, 'Fraud', { model: iris() });
  new InferenceGraph(chart, 'Flow', { root: GraphNode.sequence([GraphStep.service(fraud)]) });
  const object = (id: string, apiVersion: string, kind: string, name: string, namespace?: string): ApiObject => new ApiObject(chart, id, { apiVersion, kind, metadata: { name, namespace } });
  object('Mine', 'v1', 'Service', 'fraud-predictor');
  object('Elsewhere', 'v1', 'Service', 'fraud-predictor', 'other');
  object('Budget', 'policy/v1', 'PodDisruptionBudget', 'fraud-predictor');
  object('OtherKind', 'serving.knative.dev/v1', 'Service', 'fraud-predictor');
  object('OlderVersion', 'autoscaling/v1', 'HorizontalPodAutoscaler', 'fraud-predictor');
  object('OfTheGraph', 'apps/v1', 'Deployment', 'flow');
  expect(taken(app)).toEqual([['c/Mine', '"fraud-predictor"'], ['c/OlderVersion', '"fraud-predictor"'], ['c/OfTheGraph', '"flow"']]);
});

test('names are as long as on plain Kubernetes, and nothing that the operator derives is renamed', () => {
  const longest = 'a'.repeat(47);
  const served = serveOnSeldon({ name: longest, exposure: Exposure.clusterInternal() });
  expect(served.codes).toEqual([]);
  expect(served.plan.groups[0]!.workload.name).toHaveLength(63);
  expect(serveOnSeldon({ name: `${longest}a` }).problem('SERVING_NAME').what).toContain('Seldon Core 1.18');
});
