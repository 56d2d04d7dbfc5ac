import { ApiObject } from 'cdk8s';
import { HorizontalPodAutoscaler, Metric, MetricTarget } from 'cdk8s-plus-28';
import { Scaling } from 'cdk8s-serving';
import { serve, Served } from '../../support/serving';

function target(served: Served): void {
  new HorizontalPodAutoscaler(served.chart, 'Hpa', { target: served.service, minReplicas: 2, maxReplicas: 6, metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(50))] });
}

test('an autoscaler of cdk8s-plus takes the service as its target', () => {
  const served = serve({ scaling: Scaling.external({ min: 2, max: 6 }) });
  target(served);
  expect(served.codes).toEqual([]);
  expect(served.one('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris' });
  expect(served.deployment.spec).not.toHaveProperty('replicas');
});

test.each([['two copies by default', undefined], ['a fixed number', Scaling.fixed(3)], ['an autoscaler of its own', Scaling.onCpu({ min: 2, max: 4 })]])('beside %s it is the second to decide', (_, scaling) => {
  const served = serve(scaling === undefined ? {} : { scaling });
  target(served);
  expect(served.problem('SERVING_TWO_AUTOSCALERS')).toMatchObject({ severity: 'error', path: 'ml/Iris', fix: expect.stringContaining('Scaling.external') });
});

test('a target knows that it has an autoscaler, and not before', () => {
  const served = serve({ scaling: Scaling.external({ min: 2, max: 6 }) });
  expect(served.service.hasAutoscaler).toBe(false);
  target(served);
  expect(served.service.hasAutoscaler).toBe(true);
});

test('a service of which an autoscaler was only promised is no problem', () => {
  expect(serve({ scaling: Scaling.external({ min: 2, max: 6 }) }).codes).toEqual([]);
});

describe('an autoscaler that is written by hand', () => {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris' };
  const keda = (served: Served, scaleTargetRef: object = { name: 'iris' }) => new ApiObject(served.chart, 'Own', { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'own' }, spec: { scaleTargetRef, triggers: [{ type: 'cron', metadata: {} }] } });
  const hpa = (served: Served) => new ApiObject(served.chart, 'Own', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'own' }, spec: { scaleTargetRef: target, maxReplicas: 4 } });

  test.each([['ScaledObject', keda, Scaling.onCpu({ min: 2, max: 4 })], ['HorizontalPodAutoscaler', hpa, Scaling.fixed(2)], ['HorizontalPodAutoscaler', hpa, Scaling.onSchedule({ min: 2, max: 4, timeZone: 'UTC', windows: [{ start: '0 7 * * *', end: '0 9 * * *', replicas: 3 }] })]])('a %s is the second to decide', (kind, make, scaling) => {
    const served = serve({ scaling });
    make(served);
    expect(served.problem('SERVING_TWO_AUTOSCALERS')).toMatchObject({ severity: 'error', path: 'ml/Iris', what: `the ${kind} 'ml/Own' changes the copies of this service, which has its own idea of them` });
  });

  test('is welcome where it is told of, or is for something else', () => {
    const told = serve({ scaling: Scaling.external({ min: 2, max: 6 }) });
    keda(told);
    const other = serve({ scaling: Scaling.fixed(2) });
    keda(other, { kind: 'StatefulSet', name: 'iris' });
    const another = serve({ scaling: Scaling.fixed(2) });
    keda(another, { name: 'other' });
    expect([told.codes, other.codes, another.codes]).toEqual([[], [], []]);
  });
});
