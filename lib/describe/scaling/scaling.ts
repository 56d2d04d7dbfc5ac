import { Duration } from 'cdk8s';
import { checkPromql } from '../checks/promql';
import { checkShape, is, secondsOf } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import {
  ConcurrencyScalingProps, CpuScalingProps, CustomMetricScalingProps, ExternalScalingProps, GpuScalingProps, KafkaLagScalingProps, KvCacheScalingProps, LoadScalingProps, MeasuredScalingProps, MemoryScalingProps, QueryScalingProps, QueueDepthScalingProps,
  RequestRateScalingProps, ScalingBounds, ScheduleScalingProps, SHAPES, TokensScalingProps,
} from './props';
import { checkSchedule } from './schedule';
import { Autoscaler, ScalingSignal, ScalingSignalKind, ScalingTargetKind } from './signal';
import { Wake } from './wake';

const MIN_ABOVE_MAX = ProblemKind.error('SERVING_SCALING_MIN_ABOVE_MAX', 'The least number of copies is above the most', 'No number of copies satisfies both.');
const FALLBACK = ProblemKind.error('SERVING_FALLBACK_OUT_OF_BOUNDS', 'Copies while metrics are missing that are below the least or above the most', 'The autoscaler keeps to its bounds, and the number would mean nothing.');
const TARGETS = ProblemKind.error('SERVING_QUERY_TARGET', 'A query without the one target that it needs', 'Whether the number is divided by the copies or not makes the difference between two copies and twenty.');
const COMBINED = ProblemKind.error('SERVING_SCALING_COMBINED', 'Scalings that can not be combined', 'One autoscaler has one least, one most and one pace.');

/** What a factory found out, to make a Scaling of. */
interface Parts {
  readonly bounds: Partial<ScalingBounds & Pick<MeasuredScalingProps, 'fallbackReplicas' | 'wake' | 'autoscaler'>>;
  readonly signals: ScalingSignal[];
  readonly findings: Finding[];
}

/** How many copies run: a fixed number, or as many as the load asks for. */
export class Scaling {
  /**
   * Always the same number of copies.
   * @param replicas at least 1; to run none, say `hold: Hold.stopped(...)`.
   */
  public static fixed(replicas: number): Scaling {
    const { props, findings } = checkShape('Scaling.fixed', SHAPES.fixed, { replicas });
    const copies = props.replicas ?? 1;
    return new Scaling(copies, copies, { bounds: {}, signals: [], findings }, false);
  }

  /** By the CPU that the copies use, in percent of what they request. */
  public static onCpu(props: CpuScalingProps): Scaling {
    return Scaling.onResource('Scaling.onCpu', ScalingSignalKind.CPU, 70, props);
  }

  /** By the memory that the copies use, in percent of what they request. Few servers give memory back: rarely right. */
  public static onMemory(props: MemoryScalingProps): Scaling {
    return Scaling.onResource('Scaling.onMemory', ScalingSignalKind.MEMORY, 80, props);
  }

  /** By a metric of the pods in the custom metrics API, which an adapter in the cluster serves. */
  public static onCustomMetric(props: CustomMetricScalingProps): Scaling {
    const { props: bounds, findings } = checkShape('Scaling.onCustomMetric', SHAPES.customMetric, props);
    const signal = { kind: ScalingSignalKind.CUSTOM_METRIC, name: bounds.metric ?? 'unknown', target: bounds.targetPerReplica ?? 1, targetKind: ScalingTargetKind.PER_REPLICA };
    return Scaling.bounded('Scaling.onCustomMetric', { bounds, signals: [signal], findings });
  }

  /** By the requests that are being answered or wait: the best signal of most servers. */
  public static onConcurrency(props: ConcurrencyScalingProps): Scaling {
    return Scaling.onLoad('Scaling.onConcurrency', ScalingSignalKind.CONCURRENCY, props);
  }

  /** By the requests that wait. Alone it saws: once a new copy has taken the queue, nothing seems to be needed. */
  public static onQueueDepth(props: QueueDepthScalingProps): Scaling {
    return Scaling.onLoad('Scaling.onQueueDepth', ScalingSignalKind.QUEUE_DEPTH, props);
  }

  /** By the tokens that are generated in a second. */
  public static onTokens(props: TokensScalingProps): Scaling {
    return Scaling.onLoad('Scaling.onTokens', ScalingSignalKind.TOKENS, props);
  }

  /** By the requests that are answered in a second. */
  public static onRequestRate(props: RequestRateScalingProps): Scaling {
    return Scaling.onLoad('Scaling.onRequestRate', ScalingSignalKind.REQUEST_RATE, props);
  }

  /** By how full the KV cache of the fullest copy is. A good second signal: a prefix cache keeps it high. */
  public static onKvCache(props: KvCacheScalingProps): Scaling {
    return Scaling.onShare('Scaling.onKvCache', ScalingSignalKind.KV_CACHE, props);
  }

