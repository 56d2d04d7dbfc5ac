import type { NodeKind, Taint } from './nodes';

/**
 * GPU nodes as their vendors and clouds label and taint them. Sources:
 * - NVIDIA: labels of gpu-feature-discovery, docs/gpu-feature-discovery/README.md in NVIDIA/k8s-device-plugin; no taint of its own,
 *   `nvidia.com/gpu` is the key that everyone's toleration names
 * - GKE: cloud.google.com/gke-accelerator and the taint nvidia.com/gpu=present are set on every GPU node pool; TPU pools likewise
 * - EKS: no GPU label or taint of its own; Karpenter adds karpenter.k8s.aws/instance-gpu-*, managed groups are told apart by instance type
 * - AKS: kubernetes.azure.com/accelerator=nvidia is set; the taint sku=gpu is the documented convention
 * - AMD: labels of the ROCm k8s-device-plugin's node labeller
 */
const present = (key: string): Taint => ({ key, value: 'present', effect: 'NoSchedule' });

const nvidia = (product: string, count: number): Record<string, string> => ({
  'nvidia.com/gpu.present': 'true',
  'nvidia.com/gpu.product': product,
  'nvidia.com/gpu.count': String(count),
});

export const GpuNodes = {
  /** Whole GPUs under the GPU Operator. */
  nvidia: (product = 'NVIDIA-H100-80GB-HBM3', count = 8): NodeKind => ({
    name: 'nvidia', labels: nvidia(product, count), taints: [present('nvidia.com/gpu')], devices: { 'nvidia.com/gpu': count },
  }),

  /** MIG, strategy 'single': every slice is of one size and counts as a GPU; only the product's name tells. */
  migSingle: (profile = '1g.10gb', slices = 56): NodeKind => ({
    name: 'mig-single',
    labels: { ...nvidia(`NVIDIA-A100-SXM4-80GB-MIG-${profile}`, slices), 'nvidia.com/mig.strategy': 'single', 'nvidia.com/mig.capable': 'true' },
    taints: [present('nvidia.com/gpu')],
    devices: { 'nvidia.com/gpu': slices },
  }),

  /** MIG, strategy 'mixed': each size is a resource of its own, the product is that of the whole GPU. */
  migMixed: (profiles: Record<string, number> = { '1g.10gb': 14, '3g.40gb': 4 }): NodeKind => ({
    name: 'mig-mixed',
    labels: {
      ...nvidia('NVIDIA-A100-SXM4-80GB', 8),
      'nvidia.com/mig.strategy': 'mixed',
      'nvidia.com/mig.capable': 'true',
      ...Object.fromEntries(Object.entries(profiles).map(([profile, count]) => [`nvidia.com/mig-${profile}.count`, String(count)])),
    },
    taints: [present('nvidia.com/gpu')],
    devices: Object.fromEntries(Object.entries(profiles).map(([profile, count]) => [`nvidia.com/mig-${profile}`, count])),
  }),

  amd: (count = 8): NodeKind => ({
    name: 'amd',
    labels: { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM', 'amd.com/gpu.family': 'AI', 'amd.com/gpu.device-id': '74a1', 'amd.com/gpu.vram': '192G' },
    taints: [{ key: 'amd.com/gpu', value: 'present', effect: 'NoSchedule' }],
    devices: { 'amd.com/gpu': count },
  }),

  /** Gaudi's operator gives no product label that pods select by: the resource alone picks the node. */
  gaudi: (count = 8): NodeKind => ({ name: 'gaudi', labels: {}, taints: [present('habana.ai/gaudi')], devices: { 'habana.ai/gaudi': count } }),

  tpu: (accelerator = 'tpu-v5-lite-podslice', topology = '2x4', chips = 8): NodeKind => ({
    name: 'tpu',
    labels: { 'cloud.google.com/gke-tpu-accelerator': accelerator, 'cloud.google.com/gke-tpu-topology': topology, 'cloud.google.com/gke-nodepool': 'tpu' },
    taints: [present('google.com/tpu')],
    devices: { 'google.com/tpu': chips },
  }),

  gke: (accelerator = 'nvidia-a100-80gb', count = 8): NodeKind => ({
    name: 'gke',
    labels: { 'cloud.google.com/gke-accelerator': accelerator, 'cloud.google.com/gke-nodepool': 'gpu', 'node.kubernetes.io/instance-type': 'a2-ultragpu-8g' },
    taints: [present('nvidia.com/gpu')],
    devices: { 'nvidia.com/gpu': count },
  }),

  /** A MIG pool of GKE: slices count as GPUs, a label of GKE's own tells their size. */
  gkeMig: (profile = '1g.10gb', slices = 56): NodeKind => ({
    ...GpuNodes.gke('nvidia-a100-80gb', slices),
    name: 'gke-mig',
    labels: { ...GpuNodes.gke().labels, 'cloud.google.com/gke-gpu-partition-size': profile },
  }),

  eks: (instanceType = 'p4de.24xlarge', gpu = 'a100', count = 8): NodeKind => ({
    name: 'eks',
    labels: {
      'node.kubernetes.io/instance-type': instanceType,
      'eks.amazonaws.com/nodegroup': 'gpu',
      'karpenter.k8s.aws/instance-gpu-name': gpu,
      'karpenter.k8s.aws/instance-gpu-manufacturer': 'nvidia',
      'karpenter.k8s.aws/instance-gpu-count': String(count),
    },
    taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
    devices: { 'nvidia.com/gpu': count },
  }),

  aks: (instanceType = 'Standard_ND96amsr_A100_v4', count = 8): NodeKind => ({
    name: 'aks',
    labels: {
      'node.kubernetes.io/instance-type': instanceType,
      'kubernetes.azure.com/accelerator': 'nvidia',
      'kubernetes.azure.com/agentpool': 'gpu',
    },
    taints: [{ key: 'sku', value: 'gpu', effect: 'NoSchedule' }],
    devices: { 'nvidia.com/gpu': count },
  }),
};
