import { Size } from 'cdk8s';
import { Accelerator, AcceleratorKind, GpuPool, GpuSharing } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const labels = (pool: GpuPool): { [key: string]: string[] } => pool._selector;

describe("NVIDIA's GPU operator", () => {
  test('labels nodes by product, in all its builds', () => {
    const pool = GpuPool.nvidiaOperator('A100-80GB', { count: 8 });
    expect(labels(pool)).toEqual({ 'nvidia.com/gpu.product': ['NVIDIA-A100-SXM4-80GB', 'NVIDIA-A100-80GB-PCIe'] });
    expect(pool).toMatchObject({ resource: 'nvidia.com/gpu', memoryGib: 80, count: 8, spare: 0, taints: [{ key: 'nvidia.com/gpu' }], _findings: [] });
  });

  test('takes an unknown product as the label itself', () => {
    expect(labels(GpuPool.nvidiaOperator('NVIDIA-B200', { count: 8 }))).toEqual({ 'nvidia.com/gpu.product': ['NVIDIA-B200'] });
    expect(GpuPool.nvidiaOperator('NVIDIA-B200', { count: 8 }).memoryGib).toBeUndefined();
  });

  test('offers MIG devices by their profile (mixed), or as whole GPUs under another product (single)', () => {
    const mixed = GpuPool.nvidiaOperator('H200', { count: 7, migProfile: '1g.18gb' });
    expect([mixed.resource, labels(mixed)]).toEqual(['nvidia.com/mig-1g.18gb', { 'nvidia.com/gpu.product': ['NVIDIA-H200'] }]);
    const single = GpuPool.nvidiaOperator('H200', { count: 7, migProfile: '1g.18gb', migSingle: true });
    expect([single.resource, labels(single)]).toEqual(['nvidia.com/gpu', { 'nvidia.com/gpu.product': ['NVIDIA-H200-MIG-1g.18gb'] }]);
  });

  test('marks shared GPUs in the product label', () => {
    expect(labels(GpuPool.nvidiaOperator('T4', { count: 8, sharing: GpuSharing.TIME_SLICING }))).toEqual({ 'nvidia.com/gpu.product': ['Tesla-T4-SHARED'] });
  });
});

describe('GKE', () => {
  test('labels nodes by accelerator, partition and sharing', () => {
    expect(labels(GpuPool.gke('L4', { count: 8 }))).toEqual({ 'cloud.google.com/gke-accelerator': ['nvidia-l4'] });
    const cut = GpuPool.gke('A100-40GB', { count: 7, migProfile: '1g.5gb' });
    expect([labels(cut), cut.resource]).toEqual([{ 'cloud.google.com/gke-accelerator': ['nvidia-tesla-a100'], 'cloud.google.com/gke-gpu-partition-size': ['1g.5gb'] }, 'nvidia.com/gpu']);
    expect(labels(GpuPool.gke('T4', { count: 8, sharing: GpuSharing.TIME_SLICING }))['cloud.google.com/gke-gpu-sharing-strategy']).toEqual(['time-sharing']);
    expect(labels(GpuPool.gke('T4', { count: 8, sharing: GpuSharing.MPS }))['cloud.google.com/gke-gpu-sharing-strategy']).toEqual(['mps']);
  });

  test('is not known to have every product', () => {
    expect(GpuPool.gke('A10G', { count: 1 })._findings).toEqual([expect.objectContaining({ code: 'SERVING_POOL_PRODUCT', what: "GKE is not known to have nodes with 'A10G'", allowed: expect.stringContaining('L4') })]);
  });
});

describe('EKS and AKS', () => {
  test('tell nodes apart by instance type', () => {
    expect(labels(GpuPool.eks('A100-40GB', { count: 8 }))).toEqual({ 'node.kubernetes.io/instance-type': ['p4d.24xlarge'] });
    expect(labels(GpuPool.aks('A100-40GB', { count: 8 }))).toEqual({ 'kubernetes.azure.com/accelerator': ['nvidia'], 'node.kubernetes.io/instance-type': ['Standard_ND96asr_v4'] });
    expect(GpuPool.aks('T4', { count: 1 }).taints).toEqual([{ key: 'sku', value: 'gpu', effect: 'NoSchedule' }, { key: 'nvidia.com/gpu' }]);
    expect(GpuPool.eks('T4', { count: 1 }).taints).toEqual([{ key: 'nvidia.com/gpu' }]);
  });

  test('take the types that are given, also for a product that is not known there', () => {
    const pool = GpuPool.eks('B200', { count: 8, instanceTypes: ['p6-b200.48xlarge'] });
    expect([labels(pool)['node.kubernetes.io/instance-type'], codes(pool)]).toEqual([['p6-b200.48xlarge'], []]);
    expect(codes(GpuPool.eks('B200', { count: 8 }))).toEqual(['SERVING_POOL_PRODUCT']);
    expect(codes(GpuPool.aks('L4', { count: 8 }))).toEqual(['SERVING_POOL_PRODUCT']);
  });

  test('offer MIG devices by their profile', () => {
    expect(GpuPool.eks('A100-40GB', { count: 56, migProfile: '1g.5gb' }).resource).toBe('nvidia.com/mig-1g.5gb');
  });
});

