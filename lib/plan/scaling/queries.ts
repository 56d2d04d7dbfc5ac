import { ScalingSignalKind } from '../../describe/scaling';
import { InferenceProtocol, MetricRole, MetricType, ServerFacts, ServerMetric } from '../../describe/server/server-facts';
import { selector } from '../promql';

/** A series, and how a signal is made of it. */
interface Term {
  readonly metric: ServerMetric;
  readonly series: string;
  /** Whether it only grows, so that its rate is what tells. */
  readonly counter: boolean;
  /** Units of it in one of the signal's. */
  readonly divisor: number;
}

/** How a signal is read from a server's metrics: the sum of some series. */
export interface SignalSource {
  readonly terms: readonly Term[];
  /** Over the pods; a share is that of the fullest, or their mean. */
  readonly aggregation: 'sum' | 'max' | 'avg';
  /** What must be switched on for it. */
  readonly onlyWith?: string;
}

const UNITS: { readonly [unit: string]: number } = { s: 1, ms: 1000, us: 1_000_000 };

/** DCGM's share of time in which a kernel runs, in percent. Source: https://github.com/NVIDIA/dcgm-exporter/blob/main/etc/default-counters.csv */
const DCGM: Term = {
  metric: { role: MetricRole.GPU_UTILIZATION, name: 'DCGM_FI_DEV_GPU_UTIL', type: MetricType.GAUGE, source: 'https://github.com/NVIDIA/dcgm-exporter/blob/main/etc/default-counters.csv' }, series: 'DCGM_FI_DEV_GPU_UTIL', counter: false, divisor: 100,
};

/**
 * How a server tells a signal.
 * @returns undefined when it doesn't.
 */
export function signalSource(kind: ScalingSignalKind, facts: ServerFacts, protocol: InferenceProtocol): SignalSource | undefined {
  const gauge = (role: MetricRole): Term | undefined => find(facts, protocol, role, (one) => (one.type === MetricType.GAUGE ? { metric: one, series: one.name, counter: false, divisor: 1 } : undefined));
  const counter = (role: MetricRole): Term | undefined => find(facts, protocol, role, (one) => (one.type === MetricType.COUNTER ? { metric: one, series: one.name, counter: true, divisor: 1 } : undefined));
  switch (kind) {
    case ScalingSignalKind.CONCURRENCY: return concurrency(facts, protocol, gauge);
    case ScalingSignalKind.QUEUE_DEPTH: return source('sum', gauge(MetricRole.QUEUE));
    case ScalingSignalKind.TOKENS: return source('sum', counter(MetricRole.GENERATED_TOKENS));
    case ScalingSignalKind.REQUEST_RATE: return source('sum', counter(MetricRole.REQUESTS));
    case ScalingSignalKind.KV_CACHE: return source('max', gauge(MetricRole.KV_CACHE));
    case ScalingSignalKind.GPU: return source('avg', DCGM);
    default: return undefined;
  }
}

/** Requests in work and waiting: as gauges, or by Little's law the time of all requests that ends in each second. */
function concurrency(facts: ServerFacts, protocol: InferenceProtocol, gauge: (role: MetricRole) => Term | undefined): SignalSource | undefined {
  const running = gauge(MetricRole.IN_FLIGHT);
  const waiting = gauge(MetricRole.QUEUE);
  const timed = (counters: boolean): Term | undefined => find(facts, protocol, MetricRole.LATENCY, (one) => {
    const divisor = UNITS[one.unit ?? 's'];
    return divisor === undefined || one.type === MetricType.GAUGE || (one.type === MetricType.COUNTER) !== counters ? undefined : { metric: one, series: counters ? one.name : `${one.name}_sum`, counter: true, divisor };
  });
  // where there is a sum beside a histogram, the histogram is of something else: Triton's of the first response
  const time = timed(true) ?? timed(false);
  if (running !== undefined && (running.metric.onlyWith === undefined || time === undefined || time.metric.onlyWith !== undefined)) return source('sum', running, ...(waiting === undefined ? [] : [waiting]));
  return source('sum', time);
}

/** The first metric of a role that can be used for what clients speak; one that is always there before one that must be switched on. */
function find(facts: ServerFacts, protocol: InferenceProtocol, role: MetricRole, read: (metric: ServerMetric) => Term | undefined): Term | undefined {
  const usable = facts.metrics.filter((one) => one.role === role && (one.overHttp === undefined || one.overHttp === protocol.http)).map(read).filter((one) => one !== undefined);
  return usable.find(({ metric }) => metric.onlyWith === undefined) ?? usable[0];
}

function source(aggregation: SignalSource['aggregation'], ...terms: readonly (Term | undefined)[]): SignalSource | undefined {
  const given = terms.filter((one) => one !== undefined);
  return given.length === 0 ? undefined : { terms: given, aggregation, onlyWith: given.find(({ metric }) => metric.onlyWith !== undefined)?.metric.onlyWith };
}

/**
 * A signal as one number, of the pods that the matchers name. NaN is left out, and without any series there is no number.
 * @param by labels that it is kept apart by, in place of one number.
 */
export function signalQuery(from: SignalSource, matchers: string, window: string, by?: string): string {
  return from.terms.map(({ metric, series, counter, divisor }) => {
    const selected = selector(series, metric.matchers, matchers);
    // no signal is negative, and NaN is neither more nor less than anything
    const all = `${from.aggregation}${by === undefined ? '' : ` by (${by}) `}(${counter ? `rate(${selected}[${window}])` : selected} >= 0)`;
    return divisor === 1 ? all : `${all} / ${divisor}`;
  }).join(' + ');
}
