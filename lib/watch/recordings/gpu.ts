import { AcceleratorKind } from '../../describe/accelerator';
import { MetricRole, MetricType } from '../../describe/server/server-facts';
import { selector } from '../../plan/promql';
import { GPU_MEMORY, GPU_UTILIZATION, GPUS } from '../series';
import { metricOf, Recorder } from './recorder';

/**
 * A series of NVIDIA's DCGM exporter, of the service's pods. Where the exporter's own labels were overruled by those of its scrape (`honorLabels: false`,
 * the GPU operator's default), the pod it tells of is in `exported_pod`.
 * Source: https://github.com/NVIDIA/dcgm-exporter/blob/main/etc/default-counters.csv
 */
export function dcgm(series: string, pods: string): string {
  return `(${selector(series, pods)} or ${selector(series, pods.replace('namespace=', 'exported_namespace=').replace('pod=', 'exported_pod='))})`;
}

/**
 * GPUs of a service. A MIG slice has no `DCGM_FI_DEV_GPU_UTIL`, only the share of time in which its engines work; where both are there, that is the better
 * one. Shared GPUs (time-slicing) carry no pod and are not seen.
 */
export const gpu: Recorder = (context) => {
  if (context.service.plan.accelerator?.vendor !== AcceleratorKind.NVIDIA) return [];
  const { pods } = context;
  const own = metricOf(context, MetricRole.GPU_UTILIZATION, MetricType.GAUGE);
  const used = dcgm('DCGM_FI_DEV_FB_USED', pods);
  return [
    { record: GPUS.name, expr: `count(${used})` },
    {
      record: GPU_UTILIZATION.name,
      expr: [`avg(${dcgm('DCGM_FI_PROF_GR_ENGINE_ACTIVE', pods)})`, `avg(${dcgm('DCGM_FI_DEV_GPU_UTIL', pods)}) / 100`, ...(own === undefined ? [] : [`avg(${selector(own.metric.name, own.matchers)})`])].join(' or '),
    },
    { record: GPU_MEMORY.name, expr: `max(${used} / (${used} + ${dcgm('DCGM_FI_DEV_FB_FREE', pods)} > 0))` },
  ];
};
