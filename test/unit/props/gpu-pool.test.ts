import { Size } from 'cdk8s';
import { Accelerator, AcceleratorKind, CloudPoolProps, CustomPoolProps, GpuPool, GpuPoolProps, GpuSharing, InferenceServer, Model, ModelSource, NodeTaint, NvidiaOperatorPoolProps, Scaling } from 'cdk8s-serving';
import { everyProp, PropCase } from '../../support/props';
import { serve, Served } from '../../support/serving';

const model = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) });
const server = InferenceServer.container({ image: 'registry.example.com/a:1', accelerators: [AcceleratorKind.NVIDIA, AcceleratorKind.AMD, AcceleratorKind.TPU] });
const on = (pool: GpuPool, accelerator = Accelerator.nvidia('T4')): Served => serve({ model, server, accelerator, scaling: Scaling.fixed(2) }, { gpuPools: [pool], prices: { cpuHour: 0, memoryGibHour: 0 } });
const noRoom = (pool: GpuPool): boolean => on(pool).codes.includes('SERVING_ACCELERATOR_NOT_IN_CLUSTER');

/** What each prop of every pool does; the same for all presets. */
const COMMON: { readonly [K in keyof Required<GpuPoolProps>]: PropCase<GpuPoolProps, K, GpuPool> } = {
  count: { value: 1, see: (pool) => on(pool).codes.includes('SERVING_GPU_POOL_FULL'), is: true },
  spare: { value: 1, see: (pool) => on(pool).plan.strategy.maxSurge, is: 1 },
  perNode: { value: 1, see: (pool) => on(pool, Accelerator.nvidia('T4', { count: 2 })).codes.includes('SERVING_ACCELERATOR_PER_NODE'), is: true },
  migProfile: { value: '1g.10gb', see: (pool) => [noRoom(pool), on(pool, Accelerator.nvidiaMig('T4', '1g.10gb')).plan.pools.length], is: [true, 1] },
  sharing: { value: GpuSharing.MPS, see: (pool) => [noRoom(pool), on(pool, Accelerator.nvidiaShared('T4', { sharing: GpuSharing.MPS })).plan.pools.length], is: [true, 1] },
  nodeLabels: { value: { team: 'ml' }, see: (pool) => JSON.stringify(on(pool).pod).includes('"team"'), is: true },
  taints: { value: [{ key: 'team', value: 'ml' }], see: (pool) => on(pool).pod.tolerations?.at(-1), is: { key: 'team', operator: 'Equal', value: 'ml' } },
  pricePerHour: { value: 3, see: (pool) => on(pool).service.estimateCost()?.copyPerHour, is: 3 },
};

const instanceTypes: PropCase<CloudPoolProps, 'instanceTypes', GpuPool> = { value: ['my.type'], see: (pool) => on(pool).pod.nodeSelector?.['node.kubernetes.io/instance-type'], is: 'my.type' };

describe('each prop of a pool of the GPU operator', () => {
  everyProp<NvidiaOperatorPoolProps, GpuPool>({ count: 8 }, (props) => GpuPool.nvidiaOperator('T4', props), {
    ...COMMON,
    migSingle: { value: true, beside: { migProfile: '1g.10gb' }, see: (pool) => Object.keys(on(pool, Accelerator.nvidiaMig('T4', '1g.10gb')).server.resources.limits), is: ['memory', 'nvidia.com/gpu'] },
  });
});

describe('each prop of a pool of GKE', () => everyProp<GpuPoolProps, GpuPool>({ count: 8 }, (props) => GpuPool.gke('T4', props), COMMON));
describe('each prop of a pool of EKS', () => everyProp<CloudPoolProps, GpuPool>({ count: 8 }, (props) => GpuPool.eks('T4', props), { ...COMMON, instanceTypes }));
describe('each prop of a pool of AKS', () => everyProp<CloudPoolProps, GpuPool>({ count: 8 }, (props) => GpuPool.aks('T4', props), { ...COMMON, instanceTypes }));

describe("each prop of a pool of one's own", () => {
  const tpu = Accelerator.tpu('tpu-v6e-slice', { count: 4, topology: '2x2' });
  everyProp<CustomPoolProps, GpuPool>({ count: 8, vendor: AcceleratorKind.NVIDIA, product: 'T4' }, (props) => GpuPool.of(props), {
    ...COMMON,
    vendor: { value: AcceleratorKind.AMD, see: (pool) => on(pool, Accelerator.amd('T4')).plan.pools.length, is: 1 },
    product: { value: 'L4', see: (pool) => on(pool, Accelerator.nvidia('L4')).plan.pools.length, is: 1 },
    resource: { value: 'example.com/gpu', see: (pool) => on(pool).server.resources.limits['example.com/gpu'], is: '1' },
    memoryGib: { value: 99, see: (pool) => on(pool, Accelerator.nvidiaMemory(Size.gibibytes(99))).plan.pools.length, is: 1 },
    topology: { value: '2x2', beside: { vendor: AcceleratorKind.TPU, product: 'tpu-v6e-slice' }, see: (pool) => on(pool, tpu).plan.pools.length, is: 1 },
  });
});

describe('each prop of a taint', () => {
  const toleration = (taint: NodeTaint): any => on(GpuPool.gke('T4', { count: 8, taints: [taint] })).pod.tolerations.at(-1);
  everyProp<NodeTaint, NodeTaint>({ key: 'team' }, (taint) => taint, {
    key: { value: 'pool', see: toleration, is: { key: 'pool', operator: 'Exists' } },
    value: { value: 'ml', see: toleration, is: { key: 'team', operator: 'Equal', value: 'ml' } },
    effect: { value: 'NoExecute', see: toleration, is: { key: 'team', operator: 'Exists', effect: 'NoExecute' } },
  });
});
