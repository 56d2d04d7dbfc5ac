import { PriceSource } from '../../describe/monitoring/cost';
import { selector } from '../../plan/promql';
import { intervalOf } from '../recordings';
import { isAlert, RecordingRule, RuleGroup } from '../rule';
import {
  COPIES_WANTED, COST_MONTH, COST_PER_1K_REQUESTS, COST_PER_1M_TOKENS, COST_PER_HOUR, GENERATED_TOKENS, POD_COMPUTE_COST, POD_VOLUME_COST, PROMPT_TOKENS, SERVICE_COST_PER_HOUR, VERSION_REQUESTS,
} from '../series';
import { identity, ofService, VERSION_LABEL, WatchedService } from '../watched-service';
import { podCosts, priced } from './pod-cost';

/** Hours of a month: a year's, by twelve. */
export const MONTH_HOURS = 730;

/**
 * What a service costs: by copy, by version, for its work, and in a month. Undefined where no stack tells, or no price is known.
 * @param normalised the service's other series: what there is of its work.
 */
export function costRecordings(service: WatchedService, normalised: RuleGroup): RuleGroup | undefined {
  if (!priced(service)) return undefined;
  const own = (name: string): string => selector(name, ofService(service));
  const rules: RecordingRule[] = [
    ...podCosts(service),
    { record: COST_PER_HOUR.name, expr: byVersion(service) },
    // at no copies it costs nothing; where copies are wanted and no cost is known, nothing is said
    { record: SERVICE_COST_PER_HOUR.name, expr: `sum(${own(COST_PER_HOUR.name)}) or sum(${own(COPIES_WANTED.name)}) == 0` },
    { record: COST_MONTH.name, expr: `${MONTH_HOURS} * avg_over_time(${own(SERVICE_COST_PER_HOUR.name)}[1d])` },
    ...forWork(normalised, own),
  ];
  return { name: `${service.name}.cost`, intervalSeconds: intervalOf(service), rules: rules.map((rule) => ({ ...rule, labels: identity(service) })) };
}

/** The scrape knows which version each pod runs, also of pods that don't answer yet. What it doesn't know of counts for no version, but counts. */
function byVersion(service: WatchedService): string {
  const { cost, plan } = service;
  const matchers = ofService(service);
  const names = cost!.priceSource === PriceSource.OPENCOST ? `{__name__=~"${POD_COMPUTE_COST.name}|${POD_VOLUME_COST.name}",${matchers}}` : selector(POD_COMPUTE_COST.name, matchers);
  const each = `sum by (namespace, pod) (${names})`;
  if (plan.metricsPath === undefined) return `sum(${each})`;
  // while a label of a pod changes, it may be there with both values
  const versions = `topk by (namespace, pod) (1, group by (namespace, pod, ${VERSION_LABEL}) (${selector('up', matchers)}))`;
  return `sum by (${VERSION_LABEL}) (${each} * on (namespace, pod) group_left (${VERSION_LABEL}) ${versions} or on (namespace, pod) ${each})`;
}

/**
 * Cost of the last hour by its work. Sums, not averages: an hour with copies and without requests, or the other way round, counts as what it was.
 * Without work there is no figure.
 */
function forWork(normalised: RuleGroup, own: (name: string) => string): RecordingRule[] {
  const recorded = new Set(normalised.rules.map((rule) => (isAlert(rule) ? '' : rule.record)));
  const lastHour = (name: string): string => `sum_over_time(${own(name)}[1h])`;
  const cost = `${lastHour(COST_PER_HOUR.name)} / 3600`;
  const tokens = [PROMPT_TOKENS, GENERATED_TOKENS].filter(({ name }) => recorded.has(name)).map(({ name }) => lastHour(name));
  return [
    ...(recorded.has(VERSION_REQUESTS.name) ? [{ record: COST_PER_1K_REQUESTS.name, expr: `1000 * ${cost} / (${lastHour(VERSION_REQUESTS.name)} > 0)` }] : []),
    ...(tokens.length === 0 ? [] : [{ record: COST_PER_1M_TOKENS.name, expr: `1000000 * ${cost} / (${tokens.join(' + ')} > 0)` }]),
  ];
}
