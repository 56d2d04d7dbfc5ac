import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Candidate, Cluster, ClusterOperator, Credentials, Defaults, EngineBackend, Exposure, Grafana, InferenceService, MetricsBackend, MetricsSource, MetricsStorage, Model, ModelSource, MonitoringStack, Objective, Problems, Rollout, Scaling,
  SeldonServers, ServingEngine, Team,
} from 'cdk8s-serving';

const version = (name: string): Model => Model.xgboost({ source: ModelSource.s3(`s3://models-eu/fraud/${name}`, { credentials: Credentials.fromSecretName('fraud-models') }), version: name, size: Size.mebibytes(300) });

/** The service: the same on every engine. */
function fraud(chart: Chart): void {
  const service = new InferenceService(chart, 'Fraud', {
    model: version('v7'),
    scaling: Scaling.onCpu({ min: 3, max: 12 }),
    exposure: Exposure.gateway({ hosts: ['fraud.example.com'] }),
    objectives: [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })],
    // one request in ten goes to the next version
    rollout: Rollout.canary({ steps: [10, 50] }),
    candidate: Candidate.of({ model: version('v8'), percent: 10 }),
  });
  Problems.acknowledge(service, 'SERVING_ROLLOUT_WITHOUT_VERDICT', 'the team looks at the dashboard and raises the percent itself');
}

const app = new App();

/** A cluster with an engine in it, and the service on that. */
function on(name: string, backend: EngineBackend, operators: ClusterOperator[]): void {
  const chart = new Chart(app, name, { namespace: 'fraud' });
  new ServingEngine(chart, 'Engine', {
    cluster: Cluster.of({ name, version: '1.34', operators: [...operators, ClusterOperator.METRICS_SERVER, ClusterOperator.PROMETHEUS_OPERATOR], gateway: { name: 'public', namespace: 'gateways' } }),
    backend, // the line that differs
    defaults: Defaults.of('2026.11'), owner: Team.of('risk'),
  });
  new MonitoringStack(chart, 'Watch', {
    metrics: MetricsBackend.prometheusOperator({ storage: MetricsStorage.claim({ size: Size.gibibytes(50) }) }),
    sources: [MetricsSource.kubeStateMetrics({ namespace: 'kube-system' })], grafana: Grafana.sidecar(),
  });
  fraud(chart);
}

on('on-kubernetes', EngineBackend.kubernetes(), []);
on('on-kserve', EngineBackend.kserve(), [ClusterOperator.KSERVE]);
on('on-seldon-core-v1', EngineBackend.seldonCoreV1(), [ClusterOperator.SELDON_CORE_V1]);
// copies that follow CPU want pods of their own; on shared servers a service has none
on('on-seldon-core-v2', EngineBackend.seldonCoreV2({ servers: SeldonServers.dedicated() }), [ClusterOperator.SELDON_CORE_V2]);

app.synth();
