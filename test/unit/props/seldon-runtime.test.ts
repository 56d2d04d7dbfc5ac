import { App, Chart, Size, Testing } from 'cdk8s';
import { Cluster, ClusterOperator, Problems, SeldonKafkaProps, SeldonRuntime, SeldonRuntimeProps, ServingEngine } from 'cdk8s-serving';
import { everyProp } from '../../support/props';
import { hearing } from '../../support/serving';

class Made {
  public readonly app = new App();
  public readonly chart: Chart;

  public constructor(props: SeldonRuntimeProps = {}, cluster = Cluster.of(), namespace: string | undefined = 'seldon-mesh') {
    this.chart = new Chart(this.app, 'runtime', { namespace });
    new ServingEngine(this.chart, 'Engine', { cluster });
    new SeldonRuntime(this.chart, 'Runtime', props);
  }

  public get codes(): string[] { return Problems.of(this.app).map(({ code }) => code); }
  public get objects(): any[] { return hearing(() => Testing.synth(this.chart)).result; }
  public get spec(): any { return this.objects.find(({ kind }) => kind === 'SeldonRuntime').spec; }
  public copies(component: string): number { return this.spec.overrides.find(({ name }: any) => name === component).replicas; }
}

const KAFKA = { bootstrapServers: ['a:9092', 'b:9092'] };

describe('each prop of a runtime', () => {
  const elsewhere = new ServingEngine(new Chart(new App(), 'engines'), 'Other', { cluster: Cluster.of({ operators: [ClusterOperator.KEDA] }) });
  everyProp<SeldonRuntimeProps, Made>({}, (props) => new Made(props), {
    kafka: { value: KAFKA, see: (made) => made.spec.config.kafkaConfig, is: { 'bootstrap.servers': 'a:9092,b:9092', 'topicPrefix': 'seldon', 'topics': { numPartitions: 4, replicationFactor: 3 } } },
    envoys: { value: 5, see: (made) => made.copies('seldon-envoy'), is: 5 },
    modelGateways: { value: 3, see: (made) => made.copies('seldon-modelgateway'), is: 3 },
    pipelineGateways: { value: 3, see: (made) => made.copies('seldon-pipelinegateway'), is: 3 },
    dataflowEngines: { value: 3, see: (made) => made.copies('seldon-dataflow-engine'), is: 3 },
    modelAutoscaling: { value: true, see: (made) => made.spec.config.scalingConfig.models, is: { enabled: true } },
    serverAutoscaling: { value: true, see: (made) => made.spec.config.scalingConfig.servers, is: { enabled: true } },
    tracesTo: { value: 'otel:4317', see: (made) => made.spec.config.tracingConfig, is: { disable: false, otelExporterEndpoint: 'otel:4317', otelExporterProtocol: 'grpc', ratio: '1' } },
    tracesPercent: { value: 5, beside: { tracesTo: 'otel:4317' }, see: (made) => made.spec.config.tracingConfig.ratio, is: '0.05' },
    seldonConfig: { value: 'ours', see: (made) => made.spec.seldonConfig, is: 'ours' },
    name: { value: 'main', see: (made) => made.objects[0].metadata.name, is: 'main' },
    engine: { value: elsewhere, see: (made) => made.codes, is: ['SERVING_OPERATOR_MISSING'] },
  });
});

describe("each prop of a runtime's Kafka", () => {
  everyProp<SeldonKafkaProps, Made>({ bootstrapServers: ['c:9092'] }, (kafka) => new Made({ kafka }), {
    bootstrapServers: { value: ['a:9092'], see: (made) => made.spec.config.kafkaConfig['bootstrap.servers'], is: 'a:9092' },
    topicPrefix: { value: 'eu', see: (made) => made.spec.config.kafkaConfig.topicPrefix, is: 'eu' },
    partitions: { value: 12, see: (made) => made.spec.config.kafkaConfig.topics.numPartitions, is: 12 },
    replicationFactor: { value: 2, see: (made) => made.spec.config.kafkaConfig.topics.replicationFactor, is: 2 },
    maxMessage: { value: Size.mebibytes(10), see: (made) => [made.spec.config.kafkaConfig.producer, made.spec.config.kafkaConfig.consumer], is: [{ 'message.max.bytes': '10485760' }, { 'message.max.bytes': '10485760' }] },
  });
});

test('a runtime has one scheduler, no hodometer and no traces, and budgets of what has several copies', () => {
  const made = new Made({ dataflowEngines: 2 });
  expect(made.codes).toEqual([]);
  expect(made.copies('seldon-scheduler')).toBe(1);
  expect(made.spec.overrides).toContainEqual({ name: 'hodometer', disable: true });
  expect(made.spec.config).not.toHaveProperty('kafkaConfig');
  expect(made.spec.config.tracingConfig).toEqual({ disable: true });
  // so that the operator doesn't cut copies where there are few pipelines
  expect(made.spec.config.scalingConfig.pipelines).toEqual({ maxShardCountMultiplier: 2 });
  expect(made.objects.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata, spec }) => [metadata.name, spec.selector.matchLabels])).toEqual([
    ['seldon-envoy', { 'app.kubernetes.io/name': 'seldon-envoy' }], ['seldon-dataflow-engine', { 'app.kubernetes.io/name': 'seldon-dataflow-engine' }],
  ]);
});

test('a runtime is refused where it can not be, or would not be alone', () => {
  expect(new Made({}, Cluster.of({ operators: [] })).codes).toEqual(['SERVING_OPERATOR_MISSING']);
  const nowhere = new App();
  new SeldonRuntime(new Chart(nowhere, 'chart'), 'Runtime');
  expect(Problems.of(nowhere).map(({ code }) => code)).toEqual(['SERVING_OPERATOR_OUTSIDE_OF_CHART']);
  const made = new Made();
  new SeldonRuntime(made.chart, 'Second', { name: 'second' });
  expect(made.codes).toContain('SERVING_SELDON_TWO_RUNTIMES');
});

test('messages that lie with one broker are a warning', () => {
  expect(new Made({ kafka: { ...KAFKA, replicationFactor: 1 } }).codes).toEqual(['SERVING_SELDON_KAFKA_ONE_COPY']);
  expect(new Made({ kafka: { bootstrapServers: [], partitions: 0 } as SeldonKafkaProps }).codes).not.toEqual([]);
});
