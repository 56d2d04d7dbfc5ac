import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Audience, Candidate, Exposure, Gate, GateAction, InferenceProtocol, InferenceServiceProps, ReleaseActor, ReleaseExplanation, Rollout, RolloutController, Scaling, TrafficRouterKind,
} from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

let folder: string;
let golden: Gate;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
  writeFileSync(join(folder, 'golden.json'), JSON.stringify([{ name: 'one', body: { inputs: [] }, expect: { status: 200 } }]));
  golden = Gate.goldenRequests({ file: join(folder, 'golden.json') });
});
afterAll(() => rmSync(folder, { recursive: true }));

const { GATEWAY_API, ISTIO, REPLICAS } = TrafficRouterKind;
const errors = Gate.errors({ maxPercent: 1, failureLimit: 2 });
const person = Gate.person();
const inside = Exposure.clusterInternal();
const gateway = Exposure.gateway({ hosts: ['iris.example.com'] });
const second = iris({ version: 'v2' });

function release(rollouts: RolloutController, props: Partial<InferenceServiceProps>): Served {
  return serve({ scaling: Scaling.fixed(4), exposure: gateway, ...props }, { rollouts, gateway: { name: 'public', namespace: 'gateway' }, metricsUrl: 'http://prometheus.monitoring:9090' });
}

function explained(served: Served): ReleaseExplanation {
  const explanation = served.service.explainRelease();
  if (explanation === undefined) throw new Error(served.codes.join(', '));
  return explanation;
}

const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)![1]);

test('what only replaces copies has no release to explain, and what can not be planned has none', () => {
  expect(release(RolloutController.argo(), { rollout: Rollout.rolling() }).service.explainRelease()).toBeUndefined();
  expect(release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [50, 10] }) }).service.explainRelease()).toBeUndefined();
});

