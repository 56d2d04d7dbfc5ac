import { Chart, Size } from 'cdk8s';
import { Accelerator, Cluster, ClusterOperator, Credentials, EngineBackend, GpuPool, InferenceServer, InferenceServerPool, InferenceService, IServingEngine, Model, ModelSource, PoolLoading, Scaling, SeldonServers, ServingEngine } from 'cdk8s-serving';
import { ExampleTheme, Objects, seldonV2 } from './example';

const source = ModelSource.gcs('gs://models/iris/v1');
const model = Model.sklearn({ source });

/** An engine that puts models elsewhere than on whichever server there is. */
function engine(chart: Chart, servers: SeldonServers): IServingEngine {
  const operators = [ClusterOperator.SELDON_CORE_V2, ClusterOperator.METRICS_SERVER];
  return new ServingEngine(new Chart(chart, 'servers', { namespace: 'ml' }), 'Engine', { cluster: Cluster.of({ version: '1.34', operators, gpuPools: [GpuPool.gke('L4', { count: 4, spare: 1 })] }), backend: EngineBackend.seldonCoreV2({ servers }) });
}

const spec = (objects: Objects): any => objects.one('Model').spec;

export const SELDON_V2: ExampleTheme = {
  title: 'Models, servers and pipelines of Seldon Core v2',
  examples: [
    {
      shows: 'Models of several formats on servers that are there',
      links: [seldonV2('samples/models/sklearn1.yaml'), seldonV2('samples/models/income-xgb.yaml'), seldonV2('samples/models/income-lgb.yaml'), seldonV2('samples/models/wine-mlflow.yaml'), seldonV2('docs-gb/examples/model-zoo.md'), seldonV2('docs-gb/examples/k8s-examples.md')],
      say: '`Model.sklearn`, `Model.xgboost`, `Model.lightgbm`, `Model.mlflow`',
      program: (chart) => {
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source }) });
        new InferenceService(chart, 'Income', { model: Model.xgboost({ source }) });
        new InferenceService(chart, 'Churn', { model: Model.lightgbm({ source }) });
        new InferenceService(chart, 'Wine', { model: Model.mlflow({ source }) });
      },
      look: (objects) => objects.of('Model').map((one) => one.spec.requirements[0]), finds: ['sklearn', 'xgboost', 'lightgbm', 'mlflow'],
    },
    {
      shows: 'Credentials of a store',
      links: [seldonV2('samples/models/sklearn-iris-minio.yaml'), seldonV2('samples/auth/minio-secret.yaml'), seldonV2('docs-gb/kubernetes/storage-secrets.md')],
      say: "`Credentials.fromSecretName('minio-secret')`, a Secret in rclone's form",
      program: (chart) => new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { credentials: Credentials.fromSecretName('minio-secret') }) }) }),
      look: (objects) => spec(objects).secretName, finds: 'minio-secret',
    },
    {
      shows: 'A model on a server of a name; a server of your own image, with GPUs, on nodes of their own',
      links: [seldonV2('samples/models/iris-custom-server.yaml'), seldonV2('samples/servers/custom-mlserver.yaml'), seldonV2('samples/servers/triton-gpu.yaml'), seldonV2('docs-gb/servers/example-serving-models-on-dedicated-gpu-nodes.md'), seldonV2('docs-gb/examples/custom-servers.md')],
      say: "`SeldonServers.shared({ server: 'mlserver-134' })`; `SeldonServers.dedicated()` with `accelerator` and what else pods have",
      program: (chart) => {
        new InferenceService(chart, 'Iris', { model, engine: engine(chart, SeldonServers.shared({ server: 'mlserver-134' })) });
        const own = engine(new Chart(chart, 'own'), SeldonServers.dedicated());
        new InferenceService(chart, 'Detector', { engine: own, model: Model.onnx({ source, size: Size.mebibytes(100) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) });
      },
      look: (objects) => [spec(objects).server, JSON.stringify(objects.one('Server').spec.podSpec).includes('nvidia.com/gpu')], finds: ['mlserver-134', true],
    },
    {
      shows: 'Many models on one server, which come and go while it runs',
      links: [seldonV2('docs-gb/models/mms.md'), seldonV2('docs-gb/examples/local-overcommit-examples.md')],
      say: '`InferenceServerPool` with `loading: PoolLoading.WHILE_RUNNING`; services of their own on servers that they share, without it',
      program: (chart) => {
        new InferenceServerPool(chart, 'Tabular', { loading: PoolLoading.WHILE_RUNNING, models: ['a', 'b', 'c'].map((name) => Model.sklearn({ name, source, size: Size.mebibytes(20) })) });
      },
      look: (objects) => [objects.of('Server').length, objects.of('Model').map((one) => one.spec.server)], finds: [1, ['tabular', 'tabular', 'tabular']],
    },
    {
      shows: 'Memory of a model, which decides what fits on a server',
      links: [seldonV2('samples/models/tfsimple_scaling.yaml'), seldonV2('docs-gb/examples/local-overcommit-examples.md')],
      say: '`size` of the model',
      program: (chart) => {
        const size = Size.mebibytes(20);
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source, size }) });
      },
      look: (objects) => spec(objects).memory, finds: '30Mi',
    },
    {
      shows: 'Copies of a model that follow a metric',
      links: [seldonV2('docs-gb/scaling/model-hpa-autoscaling.md'), seldonV2('docs-gb/scaling/single-model-serving-hpa.md')],
      say: "`Scaling.onRequestRate({ min, max, targetPerReplica })`, by KEDA on the `Model`",
      program: (chart) => {
        const [min, max, targetPerReplica] = [1, 3, 3];
        new InferenceService(chart, 'Iris', { model, scaling: Scaling.onRequestRate({ min, max, targetPerReplica }) });
      },
      look: (objects) => objects.one('ScaledObject').spec.scaleTargetRef.kind, finds: 'Model',
    },
    {
      shows: 'One of several versions in one folder (`artifactVersion`); parameters of a model (`parameters`)',
      links: [seldonV2('docs-gb/examples/multi-version.md'), seldonV2('samples/models/choice1.yaml'), seldonV2('docs-gb/models/parameterized-models/pandasquery.md')],
      reason: 'a version is an address that never changes, and settings of a model lie beside its files on every engine',
      instead: 'a folder a version; `model-settings.json` in it',
    },
    {
      shows: 'Pipelines: chains with renamed tensors, joins, triggers, conditions, cycles, steps of other pipelines',
      links: [seldonV2('docs-gb/examples/pipeline-examples.md'), seldonV2('samples/pipelines/tfsimples-join.yaml'), seldonV2('samples/pipelines/conditional.yaml'), seldonV2('samples/pipelines/trigger-joins.yaml'), seldonV2('docs-gb/examples/pipeline-cyclic.md'), seldonV2('docs-gb/examples/pipeline-to-pipeline.md'), seldonV2('docs-gb/examples/pandasquery.md'), seldonV2('docs-gb/examples/speech-to-sentiment.md')],
      reason: '`Pipeline` is not written: its data flow over Kafka, with tensors that are mapped and joined by name, has no like on the other engines',
      instead: 'an `InferenceGraph` where one service after another, a choice by the request, or all at once is meant: KServe\'s router asks the Models; else an `ApiObject` of kind Pipeline that names the services',
    },
    {
      shows: 'An experiment over pipelines',
      links: [seldonV2('samples/experiments/addmul10.yaml'), seldonV2('samples/experiments/addmul10-mirror.yaml')],
      reason: 'pipelines are not written', instead: "`GraphNode.splitter` over two graphs; of two versions of one model a [rollout](rollout.md)",
    },
    {
      shows: 'Explainers and detectors as Models',
      links: [seldonV2('samples/models/income-explainer.yaml'), seldonV2('docs-gb/examples/explainer-examples.md'), seldonV2('samples/models/income-drift.yaml'), seldonV2('docs-gb/drift.md')],
      reason: "Models of these kinds are not written",
      instead: '`explainer` and `detectors` in pods of their own, [as on plain Kubernetes](around-a-service.md), on engines that take them',
    },
  ],
};
