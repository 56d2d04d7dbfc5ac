import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { Batching, Detector, InferenceServer, Model, ModelSource, PythonCode, Transformer } from 'cdk8s-serving';
import { freePort } from '../support/free-port';
import { PythonProgram } from '../support/python-program';
import { serve } from '../support/serving';

// A pod and a detector's pod as they are synthesized, as processes of this machine: real MLServers, the real payload logger.
jest.setTimeout(900_000); // MLServer is installed when first asked for

const ROOT = join(__dirname, '..', '..');
const PORTS = [8080, 8081, 8082, 8180, 8181, 8182, 18080, 19095];
const MLSERVER = ['-c', 'from mlserver.cli import main; main()', 'start'];

/** Long enough that this machine answers four requests sooner, whatever else it does. */
const BATCHING = Batching.of({ maxBatchSize: 4, maxLatency: Duration.millis(1500) });

const served = serve({
  transformer: Transformer.collocated({ server: InferenceServer.mlserver(), model: Model.custom({ implementation: 'flowers.Flowers', code: PythonCode.mount(join(__dirname, 'transformer')) }) }),
  detectors: [Detector.drift({ source: ModelSource.s3('s3://detectors/iris/v1'), batchSize: 10 })],
  batching: BATCHING,
});
/** The same server, with a process that predicts beside the one that listens. */
const withWorker = serve({ server: InferenceServer.mlserver({ workers: 1 }), batching: BATCHING });

/** Thirty of the flowers that the model and the detector were made from, ten of each kind, in millimetres. */
const FLOWERS = [
  [51, 35, 14, 2], [49, 30, 14, 2], [47, 32, 13, 2], [46, 31, 15, 2], [50, 36, 14, 2], [54, 39, 17, 4], [46, 34, 14, 3], [50, 34, 15, 2], [44, 29, 14, 2], [49, 31, 15, 1],
  [70, 32, 47, 14], [64, 32, 45, 15], [69, 31, 49, 15], [55, 23, 40, 13], [65, 28, 46, 15], [57, 28, 45, 13], [63, 33, 47, 16], [49, 24, 33, 10], [66, 29, 46, 13], [52, 27, 39, 14],
  [63, 33, 60, 25], [58, 27, 51, 19], [71, 30, 59, 21], [63, 29, 56, 18], [65, 30, 58, 22], [76, 30, 66, 21], [49, 25, 45, 17], [73, 29, 63, 18], [67, 25, 58, 18], [72, 36, 61, 25],
];

const programs: PythonProgram[] = [];
let drift: PythonProgram;
const folder = mkdtempSync(join(tmpdir(), 'around-'));
/** Free ports in the place of each of a pod's. */
let python: string;
let pod: Map<number, number>;
let detector: Map<number, number>;

async function portsOfPod(): Promise<Map<number, number>> {
  return new Map(await Promise.all(PORTS.map(async (port) => [port, await freePort()] as const)));
}

/** A text of a pod with this machine's places in it. */
function here(text: string, ports: ReadonlyMap<number, number>, model: string): string {
  return text.replace(/\b\d{4,5}\b/g, (port) => String(ports.get(Number(port)) ?? port)).replaceAll('/mnt/models', model).replace(/http:\/\/iris-drift\.ml(?=\/)/g, `http://127.0.0.1:${detector.get(8080)}`);
}

