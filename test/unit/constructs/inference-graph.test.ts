import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  Cluster, ClusterOperator, EngineBackend, Exposure, GraphCondition, GraphData, GraphNode, GraphRunner, GraphStep, Hold, InferenceGraph, type InferenceGraphProps, InferenceProtocol, InferenceService, Problems, Scaling, ServingEngine, StepDependency,
} from 'cdk8s-serving';
import type { Engine, EngineId } from '../../../lib/plan/engine/engine';
import { KUBERNETES } from '../../../lib/plan/engine/kubernetes';
import { KubernetesBackend } from '../../../lib/render/kubernetes/kubernetes';
import { validateManifest } from '../../support/schema';
import { iris, synth } from '../../support/serving';

/** A chart `ml` with services, and a graph over them. */
class Graphed {
  readonly app: App = Testing.app();
  readonly chart = new Chart(this.app, 'ml', { namespace: 'ml' });
  readonly graph: InferenceGraph;
  private readonly made = new Map<string, InferenceService>();

  constructor(make: (service: (name: string) => InferenceService) => GraphNode, props: Partial<InferenceGraphProps> = {}, backend = EngineBackend.kubernetes()) {
    new ServingEngine(this.chart, 'Engine', { cluster: Cluster.of({ version: '1.34', gateway: { name: 'public', namespace: 'gateway' }, operators: [ClusterOperator.METRICS_SERVER, ClusterOperator.KSERVE] }), backend });
    this.graph = new InferenceGraph(this.chart, 'Graph', { root: make((name) => this.service(name)), ...props });
  }

  service(name: string): InferenceService {
    if (!this.made.has(name)) this.made.set(name, new InferenceService(this.chart, name, { model: iris() }));
    return this.made.get(name)!;
  }

  get codes(): string[] { return Problems.of(this.graph).map((one) => one.code); }
  get manifests(): any[] { return synth(this.chart).filter((one) => one.metadata.labels['app.kubernetes.io/part-of'] === 'graph'); }
  one(kind: string): any { return this.manifests.find((one) => one.kind === kind); }
  get router(): any { return this.one('Deployment').spec.template.spec.containers[0]; }
  get spec(): any { return JSON.parse(this.router.args[1]); }
}

/** An engine of another id, whose services would be plain Deployments. */
function engine(id: EngineId): EngineBackend {
  const facts: Engine = { ...KUBERNETES, id, title: id };
  return new (EngineBackend as any)({ engine: facts, render: (...args: Parameters<KubernetesBackend['render']>) => new KubernetesBackend().render(...args) }, []);
}

const SHARED = GraphNode.ensemble([GraphStep.url('http://shared.ml.svc/')], { name: 'shared' });
const two = (service: (name: string) => InferenceService) => GraphNode.sequence([GraphStep.service(service('a')), GraphStep.service(service('b'))]);

