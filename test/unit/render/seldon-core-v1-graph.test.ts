import { componentSpec, graphNode, NodeType, predictor, seldonDeployment } from '../../../lib/render/seldon-v1/resource';
import { Model, ModelSource } from 'cdk8s-serving';
import { iris } from '../../support/serving';
import { serveOnSeldon } from '../../support/seldon-v1';

// What a SeldonDeployment of several nodes is composed of.
const before = serveOnSeldon({}, {}, {}, 'Before').plan;
const after = serveOnSeldon({ model: Model.xgboost({ source: ModelSource.s3('s3://models/after/v1') }) }, {}, {}, 'After').plan;
const spec = seldonDeployment('v2', [predictor({
  name: 'default', replicas: 2, orchestrator: true,
  graph: { name: 'before', type: NodeType.TRANSFORMER, children: [{ name: 'after' }] },
  componentSpecs: [before, after].map((plan) => componentSpec(plan, plan.groups[0]!, { name: plan.name, node: plan.name })),
})]).spec as any;

test('nodes are told with those below them', () => {
  expect(spec.predictors[0].graph).toEqual({ name: 'before', type: 'TRANSFORMER', children: [{ name: 'after', type: 'MODEL' }] });
  expect(graphNode({ name: 'a' })).toEqual({ name: 'a', type: 'MODEL' });
});

test('each node has a container of its name, in pods of a name of their own', () => {
  const pods = spec.predictors[0].componentSpecs;
  expect(pods.map((pod: any) => [pod.metadata.name, pod.spec.containers.map((one: any) => one.name)])).toEqual([['before', ['before']], ['after', ['after']]]);
  // the orchestrator asks each node for the model of the node's name, which the server has as its own
  for (const pod of pods) expect(pod.spec.containers[0].command).toContain(`MLSERVER_MODEL_NAME=${pod.metadata.name}`);
});

test('several nodes need the orchestrator, one is better without', () => {
  expect(spec.predictors[0]).not.toHaveProperty('annotations');
  const [alone] = (seldonDeployment('v2', [predictor({ name: 'default', replicas: undefined, orchestrator: false, graph: { name: 'iris' }, componentSpecs: [] })]).spec as any).predictors;
  expect(alone).toEqual({ name: 'default', annotations: { 'seldon.io/no-engine': 'true' }, graph: { name: 'iris', type: 'MODEL' }, componentSpecs: [] });
});

test('a node is the server alone: containers beside it keep their names', () => {
  const served = serveOnSeldon({ model: iris(), podOverlay: { spec: { containers: [{ name: 'beside', image: 'beside:1' }] } } });
  expect((componentSpec(served.plan, served.plan.groups[0]!, { node: 'iris' }).spec as any).containers.map((one: any) => one.name)).toEqual(['iris', 'beside']);
});
