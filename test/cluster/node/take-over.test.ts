import { Rollout } from 'cdk8s-serving';
import { rolloutIs } from '../../support/cluster/argo';
import { Client } from '../../support/cluster/client';
import { apply, get, isReady, kubectl, list, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { measured } from '../../support/cluster/report';
import { sleep } from '../../support/cluster/run';
import { Trial } from '../../support/cluster/trial';
import { rolledOut } from '../../support/cluster/workloads';

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

  const service = (name: string, rollout: Rollout) => new Trial({ name, namespace, metricsUrl: 'http://127.0.0.1:9', rollout, second: {}, copies: COPIES });
  const put = async (name: string, rollout: Rollout, manifests = service(name, rollout).manifests(version)): Promise<void> => { await apply(await setNamespace(manifests, namespace), { force: true }); };
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
    const canary = (takeOverDeployment: boolean) => Rollout.canary({ steps: [50], gates: [], takeOverDeployment });
    await put('kept', Rollout.automatic());
    await rolledOut('kept', namespace);
    const trial = service('kept', Rollout.automatic());
    await trial.ask(client, 10);
    const fewest = await least('kept', async () => {
      await put('kept', canary(true));
      await rolloutIs('Healthy', 'kept', namespace, 240_000);
      // second step, when it is Healthy: the Deployment, now without copies, leaves the manifests
      while (((await get('deployment', 'kept', namespace))!.status.replicas ?? 0) > 0) await sleep(500);
      await put('kept', canary(false));
      await kubectl(['delete', 'deployment', 'kept', '--namespace', namespace, '--wait=true']);
    });
    expect(fewest).toBeGreaterThanOrEqual(COPIES);
    const asked = await trial.asked();
    expect(asked).toMatchObject({ failed: 0, wrong: 0 });
    measured('Deployment taken over by a Rollout', { fewest, sent: asked.sent, failed: asked.failed });
  }, 400_000);

  test('without it, a Rollout in the place of the Deployment leaves none for a while', async () => {
    await put('dropped', Rollout.automatic());
    await rolledOut('dropped', namespace);
    const fewest = await least('dropped', async () => {
      const manifests: Manifest[] = service('dropped', Rollout.canary({ steps: [50], gates: [] })).manifests(version);
      await put('dropped', Rollout.automatic(), manifests);
      await kubectl(['delete', 'deployment', 'dropped', '--namespace', namespace, '--wait=true']);
      await rolloutIs('Healthy', 'dropped', namespace, 240_000);
    });
    expect(fewest).toBeLessThan(COPIES);
  }, 400_000);
});