describe('a pool of your own', () => {
  test.each([
    [AcceleratorKind.AMD, 'MI300X', 'amd.com/gpu', 192], [AcceleratorKind.GAUDI, 'gaudi3', 'habana.ai/gaudi', 128], [AcceleratorKind.TPU, 'tpu-v6e-slice', 'google.com/tpu', undefined], [AcceleratorKind.NVIDIA, 'H100', 'nvidia.com/gpu', 80],
  ])('of %s offers %s as %s', (vendor, product, resource, memoryGib) => {
    const pool = GpuPool.of({ vendor, product, count: 8, nodeLabels: { pool: 'a' } });
    expect(pool).toMatchObject({ vendor, resource, memoryGib, taints: [], _selector: { pool: ['a'] }, _findings: [] });
  });

  test('is not of claims', () => {
    expect(codes(GpuPool.of({ vendor: AcceleratorKind.RESOURCE_CLAIM, product: 'x', count: 1 }))).toEqual(['SERVING_WRONG_TYPE']);
  });
});

test('spare devices are part of the pool', () => {
  expect(GpuPool.gke('L4', { count: 2, spare: 3 })._findings).toEqual([expect.objectContaining({ code: 'SERVING_POOL_SPARE_ABOVE_COUNT', got: '"spare 3, count 2"' })]);
  expect(codes(GpuPool.gke('L4', { count: 2, spare: 2 }))).toEqual([]);
});

test('counts are whole and not negative, and a taint has a key and a known effect', () => {
  for (const count of [-1, 1.5, NaN]) expect(codes(GpuPool.gke('L4', { count }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(GpuPool.gke('L4', { count: 1, taints: [{ key: 'team', effect: 'Never' }] }))).toEqual(['SERVING_WRONG_TYPE']);
  expect(codes(GpuPool.gke('L4', { count: 1, taints: [{ value: 'ml' } as any] }))).toEqual(['SERVING_WRONG_TYPE']);
});

describe('a copy fits a pool', () => {
  const a100 = GpuPool.gke('A100-80GB', { count: 8 });

  test('of its product, whatever name it was given', () => {
    expect([Accelerator.nvidia('A100-80GB'), Accelerator.nvidiaAny(), Accelerator.nvidia('H100'), Accelerator.amd('A100-80GB')].map((one) => a100.fits(one))).toEqual([true, true, false, false]);
    expect(GpuPool.gke('H100', { count: 1 }).fits(Accelerator.nvidia('H100-80GB'))).toBe(true);
  });

  test('with enough memory; a pool of unknown memory has none', () => {
    expect([80, 81].map((gib) => a100.fits(Accelerator.nvidiaMemory(Size.gibibytes(gib))))).toEqual([true, false]);
    expect(GpuPool.nvidiaOperator('NVIDIA-B200', { count: 1 }).fits(Accelerator.nvidiaMemory(Size.gibibytes(1)))).toBe(false);
  });

  test('cut and shared in the same way', () => {
    const cut = GpuPool.gke('A100-80GB', { count: 7, migProfile: '1g.10gb' });
    expect([cut.fits(Accelerator.nvidiaMig('A100-80GB', '1g.10gb')), cut.fits(Accelerator.nvidiaMig('A100-80GB', '2g.20gb')), cut.fits(Accelerator.nvidia('A100-80GB')), a100.fits(Accelerator.nvidiaMig('A100-80GB', '1g.10gb'))]).toEqual([true, false, false, false]);
    const shared = GpuPool.gke('T4', { count: 8, sharing: GpuSharing.MPS });
    expect([shared.fits(Accelerator.nvidiaShared('T4', { sharing: GpuSharing.MPS })), shared.fits(Accelerator.nvidiaShared('T4')), shared.fits(Accelerator.nvidia('T4'))]).toEqual([true, false, false]);
  });

  test('of its topology', () => {
    const tpus = GpuPool.of({ vendor: AcceleratorKind.TPU, product: 'tpu-v6e-slice', count: 8, topology: '2x2' });
    expect(['2x2', '2x4'].map((topology) => tpus.fits(Accelerator.tpu('tpu-v6e-slice', { count: 4, topology })))).toEqual([true, false]);
  });

  test('when any of its alternatives does', () => {
    expect(a100.fits(Accelerator.anyOf([Accelerator.nvidia('H100'), Accelerator.nvidia('A100-80GB')]))).toBe(true);
  });
});
