import { Duration } from 'cdk8s';
import { is, Shape } from '../checks/shape';
import { KafkaAccess, KafkaLag } from './kafka';
import { ScheduleWindow } from './schedule';
import { Autoscaler } from './signal';
import { Wake } from './wake';

/** How many copies at least and at most, and how fast. */
export interface ScalingBounds {
  /** Copies that always run. At least 1; 0 is for signals of KEDA that something can wake. */
  readonly min: number;
  /** Copies at the most. */
  readonly max: number;
  /**
   * How long the load must stay low before a copy goes.
   * @default - by the time that a copy needs to start: 5 minutes, or the longer of 10 minutes and twice a start of more than a minute
   */
  readonly scaleDownAfter?: Duration;
}

/** Properties of `Scaling.onCpu`. */
export interface CpuScalingProps extends ScalingBounds {
  /**
   * Percent of the requested CPU, averaged over the copies, that is aimed at.
   * @default 70
   */
  readonly targetPercent?: number;
}

/** Properties of `Scaling.onMemory`. */
export interface MemoryScalingProps extends ScalingBounds {
  /**
   * Percent of the requested memory, averaged over the copies, that is aimed at.
   * @default 80
   */
  readonly targetPercent?: number;
}

/** Properties of `Scaling.onCustomMetric`. */
export interface CustomMetricScalingProps extends ScalingBounds {
  /** The metric's name in the custom metrics API (`custom.metrics.k8s.io`), as the adapter names it. */
  readonly metric: string;
  /** The value per copy that is aimed at, averaged over the copies. */
  readonly targetPerReplica: number;
}

/** Properties of every scaling by a metrics' store. */
export interface MeasuredScalingProps extends ScalingBounds {
  /**
   * Copies at least while the metrics are missing; more, if more run. KEDA only: an HPA keeps what runs.
   * @default - with KEDA `min`, or 1
   */
  readonly fallbackReplicas?: number;
  /**
   * What wakes the service from zero copies: needed with `min: 0`, KEDA only.
   * @default - none: `min` is at least 1
   */
  readonly wake?: Wake;
  /**
   * Who changes the number of copies.
   * @default - KEDA where the Cluster runs it, else a HorizontalPodAutoscaler with prometheus-adapter
   */
  readonly autoscaler?: Autoscaler;
}

/** Properties of every scaling by a load that adds up over the copies. */
export interface LoadScalingProps extends MeasuredScalingProps {
  /**
   * Copies that are kept ready beyond what the load asks for, warm: what a burst meets while new ones load. KEDA only.
   * @default 0
   */
  readonly standby?: number;
}

/** Properties of `Scaling.onConcurrency`. */
export interface ConcurrencyScalingProps extends LoadScalingProps {
  /** Requests, in work or waiting, that one copy is to have. For a language model 60 to 80 percent of its largest batch. */
  readonly targetPerReplica: number;
}

/** Properties of `Scaling.onQueueDepth`. */
export interface QueueDepthScalingProps extends LoadScalingProps {
  /** Waiting requests that one copy may have. */
  readonly targetPerReplica: number;
}

/** Properties of `Scaling.onTokens`. */
export interface TokensScalingProps extends LoadScalingProps {
  /** Tokens that one copy is to generate in a second. */
  readonly targetPerReplica: number;
}

/** Properties of `Scaling.onRequestRate`. */
export interface RequestRateScalingProps extends LoadScalingProps {
  /** Requests that one copy is to answer in a second. */
  readonly targetPerReplica: number;
}

/** Properties of `Scaling.onKvCache`. */
export interface KvCacheScalingProps extends MeasuredScalingProps {
  /**
   * Percent of the KV cache that the fullest copy is to use; never divided by the copies.
   * @default 80
   */
  readonly targetPercent?: number;
}

/** Properties of `Scaling.onGpu`. */
export interface GpuScalingProps extends MeasuredScalingProps {
  /**
   * Percent of the time in which the GPUs do anything, averaged over them; never divided by the copies.
   * @default 80
   */
  readonly targetPercent?: number;
}

