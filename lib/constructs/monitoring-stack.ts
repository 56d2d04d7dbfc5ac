import { Construct, IConstruct } from 'constructs';
import { kebab } from '../describe/checks/names';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { AlertTuning } from '../describe/monitoring/alert-tuning';
import { MetricsBackend, MetricsOperator } from '../describe/monitoring/metrics-backend';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest, Manifest } from '../manifest/manifest';
import { RenderedObject } from '../render/ports';
import { access } from '../watch/access';
import { AlertText, RUNBOOKS } from '../watch/alerts/alert';
import { StackPlan } from '../watch/ports';
import { metricsRenderer } from '../watch/renderers';
import { watchService, WatchSettings } from '../watch/watch-service';
import { WatchedService } from '../watch/watched-service';
import { chartOf } from './chart';
import { ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

const TWO_STACKS = ProblemKind.error('SERVING_TWO_STACKS', 'Two monitoring stacks in one scope', 'Which of them watches a service would depend on their order; both would scrape it, and sums would be doubled.');
const NO_CHART = ProblemKind.error('SERVING_STACK_OUTSIDE_OF_CHART', 'A monitoring stack outside of any chart with a namespace', 'Its objects are written by a chart, and services must know where it is.');
const OPERATOR = ProblemKind.error('SERVING_METRICS_OPERATOR_MISSING', 'The operator of a monitoring stack does not run', 'The objects would be stored and nobody would act on them.');

/** Properties of a MonitoringStack. */
export interface MonitoringStackProps {
  /**
   * What stores metrics, evaluates rules and sends alerts: installed, or there already. This line changes between Prometheus and VictoriaMetrics.
   * @default MetricsBackend.prometheusOperator()
   */
  readonly metrics?: MetricsBackend;
  /**
   * Name of the stack's objects: a DNS label of at most 40 characters.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * Alerts with another severity or patience, or left out.
   * @default - as they are
   */
  readonly tuning?: AlertTuning[];
  /**
   * Where the pages of alerts are: `<url>/<alert>.md`.
   * @default - the library's own
   */
  readonly runbooksUrl?: string;
}

const SHAPE: Shape<MonitoringStackProps> = {
  metrics: is.instance(MetricsBackend, 'MetricsBackend.prometheusOperator()'), name: is.text('a DNS label of at most 40 characters', /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/), tuning: is.list(is.instance(AlertTuning, "AlertTuning.off('InferenceServiceGpuIdle')")),
  runbooksUrl: is.text('a URL', /^https?:\/\/[^\s"']+$/),
};

/** A stack, as services refer to it. */
export interface IMonitoringStack extends IConstruct {
  /** What stores metrics, evaluates rules and sends alerts. */
  readonly metrics: MetricsBackend;
  /** Where metrics are asked for, within the cluster. */
  readonly metricsUrl: string;
}

/**
 * Watches the services below its scope: scrapes them, gives what they expose one vocabulary, alerts, and shows it.
 *
 * Services find the nearest stack by themselves; it has to be made before them. What watches a service lies beside it, as its children `Scrape`
 * and `Rules`; what is installed lies in the stack's own namespace.
 */
export class MonitoringStack extends Construct implements IMonitoringStack {
  /**
   * The nearest stack: in the scope itself, or in one above it.
   * @param scope where a service is.
   * @returns undefined where there is none; services are then not watched.
   */
  public static of(scope: IConstruct): MonitoringStack | undefined {
    for (const one of scope.node.scopes.reverse()) {
      const stack = one instanceof MonitoringStack ? one : one.node.children.find((child) => child instanceof MonitoringStack);
      if (stack !== undefined) return stack as MonitoringStack;
    }
    return undefined;
  }

  public readonly metrics: MetricsBackend;
  public readonly metricsUrl: string;
  /** Name of the stack's objects. */
  public readonly name: string;
  private readonly namespace: string;
  private readonly settings: WatchSettings;
  private readonly findings: Finding[];
  private readonly services = new Map<IConstruct, WatchedService>();
  private readonly made = new Set<string>();
  private rendered: RenderedObject[] = [];

  public constructor(scope: Construct, id: string, props: MonitoringStackProps = {}) {
    super(scope, id);
    const { props: given, findings } = checkShape('MonitoringStack', SHAPE, props);
    this.findings = findings;
    this.name = given.name ?? kebab(id);
    this.metrics = given.metrics ?? MetricsBackend.prometheusOperator();
    const namespace = chartOf(this)?.namespace;
    if (namespace === undefined && this.metrics._install !== undefined) {
      findings.push(NO_CHART.found({ what: 'the stack is in no chart with a namespace', got: this.node.path, fix: "give the chart a 'namespace', and make the stack in it" }));
    }
    this.namespace = namespace ?? this.metrics._join?.namespace ?? 'unknown';
    const tuning = new Map((given.tuning ?? []).map((one) => [one.alert, one]));
    this.settings = {
      renderer: metricsRenderer(this.metrics.operator), runbooks: (given.runbooksUrl ?? RUNBOOKS).replace(/\/$/, ''),
      selection: this.metrics._join === undefined ? { 'serving.cdk8s.io/monitoring': this.name } : this.metrics._join.labels ?? {},
      tune: (text) => tuned(text, tuning.get(text.alert)),
    };
    this.metricsUrl = this.metrics._join?.url ?? this.settings.renderer.url(this.plan());
    const sibling = scope.node.children.find((child) => child !== this && child instanceof MonitoringStack);
    if (sibling !== undefined) findings.push(TWO_STACKS.found({ what: `'${sibling.node.path}' is a stack in the same scope`, got: this.node.path, fix: 'put the stacks into scopes (charts) of their own, or watch all with one' }));
    this.render();
    Synthesis.of(this).join(this);
  }

  /** @internal Takes a service in, and gives the objects that watch it. */
  public _watch(construct: IConstruct, service: WatchedService): RenderedObject[] {
    this.services.set(construct, service);
    this.render();
    return watchService(service, this.settings);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    const cluster = ServingEngine.of(this)?.cluster;
    const needed = this.metrics.operator === MetricsOperator.PROMETHEUS ? ClusterOperator.PROMETHEUS_OPERATOR : ClusterOperator.VICTORIA_METRICS_OPERATOR;
    return [
      ...this.findings,
      ...(cluster === undefined || cluster.runs(needed) ? [] : [OPERATOR.found({ what: `the stack's objects are those of '${needed.name}', which the cluster does not run`, got: this.metrics.operator, fix: "add it to the Cluster's 'operators' if it runs, else choose the MetricsBackend of the operator that does" })]),
    ];
  }

  private plan(): StackPlan {
    const { metrics, name, namespace } = this;
    const serviceAccount = metrics._install !== undefined && metrics.operator === MetricsOperator.PROMETHEUS ? { name: `${name}-prometheus`, namespace }
      : metrics._join?.serviceAccount === undefined ? undefined : { name: metrics._join.serviceAccount, namespace: metrics._join.namespace };
    const cluster = ServingEngine.of(this)?.cluster;
    return {
      name, namespace, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/component': 'monitoring', 'app.kubernetes.io/managed-by': 'cdk8s-serving' },
      selection: this.settings.selection, namespaces: [...new Set([...this.services.values()].map((service) => service.namespace))].sort(),
      scrapeSeconds: cluster?.scrapeSeconds ?? 30, install: metrics._install, keptSeconds: metrics._keptSeconds,
      externalLabels: metrics._install?.externalLabels ?? (cluster?.named === true ? { cluster: cluster.name } : {}), scraper: serviceAccount,
    };
  }

  /** Makes the objects that are not there yet; the content of all is that of the last rendering. */
  private render(): void {
    const plan = this.plan();
    this.rendered = plan.install === undefined ? access(plan) : this.settings.renderer.install(plan, plan.install);
    if (chartOf(this) === undefined) return;
    for (const object of this.rendered) {
      if (this.made.has(object.id)) continue;
      this.made.add(object.id);
      addManifest(this, object.id, object, () => this.current(object.id));
    }
  }

  private current(id: string): Manifest | undefined {
    return this.rendered.find((one) => one.id === id);
  }
}

function tuned(text: AlertText, tuning: AlertTuning | undefined): AlertText | undefined {
  if (tuning === undefined) return text;
  if (tuning.silenced) return undefined;
  const { severity, holdsFor } = tuning._props;
  return { ...text, severity: severity ?? text.severity, ...(holdsFor === undefined ? {} : { for: `${holdsFor.toSeconds()}s` }) };
}
