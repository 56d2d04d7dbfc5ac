import { accuracyLow, driftDetected, missingValues, monitorNoData, monitorStale, payloadsDropped } from '../drift/alerts';
import { RuleGroup } from '../rule';
import { intervalOf } from '../recordings';
import { ofService, podsOf, scrapedOf, WatchedService, workloads } from '../watched-service';
import { alertOf, AlertText } from './alert';
import { atMaxCopies, gpuErrors, gpuIdle, queueGrowing } from './capacity';
import { certificate } from './certificate';
import { costUnknown, gpuUnready, nearBudget, overBudget } from './cost';
import { objectiveAlerts } from './objectives';
import { crashLoop, down, memory, notLoading, unschedulable } from './pods';
import { holdPast, rolloutPaused, rolloutStuck } from './release';
import { scrapeLost } from './scrape';
import { AlertContext, ServiceAlert } from './service-alert';

/** Everything that somebody is told about one service. */
const ALERTS: readonly ServiceAlert[] = [
  ({ service }) => objectiveAlerts(service), down, notLoading, crashLoop, unschedulable, scrapeLost, rolloutStuck, rolloutPaused, holdPast, atMaxCopies, queueGrowing, memory, certificate, gpuErrors, gpuIdle, payloadsDropped, driftDetected, missingValues, accuracyLow,
  monitorStale, monitorNoData, gpuUnready, overBudget, nearBudget, costUnknown,
];

/** What somebody is told about pods: nothing where a service has none of its own. */
const OF_PODS: ReadonlySet<ServiceAlert> = new Set([down, notLoading, crashLoop, unschedulable, scrapeLost, rolloutStuck, rolloutPaused, memory, gpuErrors, gpuIdle, gpuUnready]);

/** The alerts of a service, as they are tuned. */
export function alerts(service: WatchedService, tune: (text: AlertText) => AlertText | undefined, runbooks: string): RuleGroup {
  const matchers = ofService(service);
  const context: AlertContext = { service, matchers, scraped: scrapedOf(service), pods: podsOf(service), workloads: workloads(service.plan).join('|') };
  const rules = ALERTS.filter((alert) => service.rendered.series === undefined || !OF_PODS.has(alert)).flatMap((alert) => alert(context)).map(tune).filter((text) => text !== undefined).map((text) => alertOf(service, text, runbooks));
  return { name: `${service.name}.alerts`, intervalSeconds: intervalOf(service), rules };
}
