import { AcceleratorKind } from '../describe/accelerator';
import { Exporter } from './dashboards';
import type { StackRequest } from './stack';
import { WatchedService } from './watched-service';

/** Who brings series that no rule of ours records. What is joined is presumed to scrape the common ones already. */
export function exportersOf({ metrics, sources }: StackRequest, services: readonly WatchedService[]): Set<Exporter> {
  const told = (name: string): boolean => metrics._install === undefined || sources.some((source) => source.name === name);
  const gpus = services.some(({ plan }) => plan.accelerator?.vendor === AcceleratorKind.NVIDIA);
  return new Set([
    ...(told('kube-state-metrics') ? [Exporter.KUBE_STATE_METRICS] : []),
    ...(gpus && told('dcgm-exporter') ? [Exporter.DCGM] : []),
    ...(services.some(({ plan }) => plan.monitor !== undefined) ? [Exporter.MODEL_MONITOR] : []),
    ...(services.some(({ plan }) => plan.loggerMetricsPort !== undefined) ? [Exporter.PAYLOAD_LOG] : []),
  ]);
}