describe('on plain Kubernetes', () => {
  test('it is an inference service whose server is the router', () => {
    const graphed = new Graphed(two, { exposure: Exposure.gateway({ hosts: ['graph.example.com'] }) });
    expect(Problems.of(graphed.app)).toEqual([]);
    expect(graphed.manifests.map((one) => one.kind).sort()).toEqual(['Deployment', 'HTTPRoute', 'PodDisruptionBudget', 'Service', 'ServiceAccount']);
    for (const manifest of graphed.manifests.filter((one) => one.kind !== 'HTTPRoute')) expect(validateManifest(manifest, '1.34')).toEqual([]);
    expect(graphed.graph.node.defaultChild).toMatchObject({ kind: 'Deployment', name: 'graph' });
    expect(graphed.graph.endpoint(InferenceProtocol.V2_REST)?.url).toBe('http://graph.ml.svc.cluster.local/v2/models/graph/infer');
  });

  test('the router is told nodes, whole addresses and times', () => {
    const { spec } = new Graphed((service) => GraphNode.sequence([
      GraphStep.service(service('a')),
      GraphStep.node(GraphNode.ensemble([GraphStep.service(service('b')), GraphStep.url('http://elsewhere.other.svc/v2/models/x/infer', { name: 'x', dependency: StepDependency.SOFT, timeout: Duration.seconds(50) })], { name: 'both' })),
    ]));
    expect(spec).toEqual({
      nodes: {
        root: { routerType: 'Sequence', steps: [{ name: 'a', serviceUrl: 'http://a.ml.svc.cluster.local/v2/models/a/infer', dependency: 'Hard' }, { name: 'both', nodeName: 'both', dependency: 'Hard' }] },
        both: { routerType: 'Ensemble', steps: [{ name: 'b', serviceUrl: 'http://b.ml.svc.cluster.local/v2/models/b/infer', dependency: 'Hard' }, { name: 'x', serviceUrl: 'http://elsewhere.other.svc/v2/models/x/infer', dependency: 'Soft' }] },
      },
      // 30 s of `a`, then 50 s of the slower of both
      routerTimeouts: { serverRead: 80, serverWrite: 85, serviceClient: 50 },
    });
  });

  test('it may take as long as its steps, also those of services with a time of their own', () => {
    const graphed = new Graphed((service) => {
      const slow = new InferenceService(service('a').node.scope as Chart, 'Slow', { model: iris(), requestTimeout: Duration.seconds(100) });
      return GraphNode.sequence([GraphStep.service(service('a')), GraphStep.service(slow), GraphStep.node(GraphNode.switch([GraphStep.service(slow, { condition: GraphCondition.exists('x') })], { otherwise: GraphStep.service(service('a')) }))]);
    }, { exposure: Exposure.gateway({ hosts: ['graph.example.com'] }) });
    expect(graphed.one('HTTPRoute').spec.rules[0].timeouts).toEqual({ request: '230s' });
    // the router goes on for 30 s after the signal, then ends what it has begun
    expect(graphed.one('Deployment').spec.template.spec.terminationGracePeriodSeconds).toBe(15 + 30 + 230 + 15);
  });

  test('only the path of predictions is let out', () => {
    const graphed = new Graphed(two, { exposure: Exposure.gateway({ hosts: ['graph.example.com'] }) });
    expect(graphed.one('HTTPRoute').spec.rules.flatMap((rule: any) => rule.matches).map((match: any) => match.path.value)).toEqual(['/v2/models/graph/infer']);
  });

  test('pods are restricted, small and probed by what the router answers', () => {
    const { router } = new Graphed(two);
    expect(router).toMatchObject({
      image: 'docker.io/kserve/router:v0.20.0', resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
      readinessProbe: { httpGet: { path: '/readyz' } }, livenessProbe: { tcpSocket: { port: 'http' } },
      securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    });
    expect(router.volumeMounts).toBeUndefined();
    expect(router.env).toBeUndefined();
  });

  test('headers are named as patterns of whole names', () => {
    expect(new Graphed(two, { propagateHeaders: ['authorization', 'X-Request-ID'] }).router.env).toEqual([{ name: 'PROPAGATE_HEADERS', value: '(?i)^authorization$,(?i)^X-Request-ID$' }]);
  });

  test('copies follow what is said', () => {
    const graphed = new Graphed(two, { scaling: Scaling.onCpu({ min: 3, max: 9 }), memory: Size.gibibytes(1) });
    expect(graphed.one('HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 3, maxReplicas: 9, scaleTargetRef: { kind: 'Deployment', name: 'graph' } });
    expect(graphed.router.resources.requests.memory).toBe('1Gi');
  });

  test('a graph is a step of another', () => {
    const graphed = new Graphed(two);
    const outer = new InferenceGraph(graphed.chart, 'Outer', { root: GraphNode.sequence([GraphStep.service(graphed.graph)]) });
    expect(Problems.of(outer)).toEqual([]);
    const deployment = synth(graphed.chart).find((one) => one.kind === 'Deployment' && one.metadata.name === 'outer');
    expect(JSON.parse(deployment.spec.template.spec.containers[0].args[1])).toMatchObject({ nodes: { root: { steps: [{ name: 'graph', serviceUrl: 'http://graph.ml.svc.cluster.local/v2/models/graph/infer' }] } }, routerTimeouts: { serverWrite: 65 } });
  });
});

describe('grants', () => {
  const from = (graphed: Graphed, name: string): any[] => synth(graphed.chart).find((one) => one.kind === 'NetworkPolicy' && one.metadata.name === name)?.spec.ingress[0].from;

  test('services that are closed let the graph in, and those that are open stay so', () => {
    const graphed = new Graphed(two);
    graphed.service('a').grantInvoke(graphed.service('b'));
    expect(from(graphed, 'a').map((one) => one.podSelector.matchLabels['app.kubernetes.io/instance'])).toEqual(['b', 'graph']);
    expect(from(graphed, 'b')).toBeUndefined();
  });

  test('the graph itself is closed by a grant', () => {
    const graphed = new Graphed(two);
    graphed.graph.grantInvoke(graphed.service('b'));
    expect(from(graphed, 'graph').map((one) => one.podSelector.matchLabels['app.kubernetes.io/instance'])).toEqual(['b']);
  });
});

describe('on KServe', () => {
  const onKServe = (make = two, props: Partial<InferenceGraphProps> = {}): Graphed => new Graphed(make, props, EngineBackend.kserve());

  test("it is an InferenceGraph, whose Service is the controller's; what it can't say comes beside", () => {
    const graphed = onKServe(two, { exposure: Exposure.gateway({ hosts: ['graph.example.com'] }) });
    graphed.graph.grantInvoke(graphed.service('a'));
    expect(graphed.manifests.map((one) => one.kind).sort()).toEqual(['HTTPRoute', 'InferenceGraph', 'NetworkPolicy', 'PodDisruptionBudget', 'ServiceAccount']);
    const graph = graphed.one('InferenceGraph');
    expect(graph.metadata.annotations).toEqual({ 'serving.kserve.io/deploymentMode': 'Standard', 'serving.kserve.io/autoscalerClass': 'none' });
    // the controller hands the graph's labels on to its pods: by these they are found
    expect(graph.metadata.labels).toMatchObject(graphed.one('PodDisruptionBudget').spec.selector.matchLabels);
    expect(graphed.one('HTTPRoute').spec.rules[0].backendRefs).toEqual([expect.objectContaining({ kind: 'Service', name: 'graph', port: 80 })]);
    expect(graph.spec).toMatchObject({
      minReplicas: 2, maxReplicas: 2, serviceAccountName: 'graph', resources: { requests: { cpu: '100m' } },
      nodes: { root: { routerType: 'Sequence', steps: [{ name: 'a', serviceUrl: 'http://a.ml.svc.cluster.local/v2/models/a/infer' }, { name: 'b' }] } },
      routerTimeouts: { serverRead: 60, serverWrite: 65, serviceClient: 30 },
    });
    expect(graph.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution).toHaveLength(2);
    expect(graphed.graph.node.defaultChild).toMatchObject({ kind: 'InferenceGraph', name: 'graph' });
    expect(graphed.graph.endpoint(InferenceProtocol.V2_REST)?.host).toBe('graph.ml.svc.cluster.local');
  });

  test("an autoscaler of ours changes the Deployment, and KServe makes none", () => {
    const graphed = onKServe(two, { scaling: Scaling.onCpu({ min: 2, max: 5 }) });
    expect(graphed.one('InferenceGraph').metadata.annotations['serving.kserve.io/autoscalerClass']).toBe('external');
    // one of the graph's name KServe would write over
    expect(graphed.one('HorizontalPodAutoscaler').metadata.name).toBe('graph-scaling');
    expect(graphed.one('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'graph' });
  });

  test('stopped it is stopped by the annotation', () => {
    expect(onKServe(two, { hold: Hold.stopped({ reason: 'costs', until: '2026-12-31' }) }).one('InferenceGraph').metadata.annotations['serving.kserve.io/stop']).toBe('true');
  });

  test('what its pods lack is told, and headers are refused', () => {
    expect(onKServe().codes).toEqual(['SERVING_GRAPH_KSERVE_PODS']);
    expect(onKServe(two, { propagateHeaders: ['authorization'] }).codes).toEqual(['SERVING_GRAPH_KSERVE_PODS', 'SERVING_GRAPH_HEADERS']);
    const beside = onKServe(two, { propagateHeaders: ['authorization'], runBy: GraphRunner.ROUTER });
    expect(beside.codes).toEqual([]);
    expect(beside.manifests.map((one) => one.kind)).toContain('Deployment');
  });

  test('a name that with its namespace is no part of a host name is refused', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'c', { namespace: 'n'.repeat(30) });
    new ServingEngine(chart, 'Engine', { backend: EngineBackend.kserve(), cluster: Cluster.of({ operators: [ClusterOperator.KSERVE] }) });
    const make = (name: string): string[] => Problems.of(new InferenceGraph(chart, name, { root: GraphNode.sequence([GraphStep.url('http://x.y.svc/')]) })).map((one) => one.code);
    expect(make('g'.repeat(32))).not.toContain('SERVING_NAME');
    expect(make('g'.repeat(33))).toContain('SERVING_NAME');
  });
});

test('on Seldon Core v1 the router runs it', () => {
  const graphed = new Graphed(two, {}, engine('seldon-core-v1' as EngineId));
  expect(graphed.codes).toEqual([]);
  expect(graphed.one('Deployment').metadata.name).toBe('graph');
});

describe('what is wrong is told', () => {
  const url = (name: string, options = {}): GraphStep => GraphStep.url(`http://${name}.ml.svc/`, { name, ...options });
  const condition = GraphCondition.exists('x');
  const codes = (root: GraphNode, props: Partial<InferenceGraphProps> = {}): string[] => new Graphed(() => root, props).codes;

  test.each<[string, GraphNode, string[]]>([
    ['no steps', GraphNode.sequence([]), ['SERVING_GRAPH_EMPTY']],
    ['weights of 90', GraphNode.splitter([url('a', { weight: 40 }), url('b', { weight: 50 })]), ['SERVING_GRAPH_WEIGHTS']],
    ['a step without a weight', GraphNode.splitter([url('a', { weight: 100 }), url('b')]), ['SERVING_GRAPH_WEIGHTS']],
    ['weights elsewhere', GraphNode.ensemble([url('a', { weight: 100 })]), ['SERVING_GRAPH_OPTION']],
    ['one name twice', GraphNode.ensemble([url('a'), url('a')]), ['SERVING_GRAPH_NAME_TWICE']],
    ['two nodes of one name', GraphNode.sequence([GraphStep.node(GraphNode.ensemble([url('a')], { name: 'n' }), { name: 'x' }), GraphStep.node(GraphNode.ensemble([url('b')], { name: 'n' }), { name: 'y' })]), ['SERVING_GRAPH_NAME_TWICE']],
    ['a switch without a condition', GraphNode.switch([url('a')]), ['SERVING_GRAPH_NO_CONDITION']],
    ['a condition for what meets none', GraphNode.switch([url('a', { condition })], { otherwise: url('b', { condition }) }), ['SERVING_GRAPH_OPTION']],
    ['a condition in a splitter', GraphNode.splitter([url('a', { weight: 100, condition })]), ['SERVING_GRAPH_OPTION']],
    ['a condition of the first step', GraphNode.sequence([url('a', { condition })]), ['SERVING_GRAPH_OPTION']],
    ['an answer for the first step', GraphNode.sequence([url('a', { data: GraphData.RESPONSE })]), ['SERVING_GRAPH_OPTION']],
    ['data in an ensemble', GraphNode.ensemble([url('a', { data: GraphData.RESPONSE })]), ['SERVING_GRAPH_OPTION']],
    ['a dependency in a switch', GraphNode.switch([url('a', { condition, dependency: StepDependency.SOFT })]), ['SERVING_GRAPH_OPTION']],
    ['predictions in V2', GraphNode.sequence([url('a'), url('b', { data: GraphData.PREDICTIONS })]), ['SERVING_GRAPH_PREDICTIONS']],
    ['itself', GraphNode.sequence([GraphStep.url('http://graph.ml.svc.cluster.local/v2/models/graph/infer')]), ['SERVING_GRAPH_CYCLE']],
    ['itself, by a shorter name', GraphNode.sequence([GraphStep.url('http://graph.ml/v2/models/graph/infer')]), ['SERVING_GRAPH_CYCLE']],
    ['no address', GraphNode.sequence([GraphStep.url('model.ml.svc')]), ['SERVING_TEXT_NOT_ALLOWED']],
    ['a node that is used twice is planned once', GraphNode.sequence(['x', 'y'].map((name) => GraphStep.node(SHARED, { name }))), []],
  ])('%s', (_, root, expected) => expect(codes(root)).toEqual(expected));

  test('a step that is no step, a root that is no node', () => {
    expect(codes(GraphNode.sequence([{} as GraphStep]))).toEqual(['SERVING_WRONG_TYPE']);
    expect(new Graphed(() => 'root' as unknown as GraphNode).codes).toEqual(['SERVING_WRONG_TYPE']);
    expect(new Graphed(() => undefined as unknown as GraphNode).codes).toEqual(['SERVING_MISSING_PROP']);
  });

  test('a protocol that a service does not speak, or that is not spoken over HTTP', () => {
    expect(new Graphed(two, { protocol: InferenceProtocol.V1_REST }).codes).toEqual(['SERVING_GRAPH_PROTOCOL', 'SERVING_GRAPH_PROTOCOL']);
    expect(new Graphed((service) => GraphNode.sequence([GraphStep.service(service('a'))]), { protocol: InferenceProtocol.V2_GRPC }).codes).toContain('SERVING_GRAPH_NOT_HTTP');
  });

  test('a V2 answer that is sent to a model, also one below a node; an address may take what it likes', () => {
    const sent = (data: GraphData) => (service: (name: string) => InferenceService) => GraphNode.sequence([url('first'), GraphStep.node(GraphNode.ensemble([GraphStep.service(service('a')), url('other')]), { data })]);
    expect(new Graphed(sent(GraphData.RESPONSE)).codes).toEqual(['SERVING_GRAPH_ANSWER_AS_REQUEST']);
    expect(new Graphed(sent(GraphData.REQUEST)).codes).toEqual([]);
    expect(codes(GraphNode.sequence([url('first'), url('second', { data: GraphData.RESPONSE })]))).toEqual([]);
  });

  test('a service that needs headers', () => {
    const graphed = new Graphed(two);
    const imported = InferenceService.fromInferenceServiceAttributes(graphed.chart, 'Imported', { name: 'far', endpoints: [{ protocol: 'v2-rest', url: 'http://mesh.seldon.svc/v2/models/far/infer', host: 'mesh.seldon.svc', port: 80, path: '/v2/models/far/infer', modelName: 'far', headers: { 'Seldon-Model': 'far' } }] });
    expect(Problems.of(new InferenceGraph(graphed.chart, 'G2', { root: GraphNode.sequence([GraphStep.service(imported)]) })).map((one) => one.code)).toEqual(['SERVING_GRAPH_STEP_HEADERS']);
  });

  test('less time than its steps may take', () => {
    expect(new Graphed(two, { requestTimeout: Duration.seconds(59) }).codes).toEqual(['SERVING_GRAPH_TIMEOUT']);
    expect(new Graphed(two, { requestTimeout: Duration.seconds(60) }).codes).toEqual([]);
  });

  test.each(['lang == "de"', '{ .lang == "de" }', '["de"]', '!"de"', 'a.#(b=="c"', 'a.#(b=="c)', ' a', 'a)', 'predictions.0 > 3'])('the condition %s', (path) => {
    expect(GraphCondition.gjson(path)._findings.map((one) => one.code)).toEqual(['SERVING_GRAPH_CONDITION']);
  });

  test.each(['inputs.#(name=="a > b")', '[@this].#(lang=="de")', '[@this].#(age>18)', 'a.b', 'a.#(b!="c")#', 'a\\.b', '@this'])('nothing of the condition %s', (path) => {
    expect(GraphCondition.gjson(path)._findings).toEqual([]);
  });

  test('texts of conditions that would break their quotes', () => {
    expect(GraphCondition.hasText('lang', 'd"e')._findings).toHaveLength(1);
    expect(GraphCondition.exists('a b')._findings).toHaveLength(1);
    expect(GraphCondition.hasOutput('x\\')._findings).toHaveLength(1);
  });
});

