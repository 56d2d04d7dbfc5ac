import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Cluster, ClusterOperator, Defaults, Exposure, Gate, InferenceService, Model, ModelSource, Objective, Problems, Rollout, RolloutController, Scaling, ServingEngine, Team,
} from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'canary', { namespace: 'scoring' });

new ServingEngine(chart, 'Engine', {
  cluster: Cluster.of({
    name: 'eu-1', version: '1.34',
    gateway: { name: 'public', namespace: 'gateway' },
    operators: [ClusterOperator.ARGO_ROLLOUTS, ClusterOperator.METRICS_SERVER],
    rollouts: RolloutController.argo(), // with its plugin for the Gateway API
    metricsUrl: 'http://prometheus.monitoring:9090',
  }),
  defaults: Defaults.of('2026.11'),
  owner: Team.of('credit'),
});

const scoring = new InferenceService(chart, 'Scoring', {
  // a new version is a change of this line
  model: Model.sklearn({ source: ModelSource.s3('s3://models-eu/scoring/v12'), version: 'v12', size: Size.mebibytes(40) }),
  scaling: Scaling.onCpu({ min: 4, max: 12 }),
  exposure: Exposure.gateway({ hosts: ['scoring.example.com'] }),
  // what the service promises over weeks; the gates below judge a release in minutes
  objectives: [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })],
  rollout: Rollout.canary({
    steps: [10, 50],
    gates: [
      Gate.goldenRequests({ file: join(__dirname, 'golden.json') }),
      Gate.errors({ maxPercent: 1 }),
      Gate.latency({ p: 95, below: Duration.millis(250) }),
    ],
  }),
});
Problems.acknowledge(scoring, 'SERVING_CANARY_PAST_THE_GATEWAY', 'all callers come through the Gateway');

app.synth();

// how a release goes, for the team's runbook
writeFileSync(join(app.outdir, 'release.md'), scoring.explainRelease()!.toMarkdown());
