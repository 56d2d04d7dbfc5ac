import { PayloadMode } from '../../describe/monitoring/payload-logging';
import { ScalingSignalKind } from '../../describe/scaling';
import { knativeSpec } from '../../plan/engine/knative-pod';
import { isObject } from '../../plan/json';
import { JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';
import { inferenceService } from './inference-service';

/** The longest that Knative lets a copy outlive its load. Source: https://github.com/knative/serving/blob/v0.48.1/pkg/apis/autoscaling/annotation_validation.go */
const LONGEST_DELAY = 3600;

/** Modes as KServe calls them. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service.go */
const HALVES: { readonly [mode in PayloadMode]: string } = { [PayloadMode.REQUESTS]: 'request', [PayloadMode.RESPONSES]: 'response', [PayloadMode.BOTH]: 'all' };

/** A group of pods in Knative mode: KServe makes a Service of Knative Serving of it, which has its own autoscaler and its own way to replace copies. */
export function knativeService(plan: ServicePlan, group: PodGroup): RenderedObject[] {
  const { copies, timing } = plan;
  return inferenceService(plan, {
    id: 'Resource', group: { ...group, template: { ...group.template, spec: knativeSpec(group.template) } },
    // asked inside of the cluster alone
    labels: { 'networking.kserve.io/visibility': 'cluster-local', 'networking.knative.dev/visibility': 'cluster-local' },
    annotations: { 'serving.kserve.io/deploymentMode': 'Knative' },
    podAnnotations: {
      'serving.knative.dev/progress-deadline': `${timing.progressDeadline}s`,
      // a new version has as many copies as it must before it gets a request
      'autoscaling.knative.dev/initial-scale': String(Math.max(1, copies.min)),
      ...slowly(plan),
    },
    predictor: { minReplicas: copies.min, maxReplicas: copies.max, timeout: Math.ceil(timing.request), ...follows(plan), logger: logger(plan) },
  });
}

/** What copies follow: Knative counts it itself. */
function follows({ copies: { signals } }: ServicePlan): JsonObject {
  const [signal] = signals;
  return signal === undefined ? {} : { scaleMetric: signal.kind === ScalingSignalKind.REQUEST_RATE ? 'rps' : 'concurrency', scaleTarget: signal.target };
}

/** KServe's webhook puts its agent before the server, behind Knative's own proxy. */
function logger({ engineLogger }: ServicePlan): JsonObject | undefined {
  if (engineLogger === undefined) return undefined;
  const { url, mode, headers } = engineLogger;
  return { url, mode: HALVES[mode], metadataHeaders: headers.length === 0 ? undefined : headers };
}

/** How fast copies go. */
function slowly({ copies }: ServicePlan): { [key: string]: string } {
  if (copies.signals.length === 0) return {};
  const down = isObject(copies.behavior?.scaleDown) ? copies.behavior.scaleDown.stabilizationWindowSeconds : undefined;
  return {
    // the target is what a copy is to have, not what it can take
    'autoscaling.knative.dev/target-utilization-percentage': '100',
    ...(typeof down === 'number' ? { 'autoscaling.knative.dev/scale-down-delay': `${Math.min(LONGEST_DELAY, down)}s` } : {}),
    ...(copies.min === 0 ? { 'autoscaling.knative.dev/scale-to-zero-pod-retention-period': `${Math.min(LONGEST_DELAY, copies.cooldownSeconds)}s` } : {}),
  };
}
