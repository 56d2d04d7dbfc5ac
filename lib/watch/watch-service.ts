import { LOGGER_METRICS_PORT } from '../plan/pod/payload-logger';
import { RenderedObject } from '../render/ports';
import { alerts } from './alerts';
import { AlertText } from './alerts/alert';
import { costRecordings } from './cost/recordings';
import { objectiveRecordings } from './objectives/burn';
import { MetricsRenderer } from './ports';
import { recordings } from './recordings';
import { RuleGroup } from './rule';
import { SERVICE_LABEL, VERSION_LABEL, WatchedService } from './watched-service';

/** How a stack watches each of its services. */
export interface WatchSettings {
  readonly renderer: MetricsRenderer;
  /** Labels by which the operator's instances find objects. */
  readonly selection: { readonly [key: string]: string };
  /** The base of the addresses of alerts' pages. */
  readonly runbooks: string;
  /** Changes an alert, or leaves it out. */
  readonly tune: (text: AlertText) => AlertText | undefined;
}

const INSTANCE = 'app.kubernetes.io/instance';

/** A service with what is evaluated about it: its rules are written, and its dashboards show what they record. */
export interface RuledService extends WatchedService {
  readonly groups: readonly RuleGroup[];
}

/** Finds what is evaluated about a service. */
export function ruled(service: WatchedService, settings: WatchSettings): RuledService {
  return { ...service, groups: ruleGroups(service, settings) };
}

function ruleGroups(service: WatchedService, settings: WatchSettings): RuleGroup[] {
  const objectives = objectiveRecordings(service);
  const normalised = recordings(service);
  const costs = costRecordings(service, normalised);
  return [normalised, ...(objectives === undefined ? [] : [objectives]), ...(costs === undefined ? [] : [costs]), alerts(service, settings.tune, settings.runbooks)];
}

/** What watches a service, beside it: its scrape and its rules. */
export function watchService(service: RuledService, settings: WatchSettings): RenderedObject[] {
  const { plan, rendered } = service;
  const labels = { ...plan.labels, ...settings.selection };
  const port = rendered.ports.find((one) => one.name === 'metrics') ?? rendered.ports.find((one) => one.name === 'http');
  const scrape = plan.metricsPath === undefined || port === undefined || rendered.series !== undefined ? [] : [settings.renderer.scrape({
    id: 'Scrape', name: plan.name, labels, pods: rendered.memberSelector, port: port.podName ?? port.name, path: plan.metricsPath, seconds: service.cluster.scrapeSeconds,
    fromPodLabels: { [SERVICE_LABEL]: plan.name === plan.memberSelector[INSTANCE] ? INSTANCE : rendered.nameLabel ?? 'app.kubernetes.io/name', [VERSION_LABEL]: rendered.versionLabel },
  })];
  // by an object of its own: what it exposes says itself whose it is, so that its `up` is not taken for the server's
  const logger = plan.loggerMetricsPort === undefined ? [] : [settings.renderer.scrape({
    id: 'ScrapePayloadLogger', name: `${plan.name}-payload-logger`, labels, pods: rendered.memberSelector, port: LOGGER_METRICS_PORT, path: '/metrics', seconds: service.cluster.scrapeSeconds, fromPodLabels: {}, honorLabels: true,
  })];
  return [...scrape, ...logger, settings.renderer.rules({ id: 'Rules', name: plan.name, labels, groups: service.groups })];
}