/** Starts a container's MLServer, with its environment as it is written. */
async function start(container: any, ports: ReadonlyMap<number, number>, model: string, port: number, code = ''): Promise<PythonProgram> {
  const env = Object.fromEntries(Object.entries(served.env(container)).map(([name, value]) => [name, here(String(value), ports, model)]));
  const own = mkdtempSync(join(folder, 'tmp-'));
  const empty = join(own, 'empty');
  mkdirSync(empty);
  const program = await PythonProgram.start(MLSERVER[0]!, [...MLSERVER.slice(1), empty], port, { ...env, MLSERVER_METRICS_DIR: join(own, 'metrics'), MLSERVER_ENVIRONMENTS_DIR: join(own, 'environments'), PYTHONPATH: code }, python, 3000);
  programs.push(program);
  await until(async () => (await fetch(`http://127.0.0.1:${port}${container.readinessProbe.httpGet.path}`)).status === 200);
  return program;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let i = 0; ; i++) {
    if (await done().catch(() => false)) return;
    if (i > 600) throw new Error(`it never came: ${programs.map((one) => one.printed).join('\n')}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** The sum of a series' samples at a port of metrics. */
async function metric(port: number, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Asks a server of the Open Inference Protocol; a request's id is its first row. */
async function infer(port: number, rows: readonly number[][]): Promise<any[]> {
  const response = await fetch(`http://127.0.0.1:${port}/v2/models/iris/infer`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: String(rows[0]), inputs: [{ name: 'x', shape: [rows.length, 4], datatype: 'FP64', data: rows.flat() }] }) });
  if (response.status !== 200) throw new Error(await response.text());
  return ((await response.json()) as any).outputs[0].data;
}

/** Asks as clients do, of rows in millimetres. */
function ask(rows: readonly number[][]): Promise<string[]> {
  return infer(pod.get(8180)!, rows);
}

beforeAll(async () => {
  python = join(execFileSync(join(ROOT, 'test', 'cluster', 'programs'), ['mlserver'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim(), 'bin', 'python');
  execFileSync(python, [join(__dirname, 'models.py'), folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  [pod, detector] = [await portsOfPod(), await portsOfPod()];
  const containersOf = (name: string): any[] => served.all('Deployment').find(({ metadata }) => metadata.name === name).spec.template.spec.containers;
  const [server, transformer] = containersOf('iris');
  const settings = served.all('ConfigMap').find(({ metadata }) => metadata.name.startsWith('iris-payloadlogger')).data['settings.json'];
  writeFileSync(join(folder, 'settings.json'), here(settings, pod, ''));
  [, drift] = await Promise.all([
    start(server, pod, join(folder, 'model'), pod.get(8080)!),
    start(containersOf('iris-drift')[0], detector, join(folder, 'drift'), detector.get(8080)!, join(ROOT, 'assets', 'detector')),
    start(transformer, pod, '', pod.get(8180)!, join(__dirname, 'transformer')),
  ]);
  programs.push(await PythonProgram.start(join(ROOT, 'assets', 'payload-logger', 'logger.py'), [join(folder, 'settings.json')], pod.get(18080)!, { POD_NAMESPACE: 'ml' }));
});

afterAll(async () => {
  await Promise.all(programs.map((one) => one.stop('SIGKILL')));
  rmSync(folder, { recursive: true });
});

test('a transformer answers in its own words what the model behind it says', async () => {
  expect(await ask([[51, 35, 14, 2], [63, 33, 60, 25]])).toEqual(['setosa', 'virginica']);
});

test('MLServer answers requests together: those that fill a batch at once, one that is alone when its time is over', async () => {
  const began = performance.now();
  expect(await Promise.all([0, 10, 20, 0].map((place) => ask([FLOWERS[place]!])))).toEqual([['setosa'], ['versicolor'], ['virginica'], ['setosa']]);
  const together = performance.now() - began;
  await ask([FLOWERS[0]!]);
  expect(together).toBeLessThan(1500);
  expect(performance.now() - began - together).toBeGreaterThanOrEqual(1500);
});

test('how many wait for a batch is told by MLServer with worker processes alone', async () => {
  const ports = await portsOfPod();
  const [http, metrics] = [ports.get(8080)!, ports.get(8082)!];
  const worker = await start(withWorker.server, ports, join(folder, 'model'), http);
  await Promise.all(Array.from({ length: 4 }, () => infer(http, [[5.1, 3.5, 1.4, 0.2]])));
  expect(await metric(metrics, 'batch_request_queue_count', 'model_name="iris"')).toBe(4);
  expect(await metric(metrics, 'model_infer_request_duration_count')).toBe(4);
  await worker.stop();
  expect(await metric(pod.get(8082)!, 'model_infer_request_duration_count')).toBeGreaterThan(0);
  expect(await metric(pod.get(8082)!, 'batch_request_queue_count')).toBe(0);
});

test('a detector is sent what the model is asked, and tells when that is no longer what it knows', async () => {
  const found = (what: string): Promise<number> => metric(detector.get(8082)!, `model_drift_${what}`, 'model_name="iris-drift"');
  const sent = (): Promise<number> => metric(pod.get(19095)!, 'ml_payload_log_sent_total', 'detector="drift"');
  // ten requests are one test: what the tests before have left over is filled up
  const before = await sent();
  await Promise.all(FLOWERS.slice(before % 10, 10).map((flower) => ask([flower])));
  const tests = Math.floor(before / 10) + 1;
  await until(async () => await found('count') === tests);
  const drifted = await found('sum');
  await send(FLOWERS);
  await until(async () => await found('count') === tests + 1);
  expect(await found('sum')).toBe(drifted);
  const giants = FLOWERS.map((row) => row.map((value) => value * 3));
  await send(giants);
  await until(async () => await found('count') === tests + 2);
  expect(await found('sum')).toBe(drifted + 1);
  const last = /"event": "drift", "detector": "iris-drift", "request": "([^"]*)"/.exec(drift.printed)?.[1]; // the one that made ten
  expect(giants.map(String)).toContain(last);
  expect(await metric(pod.get(19095)!, 'ml_payload_log_dropped_total')).toBe(0);

  async function send(rows: readonly number[][]): Promise<void> {
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask(rows.slice(i * 3, i * 3 + 3))));
  }
});

test('a detector counts rows and outliers among them, and says which they are', () => {
  const printed = execFileSync(python, [join(__dirname, 'outliers.py')], { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: join(ROOT, 'assets', 'detector') } });
  const told = (what: string): string[] => [...printed.matchAll(new RegExp(`^model_outlier_${what}\\{model_name="iris-outlier"\\} (.*)$`, 'gm'))].map(([, value]) => value!);
  expect(told('count')).toEqual(['0.0', '3.0']);
  expect(told('sum')).toEqual(['0.0', '1.0']);
  expect(printed).toMatch(/"event": "outlier", "detector": "iris-outlier", "request": "one", "rows": \[1\]\}/);
  expect(printed).not.toMatch(/^model_drift_count\{/m);
});
