import { Duration, Chart, Testing } from 'cdk8s';
import { GraphCondition, GraphData, GraphNode, GraphStep, type GraphStepOptions, InferenceGraph, type InferenceGraphProps, InferenceProtocol, InferenceService, Problems, StepDependency } from 'cdk8s-serving';
import { program } from '../support/cluster/programs';
import { type Answer, type Asked, Router, SmallModel } from '../support/graph/router';
import { synth } from '../support/serving';

// What a graph's manifest says, in KServe's real router: its arguments and variables are those of the Deployment that the construct emits.

beforeAll(() => program('kserve-router'), 1_200_000); // made when it isn't there

let models: SmallModel[] = [];
let router: Router | undefined;

afterEach(async () => {
  await router?.stop();
  await Promise.all(models.map((one) => one.stop()));
  [models, router] = [[], undefined];
});

async function model(answer: (asked: Asked) => Answer): Promise<SmallModel> {
  const made = await SmallModel.start(answer);
  models.push(made);
  return made;
}

/** Starts the router with the container of a graph's manifest. `make` is given a way to make steps of services that are those models. */
async function run(make: (step: (model: SmallModel, name: string, options?: GraphStepOptions) => GraphStep) => GraphNode, props: Partial<InferenceGraphProps> = {}): Promise<Router> {
  const app = Testing.app();
  const chart = new Chart(app, 'ml', { namespace: 'ml' });
  const protocol = (props.protocol ?? InferenceProtocol.V2_REST).name;
  const step = (of: SmallModel, name: string, options: GraphStepOptions = {}): GraphStep => {
    const path = `/v2/models/${name}/infer`;
    return GraphStep.service(InferenceService.fromInferenceServiceAttributes(chart, name, { name, endpoints: [{ protocol, url: of.url + path, host: '127.0.0.1', port: 80, path, modelName: name }] }), options);
  };
  new InferenceGraph(chart, 'Graph', { root: make(step), ...props });
  expect(Problems.of(app).filter((one) => one.severity === 'error')).toEqual([]);
  const deployment = synth(chart).find((one) => one.kind === 'Deployment');
  return router = await Router.start(deployment.spec.template.spec.containers[0]);
}

describe('a sequence', () => {
  test('hands the answer of a step to the next where it is asked to, and the request else; its answer is the last one', async () => {
    const [a, b, c] = [await model(() => ({ body: { outputs: ['a'] } })), await model(() => ({ body: { outputs: ['b'] } })), await model(() => ({ body: { outputs: ['c'] } }))];
    const graph = await run((step) => GraphNode.sequence([step(a, 'a'), step(b, 'b', { data: GraphData.RESPONSE }), step(c, 'c')]));
    expect(await graph.ask({ inputs: [1] })).toEqual({ status: 200, body: { outputs: ['c'] } });
    expect(a.asked[0]).toMatchObject({ path: '/v2/models/a/infer', body: { inputs: [1] }, headers: { 'content-type': expect.stringContaining('application/json') } });
    expect(b.asked[0]!.body).toEqual({ outputs: ['a'] });
    expect(c.asked[0]!.body).toEqual({ inputs: [1] });
  });

  test('makes predictions instances of the next request', async () => {
    const [a, b] = [await model(() => ({ body: { predictions: [[1, 2]], model: 'a' } })), await model(() => ({ body: { predictions: [3] } }))];
    const graph = await run((step) => GraphNode.sequence([step(a, 'a'), step(b, 'b', { data: GraphData.PREDICTIONS })]), { protocol: InferenceProtocol.V1_REST });
    expect(await graph.ask({ instances: [0] })).toEqual({ status: 200, body: { predictions: [3] } });
    expect(b.asked[0]!.body).toEqual({ instances: [[1, 2]] });
  });

  test('ends with the answer before where that does not meet the condition of a step', async () => {
    const a = await model(({ body }) => ({ body: { outputs: [{ name: body.sure ? 'label' : 'unsure' }] } }));
    const b = await model(() => ({ body: { outputs: ['second look'] } }));
    const graph = await run((step) => GraphNode.sequence([step(a, 'a'), step(b, 'b', { condition: GraphCondition.hasOutput('unsure') })]));
    expect((await graph.ask({ sure: true })).body).toEqual({ outputs: [{ name: 'label' }] });
    expect(b.asked).toHaveLength(0);
    expect((await graph.ask({ sure: false })).body).toEqual({ outputs: ['second look'] });
  });

  test('ends with the failure of a step, unless that is a soft dependency', async () => {
    const [hard, soft, last] = [await model(({ body }) => ({ status: body.break ? 503 : 200, body: { from: 'hard' } })), await model(() => ({ status: 500, body: { from: 'soft' } })), await model(() => ({ body: { from: 'last' } }))];
    const graph = await run((step) => GraphNode.sequence([step(hard, 'hard'), step(soft, 'soft', { dependency: StepDependency.SOFT }), step(last, 'last')]));
    expect(await graph.ask({ break: true })).toEqual({ status: 503, body: { from: 'hard' } });
    expect([soft.asked.length, last.asked.length]).toEqual([0, 0]);
    expect(await graph.ask({ break: false })).toEqual({ status: 200, body: { from: 'last' } });
    expect(soft.asked).toHaveLength(1);
  });
});