  /** By the use of NVIDIA's GPUs, as DCGM tells it: the share of time in which anything runs on them, which one request alone fills. */
  public static onGpu(props: GpuScalingProps): Scaling {
    return Scaling.onShare('Scaling.onGpu', ScalingSignalKind.GPU, props);
  }

  /** By any PromQL that gives one number. KEDA only. */
  public static onQuery(props: QueryScalingProps): Scaling {
    const { props: bounds, findings } = checkShape('Scaling.onQuery', SHAPES.query, props);
    const { query, targetPerReplica, targetValue, standby } = bounds;
    if (query !== undefined) findings.push(...checkPromql('Scaling.onQuery', query));
    if ((targetPerReplica === undefined) === (targetValue === undefined)) {
      findings.push(TARGETS.found({ what: "Scaling.onQuery: one of 'targetPerReplica' and 'targetValue' is needed", got: targetValue === undefined ? 'neither' : 'both', fix: "'targetPerReplica' for a sum, which is divided by the copies; 'targetValue' for a ratio or an average, which is not" }));
    } else if (targetValue !== undefined && (standby ?? 0) > 0) {
      findings.push(TARGETS.found({ what: "Scaling.onQuery: 'standby' needs 'targetPerReplica'", got: standby, fix: 'leave it out: what stands for no number of copies can not hold some back' }));
    }
    const signal: ScalingSignal = {
      kind: ScalingSignalKind.QUERY, name: 'query', target: targetPerReplica ?? targetValue ?? 1, targetKind: targetValue === undefined ? ScalingTargetKind.PER_REPLICA : ScalingTargetKind.VALUE, query: query ?? 'vector(0)', ...standbyOf(standby),
    };
    return Scaling.bounded('Scaling.onQuery', { bounds, signals: [signal], findings });
  }

  /** By the messages of a Kafka topic that a consumer group has not read yet. KEDA only. */
  public static onKafkaLag(props: KafkaLagScalingProps): Scaling {
    const { props: bounds, findings } = checkShape('Scaling.onKafkaLag', SHAPES.kafka, props);
    const { bootstrapServers, consumerGroup, topic, allowIdleConsumers, access, targetPerReplica } = bounds;
    const kafka = { bootstrapServers: bootstrapServers ?? [], consumerGroup: consumerGroup ?? 'unknown', topic: topic ?? 'unknown', allowIdleConsumers, access };
    const signal = { kind: ScalingSignalKind.KAFKA_LAG, name: 'kafka-lag', target: targetPerReplica ?? 1, targetKind: ScalingTargetKind.PER_REPLICA, kafka };
    return Scaling.bounded('Scaling.onKafkaLag', { bounds, signals: [signal], findings });
  }

  /** By the time of day: in each window at least so many copies run, outside of all `min`. KEDA only. */
  public static onSchedule(props: ScheduleScalingProps): Scaling {
    const { props: bounds, findings } = checkShape('Scaling.onSchedule', SHAPES.schedule, props);
    const checked = checkSchedule('Scaling.onSchedule', bounds.timeZone, bounds.windows ?? [], bounds.max);
    const signal = { kind: ScalingSignalKind.SCHEDULE, name: 'schedule', target: 1, targetKind: ScalingTargetKind.PER_REPLICA, timeZone: bounds.timeZone ?? 'UTC', windows: checked.windows };
    return Scaling.bounded('Scaling.onSchedule', { bounds, signals: [signal], findings: [...findings, ...checked.findings] });
  }

  /**
   * By several signals: as many copies as the one that asks for the most.
   * @param scalings that have the same `min` and `max`; neither fixed nor external.
   */
  public static highestOf(scalings: Scaling[]): Scaling {
    const { props, findings } = checkShape('Scaling.highestOf', { scalings: is.required(is.list(is.instance(Scaling, 'Scaling.onConcurrency({ ... })'), { min: 1 })) }, { scalings });
    const all = props.scalings ?? [];
    const first = all[0];
    if (first === undefined) return new Scaling(1, 1, { bounds: {}, signals: [], findings }, false);
    const wrong = (what: string, got: string, fix: string): number => findings.push(COMBINED.found({ what: `Scaling.highestOf: ${what}`, got, fix }));
    if (all.some((one) => one.signals.length === 0)) wrong('a scaling that follows no signal', 'Scaling.fixed or Scaling.external', 'leave it out; the least of all is `min`');
    if (all.some((one) => one.min !== first.min || one.max !== first.max)) wrong('the scalings have different bounds', all.map((one) => `${one.min} to ${one.max}`).join(', '), "give all the same 'min' and 'max'");
    const autoscalers = [...new Set(all.map((one) => one.autoscaler).filter((one) => one !== undefined))];
    if (autoscalers.length > 1) wrong('the scalings name different autoscalers', autoscalers.join(', '), "give one 'autoscaler', or none");
    const longest = all.map((one) => one.scaleDownAfter).filter((one) => one !== undefined).sort((a, b) => secondsOf(b) - secondsOf(a))[0];
    const fallbacks = all.map((one) => one.fallbackReplicas).filter((one) => one !== undefined);
    return new Scaling(first.min, first.max, {
      bounds: { scaleDownAfter: longest, fallbackReplicas: fallbacks.length === 0 ? undefined : Math.max(...fallbacks), autoscaler: autoscalers[0] }, signals: all.flatMap((one) => one.signals), findings,
    }, false, all.flatMap((one) => one.wakes));
  }

