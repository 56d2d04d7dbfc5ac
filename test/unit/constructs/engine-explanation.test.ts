import { App, Chart, Testing } from 'cdk8s';
import {
  Cluster, ClusterOperator, EngineBackend, GraphData, GraphNode, GraphRunner, GraphStep, InferenceGraph, type InferenceGraphProps, InferenceService, type InferenceServiceProps, KnativeFeature, KServeLanguageModels, KServeMode, SeldonServers, ServingEngine,
} from 'cdk8s-serving';
import { iris } from '../../support/serving';

/** A chart `ml` with an engine, and a graph over two of its services. */
class Moving {
  readonly app: App = Testing.app();
  readonly chart = new Chart(this.app, 'ml', { namespace: 'ml' });
  readonly engine: ServingEngine;

  constructor(backend = EngineBackend.kubernetes(), props: Partial<InferenceGraphProps> = {}) {
    const operators = [ClusterOperator.METRICS_SERVER, ClusterOperator.KSERVE, ClusterOperator.SELDON_CORE_V1, ClusterOperator.SELDON_CORE_V2];
    this.engine = new ServingEngine(this.chart, 'Engine', { cluster: Cluster.of({ version: '1.34', operators }), backend });
    new InferenceGraph(this.chart, 'Graph', { root: GraphNode.sequence([this.step('first'), this.step('second', GraphData.RESPONSE)]), ...props });
  }

  private step(name: string, data?: GraphData): GraphStep {
    return GraphStep.service(new InferenceService(this.chart, name, { model: iris() }), { data });
  }

  /** Of the graph, on its way to another engine. */
  graph(then: EngineBackend) {
    return this.engine.explain(then).services.find(({ name }) => name === 'graph')!;
  }
}

const code = (problem: string): string => problem.split(':')[0]!;

describe('a graph that moves', () => {
  test('moves with its services: a Pipeline asks what are Models then', () => {
    const { problems, objects, gone, clients } = new Moving().graph(EngineBackend.seldonCoreV2());
    expect(problems).toEqual([]);
    expect(objects).toEqual(['Pipeline graph']);
    expect(gone).toEqual(expect.arrayContaining(['Deployment graph']));
    expect(clients[0]!.changes).toEqual(['every request has the header seldon-model: graph.pipeline; a route of Exposure.gateway sets it for its clients']);
  });

  test('tells how it is run, and nothing of a model that it has not', () => {
    expect(new Moving().graph(EngineBackend.seldonCoreV2()).notes).toEqual([]);
    expect(new Moving().graph(EngineBackend.seldonCoreV1()).notes).toEqual(["Graph: one model after another: KServe's router as a Deployment"]);
  });

  test('is checked as the engine there would', () => {
    expect(new Moving(EngineBackend.kubernetes(), { propagateHeaders: ['authorization'] }).graph(EngineBackend.seldonCoreV2()).problems.map(code)).toEqual(['SERVING_GRAPH_PIPELINE']);
    expect(new Moving(EngineBackend.kubernetes(), { propagateHeaders: ['authorization'] }).graph(EngineBackend.kserve()).problems.map(code)).toEqual(['SERVING_GRAPH_HEADERS']);
    expect(new Moving(EngineBackend.seldonCoreV2(), { propagateHeaders: ['authorization'] }).graph(EngineBackend.kubernetes()).problems).toEqual([]);
  });

  test('is the router where the engine there has no graphs, or none is wanted', () => {
    const routed = new Moving(EngineBackend.kubernetes(), { runBy: GraphRunner.ROUTER, propagateHeaders: ['authorization'] }).graph(EngineBackend.seldonCoreV2());
    expect([routed.problems, routed.objects, routed.gone]).toEqual([[], [], []]);
    const back = new Moving(EngineBackend.seldonCoreV2()).graph(EngineBackend.seldonCoreV1());
    expect(back.problems).toEqual([]);
    expect(back.objects).toEqual(expect.arrayContaining(['Deployment graph', 'PodDisruptionBudget graph']));
    expect(back.gone).toEqual(['Pipeline graph']);
  });

  test('can not take along what the definition there does not name', () => {
    const root = GraphNode.sequence([GraphStep.url('http://other.example.com/v2/models/other/infer', { name: 'other' })]);
    expect(new Moving(EngineBackend.kubernetes(), { root }).graph(EngineBackend.seldonCoreV2()).problems).toEqual([expect.stringContaining('asks an address, and the steps of a Pipeline are Models')]);
  });

  test('a service of another engine stays where it is, and is none of the Models', () => {
    const app = Testing.app();
    const elsewhere = new Chart(app, 'elsewhere', { namespace: 'ml' });
    const chart = new Chart(app, 'ml', { namespace: 'ml' });
    const cluster = Cluster.of({ version: '1.34', operators: [ClusterOperator.SELDON_CORE_V2] });
    new ServingEngine(elsewhere, 'Engine', { cluster });
    const engine = new ServingEngine(chart, 'Engine', { cluster });
    new InferenceGraph(chart, 'Graph', { root: GraphNode.sequence([GraphStep.service(new InferenceService(elsewhere, 'Stays', { model: iris() }))]) });
    expect(engine.explain(EngineBackend.seldonCoreV2()).services[0]!.problems).toEqual([expect.stringContaining("that is no Model of Seldon Core v2's")]);
  });
});

