import { Chart, Size } from 'cdk8s';
import { Accelerator, AlibiExplainer, Cluster, ClusterOperator, Credentials, Detector, EngineBackend, Explainer, GpuPool, GraphData, GraphNode, GraphStep, InferenceGraph, InferenceServer, InferenceServerPool, InferenceService, IServingEngine, Model, ModelSource, PoolLoading, Scaling, SeldonServer, SeldonServerConfig, SeldonServers, ServingEngine } from 'cdk8s-serving';
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
      shows: 'Servers that models share: copies, bounds, capabilities of their own',
      links: [seldonV2('samples/servers/mlserver1.yaml'), seldonV2('samples/servers/mlserver-extra-capabilities.yaml'), seldonV2('docs-gb/kubernetes/resources/server.md'), seldonV2('docs-gb/scaling/core-autoscaling-servers.md')],
      say: "`SeldonServer`, with `replicas`, `minReplicas`, `maxReplicas` and `extraCapabilities`",
      program: (chart) => {
        const { name } = new SeldonServer(chart, 'Tabular', { replicas: 3, minReplicas: 2, maxReplicas: 6, extraCapabilities: ['income'] });
        new InferenceService(chart, 'Iris', { model, engine: engine(chart, SeldonServers.shared({ server: name, replicas: 3 })) });
      },
      look: (objects) => [objects.one('Server').spec.maxReplicas, objects.one('Server').spec.extraCapabilities, spec(objects).server], finds: [6, ['income'], 'tabular'],
    },
    {
      shows: 'What servers are made from: image, arguments, memory, volume',
      links: [seldonV2('operator/config/serverconfigs/mlserver.yaml'), seldonV2('operator/config/serverconfigs/triton.yaml'), seldonV2('docs-gb/kubernetes/resources/serverconfig.md')],
      say: '`SeldonServerConfig`; what a project adds to the pod besides, by a patch',
      program: (chart) => {
        const [memory, modelVolume] = [Size.gibibytes(16), Size.gibibytes(40)];
        new SeldonServerConfig(chart, 'Large', { server: InferenceServer.triton({ extraArguments: ['--log-info=true'] }), memory, modelVolume });
      },
      look: (objects) => objects.one('ServerConfig').spec.volumeClaimTemplates[0].spec.resources.requests.storage, finds: '40Gi',
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
      shows: 'Pipelines: chains, joins, triggers, conditions',
      links: [seldonV2('docs-gb/examples/pipeline-examples.md'), seldonV2('samples/pipelines/tfsimples-join.yaml'), seldonV2('samples/pipelines/conditional.yaml'), seldonV2('samples/pipelines/trigger-joins.yaml'), seldonV2('docs-gb/examples/speech-to-sentiment.md')],
      say: 'an `InferenceGraph` over services: `GraphNode.sequence`, and the other nodes likewise. Tensors of other names are mapped by a patch of the Pipeline, as [its page](inference-graphs.md#on-seldon-core-v2) has it',
      program: (chart) => {
        const [speech, text] = ['Speech', 'Text'].map((id) => GraphStep.service(new InferenceService(chart, id, { model }), { data: id === 'Text' ? GraphData.RESPONSE : GraphData.REQUEST }));
        new InferenceGraph(chart, 'Sentiment', { root: GraphNode.sequence([speech!, text!]) });
      },
      look: (objects) => [objects.one('Pipeline').spec.steps, objects.one('Pipeline').spec.output.steps], finds: [[{ name: 'speech' }, { name: 'text', inputs: ['speech'] }], ['text']],
    },
    {
      shows: 'Pipelines with cycles, or with steps of other pipelines; mirrors of pipelines',
      links: [seldonV2('docs-gb/examples/pipeline-cyclic.md'), seldonV2('docs-gb/examples/pipeline-to-pipeline.md'), seldonV2('docs-gb/examples/pandasquery.md'), seldonV2('samples/experiments/addmul10-mirror.yaml')],
      reason: 'a graph is the same on every engine, and no other has data that goes round, or flows from one graph into another past its answer',
      instead: '`GraphStep.node`, which takes the nodes of another graph; else an `ApiObject` of kind Pipeline or Experiment that names the services',
    },
    {
      shows: 'An experiment over pipelines',
      links: [seldonV2('samples/experiments/addmul10.yaml')],
      say: '`GraphNode.splitter` over other graphs: `GraphStep.service` takes an `InferenceGraph`',
      program: (chart) => {
        const over = (id: string): GraphStep => GraphStep.service(new InferenceGraph(chart, `Pipeline${id}`, { root: GraphNode.sequence([GraphStep.service(new InferenceService(chart, id, { model }))]) }), { weight: 50 });
        new InferenceGraph(chart, 'Split', { root: GraphNode.splitter([over('Add'), over('Mul')]) });
      },
      look: (objects) => objects.one('Experiment').spec, finds: { resourceType: 'pipeline', candidates: [{ name: 'pipeline-add', weight: 50 }, { name: 'pipeline-mul', weight: 50 }] },
    },
    {
      shows: 'Explainers of a model, and of a Pipeline',
      links: [seldonV2('samples/models/income-explainer.yaml'), seldonV2('samples/models/income-explainer-pipeline.yaml'), seldonV2('samples/models/moviesentiment-explainer.yaml'), seldonV2('docs-gb/examples/explainer-examples.md'), seldonV2('docs-gb/explainers.md')],
      say: '`explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source })`; where `detectors` make a Pipeline of the service, that is explained. A Pipeline that is an `InferenceGraph` has no explainer',
      program: (chart) => {
        const explainer = Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source });
        new InferenceService(chart, 'Income', { model, explainer });
        new InferenceService(chart, 'Watched', { model, explainer, detectors: [Detector.outlier({ source })] });
      },
      look: (objects) => objects.of('Model').flatMap((one) => (one.spec.explainer === undefined ? [] : [one.spec.explainer])), finds: [{ type: 'anchor_tabular', modelRef: 'income' }, { type: 'anchor_tabular', pipelineRef: 'watched' }],
    },
    {
      shows: 'Outlier and drift detectors as Models, as steps of a Pipeline beside its answer',
      links: [seldonV2('samples/models/cifar10-outlier-detect.yaml'), seldonV2('samples/models/cifar10-drift-detect.yaml'), seldonV2('samples/models/income-drift.yaml'), seldonV2('samples/pipelines/iris-async-drift.yaml'), seldonV2('docs-gb/drift.md'), seldonV2('docs-gb/outlier.md')],
      say: '`detectors: [Detector.outlier({ source }), Detector.drift({ source, batchSize: 20 })]`; on servers of their own they are sent copies, without a Pipeline',
      program: (chart) => new InferenceService(chart, 'Cifar10', { model, detectors: [Detector.outlier({ source }), Detector.drift({ source, batchSize: 20 })] }),
      look: (objects) => [objects.one('Pipeline').spec.steps, objects.one('Pipeline').spec.output.steps], finds: [[{ name: 'cifar10' }, { name: 'cifar10-outlier' }, { name: 'cifar10-drift', batch: { size: 20 } }], ['cifar10']],
    },
  ],
};
