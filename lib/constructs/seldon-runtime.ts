import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { named } from '../describe/checks/names';
import { bytesOf, checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { renderRuntime } from '../render/seldon-v2/runtime';
import { chartOf } from './chart';
import { operatorPlace } from './operator-place';
import { clusterKey } from './service-request';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

const TWO = ProblemKind.error('SERVING_SELDON_TWO_RUNTIMES', 'Two runtimes of Seldon Core v2 in one namespace', "Their components have the same names: each would take back what the other's operator made.");
const ONE_BROKER = ProblemKind.warning('SERVING_SELDON_KAFKA_ONE_COPY', 'Topics of Kafka with one copy', 'Requests to pipelines that are under way are lost with the one broker that has them.');

/** Properties of SeldonRuntime's Kafka. */
export interface SeldonKafkaProps {
  /** Addresses of brokers, `host:port`. */
  readonly bootstrapServers: string[];
  /**
   * Beginning of the topics' names.
   * @default seldon
   */
  readonly topicPrefix?: string;
  /**
   * Partitions of each topic: so many copies of a gateway can share a pipeline's messages. All topics must have the same number.
   * @default 4
   */
  readonly partitions?: number;
  /**
   * Brokers that hold each message.
   * @default 3
   */
  readonly replicationFactor?: number;
  /**
   * Largest message. Brokers must take it as well (`message.max.bytes`).
   * @default - as the SeldonConfig says
   */
  readonly maxMessage?: Size;
}

/** Properties of SeldonRuntime. */
export interface SeldonRuntimeProps {
  /**
   * Where requests of pipelines go through.
   * @default - as the SeldonConfig says
   */
  readonly kafka?: SeldonKafkaProps;
  /**
   * Copies of Envoy, which all requests pass.
   * @default 2
   */
  readonly envoys?: number;
  /**
   * Copies of the gateway that takes messages of Kafka to models.
   * @default 1
   */
  readonly modelGateways?: number;
  /**
   * Copies of the gateway that takes requests of pipelines to Kafka.
   * @default 1
   */
  readonly pipelineGateways?: number;
  /**
   * Copies of the engine that joins messages.
   * @default 1
   */
  readonly dataflowEngines?: number;
  /**
   * Whether models between a least and a most number of copies follow their lag.
   * @default false
   */
  readonly modelAutoscaling?: boolean;
  /**
   * Whether servers follow the copies of their models.
   * @default false
   */
  readonly serverAutoscaling?: boolean;
  /**
   * Address that traces are sent to by OTLP over gRPC, `host:port`.
   * @default - none are made
   */
  readonly tracesTo?: string;
  /**
   * Percent of the requests that are traced.
   * @default 100
   */
  readonly tracesPercent?: number;
  /**
   * The SeldonConfig that it is made from, in the operator's namespace.
   * @default default
   */
  readonly seldonConfig?: string;
  /**
   * Its name.
   * @default seldon
   */
  readonly name?: string;
  /**
   * The engine whose cluster it is in.
   * @default - the nearest, else the fallback
   */
  readonly engine?: IServingEngine;
}

const COPIES = is.integer(1, 100);
const ADDRESS = /^[A-Za-z0-9.-]+:\d{1,5}$/;
const KAFKA: Shape<SeldonKafkaProps> = {
  bootstrapServers: is.required(is.list(is.text("an address, such as 'kafka.streaming:9092'", ADDRESS), { min: 1 })), topicPrefix: is.text('letters, digits, _ and -', /^[A-Za-z0-9_-]{1,100}$/),
  partitions: is.integer(1, 1000), replicationFactor: is.integer(1, 15), maxMessage: is.size,
};
const SHAPE: Shape<SeldonRuntimeProps> = {
  kafka: is.like('{ bootstrapServers }', 'bootstrapServers'), envoys: COPIES, modelGateways: COPIES, pipelineGateways: COPIES, dataflowEngines: COPIES, modelAutoscaling: is.flag, serverAutoscaling: is.flag,
  tracesTo: is.text("an address, such as 'otel-collector.monitoring:4317'", ADDRESS), tracesPercent: is.number(0, 100), seldonConfig: named.subdomain, name: named.label, engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * A runtime of Seldon Core v2 in the chart's namespace: what takes the requests of its models and pipelines. The operator is presumed installed.
 *
 * Its main object is its default child; the disruption budgets of components with several copies are its children `Budget-<component>`.
 */
export class SeldonRuntime extends Construct {
  private readonly findings: Finding[];
  /** The cluster and namespace that it is in. */
  private readonly place: string;

  public constructor(scope: Construct, id: string, props: SeldonRuntimeProps = {}) {
    super(scope, id);
    const { props: given, findings } = checkShape('SeldonRuntime', SHAPE, props);
    const kafka = given.kafka === undefined ? undefined : checkShape('SeldonRuntime: kafka', KAFKA, given.kafka);
    const { cluster } = ServingEngine._for(this, given.engine);
    this.place = `${clusterKey(cluster)}/${chartOf(this)?.namespace ?? ''}`;
    const replication = kafka?.props.replicationFactor ?? 3;
    this.findings = [
      ...findings, ...(kafka?.findings ?? []), ...operatorPlace(this, cluster, ClusterOperator.SELDON_CORE_V2, true),
      ...(kafka !== undefined && replication === 1 ? [ONE_BROKER.found({ what: 'each message lies with one broker', got: 1, allowed: '3, or as many brokers as there are', fix: "raise 'replicationFactor', or acknowledge it: a cluster to try things" })] : []),
      ...this.others().map((other) => TWO.found({ what: `'${other.node.path}' is a runtime of the same namespace`, got: this.node.path, fix: 'keep one of them' })),
    ];
    if (chartOf(this) !== undefined) {
      const objects = renderRuntime({
        name: given.name ?? 'seldon', seldonConfig: given.seldonConfig ?? 'default',
        components: [
          // more than one scheduler would each have a state of their own
          { name: 'seldon-scheduler', replicas: 1 }, { name: 'seldon-envoy', replicas: given.envoys ?? 2 }, { name: 'seldon-modelgateway', replicas: given.modelGateways ?? 1 },
          { name: 'seldon-pipelinegateway', replicas: given.pipelineGateways ?? 1 }, { name: 'seldon-dataflow-engine', replicas: given.dataflowEngines ?? 1 },
        ],
        kafka: kafka === undefined ? undefined : {
          servers: kafka.props.bootstrapServers ?? [], topicPrefix: kafka.props.topicPrefix ?? 'seldon', partitions: kafka.props.partitions ?? 4, replication,
          maxMessageBytes: kafka.props.maxMessage && bytesOf(kafka.props.maxMessage),
        },
        modelAutoscaling: given.modelAutoscaling ?? false, serverAutoscaling: given.serverAutoscaling ?? false,
        tracing: given.tracesTo === undefined ? undefined : { endpoint: given.tracesTo, protocol: 'grpc', ratio: String((given.tracesPercent ?? 100) / 100) },
      });
      for (const object of objects) addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }

  /** Runtimes that were made before it in the same namespace. */
  private others(): SeldonRuntime[] {
    return this.node.root.node.findAll().filter((one): one is SeldonRuntime => one instanceof SeldonRuntime && one !== this && one.place === this.place);
  }
}
