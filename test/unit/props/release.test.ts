import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Duration, Testing } from 'cdk8s';
import {
  AbTestRolloutProps, ArgoRolloutsProps, Audience, BlueGreenRolloutProps, Candidate, CandidateProps, CanaryRolloutProps, ClusterProps, ComparedMeasure, ComparisonGateProps, ErrorsGateProps, Exposure, FlaggerProps, Gate, GateAction,
  GoldenRequestsGateProps, InferenceServiceProps, LatencyGateProps, LatencyObjectiveProps, MetricsBackend, MonitoringStack, MeasuredGateProps, Objective, PersonGateProps, PlainDeploymentsProps, QueryGateProps, ReleaseProps, Rollout, RolloutController, Scaling,
  ShadowRolloutProps, TrafficRouterKind,
} from 'cdk8s-serving';
import { everyProp, PropCase } from '../../support/props';
import { GATEWAY, METRICS } from '../../support/release';
import { iris, serve, Served } from '../../support/serving';

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
const file = (name: string): string => {
  writeFileSync(join(folder, name), JSON.stringify([{ name, body: {}, expect: { status: 200 } }]));
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

const istio = RolloutController.argo({ router: TrafficRouterKind.ISTIO });
const on = (rollout: Rollout, props: Partial<InferenceServiceProps> = {}, cluster: ClusterProps = {}): Served => serve({ scaling: Scaling.fixed(4), rollout, ...props }, { metricsUrl: METRICS, gateway: GATEWAY, rollouts: istio, ...cluster });
const spec = (served: Served): any => served.one('Rollout').spec;
const canary = (served: Served): any => spec(served).strategy.canary;
const blueGreen = (served: Served): any => spec(served).strategy.blueGreen;
const templates = (served: Served): string[] => served.all('AnalysisTemplate').map((one) => one.metadata.name);
const GATES = [Gate.person()];

/** What each prop of every release does; the same for all strategies. */
const COMMON: { readonly [K in keyof Required<ReleaseProps>]: PropCase<ReleaseProps, K, Served> } = {
  gates: { value: [Gate.errors({ maxPercent: 1 })], see: templates, is: ['iris-errors'] },
  progressDeadline: { value: Duration.hours(2), see: (served) => spec(served).progressDeadlineSeconds, is: 7200 },
  previewHosts: { value: ['preview.example.com'], see: (served) => served.all('HTTPRoute').map((one) => [one.metadata.name, one.spec.hostnames]), is: [['iris', ['iris.example.com']], ['iris-preview', ['preview.example.com']]] },
  rollbackWindow: { value: 7, see: (served) => spec(served).rollbackWindow, is: { revisions: 7 } },
  takeOverDeployment: { value: true, see: (served) => spec(served).workloadRef, is: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris', scaleDown: 'onsuccess' } },
};
const exposed = { exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) };
const byGateway = { rollouts: RolloutController.argo() };
const steps = (served: Served): any[] => canary(served).steps;

describe('each prop of a canary', () => {
  everyProp<CanaryRolloutProps, Served>({ steps: [10, 50] }, (props) => on(Rollout.canary(props), exposed, byGateway), {
    ...COMMON,
    steps: { value: [5], see: (served) => steps(served).filter((step) => step.setWeight !== undefined), is: [{ setWeight: 5 }] },
    stepDuration: { value: Duration.minutes(20), see: (served) => steps(served).find((step) => step.pause !== undefined), is: { pause: { duration: '1200s' } } },
  });
});

describe('each prop of blue-green', () => {
  everyProp<BlueGreenRolloutProps, Served>({}, (props) => on(Rollout.blueGreen(props), exposed, byGateway), {
    ...COMMON,
    previewReplicas: { value: 1, see: (served) => blueGreen(served).previewReplicaCount, is: 1 },
    keepOld: { value: Duration.minutes(3), see: (served) => blueGreen(served).scaleDownDelaySeconds, is: 180 },
  });
});

// an audience goes by the Gateway, a shadow by Istio, which no preview host passes
describe('each prop of a shadow', () => {
  everyProp<ShadowRolloutProps, Served>({ gates: GATES }, (props) => on(Rollout.shadow(props)), {
    ...COMMON,
    previewHosts: { value: ['preview.example.com'], see: (served) => served.codes, is: ['SERVING_ROUTER_EXPOSURE'] },
    percent: { value: 20, see: (served) => [steps(served)[0], steps(served)[1].setMirrorRoute.percentage], is: [{ setCanaryScale: { weight: 20 } }, 20] },
    duration: { value: Duration.minutes(2), beside: { gates: [] }, see: (served) => steps(served)[2], is: { pause: { duration: '120s' } } },
    replicas: { value: 3, see: (served) => steps(served)[0], is: { setCanaryScale: { replicas: 3 } } },
  });
});

describe('each prop of an A/B test', () => {
  everyProp<AbTestRolloutProps, Served>({ audience: Audience.header('x-model', 'v2') }, (props) => on(Rollout.abTest(props), exposed, byGateway), {
    ...COMMON,
    audience: { value: Audience.cookie('model', 'b'), see: (served) => steps(served)[1].setHeaderRoute.match, is: [{ headerName: 'cookie', headerValue: { regex: '^(.*;\\s*)?model=b(;.*)?$' } }] },
    duration: { value: Duration.minutes(2), see: (served) => steps(served)[2], is: { pause: { duration: '120s' } } },
    replicas: { value: 3, see: (served) => steps(served)[0], is: { setCanaryScale: { replicas: 3 } } },
  });
});

const gated = (gate: Gate): Served => on(Rollout.canary({ steps: [25, 50], gates: [gate] }));
const metrics = (served: Served): any[] => served.all('AnalysisTemplate').flatMap((one) => one.spec.metrics);
const query = (served: Served): string => metrics(served)[0].provider.prometheus.query;

/** What each prop of every measured gate does. */
const MEASURED: { readonly [K in keyof Required<MeasuredGateProps>]: PropCase<MeasuredGateProps, K, Served> } = {
  minRequests: { value: 777, see: (served) => /(>=|<) 777\b/.test(query(served)), is: true },
  maxWait: { value: Duration.minutes(5), see: (served) => metrics(served)[0].count, is: 10 + 10 },
  onFew: { value: GateAction.ABORT, see: (served) => metrics(served).map((one) => one.name.replace(/^.*-/, '')).at(-1), is: 'volume' },
  onNoData: { value: GateAction.ABORT, see: (served) => metrics(served).find((one) => one.name.endsWith('-data')).failureCondition, is: 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0]) && result[0] == 0' },
  window: { value: Duration.minutes(9), see: (served) => query(served).includes('[540s]'), is: true },
  failureLimit: { value: 2, see: (served) => metrics(served)[0].failureLimit, is: 2 },
};

