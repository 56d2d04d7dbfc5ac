import { Client } from '../../support/cluster/client';
import { apply, get, type Manifest } from '../../support/cluster/kubectl';
import { Load } from '../../support/cluster/load';
import { type TrainedModel, trainIris } from '../../support/cluster/model';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { mlserver } from '../../support/cluster/prototype/mlserver';
import { measured } from '../../support/cluster/report';
import { S3Server } from '../../support/cluster/s3';
import { readyPods, rolledOut, serviceAddress } from '../../support/cluster/workloads';
import { waitFor } from '../../support/cluster/wait';

/** 60 a second take a third more CPU than the target allows: too near to the scaler's tolerance of a tenth. */
const RATE = 100;
const manifests = (s3: S3Server): Manifest[] => [
  ...mlserver({ name: 'iris', replicas: 1, cpu: '200m', source: { s3: 's3://models/iris/v1', environment: s3.environment() } }),
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'iris' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris' },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 15, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] } },
    },
  },
];

describe('the HPA on real pods', () => {
  let s3: S3Server;
  let client: Client;
  let trained: TrainedModel;
  let namespace: string;

  beforeAll(async () => {
    s3 = await S3Server.start();
    client = await Client.start(await createNamespace('client'));
    trained = await trainIris(client);
    await s3.put('models', 'iris/v1/model.joblib', trained.joblib);
    namespace = await createNamespace('hpa');
    await apply(await setNamespace(manifests(s3), namespace));
    await rolledOut('iris', namespace);
  });

  afterAll(async () => {
    await removeNamespaces();
    await s3?.stop();
  });

  test('scales up on load and down again', async () => {
    const utilization = async () => (await get('hpa', 'iris', namespace))?.status.currentMetrics?.[0]?.resource?.current?.averageUtilization;
    // A start burns CPU, too: only calm pods make what follows the load's doing.
    const idle = await waitFor(async () => { const now = await utilization(); return now !== undefined && now < 40 ? [now] : undefined; }, {
      what: 'the HPA to see an idle pod', timeout: 120_000, namespace,
    });
    await waitFor(async () => (await readyPods('iris', namespace)).length === 1, { what: 'one pod', timeout: 120_000, namespace });
    const began = Date.now();
    const rest = { protocol: 'rest' as const, address: await serviceAddress('iris', namespace, 'http'), model: 'iris', rate: RATE };
    const load = await Load.start(client, { model: trained, streams: { rest } });
    await waitFor(async () => (await readyPods('iris', namespace)).length >= 2, { what: 'a second Ready pod', timeout: 180_000, namespace });
    const up = (Date.now() - began) / 1000;
    const busy = await utilization();
    const summary = await load.stop();
    const stopped = Date.now();
    await waitFor(async () => (await readyPods('iris', namespace)).length === 1, { what: 'one pod again', timeout: 180_000, namespace });
    measured('HPA', { idlePercent: idle[0], busyPercent: busy, secondsToSecondPod: up, secondsToOnePod: (Date.now() - stopped) / 1000, load: summary.rest });
    expect(summary.rest.rate).toBeGreaterThan(RATE * 0.9);
    expect({ failed: summary.rest.failed, wrong: summary.rest.wrong }).toEqual({ failed: 0, wrong: 0 });
  });
});
