import { Size } from 'cdk8s';
import { Accelerator, AcceleratorKind, ClusterProps, GpuPool, InferenceServer, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { serve, Served } from '../../../support/serving';

const CODES = ['SERVING_ACCELERATOR_NOT_IN_CLUSTER', 'SERVING_GPU_POOLS_UNKNOWN', 'SERVING_ACCELERATOR_PER_NODE', 'SERVING_CLAIM_NEEDS_KUBERNETES', 'SERVING_POOL_RESOURCES_DIFFER'];
const model = Model.onnx({ source: ModelSource.s3('s3://models/resnet/v1'), size: Size.gibibytes(1) });

function on(accelerator: Accelerator, cluster: ClusterProps): Served {
  return serve({ model, accelerator, server: InferenceServer.triton(), scaling: Scaling.fixed(2) }, cluster);
}
const found = (accelerator: Accelerator, cluster: ClusterProps): string[] => on(accelerator, cluster).codes.filter((code) => CODES.includes(code));

test('an accelerator that no pool has is told with all that the pools have', () => {
  const pools = [GpuPool.gke('L4', { count: 8 }), GpuPool.gke('A100-80GB', { count: 7, migProfile: '1g.10gb' })];
  expect(on(Accelerator.nvidia('H100'), { name: 'eu-1', gpuPools: pools }).problem('SERVING_ACCELERATOR_NOT_IN_CLUSTER')).toMatchObject({
    severity: 'error', what: "no pool of the cluster 'eu-1' has 1 x H100-80GB", got: '"1 x H100-80GB"', allowed: 'L4, A100-80GB MIG 1g.10gb', path: 'ml/Iris',
  });
  expect(found(Accelerator.nvidia('L4'), { gpuPools: pools })).toEqual([]);
});

test('whole GPUs are not MIG devices of the same product', () => {
  const gpuPools = [GpuPool.gke('A100-80GB', { count: 7, migProfile: '1g.10gb' })];
  expect(found(Accelerator.nvidia('A100-80GB'), { gpuPools })).toEqual(['SERVING_ACCELERATOR_NOT_IN_CLUSTER']);
  expect(found(Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), { gpuPools })).toEqual([]);
});

test('a cluster that declares no pools is a warning', () => {
  expect(on(Accelerator.nvidia('L4'), {}).problem('SERVING_GPU_POOLS_UNKNOWN')).toMatchObject({ severity: 'warning', what: expect.stringContaining('1 x L4'), fix: "declare 'gpuPools' of the Cluster" });
  expect(serve().codes).toEqual([]);
});

test('a copy on one node can not have more devices than the node', () => {
  const gpuPools = [GpuPool.gke('L4', { count: 32, perNode: 4 })];
  expect(on(Accelerator.nvidia('L4', { count: 8 }), { gpuPools }).problem('SERVING_ACCELERATOR_PER_NODE')).toMatchObject({ got: '8', allowed: 'at most 4' });
  expect(found(Accelerator.nvidia('L4', { count: 4 }), { gpuPools })).toEqual([]);
});

test('one pool with nodes that are large enough will do', () => {
  const gpuPools = [GpuPool.gke('L4', { count: 32, perNode: 4 }), GpuPool.gke('A100-80GB', { count: 16, perNode: 8 })];
  expect(found(Accelerator.anyOf([Accelerator.nvidia('L4', { count: 8 }), Accelerator.nvidia('A100-80GB', { count: 8 })]), { gpuPools })).toEqual([]);
});

test.each([
  ['1.31', undefined, 1], ['1.32', undefined, 1], ['1.33', undefined, 1], ['1.34', undefined, 0], // on by itself from 1.34 on
  ['1.31', true, 1], ['1.32', true, 0], ['1.33', true, 0], ['1.34', true, 0], ['1.33', false, 1], ['1.34', false, 1],
])('a claim on Kubernetes %s, switched on: %s, gives %i problems', (version, dynamicResourceAllocation, problems) => {
  expect(found(Accelerator.resourceClaim('gpu.nvidia.com'), { version, dynamicResourceAllocation })).toEqual(Array(problems).fill('SERVING_CLAIM_NEEDS_KUBERNETES'));
});

