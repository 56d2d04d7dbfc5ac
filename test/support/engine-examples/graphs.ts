import { Chart } from 'cdk8s';
import { GraphCondition, GraphData, GraphNode, GraphStep, InferenceGraph, InferenceProtocol, InferenceServer, InferenceService, Model, ModelSource, StepDependency } from 'cdk8s-serving';
import { ExampleTheme, graphNodes, kserve, seldonV1 } from './example';

function served(chart: Chart, id: string): InferenceService {
  return new InferenceService(chart, id, { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }), server: InferenceServer.kserveSklearn() });
}

const protocol = InferenceProtocol.V1_REST;

export const GRAPHS: ExampleTheme = {
  title: 'Several models for one request',
  examples: [
    {
      shows: 'One model after another, each with the request or with the answer before',
      links: [kserve('graph/sequence.yaml'), seldonV1('examples/graph_examples/tin-model-tout.yaml'), seldonV1('examples/graph_examples/tin-model-tout-sep-pods.yaml'), seldonV1('notebooks/resources/feature_transform.json'), seldonV1('examples/transformers/v2-protocol/README.ipynb')],
      say: '`InferenceGraph` with `GraphNode.sequence([GraphStep.service(first), GraphStep.service(second, { data: GraphData.PREDICTIONS })])`; on Seldon Core v1 in pods of their own, asked by a router beside',
      program: (chart) => {
        const [first, second] = [served(chart, 'First'), served(chart, 'Second')];
        new InferenceGraph(chart, 'Chain', { protocol, root: GraphNode.sequence([GraphStep.service(first), GraphStep.service(second, { data: GraphData.PREDICTIONS })]) });
      },
      look: (objects) => graphNodes(objects).root.steps.map(({ name, data }: any) => [name, data]), finds: [['first', undefined], ['second', '$response']],
    },
    {
      shows: 'The model that a field of the request names',
      links: [kserve('graph/switch.yaml')],
      say: "`GraphNode.switch([GraphStep.service(first, { condition: GraphCondition.gjson('instances.#(intval>10)') })])`",
      program: (chart) => {
        const first = served(chart, 'First');
        new InferenceGraph(chart, 'Switch', { protocol, root: GraphNode.switch([GraphStep.service(first, { condition: GraphCondition.gjson('instances.#(intval>10)') })]) });
      },
      look: (objects) => graphNodes(objects).root.steps[0].condition, finds: 'instances.#(intval>10)',
    },
    {
      shows: 'All models at once',
      links: [kserve('graph/ensemble.yaml')],
      say: '`GraphNode.ensemble([…])`; `StepDependency.SOFT` where one may fail',
      program: (chart) => new InferenceGraph(chart, 'Ensemble', { protocol, root: GraphNode.ensemble([GraphStep.service(served(chart, 'First')), GraphStep.service(served(chart, 'Second'), { dependency: StepDependency.SOFT })]) }),
      look: (objects) => [graphNodes(objects).root.routerType, graphNodes(objects).root.steps.length], finds: ['Ensemble', 2],
    },
    {
      shows: 'One of several models by weight',
      links: [kserve('graph/splitter.yaml'), seldonV1('notebooks/resources/random_ab_test_1pod.json')],
      say: '`GraphNode.splitter([GraphStep.service(…, { weight: 20 }), …])`; versions of one model by a [rollout](rollout.md)',
      program: (chart) => new InferenceGraph(chart, 'Splitter', { protocol, root: GraphNode.splitter([GraphStep.service(served(chart, 'First'), { weight: 20 }), GraphStep.service(served(chart, 'Second'), { weight: 80 })]) }),
      look: (objects) => graphNodes(objects).root.steps.map(({ weight }: any) => weight), finds: [20, 80],
    },
    {
      shows: 'All models at once, and one answer made of theirs (a combiner)',
      links: [seldonV1('notebooks/resources/ensemble.json'), seldonV1('examples/graph_examples/combiner-prepack.yaml'), seldonV1('examples/models/openvino_imagenet_ensemble/openvino_imagenet_ensemble.ipynb'), seldonV1('examples/outliers/alibi-detect-combiner/notebook.ipynb')],
      say: '`GraphNode.sequence([GraphStep.node(GraphNode.ensemble([…])), GraphStep.service(combiner, { data: GraphData.RESPONSE })])`: the combiner is a service of your own, which is sent an object of all answers',
      program: (chart) => {
        const combiner = new InferenceService(chart, 'Combiner', { model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/ml/combiner:1.0', protocols: [protocol] }) });
        const all = GraphNode.ensemble([GraphStep.service(served(chart, 'First')), GraphStep.service(served(chart, 'Second'))]);
        new InferenceGraph(chart, 'Average', { protocol, root: GraphNode.sequence([GraphStep.node(all), GraphStep.service(combiner, { data: GraphData.RESPONSE })]) });
      },
      look: (objects) => Object.values<any>(graphNodes(objects)).map(({ routerType }) => routerType).sort(), finds: ['Ensemble', 'Sequence'],
    },
    {
      shows: 'A graph of graphs',
      links: [seldonV1('notebooks/resources/complex_graph.json'), seldonV1('examples/models/chainer_mnist/chainer_mnist.ipynb')],
      say: '`GraphStep.node(…)` of a node, `GraphStep.service(…)` of another `InferenceGraph`',
      program: (chart) => {
        const inner = new InferenceGraph(chart, 'Inner', { protocol, root: GraphNode.ensemble([GraphStep.service(served(chart, 'First')), GraphStep.service(served(chart, 'Second'))]) });
        const deep = GraphNode.splitter([GraphStep.service(inner, { weight: 50 }), GraphStep.service(served(chart, 'Third'), { weight: 50 })]);
        new InferenceGraph(chart, 'Outer', { protocol, root: GraphNode.sequence([GraphStep.node(deep)]) });
      },
      look: (objects) => objects.of('Service').map(({ metadata }) => metadata.name).filter((name) => ['inner', 'outer'].includes(name)).sort(), finds: ['inner', 'outer'],
    },
    {
      shows: 'A router that learns from feedback (a multi-armed bandit)',
      links: [seldonV1('notebooks/resources/epsilon_greedy.json'), seldonV1('doc/source/analytics/routers.md')],
      reason: "feedback is a call of Seldon's executor; KServe's router decides by the request alone",
      instead: 'a router of your own as a service (`InferenceServer.container`), which asks the others; or `Rollout.canary` whose share a person raises',
    },
  ],
};