test('what is wrong on every engine stands against a move as well', () => {
  const { chart, engine } = new Moving();
  new InferenceService(chart, 'Typo', { model: iris(), scalling: 2 } as InferenceServiceProps);
  const typo = engine.explain(EngineBackend.kserve()).services.find(({ name }) => name === 'typo')!;
  expect(typo.problems.map(code)).toEqual(['SERVING_UNKNOWN_PROP']);
  expect([typo.objects, typo.gone]).toEqual([[], []]);
});

describe('an engine that can not be meant', () => {
  test.each<[string, EngineBackend, string]>([
    ['null', null as unknown as EngineBackend, 'SERVING_WRONG_TYPE'],
    ['a text', 'kserve' as unknown as EngineBackend, 'SERVING_WRONG_TYPE'],
    ['an object', {} as EngineBackend, 'SERVING_WRONG_TYPE'],
    ['a version that there is not', EngineBackend.kserve({ version: '9.9' }), 'SERVING_WRONG_TYPE'],
    ['null for its props', EngineBackend.seldonCoreV2(null as unknown as undefined), 'SERVING_WRONG_TYPE'],
    ['a misspelt prop', EngineBackend.seldonCoreV1({ controller: 'x' } as object), 'SERVING_UNKNOWN_PROP'],
  ])('%s is told', (_, then, expected) => {
    const explanation = new Moving().engine.explain(then);
    expect(explanation.problems.map(code)).toEqual([expected]);
    expect(explanation.toMarkdown()).toContain(`Wrong with what was asked for:\n\n- ${expected}`);
  });

  test('nothing is told where nothing was asked for', () => {
    const explanation = new Moving().engine.explain();
    expect(explanation.problems).toEqual([]);
    expect(explanation.movingTo).toBeUndefined();
  });
});

test.each<[EngineBackend, EngineBackend, string]>([
  [EngineBackend.seldonCoreV2(), EngineBackend.seldonCoreV2({ servers: SeldonServers.dedicated() }), '## From Seldon Core 2.10 with shared servers to Seldon Core 2.10 with a server for each service'],
  [EngineBackend.kserve(), EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE }), '## From KServe 0.20 to KServe 0.20 with LLMInferenceServices for language models'],
  [EngineBackend.kserve({ mode: KServeMode.KNATIVE }), EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: [KnativeFeature.INIT_CONTAINERS] }), '## From KServe 0.20 in Knative mode to KServe 0.20 in Knative mode with kubernetes.podspec-init-containers'],
  [EngineBackend.seldonCoreV1(), EngineBackend.seldonCoreV1({ controllerId: 'second' }), "## From Seldon Core 1.18 to Seldon Core 1.18 with the operator 'second'"],
  [EngineBackend.kubernetes(), EngineBackend.kserve(), '## From plain Kubernetes to KServe 0.20'],
])('a move says what differs: %#', (now, then, title) => {
  expect(new Moving(now).engine.explain(then).toMarkdown().split('\n')[0]).toBe(title);
});
