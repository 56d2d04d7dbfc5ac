import { Duration, Size } from 'cdk8s';
import { Accelerator, Autoscaler, InferenceServer, Model, ModelSource, Scaling, Wake } from 'cdk8s-serving';
import { parse } from 'yaml';
import { podMatchers } from '../../lib/plan/promql';
import { checkPromqlSyntax, expectPromql, type TestSeries } from '../support/promtool';
import { serve, type Served } from '../support/serving';
import { type PodLoad, type SeenServer, SERVERS, SIGNALS } from './servers';

const metricsUrl = 'http://prometheus.monitoring:9090';
const LOADS: PodLoad[] = [{ running: 5, waiting: 1, kvCache: 0.25, requests: 60, tokens: 3000, busy: 90 }, { running: 3, waiting: 2, kvCache: 0.75, requests: 30, tokens: 6000, busy: 30 }];
const PODS = ['iris-7d9f8c6b5-abcde', 'iris-7d9f8c6b5-x2x4z'];
/** Pods that a query must not count: of a service whose name begins alike, of one whose name ends alike, of another namespace. */
const OTHERS: [string, string][] = [['ml', 'iris-b-7d9f8c6b5-abcde'], ['ml', 'my-iris-7d9f8c6b5-abcde'], ['shop', 'iris-7d9f8c6b5-abcde'], ['ml', 'iris-canary-primary-7d9f8c6b5-abcde']];
const HEAVY: PodLoad = { running: 1000, waiting: 1000, kvCache: 1, requests: 99_000, tokens: 990_000, busy: 99_000 };