describe('a switch', () => {
  test('takes the first step whose condition the request meets, and else the other one', async () => {
    const [de, fr, other] = [await model(() => ({ body: { by: 'de' } })), await model(() => ({ body: { by: 'fr' } })), await model(() => ({ body: { by: 'other' } }))];
    const graph = await run((step) => GraphNode.switch([
      step(de, 'de', { condition: GraphCondition.hasText('parameters.lang', 'de') }), step(fr, 'fr', { condition: GraphCondition.gjson('inputs.#(name=="francais")') }),
    ], { otherwise: step(other, 'other') }));
    expect((await graph.ask({ parameters: { lang: 'de' } })).body).toEqual({ by: 'de' });
    expect((await graph.ask({ parameters: { lang: 'en' }, inputs: [{ name: 'francais' }] })).body).toEqual({ by: 'fr' });
    expect((await graph.ask({ parameters: { lang: 'en' } })).body).toEqual({ by: 'other' });
    expect(de.asked).toHaveLength(1);
  });

  test('asks whether a field is there, also one that is false', async () => {
    const [flagged, other] = [await model(() => ({ body: { by: 'flagged' } })), await model(() => ({ body: { by: 'other' } }))];
    const graph = await run((step) => GraphNode.switch([step(flagged, 'flagged', { condition: GraphCondition.exists('parameters.beta') })], { otherwise: step(other, 'other') }));
    expect((await graph.ask({ parameters: { beta: false } })).body).toEqual({ by: 'flagged' });
    expect((await graph.ask({ parameters: {} })).body).toEqual({ by: 'other' });
  });

  test('answers 404 to a request that meets no condition', async () => {
    const one = await model(() => ({ body: {} }));
    const graph = await run((step) => GraphNode.switch([step(one, 'one', { condition: GraphCondition.exists('x') })]));
    expect((await graph.ask({ y: 1 })).status).toBe(404);
    expect(one.asked).toHaveLength(0);
  });

  // what GraphCondition.gjson refuses, so that it stays refused for the right reason
  test.each(['{ .lang == "de" }', '["de"]', '!"de"'])('a text such as %s would take every request', async (path) => {
    const [one, other] = [await model(() => ({ body: { by: 'one' } })), await model(() => ({ body: { by: 'other' } }))];
    expect(GraphCondition.gjson(path)._findings.map((found) => found.code)).toEqual(['SERVING_GRAPH_CONDITION']);
    const spec = { nodes: { root: { routerType: 'Switch', steps: [{ serviceUrl: one.url, condition: path }, { serviceUrl: other.url, condition: '@this' }] } } };
    router = await Router.start({ args: ['--graph-json', JSON.stringify(spec)], readinessProbe: { httpGet: { path: '/readyz' } } });
    expect((await router.ask({ lang: 'fr' })).body).toEqual({ by: 'one' });
  });

  test('a comparison outside of a query takes none', async () => {
    const [one, other] = [await model(() => ({ body: { by: 'one' } })), await model(() => ({ body: { by: 'other' } }))];
    expect(GraphCondition.gjson('lang == "de"')._findings).toHaveLength(1);
    const spec = { nodes: { root: { routerType: 'Switch', steps: [{ serviceUrl: one.url, condition: 'lang == "de"' }, { serviceUrl: other.url, condition: '@this' }] } } };
    router = await Router.start({ args: ['--graph-json', JSON.stringify(spec)], readinessProbe: { httpGet: { path: '/readyz' } } });
    expect((await router.ask({ lang: 'de' })).body).toEqual({ by: 'other' });
  });
});

