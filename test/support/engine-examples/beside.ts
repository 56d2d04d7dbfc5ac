import { ExampleTheme, kserve, seldonV1, seldonV2 } from './example';

export const BESIDE: ExampleTheme = {
  title: 'Not of one service',
  examples: [
    {
      shows: 'A batch of requests from files, by workflows or a client',
      links: [seldonV1('examples/batch/argo-workflows-batch/README.ipynb'), seldonV1('examples/batch/hdfs-argo-workflows/hdfs-batch.ipynb'), seldonV1('examples/batch/kubeflow-pipelines-batch/README.ipynb'), seldonV1('doc/source/servers/batch.md'), seldonV2('samples/k8s-batch-examples.md')],
      reason: 'a service answers; what sends it the rows of a file is a Job', instead: "a Job of cdk8s-plus that asks `service.endpoint(…)`, with `grantInvoke` for it; a construct for it is planned (`BatchInference`)",
    },
    {
      shows: 'Requests from Kafka or from events of Knative',
      links: [kserve('kafka/README.md'), seldonV1('examples/kafka/sklearn_spacy/README.ipynb'), seldonV1('examples/kafka/cifar10/cifar10_kafka.ipynb'), seldonV1('examples/streaming/knative-eventing/README.ipynb')],
      reason: "a KafkaSource of Knative needs an address of KServe's Knative mode, and Seldon's `serverType: kafka` puts its executor in the place of the server's port",
      instead: 'a `KafkaSource` of your own whose `sink.uri` is `service.endpoint(…)?.url`, and `Scaling.onKafkaLag`; a construct for it is planned (`StreamingInference`)',
    },
    {
      shows: 'Rows of a request split over pods, as Ray does',
      links: [seldonV1('examples/ray/batch-split-proxy/ray-proxy.ipynb')],
      reason: 'it is the proxy\'s own program', instead: 'an image of your own (`InferenceServer.container`)',
    },
    {
      shows: 'Training and serving as one pipeline: Kubeflow, Pachyderm, Jenkins, Argo CD',
      links: [kserve('pipelines/README.md'), seldonV1('examples/kubeflow/kubeflow_seldon_e2e_pipeline.ipynb'), seldonV1('examples/pachyderm-simple/index.ipynb'), seldonV1('examples/cicd/cicd-argocd/README.md'), seldonV1('examples/cicd/sig-mlops-jenkins-classic/README.md'), seldonV1('examples/models/mlflow_v2_protocol_end_to_end/README.ipynb')],
      reason: 'the library ends at manifests', instead: 'a step of that pipeline that changes `model` in the program, or what the program reads it from, and runs `cdk8s synth`',
    },
    {
      shows: 'Services made and asked from Python',
      links: [kserve('client/kfserving_sdk_v1beta1_sample.ipynb'), seldonV1('notebooks/seldon_client.ipynb'), seldonV2('samples/python-examples.md'), seldonV2('samples/k8s-tritonclient.md')],
      reason: 'clients are no part of the library', instead: "any client of the protocol (V2, OpenAI), at `service.endpoint(…)?.url`",
    },
    {
      shows: 'Load tests',
      links: [kserve('performance-testing/README.md'), kserve('v1beta1/sklearn/v1/perf.yaml'), kserve('multimodelserving/benchmark/BENCHMARK.md'), seldonV1('doc/source/reference/benchmarking.md')],
      reason: 'they are programs beside a service', instead: '`ScalingSimulation` before, [what the dashboards show](dashboards.md) after',
    },
    {
      shows: 'The engine itself installed: clusters of clouds, Helm, Ansible, TLS of its Kafka, several namespaces',
      links: [seldonV1('notebooks/seldon_core_setup.ipynb'), seldonV1('notebooks/helm_examples.ipynb'), seldonV1('examples/models/aws_eks_deep_mnist/aws_eks_deep_mnist.ipynb'), seldonV2('samples/k8s-clusterwide.md'), seldonV2('samples/k8s-clusterwide-ssl-demo.md'), seldonV2('docs-gb/kubernetes/resources/seldonruntime.md')],
      reason: 'operators are presumed installed, as the `Cluster` says (`operators`)', instead: "the engine's own Helm charts",
    },
  ],
};
