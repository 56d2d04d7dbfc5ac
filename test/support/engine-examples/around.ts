import { Duration, Size } from 'cdk8s';
import { AlibiExplainer, Batching, Detector, Explainer, GraphNode, GraphStep, InferenceGraph, InferenceProtocol, InferenceServer, InferenceService, Model, ModelSource, Transformer } from 'cdk8s-serving';
import { ExampleTheme, graphNodes, kserve, Objects, seldonV1, seldonV2 } from './example';

const source = ModelSource.s3('s3://models/iris/v1');
const model = Model.sklearn({ source });
const images = (objects: Objects): string[] => [...objects.pods, ...objects.of('Deployment').map((one) => one.spec.template.spec)].flatMap(({ containers }) => containers.map(({ image }: any) => image));
const services = (objects: Objects): string[] => objects.of('Service').map(({ metadata }) => metadata.name);

export const AROUND: ExampleTheme = {
  title: 'Around a model',
  examples: [
    {
      shows: "Code before and after the model, with KServe's SDK: images, features of Feast, tokens; also by gRPC",
      links: [kserve('v1beta1/transformer/torchserve_image_transformer/transformer.yaml'), kserve('v1beta1/triton/torchscript/torch_transformer.yaml'), kserve('v1beta1/triton/bert/bert_v1beta1.yaml'), kserve('v1beta1/transformer/feast/driver_transformer.yaml'), kserve('v1beta1/transformer/auth-forwarding.md')],
      say: '`transformer: Transformer.kserve({ image, args })`; it is asked at the address of the service. Which headers it hands on is its own code',
      program: (chart) => {
        const [image, args] = ['docker.io/kserve/image-transformer:v0.20.0', ['--feature_refs', 'driver_hourly_stats:conv_rate']];
        new InferenceService(chart, 'Mnist', { model, transformer: Transformer.kserve({ image, args }) });
      },
      look: (objects) => [images(objects).includes('docker.io/kserve/image-transformer:v0.20.0'), objects.of('Service').find(({ metadata }) => metadata.name === 'mnist').spec.selector['app.kubernetes.io/component']], finds: [true, 'transformer'],
    },
    {
      shows: "Code before and after the model in the model's own pods",
      links: [kserve('v1beta1/transformer/collocation/collocation.yaml'), seldonV1('examples/graph_examples/tin-model-tout.yaml')],
      say: '`Transformer.collocated({ server })`',
      program: (chart) => {
        const server = InferenceServer.container({ image: 'registry.example.com/ml/image-transformer:1.0', httpPort: 8090, protocols: [InferenceProtocol.V2_REST], readinessPath: '/v2/health/ready' });
        new InferenceService(chart, 'Mnist', { model, transformer: Transformer.collocated({ server }) });
      },
      look: ({ pods }) => [pods.length, pods[0].containers.some(({ image }: any) => image === 'registry.example.com/ml/image-transformer:1.0')], finds: [1, true],
    },
    {
      shows: 'Alibi tells why: anchors of tables, texts and images',
      links: [kserve('explanation/alibi/income/income.yaml'), kserve('explanation/alibi/moviesentiment/moviesentiment.yaml'), kserve('explanation/alibi/cifar10/cifar10.yaml'), seldonV1('notebooks/explainer_examples.ipynb'), seldonV1('notebooks/explainer_examples_v2.ipynb'), seldonV1('examples/explainers/iris-explainer-poetry/iris-explainer.ipynb')],
      say: '`explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source })`, in pods of its own with an address of its own',
      program: (chart) => new InferenceService(chart, 'Income', { model, explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source }) }),
      look: (objects) => services(objects).includes('income-explainer'), finds: true,
    },
    {
      shows: 'Another explainer: AIX (LIME), ART (attacks), AIF (fairness)',
      links: [kserve('explanation/aix/mnist/aix-explainer.yaml'), kserve('explanation/art/mnist/art.yaml'), kserve('explanation/aif/germancredit/bias.yaml')],
      say: '`Explainer.container({ server: InferenceServer.container({ image, args }) })`',
      program: (chart) => {
        const [image, args] = ['docker.io/kserve/aix-explainer:v0.10.1', ['--explainer_type', 'LimeImages']];
        new InferenceService(chart, 'Digits', { model, explainer: Explainer.container({ server: InferenceServer.container({ image, args, predictPath: '/v1/models/{name}:explain' }) }) });
      },
      look: (objects) => images(objects).includes('docker.io/kserve/aix-explainer:v0.10.1'), finds: true,
    },
    {
      shows: 'Outliers and drift, looked for by Alibi Detect in copies of the requests',
      links: [kserve('outlier-detection/alibi-detect/cifar10/README.md'), kserve('drift-detection/alibi-detect/cifar10/README.md'), seldonV1('doc/source/analytics/outlier_detection.md'), seldonV1('doc/source/analytics/drift_detection.md'), seldonV1('examples/outliers/cifar10-od-poetry/cifar10-od.ipynb')],
      say: '`detectors: [Detector.outlier({ source }), Detector.drift({ source, batchSize })]`, without a broker in between',
      program: (chart) => {
        const batchSize = 200;
        new InferenceService(chart, 'Cifar', { model, detectors: [Detector.outlier({ source }), Detector.drift({ source, batchSize })] });
      },
      look: (objects) => services(objects).filter((name) => /outlier|drift/.test(name)).sort(), finds: ['cifar-drift', 'cifar-outlier'],
    },
    {
      shows: 'An outlier detector whose verdict is in the answer',
      links: [seldonV1('notebooks/resources/outlier_detector.json'), seldonV1('examples/outliers/alibi-detect-combiner/notebook.ipynb')],
      say: "an `InferenceGraph` of both, `GraphNode.ensemble([…])`: one answer with what each says. The detector is a service then, `Model.custom({ source, implementation: 'mlserver_alibi_detect.AlibiDetectRuntime' })` in `InferenceServer.mlserver({ image })`",
      program: (chart) => {
        const image = 'docker.io/seldonio/mlserver:1.7.1-alibi-detect';
        const outliers = new InferenceService(chart, 'Outliers', { model: Model.custom({ source, implementation: 'mlserver_alibi_detect.AlibiDetectRuntime' }), server: InferenceServer.mlserver({ image }) });
        new InferenceGraph(chart, 'Income', { root: GraphNode.ensemble([GraphStep.service(new InferenceService(chart, 'Model', { model })), GraphStep.service(outliers)]) });
      },
      look: (objects) => Object.values<any>(graphNodes(objects)).map(({ routerType, steps }) => [routerType, steps.map(({ serviceUrl }: any) => serviceUrl)]),
      finds: [['Ensemble', ['http://model.ml.svc.cluster.local/v2/models/model/infer', 'http://outliers.ml.svc.cluster.local/v2/models/outliers/infer']]],
    },
    {
      shows: 'An outlier detector as a step of a Pipeline, whose verdict is in the answer',
      links: [seldonV2('samples/pipelines/outlier.yaml'), seldonV2('docs-gb/examples/income.md'), seldonV2('docs-gb/examples/cifar10.md')],
      reason: 'detectors look beside the answer, so that none waits for them, and nothing joins their verdict to it',
      instead: 'an ensemble of the model and the detector ([graphs](inference-graphs.md)); or their metrics and alerts',
    },
    {
      shows: 'Requests that are answered together',
      links: [kserve('batcher/basic/README.md')],
      say: "`batching: Batching.of({ maxBatchSize, maxLatency })`, by the server itself",
      program: (chart) => {
        const [maxBatchSize, maxLatency] = [16, Duration.millis(300)];
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source, size: Size.mebibytes(20) }), batching: Batching.of({ maxBatchSize, maxLatency }) });
      },
      look: (objects) => JSON.stringify([objects.servers, objects.of('ConfigMap')]).includes('16'), finds: true,
    },
  ],
};
