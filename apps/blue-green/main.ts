import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Duration, Size } from 'cdk8s';
import { Cluster, ClusterOperator, Defaults, Exposure, Gate, InferenceService, Model, ModelSource, Rollout, RolloutController, Scaling, ServingEngine, Team } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'blue-green', { namespace: 'pricing' });

new ServingEngine(chart, 'Engine', {
  cluster: Cluster.of({
    name: 'eu-1', version: '1.34',
    gateway: { name: 'public', namespace: 'gateway' },
    operators: [ClusterOperator.ARGO_ROLLOUTS],
    rollouts: RolloutController.argo(),
    metricsUrl: 'http://prometheus.monitoring:9090',
  }),
  defaults: Defaults.of('2026.11'),
  owner: Team.of('pricing'),
});

const pricing = new InferenceService(chart, 'Pricing', {
  model: Model.lightgbm({ source: ModelSource.gcs('gs://models/pricing/2026-11-20'), version: '2026-11-20', size: Size.mebibytes(120) }),
  scaling: Scaling.fixed(3),
  exposure: Exposure.gateway({ hosts: ['pricing.example.com'], grpcHosts: ['pricing-grpc.example.com'] }),
  // two versions must never quote two prices for one basket: all requests switch at once, after a person has looked
  rollout: Rollout.blueGreen({
    gates: [Gate.person(), Gate.errors({ maxPercent: 1 })],
    previewHosts: ['pricing-preview.example.com'],
    keepOld: Duration.minutes(15),
  }),
});

app.synth();

// how a release goes, for the team's runbook
writeFileSync(join(app.outdir, 'release.md'), pricing.explainRelease()!.toMarkdown());
