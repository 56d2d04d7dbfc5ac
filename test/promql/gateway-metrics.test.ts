import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { GatewayMetrics, Objective, Sli } from 'cdk8s-serving';
import { freePort } from '../support/free-port';
import { program } from '../support/cluster/programs';
import { watch } from '../support/watched';

/**
 * Objectives at a gateway, by what a real Envoy counts and a real Prometheus scrapes of it. Of the control planes just the names that they give their
 * clusters are laid in: Contour's alt_stat_name (internal/dag: namespace_service_port), Envoy Gateway's names of routes' destinations.
 */
const CLUSTERS = { contour: 'ml_iris_80', other: 'ml_iris-2_80', envoyGateway: 'httproute/ml/iris/rule/0', gone: 'ml_gone_80' } as const;
const SENT = 40;
/** One in so many is answered with an error; of the other service's, all. */
const FAILS = 4;

const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
const running: ChildProcess[] = [];
let backend: Server;
let store: string;

const start = (command: string, ...args: string[]) => { running.push(spawn(command, args, { stdio: 'ignore', cwd: folder })); };
const until = async (what: string, done: () => Promise<boolean>) => {
  for (let i = 0; i < 300; i++) {
    if (await done().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within half a minute`);
};

beforeAll(async () => {
  const envoy = join(await program('envoy'), 'envoy');
  const asked: { [path: string]: number } = {};
  backend = createServer(({ url }, response) => { response.statusCode = url === '/other' || (asked[url!] = (asked[url!] ?? 0) + 1) % FAILS === 0 ? 500 : 200; response.end('{}'); });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const [admin, listener, prometheus] = [await freePort('127.0.0.1'), await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const at = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });
  const cluster = ([name, stat]: [string, string]) => ({
    name, alt_stat_name: stat, type: 'STATIC', connect_timeout: '1s',
    // a Service without pods is a cluster without endpoints: Envoy answers in its place
    load_assignment: { cluster_name: name, endpoints: name === 'gone' ? [] : [{ lb_endpoints: [{ endpoint: { address: at((backend.address() as { port: number }).port) } }] }] },
  });
  const routes = Object.keys(CLUSTERS).map((name) => ({ match: { path: `/${name}` }, route: { cluster: name } }));
  const manager = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', stat_prefix: 'in', route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes }] },
    http_filters: [{ name: 'router', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } }],
  };
  writeFileSync(join(folder, 'envoy.json'), JSON.stringify({
    admin: { address: at(admin) },
    static_resources: { listeners: [{ address: at(listener), filter_chains: [{ filters: [{ name: 'http', typed_config: manager }] }] }], clusters: Object.entries(CLUSTERS).map(cluster) },
  }));
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: [{ job_name: 'gateway', scrape_interval: '1s', metrics_path: '/stats/prometheus', static_configs: [{ targets: [`127.0.0.1:${admin}`] }] }] }));
  start(envoy, '-c', join(folder, 'envoy.json'), '--use-dynamic-base-id', '--concurrency', '1', '--log-level', 'off');
  start('prometheus', `--config.file=${join(folder, 'prometheus.yml')}`, `--web.listen-address=127.0.0.1:${prometheus}`, `--storage.tsdb.path=${join(folder, 'data')}`);
  store = `http://127.0.0.1:${prometheus}`;
  const ask = async (path: string) => { await (await fetch(`http://127.0.0.1:${listener}/${path}`)).text(); };
  await until('Envoy', () => ask('contour').then(() => true));
  // all classes of answers: a counter that begins above 0 has no rate
  for (let i = 0; i < FAILS; i++) await Promise.all(Object.keys(CLUSTERS).map(ask));
  // rates are of what is counted between scrapes: each series is to be there before
  await until('the first scrape', async () => Object.values(CLUSTERS).every((name) => names.has(name)) || (await seen()));
  await flushed();
  for (let i = 0; i < SENT; i++) await Promise.all(Object.keys(CLUSTERS).map(ask));
  await flushed();
}, 300_000);

afterAll(async () => {
  for (const one of running) one.kill();
  backend.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Envoy tells of histograms every five seconds alone. */
const flushed = () => new Promise((resolve) => setTimeout(resolve, 7000));

const names = new Set<string>();
async function seen(): Promise<boolean> {
  for (const { metric } of await query('envoy_cluster_upstream_rq_xx')) names.add(metric.envoy_cluster_name!);
  return Object.values(CLUSTERS).every((name) => names.has(name));
}

async function query(expr: string): Promise<{ metric: { [label: string]: string }; value: [number, string] }[]> {
  const answer = await (await fetch(`${store}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: expr }) })).json() as any;
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
  return answer.data.result;
}

/** What a recording rule of an objective gives. */
async function recorded(metrics: GatewayMetrics, name: string, record: string, objective: string): Promise<number | undefined> {
  const rules = watch({ name, sli: Sli.gateway(metrics), objectives: [Objective.availability(99), Objective.latency({ p: 99, below: Duration.millis(250) })] }).rules;
  const rule = rules.find((one) => one.record === `inference_service:${record}` && one.labels.objective === objective);
  const [first, ...others] = await query(rule.expr);
  expect(others).toEqual([]);
  return first && Number(first.value[1]);
}

test.each([['Contour', GatewayMetrics.contour()], ['Envoy Gateway', GatewayMetrics.envoyGateway()]])('%s: the share of requests that failed, of this service alone', async (_, metrics) => {
  const share = await recorded(metrics, 'iris', 'slo_bad:ratio_rate5m', 'availability');
  expect(share).toBeCloseTo(1 / FAILS, 5);
  expect(await recorded(metrics, 'nobody', 'slo_valid:rate5m', 'availability')).toBeUndefined();
});

test.each([['Contour', GatewayMetrics.contour()], ['Envoy Gateway', GatewayMetrics.envoyGateway()]])('%s: answers in time, by a bucket that Envoy has', async (_, metrics) => {
  expect(await recorded(metrics, 'iris', 'slo_valid:rate5m', 'latency-p99-250ms')).toBeGreaterThan(0);
  expect(await recorded(metrics, 'iris', 'slo_bad:ratio_rate5m', 'latency-p99-250ms')).toBe(0);
});

test('a service of which no copy is there fails for all, which its servers could not tell', async () => {
  expect(await recorded(GatewayMetrics.contour(), 'gone', 'slo_bad:ratio_rate5m', 'availability')).toBe(1);
});

test('the bounds are those of Envoy', async () => {
  const bounds = new Set((await query('envoy_cluster_upstream_rq_time_bucket')).map(({ metric }) => metric.le).filter((le) => le !== '+Inf').map(Number));
  expect([...bounds].sort((a, b) => a - b)).toEqual(GatewayMetrics.contour()._props.latencyBuckets);
});
