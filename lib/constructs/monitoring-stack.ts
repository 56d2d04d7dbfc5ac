import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { kebab } from '../describe/checks/names';
import { checkShape, is, secondsOf, Shape } from '../describe/checks/shape';
import { Cluster, ClusterOperator } from '../describe/cluster';
import { AlertTuning } from '../describe/monitoring/alert-tuning';
import { Alerting } from '../describe/monitoring/alerting';
import { Cost } from '../describe/monitoring/cost';
import { CostBudget } from '../describe/monitoring/cost-budget';
import { Grafana, GrafanaKind } from '../describe/monitoring/grafana';
import { MetricsBackend, MetricsOperator } from '../describe/monitoring/metrics-backend';
import { MetricsSource } from '../describe/monitoring/metrics-source';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest, Manifest } from '../manifest/manifest';
import { RenderedObject } from '../render/ports';
import { AlertText, RUNBOOKS } from '../watch/alerts/alert';
import { checkStackCost } from '../watch/cost/check-stack';
import { dashboardFiles } from '../watch/grafana';
import { ScrapePlan } from '../watch/ports';
import { checkSources } from '../watch/rules/sources';
import { checkTeams } from '../watch/rules/teams';
import { checkTuning } from '../watch/rules/tuning';
import { checkRoutes, scrapeBeside, serviceDashboardObjects, serviceDashboards, serviceObjects, stackDashboardObjects, stackDashboards, stackObjects, StackRequest, storeUrl, takeIn } from '../watch/stack';
import { RuledService } from '../watch/watch-service';
import { WatchedService } from '../watch/watched-service';
import { chartOf } from './chart';
import { nearest } from './nearest';
import { ServingEngine } from './serving-engine';
import { clusterKey } from './service-request';
import { Synthesis } from './synthesis';

const TWO_STACKS = ProblemKind.error('SERVING_TWO_STACKS', 'Two monitoring stacks in one scope', 'Which of them watches a service would depend on their order; both would scrape it, and sums would be doubled.');
const NO_CHART = ProblemKind.error('SERVING_STACK_OUTSIDE_OF_CHART', 'A monitoring stack outside of any chart with a namespace', 'Its objects are written by a chart, and services must know where it is.');
const STACK_TWICE = ProblemKind.error('SERVING_STACK_TWICE', 'Two monitoring stacks of one name in one namespace', 'The second to be applied would overwrite the first, and with it who is watched.');
const BAD_NAME = ProblemKind.error('SERVING_STACK_NAME', 'The name of a monitoring stack can not be one of Kubernetes objects', 'Its Services must begin with a letter; pods of a StatefulSet whose name is too long are never made, and nobody would be told of any alert.');
const SOURCE_TWICE = ProblemKind.error('SERVING_METRICS_SOURCE_TWICE', 'Two sources of metrics have one name', 'One of the two would never be scraped, and what it alone tells of would be missing.');
const OPERATOR = ProblemKind.error('SERVING_METRICS_OPERATOR_MISSING', 'The operator of a monitoring stack does not run', 'The objects would be stored and nobody would act on them.');

/** Properties of a MonitoringStack. */
export interface MonitoringStackProps {
  /**
   * What stores metrics, evaluates rules and sends alerts: installed, or there already. This line changes between Prometheus and VictoriaMetrics.
   * @default MetricsBackend.prometheusOperator()
   */
  readonly metrics?: MetricsBackend;
  /**
   * Who is told of alerts. Without it, alerts are seen and nobody is told.
   * @default - nobody
   */
  readonly alerting?: Alerting;
  /**
   * Where dashboards are shown.
   * @default - Grafana.sidecar(); with the stack's store as a data source (label `grafana_datasource`) where the store is installed
   */
  readonly grafana?: Grafana;
  /**
   * What else is scraped: who tells of pods, GPUs, releases. What is joined scrapes them already.
   * @default - nothing else
   */
  readonly sources?: MetricsSource[];
  /**
   * The cluster.
   * @default - that of the nearest engine
   */
  readonly cluster?: Cluster;
  /**
   * Name of the stack's objects: a DNS label of at most 36 characters that begins with a letter.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * Alerts with another severity or patience, or left out.
   * @default - as they are
   */
  readonly tuning?: AlertTuning[];
  /**
   * What services cost while they run.
   * @default - not told
   */
  readonly cost?: Cost;
  /**
   * What the services of each team may cost, by the team's name. Needs `cost`.
   * @default - none; services have budgets of their own
   */
  readonly budgets?: { [team: string]: CostBudget };
  /**
   * Where the pages of alerts are: `<url>/<alert>.md`.
   * @default - the library's own
   */
  readonly runbooksUrl?: string;
}

