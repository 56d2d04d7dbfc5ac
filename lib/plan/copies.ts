import { HoldKind } from '../describe/hold';
import { Scaling } from '../describe/scaling';
import { secondsOf } from '../describe/checks/shape';
import { InferenceProtocol, ServerFacts } from '../describe/server/server-facts';
import { planAutoscaler, planSignals, planWakes } from './scaling/signals';
import { Copies, JsonObject, ServiceRequest, Timing } from './service-plan';

/** Plans how many copies run and how fast their number changes. */
export function planCopies(request: ServiceRequest, timing: Timing, facts: ServerFacts, protocol: InferenceProtocol): Copies {
  const scaling = request.scaling;
  const min = scaling?.min ?? (request.accelerator === undefined ? request.defaults.replicas : 1);
  const start = timing.download + timing.load;
  const frozen = request.hold?.kind === HoldKind.FROZEN;
  return {
    min, max: scaling?.max ?? min, signals: planSignals(request, facts, protocol), external: scaling?.externallyScaled ?? false, autoscaler: planAutoscaler(request),
    behavior: scaling === undefined ? undefined : planBehavior(scaling, start, frozen),
    startSeconds: start, fallback: scaling?.fallbackReplicas ?? Math.max(1, min), wakes: planWakes(request),
    // a copy that took long to come is worth keeping for longer than the pause between two requests
    cooldownSeconds: Math.max(300, Math.ceil(3 * start), Math.ceil(scaling?.scaleDownAfter === undefined ? 0 : secondsOf(scaling.scaleDownAfter))),
    pollSeconds: Math.min(30, Math.max(1, Math.ceil(request.cluster.scrapeSeconds))), metricsUrl: request.cluster.metricsUrl,
    frozen, stopped: request.hold?.kind === HoldKind.STOPPED,
  };
}

const FROZEN: JsonObject = { scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { selectPolicy: 'Disabled' } };

/** The behaviour of a scaling's autoscaler; none without a signal. */
export function planBehavior(scaling: Scaling, startSeconds: number, frozen: boolean): JsonObject | undefined {
  return scaling.signals.length === 0 ? undefined : frozen ? FROZEN : behavior(scaling, startSeconds);
}

/**
 * Fits an autoscaler's behaviour to the time that a copy needs to start. Where that is long, copies on their way must not be counted as
 * missing, and a copy that goes too early is dear.
 */
function behavior(scaling: Scaling, startSeconds: number): JsonObject {
  const slow = startSeconds > 60;
  const down = Math.min(3600, Math.ceil(scaling.scaleDownAfter === undefined ? Math.max(slow ? 600 : 300, 2 * startSeconds) : secondsOf(scaling.scaleDownAfter)));
  return {
    scaleUp: slow
      ? { stabilizationWindowSeconds: 60, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 2, periodSeconds: Math.min(1800, Math.max(60, Math.ceil(startSeconds / 2))) }] }
      : { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }, { type: 'Pods', value: 4, periodSeconds: 30 }] },
    scaleDown: {
      stabilizationWindowSeconds: down, selectPolicy: slow ? 'Min' : 'Max',
      policies: slow ? [{ type: 'Pods', value: 1, periodSeconds: 300 }] : [{ type: 'Percent', value: 10, periodSeconds: 60 }, { type: 'Pods', value: 1, periodSeconds: 60 }],
    },
  };
}
