import { Accelerator, GpuPool, InferenceServer, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { type Expectation, expectRules, type TestSeries } from '../support/promtool';
import { serviceOn } from '../support/recorded';
import { watch, type Watched } from '../support/watched';
import { ofGpu } from './alerts/capacity';
import { ofContainer, ofPod, POD, ready, replicas, STRANGERS, up } from './alerts/exposed';
import { type Exposition, EXPOSITIONS, TAKES, TOGETHER, WAITS, type Work } from './expositions';

/** Two versions, with three of four requests at the first. */
const V1: Work = { requests: 60, failed: 3, running: 5, waiting: 1, kvCache: 0.25, prompt: 3000, generated: 1500 };
const V2: Work = { requests: 20, failed: 1, running: 3, waiting: 2, kvCache: 0.75, prompt: 6000, generated: 600 };
const VERSIONS: readonly [version: string, pod: string, work: Work][] = [['v1', POD, V1], ['v2', 'iris-6b9c7d8f4-x2x4z', V2]];
const SCRAPES = 30;

/** A pod's series, with the labels that the scrape lays on them; a label of the server's own that the scrape needs makes way. */
function scraped({ series }: Exposition, version: string, pod: string, work: Work, service = 'iris', namespace = 'ml'): TestSeries[] {
  return Object.entries(series(work)).map(([one, value]) => {
    const [, name, labels = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(one)!;
    const own = labels.replace(/(^|,)model_version="/, '$1exported_model_version="');
    return { series: `${name}{namespace="${namespace}",inference_service="${service}",model_version="${version}",pod="${pod}"${own === '' ? '' : `,${own}`}}`, values: value.startsWith('+') ? `0${value}x${SCRAPES}` : `${value}x${SCRAPES}` };
  });
}

const within = ([over, upTo]: readonly [number, number], share: number): number => over + share * (upTo - over);
const both = (of: (work: Work) => number): number => of(V1) + of(V2);

/** What a record is of these two pods: one number, or one a version. */
function expected(record: string, name: string): number | readonly [number, number] | undefined {
  const { latency, firstToken, token } = EXPOSITIONS[name]!;
  const versions = (of: (work: Work) => number): [number, number] => [of(V1), of(V2)];
  const values: { readonly [record: string]: number | readonly [number, number] | undefined } = {
    'inference_service_version:requests:rate5m': versions((work) => work.requests / 30), 'inference_service:requests:rate5m': both((work) => work.requests / 30), 'inference_service_version:requests:share5m': [0.75, 0.25],
    'inference_service_version:request_failures:rate5m': versions((work) => work.failed / 30), 'inference_service:request_failures:rate5m': both((work) => work.failed / 30), 'inference_service:request_failures:ratio_rate5m': 0.05,
    'inference_service:request_duration_seconds:p50_5m': latency && within(latency, 0.5), 'inference_service:request_duration_seconds:p90_5m': latency && within(latency, 0.9), 'inference_service:request_duration_seconds:p99_5m': latency && within(latency, 0.99),
    'inference_service_version:request_duration_seconds:p99_5m': latency && [within(latency, 0.99), within(latency, 0.99)], 'inference_service:request_duration_seconds:mean5m': TAKES, 'inference_service:queue_duration_seconds:mean5m': WAITS,
    'inference_service:time_to_first_token_seconds:p50_5m': firstToken && within(firstToken, 0.5), 'inference_service:time_to_first_token_seconds:p99_5m': firstToken && within(firstToken, 0.99),
    'inference_service:inter_token_seconds:p50_5m': token && within(token, 0.5), 'inference_service:inter_token_seconds:p99_5m': token && within(token, 0.99),
    'inference_service:requests_in_flight:sum': both((work) => work.running), 'inference_service:requests_waiting:sum': both((work) => work.waiting), 'inference_service:batch_size:mean5m': TOGETHER, 'inference_service:kv_cache_usage:max': 0.75,
    'inference_service_version:prompt_tokens:rate5m': versions((work) => work.prompt / 30), 'inference_service_version:generated_tokens:rate5m': versions((work) => work.generated / 30),
  };
  return values[record];
}

/** Series that no server tells. */
const OF_OTHERS = /:(info|copies_\w+|cold_start_seconds|gpus?_?\w*|gpus):?/;
const told = (one: Watched): string[] => one.rules.filter((rule) => rule.record !== undefined && !OF_OTHERS.test(rule.record.replace(/^inference_service(_version)?/, ''))).map((rule) => rule.record);
const identity = 'namespace="ml", inference_service="iris"';

function asked(record: string, value: number | readonly [number, number]): Expectation {
  const gives = typeof value === 'number' ? [{ labels: `{${identity}}`, value: round(value) }] : value.map((one, i) => ({ labels: `{${identity}, model_version="v${i + 1}"}`, value: round(one) }));
  return { query: `round(${record}, 0.0001)`, at: '12m', gives };
}
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

describe.each(Object.entries(EXPOSITIONS))('%s', (name, exposition) => {
  const service = serviceOn(name);
  const records = told(service);
  const own = VERSIONS.flatMap(([version, pod, work]) => scraped(exposition, version, pod, work));

  test('each record gives one number, in its unit, with the labels of the service; one a version where it is of versions', () => {
    expect(records.length).toBeGreaterThan(2);
    const queries = records.map((record) => {
      const value = expected(record, name);
      if (value === undefined) throw new Error(`nothing says what ${record} is to be`);
      return asked(record, value);
    });
    // what others do is not counted
    const others = STRANGERS.flatMap(([namespace, pod]) => scraped(exposition, 'v1', pod, { ...V1, requests: 9000, running: 99, kvCache: 1 }, namespace === 'ml' ? 'other' : 'iris', namespace));
    expectRules(service.groups, { series: [...own, ...others], queries });
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
