import { InferenceProtocol, MetricRole, MetricType, ServerFacts, ServerMetric } from '../describe/server/server-facts';
import { allOf, quoted } from './promql';

/** What a server tells of requests: the ground that gates, objectives and recording rules stand on. */
export interface RequestMeasures {
  /** Counters that together count all requests. */
  readonly all: readonly Counter[];
  /** Counter of those that failed; undefined when the server doesn't tell. */
  readonly failed?: Counter;
  /** Histogram of the time that answers take; undefined when the server has none. */
  readonly latency?: ServerMetric;
}

/** A counter and the matchers with which it counts just this. */
export interface Counter {
  readonly name: string;
  readonly matchers: string;
}

/** Finds what a server tells of the requests of a protocol; undefined when it tells nothing. */
export function requestMeasures(facts: ServerFacts, protocol: InferenceProtocol, modelName: string | undefined): RequestMeasures | undefined {
  const usable = facts.metrics.filter((metric) => metric.onlyWith === undefined && (metric.overHttp === undefined || metric.overHttp === protocol.http));
  const of = (role: MetricRole): ServerMetric[] => usable.filter((metric) => metric.role === role);
  const counter = (metric: ServerMetric, matchers = metric.matchers, name = metric.name): Counter => ({ name, matchers: allOf(ofModel(metric, modelName), matchers) });
  const failed = of(MetricRole.FAILURES).find((metric) => metric.type === MetricType.COUNTER);
  const requests = of(MetricRole.REQUESTS).find((metric) => metric.type === MetricType.COUNTER);
  const latency = of(MetricRole.LATENCY).find((metric) => metric.type === MetricType.HISTOGRAM);
  const all = failed?.allMatchers !== undefined ? [counter(failed, failed.allMatchers, failed.allName)]
    : [...(requests === undefined ? [] : [counter(requests)]), ...(failed === undefined ? [] : [counter(failed)])];
  if (all.length === 0) return undefined;
  return { all, failed: failed && counter(failed), latency };
}

/** The matcher of a model's name, of a metric that carries it; none for all models of a pool. */
export function ofModel(metric: ServerMetric, modelName: string | undefined): string | undefined {
  return modelName === undefined ? undefined : metric.modelLabel && `${metric.modelLabel}=${quoted(modelName)}`;
}

/** A bucket's bound as servers write it: clients write 1 as '1' or '1.0', and large ones with an exponent. */
export function boundPattern(bound: number): string {
  const plain = String(bound);
  const forms = Number.isInteger(bound) ? [`${plain}(\\\\.0)?`, ...(bound >= 1e6 ? [bound.toExponential().replace(/e\+(\d)$/, 'e+0$1').replace(/[.+]/g, '\\\\$&')] : [])] : [plain.replace('.', '\\\\.')];
  return forms.join('|');
}

/** Values of a metric's unit in a second. */
export function unitsPerSecond(metric: Pick<ServerMetric, 'unit'>): number {
  return { s: 1, ms: 1e3, us: 1e6 }[metric.unit as 's' | 'ms' | 'us'] ?? 1;
}

/** A metric's bucket that has this bound, as near as problems print bounds; undefined when none has. */
export function bucketAt(metric: Pick<ServerMetric, 'unit' | 'buckets'>, seconds: number): number | undefined {
  const wanted = seconds * unitsPerSecond(metric);
  return metric.buckets?.find((bound) => Math.abs(bound - wanted) <= 1e-5 * Math.max(bound, wanted));
}
