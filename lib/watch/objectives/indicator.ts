import { secondsOf } from '../../describe/checks/shape';
import { Objective, ObjectiveKind } from '../../describe/objective';
import { decimal, selector } from '../../plan/promql';
import { boundPattern, bucketAt, unitsPerSecond } from '../../plan/request-measures';
import { failureRate, LatencyHistogram, requestRate, RequestSource, sliSource } from '../request-source';
import { scrapedOf, WatchedService } from '../watched-service';

/** An objective as it is measured: how many requests count, and how many of them break it. */
export interface Indicator {
  /** Value of the label `objective`: `availability`, `latency-p99-250ms`. */
  readonly id: string;
  /** In words, for summaries. */
  readonly title: string;
  /** Share of requests that may break it. */
  readonly budget: number;
  readonly periodSeconds: number;
  /** Requests a second that count, by PromQL. */
  readonly valid: (window: string) => string;
  /** Those that break it: 0, and not nothing, where none does. */
  readonly bad: (window: string) => string;
}

/** The objectives of a service that can be measured; that all can is a rule's to see to. */
export function indicators(service: WatchedService): Indicator[] {
  const source = sliSource(service.sli, service.plan, service.namespace, scrapedOf(service));
  return service.objectives.map((objective) => source && indicator(objective, source)).filter((one) => one !== undefined);
}

function indicator(objective: Objective, source: RequestSource): Indicator | undefined {
  const common = { budget: (100 - objective.percent) / 100, periodSeconds: secondsOf(objective.over) };
  if (objective.kind === ObjectiveKind.AVAILABILITY) {
    const { failed } = source;
    return failed && {
      ...common, id: 'availability', title: `${decimal(objective.percent)} % of the requests are answered`, valid: (window) => requestRate(source, window), bad: (window) => failureRate(source, failed, window),
    };
  }
  const bound = source.latency && boundOf(source.latency, secondsOf(objective.below!));
  if (source.latency === undefined || bound === undefined) return undefined;
  const { name, matchers } = source.latency;
  const seconds = secondsOf(objective.below!);
  const milliseconds = decimal(seconds * 1000);
  const valid = (window: string): string => `sum(rate(${selector(`${name}_count`, matchers)}[${window}]))`;
  const fast = (window: string): string => `sum(rate(${selector(`${name}_bucket`, matchers, `le=~"${boundPattern(bound)}"`)}[${window}]))`;
  return {
    ...common, id: `latency-p${decimal(objective.percent)}-${milliseconds}ms`, title: `${decimal(objective.percent)} % of the answers come within ${seconds < 1 ? `${milliseconds} ms` : `${decimal(seconds)} s`}`, valid,
    // rates of two series differ by a hair where all are fast; a share below zero would be budget won
    bad: (window) => `clamp_min(${valid(window)} - ${fast(window)}, 0)`,
  };
}

/** A bucket's bound for a time; where the bounds are not known, the user's word is taken. */
function boundOf(histogram: LatencyHistogram, seconds: number): number | undefined {
  return histogram.buckets === undefined ? Number(decimal(seconds * unitsPerSecond(histogram))) : bucketAt(histogram, seconds);
}
