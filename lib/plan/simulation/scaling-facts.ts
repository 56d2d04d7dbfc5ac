import { LoadMeasure } from '../../describe/load-measure';
import { Autoscaler, Scaling, ScalingSignal, ScalingSignalKind, ScalingTargetKind } from '../../describe/scaling';
import { ServerDefinition } from '../../describe/server/server-definition';
import { MetricRole, MetricType } from '../../describe/server/server-facts';
import { planBehavior } from '../copies';
import { JsonObject, ServicePlan } from '../service-plan';

/** A signal, and what it says of a load. */
export interface SignalFacts {
  readonly name: string;
  readonly target: number;
  /** None where a load doesn't determine it. */
  readonly measure?: LoadMeasure;
  /** Whether the user may say what it means: a metric or query of their own. */
  readonly custom: boolean;
  /** Whether it is one number for all copies, as KEDA's are, and not one of each pod. */
  readonly total: boolean;
  /** Copies beyond what the load asks for. */
  readonly standby: number;
}

/** What a simulation asks of a service: plain JSON, so that one program can tell it to another. */
export interface ScalingFacts {
  readonly min: number;
  readonly max: number;
  readonly signals: readonly SignalFacts[];
  readonly behavior?: JsonObject;
  readonly external: boolean;
  readonly stopped: boolean;
  /** Seconds of a download, of loading, of stopping, of the longest answer. */
  readonly download: number;
  readonly load: number;
  readonly stop: number;
  readonly request: number;
  readonly cpuMillis: number;
}

/** What a plan says of its scaling. */
export function scalingFacts({ copies, timing, requests, server }: ServicePlan): ScalingFacts {
  return {
    min: copies.min, max: copies.max, external: copies.external, stopped: copies.stopped, behavior: copies.behavior, cpuMillis: requests.cpuMillis,
    signals: copies.signals.map((signal) => signalFacts(signal, copies.autoscaler === Autoscaler.KEDA, server)),
    download: timing.download, load: timing.load, stop: timing.preStop, request: timing.request,
  };
}

/** What a scaling alone says, for copies that start and stop in these times. */
export function factsOfScaling(scaling: Scaling, times: { start: number; stop: number; request: number }): ScalingFacts {
  return {
    min: scaling.min, max: scaling.max, external: scaling.externallyScaled, stopped: false, behavior: planBehavior(scaling, times.start, false), cpuMillis: 1000,
    // standby is KEDA's alone; all else comes to the same by either, but for copies that start
    signals: scaling.signals.map((signal) => signalFacts(signal, scaling.autoscaler === Autoscaler.KEDA || signal.standby !== undefined, undefined)),
    download: 0, load: times.start, stop: times.stop, request: times.request,
  };
}

function signalFacts(signal: ScalingSignal, keda: boolean, server: ServerDefinition | undefined): SignalFacts {
  const own = signal.kind === ScalingSignalKind.CUSTOM_METRIC || signal.kind === ScalingSignalKind.QUERY;
  const custom = own && signal.targetKind === ScalingTargetKind.PER_REPLICA;
  return {
    name: signal.name, target: signal.target, measure: measureOf(signal, server), custom, standby: signal.standby ?? 0,
    total: keda && signal.targetKind === ScalingTargetKind.PER_REPLICA && signal.kind !== ScalingSignalKind.CUSTOM_METRIC,
  };
}

/** Kinds of metrics that are one number a copy. */
const NUMBERS = [MetricType.COUNTER, MetricType.GAUGE];

/** What a signal says of the load; undefined when the load doesn't determine it. */
function measureOf(signal: ScalingSignal, server: ServerDefinition | undefined): LoadMeasure | undefined {
  switch (signal.kind) {
    case ScalingSignalKind.CPU: return LoadMeasure.CPU;
    case ScalingSignalKind.CONCURRENCY: return LoadMeasure.CONCURRENCY;
    case ScalingSignalKind.QUEUE_DEPTH: return LoadMeasure.QUEUE;
    case ScalingSignalKind.REQUEST_RATE: return LoadMeasure.RATE;
    case ScalingSignalKind.CUSTOM_METRIC: return byName(signal.name, server);
    default: return undefined;
  }
}

function byName(name: string, server: ServerDefinition | undefined): LoadMeasure | undefined {
  // adapters rename what the API can't be asked for, and counters by what they make of them
  const bare = (one: string): string => one.replaceAll(':', '_').replace(/^_+|_(total|per_second)$/g, '');
  const role = server?.facts.metrics.find((one) => NUMBERS.includes(one.type) && bare(one.name) === bare(name))?.role;
  return role === MetricRole.QUEUE ? LoadMeasure.QUEUE : role === MetricRole.IN_FLIGHT ? LoadMeasure.CONCURRENCY : role === MetricRole.REQUESTS ? LoadMeasure.RATE : undefined;
}
