import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from '../support/free-port';
import { PythonProgram } from '../support/python-program';

// The payload logger between real clients and servers.
const PROGRAM = join(__dirname, '../../assets/payload-logger/logger.py');
const PATH = '/v2/models/iris/infer';
const folder = mkdtempSync(join(tmpdir(), 'logger-'));

let answer: RequestListener;
let sink: RequestListener;
let servers: Server[];
let logger: PythonProgram;
let ports: { logger: number; metrics: number; sink: number };
let seen: { url: string; headers: IncomingMessage['headers']; body: string }[];
let told: { headers: IncomingMessage['headers']; body: any; path: string }[];

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return (server.address() as AddressInfo).port;
}

async function body(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function start(more: object = {}): Promise<void> {
  const target = await listen(async (asked, response) => {
    const text = await body(asked);
    seen.push({ url: asked.url!, headers: asked.headers, body: text.toString('latin1') });
    answer(asked, response);
  });
  const sinkPort = await listen(async (asked, response) => {
    const text = (await body(asked)).toString();
    told.push({ headers: asked.headers, body: text === '' ? undefined : JSON.parse(text), path: asked.url! });
    sink(asked, response);
  });
  ports = { logger: await freePort(), metrics: await freePort(), sink: sinkPort };
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify({
    port: ports.logger, target, metricsPort: ports.metrics, url: `http://127.0.0.1:${sinkPort}/in`, format: 'batch', paths: ['/v2/models'], notPaths: ['/v2/repository'], samplePercent: 100,
    mode: 'both', headers: [], exclude: [], mostBytes: 100_000, queueBytes: 1_000_000, stopSeconds: 3, source: 'http://iris.ml', service: 'iris', namespace: 'ml', version: 'v7', ...more,
  }));
  logger = await PythonProgram.start(PROGRAM, [settings], ports.logger);
}

const json = (value: unknown, status = 200): RequestListener => (_, response) => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value)); };
const accept: RequestListener = (_, response) => { response.writeHead(202).end(); };

beforeEach(() => { [servers, seen, told, answer, sink] = [[], [], [], json({ id: 'server-1', outputs: [1] }), accept]; });
afterEach(async () => {
  await logger.stop('SIGKILL');
  for (const server of servers) { server.closeAllConnections(); server.close(); }
});
afterAll(() => rmSync(folder, { recursive: true }));

