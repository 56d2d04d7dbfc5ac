import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  Cluster, ClusterOperator, Detector, EngineBackend, Exposure, GraphCondition, GraphData, GraphNode, type GraphNodeOptions, GraphRunner, GraphStep, type GraphStepOptions, Hold, InferenceGraph, type InferenceGraphProps, InferenceProtocol, InferenceService, ModelSource, Objective, Problems, Scaling, SeldonServers,
  ServingEngine, StepDependency,
} from 'cdk8s-serving';
import { validateManifest } from '../../support/schema';
import { iris, synth } from '../../support/serving';

/** A chart `ml` on Seldon Core v2, with services and a graph over them. */
class Piped {
  readonly app: App = Testing.app();
  readonly chart = new Chart(this.app, 'ml', { namespace: 'ml' });
  readonly graph: InferenceGraph;
  private readonly made = new Map<string, InferenceService>();

  constructor(make: (step: (name: string, options?: GraphStepOptions) => GraphStep) => GraphNode, props: Partial<InferenceGraphProps> = {}, backend = EngineBackend.seldonCoreV2()) {
    new ServingEngine(this.chart, 'Engine', { cluster: Cluster.of({ version: '1.34', gateway: { name: 'public', namespace: 'gateway' }, ingressClass: 'nginx', operators: [ClusterOperator.METRICS_SERVER, ClusterOperator.SELDON_CORE_V1, ClusterOperator.SELDON_CORE_V2] }), backend });
    this.graph = new InferenceGraph(this.chart, 'Graph', { root: make((name, options) => GraphStep.service(this.service(name), options)), ...props });
  }

  service(name: string): InferenceService {
    if (!this.made.has(name)) this.made.set(name, new InferenceService(this.chart, name, { model: iris() }));
    return this.made.get(name)!;
  }

  /** All but what a test of its own looks for. */
  get problems() { return Problems.of(this.app).filter(({ code }) => code !== 'SERVING_GRAPH_PIPELINE_MEANING'); }
  get codes(): string[] { return Problems.of(this.graph).map((one) => one.code); }
  get meanings(): string[] { return Problems.of(this.graph).filter(({ code, severity }) => code === 'SERVING_GRAPH_PIPELINE_MEANING' && severity === 'warning').map(({ what }) => what); }
  get manifests(): any[] { return synth(this.chart).filter((one) => one.metadata.labels['app.kubernetes.io/part-of'] === 'graph'); }
  one(kind: string): any { return this.manifests.find((one) => one.kind === kind); }
  get spec(): any { return this.one('Pipeline').spec; }
}

const { hasInput, hasOutput, exists } = GraphCondition;
const answer = { data: GraphData.RESPONSE };
const node = (root: GraphNode, options: GraphStepOptions & GraphNodeOptions = {}): GraphStep => GraphStep.node(root, { name: root.kind, ...options });
const all = GraphNode.ensemble.bind(GraphNode);
const chain = GraphNode.sequence.bind(GraphNode);
const either = GraphNode.switch.bind(GraphNode);

