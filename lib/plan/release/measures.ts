import { ServerMetric } from '../../describe/server/server-facts';
import { selector } from '../promql';
import { boundPattern, Counter, ofModel, RequestMeasures } from '../request-measures';

/** Stands for the matchers of the new version's pods, until a controller is known that tells versions apart. */
export const NEW = '$NEW';
/** Stands for the matchers of the stable version's pods. */
export const STABLE = '$STABLE';

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
export function slowPercent(latency: ServerMetric, modelName: string | undefined, bound: number, version: string, window: string, least: number): string {
  const matchers = [version, ofModel(latency, modelName), latency.matchers];
  const all = `sum(increase(${selector(`${latency.name}_count`, ...matchers)}[${window}]))`;
  // the slow ones as a difference: 1 less a share that is nearly 1 comes out a little above the bound that it is at
  return `100 * (${all} - sum(increase(${selector(`${latency.name}_bucket`, ...matchers, `le=~"${boundPattern(bound)}"`)}[${window}]))) / (${all} >= ${least})`;
}

/** A percentile of a version's latency in the metric's unit; no series below the least number of requests. */
export function quantile(latency: ServerMetric, modelName: string | undefined, percentile: number, version: string, window: string, least: number): string {
  const matchers = [version, ofModel(latency, modelName), latency.matchers];
  return `(histogram_quantile(${percentile / 100}, sum by (le) (increase(${selector(`${latency.name}_bucket`, ...matchers)}[${window}]))) and on() (sum(increase(${selector(`${latency.name}_count`, ...matchers)}[${window}])) >= ${least}))`;
}
