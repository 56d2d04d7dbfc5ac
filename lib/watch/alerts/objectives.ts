import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { decimal, selector } from '../../plan/promql';
import { BURN_RATES, BurnRate, factor, SLO_INTERVAL_SECONDS } from '../objectives/burn';
import { Indicator, indicators } from '../objectives/indicator';
import { COPIES_WANTED, SLO_BAD, SLO_VALID, sloErrorRatio } from '../series';
import { ofService, WatchedService } from '../watched-service';
import { AlertText } from './alert';

/**
 * Bad requests within the long window below which nobody is told. One failure among ten requests is a share of 10 %, and no reason to be woken; what
 * happens to few requests at a time adds up in the longer windows.
 */
export const MIN_BAD_REQUESTS = 5;

/** An error budget that burns too fast: pages for fast, tickets for slow. */
export function objectiveAlerts(service: WatchedService): AlertText[] {
  return indicators(service).flatMap((indicator) => [
    burn(service, indicator, BURN_RATES.filter((rate) => rate.pages), AlertSeverity.CRITICAL), burn(service, indicator, BURN_RATES.filter((rate) => !rate.pages), AlertSeverity.WARNING),
    noData(service, indicator),
  ]);
}

function burn(service: WatchedService, indicator: Indicator, rates: readonly BurnRate[], severity: AlertSeverity): AlertText {
  const own = (name: string): string => selector(name, ofService(service), `objective="${indicator.id}"`);
  const one = (rate: BurnRate): string => {
    const limit = decimal(factor(rate, indicator.periodSeconds) * indicator.budget);
    // each sample of a rate stands for the seconds until the next
    const badRequests = `sum_over_time(${own(SLO_BAD.name)}[${rate.long}]) * ${SLO_INTERVAL_SECONDS}`;
    return `(${own(sloErrorRatio(rate.long).name)} > ${limit} and ${own(sloErrorRatio(rate.short).name)} > ${limit} and ${badRequests} >= ${MIN_BAD_REQUESTS})`;
  };
  const [fast] = rates;
  // what burns faster than a whole budget can burn would never fire
  const possible = rates.filter((rate) => factor(rate, indicator.periodSeconds) * indicator.budget < 1);
  return {
    alert: 'InferenceServiceErrorBudgetBurn', severity, labels: { objective: indicator.id, symptom: 'true' },
    // names differ by the window
    expr: (possible.length === 0 ? rates : possible).map((rate) => one(rate)).join(' or '),
    summary: `the error budget of '${indicator.title}' burns ${severity === AlertSeverity.CRITICAL ? 'fast' : 'steadily'}`,
    description: `{{ $value | humanizePercentage }} of the requests break the objective (${decimal(indicator.budget * 100)} % may). At this speed ${decimal(fast!.budgetSpent * 100)} % of the budget of ${Math.round(indicator.periodSeconds / 86_400)} days is gone within ${fast!.long}.`,
  };
}

/** Requests an hour, on average of the last day, below which silence is nothing to tell of: counters of copies that are new begin with their first request. */
const MIN_REQUESTS_PER_HOUR = 10;

/**
 * It was measured within the last day and is no more: missing is not good. Requests may be counted and their verdict missing (a bucket that isn't there);
 * a service that is to have no copies is silent rightly.
 */
function noData(service: WatchedService, indicator: Indicator): AlertText {
  const own = (name: string): string => selector(name, ofService(service), `objective="${indicator.id}"`);
  return {
    alert: 'InferenceServiceObjectiveNoData', severity: AlertSeverity.WARNING, labels: { objective: indicator.id, symptom: 'true' }, for: '30m',
    expr: `avg_over_time(${own(SLO_VALID.name)}[1d]) * 3600 >= ${MIN_REQUESTS_PER_HOUR} unless ${own(SLO_BAD.name)} unless on (namespace, inference_service) ${selector(COPIES_WANTED.name, ofService(service))} == 0`,
    summary: `nothing tells whether '${indicator.title}' holds`,
    description: '{{ $value }} requests an hour were counted within the last day, and now there is no series of them: neither the alerts on the error budget nor what is left of it can be trusted.',
  };
}
