import { EnvValue } from 'cdk8s-plus-28';
import { Accelerator, InferenceProtocol, InferenceServer, InferenceService, Model, ModelFormat, ModelSource, PythonCode, Scaling } from 'cdk8s-serving';
import { ExampleTheme, kserve, seldonV1 } from './example';

const source = ModelSource.s3('s3://models/iris/v1');
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const COMMIT = '9216db5781bf21249d130ec9da846c4624c16137';

export const MODELS: ExampleTheme = {
  title: 'Models and servers',
  examples: [
    {
      shows: 'A scikit-learn, XGBoost, LightGBM or MLflow model in a server that is there already',
      links: [kserve('v1beta1/sklearn/v2/README.md'), kserve('v1beta1/xgboost/README.md'), kserve('v1beta1/lightgbm/README.md'), seldonV1('doc/source/servers/sklearn.md'), seldonV1('doc/source/servers/xgboost.md'), seldonV1('doc/source/servers/mlflow.md')],
      say: '`Model.sklearn`, `Model.xgboost`, `Model.lightgbm`, `Model.mlflow`; the server is picked',
      program: (chart) => {
        new InferenceService(chart, 'Iris', { model: Model.sklearn({ source }) });
        new InferenceService(chart, 'Fraud', { model: Model.xgboost({ source }) });
        new InferenceService(chart, 'Churn', { model: Model.lightgbm({ source }) });
        new InferenceService(chart, 'Wine', { model: Model.mlflow({ source }) });
      },
      look: ({ images }) => images, finds: ['mlserver-sklearn', 'mlserver-xgboost', 'mlserver-lightgbm', 'mlserver-mlflow'],
    },
    {
      shows: 'A scikit-learn pipeline that is asked with rows of several types by the V1 protocol',
      links: [kserve('v1beta1/sklearn/v1/README.md'), kserve('v1beta1/sklearn/v1/sklearn-mixedtype-model/sklearn-mixedtype-model.ipynb')],
      say: "`InferenceServer.kserveSklearn()` with `protocol: InferenceProtocol.V1_REST`",
      program: (chart) => new InferenceService(chart, 'Iris', { model: Model.sklearn({ source }), server: InferenceServer.kserveSklearn(), protocol: InferenceProtocol.V1_REST }),
      look: (objects) => [objects.images, objects.one('InferenceService').spec.predictor.model.protocolVersion], finds: [['sklearnserver'], 'v1'],
    },
    {
      shows: 'A SavedModel in TensorFlow Serving, by REST and by gRPC, in a version that is named',
      links: [kserve('v1beta1/tensorflow/README.md'), kserve('v1beta1/tensorflow/grpc.yaml'), kserve('v1beta1/tensorflow/versioning.yaml'), seldonV1('doc/source/servers/tensorflow.md'), seldonV1('notebooks/resources/model_tfserving_grpc.yaml'), seldonV1('examples/models/tfserving-mnist/tfserving-mnist.ipynb')],
      say: "`Model.tensorflow`, `InferenceServer.tensorflowServing({ version })`, `protocol: InferenceProtocol.TENSORFLOW_GRPC`",
      program: (chart) => {
        const version = '2.19.1';
        new InferenceService(chart, 'Flowers', { model: Model.tensorflow({ source }), server: InferenceServer.tensorflowServing({ version }), protocol: InferenceProtocol.TENSORFLOW_GRPC });
      },
      look: ({ server }) => [server.image, server.ports.find((one: any) => one.name.startsWith('grpc') || one.name === 'h2c')?.containerPort], finds: ['docker.io/tensorflow/serving:2.19.1', 8500],
    },
    {
      shows: 'TorchScript, TensorRT, BERT or a Python backend in Triton, with environment and arguments',
      links: [kserve('v1beta1/triton/torchscript/torchscript.yaml'), kserve('v1beta1/triton/bert/bert_v1beta1.yaml'), kserve('v1beta1/triton/fastertransformer/README.md'), seldonV1('notebooks/triton_examples.ipynb'), seldonV1('examples/triton_gpt2/README.ipynb'), seldonV1('examples/models/tensorrt/triton_tensorrt.ipynb')],
      say: '`Model.pytorch` with `InferenceServer.triton({ extraArguments })`, `env`; `accelerator` where it needs one',
      program: (chart) => new InferenceService(chart, 'Cifar', { model: Model.pytorch({ source }), server: InferenceServer.triton({ extraArguments: ['--log-verbose=1'] }), env: { OMP_NUM_THREADS: EnvValue.fromValue('1') }, accelerator: Accelerator.nvidiaAny(), scaling: Scaling.fixed(2) }),
      look: (objects) => [objects.images, objects.env('OMP_NUM_THREADS'), JSON.stringify(objects.server).includes('--log-verbose=1')], finds: [['tritonserver-py3'], '1', true],
    },
    {
      shows: 'An ONNX model; an OpenVINO model',
      links: [kserve('v1beta1/onnx/README.md'), seldonV1('examples/models/openvino/openvino-squeezenet.ipynb')],
      say: '`Model.onnx`, `Model.openvino`',
      program: (chart) => {
        new InferenceService(chart, 'Mosaic', { model: Model.onnx({ source }) });
        new InferenceService(chart, 'Squeeze', { model: Model.openvino({ source }) });
      },
      look: ({ images }) => images, finds: ['model_server', 'model_server'],
    },
    {
      shows: 'A `.mar` archive in TorchServe',
      links: [kserve('v1beta1/torchserve/v1/README.md'), kserve('v1beta1/torchserve/v2/README.md'), kserve('v1beta1/custom/torchserve/README.md')],
      say: '`InferenceServer.torchServe()`, with a warning: its project has ended',
      program: (chart) => new InferenceService(chart, 'Mnist', { model: Model.pytorch({ source }), server: InferenceServer.torchServe() }),
      look: ({ images }) => images, finds: ['torchserve-cpu'],
    },
    {
      shows: 'A Hugging Face model for a task',
      links: [kserve('storage/hf/hf_isvc.yaml'), seldonV1('doc/source/servers/huggingface.md')],
      say: '`Model.huggingFace(…, { revision })` with `InferenceServer.kserveHuggingFace({ task })`',
      program: (chart) => {
        const [revision, task] = [COMMIT, 'fill_mask'];
        new InferenceService(chart, 'Bert', { model: Model.huggingFace('google-bert/bert-base-uncased', { revision }), server: InferenceServer.kserveHuggingFace({ task }) });
      },
      look: ({ server }) => /--task[= ",]+fill_mask/.test(JSON.stringify(server)), finds: true,
    },
    {
      shows: 'Formats whose servers are not in the catalogue: Paddle, PMML, Spark, H2O, Statsmodels',
      links: [kserve('v1beta1/paddle/README.md'), kserve('v1beta1/pmml/README.md'), kserve('v1beta1/spark/README.md'), seldonV1('examples/models/h2o_mojo/h2o_model.ipynb'), seldonV1('examples/models/statsmodels/statsmodels.ipynb')],
      say: "`InferenceServer.container({ image, args, protocols })` with `Model.of(ModelFormat.of('paddle'), …)`; `{name}` and `{path}` stand for the model's name and files",
      program: (chart) => {
        const image = 'docker.io/kserve/paddleserver:v0.20.0';
        const [args, protocols] = [['--model_name={name}', '--model_dir={path}', '--http_port=8080'], [InferenceProtocol.V2_REST]];
        new InferenceService(chart, 'Resnet', { model: Model.of(ModelFormat.of('paddle'), { source }), server: InferenceServer.container({ image, args, protocols, readinessPath: '/v2/health/ready' }) });
      },
      look: ({ server }) => [server.image, server.args[0]], finds: ['docker.io/kserve/paddleserver:v0.20.0', '--model_name=resnet'],
    },
    {
      shows: 'A server of your own: REST and gRPC, any image, no model files',
      links: [kserve('v1beta1/custom/custom_model/custom.yaml'), kserve('v1beta1/custom/simple.yaml'), kserve('v1beta1/custom/prebuilt-image/README.md'), kserve('v1beta1/custom/paddleserving/paddleserving-custom.yaml'), kserve('bentoml/README.md'), seldonV1('examples/models/lightgbm_custom_server/iris.ipynb'), seldonV1('doc/source/servers/custom.md')],
      say: '`InferenceServer.container({ image, httpPort, grpcPort, protocols })` with `Model.custom()`',
      program: (chart) => {
        const [image, httpPort, grpcPort, protocols] = ['registry.example.com/ml/detector:1.4', 5000, 8081, [InferenceProtocol.V2_REST, InferenceProtocol.V2_GRPC]];
        new InferenceService(chart, 'Detector', { model: Model.custom(), server: InferenceServer.container({ image, httpPort, grpcPort, protocols }) });
      },
      look: ({ server }) => server.ports.map((one: any) => one.containerPort), finds: [5000, 8081],
    },
    {
      shows: 'Python code as a model: a class that a server loads',
      links: [seldonV1('doc/source/wrappers/s2i.md'), seldonV1('examples/models/sklearn_iris/sklearn_iris.ipynb'), seldonV1('examples/models/sklearn_spacy_text/sklearn_spacy_text_classifier_example.ipynb'), seldonV1('examples/models/sagemaker/sagemaker_seldon_scikit_iris_example.ipynb')],
      say: "`Model.custom({ implementation, code: PythonCode.image(…) })`: a class of MLServer, as v2's clients ask it",
      on: ['seldon-core-v1', 'kserve'],
      program: (chart) => {
        const implementation = 'sentiment.Sentiment';
        new InferenceService(chart, 'Sentiment', { model: Model.custom({ implementation, code: PythonCode.image('apps/custom-runtime/server', { repository: 'registry.example.com/ml/sentiment', digest: DIGEST }) }), server: InferenceServer.mlserver() });
      },
      look: ({ server }) => server.image, finds: `registry.example.com/ml/sentiment@${DIGEST}`,
    },
    {
      shows: "An image that speaks Seldon's own protocol, made with its wrappers for Python, C++ or Java",
      links: [seldonV1('examples/models/mean_classifier/MeanClassifier.py'), seldonV1('examples/models/cpp/simple-cpp/README.ipynb'), seldonV1('doc/source/wrappers/language_wrappers.md'), seldonV1('notebooks/resources/model.yaml'), seldonV1('notebooks/protocol_examples.ipynb')],
      say: "`InferenceServer.container({ image, httpPort, predictPath: '/predict' })`: clients ask it as it is; Seldon's executor in between is left out",
      program: (chart) => {
        const [image, httpPort] = ['registry.example.com/ml/mean-classifier:1.3', 9000];
        new InferenceService(chart, 'Mean', { model: Model.custom(), server: InferenceServer.container({ image, httpPort, predictPath: '/predict' }) });
      },
      look: (objects) => [objects.server.image, objects.server.ports.find((one: any) => one.name === 'http').containerPort], finds: ['registry.example.com/ml/mean-classifier:1.3', 9000],
    },
    {
      shows: 'Payloads of other kinds in Seldon\'s protocol: `jsonData`, `strData`, `customData`, tags and metrics in answers',
      links: [seldonV1('examples/models/sklearn_iris_jsondata/sklearn_iris_jsondata.ipynb'), seldonV1('examples/models/sklearn_iris_customdata/sklearn_iris_customdata.ipynb'), seldonV1('examples/models/runtime_metrics_tags/runtime_metrics_tags.ipynb')],
      reason: "they are fields of Seldon's own protocol, which its executor reads; the library's graphs and loggers know V2, V1 and OpenAI",
      instead: "`parameters` of V2's requests and answers, and metrics of the server's own endpoint",
    },
  ],
};
