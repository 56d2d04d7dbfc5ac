import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Size } from 'cdk8s';
import { Candidate, Cluster, Defaults, Exposure, InferenceService, Model, ModelSource, Problems, Rollout, Scaling, ServingEngine, Team } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'shadow', { namespace: 'search' });

// no rollout controller: a Gateway is all that a shadow takes
new ServingEngine(chart, 'Engine', {
  cluster: Cluster.of({ name: 'eu-1', version: '1.34', gateway: { name: 'public', namespace: 'gateway' } }),
  defaults: Defaults.of('2026.11'),
  owner: Team.of('search'),
});

const ranker = new InferenceService(chart, 'Ranker', {
  model: Model.lightgbm({ source: ModelSource.s3('s3://models-eu/ranker/v12'), version: 'v12', size: Size.mebibytes(300) }),
  scaling: Scaling.fixed(4),
  exposure: Exposure.gateway({ hosts: ['ranker.example.com'] }),
  rollout: Rollout.shadow({ percent: 25 }),
  // does it carry the load? It gets a copy of every fourth request, and nobody sees what it answers
  candidate: Candidate.of({
    model: Model.lightgbm({ source: ModelSource.s3('s3://models-eu/ranker/v13'), version: 'v13', size: Size.mebibytes(900) }),
    replicas: 1,
  }),
});
Problems.acknowledge(ranker, 'SERVING_ROLLOUT_WITHOUT_VERDICT', 'the team compares both versions on its dashboard, and asks nobody else');

app.synth();

// how a release goes, for the team's runbook
writeFileSync(join(app.outdir, 'release.md'), ranker.explainRelease()!.toMarkdown());