describe('by Argo Rollouts', () => {
  const STRATEGIES: readonly (readonly [string, TrafficRouterKind, (gates: Gate[]) => Rollout])[] = [
    ['canary', GATEWAY_API, (gates) => Rollout.canary({ steps: [10, 50], gates })],
    ['canary', REPLICAS, (gates) => Rollout.canary({ steps: [25, 50], gates })],
    ['shadow', ISTIO, (gates) => Rollout.shadow({ percent: 50, gates })],
    ['A/B test', GATEWAY_API, (gates) => Rollout.abTest({ audience: Audience.header('x-model', 'v2'), gates })],
  ];
  const GATES: readonly (readonly [string, () => Gate[]])[] = [
    ['no gate', () => []], ['errors', () => [errors]], ['all kinds of gates', () => [golden, errors, person]], ['a person alone', () => [person]],
    ['a gate that goes on without data', () => [Gate.errors({ maxPercent: 1, onNoData: GateAction.PROCEED, onFew: GateAction.PROCEED })]],
  ];
  const CASES = STRATEGIES.flatMap(([name, router, rollout]) => GATES.map(([gates, of]) => [name, router, gates, rollout, of] as const));

  test.each(CASES)("%s by '%s' with %s: the steps are those of the Rollout", (_, router, __, rollout, gates) => {
    const served = release(RolloutController.argo({ router }), { rollout: rollout(gates()), exposure: router === GATEWAY_API ? gateway : inside });
    const { steps } = explained(served);
    const { canary } = served.one('Rollout').spec.strategy;
    const templates = (run: any): string[] => run.templates.map((one: any) => one.templateName.replace('iris-', '')).filter((one: string) => !one.endsWith('-wait'));
    // in order: shares, what judges them, and persons
    const written = canary.steps.flatMap((step: any) => (step.setWeight !== undefined ? [`${step.setWeight} %`] : step.analysis !== undefined ? templates(step.analysis) : step.pause !== undefined && step.pause.duration === undefined ? ['person'] : []));
    const told = steps.flatMap((step, i) => [...(step.actor === ReleaseActor.CONTROLLER && step.percent > 0 && i < steps.length - 1 ? [`${step.percent} %`] : []), ...step.gates]);
    expect(told).toEqual(written);
    expect(steps.at(-1)).toMatchObject({ percent: 100, newCopies: 4, stableCopies: 0, gates: [] });
    expect(steps.filter(({ gates: judged }) => judged.includes('golden')).length).toBe(canary.steps.filter((step: any) => JSON.stringify(step).includes('iris-golden')).length);
  });

  test('the times of a step are those of its analysis', () => {
    const served = release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [10], gates: [errors] }) });
    const [step] = explained(served).steps;
    const [measure] = served.all('AnalysisTemplate')[0].spec.metrics;
    const at = (n: number): number => seconds(measure.initialDelay) + (n - 1) * seconds(measure.interval);
    expect(step!.leastSeconds).toBe(at(measure.consecutiveSuccessLimit));
    expect(step!.mostSeconds).toBe(served.one('Rollout').spec.progressDeadlineSeconds + at(measure.count));
  });

  test('a gate that goes on without data is waited for beforehand, for as long as its templates wait', () => {
    const gates = [Gate.errors({ maxPercent: 1, onNoData: GateAction.PROCEED, onFew: GateAction.PROCEED })];
    const served = release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [10], gates }) });
    const { steps, gates: [gate] } = explained(served);
    const measures = (name: string): any[] => served.all('AnalysisTemplate').find((one: any) => one.metadata.name === name).spec.metrics;
    const end = (one: any): number => seconds(one.initialDelay) + (one.count - 1) * seconds(one.interval);
    expect(steps[0]!.mostSeconds).toBe(served.one('Rollout').spec.progressDeadlineSeconds + Math.max(...measures('iris-errors-wait').map(end)) + end(measures('iris-errors')[0]));
    expect(steps[0]!.leastSeconds).toBeGreaterThan(seconds(measures('iris-errors')[0].initialDelay));
    expect(gate!.few).toContain('goes on, unjudged');
  });

  test('without gates a step lasts as long as its pause', () => {
    const served = release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [10], gates: [] }) });
    expect(explained(served).steps[0]!.leastSeconds).toBe(seconds(served.one('Rollout').spec.strategy.canary.steps[1].pause.duration));
    expect(explained(served).notes.join('\n')).toContain('goes on by time alone');
  });

  test('copies follow the share, and the stable version gives its own up only where an autoscaler counts both', () => {
    const rollout = Rollout.canary({ steps: [10, 60], gates: [errors] });
    const copies = (props: Partial<InferenceServiceProps>): number[][] => explained(release(RolloutController.argo(), { rollout, ...props })).steps.map((step) => [step.newCopies, step.stableCopies]);
    expect(copies({})).toEqual([[1, 4], [3, 4], [4, 0]]);
    expect(copies({ scaling: Scaling.onCpu({ min: 4, max: 8 }) })).toEqual([[1, 4], [3, 2], [4, 0]]);
    expect(copies({ exposure: inside, rollout: Rollout.canary({ steps: [25], gates: [errors] }) })).toEqual([[1, 3], [4, 0]]);
  });

  test('blue-green: golden requests and a person before the switch, measures after it, and the old copies until the end', () => {
    const served = release(RolloutController.argo(), { rollout: Rollout.blueGreen({ gates: [golden, errors, person], previewReplicas: 1 }), exposure: inside });
    const { blueGreen } = served.one('Rollout').spec.strategy;
    const { steps, title } = explained(served);
    expect(title).toBe('blue-green by Argo Rollouts');
    expect(steps.map(({ percent, gates, newCopies, stableCopies }) => [percent, gates, newCopies, stableCopies])).toEqual([[0, ['golden'], 1, 4], [0, ['person'], 1, 4], [100, ['errors'], 4, 4], [100, [], 4, 4]]);
    expect(blueGreen).toMatchObject({ autoPromotionEnabled: false, previewReplicaCount: 1, scaleDownDelaySeconds: steps[3]!.leastSeconds });
    expect(steps[2]!.takenBackBy).toContain('a bad gate (all requests switch back)');
  });

  test('what a gate does is what it was told', () => {
    const of = (props: object): ReleaseExplanation['gates'][number] => explained(release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [10], gates: [Gate.errors({ maxPercent: 1, ...props })] }) })).gates[0]!;
    expect(of({})).toMatchObject({ name: 'errors', says: 'at most 1 % of its requests fail', bad: expect.stringMatching(/^taken back at once/), few: expect.stringMatching(/for 300 requests within 5 min, then the release waits for a person$/), noData: 'after 6 min: the release waits for a person', metricsDown: expect.stringContaining('5 failed answers') });
    expect(of({ onFew: GateAction.ABORT, onNoData: GateAction.ABORT, minRequests: 400, failureLimit: 2 })).toMatchObject({ bad: expect.stringMatching(/^2 forgiven/), few: expect.stringMatching(/for 400 requests within 5 min, then taken back$/), noData: 'after 6 min: taken back' });
  });
});

