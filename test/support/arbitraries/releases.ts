import fc, { type Arbitrary } from 'fast-check';
import { among, call, type Code, type Field, list, mostly, must, number, object, oneOf, optional, seconds, seldom, text } from './code';

const ACTIONS = ['PAUSE', 'ABORT', 'PROCEED'].map((one) => `GateAction.${one}`);
/** What any server tells of is a bound of few; most have these. */
const below = mostly(oneOf('Duration.millis(500)', 'Duration.seconds(1)'), ['Duration.millis(300)', 'Duration.days(1)', 'Duration.seconds(0)']);
const query = text(['sum(rate(nulls_total{$NEW}[$WINDOW]))', 'max(age{$NEW}) - max(age{$STABLE})'], ["'sum(up)'", "''", "'{$NEW'"]);

/** Each kind of gate once at the most. What a server does not tell of can't be a gate, so those by metrics are seldom; `waits` is for controllers that can wait and pause. */
function gatesOf(waits: boolean, asks: boolean): Arbitrary<Code> {
  const actions = among(waits ? ACTIONS : ACTIONS.slice(1), ["'wait'"]);
  const measured: { [name: string]: Field } = {
    minRequests: seldom(number(300, 5000)), maxWait: { value: seconds(60, 3600), odds: waits ? 0.1 : 0.01 }, onFew: seldom(actions), onNoData: seldom(actions), window: { value: seconds(300, 3600), odds: 0.1 }, failureLimit: { value: number(0, 2), odds: 0.1 },
  };
  const gates: [Arbitrary<Code>, number][] = [
    [call('Gate.errors', object({ ...measured, maxPercent: must(mostly(oneOf('1', '5', '0.5'), ['0', '100', 'NaN', '-1'])) })), 0.35],
    [call('Gate.latency', object({ ...measured, p: must(mostly(oneOf('90', '95'), ['0', '100'])), below: must(below) })), 0.05],
    [call('Gate.comparison', object({ ...measured, of: must(among(['ComparedMeasure.ERRORS', 'ComparedMeasure.LATENCY'], ["'speed'"])), maxRatio: seldom(oneOf('1.2', '2')), floor: seldom(oneOf('0.1', '1')) })), 0.05],
    [call('Gate.query', object({ ...measured, name: must(text(['nulls', 'age-1'])), query: must(query), max: must(oneOf('1', '0.5', '-1')) })), 0.3],
    [call('Gate.goldenRequests', object({ file: must(mostly(oneOf('folders.golden'), ['folders.notJson', 'folders.listJson', 'folders.small', "'missing.json'"])), image: seldom(text(['registry.example.com/python:3.12'])), timeout: seldom(seconds(1, 30)) })), waits ? 0.2 : 0.01],
    [call('Gate.person', optional(object({ at: { value: oneOf('[50]', '[25]'), odds: waits ? 0.1 : 0.01 } }))), asks ? 0.25 : 0.01],
  ];
  const list = fc.tuple(...gates.map(([one, odds]) => fc.oneof({ weight: Math.round(100 - 100 * odds), arbitrary: fc.constant('') }, { weight: Math.round(100 * odds), arbitrary: one })));
  return mostly(list.map((all) => `[${all.filter((one) => one !== '').join(', ')}]`), ['[Gate.person(), Gate.person()]', '[]', '[null]']);
}

const audience = mostly(oneOf("Audience.header('x-model', 'v2')", "Audience.cookie('model', 'v2')"), ["Audience.header('x y', 'v2')", "Audience.cookie('model', '')", 'Audience.header()']);
const steps = mostly(oneOf('[50]', '[50]', '[25, 50]', '[10, 25, 50]'), ['[50, 25]', '[]', '[0]', '[100]', "['5']"]);

type Kind = 'canary' | 'blueGreen' | 'shadow' | 'abTest';
const ALL: readonly Kind[] = ['canary', 'blueGreen', 'shadow', 'abTest'];

