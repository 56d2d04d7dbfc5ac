import { Size } from 'cdk8s';
import { Accelerator, GpuPool, GpuSharing, InferenceServer, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { serve, Served } from '../../support/serving';

// where copies with an NVIDIA accelerator run: pools of a cluster, or the usual labels without any

const model = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) });

function on(accelerator: Accelerator, ...gpuPools: GpuPool[]): Served {
  return serve({ model, server: InferenceServer.triton(), accelerator, scaling: Scaling.fixed(2) }, { gpuPools });
}
const devices = (served: Served): any => Object.fromEntries(Object.entries(served.server.resources.limits).filter(([name]) => name.includes('/')));
const terms = (served: Served): any => served.pod.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
const either = Accelerator.anyOf([Accelerator.nvidia('A100-80GB', { count: 2 }), Accelerator.nvidia('H100', { count: 2 })]);

test('on CPU a pod is tied to no node', () => {
  const { pod, server } = serve();
  expect([pod.nodeSelector, pod.affinity, pod.tolerations, Object.keys(server.resources.limits)]).toEqual([undefined, undefined, undefined, ['memory']]);
});

describe('without pools', () => {
  test('a product of one label is a node selector', () => {
    const served = on(Accelerator.nvidia('L4', { count: 2 }));
    expect([served.pod.nodeSelector, devices(served), served.pod.tolerations]).toEqual([{ 'nvidia.com/gpu.product': 'NVIDIA-L4' }, { 'nvidia.com/gpu': '2' }, [{ key: 'nvidia.com/gpu', operator: 'Exists' }]]);
    expect(served.server.resources.requests['nvidia.com/gpu']).toBe('2');
  });

  test('a product of several labels is a node affinity', () => {
    const served = on(Accelerator.nvidia('A100-80GB'));
    expect(terms(served)).toEqual([{ matchExpressions: [{ key: 'nvidia.com/gpu.product', operator: 'In', values: ['NVIDIA-A100-SXM4-80GB', 'NVIDIA-A100-80GB-PCIe'] }] }]);
    expect(served.pod.nodeSelector).toBeUndefined();
  });

  test('A100 or H100 is one list of labels', () => {
    expect(terms(on(either))).toEqual([{ matchExpressions: [{ key: 'nvidia.com/gpu.product', operator: 'In', values: ['NVIDIA-A100-SXM4-80GB', 'NVIDIA-A100-80GB-PCIe', 'NVIDIA-H100-80GB-HBM3', 'NVIDIA-H100-PCIe'] }] }]);
  });

  test('alternatives of one label are asked for once', () => {
    expect(on(Accelerator.anyOf([Accelerator.nvidia('L4'), Accelerator.nvidia('L4')])).pod.nodeSelector).toEqual({ 'nvidia.com/gpu.product': 'NVIDIA-L4' });
  });

  test('any GPU is one that is there', () => expect(on(Accelerator.nvidiaAny()).pod.nodeSelector).toEqual({ 'nvidia.com/gpu.present': 'true' }));

  test('memory is asked for in MiB, a little under its nominal', () => {
    expect(terms(on(Accelerator.nvidiaMemory(Size.gibibytes(40))))).toEqual([{ matchExpressions: [{ key: 'nvidia.com/gpu.memory', operator: 'Gt', values: [String(Math.floor(40 * 1024 * 0.93))] }] }]);
  });

  test('a share has its own product label', () => {
    const served = on(Accelerator.nvidiaShared('L4'));
    expect([served.pod.nodeSelector, devices(served)]).toEqual([{ 'nvidia.com/gpu.product': 'NVIDIA-L4-SHARED' }, { 'nvidia.com/gpu': '1' }]);
  });

  test('a MIG device is asked for by its profile and tolerates the taint of GPUs', () => {
    const served = on(Accelerator.nvidiaMig('H200', '1g.18gb'));
    expect([served.pod.nodeSelector, devices(served), served.pod.tolerations]).toEqual([{ 'nvidia.com/gpu.product': 'NVIDIA-H200' }, { 'nvidia.com/mig-1g.18gb': '1' }, [{ key: 'nvidia.com/gpu', operator: 'Exists' }]]);
  });
});

