import { Chart, Duration, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import {
  AlertTuning, Cluster, ClusterOperator, Cost, CostBudget, Credentials, Grafana, InferenceService, MetricsBackend, MetricsSource, MetricsStorage, Model, ModelSource, MonitoringStack, Objective, Problems, Scaling, ServingEngine, Team,
} from 'cdk8s-serving';
import { type DashboardQuery, queriesOf } from '../dashboards';
import { type FaultyOptions, faultyModel, unloadableModel } from './faulty';
import type { Manifest } from './kubectl';

/** What is asked to run, at a moment of the test. */
export interface WorldState {
  readonly fraud: FaultyOptions;
  /** Whether `shop` has a model that loads. */
  readonly shopLoads: boolean;
}

export interface WatchedWorldProps {
  readonly namespace: string;
  /** Address of the store of models, with a key in the Secret `minio`. */
  readonly endpoint: string;
}

/** Services as they are at a moment of the test, and what one backend's stack makes of them. */
export interface WatchedWorld {
  readonly manifests: Manifest[];
  readonly scrapes: Manifest[];
  /** PrometheusRules or VMRules. */
  readonly rules: Manifest[];
  readonly queries: DashboardQuery[];
}

/**
 * The services of apps/observed, small enough for the tests' node: `iris` is the real model, `fraud` fails as it is told; beside them `shop`, which may not load, and `giant`, which no node takes.
 */
export function watchedWorld(metrics: typeof MetricsBackend.prometheusOperator, state: WorldState, { namespace, endpoint }: WatchedWorldProps): WatchedWorld {
  const chart = new Chart(Testing.app(), 'test', { namespace });
  const operators = [ClusterOperator.PROMETHEUS_OPERATOR, ClusterOperator.VICTORIA_METRICS_OPERATOR, ClusterOperator.METRICS_SERVER];
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ name: 'observed', version: '1.34', operators, prices: { cpuHour: 0.04, memoryGibHour: 0.005 } }), owner: Team.of('research') });
  const stack = new MonitoringStack(chart, 'Watch', {
    metrics: metrics({ storage: MetricsStorage.claim({ size: Size.gibibytes(50) }) }), grafana: Grafana.files(),
    sources: [MetricsSource.kubeStateMetrics({ namespace }), MetricsSource.kubelet()],
    cost: Cost.prices(), budgets: { risk: CostBudget.monthly(5000) },
    // as long as they hold by themselves would be a minute of this test each
    tuning: ['InferenceServiceScrapeLost', 'InferenceServiceUnschedulable', 'InferenceServiceCrashLoop'].map((alert) => AlertTuning.of(alert, { holdsFor: Duration.minutes(1) })),
  });
  const small = { cpu: Cpu.millis(50), memory: Size.mebibytes(400), owner: Team.of('risk') };
  const iris = new InferenceService(chart, 'Iris', {
    model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { endpoint, credentials: Credentials.fromSecretName('minio') }), version: 'v1' }), cpu: small.cpu,
    scaling: Scaling.onCpu({ min: 1, max: 2 }), objectives: [Objective.availability(99), Objective.latency({ p: 95, below: Duration.seconds(1) })],
  });
  const fraud = new InferenceService(chart, 'Fraud', { ...faultyModel(state.fraud), ...small, objectives: [Objective.availability(99)], budget: CostBudget.monthly(1000) });
  const shop = new InferenceService(chart, 'Shop', { ...faultyModel({ version: 'v2' }), ...small, ...(state.shopLoads ? {} : { model: unloadableModel('v1') }) });
  const giant = new InferenceService(chart, 'Giant', { ...faultyModel({ version: 'v1' }), ...small, memory: Size.tebibytes(1) });
  for (const service of [iris, fraud, shop, giant]) Problems.acknowledge(service, 'SERVING_SINGLE_COPY', 'the node of the tests is small');
  if (!state.shopLoads) Problems.acknowledge(shop, 'SERVING_IMPLEMENTATION_CLASS', 'it is not to load');
  const manifests = Testing.synth(chart) as Manifest[];
  return {
    manifests, scrapes: manifests.filter(({ kind }) => /^(PodMonitor|ServiceMonitor|VM(Pod|Service|Node)Scrape)$/.test(kind)), rules: manifests.filter(({ kind }) => kind === 'PrometheusRule' || kind === 'VMRule'),
    queries: stack._files().flatMap(({ content }) => { const json = JSON.parse(content); return queriesOf({ title: json.title, json } as any); }),
  };
}
