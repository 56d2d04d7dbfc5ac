import { Accelerator, GpuPool } from 'cdk8s-serving';
import { apply, evict, get, isReady, kubectl, type Manifest } from '../../support/cluster/kubectl';
import { GpuNodes } from '../../support/cluster/gpu-nodes';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { addNodes, removeNodes } from '../../support/cluster/nodes';
import { gpuService } from '../../support/cluster/gpu-service';
import { measured } from '../../support/cluster/report';
import { sleep } from '../../support/cluster/run';
import { podsOf, readyPods, rolledOut } from '../../support/cluster/workloads';
import { waitFor } from '../../support/cluster/wait';

const pool = (product: string) => GpuNodes.nvidia(product, 8);
const manifests = (product: string, ourBudget: boolean): Manifest[] =>
  gpuService({ name: 'assistant', accelerator: Accelerator.nvidia(product), pools: [GpuPool.nvidiaOperator(product, { count: 16 })] })
    .filter((manifest) => ourBudget || manifest.kind !== 'PodDisruptionBudget');

describe('a drain of the node that has both of two copies', () => {
  afterAll(async () => {
    await removeNamespaces();
    await removeNodes();
  });

  /** Both copies on one node, cordoned as a drain begins by doing; a second node is there, also cordoned until a test lets it in. */
  async function together(product: string, ourBudget: boolean): Promise<{ namespace: string; full: string; spare: string }> {
    const [full, spare] = await addNodes(pool(product), 2);
    await kubectl(['cordon', spare]);
    const namespace = await createNamespace('drain');
    await apply(await setNamespace(manifests(product, ourBudget), namespace));
    await rolledOut('assistant', namespace, { timeout: 60_000 });
    await kubectl(['cordon', full]);
    if (ourBudget) {
      await waitFor(async () => (await get('pdb', 'assistant', namespace))?.status.disruptionsAllowed === 1, { what: 'the budget to count both', timeout: 30_000, namespace });
    }
    expect((await podsOf('assistant', namespace)).map((pod) => pod.spec.nodeName)).toEqual([full, full]);
    return { namespace, full, spare };
  }

  /** Evicts each of the two, as a drain does; true for each that was granted. */
  async function evictBoth(namespace: string): Promise<boolean[]> {
    const [first, second] = await podsOf('assistant', namespace);
    return [await evict(first), await evict(second)];
  }

  test('never takes the last one while the other has no node, and ends when it has', async () => {
    const { namespace, full, spare } = await together('TEST-DRAIN-A', true);
    expect(await evictBoth(namespace)).toEqual([true, false]);
    await sleep(5_000);
    const [last] = await readyPods('assistant', namespace);
    expect(await evict(last)).toBe(false);
    expect(await readyPods('assistant', namespace)).toHaveLength(1);

    await kubectl(['uncordon', spare]);
    const began = Date.now();
    await kubectl(['drain', full, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=60s']);
    measured('drain with the budget: seconds once there is room', (Date.now() - began) / 1000);
    await waitFor(async () => (await podsOf('assistant', namespace)).filter((pod) => isReady(pod) && pod.spec.nodeName === spare).length === 2, {
      what: 'both copies on the other node', timeout: 60_000, namespace,
    });
  });

  test('takes both at once without our budget', async () => {
    const { namespace } = await together('TEST-DRAIN-B', false);
    expect(await evictBoth(namespace)).toEqual([true, true]);
    await waitFor(async () => (await readyPods('assistant', namespace)).length === 0, { what: 'no copy to be left', timeout: 30_000, namespace });
  });
});
