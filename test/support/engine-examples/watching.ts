import { Grafana, InferenceServer, InferenceService, MetricsBackend, Model, ModelSource, MonitoringStack, PayloadLogging, Tracing } from 'cdk8s-serving';
import { ExampleTheme, kserve, seldonV1 } from './example';

const model = Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') });

export const WATCHING: ExampleTheme = {
  title: 'Watched, logged, traced',
  examples: [
    {
      shows: 'Metrics in Prometheus, dashboards in Grafana',
      links: [kserve('metrics-and-monitoring/README.md'), kserve('v1beta1/torchserve/metrics/README.md'), kserve('v1beta1/custom/torchserve/docs/metrics.md'), kserve('llmisvc/e2e-gpt-oss/grafana/README.md'), seldonV1('examples/models/metrics/metrics.ipynb'), seldonV1('examples/models/metrics/general_metrics.ipynb')],
      say: '`MonitoringStack` with `MetricsBackend.prometheusOperator()` and `Grafana.sidecar()`; metrics of your own are scraped with the server\'s',
      program: (chart) => {
        new MonitoringStack(chart, 'Watch', { metrics: MetricsBackend.prometheusOperator(), grafana: Grafana.sidecar() });
        new InferenceService(chart, 'Iris', { model });
      },
      look: (objects) => [objects.of('PodMonitor').some(({ metadata }) => metadata.name.includes('iris')), objects.of('Prometheus').length], finds: [true, 1],
    },
    {
      shows: 'Requests and answers to an HTTP sink, a broker of Knative, Elasticsearch behind one',
      links: [kserve('logger/basic/README.md'), kserve('logger/knative-eventing/README.md'), kserve('v1beta1/custom/torchserve/logger/README.md'), seldonV1('examples/models/payload_logging/payload_logging.ipynb'), seldonV1('doc/source/analytics/logging.md')],
      say: "`payloadLogging: PayloadLogging.http({ url })`: CloudEvents of the types that KServe's agent sends",
      program: (chart) => {
        const url = 'http://broker-ingress.knative-eventing.svc.cluster.local/ml/default';
        new InferenceService(chart, 'Iris', { model, payloadLogging: PayloadLogging.http({ url }) });
      },
      look: (objects) => JSON.stringify([objects.pods, objects.of('ConfigMap')]).includes('broker-ingress.knative-eventing'), finds: true,
    },
    {
      shows: 'Requests and answers to a folder of the pod',
      links: [kserve('logger/local/README.md')],
      reason: 'what a pod writes goes with the pod', instead: '`PayloadLogging.store(…)` of a `PayloadStore`, which keeps them on a volume',
    },
    {
      shows: 'Traces in Jaeger',
      links: [seldonV1('examples/models/tracing/tracing.ipynb'), seldonV1('doc/source/graph/distributed-tracing.md')],
      say: '`tracing: Tracing.otlp({ http })`, of servers that make traces (Triton, vLLM, …)',
      program: (chart) => {
        const http = 'http://jaeger-collector.tracing:4318';
        new InferenceService(chart, 'Detector', { model: Model.onnx({ source: ModelSource.s3('s3://models/detector/v1') }), server: InferenceServer.triton(), tracing: Tracing.otlp({ http }) });
      },
      look: ({ server }) => JSON.stringify(server).includes('jaeger-collector.tracing:4318'), finds: true,
    },
    {
      shows: 'Feedback, rewards, accuracy from it',
      links: [seldonV1('examples/feedback/feedback-metrics-server/README.ipynb'), seldonV1('examples/feedback/metrics-server/README.ipynb'), seldonV1('examples/feedback/reward-accuracy/README.ipynb'), seldonV1('doc/source/analytics/analytics.md')],
      reason: "`/feedback` is a path of Seldon's executor; no server of the catalogue has it",
      instead: '`ModelMonitor` with the ground truth that is known later: [model monitoring](model-monitoring.md)',
    },
    {
      shows: "A model's metadata, asked of the graph",
      links: [seldonV1('examples/models/metadata/metadata.ipynb'), seldonV1('examples/models/metadata/graph_metadata.ipynb')],
      reason: "it is in Seldon's own protocol; V2 has `/v2/models/<name>`, which servers answer from the model's own files",
      instead: "the model's settings file beside its weights; what runs is told by labels and by `inference_service:info`",
    },
  ],
};
