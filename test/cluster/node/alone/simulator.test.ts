import { Duration } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Credentials, InferenceService, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { writeFileSync } from 'node:fs';
import { compareWithHpa, type HpaRecord } from '../../../support/hpa-record';
import { HpaRecorder } from '../../../support/cluster/hpa-recording';
import { IrisWorld } from '../../../support/cluster/iris';
import { get } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load } from '../../../support/cluster/load';
import { removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { synthesized } from '../../../support/cluster/synthesized';
import { waitFor } from '../../../support/cluster/wait';
import { serviceAddress } from '../../../support/cluster/workloads';

const STORAGE = 'storage-simulator';
/** Far enough from where another number of copies begins that a busy machine doesn't decide. */
const LOAD: HpaRecord['load'] = [[0, 15], [30, 70], [90, 10]];
const SECONDS = 160;
const SCALING = { min: 1, max: 2, targetPercent: 60, scaleDownAfterSeconds: 30, cpuMillis: 100 };
/** As ../shared/cluster starts the controller manager and metrics-server; on another cluster only the distance is greater. */
const CONTROLLER = { sync: 5, initialReadinessDelay: 5, cpuInitializationPeriod: 10, metricResolution: 10 };

let world: IrisWorld;

beforeAll(async () => { world = await IrisWorld.start(STORAGE); });
afterAll(async () => {
  await removeNamespaces();
  await world?.stop();
});

test('the simulated copies stay near to those of the real HPA', async () => {
  const namespace = await world.deploy(synthesized((chart) => {
    new InferenceService(chart, 'Iris', {
      model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { endpoint: `http://minio.${STORAGE}:9000`, credentials: Credentials.fromSecretName('minio') }) }),
      cpu: Cpu.millis(SCALING.cpuMillis),
      scaling: Scaling.onCpu({ min: SCALING.min, max: SCALING.max, targetPercent: SCALING.targetPercent, scaleDownAfter: Duration.seconds(SCALING.scaleDownAfterSeconds) }),
    });
  }), 'simulator');
  const scaler = () => get('hpa', 'iris', namespace);
  await waitFor(async () => {
    const percent = (await scaler())?.status.currentMetrics?.[0]?.containerResource?.current?.averageUtilization;
    return percent !== undefined && percent < 40 && (await get('deployment', 'iris', namespace))?.spec.replicas === 1;
  }, { what: 'one calm copy', timeout: 180_000, namespace });

  const rest = { protocol: 'rest' as const, address: await serviceAddress('iris', namespace, 'http'), model: 'iris', rate: LOAD[0]![1], steps: LOAD.slice(1) };
  const load = await Load.start(world.client, { model: world.trained, streams: { rest } });
  const recorder = new HpaRecorder('iris', namespace);
  await sleep(SECONDS * 1000);
  const recorded = await recorder.stop();
  const summary = await load.stop();

  const record: HpaRecord = { date: new Date().toISOString().slice(0, 10), conditions: 'a cluster test', kubernetes: '', controller: CONTROLLER, scaling: SCALING, load: LOAD, ...recorded };
  if (process.env.SERVING_HPA_RECORD) writeFileSync(process.env.SERVING_HPA_RECORD, JSON.stringify(record));
  const { result, ...comparison } = compareWithHpa(record);
  measured('simulator beside the HPA', { ...comparison, load: summary.rest });
  expect(summary.rest).toMatchObject(ALL_ANSWERED);
  // the load moved the real one, and both went as high
  expect([comparison.mostReal, comparison.mostSimulated]).toEqual([2, 2]);
  const [up, down] = comparison.changes;
  expect([up!.copies, down!.copies]).toEqual(['up to 2', 'down to 1']);
  // two looks at the metrics and two decisions
  expect(Math.abs(up!.real! - up!.simulated!)).toBeLessThanOrEqual(30);
  expect(comparison.meanDifference).toBeLessThanOrEqual(0.3);
  expect(result.totals.dropped).toBe(0);
});
