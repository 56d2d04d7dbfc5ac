import { Duration } from 'cdk8s';
import { Audience, Gate, GateAction, Rollout, RolloutController, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { podMatchers } from '../../../lib/plan/promql';
import { AB_TEST, BLUE_GREEN, CANARY, ERRORS, FLAGGER, serveCell, SHADOW } from '../../support/release';
import { Served } from '../../support/serving';

const { GATEWAY_API, ISTIO, REPLICAS } = TrafficRouterKind;
const by = (router: TrafficRouterKind, rollout: Rollout, more: object = {}): Served => serveCell({ controller: FLAGGER, router, kind: rollout.kind }, { rollout, ...more });
const analysis = (served: Served): any => served.one('Canary').spec.analysis;
const gates = [ERRORS];

test('the strategy follows from what the analysis has', () => {
  expect(analysis(by(ISTIO, Rollout.canary({ steps: [10, 50], gates })))).toMatchObject({ interval: '300s', threshold: 1, stepWeights: [10, 50], maxWeight: 50 });
  const others = [by(ISTIO, Rollout.blueGreen({ gates })), by(ISTIO, Rollout.shadow({ percent: 20, gates })), by(GATEWAY_API, Rollout.shadow({ gates })), by(ISTIO, Rollout.abTest({ audience: Audience.header('x-model', 'v2'), gates }))].map(analysis);
  for (const one of others) expect([one.stepWeights, one.maxWeight]).toEqual([undefined, undefined]);
  expect(others.map((one) => [one.iterations, one.mirror, one.mirrorWeight, one.match])).toEqual([[10, undefined, undefined, undefined], [30, true, 20, undefined], [30, true, undefined, undefined], [60, undefined, undefined, [{ headers: { 'x-model': { exact: 'v2' } } }]]]);
});

test('an audience by a cookie is a regular expression', () => {
  expect(analysis(by(GATEWAY_API, Rollout.abTest({ audience: Audience.cookie('model', 'v2'), gates }))).match).toEqual([{ headers: { cookie: { regex: '^(.*;\\s*)?model=v2(;.*)?$' } } }]);
});

test.each([[GATEWAY_API, CANARY, 'gatewayapi:v1'], [ISTIO, SHADOW, 'istio'], [ISTIO, AB_TEST, 'istio'], [REPLICAS, BLUE_GREEN, 'kubernetes']])('by %s Flagger is told of %s: %s', (router, kind, provider) => {
  const served = serveCell({ controller: FLAGGER, router, kind });
  expect(served.one('Canary').spec).toMatchObject({ provider, targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris' }, revertOnDeletion: true });
  // Flagger makes Services and routes itself: two owners would fight
  expect(['Service', 'HTTPRoute', 'VirtualService'].flatMap((one) => served.all(one))).toEqual([]);
});

test('the Gateway, its hosts and what clients need are told', () => {
  expect(by(GATEWAY_API, Rollout.canary({ steps: [50], gates })).one('Canary').spec.service).toMatchObject({
    name: 'iris', port: 80, targetPort: 'http', hosts: ['iris.example.com'], gatewayRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateway' }], match: [{ uri: { prefix: '/v2/models' } }, { uri: { prefix: '/v2/health' } }], timeout: '30s',
  });
});

describe('gates', () => {
  const template = (gate: Gate): any => by(ISTIO, Rollout.canary({ steps: [50], gates: [gate] })).one('MetricTemplate').spec;
  const NEW = podMatchers('{{ namespace }}', 'iris');

  test('are templates of their own, each with its bound', () => {
    const served = by(ISTIO, Rollout.canary({ steps: [50], gates: [ERRORS, Gate.query({ name: 'answers', query: 'sum(ok{$NEW})', min: 3 })] }));
    expect(served.all('MetricTemplate').map((one) => one.metadata.name)).toEqual(['iris-errors', 'iris-answers']);
    expect(analysis(served).metrics).toEqual([{ name: 'errors', interval: '300s', templateRef: { name: 'iris-errors' }, thresholdRange: { max: 5 } }, { name: 'answers', interval: '300s', templateRef: { name: 'iris-answers' }, thresholdRange: { min: 3 } }]);
  });

  test('select the pods of the Deployment, and those of the primary for comparisons alone', () => {
    expect(template(ERRORS)).toMatchObject({ provider: { type: 'prometheus', address: 'http://prometheus.monitoring:9090' } });
    expect(template(ERRORS).query).toContain(NEW);
    expect(template(ERRORS).query).not.toContain('primary');
    expect(template(Gate.query({ name: 'q', query: 'sum(a{$NEW}) / sum(a{$STABLE})', max: 1 })).query).toContain(podMatchers('{{ namespace }}', 'iris-primary'));
    // the primary's pods have one more part in their names
    const pattern = /pod=~"(.*)"/.exec(podMatchers('ml', 'iris'))![1]!;
    expect(['iris-6c7f9d8b5-x2x4z', 'iris-primary-6c7f9d8b5-x2x4z'].map((pod) => new RegExp(`^${pattern}$`).test(pod))).toEqual([true, false]);
  });

  test('that find nothing are failed checks, unless the release is to go on', () => {
    expect(template(ERRORS).query).not.toContain(' or on() ');
    expect(template(Gate.errors({ maxPercent: 5, onFew: GateAction.PROCEED })).query).toMatch(/ or on\(\) \(0 \* \(.* < 60\) \+ 5\)$/);
    expect(template(Gate.errors({ maxPercent: 5, onNoData: GateAction.PROCEED })).query).toMatch(/ or on\(\) \(\(vector\(5\) unless on\(\) \(.*\)\)\)$/);
  });

  test('that forgive raise the threshold of all', () => {
    expect(analysis(by(ISTIO, Rollout.canary({ steps: [50], gates: [Gate.errors({ maxPercent: 5, failureLimit: 2 })] }))).threshold).toBe(3);
  });
});

describe('copies', () => {
  const scaled = (scaling: Scaling): Served => by(ISTIO, Rollout.canary({ steps: [50], gates }), { scaling });

  test('are never in the manifest: Flagger scales the Deployment itself', () => {
    for (const served of [scaled(Scaling.fixed(4)), scaled(Scaling.onCpu({ min: 2, max: 6 }))]) expect(served.deployment.spec.replicas).toBeUndefined();
  });

  test('of a fixed number are held by an autoscaler that can not move', () => {
    const served = scaled(Scaling.fixed(4));
    expect(served.one('HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 4, maxReplicas: 4, scaleTargetRef: { kind: 'Deployment', name: 'iris' } });
    expect(served.one('Canary').spec.autoscalerRef).toEqual({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris' });
  });
});

test('a person is asked by the load tester, before the promotion', () => {
  const served = serveCell({ controller: FLAGGER, router: ISTIO, kind: CANARY }, { rollout: Rollout.canary({ steps: [50], gates: [Gate.person()], progressDeadline: Duration.hours(1) }) }, { rollouts: RolloutController.flagger({ router: ISTIO, loadTesterUrl: 'http://tester.flagger' }) });
  expect(analysis(served).webhooks).toEqual([{ name: 'person', type: 'confirm-promotion', url: 'http://tester.flagger/gate/check' }]);
  expect(served.one('Canary').spec.progressDeadlineSeconds).toBe(3600);
});
