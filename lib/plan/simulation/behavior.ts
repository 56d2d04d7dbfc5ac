import { JsonObject } from '../service-plan';

/** One limit of how fast copies change: so many, or such a share of them, in a period. */
export interface HpaPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

/** How fast copies change in one direction. */
export interface HpaRules {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly HpaPolicy[];
  /** Share by which a metric may be off its target before anything is done. */
  readonly tolerance: number;
}

export interface HpaBehavior {
  readonly up: HpaRules;
  readonly down: HpaRules;
}

/** What the API server writes where a manifest says nothing: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#default-behavior */
export function defaultBehavior(tolerance: number): HpaBehavior {
  return {
    up: { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }, { type: 'Pods', value: 4, periodSeconds: 15 }], tolerance },
    down: { stabilizationWindowSeconds: 300, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }], tolerance },
  };
}

/** A `behavior` of a HorizontalPodAutoscaler as the plan has it, with Kubernetes' defaults for what it leaves out. */
export function behaviorOf(behavior: JsonObject | undefined, tolerance: number): HpaBehavior {
  const standard = defaultBehavior(tolerance);
  return {
    up: { ...standard.up, ...(behavior?.scaleUp as object | undefined) },
    down: { ...standard.down, ...(behavior?.scaleDown as object | undefined) },
  };
}
