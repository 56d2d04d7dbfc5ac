import { Cluster } from '../describe/cluster';
import { Alerting } from '../describe/monitoring/alerting';
import { Grafana } from '../describe/monitoring/grafana';
import { Cost } from '../describe/monitoring/cost';
import { CostBudget } from '../describe/monitoring/cost-budget';
import { MetricsBackend, MetricsInstallProps, MetricsOperator } from '../describe/monitoring/metrics-backend';
import { MetricsSource } from '../describe/monitoring/metrics-source';
import { Finding } from '../describe/problem';
import { RenderedObject } from '../render/ports';
import { access } from './access';
import { AlertText } from './alerts/alert';
import { BoardSettings, Dashboard, dashboardsOfService, dashboardsOfStack, boardsOf } from './dashboards';
import { optScaleWrite } from './cost/opt-scale';
import { bringsObjects, dashboardObjects, datasourceUid, grafanaObjects, GrafanaTarget } from './grafana';
import { ScrapePlan, StackPlan } from './ports';
import { metricsRenderer } from './renderers';
import { alertmanagerConfiguration } from './routing/alertmanager';
import { planRouting } from './routing/plan';
import { RoutingForm, routingFindings } from './routing/requirements';
import { isAlert } from './rule';
import { exportersOf } from './sources';
import { stackRules } from './stack-rules';
import { ruled, RuledService, watchService, WatchSettings } from './watch-service';
import { WatchedService } from './watched-service';

/** What a stack was told. */
export interface StackRequest {
  readonly name: string;
  /** Where its own objects lie. */
  readonly namespace: string;
  readonly metrics: MetricsBackend;
  readonly cluster: Cluster;
  readonly alerting?: Alerting;
  readonly grafana: Grafana;
  readonly sources: readonly MetricsSource[];
  /** Namespaces in which pods are scraped that are no service's. */
  readonly scraped: ReadonlySet<string>;
  /** How it tells what services cost, if it does. */
  readonly cost?: Cost;
  /** What services may cost, by team. */
  readonly budgets: { readonly [team: string]: CostBudget };
  readonly runbooks: string;
  readonly tune: (text: AlertText) => AlertText | undefined;
}

/** Labels by which an operator's instances find what is scraped and evaluated. */
function selectionOf({ name, metrics }: StackRequest): { [key: string]: string } {
  return metrics._join === undefined ? { 'serving.cdk8s.io/monitoring': name } : metrics._join.labels ?? {};
}

/** Where the metrics of a stack are asked for. */
export function storeUrl(request: StackRequest): string {
  return request.metrics._join?.url ?? metricsRenderer(request.metrics.operator).url(planStack(request, []));
}

/** What is installed, with what OptScale is told of. */
function installed({ metrics: { _install }, cost }: StackRequest): MetricsInstallProps | undefined {
  return _install === undefined || cost?._optScale === undefined ? _install : { ..._install, remoteWrite: [...(_install.remoteWrite ?? []), optScaleWrite(cost._optScale)] };
}

/** What is scraped besides services: OpenCost too, where prices come from there. */
function sourcesOf({ sources, cost }: StackRequest): readonly MetricsSource[] {
  return cost?._source === undefined ? sources : [...sources, cost._source];
}

/** A stack with the services that it watches. */
export function planStack(request: StackRequest, services: readonly WatchedService[]): StackPlan {
  const { name, namespace, metrics, cluster, alerting } = request;
  const renderer = metricsRenderer(metrics.operator);
  const scraper = metrics._install !== undefined && metrics.operator === MetricsOperator.PROMETHEUS ? { name: `${name}-prometheus`, namespace }
    : metrics._join?.serviceAccount === undefined ? undefined : { name: metrics._join.serviceAccount, namespace: metrics._join.namespace };
  return {
    name, namespace, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/component': 'monitoring', 'app.kubernetes.io/managed-by': 'cdk8s-serving' },
    selection: selectionOf(request), namespaces: [...new Set([...services.map((service) => service.namespace), ...request.scraped])].sort(),
    scrapeSeconds: cluster.scrapeSeconds, install: installed(request), keptSeconds: metrics._keptSeconds,
    externalLabels: metrics._install?.externalLabels ?? (cluster.named ? { cluster: cluster.name } : {}), scraper, sources: sourcesOf(request),
    alertmanager: alerting === undefined || metrics._install === undefined ? undefined : alertmanagerConfiguration(planRouting(alerting), renderer.secretsRoot),
  };
}

/** Takes a service in: with its rules, which are made once for all that is made of it. */
export function takeIn(request: StackRequest, service: WatchedService): RuledService {
  return ruled({ ...service, cost: request.cost }, watchSettings(request));
}

