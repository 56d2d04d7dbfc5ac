import { App, Chart, Size } from 'cdk8s';
import {
  Cluster, ClusterOperator, Credentials, Defaults, EngineBackend, Exposure, GraphCondition, GraphNode, GraphRunner, GraphStep, InferenceGraph, InferenceProtocol, InferenceServerPool, InferenceService,
  Model, ModelSource, Problems, Scaling, SeldonServers, ServingEngine, Team,
} from 'cdk8s-serving';

const app = new App();
const credentials = Credentials.fromSecretName('premium-models');
const source = (path: string): ModelSource => ModelSource.s3(`s3://models-eu/${path}`, { credentials });

/** A model for each of three countries, small ones. */
const COUNTRIES = {
  de: Model.sklearn({ name: 'premium-de', source: source('premium-de/v12'), version: 'v12', size: Size.mebibytes(20) }),
  fr: Model.xgboost({ name: 'premium-fr', source: source('premium-fr/v3'), version: 'v3', size: Size.mebibytes(60) }),
  it: Model.lightgbm({ name: 'premium-it', source: source('premium-it/v7'), version: 'v7', size: Size.mebibytes(45) }),
};

/** And a large one for all others. */
const OTHERS = Model.xgboost({ source: source('premium/v40'), version: 'v40', size: Size.mebibytes(300) });

function chartOf(cluster: string, operators: ClusterOperator[], backend: EngineBackend): Chart {
  const chart = new Chart(app, cluster, { namespace: 'premiums' });
  new ServingEngine(chart, 'Engine', {
    cluster: Cluster.of({ name: cluster, version: '1.34', operators: [...operators, ClusterOperator.METRICS_SERVER], gateway: { name: 'public', namespace: 'gateways' } }),
    backend, defaults: Defaults.of('2026.11'), owner: Team.of('pricing'),
  });
  return chart;
}

/** One address for all: a field of the request says whose model answers. */
function premiums(chart: Chart, urlOf: (modelName: string) => string, others: InferenceService): void {
  const step = (country: string): GraphStep => GraphStep.url(urlOf(`premium-${country}`), { name: country, condition: GraphCondition.hasText('parameters.country', country) });
  new InferenceGraph(chart, 'Premiums', {
    root: GraphNode.switch(Object.keys(COUNTRIES).map(step), { otherwise: GraphStep.service(others) }),
    runBy: GraphRunner.ROUTER, // on KServe as well: the pods of its own graphs are refused where Pod Security 'restricted' is enforced
    exposure: Exposure.gateway({ hosts: ['premiums.example.com'] }),
  });
}

/** None of the small models keeps pods of its own busy: one server has them all, and the large one scales by itself. */
function pooled(chart: Chart): void {
  const pool = new InferenceServerPool(chart, 'Countries', { models: Object.values(COUNTRIES), scaling: Scaling.onCpu({ min: 2, max: 8 }) });
  const others = new InferenceService(chart, 'Premium', { model: OTHERS, scaling: Scaling.onCpu({ min: 3, max: 20 }) });
  premiums(chart, (model) => pool.endpoint(InferenceProtocol.V2_REST, model)!.url, others);
}

/** Seldon Core v2 puts models on servers by itself: each is a service, and none has pods of its own. */
function shared(chart: Chart): void {
  const services = Object.values(COUNTRIES).map((model) => new InferenceService(chart, model.name!, { model, scaling: Scaling.fixed(2) }));
  const others = new InferenceService(chart, 'Premium', { model: OTHERS, scaling: Scaling.fixed(3) });
  Problems.acknowledge(chart, 'SERVING_SELDON_SECRET_FORM', 'the Secret of this cluster is a remote of rclone');
  premiums(chart, (model) => services.find(({ name }) => name === model)!.endpoint(InferenceProtocol.V2_REST)!.url, others);
}

pooled(chartOf('on-kubernetes', [], EngineBackend.kubernetes()));
pooled(chartOf('on-kserve', [ClusterOperator.KSERVE], EngineBackend.kserve()));
shared(chartOf('on-seldon-core-v2', [ClusterOperator.SELDON_CORE_V2], EngineBackend.seldonCoreV2({ servers: SeldonServers.shared({ replicas: 4, memory: Size.gibibytes(4) }) })));
app.synth();
