import { Accelerator } from '../../describe/accelerator';
import { PriceSource } from '../../describe/monitoring/cost';
import { pricesOf } from '../../plan/cost';
import { allOf, decimal, quoted, selector } from '../../plan/promql';
import { RecordingRule } from '../rule';
import { POD_COMPUTE_COST, POD_CPU, POD_DEVICES, POD_MEMORY, POD_VOLUME_COST } from '../series';
import { ofService, podsOf, WatchedService } from '../watched-service';
import { deviceResource, seriesName } from './devices';

const GIB = String(2 ** 30);

/** Whether a service's cost can be told. */
export function priced({ cost, plan, cluster, rendered }: WatchedService): boolean {
  // pods that others share have no cost of a service's
  return rendered.series === undefined && cost !== undefined && (cost.priceSource === PriceSource.OPENCOST || pricesOf(plan, cluster.prices) !== undefined);
}

/** What each copy of a service costs an hour, by what it reserves: that is paid for whether it is used or not. */
export function podCosts(service: WatchedService): RecordingRule[] {
  const byNode = service.cost?.priceSource === PriceSource.OPENCOST;
  const written = byPrices(service);
  const compute = !byNode ? written! : written === undefined ? byNodes(service) : `(${byNodes(service)}) or on (namespace, pod) (${written})`;
  return [...reserved(service), { record: POD_COMPUTE_COST.name, expr: compute }, ...(byNode ? [{ record: POD_VOLUME_COST.name, expr: volumes(service) }] : [])];
}

/**
 * What copies reserve. One counts from the time a node has it, so also while it downloads its model; one that waits for a node costs nothing, nor does one
 * that has ended. Of two kube-state-metrics, or two scrapes of one, each container counts once.
 */
function reserved(service: WatchedService): RecordingRule[] {
  const pods = podsOf(service);
  const ended = `kube_pod_status_phase{${allOf(pods, 'phase=~"Succeeded|Failed"')}} == 1`;
  const of = (resource: string): string => {
    const requests = `kube_pod_container_resource_requests{${allOf(pods, `resource=${quoted(resource)}`, 'node!=""')}}`;
    return `sum by (pod, node) (max by (namespace, pod, container, node) (${requests}) unless on (namespace, pod) (${ended}))`;
  };
  const { accelerator } = service.plan;
  const resource = deviceResource(service.plan);
  // devices that are claimed (dynamic resource allocation) are not among the requests that kube-state-metrics tells
  const devices = resource === undefined ? `${accelerator?.count ?? 0} * (${selector(POD_CPU.name, ofService(service))} >= bool 0)` : of(seriesName(resource));
  return [
    { record: POD_CPU.name, expr: of('cpu') }, { record: POD_MEMORY.name, expr: `${of('memory')} / ${GIB}` },
    ...(accelerator === undefined ? [] : [{ record: POD_DEVICES.name, expr: devices }]),
  ];
}

/** By the Cluster's prices; undefined as long as one is missing. */
function byPrices(service: WatchedService): string | undefined {
  const prices = pricesOf(service.plan, service.cluster.prices);
  return prices && compute(service, (amount, of) => `sum by (namespace, pod) (${amount}) * ${decimal(prices[of])}`);
}

/**
 * By the prices of the node that each copy is on, as OpenCost tells them. While OpenCost is replaced, its old and its new pod both tell of a node; a price
 * that is no number is none.
 */
function byNodes(service: WatchedService): string {
  const price = { cpuHour: 'max by (node) (node_cpu_hourly_cost >= 0)', memoryGibHour: 'max by (node) (node_ram_hourly_cost >= 0)', deviceHour: `(${devicePrice(service)})` };
  return compute(service, (amount, of) => `sum by (namespace, pod) (${amount} * on (node) group_left () ${price[of]})`);
}

/** A pod has all its parts or no cost: one without its GPU's price would look cheap. Pods of a version that had no device yet do without. */
function compute(service: WatchedService, cost: (amount: string, of: 'cpuHour' | 'memoryGibHour' | 'deviceHour') => string): string {
  const [cpu, memory, devices] = [POD_CPU, POD_MEMORY, POD_DEVICES].map(({ name }) => selector(name, ofService(service)));
  const both = `${cost(cpu!, 'cpuHour')} + on (namespace, pod) ${cost(memory!, 'memoryGibHour')}`;
  if (service.plan.accelerator === undefined) return both;
  return `${both} + on (namespace, pod) (${cost(devices!, 'deviceHour')} or on (namespace, pod) 0 * sum by (namespace, pod) (${cpu} unless on (namespace, pod) ${devices}))`;
}

/**
 * OpenCost's price is that of a whole GPU, and a GPU for nothing one that it found no price for. A MIG slice is the part of it that its profile names; where
 * GPUs are shared, each of a node's devices is as much of one as there are GPUs for a device.
 * Source: https://github.com/opencost/opencost/blob/5f6533303e3850c8635796a74bb22802d16e9090/pkg/costmodel/costmodel.go (getGPUCount)
 */
function devicePrice({ plan }: WatchedService): string {
  const whole = 'max by (node) (node_gpu_hourly_cost > 0)';
  const resource = deviceResource(plan);
  if (resource === undefined) return whole;
  const slice = /^nvidia\.com\/mig-(\d)g\./.exec(resource);
  if (slice !== null) return `${whole} * ${slice[1]} / ${slicesOf(plan.accelerator)}`;
  const offered = `max by (node) (kube_node_status_capacity{resource=${quoted(seriesName(resource))}} > 0)`;
  return `${whole} * on (node) clamp_max(max by (node) (node_gpu_count > 0) / on (node) ${offered}, 1) or ${whole}`;
}

/** Compute slices of a GPU. Source: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html */
function slicesOf(accelerator: Accelerator | undefined): number {
  return /^(NVIDIA-)?(A30|RTX-PRO-6000)\b/i.test(accelerator?.product ?? '') ? 4 : 7;
}

/**
 * Volumes of copies that have a cost. OpenCost has shared out each among all that mount it; its prices are by GiB.
 * Source: https://github.com/opencost/opencost/blob/5f6533303e3850c8635796a74bb22802d16e9090/pkg/costmodel/metrics.go
 */
function volumes(service: WatchedService): string {
  const claimed = `max by (namespace, pod, persistentvolumeclaim, persistentvolume) (pod_pvc_allocation{${podsOf(service)}} >= 0)`;
  return `sum by (namespace, pod) (${claimed} / ${GIB} * on (persistentvolume) group_left () max by (persistentvolume) (pv_hourly_cost >= 0)) and on (namespace, pod) ${selector(POD_COMPUTE_COST.name, ofService(service))}`;
}
