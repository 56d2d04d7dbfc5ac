import { Prices } from '../../lib/describe/cluster';
import { TestSeries } from './promtool';

/** Prices of a cluster, but for those of its pools. */
export const PRICES: Prices = { cpuHour: 0.04, memoryGibHour: 0.005 };

export interface PodProps { readonly node?: string; readonly version?: string; readonly resource?: string; readonly devices?: number; readonly values?: string; readonly up?: string | false; readonly phase?: string; readonly instance?: string }

/** A pod that asks for 4 CPUs, 16 GiB and one device, as kube-state-metrics and its scrape tell it. */
export function pod(name: string, { node = 'n1', version = 'v1', resource = 'nvidia_com_gpu', devices = 1, values, up = '1+0x3000', phase = 'Running', instance = 'ksm' }: PodProps = {}): TestSeries[] {
  const requests = (of: string, amount: number): TestSeries => ({ series: `kube_pod_container_resource_requests{namespace="ml",pod="${name}",container="server",node="${node}",resource="${of}",instance="${instance}"}`, values: values?.replace(/N(?=x)/g, String(amount)) ?? `${amount}+0x3000` });
  return [
    requests('cpu', 4), requests('memory', 16 * 2 ** 30), ...(devices === 0 ? [] : [requests(resource, devices)]),
    { series: `kube_pod_status_phase{namespace="ml",pod="${name}",phase="${phase}",instance="${instance}"}`, values: '1+0x3000' },
    ...(up === false ? [] : [{ series: `up{namespace="ml",inference_service="iris",model_version="${version}",pod="${name}"}`, values: up }]),
  ];
}

/** What OpenCost tells of a node. */
export const node = (name: string, { cpu = '0.05', ram = '0.01', gpu = '2', gpus = 1, pod: teller = 'opencost-1' } = {}): TestSeries[] => [['node_cpu_hourly_cost', cpu], ['node_ram_hourly_cost', ram], ['node_gpu_hourly_cost', gpu], ['node_gpu_count', String(gpus)]]
  .map(([series, value]) => ({ series: `${series}{node="${name}",instance="${name}",pod="${teller}"}`, values: Number(value) >= 0 ? `${value}x3000` : Array(60).fill(value).join(' ') }));
