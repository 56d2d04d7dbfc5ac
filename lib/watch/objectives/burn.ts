import { decimal, selector } from '../../plan/promql';
import { RecordingRule, RuleGroup } from '../rule';
import { SLO_BAD, SLO_BUDGET_LEFT, SLO_TARGET, SLO_VALID, sloErrorRatio } from '../series';
import { identity, ofService, WatchedService } from '../watched-service';
import { Indicator, indicators } from './indicator';

/** Seconds between two evaluations. Sums of recorded rates over long windows stand for numbers of requests by it. */
export const SLO_INTERVAL_SECONDS = 60;

/** A speed at which an error budget burns, as the SRE workbook has them: https://sre.google/workbook/alerting-on-slos/ (6: Multiwindow, Multi-Burn-Rate Alerts) */
export interface BurnRate {
  /** The window that shows it matters, and the one that shows it goes on. */
  readonly long: string;
  readonly short: string;
  readonly longSeconds: number;
  /** Share of the budget that is gone when it fires. */
  readonly budgetSpent: number;
  /** Whether somebody is woken. */
  readonly pages: boolean;
}

export const BURN_RATES: readonly BurnRate[] = [
  { long: '1h', short: '5m', longSeconds: 3600, budgetSpent: 0.02, pages: true },
  { long: '6h', short: '30m', longSeconds: 21_600, budgetSpent: 0.05, pages: true },
  { long: '1d', short: '2h', longSeconds: 86_400, budgetSpent: 0.1, pages: false },
  { long: '3d', short: '6h', longSeconds: 259_200, budgetSpent: 0.1, pages: false },
];

/** How many times faster than evenly the budget burns: 14.4 for 2 % in one of 720 hours. */
export function factor(rate: BurnRate, periodSeconds: number): number {
  return (rate.budgetSpent * periodSeconds) / rate.longSeconds;
}

/** Windows up to an hour are asked of the counters themselves; longer ones of the recorded rates, which are one series each. */
const FROM_COUNTERS = ['5m', '30m', '1h'];
const FROM_RATES = ['2h', '6h', '1d', '3d'];

/** What the alerts on objectives, and their dashboards, read. */
export function objectiveRecordings(service: WatchedService): RuleGroup | undefined {
  const rules = indicators(service).flatMap((indicator) => recordingsOf(service, indicator));
  return rules.length === 0 ? undefined : { name: `${service.name}.objectives`, intervalSeconds: SLO_INTERVAL_SECONDS, rules };
}

function recordingsOf(service: WatchedService, indicator: Indicator): RecordingRule[] {
  const labels = { ...identity(service), objective: indicator.id };
  const own = (series: { name: string }): string => selector(series.name, ofService(service), `objective="${indicator.id}"`);
  const ratio = (bad: string, valid: string): string => `(${bad}) / (${valid} > 0)`;
  const days = `${Math.round(indicator.periodSeconds / 86_400)}d`;
  const rules: RecordingRule[] = [
    { record: SLO_TARGET.name, expr: `vector(${decimal(1 - indicator.budget)})` },
    { record: SLO_VALID.name, expr: indicator.valid('5m') },
    { record: SLO_BAD.name, expr: indicator.bad('5m') },
    ...FROM_COUNTERS.map((window) => ({ record: sloErrorRatio(window).name, expr: ratio(indicator.bad(window), indicator.valid(window)) })),
    // weighed by requests: a mean of ratios would count a quiet night as much as a busy day
    ...FROM_RATES.map((window) => ({ record: sloErrorRatio(window).name, expr: ratio(`sum_over_time(${own(SLO_BAD)}[${window}])`, `sum_over_time(${own(SLO_VALID)}[${window}])`) })),
    { record: SLO_BUDGET_LEFT.name, expr: `1 - sum_over_time(${own(SLO_BAD)}[${days}]) / (sum_over_time(${own(SLO_VALID)}[${days}]) > 0) / ${decimal(indicator.budget)}` },
  ];
  return rules.map((rule) => ({ ...rule, labels }));
}
