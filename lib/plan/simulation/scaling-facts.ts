import { LoadMeasure } from '../../describe/load-measure';
import { Scaling, ScalingSignal } from '../../describe/scaling';
import { ServerDefinition } from '../../describe/server/server-definition';
import { MetricRole, MetricType } from '../../describe/server/server-facts';
import { planCopies } from '../copies';
import { DefaultsSet } from '../defaults/defaults';
import { Copies, JsonObject, ServicePlan, Timing } from '../service-plan';

/** What a simulation asks of a service: plain JSON, so that one program can tell it to another. */
export interface ScalingFacts {
  readonly min: number;
  readonly max: number;
  readonly signals: readonly { readonly name: string; readonly resource: boolean; readonly target: number; readonly measure?: LoadMeasure }[];
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
export function scalingFacts(plan: ServicePlan): ScalingFacts {
  return facts(plan.copies, plan.timing, plan.requests.cpuMillis, plan.server);
}

/** What a scaling alone says, for copies that start and stop in these times. */
export function factsOfScaling(scaling: Scaling, defaults: DefaultsSet, times: { start: number; stop: number; request: number }): ScalingFacts {
  const timing = { download: 0, load: times.start, preStop: times.stop, request: times.request };
  return facts(planCopies({ scaling, defaults }, timing), timing, 1000);
}

function facts(copies: Copies, timing: Pick<Timing, 'download' | 'load' | 'preStop' | 'request'>, cpuMillis: number, server?: ServerDefinition): ScalingFacts {
  return {
    min: copies.min, max: copies.max, external: copies.external, stopped: copies.stopped, behavior: copies.behavior, cpuMillis,
    signals: copies.signals.map((signal) => ({ ...signal, measure: measureOf(signal, server) })),
    download: timing.download, load: timing.load, stop: timing.preStop, request: timing.request,
  };
}

/** Kinds of metrics that are one number a copy. */
const NUMBERS = [MetricType.COUNTER, MetricType.GAUGE];

/** What a metric says of the load; undefined when the load doesn't determine it. */
function measureOf(signal: ScalingSignal, server: ServerDefinition | undefined): LoadMeasure | undefined {
  if (signal.resource) return signal.name === 'cpu' ? LoadMeasure.CPU : undefined;
  // adapters rename what the API can't be asked for, and counters by what they make of them
  const bare = (name: string): string => name.replaceAll(':', '_').replace(/^_+|_(total|per_second)$/g, '');
  const role = server?.facts.metrics.find((one) => NUMBERS.includes(one.type) && bare(one.name) === bare(signal.name))?.role;
  return role === MetricRole.QUEUE ? LoadMeasure.QUEUE : role === MetricRole.IN_FLIGHT ? LoadMeasure.CONCURRENCY : role === MetricRole.REQUESTS ? LoadMeasure.RATE : undefined;
}
