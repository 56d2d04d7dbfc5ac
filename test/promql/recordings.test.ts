import { Accelerator, GpuPool, InferenceServer, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { type Expectation, expectRules, type TestSeries } from '../support/promtool';
import { serviceOn } from '../support/recorded';
import { watch, type Watched } from '../support/watched';
import { ofGpu } from './alerts/capacity';
import { ofContainer, ofPod, POD, ready, replicas, STRANGERS, up } from './alerts/exposed';
import { EXPOSITIONS } from './expositions';
import { asked, identity, recordsOf, scraped, SCRAPES, seriesOfBoth, told, V1, VERSIONS } from './records';

describe.each(Object.entries(EXPOSITIONS))('%s', (name, exposition) => {
  const service = serviceOn(name);
  const records = told(service);
  const own = seriesOfBoth(name);

  test('each record gives one number, in its unit, with the labels of the service; one a version where it is of versions', () => {
    expect(records.length).toBeGreaterThan(2);
    // what others do is not counted
    const others = STRANGERS.flatMap(([namespace, pod]) => scraped(exposition, 'v1', pod, { ...V1, requests: 9000, running: 99, kvCache: 1 }, namespace === 'ml' ? 'other' : 'iris', namespace));
    expectRules(service.groups, { series: [...own, ...others], queries: recordsOf(service, name) });
  });

  test('a copy that tells NaN in its gauges leaves the others', () => {
    const gauges = own.map((one) => (one.series.includes('model_version="v2"') && !one.values.startsWith('0+') ? { ...one, values: Array(SCRAPES + 1).fill('NaN').join(' ') } : one));
    const broken = records.filter((record) => /in_flight|waiting|kv_cache/.test(record));
    expectRules(service.groups, { series: gauges, queries: [
      ...broken.map((record): Expectation => asked(record, record.includes('in_flight') ? V1.running : record.includes('waiting') ? V1.waiting : V1.kvCache)),
      ...records.map((record): Expectation => ({ query: `count(${record} != ${record})`, at: '12m', gives: [] })),
    ] });
  });

  test('without a request, and without a copy, nothing is NaN', () => {
    const still = own.map((one) => ({ ...one, values: one.values.startsWith('0+') ? `7x${SCRAPES}` : one.values }));
    const nan = records.map((record): Expectation => ({ query: `count(${record} != ${record})`, at: '12m', gives: [] }));
    expectRules(service.groups, { series: still, queries: nan });
    expectRules(service.groups, { series: [], queries: records.map((record): Expectation => ({ query: record, at: '12m', gives: [] })) });
  });
});

const gpu = (mig: boolean): Watched => watch({
  model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton(), scaling: Scaling.fixed(2),
  accelerator: mig ? Accelerator.nvidiaMig('A100-80GB', '1g.10gb') : Accelerator.nvidia('A100-80GB'),
}, {}, { gpuPools: [GpuPool.nvidiaOperator('A100-80GB', { count: 4, spare: 1, ...(mig ? { migProfile: '1g.10gb' } : {}) })] });
const number = (record: string, value: number): Expectation => ({ query: `round(${record}, 0.0001)`, at: '12m', gives: [{ labels: `{${identity}}`, value }] });
const [, second] = VERSIONS[1]!;

describe('GPUs', () => {
  const whole = (honor: boolean): TestSeries[] => [[POD, 0, 80, 30], [second, 1, 40, 60]].flatMap(([pod, index, used, memory]) => [
    ofGpu('DCGM_FI_DEV_GPU_UTIL', `${used}x30`, { pod: String(pod), gpu: Number(index), honor }), ofGpu('DCGM_FI_DEV_FB_USED', `${memory}x30`, { pod: String(pod), gpu: Number(index), honor }), ofGpu('DCGM_FI_DEV_FB_FREE', `${100 - Number(memory)}x30`, { pod: String(pod), gpu: Number(index), honor }),
  ]);
  const strangers = STRANGERS.flatMap(([namespace, pod]) => [ofGpu('DCGM_FI_DEV_GPU_UTIL', '100x30', { namespace, pod, gpu: 7 }), ofGpu('DCGM_FI_DEV_FB_USED', '99x30', { namespace, pod, gpu: 7 }), ofGpu('DCGM_FI_DEV_FB_FREE', '1x30', { namespace, pod, gpu: 7 })]);

  test.each([['keeps', true], ['overrules', false]])('whether a scrape %s labels of the exporter', (_, honor) => {
    expectRules(gpu(false).groups, { series: [...whole(honor), ...strangers], queries: [number('inference_service:gpus:count', 2), number('inference_service:gpu_utilization:avg', 0.6), number('inference_service:gpu_memory_usage:max', 0.6)] });
  });

  test('slices have no use of a GPU, but of its engines, which is the better number also where both are', () => {
    const slice = [ofGpu('DCGM_FI_PROF_GR_ENGINE_ACTIVE', '0.3x30', { mig: '3' }), ofGpu('DCGM_FI_PROF_GR_ENGINE_ACTIVE', '0.5x30', { mig: '4', pod: second }), ofGpu('DCGM_FI_DEV_FB_USED', '5x30', { mig: '3' }), ofGpu('DCGM_FI_DEV_FB_FREE', '5x30', { mig: '3' })];
    expectRules(gpu(true).groups, { series: slice, queries: [number('inference_service:gpu_utilization:avg', 0.4), number('inference_service:gpus:count', 1), number('inference_service:gpu_memory_usage:max', 0.5)] });
    expectRules(gpu(false).groups, { series: [...whole(true), ofGpu('DCGM_FI_PROF_GR_ENGINE_ACTIVE', '0.3x30', { honor: true })], queries: [number('inference_service:gpu_utilization:avg', 0.3)] });
  });

  test('an exporter that tells nothing of the memory gives nothing, and no division by zero', () => {
    expectRules(gpu(false).groups, { series: [ofGpu('DCGM_FI_DEV_FB_USED', '0x30'), ofGpu('DCGM_FI_DEV_FB_FREE', '0x30')], queries: [{ query: 'inference_service:gpu_memory_usage:max', at: '12m', gives: [] }] });
  });
});

describe('copies', () => {
  const { groups } = watch({ scaling: Scaling.fixed(2) });

  test('are told by kube-state-metrics, also by two of it', () => {
    const twice = (series: TestSeries[]): TestSeries[] => [...series, ...series.map((one) => ({ ...one, series: one.series.replace('10.0.0.9', '10.0.0.10') }))];
    const series = twice([replicas('3x30'), ...ready('1x30'), ...ready('0x30', second), ...STRANGERS.flatMap(([namespace, pod]) => ready('1x30', pod, namespace))]);
    expectRules(groups, { series, queries: [number('inference_service:copies_ready:count', 1), number('inference_service:copies_wanted:count', 3)] });
  });

  test('are none where there are no pods, and not unknown', () => {
    expectRules(groups, { series: [replicas('0x30')], queries: [number('inference_service:copies_ready:count', 0), number('inference_service:copies_wanted:count', 0)] });
  });

  test('are those that are scraped, without kube-state-metrics', () => {
    expectRules(groups, { series: [up('1x30'), up('0x30', second)], queries: [number('inference_service:copies_ready:count', 1), number('inference_service:copies_wanted:count', 2)] });
  });

  test('take from their creation until they are ready, in the last hour', () => {
    const series = [ofPod('kube_pod_created', '100x400'), ofPod('kube_pod_status_ready_time', '_x20 340x380')];
    expectRules(groups, { series, queries: [number('inference_service:cold_start_seconds:max', 240), { query: 'inference_service:cold_start_seconds:max', at: '70m', gives: [] }] });
  });
});

describe('saturation', () => {
  const cpu = (values: string, pod = POD): TestSeries => ({ series: `container_cpu_usage_seconds_total{job="kubelet",namespace="ml",pod="${pod}",container="server",cpu="total",id="/kubepods/${pod}",image="x"}`, values });

  test('by CPU is its use against requests and target', () => {
    const series = [cpu('0+21x30'), cpu('0+21x30', second), ...[POD, second].map((pod) => ofContainer('kube_pod_container_resource_requests', '1x30', 'resource="cpu",unit="core",node="a"', pod))];
    expectRules(watch({ scaling: Scaling.onCpu({ min: 2, max: 4 }) }).groups, { series, queries: [number('inference_service:saturation:max', 1)] });
  });

  test('by a load is that of a copy against its target, and nothing without a copy', () => {
    const { groups } = watch({ scaling: Scaling.onConcurrency({ min: 2, max: 8, targetPerReplica: 8 }) }, {}, { metricsUrl: 'http://prometheus.monitoring:9090' });
    const load = [POD, second].map((pod) => ({ series: `rest_server_requests_in_progress{namespace="ml",inference_service="iris",model_version="v1",pod="${pod}",app_name="mlserver",method="POST"}`, values: '12x30' }));
    expectRules(groups, { series: [...load, replicas('2x30'), ...ready('1x30'), ...ready('1x30', second)], queries: [number('inference_service:saturation:max', 1.5)] });
    expectRules(groups, { series: [...load, replicas('2x30'), ...ready('0x30')], queries: [{ query: 'inference_service:saturation:max', at: '12m', gives: [] }] });
  });
});
