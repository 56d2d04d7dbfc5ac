import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { PythonProgram } from '../support/python-program';

// The payload store, run as its pod runs it.
const PROGRAM = join(__dirname, '../../assets/payload-store/store.py');
const AT = Date.parse('2026-11-20T10:30:00Z') / 1000;

let folder: string;
let store: PythonProgram;
let url: string;
let metricsUrl: string;

async function start(days = 36_500, mostBytes = 2 ** 30): Promise<void> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  store = await PythonProgram.start(PROGRAM, [folder, port, metricsPort, days, mostBytes], port);
  [url, metricsUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${metricsPort}`];
}
beforeEach(async () => { folder = mkdtempSync(join(tmpdir(), 'store-')); await start(); });
afterEach(async () => { await store.stop(); rmSync(folder, { recursive: true }); });

const event = (id: string, seconds = AT, more: object = {}): object => ({ specversion: '1.0', id, type: 'org.kubeflow.serving.inference.request', time: new Date(seconds * 1000).toISOString(), namespace: 'shop', inferenceservicename: 'fraud', data: { inputs: [] }, ...more });
const post = (body: unknown, type = 'application/cloudevents-batch+json', headers = {}): Promise<Response> => fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
async function events(since = AT - 3600, until = AT + 3600, place = 'shop/fraud'): Promise<any[]> {
  const answer = await fetch(`${url}/events/${place}?since=${since}&until=${until}`);
  expect(answer.status).toBe(200);
  return (await answer.text()).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}
const ids = async (...window: [number?, number?, string?]): Promise<string[]> => (await events(...window)).map((one) => one.id);
const metrics = async (): Promise<string> => (await fetch(`${metricsUrl}/metrics`)).text();

test('a batch, one event in JSON and one in headers are kept alike, in the order in which they came', async () => {
  expect((await post([event('a'), event('b')])).status).toBe(202);
  expect((await post(event('c'), 'application/cloudevents+json; charset=utf-8')).status).toBe(202);
  const headers = { 'ce-specversion': '1.0', 'ce-id': 'd', 'ce-type': 'org.kubeflow.serving.inference.response', 'ce-time': '2026-11-20T10:30:00Z', 'ce-namespace': 'shop', 'ce-inferenceservicename': 'fraud' };
  expect((await post('{"outputs": ["größe"]}', 'application/json', headers)).status).toBe(202);
  expect((await post('not json', 'text/plain', { ...headers, 'ce-id': 'e' })).status).toBe(202);
  const kept = await events();
  expect(kept.map((one) => one.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(kept[0]).toEqual(event('a'));
  expect(kept[3]).toMatchObject({ type: 'org.kubeflow.serving.inference.response', inferenceservicename: 'fraud', data: { outputs: ['größe'] } });
  expect(Buffer.from(kept[4].data_base64, 'base64').toString()).toBe('not json');
  expect(await metrics()).toContain('ml_payload_store_events_total{result="stored"} 5');
});

test('a window gives its hours, of its service alone', async () => {
  await post([event('early', AT - 7200), event('now'), event('late', AT + 7200), event('other', AT, { inferenceservicename: 'churn' })]);
  expect(await ids()).toEqual(['now']);
  expect(await ids(AT - 7200, AT + 7200)).toEqual(['early', 'now', 'late']);
  expect(await ids(AT - 3600, AT + 3600, 'shop/churn')).toEqual(['other']);
  expect(await ids(AT - 3600, AT + 3600, 'shop/none')).toEqual([]);
});

test.each<[string, unknown]>([
  ['no JSON', '['], ['no event', [{}]], ['no service', [event('a', AT, { inferenceservicename: undefined })]], ['a name that leads elsewhere', [event('a', AT, { inferenceservicename: '../../x' })]],
  ['a namespace that does', [event('a', AT, { namespace: '..' })]], ['a time that is none', [event('a', AT, { time: 'soon' })]], ['no list', '1'],
])('%s is refused, and nothing of it is kept', async (_, body) => {
  expect((await post(body)).status).toBe(400);
  expect(readdirSync(join(folder, 'events'))).toEqual([]);
  expect(await metrics()).toContain('ml_payload_store_events_total{result="refused"} 1');
});

test('what it keeps outlives it, also when it was killed within a line', async () => {
  await post([event('a')]);
  await fetch(`${url}/results/shop/fraud`, { method: 'PUT', body: 'ml_monitor_rows{namespace="shop"} 7\n' });
  await store.stop('SIGKILL');
  appendFileSync(join(folder, 'events/shop/fraud/2026-11-20T10.jsonl'), '{"id": "half');
  await start();
  await post([event('b')]);
  expect(await ids()).toEqual(['a', 'b']);
  expect(await metrics()).toContain('ml_monitor_rows{namespace="shop"} 7');
});

test('a result replaces the one before, and families of several services stand together', async () => {
  const put = (service: string, text: string): Promise<Response> => fetch(`${url}/results/shop/${service}`, { method: 'PUT', body: text });
  const family = (service: string, value: number): string => `# HELP ml_monitor_rows Rows\n# TYPE ml_monitor_rows gauge\nml_monitor_rows{inference_service="${service}"} ${value}\n# TYPE ml_drift_detected gauge\nml_drift_detected{inference_service="${service}"} 0\n`;
  await put('fraud', `${family('fraud', 1)}ml_prediction_total{class="gone"} 1\n`);
  await put('fraud', family('fraud', 2));
  expect((await put('churn', family('churn', 3))).status).toBe(204);
  const text = await metrics();
  expect(text).toContain('# HELP ml_monitor_rows Rows\n# TYPE ml_monitor_rows gauge\nml_monitor_rows{inference_service="churn"} 3\nml_monitor_rows{inference_service="fraud"} 2\n# TYPE ml_drift');
  expect(text).not.toContain('gone');
  expect((await put('../x', 'a 1')).status).toBe(400);
});

test('what is too old goes, and the oldest where there is too much', async () => {
  const now = Date.now() / 1000;
  await post([event('old', now - 3 * 86_400), event('before', now - 7200, { data: 'x'.repeat(1000) }), event('now', now, { data: 'x'.repeat(1000) })]);
  await store.stop();
  await start(2);
  await wait(async () => (await ids(now - 9 * 86_400, now)).join() === 'before,now');
  await store.stop();
  await start(2, 1500);
  await wait(async () => (await ids(now - 9 * 86_400, now)).join() === 'now');
  expect(existsSync(join(folder, 'events/shop/fraud'))).toBe(true);
});

test('metrics have a port of their own, on which nothing of the payloads is told', async () => {
  await post([event('a')]);
  expect((await fetch(`${metricsUrl}/events/shop/fraud?since=0&until=${AT}`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect((await fetch(`${metricsUrl}/results/shop/fraud`, { method: 'PUT', body: 'a 1' })).status).toBe(413);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('it ends when it is told to', async () => {
  expect(await store.stop()).toBe(0);
});

test('many at once lose nothing', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => post(Array.from({ length: 25 }, (__, j) => event(`${i}-${j}`)))));
  expect(new Set(await ids()).size).toBe(1000);
});

async function wait(until: () => Promise<boolean>): Promise<void> {
  for (let i = 0; !await until(); i++) {
    if (i > 100) throw new Error('it did not come about');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
