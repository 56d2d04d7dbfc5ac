import { compact } from '../../plan/json';
import { JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';
import { RenderedObject, WorkloadOf } from '../ports';

export const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

const VERSION_LABEL = 'app.kubernetes.io/version';

/** Copies as the manifest has them: an autoscaler's number, written here too, would be undone by every apply. */
export function replicas({ copies }: ServicePlan): number | undefined {
  return copies.stopped ? 0 : copies.signals.length > 0 || copies.external ? undefined : copies.min;
}

export function deployment(plan: ServicePlan, { id, group, replicas: count }: WorkloadOf): RenderedObject {
  const { copies, strategy } = plan;
  return {
    id, ...DEPLOYMENT, name: group.name, labels: { ...plan.labels, ...labelsOf(group) }, annotations: plan.annotations,
    content: {
      spec: compact({
        replicas: count,
        paused: copies.frozen ? true : undefined,
        selector: { matchLabels: { ...group.selector } },
        strategy: strategy.recreate ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate: rollingUpdate(plan) },
        progressDeadlineSeconds: plan.timing.progressDeadline,
        revisionHistoryLimit: 5,
        template: group.template,
      }),
    },
  };
}

/** What tells a group's version from another's. */
export function labelsOf(group: PodGroup): { [key: string]: string } {
  const { labels } = (group.template as { metadata: { labels: { [key: string]: string } } }).metadata;
  const version = labels[VERSION_LABEL];
  return { ...group.selector, ...(version === undefined ? {} : { [VERSION_LABEL]: version }) };
}

/** Copies that an update adds and takes away at a time. */
export function rollingUpdate({ strategy }: ServicePlan): JsonObject {
  return { maxSurge: strategy.surgePercent === undefined ? strategy.maxSurge : `${strategy.surgePercent}%`, maxUnavailable: strategy.maxUnavailable };
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