describe('a Pipeline', () => {
  test('comes with the Service of the address alone: what runs it are the runtime\'s pods', () => {
    const piped = new Piped((step) => chain([step('a'), step('b', answer)]), { exposure: Exposure.gateway({ hosts: ['graph.example.com'] }) });
    expect(piped.problems).toEqual([]);
    expect(piped.manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['Pipeline/graph', 'Service/graph', 'HTTPRoute/graph']);
    expect(validateManifest(piped.one('Service'), '1.34')).toEqual([]);
    expect(piped.one('Service').spec.selector).toEqual({ 'app.kubernetes.io/name': 'seldon-envoy' });
    expect(piped.graph.node.defaultChild).toMatchObject({ kind: 'Pipeline', name: 'graph' });
  });

  test('is found by a header, inside and by the route', () => {
    const piped = new Piped((step) => chain([step('a')]), { exposure: Exposure.gateway({ hosts: ['graph.example.com'] }) });
    expect(piped.graph.endpoint(InferenceProtocol.V2_REST)).toMatchObject({ url: 'http://graph.ml.svc.cluster.local/v2/models/graph/infer', headers: { 'seldon-model': 'graph.pipeline' } });
    expect(piped.one('HTTPRoute').spec.rules[0].filters).toContainEqual({ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'seldon-model', value: 'graph.pipeline' }] } });
  });

  test.each<[string, (step: (name: string, options?: GraphStepOptions) => GraphStep) => GraphNode, object]>([
    ['answers become requests', (step) => chain([step('a'), step('b', answer), step('c', answer)]), {
      steps: [{ name: 'a' }, { name: 'b', inputs: ['a'] }, { name: 'c', inputs: ['b'] }], output: { steps: ['c'], stepsJoin: 'inner' },
    }],
    ['a step that is sent the request waits for the one before', (step) => chain([step('a'), step('b')]), {
      steps: [{ name: 'a' }, { name: 'b', inputs: ['graph.inputs'], triggers: ['a'] }], output: { steps: ['b'], stepsJoin: 'inner' },
    }],
    ['all at once', (step) => all([step('a'), step('b')]), { steps: [{ name: 'a' }, { name: 'b' }], output: { steps: ['a', 'b'], stepsJoin: 'inner' } }],
    ['all of them before the next, which is sent all tensors', (step) => chain([node(all([step('a'), step('b')])), step('c', answer)]), {
      steps: [{ name: 'a' }, { name: 'b' }, { name: 'c', inputs: ['a', 'b'], inputsJoinType: 'inner' }], output: { steps: ['c'], stepsJoin: 'inner' },
    }],
    ['a tensor of the request decides', (step) => either([step('a', { condition: hasInput('x') }), step('b', { condition: hasInput('y') })]), {
      steps: [{ name: 'a', inputs: ['graph.inputs'], triggers: ['graph.inputs.x'] }, { name: 'b', inputs: ['graph.inputs'], triggers: ['graph.inputs.y'] }], output: { steps: ['a', 'b'], stepsJoin: 'any' },
    }],
    ['a tensor of the answer before decides; one step goes on from either', (step) => chain([step('kinds'), node(either([step('dogs', { condition: hasOutput('dog') }), step('cats', { condition: hasOutput('cat') })]), answer), step('last', answer)]), {
      steps: [{ name: 'kinds' }, { name: 'dogs', inputs: ['kinds'], triggers: ['kinds.outputs.dog'] }, { name: 'cats', inputs: ['kinds'], triggers: ['kinds.outputs.cat'] }, { name: 'last', inputs: ['dogs', 'cats'], inputsJoinType: 'any' }],
      output: { steps: ['last'], stepsJoin: 'inner' },
    }],
    ['a switch after a step, by the request', (step) => chain([step('a'), node(either([step('b', { condition: hasInput('x') })]))]), {
      steps: [{ name: 'a' }, { name: 'b', inputs: ['graph.inputs'], triggers: ['a', 'graph.inputs.x'], triggersJoinType: 'inner' }], output: { steps: ['b'], stepsJoin: 'inner' },
    }],
    ['a step after all of an ensemble', (step) => chain([node(all([step('a'), step('b')])), step('c')]), {
      steps: [{ name: 'a' }, { name: 'b' }, { name: 'c', inputs: ['graph.inputs'], triggers: ['a', 'b'], triggersJoinType: 'inner' }], output: { steps: ['c'], stepsJoin: 'inner' },
    }],
    ['a tensor of any answer of an ensemble', (step) => chain([node(all([step('a'), step('b')])), node(either([step('c', { condition: hasOutput('t') })]), answer)]), {
      steps: [{ name: 'a' }, { name: 'b' }, { name: 'c', inputs: ['a', 'b'], inputsJoinType: 'inner', triggers: ['a.outputs.t', 'b.outputs.t'], triggersJoinType: 'any' }], output: { steps: ['c'], stepsJoin: 'inner' },
    }],
    ['sequences side by side', (step) => all([node(chain([step('a'), step('b', answer)])), step('c')]), {
      steps: [{ name: 'a' }, { name: 'b', inputs: ['a'] }, { name: 'c' }], output: { steps: ['b', 'c'], stepsJoin: 'inner' },
    }],
  ])('%s', (_, make, spec) => {
    const piped = new Piped(make);
    expect(piped.problems).toEqual([]);
    expect(piped.spec).toEqual(spec);
  });

  test('of Models that have servers of their own', () => {
    const piped = new Piped((step) => chain([step('a'), step('b', answer)]), {}, EngineBackend.seldonCoreV2({ servers: SeldonServers.dedicated() }));
    expect(piped.problems).toEqual([]);
    expect(piped.spec.steps).toHaveLength(2);
  });

  test('of which the runtime counts requests, and whose objectives are measured at a gateway', () => {
    const { graph } = new Piped((step) => chain([step('a')]), { objectives: [Objective.availability(99.9)] });
    expect((graph as any).rendered).toMatchObject({ series: 'namespace="ml",pipeline_name=~"graph"', groups: [{ scaleTarget: { apiVersion: 'mlops.seldon.io/v1alpha1', kind: 'Pipeline', name: 'graph' } }] });
  });
});