/** Properties of `Scaling.onQuery`. */
export interface QueryScalingProps extends LoadScalingProps {
  /** PromQL that gives one number: an aggregation such as `sum(...)`, or arithmetic of such. */
  readonly query: string;
  /**
   * What one copy is to have of the number, which is divided by the copies: for sums.
   * @default - `targetValue`
   */
  readonly targetPerReplica?: number;
  /**
   * What the number as it is should be: for ratios and averages.
   * @default - `targetPerReplica`
   */
  readonly targetValue?: number;
}

/** Properties of `Scaling.onKafkaLag`. */
export interface KafkaLagScalingProps extends ScalingBounds, KafkaLag {
  /** Messages that wait, for each copy. */
  readonly targetPerReplica: number;
  /**
   * Copies at least while Kafka can't be asked; more, if more run.
   * @default - `min`, or 1
   */
  readonly fallbackReplicas?: number;
}

/** Properties of `Scaling.onSchedule`. Outside of all windows `min` holds. */
export interface ScheduleScalingProps extends ScalingBounds {
  /** Time zone of the windows: `Europe/Berlin`. */
  readonly timeZone: string;
  /** When how many copies run. */
  readonly windows: ScheduleWindow[];
}

/** Properties of `Scaling.external`. */
export interface ExternalScalingProps {
  /** Copies at least. */
  readonly min: number;
  /** Copies at most: what GPU pools are checked against. */
  readonly max: number;
}

const COPIES = is.integer(1, 10_000);
const TARGET = is.number(0.001, 1e12);
const BOUNDS: Shape<ScalingBounds> = { min: is.required(COPIES), max: is.required(COPIES), scaleDownAfter: is.duration(0, 3600) };
const FROM_ZERO: Shape<ScalingBounds> = { ...BOUNDS, min: is.required(is.integer(0, 10_000)) };
const MEASURED: Shape<MeasuredScalingProps> = { ...FROM_ZERO, fallbackReplicas: COPIES, wake: is.instance(Wake, "Wake.onQuery('sum(rate(gateway_requests_total[2m]))')"), autoscaler: is.oneOf(Object.values(Autoscaler)) };
const LOAD: Shape<LoadScalingProps> = { ...MEASURED, standby: is.integer(0, 10_000) };

/** What each props interface must be. */
export const SHAPES = {
  fixed: { replicas: is.required(COPIES) } as Shape<{ replicas: number }>,
  resource: { ...BOUNDS, targetPercent: is.integer(1, 1000) } as Shape<CpuScalingProps>,
  customMetric: {
    ...BOUNDS,
    metric: is.required(is.text("a metric's name without ':', which the metrics API can't be asked for", /^[A-Za-z_][A-Za-z0-9_.-]{0,252}$/, { fix: "let the adapter rename the metric: 'vllm:num_requests_waiting' as 'vllm_num_requests_waiting'" })),
    targetPerReplica: is.required(is.number(0.001)),
  } as Shape<CustomMetricScalingProps>,
  external: { min: is.required(COPIES), max: is.required(COPIES) } as Shape<ExternalScalingProps>,
  load: { ...LOAD, targetPerReplica: is.required(TARGET) } as Shape<ConcurrencyScalingProps>,
  share: { ...MEASURED, targetPercent: is.number(1, 100) } as Shape<KvCacheScalingProps>,
  query: { ...LOAD, query: is.required(is.text('PromQL')), targetPerReplica: TARGET, targetValue: TARGET } as Shape<QueryScalingProps>,
  kafka: {
    ...FROM_ZERO, fallbackReplicas: COPIES, targetPerReplica: is.required(is.integer(1)),
    bootstrapServers: is.required(is.list(is.text("a broker's host and port, such as 'kafka.streaming:9092'", /^[A-Za-z0-9.-]+:\d{1,5}$/), { min: 1 })),
    consumerGroup: is.required(is.text('a name', /^\S+$/)), topic: is.required(is.text("a topic's name: letters, digits, '.', '_' and '-'", /^[A-Za-z0-9._-]+$/, { max: 249 })),
    allowIdleConsumers: is.flag, access: is.instance(KafkaAccess, "KafkaAccess.fromSecretName('kafka', { sasl: KafkaSasl.SCRAM_SHA512 })"),
  } as Shape<KafkaLagScalingProps>,
  schedule: { ...FROM_ZERO, timeZone: is.required(is.text()), windows: is.required(is.list(is.like('{ start, end, replicas }', 'start', 'end', 'replicas'), { min: 1 })) } as Shape<ScheduleScalingProps>,
};