  /**
   * By an autoscaler of your own, such as a cdk8s-plus `HorizontalPodAutoscaler` whose target is the service: the manifest then has no
   * number of copies.
   */
  public static external(props: ExternalScalingProps): Scaling {
    const checked = checkShape('Scaling.external', SHAPES.external, props);
    return Scaling.bounded('Scaling.external', { bounds: checked.props, signals: [], findings: checked.findings }, true);
  }

  private static onResource(owner: string, kind: ScalingSignalKind, percent: number, props: CpuScalingProps): Scaling {
    const { props: bounds, findings } = checkShape(owner, SHAPES.resource, props);
    return Scaling.bounded(owner, { bounds, signals: [{ kind, name: kind, target: bounds.targetPercent ?? percent, targetKind: ScalingTargetKind.UTILIZATION }], findings });
  }

  private static onLoad(owner: string, kind: ScalingSignalKind, props: LoadScalingProps & { targetPerReplica: number }): Scaling {
    const { props: bounds, findings } = checkShape(owner, SHAPES.load, props);
    return Scaling.bounded(owner, { bounds, signals: [{ kind, name: nameOf(kind), target: bounds.targetPerReplica ?? 1, targetKind: ScalingTargetKind.PER_REPLICA, ...standbyOf(bounds.standby) }], findings });
  }

  private static onShare(owner: string, kind: ScalingSignalKind, props: KvCacheScalingProps): Scaling {
    const { props: bounds, findings } = checkShape(owner, SHAPES.share, props);
    return Scaling.bounded(owner, { bounds, signals: [{ kind, name: nameOf(kind), target: (bounds.targetPercent ?? 80) / 100, targetKind: ScalingTargetKind.VALUE }], findings });
  }

  private static bounded(owner: string, parts: Parts, external = false): Scaling {
    const { bounds, findings } = parts;
    const min = bounds.min ?? 1;
    const max = bounds.max ?? Math.max(min, 1);
    if (bounds.max !== undefined && min > max) {
      findings.push(MIN_ABOVE_MAX.found({ what: `${owner}: 'min' is above 'max'`, got: `min ${min}, max ${max}`, allowed: 'min at most max', fix: 'exchange them, or raise max' }));
    } else if (bounds.fallbackReplicas !== undefined && (bounds.fallbackReplicas < min || bounds.fallbackReplicas > max)) {
      findings.push(FALLBACK.found({ what: `${owner}: 'fallbackReplicas' is outside of 'min' and 'max'`, got: bounds.fallbackReplicas, allowed: `${Math.max(1, min)} to ${max}`, fix: 'give a number between them' }));
    }
    return new Scaling(min, max, parts, external);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Copies at least. */
  public readonly min: number;
  /** Copies at most. */
  public readonly max: number;
  /** What the number of copies follows, whichever asks for the most; none when it is fixed. */
  public readonly signals: ScalingSignal[];
  /** Whether an autoscaler outside of the library sets the copies. */
  public readonly externallyScaled: boolean;
  /** How long the load must stay low before a copy goes, if it was said. */
  public readonly scaleDownAfter?: Duration;
  /** Copies at least while metrics are missing, if it was said. */
  public readonly fallbackReplicas?: number;
  /** What wakes the service from zero copies. */
  public readonly wakes: Wake[];
  /** Who changes the number of copies, if it was said. */
  public readonly autoscaler?: Autoscaler;

  private constructor(min: number, max: number, parts: Parts, external: boolean, wakes?: Wake[]) {
    this.min = min;
    this.max = max;
    this.signals = parts.signals;
    this.externallyScaled = external;
    this.scaleDownAfter = parts.bounds.scaleDownAfter;
    this.fallbackReplicas = parts.bounds.fallbackReplicas;
    this.wakes = wakes ?? (parts.bounds.wake === undefined ? [] : [parts.bounds.wake]);
    this.autoscaler = parts.bounds.autoscaler;
    this._findings = parts.findings;
  }

  /** Whether an autoscaler sets the number of copies. */
  public get autoscaled(): boolean {
    return this.externallyScaled || this.signals.length > 0;
  }
}

/** A kind as the name of a trigger: `queueDepth` → `queue-depth`. */
function nameOf(kind: ScalingSignalKind): string {
  return kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function standbyOf(standby: number | undefined): { standby?: number } {
  return standby === undefined || standby === 0 ? {} : { standby };
}