describe('with pools', () => {
  const gke = (product: string): GpuPool => GpuPool.gke(product, { count: 64 });

  test('only those that fit are asked for', () => {
    const served = on(Accelerator.nvidia('L4'), gke('L4'), gke('T4'));
    expect([served.pod.nodeSelector, served.plan.pools.map((pool) => pool.product)]).toEqual([{ 'cloud.google.com/gke-accelerator': 'nvidia-l4' }, ['L4']]);
  });

  test('A100 or H100 is either pool', () => {
    expect(terms(on(either, gke('A100-80GB'), gke('H100'), gke('L4')))).toEqual([{ matchExpressions: [{ key: 'cloud.google.com/gke-accelerator', operator: 'In', values: ['nvidia-a100-80gb', 'nvidia-h100-80gb'] }] }]);
  });

  test('pools of several labels are a term each', () => {
    const served = on(either, GpuPool.gke('A100-80GB', { count: 8, nodeLabels: { zone: 'a' } }), gke('H100'));
    expect(terms(served)).toEqual([
      { matchExpressions: [{ key: 'cloud.google.com/gke-accelerator', operator: 'In', values: ['nvidia-a100-80gb'] }, { key: 'zone', operator: 'In', values: ['a'] }] },
      { matchExpressions: [{ key: 'cloud.google.com/gke-accelerator', operator: 'In', values: ['nvidia-h100-80gb'] }] },
    ]);
  });

  test('memory means the products that have it', () => {
    expect(on(Accelerator.nvidiaMemory(Size.gibibytes(80)), gke('A100-80GB'), gke('L4')).pod.nodeSelector).toEqual({ 'cloud.google.com/gke-accelerator': 'nvidia-a100-80gb' });
  });

  test('MIG devices are asked for by profile (mixed), or as GPUs of another product (single)', () => {
    const slice = Accelerator.nvidiaMig('H200', '1g.18gb', { count: 2 });
    const mixed = on(slice, GpuPool.nvidiaOperator('H200', { count: 56, migProfile: '1g.18gb' }));
    expect([devices(mixed), mixed.pod.nodeSelector]).toEqual([{ 'nvidia.com/mig-1g.18gb': '2' }, { 'nvidia.com/gpu.product': 'NVIDIA-H200' }]);
    const single = on(slice, GpuPool.nvidiaOperator('H200', { count: 56, migProfile: '1g.18gb', migSingle: true }));
    expect([devices(single), single.pod.nodeSelector]).toEqual([{ 'nvidia.com/gpu': '2' }, { 'nvidia.com/gpu.product': 'NVIDIA-H200-MIG-1g.18gb' }]);
  });

  test('shares are asked for by how they are shared', () => {
    const shared = (sharing: GpuSharing): GpuPool => GpuPool.gke('T4', { count: 64, sharing });
    const served = on(Accelerator.nvidiaShared('T4', { sharing: GpuSharing.MPS }), shared(GpuSharing.MPS), shared(GpuSharing.TIME_SLICING));
    expect([served.pod.nodeSelector, devices(served)]).toEqual([{ 'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4', 'cloud.google.com/gke-gpu-sharing-strategy': 'mps' }, { 'nvidia.com/gpu': '1' }]);
  });

  test('their taints are tolerated, each once', () => {
    const taints = [{ key: 'team', value: 'ml', effect: 'NoSchedule' }];
    const served = on(either, GpuPool.aks('A100-80GB', { count: 8, taints }), GpuPool.aks('H100', { count: 8, taints }));
    expect(served.pod.tolerations).toEqual([{ key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }, { key: 'nvidia.com/gpu', operator: 'Exists' }, { key: 'team', operator: 'Equal', value: 'ml', effect: 'NoSchedule' }]);
  });

  test('a pool of your own is asked for by its resource', () => {
    const served = on(Accelerator.nvidia('L4'), GpuPool.of({ vendor: 'nvidia' as any, product: 'L4', count: 8, resource: 'example.com/l4', nodeLabels: { pool: 'l4' } }));
    expect([devices(served), served.pod.nodeSelector, served.pod.tolerations]).toEqual([{ 'example.com/l4': '1' }, { pool: 'l4' }, undefined]);
  });
});
