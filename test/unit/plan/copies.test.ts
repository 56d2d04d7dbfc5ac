import { Duration } from 'cdk8s';
import { Hold, Scaling } from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const hold = { reason: 'audit', until: '2027-01-01' };
const slow = { loadTime: Duration.minutes(10) };
const fast = { loadTime: Duration.seconds(5) };
const scaled = (model: object = fast, scaling = Scaling.onCpu({ min: 2, max: 10 })): any => serve({ model: iris(model), scaling }).one('HorizontalPodAutoscaler')?.spec;

test('on CPU two copies run', () => {
  const served = serve();
  expect([served.deployment.spec.replicas, served.one('HorizontalPodAutoscaler')]).toEqual([2, undefined]);
});

test('a fixed number is the number of the manifest', () => expect(serve({ scaling: Scaling.fixed(7) }).deployment.spec.replicas).toBe(7));

test('an autoscaled number is not in the manifest: every apply would undo it', () => {
  for (const scaling of [Scaling.onCpu({ min: 2, max: 4 }), Scaling.external({ min: 2, max: 4 })]) expect(serve({ scaling }).deployment.spec).not.toHaveProperty('replicas');
});

test('an autoscaler follows the server container alone, or a metric of the pods', () => {
  expect(scaled()).toMatchObject({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris' }, minReplicas: 2, maxReplicas: 10,
    metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'server', target: { type: 'Utilization', averageUtilization: 70 } } }],
  });
  const metrics = (targetPerReplica: number): any => scaled(fast, Scaling.onCustomMetric({ min: 1, max: 4, metric: 'queue', targetPerReplica })).metrics;
  expect(metrics(2)).toEqual([{ type: 'Pods', pods: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '2' } } }]);
  expect([metrics(2.5), metrics(0.001)].map((one) => one[0].pods.target.averageValue)).toEqual(['2500m', '1m']);
});

test('where copies start fast, as many come at once as there are', () => {
  expect(scaled().behavior).toEqual({
    scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }, { type: 'Pods', value: 4, periodSeconds: 30 }] },
    scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }, { type: 'Pods', value: 1, periodSeconds: 60 }] },
  });
});

test('where a start takes long, two come while one is on its way, and go one by one', () => {
  const start = 600 + 11; // load and download
  expect(scaled(slow).behavior).toEqual({
    scaleUp: { stabilizationWindowSeconds: 60, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 2, periodSeconds: Math.ceil(start / 2) }] },
    scaleDown: { stabilizationWindowSeconds: 2 * start, selectPolicy: 'Min', policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }] },
  });
});

test('a minute is where a long start begins', () => {
  const up = (seconds: number): any => scaled({ loadTime: Duration.seconds(seconds) }).behavior.scaleUp.policies.length;
  expect([up(60 - 11), up(61 - 11)]).toEqual([2, 1]);
});

test('windows stay within what Kubernetes takes', () => {
  const { scaleUp, scaleDown } = scaled({ loadTime: Duration.hours(6) }).behavior;
  expect([scaleUp.policies[0].periodSeconds, scaleDown.stabilizationWindowSeconds]).toEqual([1800, 3600]);
});

test('how long the load must stay low can be said', () => {
  expect(scaled(slow, Scaling.onCpu({ min: 2, max: 4, scaleDownAfter: Duration.minutes(2) })).behavior.scaleDown.stabilizationWindowSeconds).toBe(120);
  expect(scaled(slow, Scaling.onCpu({ min: 2, max: 4, scaleDownAfter: Duration.seconds(0) })).behavior.scaleDown.stabilizationWindowSeconds).toBe(0);
});

describe('a service that is held', () => {
  const held = (which: Hold, scaling?: Scaling): Served => serve({ hold: which, ...(scaling === undefined ? {} : { scaling }) });

  test('frozen keeps its copies, takes no new version and does not scale', () => {
    const served = held(Hold.frozen(hold), Scaling.onCpu({ min: 2, max: 4 }));
    expect(served.deployment.spec.paused).toBe(true);
    expect(served.one('HorizontalPodAutoscaler').spec.behavior).toEqual({ scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { selectPolicy: 'Disabled' } });
    expect(held(Hold.frozen(hold)).deployment.spec.replicas).toBe(2);
  });

  test('stopped has no copies and no autoscaler that would start some', () => {
    const served = held(Hold.stopped(hold), Scaling.onCpu({ min: 2, max: 4 }));
    expect([served.deployment.spec.replicas, served.one('HorizontalPodAutoscaler'), served.deployment.spec.paused]).toEqual([0, undefined, undefined]);
    expect(held(Hold.stopped(hold), Scaling.external({ min: 2, max: 4 })).deployment.spec.replicas).toBe(0);
  });

  test('says so on its workload', () => {
    expect(held(Hold.frozen(hold)).deployment.metadata.annotations).toEqual({ 'serving.cdk8s.io/hold': 'frozen', 'serving.cdk8s.io/hold-reason': 'audit', 'serving.cdk8s.io/hold-until': '2027-01-01' });
    expect(serve().deployment.metadata).not.toHaveProperty('annotations');
  });
});

describe('a disruption budget', () => {
  test('takes one copy at a time, over all pods of the service', () => {
    expect(serve().one('PodDisruptionBudget').spec).toEqual({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: { 'app.kubernetes.io/instance': 'iris', 'app.kubernetes.io/component': 'predictor' } } });
  });

  test('is not there for one copy, whose every drain it would block', () => {
    expect(serve({ scaling: Scaling.fixed(1) }).one('PodDisruptionBudget')).toBeUndefined();
    expect(serve({ scaling: Scaling.onCpu({ min: 1, max: 2 }) }).one('PodDisruptionBudget')).toBeDefined();
  });
});

test('copies are spread over zones and nodes, one is not', () => {
  expect(serve().pod.topologySpreadConstraints.map((one: any) => [one.topologyKey, one.whenUnsatisfiable, one.matchLabelKeys])).toEqual([['topology.kubernetes.io/zone', 'ScheduleAnyway', ['pod-template-hash']], ['kubernetes.io/hostname', 'ScheduleAnyway', ['pod-template-hash']]]);
  expect(serve({ scaling: Scaling.fixed(1) }).pod.topologySpreadConstraints).toBeUndefined();
});