describe('an ensemble', () => {
  test('asks all steps at once, and answers with all answers by name', async () => {
    const [a, b] = [await model(() => ({ body: { y: 1 }, afterMs: 400 })), await model(() => ({ body: { y: 2 }, afterMs: 400 }))];
    const graph = await run((step) => GraphNode.ensemble([step(a, 'a'), step(b, 'b')]));
    const begin = Date.now();
    expect(await graph.ask({ inputs: [1] })).toEqual({ status: 200, body: { a: { y: 1 }, b: { y: 2 } } });
    expect(Date.now() - begin).toBeLessThan(780);
    expect([a.asked[0]!.body, b.asked[0]!.body]).toEqual([{ inputs: [1] }, { inputs: [1] }]);
  });

  test('answers with the failure of a hard dependency, and takes that of a soft one in', async () => {
    const [good, bad] = [await model(() => ({ body: { y: 1 } })), await model(() => ({ status: 500, body: { error: 'broken' } }))];
    let graph = await run((step) => GraphNode.ensemble([step(good, 'good'), step(bad, 'bad', { dependency: StepDependency.SOFT })]));
    expect(await graph.ask({})).toEqual({ status: 200, body: { good: { y: 1 }, bad: { error: 'broken' } } });
    await graph.stop();
    graph = await run((step) => GraphNode.ensemble([step(good, 'good'), step(bad, 'bad')]));
    expect(await graph.ask({})).toEqual({ status: 500, body: { error: 'broken' } });
  });

  test('is a step of a sequence, with a switch below it', async () => {
    const [first, a, b] = [await model(() => ({ body: { outputs: [{ name: 'cat' }] } })), await model(() => ({ body: { is: 'a' } })), await model(() => ({ body: { is: 'b' } }))];
    const graph = await run((step) => {
      const below = GraphNode.switch([step(a, 'cats', { condition: GraphCondition.hasOutput('cat') })], { otherwise: step(b, 'others') });
      return GraphNode.sequence([step(first, 'first'), GraphStep.node(GraphNode.ensemble([GraphStep.node(below, { name: 'kind' }), step(b, 'always')]), { data: GraphData.RESPONSE })]);
    });
    expect(await graph.ask({ inputs: [] })).toEqual({ status: 200, body: { kind: { is: 'a' }, always: { is: 'b' } } });
    expect(a.asked[0]!.body).toEqual({ outputs: [{ name: 'cat' }] });
  });
});

describe('a splitter', () => {
  test('asks one step, by its weight', async () => {
    const [often, seldom, never] = [await model(() => ({ body: {} })), await model(() => ({ body: {} })), await model(() => ({ body: {} }))];
    const graph = await run((step) => GraphNode.splitter([step(often, 'often', { weight: 80 }), step(seldom, 'seldom', { weight: 20 }), step(never, 'never', { weight: 0 })]));
    const requests = 1000;
    for (let i = 0; i < requests; i += 20) await Promise.all(Array.from({ length: 20 }, () => graph.ask({})));
    expect(often.asked.length + seldom.asked.length).toBe(requests);
    expect(never.asked).toHaveLength(0);
    // six standard deviations of a binomial: one run of a billion fails by chance
    expect(Math.abs(seldom.asked.length - 0.2 * requests)).toBeLessThan(6 * Math.sqrt(requests * 0.2 * 0.8));
  });
});

describe('time', () => {
  test('a step that takes longer than the longest time-out of a step is cut off', async () => {
    const slow = await model(() => ({ body: {}, afterMs: 3000 }));
    const graph = await run((step) => GraphNode.sequence([step(slow, 'slow', { timeout: Duration.seconds(1) })]));
    const begin = Date.now();
    expect((await graph.ask({})).status).toBe(500);
    expect(Date.now() - begin).toBeLessThan(2500);
  });

  test('an answer that takes nearly as long as all steps together comes through', async () => {
    const slow = await model(() => ({ body: { y: 1 }, afterMs: 1700 }));
    const graph = await run((step) => GraphNode.sequence(Array.from({ length: 4 }, (_, i) => step(slow, `slow${i}`, { timeout: Duration.seconds(2) }))));
    expect(await graph.ask({})).toEqual({ status: 200, body: { y: 1 } });
  }, 20_000);

  test('after the signal to stop it is not ready, goes on for half a minute, and ends what it has begun', async () => {
    const slow = await model(({ body }) => ({ body: { y: 1 }, afterMs: body.afterMs }));
    const graph = await run((step) => GraphNode.sequence([step(slow, 'slow', { timeout: Duration.seconds(60) })]));
    graph.terminate();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await graph.ready()).toBe(503);
    const long = graph.ask({ afterMs: 32_000 });
    expect((await graph.ask({ afterMs: 0 })).body).toEqual({ y: 1 });
    expect(await long).toEqual({ status: 200, body: { y: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(graph.running).toBe(false);
  }, 60_000);
});

test('a step that can not be reached fails the graph, also as a soft dependency', async () => {
  const [gone, last] = [await model(() => ({ body: {} })), await model(() => ({ body: {} }))];
  const graph = await run((step) => GraphNode.sequence([step(gone, 'gone', { dependency: StepDependency.SOFT }), step(last, 'last')]));
  await gone.stop();
  models = models.filter((one) => one !== gone);
  expect((await graph.ask({})).status).toBe(500);
});

test('only headers that are named reach the steps, in whatever case they are written', async () => {
  const one = await model(() => ({ body: {} }));
  const graph = await run((step) => GraphNode.sequence([step(one, 'one')]), { propagateHeaders: ['authorization', 'X-Request-ID'] });
  await graph.ask({}, { 'authorization': 'Bearer t', 'x-request-id': '7', 'x-request-id-of-another': '8', 'cookie': 'c' });
  expect(one.asked[0]!.headers).toMatchObject({ 'authorization': 'Bearer t', 'x-request-id': '7' });
  expect(one.asked[0]!.headers).not.toHaveProperty('cookie');
  expect(one.asked[0]!.headers).not.toHaveProperty('x-request-id-of-another');
});
