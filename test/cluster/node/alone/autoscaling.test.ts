import { Duration } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Credentials, InferenceService, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { IrisWorld } from '../../../support/cluster/iris';
import { get, type Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load } from '../../../support/cluster/load';
import { removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { synthesized } from '../../../support/cluster/synthesized';
import { readyPods, serviceAddress } from '../../../support/cluster/workloads';
import { waitFor } from '../../../support/cluster/wait';

/** 60 a second take a third more CPU than the target allows: too near to the scaler's tolerance of a tenth. */
const RATE = 100;
const manifests = (): Manifest[] => synthesized((chart) => {
  new InferenceService(chart, 'Iris', {
    model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { endpoint: 'http://minio.storage:9000', credentials: Credentials.fromSecretName('minio') }) }),
    cpu: Cpu.millis(200),
    scaling: Scaling.onCpu({ min: 1, max: 3, targetPercent: 60, scaleDownAfter: Duration.seconds(15) }),
  });
});

describe('the HPA on real pods', () => {
  let world: IrisWorld;
  let namespace: string;

  beforeAll(async () => {
    world = await IrisWorld.start();
    namespace = await world.deploy(manifests(), 'hpa');
  });

  afterAll(async () => {
    await removeNamespaces();
    await world?.stop();
  });

  test('scales up on load and down again', async () => {
    const utilization = async () => (await get('hpa', 'iris', namespace))?.status.currentMetrics?.[0]?.containerResource?.current?.averageUtilization;
    // A start burns CPU, too: only calm pods make what follows the load's doing.
    const idle = await waitFor(async () => { const now = await utilization(); return now !== undefined && now < 40 ? [now] : undefined; }, {
      what: 'the HPA to see an idle pod', timeout: 120_000, namespace,
    });
    await waitFor(async () => (await readyPods('iris', namespace)).length === 1, { what: 'one pod', timeout: 120_000, namespace });
    const began = Date.now();
    const rest = { protocol: 'rest' as const, address: await serviceAddress('iris', namespace, 'http'), model: 'iris', rate: RATE };
    const load = await Load.start(world.client, { model: world.trained, streams: { rest } });
    await waitFor(async () => (await readyPods('iris', namespace)).length >= 2, { what: 'a second Ready pod', timeout: 180_000, namespace });
    const up = (Date.now() - began) / 1000;
    const busy = await utilization();
    const summary = await load.stop();
    const stopped = Date.now();
    await waitFor(async () => (await readyPods('iris', namespace)).length === 1, { what: 'one pod again', timeout: 280_000, namespace });
    measured('HPA', { idlePercent: idle[0], busyPercent: busy, secondsToSecondPod: up, secondsToOnePod: (Date.now() - stopped) / 1000, load: summary.rest });
    expect(summary.rest.rate).toBeGreaterThan(RATE * 0.9);
    expect(summary.rest).toMatchObject(ALL_ANSWERED);
  });
});