describe('by Flagger', () => {
  test('each share lasts for a check, and a failed check more than are forgiven takes it back', () => {
    const served = release(RolloutController.flagger({ loadTesterUrl: 'http://tester.flagger' }), { rollout: Rollout.canary({ steps: [10, 50], gates: [errors, person] }) });
    const { analysis } = served.one('Canary').spec;
    const { steps, commands } = explained(served);
    expect(analysis.stepWeights).toEqual(steps.filter(({ gates }) => gates.includes('errors')).map(({ percent }) => percent));
    expect(steps[1]).toMatchObject({ leastSeconds: seconds(analysis.interval), mostSeconds: analysis.threshold * seconds(analysis.interval), takenBackBy: [`${analysis.threshold} failed checks`] });
    expect(steps.map(({ actor }) => actor)).toEqual(['controller', 'controller', 'controller', 'person', 'controller', 'controller']);
    expect(commands.map(({ command }) => command).join('\n')).toContain('http://tester.flagger/gate/open');
  });

  test('without steps it checks as often as the time holds', () => {
    const served = release(RolloutController.flagger({ router: REPLICAS }), { rollout: Rollout.blueGreen({ gates: [errors] }), exposure: inside });
    const { analysis } = served.one('Canary').spec;
    const { steps, notes } = explained(served);
    expect(steps[1]).toMatchObject({ percent: 0, leastSeconds: analysis.iterations * seconds(analysis.interval) });
    expect(notes.join('\n')).toContain('the checks find no data and fail');
  });
});

