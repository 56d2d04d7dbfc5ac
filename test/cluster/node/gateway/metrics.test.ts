import { InferenceServer, InferenceService, MetricRole, MetricType, type ServerMetric } from 'cdk8s-serving';
import { Client } from '../../../support/cluster/client';
import { FAULTY_QUESTIONS, faultyModel } from '../../../support/cluster/faulty';
import { apply } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load, type LoadSummary } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { Prometheus } from '../../../support/cluster/prometheus';
import { sleep } from '../../../support/cluster/run';
import { synthesized } from '../../../support/cluster/synthesized';
import { waitFor } from '../../../support/cluster/wait';
import { podsOf, rolledOut, serviceAddress } from '../../../support/cluster/workloads';

const MODELS = { good: faultyModel({ version: 'v1' }), bad: faultyModel({ version: 'v2', failShare: 0.3 }), slow: faultyModel({ version: 'v3', delay: 300 }) };
const METRICS = InferenceServer.mlserver().facts.metrics.filter((metric) => metric.onlyWith === undefined);
const PROGRAMS = ['prometheus', 'victoria-metrics'] as const;

describe("what MLServer's metrics tell, as its entry in the catalogue has it", () => {
  const stores = {} as Record<(typeof PROGRAMS)[number], Prometheus>;
  const pods: Record<string, string> = {};
  let sent: Record<string, LoadSummary>;
  let before: number[];

  /** One metric of one model's pod, as PromQL. */
  const series = (metric: ServerMetric, model: string, suffix = '') => {
    const matchers = [`pod="${pods[model]}"`, metric.matchers, metric.modelLabel && `${metric.modelLabel}="${model}"`].filter(Boolean).join(',');
    return `${metric.name}${suffix}{${matchers}}`;
  };
  const of = (role: MetricRole, type?: MetricType) => METRICS.filter((metric) => metric.role === role && (type === undefined || metric.type === type));

  /** What clients saw of a model by the protocols that a metric counts: its name tells which. */
  const seen = (metric: ServerMetric, model: string, count: (summary: LoadSummary) => number) =>
    ['rest', 'grpc'].filter((protocol) => !/^(rest|grpc)_/.test(metric.name) || metric.name.startsWith(protocol)).map((protocol) => count(sent[`${model}-${protocol}`])).reduce((sum, one) => sum + one, 0);

  beforeAll(async () => {
    const namespace = await createNamespace('metrics');
    for (const program of PROGRAMS) stores[program] = await Prometheus.start({ namespaces: [namespace], program });
    await apply(await setNamespace(synthesized((chart) => { for (const [name, props] of Object.entries(MODELS)) new InferenceService(chart, name, props); }), namespace));
    const client = await Client.start(await createNamespace('client'));
    const streams: Record<string, { protocol: 'rest' | 'grpc'; address: string; model: string; rate: number }> = {};
    for (const model of Object.keys(MODELS)) {
      await rolledOut(model, namespace);
      pods[model] = (await podsOf(model, namespace))[0].metadata.name;
      for (const [protocol, port] of [['rest', 'http'], ['grpc', 'grpc']] as const) streams[`${model}-${protocol}`] = { protocol, address: await serviceAddress(model, namespace, port), model, rate: 5 };
    }
    for (const store of Object.values(stores)) await waitFor(async () => await store.value('sum(up)') === Object.keys(MODELS).length, { what: 'all pods to be scraped', timeout: 60_000, namespace });
    before = await Promise.all(METRICS.map(async (metric) => (await stores.prometheus.query(series(metric, 'good', metric.type === MetricType.HISTOGRAM || metric.type === MetricType.SUMMARY ? '_count' : ''))).length));
    sent = await (await Load.start(client, { model: FAULTY_QUESTIONS, streams, seconds: 10 })).finished();
    await sleep(3_000); // a scrape after the last answer
  });

  afterAll(async () => {
    for (const store of Object.values(stores)) await store.remove();
    await removeNamespaces();
  });

  test('the models go wrong as told', () => {
    expect(sent['good-rest']).toMatchObject(ALL_ANSWERED);
    expect(sent['bad-rest'].failed + sent['bad-grpc'].failed).toBe(Math.floor(0.3 * (sent['bad-rest'].sent + sent['bad-grpc'].sent)));
    expect(sent['slow-rest'].p50).toBeGreaterThan(300);
  });

  test('no metric of predictions is there before the first one', () => {
    expect(before).toEqual(METRICS.map(() => 0));
  });

  test.each(PROGRAMS)('%s: all requests are counted, those that fail too', async (program) => {
    for (const metric of of(MetricRole.REQUESTS)) {
      for (const model of ['good', 'bad']) expect([metric.name, model, await stores[program].value(`sum(${series(metric, model)})`)]).toEqual([metric.name, model, seen(metric, model, (one) => one.sent)]);
    }
  });

  test.each(PROGRAMS)('%s: failures are those that clients saw', async (program) => {
    for (const metric of of(MetricRole.FAILURES)) {
      expect([metric.name, await stores[program].value(`sum(${series(metric, 'bad')})`)]).toEqual([metric.name, seen(metric, 'bad', (one) => one.failed)]);
      expect([metric.name, await stores[program].value(`sum(${series(metric, 'good')}) or vector(0)`)]).toEqual([metric.name, 0]);
    }
  });

  test.each(PROGRAMS)('%s: histograms have the bounds that were said, and place the slow model right', async (program) => {
    const histograms = of(MetricRole.LATENCY, MetricType.HISTOGRAM);
    expect(histograms.map((metric) => metric.name)).toEqual(['rest_server_request_duration_seconds', 'grpc_server_handling_seconds']);
    for (const metric of histograms) {
      const bounds = (await stores[program].query(`sum by (le) (${series(metric, 'slow', '_bucket')})`)).map((one) => Number(one.metric.le.replace('+Inf', 'Infinity')));
      expect(bounds.sort((a, b) => a - b)).toEqual([...metric.buckets!, Infinity]);
      const median = await stores[program].value(`histogram_quantile(0.5, sum by (le) (${series(metric, 'slow', '_bucket')}))`);
      expect(median).toBeGreaterThan(0.25);
      expect(median).toBeLessThan(0.5);
      // an answer that fails takes its time as well
      expect(await stores[program].value(`sum(${series(metric, 'bad', '_count')})`)).toBe(seen(metric, 'bad', (one) => one.sent));
    }
  });

  test.each(PROGRAMS)('%s: an outage of the store ends its answers, and it knows the past when it is back', async (program) => {
    const metric = of(MetricRole.REQUESTS)[0];
    const requests = `sum(${series(metric, 'good')})`;
    await stores[program].stop();
    await expect(stores[program].query('vector(1)')).rejects.toThrow();
    await stores[program].resume();
    expect(await waitFor(() => stores[program].value(requests), { what: 'the requests to be told again', timeout: 30_000 })).toBe(seen(metric, 'good', (one) => one.sent));
  });
});
