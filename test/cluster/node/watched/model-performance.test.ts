import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials, InferenceService, Model, ModelFeature, ModelMonitor, ModelSource, MonitorData, MonitorImage, PayloadLogging, PayloadSource } from 'cdk8s-serving';
import { MLSERVER_IMAGE } from '../../../support/cluster/client';
import { IrisWorld } from '../../../support/cluster/iris';
import type { Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load, type LoadStream, type LoadSummary } from '../../../support/cluster/load';
import { freePort } from '../../../support/free-port';
import { Background, machineAddress } from '../../../support/cluster/machine';
import { removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { must, sleep } from '../../../support/cluster/run';
import { synthesized } from '../../../support/cluster/synthesized';
import { waitFor } from '../../../support/cluster/wait';
import { gone, podsOf, replacePods, rolledOut, serviceAddress } from '../../../support/cluster/workloads';
import { pythonWith } from '../../../support/monitor';

const STORE = join(__dirname, '../../../../assets/payload-store/store.py');
const STORAGE = 'storage-logged';
const RATE = 20;
const FEATURES = ['sepal length', 'sepal width', 'petal length', 'petal width'];
/** The library's own name of a method's result, of the whole and of each feature. */
const drifted = (text: string, name: string): number[] => [...text.matchAll(new RegExp(`^${name}\\{.*\\} (.*)$`, 'gm'))].map((found) => Number(found[1]));

describe('payloads of real MLServer pods, from the client to the monitor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-performance-'));
  let world: IrisWorld;
  let store: Background;
  let url: string;
  let metricsUrl: string;
  let namespace: string;
  let manifests: Manifest[];
  let python: string;

  beforeAll(async () => {
    python = pythonWith('evidently');
    const { listen, reach } = machineAddress();
    const [port, metricsPort] = [await freePort(listen), await freePort(listen)];
    [url, metricsUrl] = [`http://${reach}:${port}`, `http://${reach}:${metricsPort}`];
    store = Background.start('python3', [STORE, join(folder, 'store'), String(port), String(metricsPort), '1', String(2 ** 30)]);
    await store.answers(async () => (await fetch(`${url}/healthz`)).ok);
    world = await IrisWorld.start(STORAGE);
    const reference = join(folder, 'reference.csv');
    writeFileSync(reference, [FEATURES.join(','), ...world.trained.rows.map((row) => row.join(','))].join('\n'));
    manifests = synthesized((chart) => {
      new InferenceService(chart, 'Iris', {
        model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { endpoint: `http://minio.${STORAGE}:9000`, credentials: Credentials.fromSecretName('minio') }), version: 'v1' }),
        payloadLogging: PayloadLogging.http({ url, batch: true }),
        monitor: ModelMonitor.evidently({
          payloads: PayloadSource.store({ url }), reference: MonitorData.inImage(reference), features: FEATURES.map((name) => ModelFeature.numerical(name, { threshold: 0.3 })), image: MonitorImage.of(MLSERVER_IMAGE),
          schedule: '0 0 * * 0', minRows: 100, groundTruth: { minRows: 100 },
        }),
        // the one image with Python in it that the test's node has
        podOverlay: { spec: { initContainers: [{ name: 'payload-logger', image: MLSERVER_IMAGE }] } },
      });
    });
    namespace = await world.deploy(manifests, 'logged');
  });

  afterAll(async () => {
    await removeNamespaces();
    await world?.stop();
    await store?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function load(rows: number[][], meanwhile: () => Promise<unknown>): Promise<Record<string, LoadSummary>> {
    const stream: LoadStream = { protocol: 'rest', address: await serviceAddress('iris', namespace, 'http'), model: 'iris', rate: RATE };
    const running = await Load.start(world.client, { model: { rows, expected: world.trained.expected }, streams: { fresh: stream, kept: { ...stream, connections: 4 } } });
    try {
      await meanwhile();
    } finally {
      await running.stop(); // also where that fails: its requests would count in the next test
    }
    return running.finished();
  }
  const answered = (summary: Record<string, LoadSummary>): number => Object.values(summary).reduce((total, one) => total + one.ok + one.wrong, 0);
  const stored = async (): Promise<number> => drifted(await (await fetch(`${metricsUrl}/metrics`)).text(), 'ml_payload_store_events_total')[0]!;

  /** Waits for what the logger sends behind the answers: a request and an answer of each prediction. */
  const storedAll = (predictions: number) => waitFor(async () => await stored() === 2 * predictions, { what: `${2 * predictions} events to be stored`, timeout: 30_000, namespace });

  /** Runs the monitor as its pod would, with the program and the settings of its ConfigMap, over all since then, however long it takes to start; what it told, as the store gives it again. */
  async function look(since: number): Promise<string> {
    const now = Date.now();
    const home = join(folder, 'monitor');
    mkdirSync(home, { recursive: true });
    const { data } = manifests.find((one) => one.kind === 'ConfigMap' && 'monitor.py' in (one.data ?? {}))!;
    for (const [file, content] of Object.entries(data as Record<string, string>)) writeFileSync(join(home, file), file === 'settings.json' ? JSON.stringify({ ...JSON.parse(content), windowSeconds: (now - since) / 1000 }) : content);
    await must(python, [join(home, 'monitor.py'), join(home, 'settings.json'), String(now / 1000)], { env: { POD_NAMESPACE: namespace, PYTHONDONTWRITEBYTECODE: '1' } });
    return (await fetch(`${metricsUrl}/metrics`)).text();
  }

  test('a rolling update under load loses no request and no payload, and the monitor finds the training data again', async () => {
    const began = Date.now();
    const before = await podsOf('iris', namespace);
    const summary = await load(world.trained.rows, async () => {
      await sleep(3_000);
      await replacePods('iris', namespace);
      await rolledOut('iris', namespace);
      await gone(before);
      await sleep(2_000);
    });
    for (const stream of Object.values(summary)) expect(stream).toMatchObject(ALL_ANSWERED);
    const count = answered(summary);
    await storedAll(count);
    measured('rolling update behind the payload logger', summary);

    const events = (await (await fetch(`${url}/events/${namespace}/iris?since=0&until=${Date.now() / 1000}`)).text()).trim().split('\n').map((line) => JSON.parse(line));
    const answers = events.filter((one) => one.type.endsWith('response'));
    // MLServer's own ids pair them: the client sends none
    expect(new Set(answers.map((one) => one.id)).size).toBe(count);
    const truth = answers.map((one, i) => ({ ...one, type: 'dev.cdk8s-serving.ground-truth', data: { labels: [i % 4 === 0 ? 'other' : one.data.outputs[0].data[0]] } }));
    expect((await fetch(url, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(truth) })).status).toBe(202);

    const told = await look(began);
    expect(drifted(told, 'ml_monitor_rows')).toEqual([count]);
    expect([drifted(told, 'ml_monitor_unpaired'), drifted(told, 'ml_monitor_unreadable')]).toEqual([[0], [0]]);
    expect([drifted(told, 'ml_drift_detected'), drifted(told, 'ml_dataset_drift_detected')]).toEqual([[0, 0, 0, 0], [0]]);
    expect(drifted(told, 'ml_ground_truth_accuracy')[0]).toBeCloseTo(1 - Math.ceil(count / 4) / count);
    expect(told).toMatch(new RegExp(`^ml_monitor_rows\\{inference_service="iris",model_version="v1",namespace="${namespace}"\\}`, 'm'));
  });

  test('flowers that are twice as long are drift', async () => {
    const before = await stored() / 2;
    const began = Date.now();
    const summary = await load(world.trained.rows.map(([length, ...rest]) => [2 * length!, ...rest.slice(0, 1), 2 * rest[1]!, rest[2]!]), () => sleep(8_000));
    const wanted = answered(summary);
    await storedAll(before + wanted);
    const told = await look(began);
    expect(drifted(told, 'ml_monitor_rows')).toEqual([wanted]);
    expect([drifted(told, 'ml_drift_detected'), drifted(told, 'ml_dataset_drift_detected')]).toEqual([[1, 0, 1, 0], [1]]);
  });

  test('with the store down requests are answered as before', async () => {
    await store.stop();
    const summary = await load(world.trained.rows, () => sleep(8_000));
    for (const stream of Object.values(summary)) expect(stream).toMatchObject(ALL_ANSWERED);
  });
});
