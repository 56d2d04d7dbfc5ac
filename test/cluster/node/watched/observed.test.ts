import { MetricsBackend } from 'cdk8s-serving';
import { ALERTS } from '../../../../lib/watch/alerts/catalogue';
import * as vocabulary from '../../../../lib/watch/series';
import { FAULTY_QUESTIONS } from '../../../support/cluster/faulty';
import { hastened, hastenedQuery, selectorsOf } from '../../../support/cluster/hasten';
import { IrisWorld } from '../../../support/cluster/iris';
import { KubeState } from '../../../support/cluster/kube-state';
import { apply, kubectl, list, type Manifest, tryKubectl } from '../../../support/cluster/kubectl';
import { Load } from '../../../support/cluster/load';
import { type FoundService, podScrape, type ScrapeConfig, serviceScrape } from '../../../support/cluster/monitors';
import { createNamespace, removeClusterScoped, removeNamespaces } from '../../../support/cluster/namespaces';
import { type ActiveAlert, alertsOf, Prometheus } from '../../../support/cluster/prometheus';
import { measured } from '../../../support/cluster/report';
import { VmAlert } from '../../../support/cluster/vmalert';
import { waitFor } from '../../../support/cluster/wait';
import { type WatchedWorld, watchedWorld, type WorldState } from '../../../support/cluster/watched-world';
import { rolledOut, serviceAddress } from '../../../support/cluster/workloads';

/** Requests a second to each service, of which of fraud's half fail at first. */
const RATE = 4;
const BACKENDS = { Prometheus: MetricsBackend.prometheusOperator, VictoriaMetrics: MetricsBackend.victoriaMetrics } as const;
type Backend = keyof typeof BACKENDS;
const NAMES = Object.keys(BACKENDS) as Backend[];