describe('on plain Deployments', () => {
  /** Percent of the Gateway's requests that each model's version gets, by what is written. */
  function shares(props: Partial<InferenceServiceProps>): { [version: string]: number } {
    const served = release(RolloutController.none(), { rollout: Rollout.canary({ steps: [10, 50] }), ...props });
    const version = (service: string): string => {
      const { selector } = served.all('Service').find((one: any) => one.metadata.name === service).spec;
      const pods = served.all('Deployment').map((one: any) => one.spec.template.metadata.labels).filter((labels: any) => Object.entries(selector).every(([key, value]) => labels[key] === value));
      expect(pods).toHaveLength(1);
      return pods[0]['app.kubernetes.io/version'];
    };
    const got: { [version: string]: number } = {};
    const backends = served.one('HTTPRoute').spec.rules[0].backendRefs as { name: string; weight: number }[];
    const all = backends.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, weight } of backends) got[version(name)] = (got[version(name)] ?? 0) + 100 * weight / all;
    return got;
  }

  test('done in the order that is told, each change gives the new version what is told, and the old one nothing once it has all', () => {
    const old = iris({ version: 'v1' });
    const { steps } = explained(release(RolloutController.none(), { model: old, rollout: Rollout.canary({ steps: [10, 50] }) }));
    const changes = steps.map(({ what }) => (/percent: (\d+)/.exec(what)?.[1] ?? what.split(/[:,]/)[0])!);
    expect(changes).toEqual(['0', '10', '50', '100', 'model', '0', 'take the candidate out']);
    let said: Partial<InferenceServiceProps> = { model: old };
    const props = changes.map((change) => {
      if (change === 'model') said = { ...said, model: second };
      else said = { ...said, candidate: change === 'take the candidate out' ? undefined : Candidate.of({ model: second, percent: Number(change) }) };
      return said;
    });
    expect(props.map((one) => shares(one).v2)).toEqual(steps.map(({ percent }) => percent));
    for (const one of props.slice(3)) expect(shares(one).v1 ?? 0).toBe(0);
    // what goes away has no requests by then, which a proxy might still send there
    const route = release(RolloutController.none(), { rollout: Rollout.canary({ steps: [10, 50] }), ...props[props.length - 2] }).one('HTTPRoute');
    expect(route.spec.rules[0].backendRefs.map(({ name, weight }: any) => [name, weight])).toEqual([['iris', 100], ['iris-candidate', 0]]);
  });

  test('a shadow copies as many requests as its rollout says, unless the candidate says otherwise', () => {
    const mirrored = (candidate: Candidate): unknown => release(RolloutController.none(), { rollout: Rollout.shadow({ percent: 20 }), candidate }).one('HTTPRoute').spec.rules[0].filters?.[0].requestMirror.percent;
    expect(mirrored(Candidate.of({ model: second }))).toBe(20);
    expect(mirrored(Candidate.of({ model: second, percent: 0 }))).toBeUndefined();
    const served = release(RolloutController.none(), { rollout: Rollout.shadow({ percent: 20 }), candidate: Candidate.of({ model: second, percent: 30 }) });
    expect(served.problem('SERVING_CANDIDATE_PERCENT')).toMatchObject({ got: '30', allowed: '0, 20' });
    expect(explained(release(RolloutController.none(), { rollout: Rollout.shadow({ percent: 20 }) })).steps[0]).toMatchObject({ percent: 0, besides: expect.stringContaining('copies of 20 %') });
  });

  test('nothing judges, and it says so', () => {
    const { gates, notes, migrations } = explained(release(RolloutController.none(), { rollout: Rollout.blueGreen(), exposure: inside }));
    expect([gates, migrations]).toEqual([[], []]);
    expect(notes).toContain('Nothing judges the new version: look at it before each change.');
  });
});

describe('ways in and out', () => {
  const rollout = Rollout.canary({ steps: [10], gates: [errors], takeOverDeployment: true });

  test('a Deployment that is taken over keeps a number that stood in its manifest, and gets none where an autoscaler sets it', () => {
    const of = (scaling: Scaling): unknown[] => {
      const served = release(RolloutController.argo(), { rollout, scaling });
      return [served.deployment.spec.replicas, served.one('Rollout').spec.replicas];
    };
    expect(of(Scaling.fixed(4))).toEqual([4, 4]);
    expect(of(Scaling.onCpu({ min: 4, max: 9 }))).toEqual([undefined, 9]);
  });

  test('what is told of it fits what is written', () => {
    const steps = (scaling: Scaling): string => explained(release(RolloutController.argo(), { rollout, scaling })).migrations[0]!.steps.join('\n');
    expect(steps(Scaling.fixed(4))).toContain('A Rollout with 4 copies');
    expect(steps(Scaling.fixed(4))).not.toContain('handover');
    expect(steps(Scaling.onCpu({ min: 4, max: 9 }))).toMatch(/A Rollout with 9 copies[\s\S]*"kind": "Rollout"[\s\S]*field-manager=handover/);
  });

  test('a number that leaves the manifest for Flagger is handed over first', () => {
    const steps = (scaling: Scaling): string[] => explained(release(RolloutController.flagger(), { rollout: Rollout.canary({ steps: [10], gates: [errors] }), scaling })).migrations[0]!.steps;
    expect(steps(Scaling.fixed(4))[0]).toContain('"kind": "Deployment"');
    expect(steps(Scaling.onCpu({ min: 4, max: 9 })).join('\n')).not.toContain('handover');
  });
});

