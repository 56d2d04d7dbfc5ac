import { InferenceProtocol, MetricRole, MetricType, ServerFacts, ServerMetric } from '../../describe/server/server-facts';
import { allOf, quoted, selector } from '../promql';

/** Stands for the matchers of the new version's pods, until a controller is known that tells versions apart. */
export const NEW = '$NEW';
/** Stands for the matchers of the stable version's pods. */
export const STABLE = '$STABLE';

/** What a server tells of requests: the ground that gates stand on. */
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
export function requestMeasures(facts: ServerFacts, protocol: InferenceProtocol, modelName: string): RequestMeasures | undefined {
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

function ofModel(metric: ServerMetric, modelName: string): string | undefined {
  return metric.modelLabel && `${metric.modelLabel}=${quoted(modelName)}`;
}

/** Requests of a version within a window; no series where none was ever counted. */
export function requests(all: readonly Counter[], version: string, window: string): string {
  const each = all.map((one) => `sum(increase(${selector(one.name, version, one.matchers)}[${window}]))`);
  // two counters are added by way of a label, so that the one that isn't there yet doesn't take the other with it
  return each.length === 1 ? each[0]! : `sum(${each.map((one, i) => `label_replace(${one}, "part", "${i}", "", "")`).join(' or ')})`;
}

/** How many series of requests there are of a version: 0 where it was never asked, or nobody scrapes it. */
export function presence(all: readonly Counter[], version: string): string {
  return `${all.map((one) => `count(${selector(one.name, version, one.matchers)})`).join(' or ')} or vector(0)`;
}

/** Percent of a version's requests that failed; no series below the least number of requests. */
export function errorPercent(measures: RequestMeasures, version: string, window: string, least: number): string {
  const { failed, all } = measures;
  return `100 * (sum(increase(${selector(failed!.name, version, failed!.matchers)}[${window}])) or vector(0)) / (${requests(all, version, window)} >= ${least})`;
}

/** Percent of a version's requests that took longer than a bucket's bound; no series below the least number of requests. */
export function slowPercent(latency: ServerMetric, modelName: string, bound: number, version: string, window: string, least: number): string {
  const matchers = [version, ofModel(latency, modelName), latency.matchers];
  const all = `sum(increase(${selector(`${latency.name}_count`, ...matchers)}[${window}]))`;
  // the slow ones as a difference: 1 less a share that is nearly 1 comes out a little above the bound that it is at
  return `100 * (${all} - sum(increase(${selector(`${latency.name}_bucket`, ...matchers, `le=~"${boundPattern(bound)}"`)}[${window}]))) / (${all} >= ${least})`;
}

/** A percentile of a version's latency in the metric's unit; no series below the least number of requests. */
export function quantile(latency: ServerMetric, modelName: string, percentile: number, version: string, window: string, least: number): string {
  const matchers = [version, ofModel(latency, modelName), latency.matchers];
  return `(histogram_quantile(${percentile / 100}, sum by (le) (increase(${selector(`${latency.name}_bucket`, ...matchers)}[${window}]))) and on() (sum(increase(${selector(`${latency.name}_count`, ...matchers)}[${window}])) >= ${least}))`;
}

/** A bucket's bound as servers write it: clients write 1 as '1' or '1.0', and large ones with an exponent. */
function boundPattern(bound: number): string {
  const plain = String(bound);
  const forms = Number.isInteger(bound) ? [`${plain}(\\\\.0)?`, ...(bound >= 1e6 ? [bound.toExponential().replace(/e\+(\d)$/, 'e+0$1').replace(/[.+]/g, '\\\\$&')] : [])] : [plain.replace('.', '\\\\.')];
  return forms.join('|');
}

/** Values of a metric's unit in a second. */
export function unitsPerSecond(metric: ServerMetric): number {
  return { s: 1, ms: 1e3, us: 1e6 }[metric.unit as 's' | 'ms' | 'us'] ?? 1;
}

/** A metric's bucket that has this bound, as near as problems print bounds; undefined when none has. */
export function bucketAt(metric: ServerMetric, seconds: number): number | undefined {
  const wanted = seconds * unitsPerSecond(metric);
  return metric.buckets?.find((bound) => Math.abs(bound - wanted) <= 1e-5 * Math.max(bound, wanted));
}