/** Series and alerts that none of these services can have, and why: a real store has not confirmed them here, tests of queries over given series have. */
const NOT_OF_THESE: readonly (readonly [name: RegExp, why: string])[] = [
  [/token|kv_cache/, 'of language models'],
  [/gpu|devices_reserved/i, 'of GPUs, which this node has none of'],
  [/volume_cost/, 'of OpenCost, which does not run here'],
  [/requests_waiting|queue_duration|QueueGrowing/, 'MLServer tells of no queue without parallel workers'],
  [/batch_size/, 'of batching, which is off'],
  [/CertificateExpiring/, 'nothing here is reached from outside'],
  [/HoldPast/, 'nothing here is held'],
  [/^Model/, 'of monitors of models and of payload logging, which have tests of their own'],
];
/** Series that alerts read and this test can't bring about. */
const NOT_BROUGHT_ABOUT: readonly (readonly [series: RegExp, why: string])[] = [
  [/^kube_pod_init_container_status_waiting_reason\{/, 'no init container of theirs crashes; of containers it is seen'],
];

/** What is told of the services as they are first. */
const WRONG = [
  'fraud InferenceServiceErrorBudgetBurn critical', 'shop InferenceServiceCrashLoop warning', 'shop InferenceServiceDown critical', 'giant InferenceServiceUnschedulable warning', 'giant InferenceServiceDown critical',
];
/** Its shorter window is of hours: many minutes here. */
const SLOW_BURN = 'fraud InferenceServiceErrorBudgetBurn warning';

const FIRST: WorldState = { fraud: { version: 'v1', failShare: 0.5 }, shopLoads: false };
const MENDED: WorldState = { fraud: { version: 'v2' }, shopLoads: true };

describe('services watched by a real Prometheus, and by a real VictoriaMetrics with vmalert', () => {
  let namespace: string;
  let world: IrisWorld;
  let kubeState: KubeState;
  let found: FoundService[];
  let token: string;
  let cadvisorNames: boolean;
  let loads: Load[] = [];
  let vmalert: VmAlert;
  const stores = {} as Record<Backend, Prometheus>;
  const worlds = {} as Record<Backend, WatchedWorld>;

  const build = (state: WorldState, backend: Backend): WatchedWorld => watchedWorld(BACKENDS[backend], state, { namespace, endpoint: `http://minio.${world.storage}:9000` });

  /** The scrapes of what the operator was told, as it would configure its store. */
  const scrapesOf = (monitors: Manifest[]) => (pods: object): ScrapeConfig[] => monitors.flatMap((monitor) => {
    if (/^(PodMonitor|VMPodScrape)$/.test(monitor.kind)) return [podScrape(monitor, pods, () => '2s')];
    const scrape = serviceScrape(monitor, found, token, () => (/kubelet/.test(monitor.metadata.name) ? '5s' : '2s'));
    // Where cAdvisor does not know containerd's socket it tells of control groups without the names of containers; the kubelet itself tells of them under the same names.
    return scrape.metrics_path === '/metrics/cadvisor' && !cadvisorNames ? [scrape, { ...scrape, job_name: `${scrape.job_name}/resource`, metrics_path: '/metrics/resource' }] : [scrape];
  });

  const alerts = (backend: Backend): Promise<ActiveAlert[]> => alertsOf(backend === 'Prometheus' ? stores.Prometheus.address : vmalert.address);
  const firing = async (backend: Backend): Promise<string[]> =>
    [...new Set((await alerts(backend)).filter(({ state }) => state === 'firing').map(({ labels }) => `${labels.inference_service ?? '-'} ${labels.alertname} ${labels.severity}`))].sort();
  const waitForAlerts = (backend: Backend, what: string, holds: (now: string[]) => boolean) => waitFor(async () => {
    const now = await firing(backend);
    if (!holds(now)) throw new Error(`firing: ${now.join(', ')}`);
    return now;
  }, { what: `${backend}: ${what}`, timeout: 180_000, every: 1_000, namespace });
  /** Whether a query gives data, now or at a time of this test. */
  const gave = async (backend: Backend, query: string): Promise<boolean> =>
    (await stores[backend].query(query)).length > 0 || (await stores[backend].query(`count(last_over_time((${query})[6m:5s]))`)).length > 0;
  const silent = async (backend: Backend, queries: readonly string[]): Promise<string[]> => {
    const without: string[] = [];
    for (const query of new Set(queries)) if (!await gave(backend, query)) without.push(query);
    return without;
  };

  const rulesOf = (backend: Backend): any[] => worlds[backend].rules.flatMap((object) => object.spec.groups.flatMap((group: any) => group.rules));

  beforeAll(async () => {
    namespace = await createNamespace('observed');
    world = await IrisWorld.start('storage-observed');
    for (const backend of NAMES) worlds[backend] = build(FIRST, backend);
    // the services are the same under both; of what watches them, the API server takes both kinds
    await apply([world.s3.secret('minio', namespace)]);
    await apply(worlds.Prometheus.manifests);
    await apply([...worlds.VictoriaMetrics.scrapes, ...worlds.VictoriaMetrics.rules]);
    kubeState = await KubeState.start(namespace);
    token = (await kubectl(['create', 'token', 'watch-prometheus', '--namespace', namespace])).trim();
    found = [
      { namespace, labels: { 'app.kubernetes.io/name': 'kube-state-metrics' }, port: 'http', address: kubeState.address },
      ...(await list('nodes')).filter(({ metadata }) => !metadata.annotations?.['kwok.x-k8s.io/node']).map(({ status }) => ({
        namespace: 'kube-system', labels: { 'k8s-app': 'kubelet' }, port: 'https-metrics', address: `${status.addresses.find((one: any) => one.type === 'InternalIP').address}:${status.daemonEndpoints.kubeletEndpoint.Port}`,
      })),
    ];
    const [node] = (await list('nodes')).map(({ metadata }) => metadata.name);
    cadvisorNames = /^container_memory_working_set_bytes\{container="\w/m.test(await kubectl(['get', '--raw', `/api/v1/nodes/${node}/proxy/metrics/cadvisor`]));
    stores.Prometheus = await Prometheus.start({ namespaces: [namespace], scrapes: scrapesOf(worlds.Prometheus.scrapes), rules: hastened(worlds.Prometheus.rules) });
    stores.VictoriaMetrics = await Prometheus.start({ namespaces: [namespace], program: 'victoria-metrics', scrapes: scrapesOf(worlds.VictoriaMetrics.scrapes) });
    vmalert = await VmAlert.start(stores.VictoriaMetrics.address, hastened(worlds.VictoriaMetrics.rules));
    await Promise.all(['iris', 'fraud'].map((name) => rolledOut(name, namespace)));
    const stream = async (name: string) => ({ all: { protocol: 'rest' as const, address: await serviceAddress(name, namespace, 'http'), model: name, rate: RATE } });
    loads = [await Load.start(world.client, { model: world.trained, streams: await stream('iris') }), await Load.start(world.client, { model: FAULTY_QUESTIONS, streams: await stream('fraud') })];
  }, 300_000);

  afterAll(async () => {
    await Promise.all(loads.map((load) => load.stop()));
    await vmalert?.remove();
    await Promise.all(Object.values(stores).map((store) => store.remove()));
    await kubeState?.stop();
    await removeNamespaces();
    if (worlds.Prometheus !== undefined) await removeClusterScoped(worlds.Prometheus.manifests);
    await world?.stop();
  }, 300_000);

  test('the account that scrapes may look for pods and read the kubelets, and nothing else', async () => {
    const may = async (...what: string[]): Promise<string> => (await tryKubectl(['auth', 'can-i', ...what, `--as=system:serviceaccount:${namespace}:watch-prometheus`])).stdout.trim();
    const asked = [['list', 'pods', '-n', namespace], ['get', 'nodes', '--subresource=metrics'], ['list', 'pods', '-n', 'default'], ['list', 'secrets', '-n', namespace], ['get', 'nodes']];
    expect(await Promise.all(asked.map((what) => may(...what)))).toEqual(['yes', 'yes', 'no', 'no', 'no']);
  });

  test.each(NAMES)("%s: the scrape finds each service's pods, and each series tells service and version", async (backend) => {
    const up = `up{namespace="${namespace}",inference_service!=""}`;
    const told = async (): Promise<string[]> => [...new Set((await stores[backend].query(`${up} == 1`)).map(({ metric }) => `${metric.inference_service} ${metric.model_version}`))].filter((one) => !one.startsWith('shop')).sort();
    await waitFor(async () => (await told()).length >= 2, { what: 'targets', timeout: 30_000 });
    expect(await told()).toEqual(['fraud v1', 'iris v1']);
    // the pods, and not each of their ports
    const pods = (await list('pods', { namespace })).filter(({ metadata, status }) => status?.podIP && metadata.labels?.['app.kubernetes.io/managed-by']);
    expect((await stores[backend].query(up)).length).toBeLessThanOrEqual(pods.length);
  });

  test.each(NAMES)('%s: what fails is told, and of whom: a budget that burns, a crash loop, a service that is down, a copy that no node takes', async (backend) => {
    const began = Date.now();
    const now = await waitForAlerts(backend, WRONG.join(', '), (found) => WRONG.every((one) => found.includes(one)));
    measured(`${backend}: seconds until all alerts fire`, (Date.now() - began) / 1000);
    expect(now.filter((one) => /^iris|^-/.test(one))).toEqual([]);
    const burn = (await alerts(backend)).find(({ labels }) => labels.alertname === 'InferenceServiceErrorBudgetBurn')!;
    expect(burn.labels).toMatchObject({ namespace, inference_service: 'fraud', team: 'risk', objective: 'availability' });
  });

  test.each(NAMES)('%s: what is recorded is what was asked', async (backend) => {
    const value = (series: string, name: string, more = ''): Promise<number | undefined> => stores[backend].value(`${series}{namespace="${namespace}",inference_service="${name}"${more}}`);
    // the window of a rate fills from when requests began
    await waitFor(async () => {
      const rates = await Promise.all(['iris', 'fraud'].map((name) => value('inference_service:requests:rate5m', name)));
      if (!rates.every((rate) => Math.abs(rate! / RATE - 1) < 0.25)) throw new Error(`requests a second: ${rates.join(', ')}`);
      return true;
    }, { what: `${backend}: ${RATE} requests a second`, timeout: 60_000, every: 1_000, namespace });
    expect(Math.abs((await value('inference_service:request_failures:ratio_rate5m', 'fraud'))! - FIRST.fraud.failShare!)).toBeLessThan(0.1);
    expect(await value('inference_service:request_failures:ratio_rate5m', 'iris')).toBe(0);
    expect(await value('inference_service:slo_budget_left:ratio', 'iris', ',objective="availability"')).toBe(1);
    expect(await value('inference_service:slo_budget_left:ratio', 'fraud', ',objective="availability"')).toBeLessThan(-10);
    expect([await value('inference_service:copies_ready:count', 'fraud'), await value('inference_service:copies_wanted:count', 'giant'), await value('inference_service:copies_ready:count', 'giant')]).toEqual([1, 1, 0]);
  });

  test('ready copies that the scrape misses are told: by a wrong port, and by series without the label of the service', async () => {
    const irisOtherwise = (backend: Backend, edit: (endpoint: any) => void): void => {
      const scrapes = structuredClone(worlds[backend].scrapes);
      edit(scrapes.find(({ kind, metadata }) => /Pod/.test(kind) && metadata.name === 'iris')!.spec.podMetricsEndpoints[0]);
      stores[backend].reconfigure(scrapesOf(scrapes));
    };
    irisOtherwise('Prometheus', (endpoint) => { endpoint.port = 'grpc'; });
    irisOtherwise('VictoriaMetrics', (endpoint) => { endpoint.relabelConfigs = endpoint.relabelConfigs.filter(({ targetLabel }: any) => targetLabel !== 'inference_service'); });
    await mend(); // takes its time meanwhile
    await Promise.all(NAMES.map((backend) => waitForAlerts(backend, 'a lost scrape', (now) => now.includes('iris InferenceServiceScrapeLost warning'))));
    for (const backend of NAMES) stores[backend].reconfigure(scrapesOf(worlds[backend].scrapes));
  });

  /** New versions of what is broken, as a release has them. */
  async function mend(): Promise<void> {
    const { manifests } = build(MENDED, 'Prometheus');
    await apply(manifests.filter(({ metadata }) => /^(fraud|shop)/.test(metadata.name)), { force: true });
    await Promise.all(['fraud', 'shop'].map((name) => rolledOut(name, namespace)));
  }

  test.each(NAMES)('%s: what is mended is told no more', async (backend) => {
    await waitForAlerts(backend, 'the end of all that was mended', (now) => now.length > 0 && now.every((one) => one.startsWith('giant ') || one === SLOW_BURN));
  });

  test.each(NAMES)('%s: both versions of a release are told apart', async (backend) => {
    const of = `{namespace="${namespace}",inference_service="fraud"}`;
    const versions = await stores[backend].query(`count by (model_version) (last_over_time(inference_service_version:requests:share5m${of}[6m]))`);
    expect(versions.map(({ metric }) => metric.model_version).sort()).toEqual(['v1', 'v2']);
    expect(await stores[backend].value(`max(max_over_time(inference_service_version:request_failures:rate5m{namespace="${namespace}",inference_service="fraud",model_version="v2"}[6m]))`)).toBe(0);
  });

  test.each(NAMES)('%s: every recording rule of services that are asked has data', async (backend) => {
    const labels = ['namespace', 'inference_service', 'objective'];
    const selectors = asked(rulesOf(backend)).filter(({ record }) => record !== undefined)
      .map((rule) => `${rule.record}{${labels.filter((name) => rule.labels[name] !== undefined).map((name) => `${name}="${rule.labels[name]}"`).join(',')}}`);
    expect(selectors.length).toBeGreaterThan(40);
    expect(await silent(backend, selectors)).toEqual([]);
  });

  test('series and alerts that none of these services has are known, each with its reason', () => {
    const recorded = new Set(rulesOf('Prometheus').map(({ record, alert }) => record ?? alert));
    const all = [...Object.values(vocabulary).flatMap((one) => (typeof one === 'object' && 'help' in one ? [one.name] : [])), ...ALERTS.map(({ name }) => name)];
    const others = all.filter((name) => !recorded.has(name));
    expect(others.filter((name) => !NOT_OF_THESE.some(([series]) => series.test(name)))).toEqual([]);
    expect(NOT_OF_THESE.filter(([series]) => !others.some((name) => series.test(name)))).toEqual([]);
  });

  test.each(NAMES)('%s: every query of every dashboard has data', async (backend) => {
    // those of services that never answer have none to show
    const queries = worlds[backend].queries.filter(({ dashboard }) => !/^(shop|giant) /.test(dashboard));
    expect(new Set(queries.map(({ dashboard }) => dashboard)).size).toBe(6);
    expect(await silent(backend, queries.map(({ expr }) => hastenedQuery(expr)))).toEqual([]);
  });

  test.each(NAMES)('%s: every series that an alert reads is there, of one service or another', async (backend) => {
    const rules = rulesOf(backend).filter(({ alert }) => alert !== undefined);
    const alike = new Map<string, string[]>(); // the same series of each service
    for (const { expr, labels } of rules) for (const selector of selectorsOf(expr)) {
      const key = selector.replaceAll(labels.inference_service, '*');
      alike.set(key, [...alike.get(key) ?? [], selector]);
    }
    expect(alike.size).toBeGreaterThan(25);
    const missing: string[] = [];
    for (const [key, selectors] of alike) if ((await silent(backend, [selectors.join(' or ')])).length > 0 && !NOT_BROUGHT_ABOUT.some(([series]) => series.test(key))) missing.push(key);
    expect(missing).toEqual([]);
  });
});

/** Rules of the services that get requests. */
const asked = (rules: any[]): any[] => rules.filter(({ labels }) => ['iris', 'fraud'].includes(labels.inference_service));