/**
 * The longest name that is made of it is that of a StatefulSet, `vmalertmanager-<name>`: its pods carry it with a dash and a hash of 10 in a label,
 * which holds 63. Source: https://github.com/kubernetes/kubernetes/issues/64023
 */
const NAME = /^[a-z]([-a-z0-9]{0,34}[a-z0-9])?$/;
const NAME_ALLOWED = 'a DNS label of at most 36 characters that begins with a letter';

const SHAPE: Shape<MonitoringStackProps> = {
  alerting: is.instance(Alerting, 'Alerting.of({ fallback: { critical: [...] } })'), grafana: is.instance(Grafana, 'Grafana.sidecar()'), cluster: is.instance(Cluster, "Cluster.of({ version: '1.34' })"),
  sources: is.list(is.instance(MetricsSource, "MetricsSource.kubeStateMetrics({ namespace: 'kube-system' })")),
  cost: is.instance(Cost, 'Cost.prices()'), budgets: is.map(is.instance(CostBudget, 'CostBudget.monthly(1000)'), { pattern: /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, allowed: 'the name of a team' }),
  metrics: is.instance(MetricsBackend, 'MetricsBackend.prometheusOperator()'), name: is.text(NAME_ALLOWED, NAME), tuning: is.list(is.instance(AlertTuning, "AlertTuning.off('InferenceServiceGpuIdle')")),
  runbooksUrl: is.text('a URL without user or password', /^https?:\/\/(?![^/]*@)[^\s"'{}]+$/),
};

/** The stacks of a tree in their order, by cluster, namespace and name. */
const STACKS = new WeakMap<IConstruct, Map<string, MonitoringStack>>();

/** A stack, as services refer to it. */
export interface IMonitoringStack extends IConstruct {
  /** What stores metrics, evaluates rules and sends alerts. */
  readonly metrics: MetricsBackend;
  /** Where metrics are asked for, within the cluster. */
  readonly metricsUrl: string;
  /** How it tells what services cost, if it does. */
  readonly cost?: Cost;
}

/**
 * Watches the services below its scope: scrapes them, gives what they expose one vocabulary, alerts, and shows it.
 *
 * Services find the nearest stack by themselves; it has to be made before them. Those of other charts get it by `monitoring` of their engine. What watches a service lies beside it, as its children `Scrape`
 * and `Rules`; what is installed lies in the stack's own namespace, and dashboards in a chart of their own, `Dashboards`.
 */
export class MonitoringStack extends Construct implements IMonitoringStack {
  /**
   * The nearest stack: in the scope itself, or in one above it.
   * @param scope where a service is.
   * @returns undefined where there is none; services are then not watched.
   */
  public static of(scope: IConstruct): MonitoringStack | undefined {
    return nearest(scope, (construct) => construct instanceof MonitoringStack);
  }

  /** @internal The first stack of the tree that a construct is in, wherever it is. */
  public static _anywhere(scope: IConstruct): MonitoringStack | undefined {
    return STACKS.get(scope.node.root)?.values().next().value;
  }

  public readonly metrics: MetricsBackend;
  public readonly metricsUrl: string;
  public readonly cost?: Cost;
  /** Name of the stack's objects. */
  public readonly name: string;
  private readonly request: StackRequest;
  private readonly findings: Finding[];
  private readonly services = new Map<object, RuledService>();
  private readonly sorts = new Set<string>();
  /** Where pods are scraped that are no service's. */
  private readonly scraped = new Set<string>();
  private readonly made = new Set<string>();
  private rendered?: readonly RenderedObject[];
  private dashboards?: readonly RenderedObject[];

  public constructor(scope: Construct, id: string, props: MonitoringStackProps = {}) {
    super(scope, id);
    const { props: given, findings } = checkShape('MonitoringStack', SHAPE, props);
    this.findings = findings;
    this.name = given.name ?? kebab(id);
    this.cost = given.cost;
    if (!NAME.test(this.name)) findings.push(BAD_NAME.found({ what: "the construct's id gives the stack a name that can't be one", got: this.name, allowed: NAME_ALLOWED, fix: "give the stack another id, or a 'name'" }));
    this.metrics = given.metrics ?? MetricsBackend.prometheusOperator();
    const namespace = chartOf(this)?.namespace;
    if (namespace === undefined) findings.push(NO_CHART.found({ what: 'the stack is in no chart with a namespace', got: this.node.path, fix: "give the chart a 'namespace' and make the stack in it; services of other charts get it by 'monitoring' of their ServingEngine" }));
    const tuning = new Map((given.tuning ?? []).map((one) => [one.alert, one]));
    this.request = {
      name: this.name, namespace: namespace ?? 'unknown', metrics: this.metrics, cluster: given.cluster ?? ServingEngine.of(this)?.cluster ?? ServingEngine._fallback().cluster,
      alerting: given.alerting, grafana: given.grafana ?? Grafana.sidecar(this.metrics._install === undefined ? {} : { datasourceLabel: 'grafana_datasource' }), sources: given.sources ?? [], scraped: this.scraped, cost: given.cost, budgets: given.budgets ?? {}, runbooks: (given.runbooksUrl ?? RUNBOOKS).replace(/\/$/, ''), tune: (text) => tuned(text, tuning.get(text.alert)),
    };
    this.metricsUrl = storeUrl(this.request);
    findings.push(...checkRoutes(this.request), ...checkTuning(given.tuning ?? []));
    const twice = this.request.sources.find(({ name }, i, all) => all.findIndex((one) => one.name === name) < i);
    if (twice !== undefined) findings.push(SOURCE_TWICE.found({ what: `two sources are called '${twice.name}'`, got: this.request.sources.map(({ name }) => name).join(', '), fix: "give the other another name: MetricsSource.of('<name>', { namespace, labels, port })" }));
    const stacks = STACKS.get(this.node.root) ?? new Map<string, MonitoringStack>();
    STACKS.set(this.node.root, stacks);
    const place = `${clusterKey(this.request.cluster)} ${this.request.namespace}/${this.name}`;
    const same = stacks.get(place) ?? this;
    stacks.set(place, same);
    if (same !== this) findings.push(STACK_TWICE.found({ what: `'${same.node.path}' is a stack of that name in that namespace already`, got: `${this.request.namespace}/${this.name}`, fix: "give one of them another 'name', or watch all with one" }));
    const sibling = scope.node.children.find((child) => child !== this && child instanceof MonitoringStack);
    if (sibling !== undefined) findings.push(TWO_STACKS.found({ what: `'${sibling.node.path}' is a stack in the same scope`, got: this.node.path, fix: 'put the stacks into scopes (charts) of their own, or watch all with one' }));
    this.make();
    Synthesis.of(this).join(this);
  }

  /** @internal Takes a service in, and gives the objects that watch it. */
  public _watch(key: object, plain: WatchedService): RenderedObject[] {
    const service = takeIn(this.request, plain);
    this.services.set(key, service);
    this.rendered = this.dashboards = undefined;
    // which objects there are changes with the first service of a sort alone; to draw all for each of a thousand services would take its time
    const sort = [service.namespace, service.plan.server.facts.id, service.plan.accelerator?.vendor ?? '', service.plan.monitor === undefined ? '' : 'monitor', service.objectives.map((one) => one.kind).join()].join(' ');
    if (!this.sorts.has(sort)) this.make(service);
    this.sorts.add(sort);
    for (const object of serviceDashboardObjects(this.request, service)) this.put(object, () => object);
    return serviceObjects(this.request, service);
  }

  /** @internal Dashboards that are files beside the manifests. */
  public _files(): { path: string; content: string }[] {
    if (this.request.grafana.kind !== GrafanaKind.FILES) return [];
    const services = [...this.services.values()];
    return dashboardFiles(this.request.grafana, [...stackDashboards(this.request, services), ...services.flatMap((service) => serviceDashboards(this.request, service))]);
  }

  /** @internal Scrapes pods that are no service's, and gives the object that does. */
  public _scrape(namespace: string, plan: ScrapePlan): RenderedObject[] {
    this.scraped.add(namespace);
    this.make();
    return [scrapeBeside(this.request, plan)];
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    const { cluster, metrics, sources } = this.request;
    const needed = metrics.operator === MetricsOperator.PROMETHEUS ? ClusterOperator.PROMETHEUS_OPERATOR : ClusterOperator.VICTORIA_METRICS_OPERATOR;
    return [
      ...this.findings,
      ...checkStackCost(this.request, [...this.services.values()]),
      ...(cluster.runs(needed) ? [] : [OPERATOR.found({ what: `the stack's objects are those of '${needed.name}', which the cluster does not run`, got: metrics.operator, fix: "add it to the Cluster's 'operators' if it runs, else choose the MetricsBackend of the operator that does" })]),
      ...checkSources(metrics, sources, [...this.services.values()]),
      ...checkTeams(this.request.alerting, [...this.services.values()]),
    ];
  }

  /** Makes the objects that are not there yet: which there are depends on the services. Their content is asked for when they are written. */
  private make(first?: RuledService): void {
    this.rendered = this.dashboards = undefined;
    if (chartOf(this) === undefined) return;
    // what one service needs is enough for an object to be there; making all for each of a thousand services would take its time
    const services = first === undefined ? [] : [first];
    for (const object of stackObjects(this.request, services)) {
      if (this.made.has(object.id)) continue;
      this.made.add(object.id);
      addManifest(this, object.id, object, () => this.current(object.id));
    }
    for (const object of stackDashboardObjects(this.request, services)) this.put(object, () => this.currentDashboard(object.id));
  }

  /** Puts dashboards into a chart, and so a file, of their own: they are long, and a review of the manifests is to show what restarts. */
  private put(dashboard: RenderedObject, current: () => Manifest | undefined): void {
    const own = chartOf(this);
    if (own === undefined) return;
    const chart = (this.node.tryFindChild('Dashboards') as Chart | undefined) ?? new Chart(this, 'Dashboards', { namespace: this.request.namespace, labels: own.labels });
    if (chart.node.tryFindChild(dashboard.id) === undefined) addManifest(chart, dashboard.id, dashboard, current);
  }

  private currentDashboard(id: string): Manifest | undefined {
    this.dashboards ??= stackDashboardObjects(this.request, [...this.services.values()]);
    return this.dashboards.find((one) => one.id === id);
  }

  private current(id: string): Manifest | undefined {
    this.rendered ??= stackObjects(this.request, [...this.services.values()]);
    return this.rendered.find((one) => one.id === id);
  }
}

function tuned(text: AlertText, tuning: AlertTuning | undefined): AlertText | undefined {
  if (tuning === undefined) return text;
  if (tuning.silenced) return undefined;
  const { severity, holdsFor } = tuning._props;
  return { ...text, severity: severity ?? text.severity, ...(holdsFor === undefined ? {} : { for: `${Math.ceil(secondsOf(holdsFor))}s` }) };
}