describe('each prop of a gate', () => {
  describe('by errors', () => everyProp<ErrorsGateProps, Served>({ maxPercent: 5 }, (props) => gated(Gate.errors(props)), {
    ...MEASURED, maxPercent: { value: 2.5, see: (served) => metrics(served)[0].successCondition, is: 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0]) && result[0] <= 2.5' },
  }));

  describe('by latency', () => everyProp<LatencyGateProps, Served>({ p: 95, below: Duration.millis(250) }, (props) => gated(Gate.latency(props)), {
    ...MEASURED,
    p: { value: 90, see: (served) => /result\[0\] <= (\d+)$/.exec(metrics(served)[0].successCondition)![1], is: '10' },
    below: { value: Duration.millis(500), see: (served) => /le=~"([^"]+)"/.exec(query(served))![1], is: '0\\\\.5' },
  }));

  describe('by comparison', () => everyProp<ComparisonGateProps, Served>({ of: ComparedMeasure.ERRORS }, (props) => gated(Gate.comparison(props)), {
    ...MEASURED,
    of: { value: ComparedMeasure.LATENCY, see: (served) => query(served).includes('histogram_quantile(0.95'), is: true },
    maxRatio: { value: 3, see: (served) => metrics(served)[0].successCondition.endsWith('<= 3'), is: true },
    floor: { value: 2, see: (served) => /clamp_min\(.*, 2\)$/.test(query(served)), is: true },
  }));

  describe('by a query', () => everyProp<QueryGateProps, Served>({ name: 'nulls', query: 'sum(rate(nulls_total{$NEW}[$WINDOW]))', max: 1 }, (props) => gated(Gate.query(props)), {
    ...MEASURED,
    name: { value: 'empty', see: templates, is: ['iris-empty'] },
    query: { value: 'max(age_seconds{$NEW})', see: (served) => query(served).startsWith('(max(age_seconds{namespace='), is: true },
    max: { value: 9, see: (served) => metrics(served)[0].successCondition.endsWith('result[0] <= 9'), is: true },
    min: { value: 4, beside: { max: undefined }, see: (served) => (served.codes.length > 0 ? served.codes : metrics(served)[0].successCondition.endsWith('result[0] >= 4')), is: true },
  }));

  const job = (served: Served): any => metrics(served)[0].provider.job.spec.template.spec.containers[0];
  describe('by golden requests', () => everyProp<GoldenRequestsGateProps, Served>({ file: file('one') }, (props) => gated(Gate.goldenRequests(props)), {
    file: { value: file('two'), see: (served) => served.all('ConfigMap').some((one) => one.data['requests.json']?.includes('"two"')), is: true },
    image: { value: 'r.example.com/python:3', see: (served) => job(served).image, is: 'r.example.com/python:3' },
    timeout: { value: Duration.seconds(7), see: (served) => job(served).command.at(-1), is: '7' },
  }));

  describe('by a person', () => everyProp<PersonGateProps, Served>({}, (props) => gated(Gate.person(props)), {
    at: { value: [25], see: (served) => steps(served).slice(0, 3), is: [{ setWeight: 25 }, { pause: { duration: '300s' } }, { pause: {} }] },
  }));
});

