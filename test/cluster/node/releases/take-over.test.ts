import { Rollout, Scaling } from 'cdk8s-serving';
import { rolloutIs } from '../../../support/cluster/argo';
import { Client } from '../../../support/cluster/client';
import { apply, get, isReady, kubectl, list } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { must, sleep } from '../../../support/cluster/run';
import { Trial } from '../../../support/cluster/trial';
import { waitFor } from '../../../support/cluster/wait';
import { rolledOut } from '../../../support/cluster/workloads';

const COPIES = 2;
const version = { version: 'v1' };

describe('a Deployment that runs becomes a Rollout of Argo Rollouts', () => {
  let namespace: string;
  let client: Client;

  beforeAll(async () => {
    namespace = await createNamespace('take-over');
    client = await Client.start(await createNamespace('client'));
  }, 300_000);

  afterAll(removeNamespaces, 300_000);

  const service = (name: string, rollout: Rollout, scaling = Scaling.fixed(COPIES)) => new Trial({ name, namespace, metricsUrl: 'http://127.0.0.1:9', rollout, second: {}, props: { scaling } });
  const put = async (name: string, rollout: Rollout, scaling?: Scaling): Promise<void> => { await apply(service(name, rollout, scaling).manifests(version), { force: true }); };
  const canary = (takeOverDeployment: boolean) => Rollout.canary({ steps: [50], gates: [], takeOverDeployment });
  const withoutCopies = async (name: string): Promise<void> => { while (((await get('deployment', name, namespace))!.status.replicas ?? 0) > 0) await sleep(500); };
  const ready = async (name: string): Promise<number> => (await list('pods', { namespace, selector: `app.kubernetes.io/instance=${name}` })).filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp).length;

  /** The least number of copies that were ready while something was done. */
  async function least(name: string, work: () => Promise<unknown>): Promise<number> {
    let over = false;
    let fewest = Infinity;
    const watching = (async () => { while (!over) { fewest = Math.min(fewest, await ready(name)); await sleep(200); } })();
    try {
      await work();
      await sleep(2_000);
    } finally {
      over = true;
      await watching;
    }
    return fewest;
  }

  test('its copies go when the new ones are ready: never fewer than before, and no request lost', async () => {
    await put('kept', Rollout.automatic());
    await rolledOut('kept', namespace);
    const trial = service('kept', Rollout.automatic());
    await trial.ask(client, 10);
    const fewest = await least('kept', async () => {
      await put('kept', canary(true));
      await rolloutIs('Healthy', 'kept', namespace, 240_000);
      // second step, when it is Healthy: the Deployment, now without copies, leaves the manifests
      await withoutCopies('kept');
      const before = (await rolloutIs('Healthy', 'kept', namespace)).status;
      await put('kept', canary(false));
      await kubectl(['delete', 'deployment', 'kept', '--namespace', namespace, '--wait=true']);
      await sleep(5_000);
      // the same template, so the same copies: nothing is rolled out
      expect((await rolloutIs('Healthy', 'kept', namespace)).status).toMatchObject({ stableRS: before.stableRS, currentPodHash: before.currentPodHash });
    });
    expect(fewest).toBeGreaterThanOrEqual(COPIES);
    const asked = await trial.asked();
    expect(asked).toMatchObject(ALL_ANSWERED);
    measured('Deployment taken over by a Rollout', { fewest, sent: asked.sent, failed: asked.failed });
  }, 400_000);

  test('with an autoscaler, by the steps that the library tells, word by word', async () => {
    const scaling = Scaling.onCpu({ min: COPIES, max: COPIES + 1 });
    await put('scaled', Rollout.automatic(), scaling);
    await rolledOut('scaled', namespace);
    await waitFor(async () => await ready('scaled') >= COPIES, { what: 'the least copies', timeout: 120_000, namespace });
    const { migrations } = service('scaled', canary(true), scaling).program(version).service.explainRelease()!;
    const handOver = /`(echo [^`]*)`/.exec(migrations[0]!.steps.join('\n'))![1]!;
    const fewest = await least('scaled', async () => {
      await put('scaled', canary(true), scaling);
      const rollout = await rolloutIs('Healthy', 'scaled', namespace, 240_000);
      expect(rollout.spec.replicas).toBeGreaterThanOrEqual(COPIES);
      await withoutCopies('scaled');
      const copies = (await rolloutIs('Healthy', 'scaled', namespace)).spec.replicas;
      await must('bash', ['-c', handOver.replace('COPIES', String(copies))]);
      await put('scaled', canary(false), scaling);
      await kubectl(['delete', 'deployment', 'scaled', '--namespace', namespace, '--wait=true']);
      expect((await get('rollouts.argoproj.io', 'scaled', namespace))!.spec.replicas).toBe(copies);
      await sleep(5_000);
    });
    expect(fewest).toBeGreaterThanOrEqual(COPIES);
  }, 400_000);

  test('without it, a Rollout in the place of the Deployment leaves none for a while', async () => {
    await put('dropped', Rollout.automatic());
    await rolledOut('dropped', namespace);
    const fewest = await least('dropped', async () => {
      await put('dropped', canary(false));
      await kubectl(['delete', 'deployment', 'dropped', '--namespace', namespace, '--wait=true']);
      await rolloutIs('Healthy', 'dropped', namespace, 240_000);
    });
    expect(fewest).toBeLessThan(COPIES);
  }, 400_000);
});
