import { ScalingSignalKind } from '../../describe/scaling';
import { compact } from '../../plan/json';
import { hpaName } from '../../plan/scaling/hpa-name';
import { JsonObject, PlannedSignal, ServicePlan, Workload } from '../../plan/service-plan';
import { RenderedObject } from '../ports';
import { adapterRules } from './prometheus-adapter';

/** A HorizontalPodAutoscaler, and what an adapter is to be told for its metrics. It is not there while a service is stopped: it would start copies. */
export function horizontalPodAutoscaler(plan: ServicePlan, target: Workload): RenderedObject[] {
  const { copies } = plan;
  if (copies.stopped) return [];
  const autoscaler: RenderedObject = {
    id: 'Autoscaler', apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: hpaName(plan), labels: plan.labels,
    content: { spec: compact({ scaleTargetRef: { ...target }, minReplicas: copies.min, maxReplicas: copies.max, metrics: copies.signals.map((signal) => metric(signal, plan.container)), behavior: copies.behavior }) },
  };
  return [autoscaler, ...adapterRules(plan)];
}

function metric(signal: PlannedSignal, container: string): JsonObject {
  if (signal.kind === ScalingSignalKind.CPU || signal.kind === ScalingSignalKind.MEMORY) {
    // of the server's container alone: an idle sidecar would pull the average down
    return { type: 'ContainerResource', containerResource: { name: signal.name, container, target: { type: 'Utilization', averageUtilization: signal.target } } };
  }
  // of each pod, averaged by the HPA: also a ratio is then no further divided
  return { type: 'Pods', pods: { metric: { name: signal.adapterRule?.name ?? signal.name }, target: { type: 'AverageValue', averageValue: quantity(signal.target) } } };
}

/** A number as a quantity, which has no exponent and at most three decimals. */
function quantity(value: number): string {
  return Number.isInteger(value) ? String(value) : `${Math.max(1, Math.round(value * 1000))}m`;
}