test('what a node means otherwise than by the router is told', () => {
  expect(new Piped((step) => chain([step('a'), step('b', answer)])).meanings).toEqual([]);
  expect(new Piped((step) => all([step('a'), step('b')])).meanings).toEqual([expect.stringMatching(/^node 'root': the answer is one list of all steps' outputs/)]);
  expect(new Piped((step) => either([step('a', { condition: hasInput('x') }), step('b', { condition: hasInput('y') })])).meanings).toEqual([expect.stringMatching(/^node 'root': each step whose tensor comes is asked/)]);
  expect(new Piped((step) => all([step('a'), step('b')]), { runBy: GraphRunner.ROUTER }).meanings).toEqual([]);
});

describe('an Experiment', () => {
  const split = (step: (name: string, options?: GraphStepOptions) => GraphStep): GraphNode => GraphNode.splitter([step('a', { weight: 80 }), step('b', { weight: 20 })]);

  test('shares requests out to Models, by an address of its own', () => {
    const piped = new Piped(split);
    expect(piped.problems).toEqual([]);
    expect(piped.manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['Experiment/graph', 'Service/graph']);
    expect(piped.one('Experiment').spec).toEqual({ resourceType: 'model', candidates: [{ name: 'a', weight: 80 }, { name: 'b', weight: 20 }] });
    expect(piped.graph.endpoint(InferenceProtocol.V2_REST)?.headers).toEqual({ 'seldon-model': 'graph.experiment' });
    for (const { metadata } of piped.manifests) expect(metadata.labels['serving.cdk8s.io/server']).toBe('seldon-core-v2');
  });

  /** A splitter over members of one's own making. */
  const over = (make: (piped: Piped) => InferenceService[]): { codes: string[]; spec: any; what: string[] } => {
    const piped = new Piped((step) => chain([step('a')]));
    const members = make(piped);
    const split = new InferenceGraph(piped.chart, 'Split', { root: GraphNode.splitter(members.map((member) => GraphStep.service(member, { weight: 100 / members.length }))) });
    const found = Problems.of(split);
    return { codes: found.map(({ code }) => code), what: found.map(({ what }) => what), spec: found.length > 0 ? undefined : synth(piped.chart).find(({ kind }) => kind === 'Experiment').spec };
  };
  const graph = (piped: Piped, name: string): InferenceGraph => new InferenceGraph(piped.chart, name, { root: chain([GraphStep.service(piped.service(`of-${name}`))]), name });
  const watched = (piped: Piped): InferenceService => new InferenceService(piped.chart, 'Watched', { model: iris(), detectors: [Detector.outlier({ source: ModelSource.s3('s3://detectors/iris/v1') })] });

  test('shares requests out to other graphs, and to services whose detectors are steps of a Pipeline', () => {
    expect(over((piped) => [piped.graph, graph(piped, 'other')]).spec).toEqual({ resourceType: 'pipeline', candidates: [{ name: 'graph', weight: 50 }, { name: 'other', weight: 50 }] });
    const found = over((piped) => [piped.graph, watched(piped)]);
    expect(found.codes).toEqual([]);
    expect(found.spec).toEqual({ resourceType: 'pipeline', candidates: [{ name: 'graph', weight: 50 }, { name: 'watched', weight: 50 }] });
  });

  test('has either Models or Pipelines', () => {
    expect(over((piped) => [piped.graph, piped.service('b')]).what).toEqual([expect.stringMatching(/between Models or between Pipelines/)]);
  });

  test('is no arm of another, and a Pipeline asks no Pipeline', () => {
    const piped = new Piped(split);
    const found = (root: GraphNode, id: string): string[] => Problems.of(new InferenceGraph(piped.chart, id, { root })).map(({ what }) => what);
    expect(found(GraphNode.splitter([GraphStep.service(piped.graph, { weight: 100 })]), 'Again')).toEqual([expect.stringMatching(/asks another graph/)]);
    expect(found(chain([GraphStep.service(watched(piped))]), 'Chain')).toEqual([expect.stringMatching(/the detectors would not be asked/)]);
  });

  test('is no step of a Pipeline, and has no nodes and no Model twice', () => {
    expect(new Piped((step) => chain([step('c'), node(split(step))])).codes).toEqual(['SERVING_GRAPH_PIPELINE']);
    expect(new Piped((step) => GraphNode.splitter([step('a', { weight: 50 }), node(chain([step('b')]), { weight: 50 })])).codes).toEqual(['SERVING_GRAPH_PIPELINE']);
    expect(new Piped((step) => GraphNode.splitter([step('a', { weight: 50 }), step('a', { weight: 50, name: 'again' })])).codes).toEqual(['SERVING_GRAPH_PIPELINE', 'SERVING_GRAPH_PIPELINE']);
  });
});

describe('what can not be said', () => {
  const told = (make: (step: (name: string, options?: GraphStepOptions) => GraphStep) => GraphNode, props?: Partial<InferenceGraphProps>) => Problems.of(new Piped(make, props).graph).filter(({ code }) => code !== 'SERVING_GRAPH_PIPELINE_MEANING').map(({ code, what }) => (code === 'SERVING_GRAPH_PIPELINE' ? what : code));

  test.each<[string, (step: (name: string, options?: GraphStepOptions) => GraphStep) => GraphNode, RegExp]>([
    ['an address', () => chain([GraphStep.url('http://x.ml.svc/v2/models/x/infer')]), /asks an address/],
    ['a Model of the graph\'s own name', (step) => chain([step('graph')]), /the graph's own name/],
    ['a Model that is asked twice', (step) => chain([step('a'), step('a', { ...answer })]), /asked twice/],
    ['a name', (step) => all([step('a', { name: 'first' })]), /has the name of its service, 'a'/],
    ['a time-out', (step) => chain([step('a', { timeout: Duration.seconds(5) })]), /no time-out of its own/],
    ['a failure that is handed on', (step) => all([step('a', { dependency: StepDependency.SOFT }), step('b')]), /StepDependency.SOFT/],
    ['a sequence that ends early', (step) => chain([step('a'), step('b', { condition: hasOutput('x') })]), /never be answered/],
    ['a condition on something else', (step) => either([step('a', { condition: exists('parameters.beta') })]), /something else than a tensor/],
    ['all other requests', (step) => GraphNode.switch([step('a', { condition: hasInput('x') })], { otherwise: step('b') }), /something else than a tensor/],
    ['a tensor of an answer, of a request', (step) => either([step('a', { condition: hasOutput('x') })]), /is sent the request/],
    ['a tensor of a request, of an answer', (step) => chain([step('a'), node(either([step('b', { condition: hasInput('x') })]), answer)]), /is sent an answer/],
    ['all of one and whichever of others', (step) => all([step('a'), node(either([step('b', { condition: hasInput('x') }), step('c', { condition: hasInput('y') })]))]), /whichever answers of others/],
    ['a step that waits for both', (step) => chain([node(either([step('a', { condition: hasInput('x') }), step('b', { condition: hasInput('y') })])), node(either([step('c', { condition: hasInput('z') })]), { name: 'then' })]), /whichever comes of others/],
  ])('%s', (_, make, message) => {
    expect(told(make)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
    expect(told(make).filter((one) => !message.test(one) && !/asked twice|has the name|NAME_TWICE|SERVING_OBJECT_TWICE/.test(one))).toEqual([]);
  });

  test('other headers, pods, an Ingress, another protocol', () => {
    const one = (step: (name: string) => GraphStep): GraphNode => chain([step('a')]);
    expect(told(one, { propagateHeaders: ['X-Request-Id'] })).toEqual([]);
    expect(told(one, { propagateHeaders: ['authorization'] })).toEqual([expect.stringMatching(/no other header/)]);
    expect(told(one, { scaling: Scaling.fixed(3), memory: Size.gibibytes(1) })).toEqual([expect.stringMatching(/'scaling', 'memory'/)]);
    expect(told(one, { hold: Hold.frozen({ reason: 'audit', until: '2099-12-31' }) })).toEqual(expect.arrayContaining([expect.stringMatching(/'hold'/)]));
    expect(told(one, { exposure: Exposure.ingress({ host: 'graph.example.com' }) })).toContainEqual(expect.stringMatching(/an Ingress does not set/));
    expect(told(one, { protocol: InferenceProtocol.V1_REST })).toContain('SERVING_ENGINE_NOT_ABLE');
  });

  test('another graph, a service of another engine, of another namespace, an imported one', () => {
    const piped = new Piped((step) => chain([step('a')]));
    const other = new Chart(piped.app, 'other', { namespace: 'other' });
    new ServingEngine(other, 'Engine', { cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.SELDON_CORE_V2] }), backend: EngineBackend.seldonCoreV2() });
    const plain = new ServingEngine(piped.chart, 'Plain', { cluster: Cluster.of({ version: '1.34' }) });
    const imported = InferenceService.fromInferenceServiceAttributes(piped.chart, 'Far', { name: 'far', namespace: 'ml', endpoints: [{ protocol: 'v2-rest', url: 'http://far.ml.svc/v2/models/far/infer', host: 'far.ml.svc', port: 80, path: '/v2/models/far/infer', modelName: 'far' }] });
    const members = [piped.graph, new InferenceService(piped.chart, 'Pods', { model: iris(), engine: plain }), new InferenceService(other, 'There', { model: iris() }), imported];
    const found = members.map((member, i) => Problems.of(new InferenceGraph(piped.chart, `Over${i}`, { root: chain([GraphStep.service(member)]) })).map((one) => one.what));
    expect(found).toEqual([[expect.stringMatching(/asks another graph/)], [expect.stringMatching(/is no Model/)], [expect.stringMatching(/the namespace 'other'/)], [expect.stringMatching(/is no Model/)]]);
  });

  test('all of it by the router', () => {
    const piped = new Piped((step) => chain([step('a', { timeout: Duration.seconds(5) }), step('b', { condition: exists('x'), dependency: StepDependency.SOFT })]), { runBy: GraphRunner.ROUTER, scaling: Scaling.fixed(3) });
    expect(piped.problems).toEqual([]);
    expect(piped.one('Deployment').spec.replicas).toBe(3);
  });
});

test('on Seldon Core v1 the router runs it', () => {
  const piped = new Piped((step) => chain([step('a'), step('b')]), {}, EngineBackend.seldonCoreV1());
  expect(piped.one('Deployment').spec.template.spec.containers[0].image).toContain('kserve/router');
});