describe('each prop of a candidate', () => {
  const plain = { rollouts: RolloutController.none() };
  const trial = (served: Served): any => served.all('Deployment').find((one) => one.metadata.name === 'iris-candidate');
  everyProp<CandidateProps, Served>({ model: iris({ version: 'v2' }) }, (props) => on(Rollout.canary({ steps: [25, 50] }), { ...exposed, candidate: Candidate.of(props) }, plain), {
    model: { value: iris({ version: 'v3' }), see: (served) => trial(served).spec.template.metadata.labels['app.kubernetes.io/version'], is: 'v3' },
    percent: { value: 25, see: (served) => served.one('HTTPRoute').spec.rules[0].backendRefs.map((one: any) => one.weight), is: [75, 25] },
    replicas: { value: 1, see: (served) => trial(served).spec.replicas, is: 1 },
  });
});

describe('each prop of a controller', () => {
  const rollout = Rollout.canary({ steps: [25, 50], gates: GATES });
  describe('Argo Rollouts', () => everyProp<ArgoRolloutsProps, Served>({}, (props) => on(rollout, {}, { rollouts: RolloutController.argo(props) }), {
    router: { value: TrafficRouterKind.ISTIO, see: (served) => canary(served).trafficRouting, is: { istio: { virtualServices: [{ name: 'iris', routes: ['primary'] }] } } },
  }));
  describe('Flagger', () => everyProp<FlaggerProps, Served>({ router: TrafficRouterKind.ISTIO, loadTesterUrl: 'http://tester.flagger' }, (props) => on(Rollout.blueGreen({ gates: GATES }), {}, { rollouts: RolloutController.flagger(props) }), {
    router: { value: TrafficRouterKind.REPLICAS, see: (served) => served.one('Canary').spec.provider, is: 'kubernetes' },
    loadTesterUrl: { value: 'https://other.example.com', see: (served) => served.one('Canary').spec.analysis.webhooks, is: [{ name: 'person', type: 'confirm-promotion', url: 'https://other.example.com/gate/check' }] },
  }));
  describe('none', () => everyProp<PlainDeploymentsProps, Served>({}, (props) => on(Rollout.canary({ steps: [25] }), { candidate: Candidate.of({ model: iris() }) }, { rollouts: RolloutController.none(props) }), {
    router: { value: TrafficRouterKind.ISTIO, see: (served) => (served.codes.includes('SERVING_ROLLOUT_NOT_ABLE') ? 'refused' : served.one('VirtualService').spec.hosts), is: ['iris'] },
  }));
});

describe('each prop of an objective of latency', () => {
  const bound = (served: Served): string => /le=~"([^"]+)"/.exec(query(served))![1]!;
  const monitoring = new MonitoringStack(new Chart(Testing.app(), 'watch', { namespace: 'monitoring' }), 'Watch', { metrics: MetricsBackend.kubePrometheus() });
  everyProp<LatencyObjectiveProps, Served>({ p: 95, below: Duration.millis(250) }, (props) => on(Rollout.canary({ steps: [25] }), { monitoring, objectives: [Objective.latency(props)] }), {
    p: { value: 90, see: (served) => /<= (\d+)$/.exec(metrics(served)[0].successCondition)![1], is: '10' },
    below: { value: Duration.millis(100), see: bound, is: '0\\\\.1' },
    over: { value: Duration.days(14), see: (served) => JSON.stringify(served.one('PrometheusRule')).includes('[14d]'), is: true },
  });
});
