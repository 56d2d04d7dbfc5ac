import { Accelerator, InferenceServer, InferenceService, KafkaAccess, KafkaSasl, Model, ModelSource, Scaling, Wake } from 'cdk8s-serving';
import { ExampleTheme, kserve, seldonV1 } from './example';

const model = Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') });

export const SCALING: ExampleTheme = {
  title: 'How many copies',
  examples: [
    {
      shows: 'A number of copies',
      links: [seldonV1('notebooks/scale.ipynb'), seldonV1('notebooks/resources/model_replicas.yaml')],
      say: '`Scaling.fixed(3)`',
      program: (chart) => new InferenceService(chart, 'Iris', { model, scaling: Scaling.fixed(3) }),
      look: (objects) => JSON.stringify(objects.one('SeldonDeployment').spec).includes('"replicas":3'), finds: true,
    },
    {
      shows: 'Copies that follow CPU (HPA)',
      links: [seldonV1('examples/models/autoscaling/autoscaling_example.ipynb')],
      say: '`Scaling.onCpu({ min, max, targetPercent })`',
      program: (chart) => {
        const [min, max, targetPercent] = [2, 6, 60];
        new InferenceService(chart, 'Iris', { model, scaling: Scaling.onCpu({ min, max, targetPercent }) });
      },
      look: (objects) => JSON.stringify(objects.one('HorizontalPodAutoscaler') ?? objects.one('SeldonDeployment').spec).match(/"(maxReplicas|averageUtilization)":\d+/g)?.sort(), finds: ['"averageUtilization":60', '"maxReplicas":6'],
    },
    {
      shows: 'Copies that follow a query of Prometheus (KEDA)',
      links: [seldonV1('examples/keda/keda_prom_auto_scale.ipynb')],
      say: '`Scaling.onQuery({ query, targetPerReplica })`, or `Scaling.onRequestRate` of the server itself',
      program: (chart) => {
        const [query, targetPerReplica] = ['sum(rate(seldon_api_executor_client_requests_seconds_count{deployment_name="iris"}[1m]))', 10];
        new InferenceService(chart, 'Iris', { model, scaling: Scaling.highestOf([Scaling.onQuery({ min: 2, max: 6, query, targetPerReplica }), Scaling.onRequestRate({ min: 2, max: 6, targetPerReplica })]) });
      },
      look: (objects) => JSON.stringify(objects.one('ScaledObject') ?? objects.one('SeldonDeployment').spec).includes('seldon_api_executor_client_requests_seconds_count'), finds: true,
    },
    {
      shows: 'Copies that follow the lag of a topic of Kafka (KEDA)',
      links: [seldonV1('examples/kafka/kafka_keda/cifar10_kafka.ipynb')],
      say: '`Scaling.onKafkaLag({ topic, consumerGroup, access: KafkaAccess.fromSecretName(…) })`; what reads the topic is a program of your own',
      program: (chart) => {
        const [topic, consumerGroup] = ['cifar10-rest-input', 'cifar10'];
        new InferenceService(chart, 'Cifar', { model, scaling: Scaling.onKafkaLag({ min: 1, max: 4, bootstrapServers: ['kafka.streaming:9093'], topic, consumerGroup, targetPerReplica: 50, access: KafkaAccess.fromSecretName('kafka', { sasl: KafkaSasl.SCRAM_SHA512 }) }) });
      },
      look: (objects) => JSON.stringify(objects.one('ScaledObject') ?? objects.one('SeldonDeployment').spec).includes('"topic":"cifar10-rest-input"'), finds: true,
    },
    {
      shows: 'Copies that follow requests in flight, also on GPUs',
      links: [kserve('autoscaling/autoscale.yaml'), kserve('autoscaling/autoscale_gpu.yaml'), kserve('v1beta1/torchserve/autoscaling/README.md'), kserve('v1beta1/custom/torchserve/docs/autoscaling.md')],
      say: "`Scaling.onConcurrency({ targetPerReplica })` by KEDA in Standard mode, where the server counts them; by Knative's own autoscaler in its mode",
      program: (chart) => {
        const targetPerReplica = 16;
        new InferenceService(chart, 'Flowers', { model: Model.onnx({ source: ModelSource.s3('s3://models/flowers/v1') }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.onConcurrency({ min: 1, max: 4, targetPerReplica }) });
      },
      look: (objects) => objects.one('ScaledObject').spec.triggers[0].metadata.threshold, finds: '16',
    },
    {
      shows: 'Copies that follow requests a second',
      links: [kserve('autoscaling/README.md')],
      say: '`Scaling.onRequestRate({ targetPerReplica })`',
      program: (chart) => {
        const targetPerReplica = 50;
        new InferenceService(chart, 'Iris', { model, scaling: Scaling.onRequestRate({ min: 2, max: 8, targetPerReplica }) });
      },
      look: (objects) => objects.one('ScaledObject').spec.triggers[0].metadata.threshold, finds: '50',
    },
    {
      shows: 'No copies without requests',
      links: [kserve('autoscaling/README.md')],
      say: '`min: 0` with a `wake`, such as `Wake.onQuery(…)`: nothing holds the first request but in Knative mode',
      program: (chart) => new InferenceService(chart, 'Iris', { model, scaling: Scaling.onRequestRate({ min: 0, max: 8, targetPerReplica: 50, wake: Wake.onQuery('sum(rate(asked_total[1m]))') }) }),
      look: (objects) => objects.one('ScaledObject').spec.minReplicaCount, finds: 0,
    },
    {
      shows: 'A bound on requests that one copy answers at once',
      links: [kserve('autoscaling/autoscale_custom.yaml')],
      reason: "Standard mode drops `containerConcurrency`, and servers queue by rules of their own; in Knative mode the field would make its proxy hold requests back",
      instead: 'the server\'s own bound where it has one (`InferenceServer.vllm({ maxSequences, maxQueuedRequests })`), and `Scaling.onConcurrency`',
    },
  ],
};
