import { KafkaLag } from './kafka';
import { ScheduleWindow } from './schedule';

/** What a number of copies follows. */
export enum ScalingSignalKind {
  /** CPU that the copies use. */
  CPU = 'cpu',
  /** Memory that the copies use. */
  MEMORY = 'memory',
  /** A metric of the pods in the custom metrics API. */
  CUSTOM_METRIC = 'customMetric',
  /** Requests that are being answered or wait. */
  CONCURRENCY = 'concurrency',
  /** Requests that wait. */
  QUEUE_DEPTH = 'queueDepth',
  /** Tokens that are generated in a second. */
  TOKENS = 'tokens',
  /** Share of the KV cache in use. */
  KV_CACHE = 'kvCache',
  /** Requests in a second. */
  REQUEST_RATE = 'requestRate',
  /** Share of the time in which the GPU does anything. */
  GPU = 'gpu',
  /** Messages of a Kafka topic that wait. */
  KAFKA_LAG = 'kafkaLag',
  /** The time of day. */
  SCHEDULE = 'schedule',
  /** Any PromQL. */
  QUERY = 'query',
}

/** How a signal's value is held against its target. */
export enum ScalingTargetKind {
  /** Percent of what a copy requests, averaged over the copies. */
  UTILIZATION = 'utilization',
  /** The value of the whole service divided by its copies: what one copy is to carry. */
  PER_REPLICA = 'perReplica',
  /** The value as it is, such as a ratio, never divided by the copies: they grow as it is above its target. */
  VALUE = 'value',
}

/** What changes the number of copies. */
export enum Autoscaler {
  /** Kubernetes' HorizontalPodAutoscaler; for metrics of a server with prometheus-adapter. */
  HPA = 'hpa',
  /** KEDA's ScaledObject. */
  KEDA = 'keda',
}

/** A signal that copies follow, and its target. */
export interface ScalingSignal {
  /** What it is. */
  readonly kind: ScalingSignalKind;
  /** Name for messages and triggers; of a custom metric its own. */
  readonly name: string;
  /** The target, in the signal's unit: percent (utilization), a share from 0 to 1 (KV cache, GPU), requests, requests or tokens a second, messages. */
  readonly target: number;
  /** How the value is held against it. */
  readonly targetKind: ScalingTargetKind;
  /**
   * Copies that are kept ready beyond what the load asks for.
   * @default 0
   */
  readonly standby?: number;
  /**
   * The PromQL of `Scaling.onQuery`.
   * @default - another signal
   */
  readonly query?: string;
  /**
   * Where the lag is read.
   * @default - another signal
   */
  readonly kafka?: KafkaLag;
  /**
   * Time zone of the windows.
   * @default - another signal
   */
  readonly timeZone?: string;
  /**
   * When how many copies run.
   * @default - another signal
   */
  readonly windows?: ScheduleWindow[];
}
