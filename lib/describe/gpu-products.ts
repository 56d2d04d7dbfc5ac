import { own } from './checks/own';

/** What is known of a device by its product name. */
export interface GpuProduct {
  /** Memory of one device in GiB. */
  readonly memoryGib: number;
  /** Values of `nvidia.com/gpu.product`, as NVIDIA's GPU feature discovery makes them from the driver's product name (spaces become '-'). */
  readonly operator: readonly string[];
  /** Value of `cloud.google.com/gke-accelerator`. */
  readonly gke?: string;
  /** EC2 instance types that carry it. */
  readonly eks?: readonly string[];
  /** Azure VM sizes that carry it. */
  readonly aks?: readonly string[];
}

/**
 * NVIDIA products by the name that people say. Any other name is taken as the label's value itself.
 * Sources: NVIDIA GPU feature discovery (label rule), GKE "About GPUs" (accelerator names), EC2 accelerated computing instance types,
 * Azure GPU VM sizes.
 */
export const NVIDIA_PRODUCTS: { readonly [name: string]: GpuProduct } = {
  'T4': { memoryGib: 16, operator: ['Tesla-T4'], gke: 'nvidia-tesla-t4', eks: ['g4dn.xlarge', 'g4dn.2xlarge', 'g4dn.4xlarge', 'g4dn.8xlarge', 'g4dn.12xlarge', 'g4dn.16xlarge', 'g4dn.metal'], aks: ['Standard_NC4as_T4_v3', 'Standard_NC8as_T4_v3', 'Standard_NC16as_T4_v3', 'Standard_NC64as_T4_v3'] },
  'V100-16GB': { memoryGib: 16, operator: ['Tesla-V100-SXM2-16GB', 'Tesla-V100-PCIE-16GB'], gke: 'nvidia-tesla-v100', eks: ['p3.2xlarge', 'p3.8xlarge', 'p3.16xlarge'], aks: ['Standard_NC6s_v3', 'Standard_NC12s_v3', 'Standard_NC24s_v3'] },
  'A10G': { memoryGib: 24, operator: ['NVIDIA-A10G'], eks: ['g5.xlarge', 'g5.2xlarge', 'g5.4xlarge', 'g5.8xlarge', 'g5.12xlarge', 'g5.16xlarge', 'g5.24xlarge', 'g5.48xlarge'] },
  'L4': { memoryGib: 24, operator: ['NVIDIA-L4'], gke: 'nvidia-l4', eks: ['g6.xlarge', 'g6.2xlarge', 'g6.4xlarge', 'g6.8xlarge', 'g6.12xlarge', 'g6.16xlarge', 'g6.24xlarge', 'g6.48xlarge'] },
  'L40S': { memoryGib: 48, operator: ['NVIDIA-L40S'], eks: ['g6e.xlarge', 'g6e.2xlarge', 'g6e.4xlarge', 'g6e.8xlarge', 'g6e.12xlarge', 'g6e.16xlarge', 'g6e.24xlarge', 'g6e.48xlarge'] },
  'A100-40GB': { memoryGib: 40, operator: ['NVIDIA-A100-SXM4-40GB', 'NVIDIA-A100-PCIE-40GB'], gke: 'nvidia-tesla-a100', eks: ['p4d.24xlarge'], aks: ['Standard_ND96asr_v4'] },
  'A100-80GB': { memoryGib: 80, operator: ['NVIDIA-A100-SXM4-80GB', 'NVIDIA-A100-80GB-PCIe'], gke: 'nvidia-a100-80gb', eks: ['p4de.24xlarge'], aks: ['Standard_NC24ads_A100_v4', 'Standard_NC48ads_A100_v4', 'Standard_NC96ads_A100_v4', 'Standard_ND96amsr_A100_v4'] },
  'H100-80GB': { memoryGib: 80, operator: ['NVIDIA-H100-80GB-HBM3', 'NVIDIA-H100-PCIe'], gke: 'nvidia-h100-80gb', eks: ['p5.48xlarge', 'p5.4xlarge'], aks: ['Standard_ND96isr_H100_v5'] },
  'H100-94GB': { memoryGib: 94, operator: ['NVIDIA-H100-NVL'], aks: ['Standard_NC40ads_H100_v5', 'Standard_NC80adis_H100_v5'] },
  'H200-141GB': { memoryGib: 141, operator: ['NVIDIA-H200'], gke: 'nvidia-h200-141gb', eks: ['p5e.48xlarge', 'p5en.48xlarge'], aks: ['Standard_ND96isr_H200_v5'] },
};

/** Memory of one device of an AMD or Intel product in GiB. */
export const OTHER_PRODUCTS: { readonly [name: string]: number } = { 'MI210': 64, 'MI250X': 128, 'MI300X': 192, 'MI325X': 256, 'gaudi2': 96, 'gaudi3': 128 };

/** Names that people also say. */
const ALIASES: { readonly [name: string]: string } = { 'H100': 'H100-80GB', 'A100': 'A100-40GB', 'V100': 'V100-16GB', 'H200': 'H200-141GB' };

/** What is known of an NVIDIA product. */
export function nvidiaProduct(product: string): GpuProduct | undefined {
  return own(NVIDIA_PRODUCTS, product);
}

/** A product's one name. */
export function productName(product: string): string {
  return own(ALIASES, product) ?? product;
}

/** Memory of one device in GiB, when the product is known. */
export function memoryOf(product: string): number | undefined {
  return nvidiaProduct(product)?.memoryGib ?? own(OTHER_PRODUCTS, product);
}
