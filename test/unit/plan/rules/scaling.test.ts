import { Size } from 'cdk8s';
import { Accelerator, Autoscaler, ClusterOperator, GpuPool, Hold, InferenceServer, Model, ModelSource, Scaling, Wake } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const onMetric = Scaling.onCustomMetric({ min: 2, max: 4, metric: 'queue', targetPerReplica: 2 });

test('a resource metric needs a server of metrics.k8s.io, where the cluster says what runs', () => {
  const scaling = Scaling.onCpu({ min: 2, max: 4 });
  expect(serve({ scaling }, { operators: [] }).problem('SERVING_METRICS_API_MISSING')).toMatchObject({ got: '"cpu"', what: "scaling on 'cpu' needs 'metrics-server' in the cluster", allowed: 'an operator that serves metrics.k8s.io', fix: expect.stringContaining('METRICS_SERVER') });
  expect(serve({ scaling }, { operators: [ClusterOperator.METRICS_SERVER] }).codes).toEqual([]);
  expect(serve({ scaling }).codes).toEqual([]);
});

test('a custom metric needs an adapter; metrics-server is none', () => {
  expect(serve({ scaling: onMetric }, { operators: [ClusterOperator.METRICS_SERVER] }).problem('SERVING_METRICS_API_MISSING').what).toContain("'custom-metrics'");
  expect(serve({ scaling: onMetric }, { operators: [ClusterOperator.CUSTOM_METRICS] }).codes).toEqual([]);
});

test('CPU says little of a service with an accelerator', () => {
  const base = { model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4') };
  const cluster = { gpuPools: [GpuPool.gke('L4', { count: 8, spare: 1 })] };
  expect(serve({ ...base, scaling: Scaling.onCpu({ min: 2, max: 4 }) }, cluster).problem('SERVING_CPU_SCALING_ON_ACCELERATOR')).toMatchObject({ severity: 'warning', what: 'copies with 1 x L4 follow the use of the CPU', fix: 'use Scaling.onConcurrency' });
  expect(serve({ ...base, scaling: onMetric }, cluster).codes).toEqual([]);
  expect(serve({ scaling: Scaling.onCpu({ min: 2, max: 4 }) }, cluster).codes).toEqual([]);
});

describe('a frozen service', () => {
  const hold = Hold.frozen({ reason: 'sales', until: '2026-11-30' });

  test('is not held where something else changes its copies', () => {
    expect(serve({ hold, scaling: Scaling.external({ min: 2, max: 4 }) }).problem('SERVING_HOLD_NOT_HELD')).toMatchObject({ severity: 'warning', path: 'ml/Iris', got: '"Scaling.external"', fix: 'pause that autoscaler, too, and acknowledge this' });
  });

  test.each([['of a fixed number', Scaling.fixed(2)], ["with the library's own autoscaler", Scaling.onCpu({ min: 2, max: 4 })]])('%s is', (_, scaling) => {
    expect(serve({ hold, scaling }).codes).toEqual([]);
  });

  test('that is stopped, or has no hold, is not asked', () => {
    expect(serve({ hold: Hold.stopped({ reason: 'sales', until: '2026-11-30' }), scaling: Scaling.external({ min: 2, max: 4 }) }).codes).toEqual([]);
    expect(serve({ scaling: Scaling.external({ min: 2, max: 4 }) }).codes).toEqual([]);
  });
});

describe('KEDA', () => {
  const metricsUrl = 'http://prometheus.monitoring:9090';
  const load = (props = {}) => Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 8, ...props });
  const schedule = Scaling.onSchedule({ min: 2, max: 4, timeZone: 'UTC', windows: [{ start: '0 7 * * *', end: '0 9 * * *', replicas: 3 }] });

  test('must know where to ask, if it is to ask a metrics store', () => {
    expect(serve({ scaling: load() }).problem('SERVING_METRICS_URL_MISSING')).toMatchObject({ severity: 'error', fix: expect.stringContaining('http://prometheus.monitoring:9090') });
    expect(serve({ scaling: schedule }).codes).toEqual([]);
    expect(serve({ scaling: load() }, { metricsUrl }).codes).toEqual([]);
  });

  test('must run where only it can do what is asked', () => {
    expect(serve({ scaling: schedule }, { operators: [ClusterOperator.CUSTOM_METRICS] }).problem('SERVING_SCALING_NEEDS_KEDA')).toMatchObject({ what: "Scaling.onSchedule needs 'keda' in the cluster" });
    expect(serve({ scaling: load({ autoscaler: Autoscaler.KEDA }) }, { metricsUrl, operators: [] }).problem('SERVING_SCALING_NEEDS_KEDA').what).toBe("Autoscaler.KEDA needs 'keda' in the cluster");
    expect(serve({ scaling: schedule }, { operators: [ClusterOperator.KEDA] }).codes).toEqual([]);
  });

  test.each([[{ standby: 1 }, "'standby'"], [{ fallbackReplicas: 3 }, "'fallbackReplicas'"], [{ min: 0, wake: Wake.onIstio() }, "'min: 0' and 'wake'"]])('is needed by %j', (props, what) => {
    expect(serve({ scaling: load({ ...props, autoscaler: Autoscaler.HPA }) }, { metricsUrl }).problem('SERVING_SCALING_NEEDS_KEDA').what).toBe(`${what} ${what.includes(' and ') ? 'need' : 'needs'} KEDA`);
  });

  test('asks no metric of the custom metrics API, and needs no adapter', () => {
    expect(serve({ scaling: Scaling.highestOf([schedule, onMetric]) }).problem('SERVING_SCALING_NEEDS_HPA')).toMatchObject({ got: '"queue"', fix: expect.stringContaining('Scaling.onQuery') });
    expect(serve({ scaling: load() }, { metricsUrl, operators: [ClusterOperator.KEDA] }).codes).toEqual([]);
  });

  test('needs metrics-server for CPU, as an HPA does', () => {
    const both = Scaling.highestOf([Scaling.onCpu({ min: 2, max: 4 }), load()]);
    expect(serve({ scaling: both }, { metricsUrl, operators: [ClusterOperator.KEDA] }).codes).toEqual(['SERVING_METRICS_API_MISSING']);
  });
});

test("an HPA on the server's metrics needs an adapter", () => {
  expect(serve({ scaling: Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 8 }) }, { operators: [] }).problem('SERVING_METRICS_API_MISSING')).toMatchObject({ got: '"concurrency"', what: "scaling on 'concurrency' needs 'custom-metrics' in the cluster" });
});

test('a metric that is wrong itself is told once', () => {
  expect(serve({ scaling: Scaling.onCustomMetric({ min: 2, max: 4, metric: 'vllm:waiting', targetPerReplica: 2 }) }, { operators: [] }).codes).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});