/** Everything that a stack brings once: what is installed, who may look where, its own rules, and routes. */
export function stackObjects(request: StackRequest, services: readonly WatchedService[]): RenderedObject[] {
  const { metrics, alerting, grafana } = request;
  const plan = planStack(request, services);
  const renderer = metricsRenderer(metrics.operator);
  const target = grafanaTarget(request, plan);
  const groups = stackRules(request, services);
  return [
    ...(plan.install === undefined ? access(plan) : renderer.install(plan, plan.install)),
    ...plan.sources.map((source) => renderer.source(source, plan)),
    ...(groups.length === 0 ? [] : [renderer.rules({ id: 'Rules', name: plan.name, labels: { ...plan.labels, ...plan.selection }, groups })]),
    ...(alerting === undefined || plan.install !== undefined ? [] : renderer.routes(planRouting(alerting), { name: plan.name, labels: { ...plan.labels, ...plan.selection }, namespaces: routed(services, groups.length > 0 ? request.namespace : undefined) })),
    ...grafanaObjects(grafana, target),
  ];
}

/** The dashboards over all services, as objects. */
export function stackDashboardObjects(request: StackRequest, services: readonly RuledService[]): RenderedObject[] {
  return bringsObjects(request.grafana) ? dashboardObjects(request.grafana, stackDashboards(request, services), grafanaTarget(request, planStack(request, services))) : [];
}

/** The dashboards of a service, as objects in its own namespace, where they are not all brought to one. */
export function serviceDashboardObjects(request: StackRequest, service: RuledService): RenderedObject[] {
  if (!bringsObjects(request.grafana)) return [];
  const target = { ...grafanaTarget(request, planStack(request, [service])), labels: service.plan.labels };
  return dashboardObjects(request.grafana, serviceDashboards(request, service), target).map((object) => ({ namespace: service.namespace, ...object, id: `${service.namespace}.${service.name}-${object.id}` }));
}

/** What watches one service, beside it. */
export function serviceObjects(request: StackRequest, service: RuledService): RenderedObject[] {
  return watchService(service, watchSettings(request));
}

/** The scrape of pods that are no service's. */
export function scrapeBeside(request: StackRequest, plan: ScrapePlan): RenderedObject {
  return metricsRenderer(request.metrics.operator).scrape({ ...plan, labels: { ...plan.labels, ...selectionOf(request) } });
}

/** The dashboards over all services. */
export function stackDashboards(request: StackRequest, services: readonly RuledService[]): Dashboard[] {
  return services.length === 0 ? [] : dashboardsOfStack(boardSettings(request, services));
}

/** The dashboards of one service. */
export function serviceDashboards(request: StackRequest, service: RuledService): Dashboard[] {
  const settings = boardSettings(request, [service]);
  return dashboardsOfService(service, settings, boardsOf(settings));
}

/** What of a stack can't be had where it goes. */
export function checkRoutes({ alerting, metrics }: StackRequest): Finding[] {
  if (alerting === undefined) return [];
  const form = metrics._install === undefined ? metricsRenderer(metrics.operator).routingForm : RoutingForm.CONFIGURATION;
  return routingFindings(planRouting(alerting), form, undefined, metrics._takesRoutes);
}

function watchSettings(request: StackRequest): WatchSettings {
  return { renderer: metricsRenderer(request.metrics.operator), selection: selectionOf(request), runbooks: request.runbooks, tune: request.tune };
}

function boardSettings(request: StackRequest, services: readonly RuledService[]): BoardSettings {
  const rules = [...services.flatMap(({ groups }) => groups), ...stackRules(request, services)].flatMap((group) => group.rules);
  return {
    stack: `${request.namespace}/${request.name}`, folder: request.grafana.folder,
    recorded: new Set(rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]))), exporters: exportersOf(request, services),
    currency: request.cost?.currency, datasourceUid: datasourceUid(request.grafana, grafanaTarget(request, planStack(request, services))),
  };
}

function grafanaTarget(request: StackRequest, plan: StackPlan): GrafanaTarget {
  return { name: plan.name, namespace: plan.namespace, labels: plan.labels, storeUrl: storeUrl(request), scrapeSeconds: plan.scrapeSeconds };
}

/** Namespaces whose alerts are routed, and who owns what is in them. */
function routed(services: readonly WatchedService[], own: string | undefined): { name: string; owners: (string | undefined)[] }[] {
  const owned = [...services.map(({ namespace, owner }) => ({ namespace, owner: owner?.name })), ...(own === undefined ? [] : [{ namespace: own, owner: undefined }])];
  return [...new Set(owned.map(({ namespace }) => namespace))].sort().map((name) => ({ name, owners: [...new Set(owned.filter(({ namespace }) => namespace === name).map(({ owner }) => owner))] }));
}
