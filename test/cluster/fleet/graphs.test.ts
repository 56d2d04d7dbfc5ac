import { Cluster, ClusterOperator, EngineBackend, Exposure, GraphCondition, GraphData, GraphNode, GraphStep, InferenceGraph, InferenceProtocol, InferenceServer, InferenceService, Model, ModelSource, Scaling, ServingEngine, StepDependency } from 'cdk8s-serving';
import { apply, get } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';

// The API server with the engines' real definitions takes a graph of every kind of node strictly.

let namespace: string;
beforeEach(async () => { namespace = await createNamespace('graphs'); });
afterEach(removeNamespaces);

test.each([['kubernetes', EngineBackend.kubernetes(), 'deployments.apps'], ['kserve', EngineBackend.kserve(), 'inferencegraphs.serving.kserve.io']])('%s', async (_, backend, kind) => {
  const manifests = synthesized((chart) => {
    new ServingEngine(chart, 'Engine', { backend, cluster: Cluster.of({ version: '1.34', gateway: { name: 'public', namespace: 'gateway' }, operators: [ClusterOperator.KSERVE, ClusterOperator.METRICS_SERVER] }) });
    const [a, b] = ['a', 'b'].map((name) => new InferenceService(chart, name, { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }), server: InferenceServer.kserveSklearn() }));
    const below = GraphNode.switch([GraphStep.service(a!, { condition: GraphCondition.hasText('lang', 'de') })], { otherwise: GraphStep.node(GraphNode.splitter([GraphStep.service(a!, { weight: 30 }), GraphStep.service(b!, { weight: 70 })]), { name: 'either' }) });
    const graph = new InferenceGraph(chart, 'Graph', {
      protocol: InferenceProtocol.V1_REST, exposure: Exposure.gateway({ hosts: ['graph.example.com'] }), scaling: Scaling.onCpu({ min: 2, max: 6 }),
      root: GraphNode.sequence([GraphStep.service(a!), GraphStep.node(GraphNode.ensemble([GraphStep.node(below, { name: 'one', dependency: StepDependency.SOFT }), GraphStep.service(b!)]), { name: 'all', data: GraphData.PREDICTIONS })]),
    });
    graph.grantInvoke(a!);
  });
  const moved = await setNamespace(manifests, namespace);
  const kinds = moved.filter((one) => one.metadata.labels?.['app.kubernetes.io/part-of'] === 'graph').map((one) => one.kind);
  expect(kinds).toEqual(expect.arrayContaining(['HTTPRoute', 'PodDisruptionBudget', 'NetworkPolicy', 'HorizontalPodAutoscaler', 'ServiceAccount']));
  expect(await apply(moved)).toEqual([]);
  expect((await get(kind, 'graph', namespace))?.metadata.uid).toBeDefined();
});

test.each(['Pipeline', 'Experiment'])('seldon-core-v2: %s', async (kind) => {
  const manifests = synthesized((chart) => {
    new ServingEngine(chart, 'Engine', { backend: EngineBackend.seldonCoreV2(), cluster: Cluster.of({ version: '1.34', gateway: { name: 'public', namespace: 'gateway' }, operators: [ClusterOperator.SELDON_CORE_V2] }) });
    const [kinds, dogs, cats, last, other] = ['kinds', 'dogs', 'cats', 'last', 'other'].map((name) => new InferenceService(chart, name, { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) }));
    const animals = GraphNode.switch([GraphStep.service(dogs!, { condition: GraphCondition.hasOutput('dog') }), GraphStep.service(cats!, { condition: GraphCondition.hasOutput('cat') })]);
    const pipeline = GraphNode.sequence([
      GraphStep.service(kinds!), GraphStep.node(animals, { name: 'animals', data: GraphData.RESPONSE }), GraphStep.node(GraphNode.ensemble([GraphStep.service(last!), GraphStep.service(other!)]), { name: 'all', data: GraphData.RESPONSE }),
    ]);
    new InferenceGraph(chart, 'Graph', {
      exposure: Exposure.gateway({ hosts: ['graph.example.com'] }),
      root: kind === 'Pipeline' ? pipeline : GraphNode.splitter([GraphStep.service(dogs!, { weight: 80 }), GraphStep.service(cats!, { weight: 20 })]),
    });
  });
  const moved = await setNamespace(manifests, namespace);
  expect(moved.filter((one) => one.metadata.labels?.['app.kubernetes.io/part-of'] === 'graph').map((one) => one.kind)).toEqual([kind, 'Service', 'HTTPRoute']);
  expect(await apply(moved)).toEqual([]);
  expect((await get(`${kind.toLowerCase()}s.mlops.seldon.io`, 'graph', namespace))?.metadata.uid).toBeDefined();
});