describe('as text', () => {
  test('every step, gate, command and way is in the Markdown', () => {
    const explanation = explained(release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [10, 50], gates: [golden, errors, person] }) }));
    const text = explanation.toMarkdown();
    for (const part of [explanation.title, ...explanation.steps.map(({ what }) => what), ...explanation.gates.map(({ says }) => says), ...explanation.commands.map(({ command }) => command), ...explanation.notes, ...explanation.migrations.flatMap(({ steps }) => steps)]) expect(text).toContain(part);
    expect(text).toContain('| 4 | a person | the release waits for a person | 50 % | 2 + 4 | 0 s | no end | person |');
  });

  test('the picture has a node a step, and a way back from each that can be taken back', () => {
    const explanation = explained(release(RolloutController.argo(), { rollout: Rollout.canary({ steps: [10, 50], gates: [golden, errors, person] }) }));
    const picture = explanation.toMermaid();
    expect([...picture.matchAll(/^ {2}(s\d)[[{]/gm)].map(([, id]) => id)).toEqual(explanation.steps.map((_, i) => `s${i + 1}`));
    expect([...picture.matchAll(/^ {2}(s\d) -\.->/gm)].map(([, id]) => id)).toEqual(explanation.steps.flatMap(({ takenBackBy }, i) => (takenBackBy.length > 0 ? [`s${i + 1}`] : [])));
    expect(picture).toContain('█░░░░░░░░░ 10 % new');
    expect(picture).toMatch(/^ {2}s3 -->\|"errors passed"\| s4$/m);
  });
});

describe('the version on trial', () => {
  const { V2_REST, V2_GRPC } = InferenceProtocol;

  test.each([
    ['canary of Argo Rollouts', RolloutController.argo(), 'iris-canary', { rollout: Rollout.canary({ steps: [10], gates: [errors] }) }],
    ['blue-green of Argo Rollouts', RolloutController.argo(), 'iris-preview', { rollout: Rollout.blueGreen({ gates: [errors] }) }],
    ['candidate', RolloutController.none(), 'iris-candidate', { rollout: Rollout.canary({ steps: [10] }), candidate: Candidate.of({ model: second }) }],
  ])('of a %s is asked at its own Service', (_, controller, name, props) => {
    const served = release(controller, props);
    expect(served.service.previewEndpoint(V2_REST)).toMatchObject({ host: `${name}.ml.svc.cluster.local`, url: `http://${name}.ml.svc.cluster.local/v2/models/iris/infer`, port: 80 });
    expect(served.service.previewEndpoint(V2_GRPC)?.url).toBe(`${name}.ml.svc.cluster.local:9000`);
    expect(served.service.previewEndpoint(InferenceProtocol.OPENAI)).toBeUndefined();
    expect(served.all('Service').map((one: any) => one.metadata.name)).toContain(name);
  });

  test('of Flagger is asked by HTTP alone, as its Services have no other port', () => {
    const served = release(RolloutController.flagger(), { rollout: Rollout.canary({ steps: [10], gates: [errors] }) });
    expect(served.service.previewEndpoint(V2_REST)?.host).toBe('iris-canary.ml.svc.cluster.local');
    expect(served.service.previewEndpoint(V2_GRPC)).toBeUndefined();
  });

  test('is nowhere without one', () => {
    expect(release(RolloutController.argo(), {}).service.previewEndpoint(V2_REST)).toBeUndefined();
    expect(release(RolloutController.none(), { rollout: Rollout.canary({ steps: [10] }) }).service.previewEndpoint(V2_REST)).toBeUndefined();
  });
});
