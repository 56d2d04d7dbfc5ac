import { Duration } from 'cdk8s';
import { Audience, Candidate, Cluster, Exposure, Gate, InferenceService, Model, ModelSource, Objective, Rollout, RolloutController, ServingEngine } from 'cdk8s-serving';
import { ExampleTheme, kserve, Objects, seldonV1, seldonV2 } from './example';

const model = Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1'), version: 'v1' });
const next = Model.sklearn({ source: ModelSource.s3('s3://models/iris/v2'), version: 'v2' });
const exposure = Exposure.gateway({ hosts: ['iris.example.com'] });
const weights = (objects: Objects): number[] => objects.one('Experiment')?.spec.candidates.map(({ weight }: any) => weight) ?? objects.one('HTTPRoute').spec.rules[0].backendRefs.map(({ weight }: any) => weight);
const twoVersions = ({ pods }: Objects): number => pods.length;

export const RELEASES: ExampleTheme = {
  title: 'A new version',
  examples: [
    {
      shows: 'A share of the requests for a new version; promoted; pinned to the old one',
      links: [kserve('v1beta1/rollout/canary.yaml'), kserve('v1beta1/rollout/promotion.yaml'), kserve('v1beta1/rollout/pinned.yaml'), kserve('v1beta1/tensorflow/canary.yaml'), kserve('v1beta1/torchserve/canary/README.md'), seldonV1('examples/istio/canary/istio_canary.ipynb'), seldonV1('examples/ambassador/canary/ambassador_canary.ipynb'), seldonV1('notebooks/resources/model_with_canary.json'), seldonV1('examples/models/mlflow_server_ab_test_ambassador/mlflow_server_ab_test_ambassador.ipynb'), seldonV2('samples/experiments/ab-default-model.yaml')],
      say: "`rollout: Rollout.canary({ steps })` and `candidate: Candidate.of({ model, percent })`; promoted is `model: next`, pinned `percent: 0`",
      program: (chart) => {
        const [steps, percent] = [[20], 20];
        new InferenceService(chart, 'Iris', { model, exposure, rollout: Rollout.canary({ steps }), candidate: Candidate.of({ model: next, percent }) });
        new InferenceService(chart, 'Promoted', { model: next, exposure: Exposure.gateway({ hosts: ['promoted.example.com'] }) });
        new InferenceService(chart, 'Pinned', { model, exposure: Exposure.gateway({ hosts: ['pinned.example.com'] }), rollout: Rollout.canary({ steps }), candidate: Candidate.of({ model: next, percent: 0 }) });
      },
      look: weights, finds: [80, 20],
    },
    {
      shows: 'A canary that goes on by itself as long as it keeps to objectives (Iter8)',
      links: [kserve('canary-testing/README.md'), seldonV1('examples/iter8/progressive_rollout/single_sdep/abtest.ipynb'), seldonV1('examples/iter8/progressive_rollout/separate_sdeps/abtest.ipynb')],
      say: "on plain Kubernetes: `Rollout.canary({ steps, gates: [Gate.errors(…), Gate.latency(…)] })` with `RolloutController.argo()`. No controller replaces what KServe and Seldon Core run: there a person raises `percent`",
      on: ['kubernetes'],
      program: (chart) => {
        const [steps, percent] = [[10, 50], 95];
        const engine = new ServingEngine(chart.node.scope!, 'Argo', { cluster: Cluster.of({ version: '1.34', gateway: { name: 'public', namespace: 'gateways' }, rollouts: RolloutController.argo(), metricsUrl: 'http://prometheus.monitoring:9090' }) });
        new InferenceService(chart, 'Iris', { engine, model, exposure, objectives: [Objective.availability(99.9)], rollout: Rollout.canary({ steps, gates: [Gate.errors({ maxPercent: 1 }), Gate.latency({ p: percent, below: Duration.millis(250) })] }) });
      },
      look: (objects) => objects.of('AnalysisTemplate').map(({ metadata }) => metadata.name), finds: ['iris-errors', 'iris-latency'],
    },
    {
      shows: 'A new version that is asked the same and whose answers nobody gets',
      links: [seldonV1('examples/istio/shadow/istio_shadow.ipynb'), seldonV1('examples/ambassador/shadow/ambassador_shadow.ipynb'), seldonV1('notebooks/resources/istio_shadow.yaml'), seldonV2('samples/experiments/sklearn-mirror.yaml')],
      say: '`Rollout.shadow({ percent })` with a `Candidate.of({ model })`',
      program: (chart) => {
        const percent = 100;
        new InferenceService(chart, 'Iris', { model, exposure, rollout: Rollout.shadow({ percent }), candidate: Candidate.of({ model: next }) });
      },
      look: (objects) => objects.one('Experiment')?.spec.mirror.percent === 100 || objects.one('HTTPRoute').spec.rules[0].filters?.some((one: any) => one.type === 'RequestMirror'), finds: true,
    },
    {
      shows: 'A new version for requests with a header',
      links: [seldonV1('examples/ambassador/headers/ambassador_headers.ipynb')],
      say: "`Rollout.abTest({ audience: Audience.header('location', 'london') })` with a `Candidate.of({ model })`",
      program: (chart) => new InferenceService(chart, 'Iris', { model, exposure, rollout: Rollout.abTest({ audience: Audience.header('location', 'london') }), candidate: Candidate.of({ model: next }) }),
      look: (objects) => objects.one('HTTPRoute').spec.rules.flatMap(({ matches }: any) => matches.flatMap((match: any) => match.headers ?? []))[0]?.value, finds: 'london',
    },
    {
      shows: 'One of several by chance, inside of one deployment (`RANDOM_ABTEST`)',
      links: [seldonV1('notebooks/resources/random_ab_test.json'), seldonV1('notebooks/resources/fixed_v1_2podspecs.yaml')],
      say: '`Rollout.canary` with a `Candidate.of({ model, percent: 50 })`: the route splits, with pods for each version',
      program: (chart) => new InferenceService(chart, 'Iris', { model, exposure, rollout: Rollout.canary({ steps: [50] }), candidate: Candidate.of({ model: next, percent: 50 }) }),
      look: (objects) => [twoVersions(objects), weights(objects)], finds: [2, [50, 50]],
    },
  ],
};
