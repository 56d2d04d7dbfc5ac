import { Accelerator, AcceleratorKind } from '../../describe/accelerator';
import { bytesOf } from '../../describe/checks/shape';
import { nvidiaProduct } from '../../describe/gpu-products';
import { GpuPool, NodeTaint } from '../../describe/gpu-pool';
import { JsonObject, ServiceRequest } from '../service-plan';

/** Where copies run. */
export interface Scheduling {
  /** Pools of the cluster that fit; empty when none is declared. */
  readonly pools: GpuPool[];
  /** Extended resources of the server's container. */
  readonly devices: { readonly [resource: string]: string };
  readonly nodeSelector?: JsonObject;
  readonly affinity?: JsonObject;
  readonly tolerations?: JsonObject[];
}

type Term = { key: string; operator: string; values: string[] }[];

/** Plans which nodes copies with an accelerator run on. */
export function planScheduling(request: ServiceRequest): Scheduling {
  const accelerator = request.accelerator;
  if (accelerator === undefined) return { pools: [], devices: {} };
  // a claim finds its node by its devices; the taint of such nodes is the same
  if (accelerator.kind === AcceleratorKind.RESOURCE_CLAIM) return { pools: [], devices: {}, tolerations: unique([{ key: taintOf(accelerator.vendor) }]) };
  const fitting = request.cluster.gpuPools.filter((pool) => pool.fits(accelerator));
  const roomy = fitting.filter((pool) => pool.perNode === undefined || pool.perNode >= accelerator.count);
  const pools = roomy.length > 0 ? roomy : fitting;
  const terms = pools.length > 0 ? pools.map((pool) => [...ofPool(pool), ...topology(pool.topology)]) : accelerator.alternatives.map((option) => [...usual(option), ...topology(option.topology)]);
  const resource = pools[0]?.resource ?? usualResource(accelerator);
  const tolerations = unique(pools.length > 0 ? pools.flatMap((pool) => pool.taints) : [{ key: taintOf(accelerator.vendor) }]);
  return { pools, devices: { [resource]: String(accelerator.count) }, ...placed(merge(terms)), tolerations: tolerations.length === 0 ? undefined : tolerations };
}

/** One node selector where that says it all, else a node affinity: any of the terms. */
function placed(terms: Term[]): Pick<Scheduling, 'nodeSelector' | 'affinity'> {
  // a pool without labels is told by its resource alone: any node will do
  if (terms.length === 0 || terms.some((term) => term.length === 0)) return {};
  const only = terms.length === 1 ? terms[0]! : undefined;
  if (only !== undefined && only.every((one) => one.operator === 'In' && one.values.length === 1)) {
    return { nodeSelector: Object.fromEntries(only.map((one) => [one.key, one.values[0]!])) };
  }
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((term) => ({ matchExpressions: term.map((one) => ({ ...one })) })) } } } };
}

/** Terms that differ in one label's values only, as one term: shorter to read. */
function merge(terms: Term[]): Term[] {
  const simple = terms.length > 1 && terms.every((term) => term.length === 1 && term[0]!.operator === 'In' && term[0]!.key === terms[0]![0]!.key);
  return simple ? [[{ ...terms[0]![0]!, values: [...new Set(terms.flatMap((term) => term[0]!.values))] }]] : terms;
}

function ofPool(pool: GpuPool): Term {
  return Object.entries(pool._selector).map(([key, values]) => ({ key, operator: 'In', values }));
}

/** The labels that NVIDIA's GPU operator and GKE give, for clusters that don't say which pools they have. */
function usual(option: Accelerator): Term {
  if (option.kind === AcceleratorKind.TPU) return [{ key: 'cloud.google.com/gke-tpu-accelerator', operator: 'In', values: [option.product!] }];
  if (option.kind !== AcceleratorKind.NVIDIA) return [];
  if (option.memory !== undefined) {
    // the label counts mebibytes, and a device's is a little under its nominal memory
    return [{ key: 'nvidia.com/gpu.memory', operator: 'Gt', values: [String(Math.floor(bytesOf(option.memory) / 2 ** 20 * 0.93))] }];
  }
  if (option.product === undefined) return [{ key: 'nvidia.com/gpu.present', operator: 'In', values: ['true'] }];
  const labels = nvidiaProduct(option.product)?.operator ?? [option.product];
  return [{ key: 'nvidia.com/gpu.product', operator: 'In', values: labels.map((label) => `${label}${option.sharing === undefined ? '' : '-SHARED'}`) }];
}

function topology(layout: string | undefined): Term {
  return layout === undefined ? [] : [{ key: 'cloud.google.com/gke-tpu-topology', operator: 'In', values: [layout] }];
}

function usualResource(accelerator: Accelerator): string {
  return accelerator.migProfile === undefined ? taintOf(accelerator.kind) : `nvidia.com/mig-${accelerator.migProfile}`;
}

/** The key of the taint that nodes with such devices carry by convention: the name of the whole device's resource. */
function taintOf(kind: AcceleratorKind): string {
  switch (kind) {
    case AcceleratorKind.AMD: return 'amd.com/gpu';
    case AcceleratorKind.GAUDI: return 'habana.ai/gaudi';
    case AcceleratorKind.TPU: return 'google.com/tpu';
    default: return 'nvidia.com/gpu';
  }
}

function unique(taints: readonly NodeTaint[]): JsonObject[] {
  const tolerations = taints.map((taint) => ({
    key: taint.key, operator: taint.value === undefined ? 'Exists' : 'Equal', value: taint.value, effect: taint.effect,
  }));
  return [...new Map(tolerations.map((one) => [JSON.stringify(one), one])).values()];
}

/** Spreads copies over zones and nodes as far as that goes: a hard rule would leave copies pending where zones are few. */
export function spread(selector: { readonly [key: string]: string }, hashLabel: string): JsonObject[] {
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { ...selector } },
    // only copies of the same version count, so that a rolling update comes out spread, too
    matchLabelKeys: [hashLabel],
  }));
}

/** The ResourceClaimTemplate of a claimed accelerator, in the version of the API that the cluster serves. */
export function planClaim(request: ServiceRequest): { name: string; apiVersion: string; spec: JsonObject } | undefined {
  const accelerator = request.accelerator;
  if (accelerator?.kind !== AcceleratorKind.RESOURCE_CLAIM) return undefined;
  const exactly: JsonObject = {
    deviceClassName: accelerator.deviceClass, allocationMode: 'ExactCount', count: accelerator.count,
    selectors: accelerator.selector === undefined ? undefined : [{ cel: { expression: accelerator.selector } }],
  };
  const minor = request.cluster.minorVersion;
  const apiVersion = `resource.k8s.io/${minor >= 34 ? 'v1' : minor === 33 ? 'v1beta2' : 'v1beta1'}`;
  // v1beta1 has the fields in the request itself
  const one = minor >= 33 ? { name: 'device', exactly } : { name: 'device', ...exactly };
  return { name: `${request.name}-accelerator`, apiVersion, spec: { spec: { devices: { requests: [one] } } } };
}
