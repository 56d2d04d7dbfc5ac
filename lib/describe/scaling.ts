import { Duration } from 'cdk8s';
import { checkShape, is, Shape } from './checks/shape';
import { Finding, ProblemKind } from './problem';

const MIN_ABOVE_MAX = ProblemKind.error('SERVING_SCALING_MIN_ABOVE_MAX', 'The least number of copies is above the most', 'No number of copies satisfies both.');

/** How many copies at least and at most, and how fast. */
export interface ScalingBounds {
  /** Copies that always run. At least 1: an HPA can't wake a service from zero. */
  readonly min: number;
  /** Copies at the most. */
  readonly max: number;
  /**
   * How long the load must stay low before a copy goes.
   * @default - the longer of 5 minutes and twice the time that a copy needs to start
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

/** Properties of `Scaling.external`. */
export interface ExternalScalingProps {
  /** Copies at least. */
  readonly min: number;
  /** Copies at most: what GPU pools are checked against. */
  readonly max: number;
}

/** What a HorizontalPodAutoscaler watches. */
export interface ScalingSignal {
  /** `cpu`, `memory`, or a metric of the custom metrics API. */
  readonly name: string;
  /** Whether `name` is a resource (percent of the request) or a pods metric (value per copy). */
  readonly resource: boolean;
  /** Percent, or value per copy. */
  readonly target: number;
}

const BOUNDS: Shape<ScalingBounds> = { min: is.required(is.integer(1, 10_000)), max: is.required(is.integer(1, 10_000)), scaleDownAfter: is.duration(0, 3600) };
const RESOURCE: Shape<CpuScalingProps> = { ...BOUNDS, targetPercent: is.integer(1, 1000) };
const METRIC: Shape<CustomMetricScalingProps> = {
  ...BOUNDS,
  metric: is.required(is.text("a metric's name without ':', which the metrics API can't be asked for", /^[A-Za-z_][A-Za-z0-9_.-]{0,252}$/, { fix: "let the adapter rename the metric: 'vllm:num_requests_waiting' as 'vllm_num_requests_waiting'" })),
  targetPerReplica: is.required(is.number(0.001)),
};
const EXTERNAL: Shape<ExternalScalingProps> = { min: is.required(is.integer(1, 10_000)), max: is.required(is.integer(1, 10_000)) };
const FIXED: Shape<{ replicas: number }> = { replicas: is.required(is.integer(1, 10_000)) };

/** How many copies run: a fixed number, or as many as the load asks for. */
export class Scaling {
  /**
   * Always the same number of copies.
   * @param replicas at least 1; to run none, say `hold: Hold.stopped(...)`.
   */
  public static fixed(replicas: number): Scaling {
    const { props, findings } = checkShape('Scaling.fixed', FIXED, { replicas });
    const copies = props.replicas ?? 1;
    return new Scaling(copies, copies, [], false, undefined, findings);
  }

  /** By the CPU that the copies use, in percent of what they request. */
  public static onCpu(props: CpuScalingProps): Scaling {
    const checked = checkShape('Scaling.onCpu', RESOURCE, props);
    return Scaling.bounded('Scaling.onCpu', checked.props, [{ name: 'cpu', resource: true, target: checked.props.targetPercent ?? 70 }], false, checked.findings);
  }

  /** By the memory that the copies use, in percent of what they request. Few servers give memory back: rarely right. */
  public static onMemory(props: MemoryScalingProps): Scaling {
    const checked = checkShape('Scaling.onMemory', RESOURCE, props);
    return Scaling.bounded('Scaling.onMemory', checked.props, [{ name: 'memory', resource: true, target: checked.props.targetPercent ?? 80 }], false, checked.findings);
  }

  /** By a metric of the pods in the custom metrics API, which an adapter in the cluster serves. */
  public static onCustomMetric(props: CustomMetricScalingProps): Scaling {
    const checked = checkShape('Scaling.onCustomMetric', METRIC, props);
    const signal = { name: checked.props.metric ?? 'unknown', resource: false, target: checked.props.targetPerReplica ?? 1 };
    return Scaling.bounded('Scaling.onCustomMetric', checked.props, [signal], false, checked.findings);
  }

  /**
   * By an autoscaler of your own, such as a cdk8s-plus `HorizontalPodAutoscaler` whose target is the service: the manifest then has no
   * number of copies.
   */
  public static external(props: ExternalScalingProps): Scaling {
    const checked = checkShape('Scaling.external', EXTERNAL, props);
    return Scaling.bounded('Scaling.external', checked.props, [], true, checked.findings);
  }

  private static bounded(owner: string, bounds: Partial<ScalingBounds>, signals: ScalingSignal[], external: boolean, findings: Finding[]): Scaling {
    const min = bounds.min ?? 1;
    const max = bounds.max ?? Math.max(min, 1);
    if (bounds.max !== undefined && min > max) {
      findings.push(MIN_ABOVE_MAX.found({ what: `${owner}: 'min' is above 'max'`, got: `min ${min}, max ${max}`, allowed: 'min at most max', fix: 'exchange them, or raise max' }));
    }
    return new Scaling(min, max, signals, external, bounds.scaleDownAfter, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Copies at least. */
  public readonly min: number;
  /** Copies at most. */
  public readonly max: number;
  /** What the number of copies follows; none when it is fixed. */
  public readonly signals: ScalingSignal[];
  /** Whether an autoscaler outside of the library sets the copies. */
  public readonly externallyScaled: boolean;
  /** How long the load must stay low before a copy goes, if it was said. */
  public readonly scaleDownAfter?: Duration;

  private constructor(min: number, max: number, signals: ScalingSignal[], external: boolean, scaleDownAfter: Duration | undefined, findings: Finding[]) {
    this.min = min;
    this.max = max;
    this.signals = signals;
    this.externallyScaled = external;
    this.scaleDownAfter = scaleDownAfter;
    this._findings = findings;
  }

  /** Whether an autoscaler sets the number of copies. */
  public get autoscaled(): boolean {
    return this.externallyScaled || this.signals.length > 0;
  }
}
