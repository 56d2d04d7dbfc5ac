import { apply, get, type Manifest } from '../../support/cluster/kubectl';
import { GpuNodes } from '../../support/cluster/gpu-nodes';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { addNodes, type NodeKind, removeNodes } from '../../support/cluster/nodes';
import { gpuService } from '../../support/cluster/prototype/gpu';
import { measured } from '../../support/cluster/report';
import { podsOf, rolledOut, unschedulable } from '../../support/cluster/workloads';
import { waitFor } from '../../support/cluster/wait';

interface Wish {
  readonly kind: NodeKind;
  /** The labels that the pods ask for, beside the resource. */
  readonly select: string[];
}

/** One node of each kind is in the fleet while all are asked for: a pod may land only on its own. */
const WISHES: Record<string, Wish> = {
  'whole NVIDIA GPUs': { kind: GpuNodes.nvidia(), select: ['nvidia.com/gpu.product'] },
  'MIG slices, strategy single': { kind: GpuNodes.migSingle(), select: ['nvidia.com/gpu.product'] },
  'MIG slices, strategy mixed': { kind: GpuNodes.migMixed({ '3g.40gb': 4 }), select: [] },
  'AMD GPUs': { kind: GpuNodes.amd(), select: ['amd.com/gpu.product-name'] },
  Gaudi: { kind: GpuNodes.gaudi(), select: [] },
  TPUs: { kind: GpuNodes.tpu(), select: ['cloud.google.com/gke-tpu-accelerator', 'cloud.google.com/gke-tpu-topology'] },
  'GKE, whole GPUs': { kind: GpuNodes.gke('nvidia-h100-80gb'), select: ['cloud.google.com/gke-accelerator'] },
  'GKE, MIG': { kind: GpuNodes.gkeMig(), select: ['cloud.google.com/gke-accelerator', 'cloud.google.com/gke-gpu-partition-size'] },
  EKS: { kind: GpuNodes.eks(), select: ['node.kubernetes.io/instance-type'] },
  AKS: { kind: GpuNodes.aks(), select: ['node.kubernetes.io/instance-type'] },
};

const manifests = (name: string, { kind, select }: Wish): Manifest[] =>
  gpuService({
    name,
    replicas: 2,
    nodeSelector: Object.fromEntries(select.map((label) => [label, kind.labels[label]])),
    tolerate: kind.taints,
    devices: { [Object.keys(kind.devices)[0]]: 1 },
  });

describe('on a fleet of every kind of GPU node', () => {
  let namespace: string;
  const nodes = new Map<Wish, string>();

  beforeAll(async () => {
    namespace = await createNamespace('placement');
    await Promise.all(Object.values(WISHES).map(async (wish) => nodes.set(wish, (await addNodes(wish.kind))[0])));
  });

  afterAll(async () => {
    await removeNamespaces();
    await removeNodes();
  });

  test.each(Object.entries(WISHES))('%s: every pod lands on a node with the GPU asked for', async (words, wish) => {
    const name = words.toLowerCase().replace(/[^a-z]+/g, '-');
    await apply(await setNamespace(manifests(name, wish), namespace));
    await rolledOut(name, namespace, { timeout: 60_000 });
    const [resource] = Object.keys(wish.kind.devices);
    for (const pod of await podsOf(name, namespace)) {
      const node = await get('node', pod.spec.nodeName);
      expect(Number(node?.status.allocatable[resource])).toBeGreaterThan(0);
      for (const label of wish.select) expect(node?.metadata.labels?.[label]).toBe(wish.kind.labels[label]);
      expect(pod.spec.nodeName).toBe(nodes.get(wish));
    }
  });

  test('a GPU that no node has leaves the pod Pending, with a reason', async () => {
    const wish: Wish = { kind: GpuNodes.nvidia('NVIDIA-B200'), select: ['nvidia.com/gpu.product'] };
    await apply(await setNamespace(manifests('nowhere', wish), namespace));
    const reason = await waitFor(async () => unschedulable((await podsOf('nowhere', namespace))[0]), { what: 'the scheduler to give up', timeout: 30_000, namespace });
    measured('no node with the GPU', reason);
    expect(reason).toMatch(/0\/\d+ nodes are available/);
  });
});