/** The series of a pod over fifteen minutes. */
function seriesOf(server: SeenServer, namespace: string, pod: string, load: PodLoad): TestSeries[] {
  return [
    { series: `up{namespace="${namespace}",pod="${pod}",job="a"}`, values: '1x30' },
    ...Object.entries(server.series(load)).map(([one, value]) => {
      const [, name, labels] = /^([^{]+)(?:\{(.*)\})?$/.exec(one)!;
      return { series: `${name}{namespace="${namespace}",pod="${pod}"${labels === undefined ? '' : `,${labels}`}}`, values: value.startsWith('+') ? `0${value}x30` : `${value}x30` };
    }),
  ];
}

const own = (server: SeenServer): TestSeries[] => PODS.flatMap((pod, i) => seriesOf(server, 'ml', pod, LOADS[i]!));
const others = (server: SeenServer): TestSeries[] => OTHERS.flatMap(([namespace, pod]) => seriesOf(server, namespace, pod, HEAVY));
const total = (of: (load: PodLoad) => number, loads = LOADS): number => loads.reduce((sum, load) => sum + of(load), 0);

/** What the pods with these loads amount to. */
function expected(server: SeenServer, signal: string, loads = LOADS): number {
  switch (signal) {
    case 'onConcurrency': return server.byTime ? total((load) => load.busy / 30, loads) : total((load) => load.running + load.waiting, loads);
    case 'onQueueDepth': return total((load) => load.waiting, loads);
    case 'onTokens': return total((load) => load.tokens / 30, loads);
    case 'onRequestRate': return total((load) => load.requests / 30, loads);
    default: return Math.max(...loads.map((load) => load.kvCache));
  }
}

const served = (server: SeenServer, scaling: Scaling, cluster = {}): Served => serve({ ...server.props, scaling }, { metricsUrl, ...cluster });
const triggers = (from: Served): any[] => from.one('ScaledObject').spec.triggers;
const query = (from: Served): string => triggers(from)[0].metadata.query;
const CASES = Object.entries(SERVERS).flatMap(([name, server]) => server.tells.map((signal) => [name, signal, server] as const));

describe.each(CASES)('%s, %s', (_, signal, server) => {
  const keda = query(served(server, SIGNALS[signal]()));

  test('gives one number: of its own pods, and of no others', () => {
    expectPromql([...own(server), ...others(server)], [{ query: keda, at: '10m', gives: [{ value: expected(server, signal) }] }]);
  });

  test('gives nothing where no pod of it is scraped: no zero that would take copies away', () => {
    expectPromql(others(server), [{ query: keda, at: '10m', gives: [] }]);
  });

  test('leaves out a pod that tells NaN', () => {
    const broken = seriesOf(server, 'ml', PODS[1]!, LOADS[1]!).map((one) => ({ ...one, values: Array(31).fill('NaN').join(' ') }));
    expectPromql([...seriesOf(server, 'ml', PODS[0]!, LOADS[0]!), ...broken], [{ query: keda, at: '10m', gives: [{ value: expected(server, signal, LOADS.slice(0, 1)) }] }]);
  });

  test('from zero copies is zero without pods, and nothing where their scrape fails', () => {
    const zero = query(served(server, SIGNALS[signal]({ min: 0, wake: Wake.onQuery('sum(gateway)') })));
    const silent = PODS.map((pod) => ({ series: `up{namespace="ml",pod="${pod}",job="a"}`, values: '0x30' }));
    expectPromql(others(server), [{ query: zero, at: '10m', gives: [{ value: 0 }] }]);
    expectPromql([...others(server), ...silent], [{ query: zero, at: '10m', gives: [] }]);
    expectPromql([...own(server), ...others(server)], [{ query: zero, at: '10m', gives: [{ value: expected(server, signal) }] }]);
  });

  test('is the same in the rule for prometheus-adapter, a number a pod', () => {
    const [rule] = parse(served(server, SIGNALS[signal]({ autoscaler: Autoscaler.HPA })).manifests.find((one) => one.metadata.name === 'iris-adapter-rules').data['rules.yaml']).rules;
    const asked = rule.metricsQuery.replaceAll('<<.LabelMatchers>>', `namespace="ml",pod=~"${PODS.join('|')}"`).replaceAll('<<.GroupBy>>', 'pod');
    expectPromql([...own(server), ...others(server)], [
      { query: asked, at: '10m', gives: PODS.map((pod, i) => ({ labels: `{pod="${pod}"}`, value: expected(server, signal, [LOADS[i]!]) })) },
      { query: `count(${rule.seriesQuery}) > bool 0`, at: '10m', gives: [{ value: 1 }] },
    ]);
  });
});

const summed = CASES.filter(([, signal]) => signal !== 'onKvCache');
test.each(summed)('%s, %s with standby asks for that many copies more', (_, signal, server) => {
  const made = served(server, SIGNALS[signal]({ standby: 2 }));
  const { query: asked, threshold } = triggers(made)[0].metadata;
  expectPromql(own(server), [{ query: asked, at: '10m', gives: [{ value: expected(server, signal) + 2 * Number(threshold) }] }]);
  expectPromql(others(server), [{ query: asked, at: '10m', gives: [] }]);
});

test('a rate holds when a scrape fails, at whatever interval pods are scraped', () => {
  const server = SERVERS.mlserver!;
  const asked = `round(${query(served(server, SIGNALS.onRequestRate(), { scrapeInterval: Duration.minutes(2) }))}, 0.001)`;
  const series = PODS.map((pod) => ({ series: `model_infer_request_duration_count{namespace="ml",pod="${pod}",model="iris"}`, values: '0+120x3 _ 600+120x10' }));
  expectPromql(series, [{ query: asked, at: '8m', gives: [{ value: 2 }] }, { query: asked, at: '20m', gives: [{ value: 2 }] }], '2m');
});

test('GPU use is the mean of the service\'s own devices', () => {
  const made = serve({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4', { count: 2 }), scaling: Scaling.onGpu({ min: 2, max: 4 }) }, { metricsUrl });
  const series = [['ml', PODS[0]!, 0, 80], ['ml', PODS[0]!, 1, 40], ['ml', PODS[1]!, 0, 60], ['ml', 'iris-b-7d9f8c6b5-abcde', 0, 100], ['shop', PODS[0]!, 0, 100]]
    .map(([namespace, pod, gpu, use]) => ({ series: `DCGM_FI_DEV_GPU_UTIL{namespace="${namespace}",pod="${pod}",container="server",gpu="${gpu}"}`, values: `${use}x30` }));
  expectPromql(series, [{ query: query(made), at: '10m', gives: [{ value: 0.6 }] }]);
});

describe('a wake', () => {
  const wake = (given: Wake): string => triggers(serve({ scaling: SIGNALS.onConcurrency({ min: 0, wake: given }) }, { metricsUrl })).find((one) => one.name === 'wake').metadata.query;
  const requests = (service: string, namespace: string, each: number): TestSeries => ({ series: `istio_requests_total{reporter="source",destination_service_name="${service}",destination_service_namespace="${namespace}",response_code="503"}`, values: `5+${each}x30` });

  test('by Istio is one while requests come, and none for those of others', () => {
    const asked = wake(Wake.onIstio());
    expectPromql([requests('iris', 'ml', 1), requests('other', 'ml', 9)], [{ query: asked, at: '10m', gives: [{ value: 1 }] }]);
    expectPromql([requests('iris', 'ml', 0), requests('iris', 'shop', 9)], [{ query: asked, at: '10m', gives: [{ value: 0 }] }]);
    expectPromql([requests('other', 'ml', 9)], [{ query: asked, at: '10m', gives: [] }]);
  });

  test('by a query is one above its bound', () => {
    const asked = wake(Wake.onQuery('sum(rate(gateway_total{host="a"}[2m])) + sum(queued)', { above: 2 }));
    const series = (queued: number): TestSeries[] => [{ series: 'gateway_total{host="a"}', values: '0+30x30' }, { series: 'queued', values: `${queued}x30` }];
    expectPromql(series(2), [{ query: asked, at: '10m', gives: [{ value: 1 }] }]);
    expectPromql(series(1), [{ query: asked, at: '10m', gives: [{ value: 0 }] }]);
  });
});

test('a query with standby has them in its unit, whatever stands in it', () => {
  const asked = query(serve({ scaling: Scaling.onQuery({ min: 2, max: 9, query: 'sum(a) or sum(b)', targetPerReplica: 2.5, standby: 3 }) }, { metricsUrl }));
  expectPromql([{ series: 'b{pod="x"}', values: '4x30' }], [{ query: asked, at: '10m', gives: [{ value: 11.5 }] }]);
});

test('pods are told by a pattern that knows names that are cut', () => {
  const long = `f${'x'.repeat(46)}`;
  const series = (pod: string, value: number): TestSeries => ({ series: `m{namespace="ml",pod="${pod}"}`, values: `${value}x30` });
  // 63 letters at the most: the dash before the last five is gone
  expectPromql([series(`${long}-7d9f8c6b5dabcde`, 1), series(`${long}-7d9f8c6b5-abcde`, 2), series(`${long}-b-7d9f8c6b5-abcde`, 4)], [{ query: `sum(m{${podMatchers('ml', long)}})`, at: '5m', gives: [{ value: 3 }] }]);
});

test('all of them are PromQL', () => {
  const queries = CASES.flatMap(([, signal, server]) => [SIGNALS[signal](), SIGNALS[signal]({ min: 0, wake: Wake.onIstio() })].flatMap((scaling) => triggers(served(server, scaling)).map((one) => one.metadata.query as string)));
  checkPromqlSyntax(queries);
  expect(queries.length).toBeGreaterThan(80);
});
