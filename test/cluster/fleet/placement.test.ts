import { Accelerator, AcceleratorKind, GpuPool, GpuSharing } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { apply, get } from '../../support/cluster/kubectl';
import { GpuNodes } from '../../support/cluster/gpu-nodes';
import { gpuService } from '../../support/cluster/gpu-service';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { addNodes, type NodeKind, removeNodes } from '../../support/cluster/nodes';
import { measured } from '../../support/cluster/report';
import { podsOf, rolledOut, unschedulable } from '../../support/cluster/workloads';
import { waitFor } from '../../support/cluster/wait';

/** Nodes of the fleet; all are there while all services are applied, so that a pod could land on a wrong one. */
const NODES = {
  a100: GpuNodes.nvidia('NVIDIA-A100-SXM4-80GB'),
  h100: GpuNodes.nvidia('NVIDIA-H100-80GB-HBM3'),
  t4Shared: sharedT4(),
  migSingle: GpuNodes.migSingle('1g.10gb'),
  migMixed: GpuNodes.migMixed({ '3g.40gb': 4 }),
  amd: GpuNodes.amd(),
  gaudi: GpuNodes.gaudi(),
  tpu: GpuNodes.tpu(),
  gke: GpuNodes.gke('nvidia-h100-80gb'),
  gkeMig: GpuNodes.gkeMig(),
  eks: GpuNodes.eks(),
  aks: GpuNodes.aks(),
} satisfies Record<string, NodeKind>;

interface Wish {
  readonly accelerator: Accelerator;
  readonly pools?: GpuPool[];
  readonly on: (keyof typeof NODES)[];
}

const room = { count: 16 };
const amdPool = GpuPool.of({ vendor: AcceleratorKind.AMD, product: 'MI300X', ...room, nodeLabels: { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM' }, taints: [{ key: 'amd.com/gpu' }] });

const WISHES: Record<string, Wish> = {
  'whole GPUs of the operator': { accelerator: Accelerator.nvidia('A100-80GB', { count: 2 }), pools: [GpuPool.nvidiaOperator('A100-80GB', room)], on: ['a100'] },
  'whole GPUs without declared pools': { accelerator: Accelerator.nvidia('H100'), on: ['h100'] },
  'A100 or H100': { accelerator: Accelerator.anyOf([Accelerator.nvidia('A100-80GB'), Accelerator.nvidia('H100')]), pools: [GpuPool.nvidiaOperator('A100-80GB', room), GpuPool.nvidiaOperator('H100', room)], on: ['a100', 'h100'] },
  'GPUs by memory': { accelerator: Accelerator.nvidiaMemory(Size.gibibytes(70)), pools: [GpuPool.nvidiaOperator('H100', room), GpuPool.nvidiaOperator('T4', room)], on: ['h100'] },
  'a share of a GPU': { accelerator: Accelerator.nvidiaShared('T4'), pools: [GpuPool.nvidiaOperator('T4', { ...room, sharing: GpuSharing.TIME_SLICING })], on: ['t4Shared'] },
  'MIG, strategy single': { accelerator: Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), pools: [GpuPool.nvidiaOperator('A100-80GB', { ...room, migProfile: '1g.10gb', migSingle: true })], on: ['migSingle'] },
  'MIG, strategy mixed': { accelerator: Accelerator.nvidiaMig('A100-80GB', '3g.40gb'), pools: [GpuPool.nvidiaOperator('A100-80GB', { ...room, migProfile: '3g.40gb' })], on: ['migMixed'] },
  'AMD': { accelerator: Accelerator.amd('MI300X'), pools: [amdPool], on: ['amd'] },
  'AMD without declared pools': { accelerator: Accelerator.amd('MI300X'), on: ['amd'] },
  'Gaudi': { accelerator: Accelerator.gaudi('gaudi3'), on: ['gaudi'] },
  'TPU': { accelerator: Accelerator.tpu('tpu-v5-lite-podslice', { count: 4, topology: '2x4' }), on: ['tpu'] },
  'GKE': { accelerator: Accelerator.nvidia('H100'), pools: [GpuPool.gke('H100', room)], on: ['gke'] },
  'GKE with MIG': { accelerator: Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), pools: [GpuPool.gke('A100-80GB', { ...room, migProfile: '1g.10gb' })], on: ['gkeMig'] },
  'EKS': { accelerator: Accelerator.nvidia('A100-80GB'), pools: [GpuPool.eks('A100-80GB', room)], on: ['eks'] },
  'AKS': { accelerator: Accelerator.nvidia('A100-80GB'), pools: [GpuPool.aks('A100-80GB', room)], on: ['aks'] },
};

describe('on a fleet of every kind of GPU node', () => {
  let namespace: string;
  const names = new Map<string, string>();

  beforeAll(async () => {
    namespace = await createNamespace('placement');
    await Promise.all(Object.entries(NODES).map(async ([key, kind]) => names.set(key, (await addNodes(kind))[0]!)));
  });

  afterAll(async () => {
    await removeNamespaces();
    await removeNodes();
  });

  test.each(Object.entries(WISHES))('%s: every pod lands on a node with the device asked for', async (words, wish) => {
    const name = words.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const manifests = gpuService({ name, accelerator: wish.accelerator, pools: wish.pools });
    expect(await apply(await setNamespace(manifests, namespace))).toEqual([]);
    await rolledOut(name, namespace, { timeout: 60_000 });
    const pods = await podsOf(name, namespace);
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      const [resource, count] = Object.entries(pod.spec.containers[0].resources.limits).find(([key]) => key.includes('/'))!;
      const node = await get('node', pod.spec.nodeName);
      expect(Number(node?.status.allocatable[resource])).toBeGreaterThanOrEqual(Number(count));
      // the cluster's own fake nodes have the same labels as some of these
      expect(wish.on.some((kind) => sameKind(node?.metadata.labels ?? {}, NODES[kind]))).toBe(true);
    }
  });

  test('a device that no node has leaves the pod Pending, with a reason', async () => {
    await apply(await setNamespace(gpuService({ name: 'nowhere', accelerator: Accelerator.nvidia('B200') }), namespace));
    const reason = await waitFor(async () => unschedulable((await podsOf('nowhere', namespace))[0]!), { what: 'the scheduler to give up', timeout: 30_000, namespace });
    measured('no node with the GPU', reason);
    expect(reason).toMatch(/0\/\d+ nodes are available/);
  });
});

/** Whether a node is labelled as this kind is, in all that tells devices apart. */
function sameKind(labels: Record<string, string>, kind: NodeKind): boolean {
  const telling = Object.entries(kind.labels).filter(([key]) => /gpu\.product|accelerator|partition|topology|instance-type|product-name/.test(key) && !key.startsWith('topology.kubernetes.io'));
  return telling.every(([key, value]) => labels[key] === value);
}

/** A T4 that the device plugin offers four times: the discovery adds -SHARED to its product. */
function sharedT4(): NodeKind {
  const kind = GpuNodes.nvidia('Tesla-T4-SHARED', 4);
  return { ...kind, name: 't4-shared', labels: { ...kind.labels, 'nvidia.com/gpu.sharing-strategy': 'time-slicing', 'nvidia.com/gpu.replicas': '4' } };
}
