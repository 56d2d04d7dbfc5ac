import { Duration } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Cluster, ClusterOperator, InferenceService, Scaling, ServingEngine } from 'cdk8s-serving';
import { adapterRules, PrometheusAdapter } from '../../../support/cluster/adapter';
import { Client } from '../../../support/cluster/client';
import { FAULTY_QUESTIONS, faultyModel } from '../../../support/cluster/faulty';
import { apply, get, isReady, type Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { Prometheus } from '../../../support/cluster/prometheus';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { deploymentOf, synthesized } from '../../../support/cluster/synthesized';
import { readyPods, rolledOut, serviceAddress } from '../../../support/cluster/workloads';
import { waitFor } from '../../../support/cluster/wait';

/** Milliseconds of each answer: as many requests are in work as come in a second. */
const DELAY = 1_000;
/** Requests a second. Were both services' load counted, `ranker` would have 5 copies in place of 3, and `scorer` 2 in place of 1. */
const RATES = { ranker: 10, scorer: 8 };
const TARGETS = { ranker: 4, scorer: 10 };
const COPIES = { ranker: Math.ceil(RATES.ranker / TARGETS.ranker), scorer: Math.ceil(RATES.scorer * (DELAY / 1_000) / TARGETS.scorer) };
const NAMES = ['ranker', 'scorer'] as const;
const METRICS = { ranker: 'serving_request_rate_model_infer_request_duration_count', scorer: 'serving_concurrency_rest_server_requests_in_progress' };
/** The rule of the first without the adapter's matchers. */
const UNGUARDED = 'request_rate_of_all';

/**
 * Two services of a namespace: one is scaled by what comes, one by what is in work. The latter has one copy: pods are scraped one after the other, and
 * requests in work on several don't add up to those of any moment.
 */
function services(namespace: string, cluster: Cluster, standby?: number): Manifest[] {
  return synthesized((chart) => {
    new ServingEngine(chart, 'Engine', { cluster });
    const model = { ...faultyModel({ version: 'v1', delay: DELAY }), cpu: Cpu.millis(20) };
    const bounds = { min: 1, max: 5, scaleDownAfter: Duration.seconds(15), standby };
    new InferenceService(chart, 'Ranker', { ...model, scaling: Scaling.onRequestRate({ ...bounds, targetPerReplica: TARGETS.ranker }) });
    new InferenceService(chart, 'Scorer', { ...model, scaling: Scaling.onConcurrency({ ...bounds, targetPerReplica: TARGETS.scorer }) });
  }, namespace);
}

const scrapeInterval = Duration.seconds(2);
const sum = (values: number[]): number => values.reduce((all, one) => all + one, 0);

/** The mean of some looks, one a scrape: a request more or less is in work at any moment. */
async function mean(look: () => Promise<number | undefined>): Promise<number> {
  const looks: number[] = [];
  for (let i = 0; i < 5; i++) { looks.push((await look())!); await sleep(2_000); }
  return sum(looks) / looks.length;
}

/** What is told of a service's load is that, but for a share. */
const expectLoad = (name: (typeof NAMES)[number], found: number) => expect(Math.abs(found / RATES[name] - 1)).toBeLessThan(0.15);

describe('the HPA on real pods, by what prometheus-adapter tells of them', () => {
  let namespace: string;
  let elsewhere: string;
  let prometheus: Prometheus;
  let adapter: PrometheusAdapter;
  let loads: Load[];
  let began: number;
  /** The name of the first pod of `ranker`, and of one in another namespace. */
  let twin: string;
  const most: Record<string, number> = {};

  /** Copies that the HPAs want now; the most they ever wanted is kept. */
  async function desired(): Promise<number[]> {
    const found = await Promise.all(NAMES.map(async (name) => (await get('hpa', name, namespace))?.status?.desiredReplicas ?? 0));
    NAMES.forEach((name, i) => { most[name] = Math.max(most[name] ?? 0, found[i]); });
    return found;
  }

  const told = async (name: (typeof NAMES)[number], metric = METRICS[name]): Promise<Record<string, number>> =>
    adapter.ofPods(metric, namespace, (await get('deployment', name, namespace))!.spec.selector.matchLabels);

  beforeAll(async () => {
    [namespace, elsewhere] = [await createNamespace('custom-metric'), await createNamespace('elsewhere')];
    const manifests = services(namespace, Cluster.of({ scrapeInterval, operators: [ClusterOperator.CUSTOM_METRICS] }));
    const [client] = await Promise.all([createNamespace('client').then(Client.start), apply(manifests)]);
    prometheus = await Prometheus.start({ namespaces: [namespace, elsewhere] });
    const rules = adapterRules(manifests);
    const rule = rules.find((one) => one.name.as === METRICS.ranker)!;
    adapter = await PrometheusAdapter.start(prometheus.address, [...rules, { ...rule, name: { as: UNGUARDED }, metricsQuery: rule.metricsQuery.replace('<<.LabelMatchers>>', '') }]);
    for (const name of NAMES) await rolledOut(name, namespace);

    const startLoad = async (where: string, names: readonly (typeof NAMES)[number][]): Promise<Load> => {
      const streams = await Promise.all(names.map(async (name) => [name, { protocol: 'rest' as const, address: await serviceAddress(name, where, 'http'), model: name, rate: RATES[name] }] as const));
      return Load.start(client, { model: FAULTY_QUESTIONS, streams: Object.fromEntries(streams) });
    };
    twin = (await readyPods('ranker', namespace))[0].metadata.name;
    loads = [await startLoad(namespace, NAMES)];
    began = Date.now();

    const ofRanker = manifests.filter(({ kind, metadata }) => metadata.name.startsWith('ranker') && !['Deployment', 'HorizontalPodAutoscaler'].includes(kind));
    const { metadata, spec } = deploymentOf(manifests.filter((one) => one.metadata.name === 'ranker')).spec.template;
    await apply(await setNamespace([...ofRanker, { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: twin, namespace }, spec }], elsewhere));
    await waitFor(async () => { const pod = await get('pod', twin, elsewhere); return pod && isReady(pod); }, { what: 'the pod of the same name', timeout: 120_000, namespace: elsewhere });
    loads.push(await startLoad(elsewhere, ['ranker']));
  });

  afterAll(async () => {
    await adapter?.remove();
    await removeNamespaces();
    await prometheus?.remove();
  });

  test('wants as many copies as the load is of their target', async () => {
    await waitFor(async () => (await desired())[0] === COPIES.ranker && (await readyPods('ranker', namespace)).length === COPIES.ranker, { what: `${COPIES.ranker} Ready pods`, timeout: 120_000, namespace });
    measured('HPA by a custom metric', { secondsToAllPods: (Date.now() - began) / 1000 });
    expect(await desired()).toEqual([3, 1]);
  });

  test('keeps to that while the load lasts, whatever other services have', async () => {
    for (const end = Math.max(Date.now() + 20_000, began + 70_000); Date.now() < end;) { await desired(); await sleep(1_000); } // the rate is of a minute
    expect([most, await desired()]).toEqual([COPIES, NAMES.map((name) => COPIES[name])]);
  });

  test.each(NAMES)('is told of the pods of %s, and of no others', async (name) => {
    expect(Object.keys(await told(name)).sort()).toEqual((await readyPods(name, namespace)).map((pod) => pod.metadata.name).sort());
    const load = await mean(async () => sum(Object.values(await told(name))));
    measured(`the adapter, of ${name}`, load);
    expectLoad(name, load);
  });

  test('would be told of a pod of the same name in another namespace, were the rule without the matchers', async () => {
    const right = (await told('ranker'))[twin];
    const wrong = (await told('ranker', UNGUARDED))[twin];
    measured('one pod, and with its namesake', [right, wrong]);
    expect(right).toBeLessThan(RATES.ranker / 2);
    expect(wrong).toBeGreaterThan(RATES.ranker);
  });

  test.each([undefined, 2])("KEDA's queries give the same (standby: %s)", async (standby) => {
    const cluster = Cluster.of({ scrapeInterval, metricsUrl: prometheus.address, operators: [ClusterOperator.KEDA] });
    const objects = services(namespace, cluster, standby).filter((one) => one.kind === 'ScaledObject');
    expect(objects.map((one) => one.metadata.name)).toEqual(NAMES);
    const values = await Promise.all(objects.map((one) => mean(() => prometheus.value(one.spec.triggers[0].metadata.query))));
    measured(`KEDA's queries, standby ${standby ?? 0}`, values);
    NAMES.forEach((name, i) => expectLoad(name, values[i] - (standby ?? 0) * TARGETS[name]));
  });

  test('lets copies go when the load is over, and no request was lost', async () => {
    const summaries = await Promise.all(loads.map((load) => load.stop()));
    const stopped = Date.now();
    expect(summaries.flatMap((all) => Object.values(all))).toMatchObject(Array(3).fill(ALL_ANSWERED));
    await waitFor(async () => (await readyPods('ranker', namespace)).length === 1, { what: 'one pod again', timeout: 180_000, namespace });
    measured('HPA by a custom metric', { secondsToOnePod: (Date.now() - stopped) / 1000 });
    expect(await desired()).toEqual([1, 1]);
  });
});
