import { App, Chart, Duration, Size } from 'cdk8s';
import {
  AlertTuning, Alerting, Cluster, ClusterOperator, Credentials, Defaults, Grafana, InferenceService, MetricsBackend, MetricsSource, MetricsStorage, Model, ModelSource, MonitoringStack, Objective, QuietTime,
  Receiver, Scaling, SecretKey, ServingEngine, Team, TeamAlerts, Weekday,
} from 'cdk8s-serving';

const RESEARCH = Team.of('research');
const RISK = Team.of('risk', { costCenter: 'payments' });

const platform = Receiver.slack({ apiUrl: SecretKey.fromSecretName('slack', 'url'), channel: '#ml-platform' });
const alerting = Alerting.of({
  fallback: { critical: [platform], warning: [platform] },
  teams: [TeamAlerts.of(RISK, {
    critical: [Receiver.pagerDuty({ routingKey: SecretKey.fromSecretName('risk-pagerduty', 'routing-key') })],
    warning: [Receiver.slack({ apiUrl: SecretKey.fromSecretName('slack', 'url'), channel: '#risk-models' })],
  })],
  quietTimes: [QuietTime.weekly('weekends', { weekdays: [Weekday.SATURDAY, Weekday.SUNDAY] })],
});

/** The same two services on a cluster, watched. */
function scoring(app: App, cluster: string, operator: ClusterOperator, metrics: MetricsBackend): void {
  const chart = new Chart(app, cluster, { namespace: 'scoring' });
  new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ name: cluster, version: '1.34', operators: [operator, ClusterOperator.METRICS_SERVER] }), defaults: Defaults.of('2026.11') });

  // before the services: they find it by themselves
  new MonitoringStack(chart, 'Watch', {
    metrics, alerting,
    grafana: Grafana.install({ adminSecretName: 'grafana-admin', url: 'https://grafana.example.com' }),
    sources: [MetricsSource.kubeStateMetrics({ namespace: 'kube-system' }), MetricsSource.kubelet()],
    tuning: [AlertTuning.of('InferenceServiceAtMaxCopies', { holdsFor: Duration.minutes(30) })],
  });

  const minio = Credentials.fromSecretName('minio');
  const from = (path: string): ModelSource => ModelSource.s3(`s3://models/${path}`, { endpoint: 'http://minio.storage:9000', credentials: minio });
  new InferenceService(chart, 'Iris', {
    model: Model.sklearn({ source: from('iris/v1'), version: 'v1' }), owner: RESEARCH,
    objectives: [Objective.availability(99)],
  });
  new InferenceService(chart, 'Fraud', {
    model: Model.xgboost({ source: from('fraud/v7'), version: 'v7', size: Size.mebibytes(300) }), owner: RISK,
    scaling: Scaling.onCpu({ min: 2, max: 6 }),
    objectives: [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })],
  });
}

const kept = { storage: MetricsStorage.claim({ size: Size.gibibytes(50) }), retention: Duration.days(35) };

const app = new App();
// what differs between the clusters is this one line of each
scoring(app, 'eu-1', ClusterOperator.PROMETHEUS_OPERATOR, MetricsBackend.prometheusOperator(kept));
scoring(app, 'eu-2', ClusterOperator.VICTORIA_METRICS_OPERATOR, MetricsBackend.victoriaMetrics(kept));
app.synth();
