import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, Namespaces } from 'cdk8s-plus-28';
import {
  Batching, CloudIdentity, Cluster, ClusterOperator, Credentials, Defaults, Exposure, InferenceService, Model, ModelSource, Scaling, ServingEngine, Team,
} from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });

new ServingEngine(chart, 'Engine', {
  cluster: Cluster.of({
    name: 'eu-1', version: '1.34',
    gateway: { name: 'public', namespace: 'gateway' },
    operators: [ClusterOperator.METRICS_SERVER, ClusterOperator.PROMETHEUS_OPERATOR],
    metricsUrl: 'http://prometheus.monitoring:9090',
  }),
  defaults: Defaults.of('2026.11'),
  owner: Team.of('risk', { costCenter: 'payments' }),
});

const reader = CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/fraud-model-reader');

const fraud = new InferenceService(chart, 'Fraud', {
  model: Model.xgboost({
    source: ModelSource.s3('s3://models-eu/fraud/v7', { region: 'eu-central-1', credentials: Credentials.workloadIdentity('fraud-reader', { identity: reader }) }),
    size: Size.mebibytes(300),
  }),
  // transactions come in bursts: requests that arrive within two milliseconds are scored together
  batching: Batching.of({ maxBatchSize: 64, maxLatency: Duration.millis(2) }),
  cpu: Cpu.units(2),
  scaling: Scaling.onCpu({ min: 4, max: 40, targetPercent: 60 }),
  requestTimeout: Duration.seconds(5),
  exposure: Exposure.gateway({ hosts: ['fraud.example.com'], grpcHosts: ['fraud-grpc.example.com'] }),
});

fraud.grantInvoke(Namespaces.select(chart, 'Checkout', { names: ['checkout'] }));

app.synth();
