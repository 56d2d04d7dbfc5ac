import { compact } from '../../plan/json';
import { Json, JsonObject, ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/** Kind and version of the workload, as autoscalers name it. */
export const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

export function deployment(plan: ServicePlan): RenderedObject {
  const group = plan.groups[0]!;
  const { copies, strategy } = plan;
  const autoscaled = copies.signals.length > 0 || copies.external;
  return {
    id: 'Resource', ...DEPLOYMENT, name: group.name, labels: plan.labels, annotations: plan.annotations,
    content: {
      spec: compact({
        // an autoscaler's number, written here too, would be undone by every apply
        replicas: copies.stopped ? 0 : autoscaled ? undefined : copies.min,
        paused: copies.frozen ? true : undefined,
        selector: { matchLabels: { ...group.selector } },
        strategy: strategy.recreate ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate: { maxSurge: strategy.surgePercent === undefined ? strategy.maxSurge : `${strategy.surgePercent}%`, maxUnavailable: strategy.maxUnavailable } },
        progressDeadlineSeconds: plan.timing.progressDeadline,
        revisionHistoryLimit: 5,
        template: group.template,
      }),
    },
  };
}

export function horizontalPodAutoscaler(plan: ServicePlan, container: string): RenderedObject | undefined {
  const { copies } = plan;
  if (copies.signals.length === 0 || copies.stopped) return undefined;
  return {
    id: 'Autoscaler', apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        scaleTargetRef: { ...DEPLOYMENT, name: plan.groups[0]!.name },
        minReplicas: copies.min,
        maxReplicas: copies.max,
        metrics: copies.signals.map((signal): JsonObject => (signal.resource
          // of the server's container alone: an idle sidecar would pull the average down
          ? { type: 'ContainerResource', containerResource: { name: signal.name, container, target: { type: 'Utilization', averageUtilization: signal.target } } }
          : { type: 'Pods', pods: { metric: { name: signal.name }, target: { type: 'AverageValue', averageValue: quantity(signal.target) } } })),
        behavior: copies.behavior,
      }),
    },
  };
}

export function podDisruptionBudget(plan: ServicePlan): RenderedObject | undefined {
  // with one copy a budget would block every drain
  if (plan.copies.max < 2) return undefined;
  return {
    id: 'PodDisruptionBudget', apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: plan.name, labels: plan.labels,
    content: {
      spec: {
        // also right over two pod groups: a least number of pods could be kept by the wrong ones
        maxUnavailable: 1,
        selector: { matchLabels: { ...plan.memberSelector } },
        // a pod that doesn't answer anyway doesn't hold up a drain
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    },
  };
}

/** A number as a quantity, which has no exponent and at most three decimals. */
function quantity(value: number): Json {
  return Number.isInteger(value) ? String(value) : `${Math.max(1, Math.round(value * 1000))}m`;
}
