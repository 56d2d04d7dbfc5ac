import { Accelerator, GpuPool } from 'cdk8s-serving';
import { apply, get, list, type Manifest } from '../../support/cluster/kubectl';
import { GpuNodes } from '../../support/cluster/gpu-nodes';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { addNodes, removeNodes } from '../../support/cluster/nodes';
import { gpuService } from '../../support/cluster/gpu-service';
import { without } from '../../support/cluster/synthesized';
import { measured } from '../../support/cluster/report';
import { sleep } from '../../support/cluster/run';
import { isRolledOut, podsOf, replacePods, rolledOut, unschedulable } from '../../support/cluster/workloads';
import { waitFor } from '../../support/cluster/wait';

const HANG_SECONDS = 30;
/** A product of which no other test has a node: the pool is as full as this test makes it. */
const pool = (product: string) => GpuNodes.nvidia(product, 8);

/** Two copies of eight GPUs, on a pool of sixteen without a spare one. */
function manifests(product: string, ourStrategy: boolean): Manifest[] {
  const made = gpuService({ name: 'assistant', accelerator: Accelerator.nvidia(product, { count: 8 }), pools: [GpuPool.nvidiaOperator(product, { count: 16, perNode: 8 })] });
  return ourStrategy ? made : without(made, (deployment) => { delete deployment.spec.strategy; });
}

describe('a rolling update on a full GPU pool', () => {
  afterAll(async () => {
    await removeNamespaces();
    await removeNodes();
  });

  /** Fills two nodes of 8 GPUs with two pods of 8. */
  async function fill(product: string, ourStrategy: boolean): Promise<string> {
    await addNodes(pool(product), 2);
    const namespace = await createNamespace('full-pool');
    await apply(await setNamespace(manifests(product, ourStrategy), namespace));
    await rolledOut('assistant', namespace, { timeout: 60_000 });
    return namespace;
  }

  test('finishes', async () => {
    const namespace = await fill('TEST-FULL-A', true);
    const before = (await podsOf('assistant', namespace)).map((pod) => pod.metadata.name);
    const began = Date.now();
    await replacePods('assistant', namespace);
    await rolledOut('assistant', namespace, { timeout: 120_000 });
    measured('full pool, our strategy: seconds', (Date.now() - began) / 1000);
    const after = await podsOf('assistant', namespace);
    expect(after).toHaveLength(2);
    expect(after.filter((pod) => before.includes(pod.metadata.name))).toEqual([]);
  });

  test(`hangs without our strategy (nothing moves for ${HANG_SECONDS} s)`, async () => {
    const namespace = await fill('TEST-FULL-B', false);
    await replacePods('assistant', namespace);
    const stuck = () => list('pods', { namespace }).then((pods) => pods.filter((pod) => pod.status.phase === 'Pending' && unschedulable(pod)));
    const reason = await waitFor(async () => (await stuck())[0] && unschedulable((await stuck())[0]), { what: 'a pod without a node', timeout: 60_000, namespace });
    await sleep(HANG_SECONDS * 1000);
    measured('full pool, default strategy', reason);
    expect(await stuck()).toHaveLength(1);
    expect(reason).toMatch(/Insufficient nvidia\.com\/gpu/);
    expect(isRolledOut(await get('deployment', 'assistant', namespace))).toBe(false);
  });
});