const url = (path = PATH): string => `http://127.0.0.1:${ports.logger}${path}`;
const ask = (value: unknown = { inputs: [] }, headers: Record<string, string> = {}, path = PATH): Promise<Response> => fetch(url(path), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof value === 'string' ? value : JSON.stringify(value) });
const events = (): any[] => told.flatMap((one) => one.body);
const OWN = 'inference_service="iris",namespace="ml"';
const metric = async (series: string): Promise<number> => Number(new RegExp(`^${(series.includes('{') ? series.replace('{', `{${OWN},`) : `${series}{${OWN}}`).replace(/[{}]/g, '\\$&')} (.*)$`, 'm').exec(await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text())?.[1]);

async function until(holds: () => boolean | Promise<boolean>, what = 'it did not come about'): Promise<void> {
  for (let i = 0; !await holds(); i++) {
    if (i > 200) throw new Error(what);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

test('passes on what is asked and answered as it is, and tells the sink both with one id', async () => {
  await start();
  const response = await ask('{"inputs": [ "größe" ]}', { 'x-request-id': 'mine', 'x-a': 'b' });
  expect([response.status, await response.json()]).toEqual([200, { id: 'server-1', outputs: [1] }]);
  expect(seen[0]).toMatchObject({ url: PATH, headers: { 'x-a': 'b', 'x-request-id': 'mine' }, body: Buffer.from('{"inputs": [ "größe" ]}').toString('latin1') });
  await until(() => events().length === 2);
  const common = { specversion: '1.0', id: 'mine', source: 'http://iris.ml', inferenceservicename: 'iris', namespace: 'ml', modelversion: 'v7', datacontenttype: 'application/json' };
  expect(events()).toEqual([
    expect.objectContaining({ ...common, type: 'org.kubeflow.serving.inference.request', data: { inputs: ['größe'] } }),
    expect.objectContaining({ ...common, type: 'org.kubeflow.serving.inference.response', data: { id: 'server-1', outputs: [1] } }),
  ]);
  expect(Math.abs(Date.parse(events()[0].time) - Date.now())).toBeLessThan(10_000);
  expect(await metric('ml_payload_log_sent_total')).toBe(1);
});

test.each<[string, object, string]>([['of the request', { id: 'asked-1' }, 'asked-1'], ["of the answer, else", {}, 'server-1']])('the id is that of the protocol %s, where no header has one', async (_, request_, id) => {
  await start();
  await ask({ ...request_, inputs: [] });
  await until(() => events().length === 2);
  expect(events().map((one) => one.id)).toEqual([id, id]);
});

test('keeps connections, and closes one when the server does', async () => {
  await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const again = (): Promise<boolean> => new Promise((resolve, reject) => {
    const asked = request(url(), { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => { response.resume().on('end', () => resolve(asked.reusedSocket)); });
    asked.on('error', reject).end('{}');
  });
  expect([await again(), await again(), await again()]).toEqual([false, true, true]);
  servers[0]!.closeAllConnections();
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  expect(await again()).toBe(false);
  agent.destroy();
});

test('closes connections with their answers once the pod begins to end: none is left for the server to close under a request', async () => {
  answer = (_, response) => { response.writeHead(200, { 'content-type': 'application/json', 'connection': 'keep-alive', 'keep-alive': 'timeout=5' }).end('{}'); };
  await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const again = (): Promise<unknown[]> => new Promise((resolve, reject) => {
    const asked = request(url(), { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => { response.resume().on('end', () => resolve([asked.reusedSocket, response.headers.connection, response.headers['keep-alive']])); });
    asked.on('error', reject).end('{}');
  });
  expect([await again(), await again()]).toEqual([[false, 'keep-alive', 'timeout=5'], [true, 'keep-alive', 'timeout=5']]);
  logger.signal('SIGUSR1');
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  expect([await again(), await again()]).toEqual([[true, 'close', undefined], [false, 'close', undefined]]);
  await until(() => events().length === 8);
  agent.destroy();
});

test('streams answers as they come', async () => {
  let finish = (): void => undefined;
  answer = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'); finish = () => response.end('data: 2\n\n'); };
  await start();
  const reader = (await ask()).body!.getReader();
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('data: 1\n\n'); // before the answer has ended
  finish();
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('data: 2\n\n');
  await reader.read();
  await until(() => events().length === 2);
  expect(Buffer.from(events()[1].data_base64, 'base64').toString()).toBe('data: 1\n\ndata: 2\n\n');
});

test('passes on requests in chunks, those that wait to be told to go on, and bodies that have no end but that of the connection', async () => {
  answer = (_, response) => { response.shouldKeepAlive = false; response.useChunkedEncodingByDefault = false; response.write('{"outputs":'); response.end('[2]}'); };
  await start();
  const got = await new Promise<string>((resolve, reject) => {
    const asked = request(url(), { method: 'POST', headers: { 'expect': '100-continue', 'transfer-encoding': 'chunked' } }, (response) => { body(response).then((text) => resolve(text.toString()), reject); });
    asked.on('continue', () => { asked.write('{"inputs":'); setTimeout(() => asked.end('[1]}'), 50); }).on('error', reject).flushHeaders();
  });
  expect([got, seen[0]!.body]).toEqual(['{"outputs":[2]}', '{"inputs":[1]}']);
  await until(() => events().length === 2);
  expect(events().map((one) => one.data)).toEqual([{ inputs: [1] }, { outputs: [2] }]);
});

test('tells of predictions that were answered alone', async () => {
  await start();
  await fetch(url('/v2/health/ready'));
  await ask({}, {}, '/v2/repository/index');
  await fetch(url(PATH), { method: 'HEAD' });
  answer = json({ error: 'no' }, 400);
  expect((await ask()).status).toBe(400);
  answer = json({ id: 'last' });
  await ask();
  await until(() => events().length > 0);
  expect(events().map((one) => one.id)).toEqual(['last', 'last']);
});

test('large payloads are passed on and not told, and that is counted', async () => {
  await start();
  expect((await ask({ inputs: 'x'.repeat(300_000) })).status).toBe(200);
  expect(seen[0]!.body).toHaveLength(300_013);
  await until(async () => await metric('ml_payload_log_dropped_total{reason="too_large"}') === 1);
  expect(events()).toEqual([]);
});

test.each([0, 25])('of %s percent', async (samplePercent) => {
  await start({ samplePercent });
  for (let i = 0; i < 200; i++) await ask({ i });
  await until(async () => samplePercent === 0 || await metric('ml_payload_log_queue_bytes') === 0);
  const share = events().length / 400;
  expect(Math.abs(share - samplePercent / 100)).toBeLessThan(samplePercent === 0 ? 1e-9 : 0.14);
});

test('a sink that is down costs events, never a request; what fits the queue is told when it is back', async () => {
  let status = 503;
  sink = (_, response) => { response.writeHead(status).end(); };
  await start({ queueBytes: 10_000 });
  for (let i = 0; i < 30; i++) expect((await ask({ i })).status).toBe(200);
  const lost = await metric('ml_payload_log_dropped_total{reason="queue_full"}');
  expect(lost).toBeGreaterThan(10);
  told = [];
  status = 202;
  await until(async () => await metric('ml_payload_log_sent_total') + lost === 30);
  expect(await metric('ml_payload_log_queue_bytes')).toBe(0);
});

test('what a sink refuses is not sent again', async () => {
  sink = (_, response) => { response.writeHead(400).end(); };
  await start();
  await ask();
  await until(async () => await metric('ml_payload_log_dropped_total{reason="refused"}') === 1);
  expect(told).toHaveLength(1);
});

test('on the signal to stop it ends what it has begun and sends what is left', async () => {
  answer = (_, response) => { setTimeout(() => json({ id: 'slow' })(_, response), 600); };
  await start();
  const asking = ask();
  await until(() => seen.length === 1);
  const ending = logger.stop();
  expect((await asking).status).toBe(200);
  expect(await ending).toBe(0);
  expect(events().map((one) => one.id)).toEqual(['slow', 'slow']);
});

test('it ends also when the sink never takes what is left', async () => {
  sink = () => undefined;
  await start({ stopSeconds: 1 });
  await ask();
  const begun = Date.now();
  expect(await logger.stop()).toBe(0);
  expect(Date.now() - begun).toBeLessThan(5000);
}, 20_000); // its start and what it is asked take seconds of a busy machine

test('a server that is not there yet is no answer of ours to make up', async () => {
  await start();
  servers[0]!.closeAllConnections();
  await new Promise((resolve) => { servers[0]!.close(resolve); });
  expect((await ask()).status).toBe(502);
});

test('a client that goes takes its request with it', async () => {
  const gone = new Promise<boolean>((resolve) => { answer = (_, response) => { response.on('close', () => resolve(response.writableFinished)); }; });
  await start();
  const socket = connect(ports.logger, '127.0.0.1', () => { socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`); });
  await until(() => seen.length === 1);
  socket.destroy();
  expect(await gone).toBe(false);
});

test('inputs and outputs that are not to be kept are left out, with what can not be read', async () => {
  answer = json({ outputs: [{ name: 'label', data: [1] }, { name: 'address', data: ['x'] }] });
  await start({ exclude: ['name', 'address'] });
  await ask({ inputs: [{ name: 'age', data: [3] }, { name: 'name', shape: [1], data: ['Ada'] }] });
  await ask({ instances: [{ age: 3, name: 'Ada' }] });
  await ask('Ada Lovelace');
  await until(() => events().length === 6);
  expect(events().map((one) => one.data)).toEqual([
    { inputs: [{ name: 'age', data: [3] }, { name: 'name', shape: [1] }] }, { outputs: [{ name: 'label', data: [1] }, { name: 'address' }] }, { instances: [{ age: 3 }] }, expect.anything(), null, expect.anything(),
  ]);
  expect(JSON.stringify(told)).not.toContain('Ada');
});

test('chosen headers of requests are told, others are not', async () => {
  await start({ headers: ['x-tenant'] });
  await ask({}, { 'x-tenant': 'acme', 'authorization': 'Bearer abc' });
  await until(() => events().length === 2);
  expect([JSON.parse(events()[0].metadata), JSON.stringify(told)]).toEqual([{ 'x-tenant': 'acme' }, expect.not.stringContaining('abc')]);
});

test('compressed payloads are read', async () => {
  answer = (_, response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"outputs":[3]}')); };
  await start();
  expect(await (await ask()).json()).toEqual({ outputs: [3] });
  await until(() => events().length === 2);
  expect(events()[1].data).toEqual({ outputs: [3] });
});

test('one event a message, with its attributes in headers, for sinks that take no batches', async () => {
  await start({ format: 'binary', mode: 'requests' });
  await ask({ inputs: [5] }, { 'x-request-id': 'a' });
  await until(() => told.length === 1);
  expect(told[0]).toMatchObject({ path: '/in', body: { inputs: [5] }, headers: { 'ce-id': 'a', 'ce-type': 'org.kubeflow.serving.inference.request', 'ce-specversion': '1.0', 'ce-inferenceservicename': 'iris', 'content-type': 'application/json' } });
});

test("records for Kafka's bridges, with the id as their key", async () => {
  await start({ format: 'kafka', mode: 'responses' });
  await ask({}, { 'x-request-id': 'a' });
  await until(() => told.length === 1);
  expect(told[0]).toMatchObject({ headers: { 'content-type': 'application/vnd.kafka.json.v2+json' }, body: { records: [{ key: 'a', value: { id: 'a', type: 'org.kubeflow.serving.inference.response', data: { outputs: [1] } } }] } });
});

test('many at once are each answered with their own', async () => {
  answer = (_, response) => { const sent = JSON.parse(seen.at(-1)!.body); setTimeout(() => json({ id: String(sent.i), outputs: [sent.i] })(_, response), Math.random() * 20); };
  await start({ queueBytes: 10_000_000 });
  const got = await Promise.all(Array.from({ length: 300 }, async (_, i) => ((await (await ask({ i })).json()) as { outputs: number[] }).outputs[0]));
  expect(got).toEqual(Array.from({ length: 300 }, (_, i) => i));
  await until(() => events().length === 600);
  const pairs = new Map<string, any[]>();
  for (const one of events()) pairs.set(one.id, [...pairs.get(one.id) ?? [], one.data]);
  for (const [id, [asked, answered]] of pairs) expect([String(asked.i), String(answered.outputs[0])]).toEqual([id, id]);
});