/** What a cluster replaces versions and splits requests with, what services then can ask for, and how they are reached. */
interface Way {
  readonly controller: Code;
  readonly kinds: readonly Kind[];
  readonly exposure: 'inside' | 'gateway' | 'any';
  readonly gates?: Arbitrary<Code>;
  /** Whether copies on trial and hosts for them can be said. */
  readonly trial: boolean;
}
const ARGO = { gates: gatesOf(true, true), trial: true };
const NONE = { trial: false };
const WAYS: readonly Way[] = [
  { controller: 'RolloutController.argo()', kinds: ['canary', 'blueGreen', 'abTest'], exposure: 'gateway', ...ARGO },
  { controller: 'RolloutController.argo({ router: TrafficRouterKind.REPLICAS })', kinds: ['canary', 'blueGreen'], exposure: 'any', ...ARGO },
  { controller: 'RolloutController.argo({ router: TrafficRouterKind.ISTIO })', kinds: ALL, exposure: 'inside', ...ARGO },
  { controller: 'RolloutController.flagger()', kinds: ALL, exposure: 'gateway', gates: gatesOf(false, false), trial: false },
  { controller: "RolloutController.flagger({ router: TrafficRouterKind.ISTIO, loadTesterUrl: 'http://flagger-loadtester.flagger' })", kinds: ALL, exposure: 'inside', gates: gatesOf(false, true), trial: false },
  { controller: 'RolloutController.none()', kinds: ALL, exposure: 'gateway', ...NONE },
  { controller: 'RolloutController.none({ router: TrafficRouterKind.ISTIO })', kinds: ALL, exposure: 'inside', ...NONE },
];

function rollout(kind: Kind, { gates, trial, exposure }: Way): Arbitrary<Code> {
  const copies: Field = { value: number(1, 3), odds: trial ? 0.1 : 0.01 };
  const common: { [name: string]: Field } = {
    gates: { value: gates ?? gatesOf(true, true), odds: gates === undefined ? 0.02 : 0.85 }, progressDeadline: { value: seconds(3000, 7200), odds: 0.1 }, rollbackWindow: seldom(number(0, 5)),
    previewHosts: { value: oneOf("['preview.example.com']"), odds: trial && exposure === 'gateway' ? 0.2 : 0.005 }, takeOverDeployment: { value: oneOf('true', 'false'), odds: trial ? 0.1 : 0.01 },
  };
  switch (kind) {
    case 'canary': return call('Rollout.canary', object({ ...common, steps: must(steps), stepDuration: seldom(seconds(60, 1200)) }));
    case 'blueGreen': return call('Rollout.blueGreen', object({ ...common, previewReplicas: copies, keepOld: seldom(seconds(30, 1200)) }));
    case 'shadow': return call('Rollout.shadow', object({ ...common, percent: { value: number(1, 100), odds: trial ? 0.2 : 0.01 }, duration: seldom(seconds(60, 3600)), replicas: copies }));
    default: return call('Rollout.abTest', object({ ...common, audience: must(audience), duration: seldom(seconds(60, 3600)), replicas: copies }));
  }
}

/** How the services of one program are released: the cluster's controller, a rollout that it mostly can do, and an exposure that passes the router. */
export interface Release {
  readonly controller: Code;
  readonly rollout: Arbitrary<Code>;
  readonly exposure: (host: string) => Arbitrary<Code> | undefined;
  readonly candidates: boolean;
}

export const releases: Arbitrary<Release> = fc.constantFrom(...WAYS).map((way) => ({
  controller: way.controller, candidates: way.gates === undefined,
  rollout: fc.oneof({ weight: 30, arbitrary: fc.oneof(...way.kinds.map((kind) => rollout(kind, way))) }, { weight: 1, arbitrary: fc.oneof(...ALL.map((kind) => rollout(kind, WAYS[0]!))) }),
  exposure: (host) => (way.exposure === 'any' ? undefined : way.exposure === 'inside' ? oneOf('Exposure.clusterInternal()') : oneOf(`Exposure.gateway({ hosts: ['${host}'] })`)),
}));

export const objectives = list(fc.oneof(call('Objective.availability', mostly(oneOf('99', '99.9'), ['100', '0', 'NaN'])), call('Objective.latency', object({ p: must(oneOf('95', '99')), below: must(below) }))), 1, 2);
