import { Accelerator, AcceleratorKind, ClusterProps, GpuPool, InferenceServer, InferenceServiceProps, Model, Scaling } from 'cdk8s-serving';
import { serve, Served } from '../../support/serving';
import { validateManifests } from '../../support/schema';

// AMD, Gaudi, TPUs, and claims of dynamic resource allocation

const ALL = [AcceleratorKind.NVIDIA, AcceleratorKind.AMD, AcceleratorKind.GAUDI, AcceleratorKind.TPU];
const base: Partial<InferenceServiceProps> = { model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/a:1', accelerators: ALL }), scaling: Scaling.fixed(2) };
const on = (accelerator: Accelerator, cluster: ClusterProps = {}): Served => serve({ ...base, accelerator }, cluster);
const devices = (served: Served): any => Object.fromEntries(Object.entries(served.server.resources.limits).filter(([name]) => name.includes('/')));

test.each([
  ['AMD', Accelerator.amd('MI300X', { count: 8 }), { 'amd.com/gpu': '8' }, 'amd.com/gpu'], ['Gaudi', Accelerator.gaudi('gaudi3', { count: 4 }), { 'habana.ai/gaudi': '4' }, 'habana.ai/gaudi'],
])('%s without pools is asked for by its resource alone', (_, accelerator, resources, taint) => {
  const served = on(accelerator);
  expect([devices(served), served.pod.nodeSelector, served.pod.affinity, served.pod.tolerations]).toEqual([resources, undefined, undefined, [{ key: taint, operator: 'Exists' }]]);
});

test.each([[AcceleratorKind.AMD, Accelerator.amd('MI300X'), 'amd.com/gpu'], [AcceleratorKind.GAUDI, Accelerator.gaudi('gaudi3'), 'habana.ai/gaudi']])('%s in a pool goes to its nodes', (vendor, accelerator, resource) => {
  const served = on(accelerator, { gpuPools: [GpuPool.of({ vendor, product: accelerator.product!, count: 8, nodeLabels: { pool: 'a' }, taints: [{ key: 'pool' }] })] });
  expect([devices(served), served.pod.nodeSelector, served.pod.tolerations]).toEqual([{ [resource]: '1' }, { pool: 'a' }, [{ key: 'pool', operator: 'Exists' }]]);
});

describe('TPUs', () => {
  const tpu = (type: string): Accelerator => Accelerator.tpu(type, { count: 4, topology: '2x2' });

  test('are asked for by type and topology', () => {
    const served = on(tpu('tpu-v5-lite-podslice'));
    expect([devices(served), served.pod.nodeSelector]).toEqual([{ 'google.com/tpu': '4' }, { 'cloud.google.com/gke-tpu-accelerator': 'tpu-v5-lite-podslice', 'cloud.google.com/gke-tpu-topology': '2x2' }]);
  });

  test('in a pool are asked for by its labels and the topology', () => {
    const pool = GpuPool.of({ vendor: AcceleratorKind.TPU, product: 'tpu-v6e-slice', count: 8, topology: '2x2', nodeLabels: { 'cloud.google.com/gke-tpu-accelerator': 'tpu-v6e-slice' } });
    expect(on(tpu('tpu-v6e-slice'), { gpuPools: [pool] }).pod.nodeSelector).toEqual({ 'cloud.google.com/gke-tpu-accelerator': 'tpu-v6e-slice', 'cloud.google.com/gke-tpu-topology': '2x2' });
  });

  test('of two types keep their topology', () => {
    const served = on(Accelerator.anyOf([tpu('tpu-v5-lite-podslice'), tpu('tpu-v6e-slice')]));
    const terms = served.pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    for (const term of terms) expect(term.matchExpressions).toContainEqual({ key: 'cloud.google.com/gke-tpu-topology', operator: 'In', values: ['2x2'] });
  });
});

describe('a claim', () => {
  const selector = 'device.attributes["gpu.nvidia.com"].productName == "NVIDIA L4"';
  const claim = (version: string, props = {}): Served => on(Accelerator.resourceClaim('gpu.nvidia.com', props), { version, dynamicResourceAllocation: true });
  const requests = (served: Served): any => served.one('ResourceClaimTemplate').spec.spec.devices.requests;
  const exactly = { deviceClassName: 'gpu.nvidia.com', allocationMode: 'ExactCount', count: 2, selectors: [{ cel: { expression: selector } }] };

  test.each([
    ['1.32', 'resource.k8s.io/v1beta1', { name: 'device', ...exactly }], ['1.33', 'resource.k8s.io/v1beta2', { name: 'device', exactly }], ['1.34', 'resource.k8s.io/v1', { name: 'device', exactly }],
  ])('on Kubernetes %s is %s', (version, apiVersion, request) => {
    const served = claim(version, { count: 2, selector });
    expect(served.one('ResourceClaimTemplate')).toMatchObject({ apiVersion, metadata: { name: 'iris-accelerator' } });
    expect(requests(served)).toEqual([request]);
  });

  test('without a selector takes any device of the class', () => expect(requests(claim('1.34'))[0].exactly).toEqual({ deviceClassName: 'gpu.nvidia.com', allocationMode: 'ExactCount', count: 1 }));

  test('is claimed by the pod and its server, and asks for no extended resource or node, and tolerates the taint of such nodes', () => {
    const served = claim('1.34');
    expect(served.pod.resourceClaims).toEqual([{ name: 'accelerator', resourceClaimTemplateName: 'iris-accelerator' }]);
    expect(served.server.resources.claims).toEqual([{ name: 'accelerator' }]);
    expect([devices(served), served.pod.nodeSelector, served.pod.affinity, served.pod.tolerations]).toEqual([{}, undefined, undefined, [{ key: 'nvidia.com/gpu', operator: 'Exists' }]]);
  });

  test('is accepted by Kubernetes 1.34', () => expect(validateManifests(claim('1.34', { selector }).manifests, '1.34')).toEqual([]));

  test('is not made for a service without one', () => expect(serve().one('ResourceClaimTemplate')).toBeUndefined());
});