test('a claim says which Kubernetes it needs', () => {
  expect(on(Accelerator.resourceClaim('gpu.nvidia.com'), { version: '1.30' }).problem('SERVING_CLAIM_NEEDS_KUBERNETES')).toMatchObject({
    severity: 'error', got: '"1.30, dynamicResourceAllocation false"', allowed: '1.34, or 1.32 and 1.33 where it is switched on', fix: expect.stringContaining("'dynamicResourceAllocation: true'"),
  });
});

test('pools that offer a device under two names can not both be asked', () => {
  const own = (resource: string, pool: string): GpuPool => GpuPool.of({ vendor: 'nvidia' as any, product: 'L4', count: 8, resource, nodeLabels: { pool } });
  expect(on(Accelerator.nvidia('L4'), { gpuPools: [own('nvidia.com/gpu', 'a'), own('example.com/gpu', 'b')] }).problem('SERVING_POOL_RESOURCES_DIFFER')).toMatchObject({ what: expect.stringContaining('nvidia.com/gpu and example.com/gpu') });
  expect(found(Accelerator.nvidia('L4'), { gpuPools: [own('nvidia.com/gpu', 'a'), own('nvidia.com/gpu', 'b')] })).toEqual([]);
});

describe('a product that nothing makes sure of', () => {
  const CODE = 'SERVING_PRODUCT_NOT_ENFORCED';
  const server = InferenceServer.container({ image: 'registry.example.com/a:1', user: 1000, accelerators: [AcceleratorKind.NVIDIA, AcceleratorKind.AMD, AcceleratorKind.GAUDI, AcceleratorKind.TPU] });
  const told = (accelerator: Accelerator, ...gpuPools: GpuPool[]): boolean => serve({ model, accelerator, server, scaling: Scaling.fixed(2) }, { gpuPools }).codes.includes(CODE);
  const mi300x = (nodeLabels?: { [key: string]: string }): GpuPool => GpuPool.of({ vendor: AcceleratorKind.AMD, product: 'MI300X', count: 8, ...(nodeLabels === undefined ? {} : { nodeLabels }) });

  test('is a warning that names it', () => {
    expect(serve({ model, accelerator: Accelerator.amd('MI300X'), server, scaling: Scaling.fixed(2) }).problem(CODE)).toMatchObject({
      severity: 'warning', path: 'ml/Iris', what: 'nothing sends copies to nodes with MI300X: any node that offers such a device will do', got: '"MI300X"', allowed: "a pool with 'nodeLabels'", fix: expect.stringContaining('GpuPool.of'),
    });
  });

  test('is one of AMD and Gaudi without a pool, as no label of theirs is common; NVIDIA and TPUs have one', () => {
    expect([Accelerator.amd('MI300X'), Accelerator.gaudi('gaudi3'), Accelerator.nvidia('L4'), Accelerator.tpu('tpu-v5-lite-podslice', { count: 4, topology: '2x2' })].map((wish) => told(wish))).toEqual([true, true, false, false]);
  });

  test('is one of a pool without labels, also where only one of several is', () => {
    expect(told(Accelerator.amd('MI300X'), mi300x())).toBe(true);
    expect(told(Accelerator.amd('MI300X'), mi300x({ 'amd.com/gpu.product-name': 'MI300X' }))).toBe(false);
    expect(told(Accelerator.amd('MI300X'), mi300x({ pool: 'a' }), mi300x())).toBe(true);
  });

  test('is none where any product will do', () => expect([told(Accelerator.nvidiaAny()), told(Accelerator.nvidia('L4'), GpuPool.gke('L4', { count: 8 }))]).toEqual([false, false]));
});
