import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The program that the Job of golden requests runs, against a real server.
const PROGRAM = join(__dirname, '../../assets/golden-requests/send.py');
const folder = mkdtempSync(join(tmpdir(), 'golden-program-'));

interface Asked { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }
type Answer = (asked: Asked, response: ServerResponse) => void;

let answer: Answer;
let asked: Asked[];
let server: Server;
let url: string;

function listen(port = 0): Promise<Server> {
  const made = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const one = { method: request.method!, url: request.url!, headers: request.headers, body };
      asked.push(one);
      answer(one, response);
    });
  });
  return new Promise((resolve) => { made.listen(port, '127.0.0.1', () => resolve(made)); });
}
const close = (one: Server): Promise<void> => new Promise((resolve) => { one.closeAllConnections(); one.close(() => resolve()); });

beforeAll(async () => {
  server = await listen();
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/models/iris/infer`;
});
beforeEach(() => { asked = []; answer = json({ outputs: [{ name: 'predict', data: [1, 2.5] }] }); });
afterAll(async () => { await close(server); rmSync(folder, { recursive: true }); });

/** A server that always answers this. */
function json(body: unknown, status = 200): Answer {
  return (_, response) => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(typeof body === 'string' ? body : JSON.stringify(body)); };
}

/** Sends requests; its exit code and its lines. */
function send(requests: object[], { to = url, timeout = 5 } = {}): Promise<{ code: number | null; lines: string[] }> {
  const file = join(folder, 'requests.json');
  writeFileSync(file, JSON.stringify(requests));
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [PROGRAM, file, to, String(timeout)], { env: { ...process.env, no_proxy: '127.0.0.1', PYTHONDONTWRITEBYTECODE: '1' } });
    let out = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { out += chunk; });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines: out.trimEnd().split('\n') }));
  });
}

const BODY = { inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [1] }] };
const request = (expect: object, more: object = {}): object => ({ name: 'one', body: BODY, expect, ...more });

test('right answers end with 0, a line each', async () => {
  const ended = await send([request({ body: { outputs: [{ data: [1, 2.5] }] } }), request({ status: 200 }, { name: 'two' })]);
  expect(ended).toEqual({ code: 0, lines: ['right  one', 'right  two', '2 of 2 golden requests answered right'] });
  expect(asked[0]).toMatchObject({ method: 'POST', url: '/v2/models/iris/infer', headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(asked[0]!.body)).toEqual(BODY);
});

test('a method, a path and headers of its own are sent', async () => {
  await send([{ name: 'one', method: 'GET', path: '/v2/health/ready', headers: { 'X-A': 'b' }, expect: { status: 200 } }]);
  expect(asked).toEqual([expect.objectContaining({ method: 'GET', url: '/v2/health/ready', body: '', headers: expect.objectContaining({ 'x-a': 'b' }) })]);
});

const DATA = (data: unknown): object => ({ body: { outputs: [{ data }] } });
test.each<[string, object, string]>([
  ['a value', DATA([1, 2.6]), 'answer.outputs[0].data[1] is 2.5, not 2.6'],
  ['a value just beyond the tolerance', { ...DATA([1, 2.6]), tolerance: 0.01 }, 'answer.outputs[0].data[1] is 2.5, not 2.6'],
  ['a type', DATA(['1', 2.5]), "answer.outputs[0].data[0] is 1, not '1'"],
  ['a truth for a number', DATA([true, 2.5]), 'answer.outputs[0].data[0] is 1, not True'],
  ['a missing key', { body: { model_version: 'v2' } }, "answer has no 'model_version'"],
  ['too short a list', DATA([1, 2.5, 3]), 'answer.outputs[0].data is no list of 3: [1, 2.5]'],
  ['too long a list', DATA([1]), 'answer.outputs[0].data is no list of 1: [1, 2.5]'],
  ['a value for an object', { body: { outputs: [{ data: { a: 1 } }] } }, 'answer.outputs[0].data is no object: [1, 2.5]'],
  ['a status', { status: 400 }, expect.stringMatching(/^status is 200, not 400: b'/) as never],
])('%s that is wrong ends with 1, and is told', async (_, expected, why) => {
  const { code, lines } = await send([request(expected), request({ status: 200 }, { name: 'two' })]);
  expect(code).toBe(1);
  const told = lines[0]!.replace(/^wrong {2}one: /, '');
  expect(told).toEqual(why);
  // the others are still sent
  expect(lines.slice(1)).toEqual(['right  two', '1 of 2 golden requests answered right']);
});

test('within the tolerance is right, and so are keys that were not expected', async () => {
  const { lines } = await send([request({ ...DATA([1.009, 2.5]), tolerance: 0.01 }), request(DATA([1 + 1e-9, 2.5])), request({ body: { outputs: [{}] } }), request({ body: {} })]);
  expect(lines.at(-1)).toBe('4 of 4 golden requests answered right');
});

test('an error of the server is no answer, unless it was expected', async () => {
  answer = json({ error: 'no such model' }, 404);
  expect(await send([request({ body: {} }), request({ status: 404, body: { error: 'no such model' } })])).toEqual({ code: 1, lines: [expect.stringMatching(/^wrong {2}one: status is 404, not 200: b'\{"error":"no such model"\}'$/), 'right  one', '1 of 2 golden requests answered right'] });
});

test('what is no JSON is wrong where an answer is compared', async () => {
  answer = json('<html>');
  expect(await send([request({ body: {} }), request({ status: 200 })])).toMatchObject({ code: 1, lines: ["wrong  one: the answer is no JSON: b'<html>'", 'right  one', expect.any(String)] });
});

test('an answer that takes too long is none', async () => {
  answer = (one, response) => { if (one.headers['x-fast'] === undefined) return; json({})(one, response); };
  const { code, lines } = await send([request({ status: 200 })], { timeout: 0.2 });
  expect([code, lines]).toEqual([1, [expect.stringMatching(/^wrong {2}one: no answer: .*timed out/), '0 of 1 golden requests answered right']]);
  // and would take as long again: it isn't asked for twice
  expect(asked).toHaveLength(1);
});

test('a server that comes up a little later is waited for', async () => {
  const probe = await listen();
  const { port } = probe.address() as AddressInfo;
  await close(probe);
  const ending = send([request({ status: 200 })], { to: `http://127.0.0.1:${port}/` });
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  const late = await listen(port);
  expect(await ending).toEqual({ code: 0, lines: ['right  one', '1 of 1 golden requests answered right'] });
  await close(late);
}, 30_000);

test('one that never does is told', async () => {
  const probe = await listen();
  const { port } = probe.address() as AddressInfo;
  await close(probe);
  expect(await send([request({ status: 200 })], { to: `http://127.0.0.1:${port}/` })).toEqual({ code: 1, lines: [expect.stringMatching(/^wrong {2}one: no answer: .*refused/), '0 of 1 golden requests answered right'] });
}, 30_000);
