import { Duration } from 'cdk8s';
import { is, Shape } from '../describe/checks/shape';
import { LoadCurve } from '../describe/load-curve';
import { LoadMeasure } from '../describe/load-measure';

/** What a simulation needs to know beside the scaling: the load, and what a copy can do. */
export interface ScalingSimulationProps {
  /** Requests a second over time. */
  readonly load: LoadCurve;
  /** Requests a second that one copy answers at the most: measure it. */
  readonly capacityPerReplica: number;
  /**
   * Requests that a copy works at together; with the capacity it gives the time of one: 8 together at 40 a second take 0.2 s.
   * @default 1
   */
  readonly concurrencyPerReplica?: number;
  /**
   * CPU of a copy at its capacity, in percent of what it requests.
   * @default 100
   */
  readonly cpuAtCapacity?: number;
  /**
   * CPU of a copy without a request, in percent of what it requests.
   * @default 0
   */
  readonly cpuAtRest?: number;
  /**
   * CPU of a copy while it loads the model, in percent of what it requests.
   * @default 100
   */
  readonly cpuAtStart?: number;
  /**
   * What the metric of `Scaling.onCustomMetric` says of the load.
   * @default - what the server's table of metrics says of its name
   */
  readonly customMetric?: LoadMeasure;
  /**
   * Copies that are ready at the beginning.
   * @default - as many as the first second's load asks for in the long run
   */
  readonly initialReplicas?: number;
  /**
   * How long the images of a copy are pulled, and a node is waited for where none has room.
   * @default - no time: the images are on the nodes
   */
  readonly pullTime?: Duration;
  /**
   * How long a copy takes from its order until it is ready.
   * @default - pullTime, download and load time as they are planned: careful numbers, until you have measured. Without a service it has to be given
   */
  readonly startTime?: Duration;
  /**
   * Requests that may wait at a copy; more are lost.
   * @default - as many as come
   */
  readonly maxQueuePerReplica?: number;
  /**
   * How long a client waits for an answer.
   * @default - the service's request timeout; 30 seconds without a service
   */
  readonly requestTimeout?: Duration;
  /**
   * How often the HPA decides: `--horizontal-pod-autoscaler-sync-period`.
   * @default Duration.seconds(15)
   */
  readonly syncPeriod?: Duration;
  /**
   * Share by which the metric may be off its target before the HPA acts: `--horizontal-pod-autoscaler-tolerance`.
   * @default 0.1
   */
  readonly tolerance?: number;
  /**
   * Age up to which a copy's CPU only counts once it is ready: `--horizontal-pod-autoscaler-cpu-initialization-period`.
   * @default Duration.minutes(5)
   */
  readonly cpuInitializationPeriod?: Duration;
  /**
   * Age up to which a copy that is not ready counts as never having been: `--horizontal-pod-autoscaler-initial-readiness-delay`.
   * @default Duration.seconds(30)
   */
  readonly initialReadinessDelay?: Duration;
  /**
   * Time between two looks at a copy's metrics: metrics-server's resolution, or Prometheus' scrape interval.
   * @default - 15 seconds for CPU, 30 for all others
   */
  readonly metricInterval?: Duration;
  /**
   * Time that a rate is taken over.
   * @default - 2 minutes for rates, the interval for CPU; the others are as they are at the moment
   */
  readonly metricWindow?: Duration;
  /**
   * How old a value is already as it is looked at.
   * @default - 5 seconds for CPU, else none
   */
  readonly metricDelay?: Duration;
  /**
   * Time between two points of the result.
   * @default - such that there are at most 720
   */
  readonly resolution?: Duration;
}

/** Properties of `ScalingSimulation.ofScaling`: no service says how long a copy starts and stops, so `startTime` is needed. */
export interface ScalingOnlySimulationProps extends ScalingSimulationProps {
  /**
   * How long a copy that is told to stop goes on costing.
   * @default Duration.seconds(30)
   */
  readonly stopTime?: Duration;
}

const time = is.duration(0);

export const SIMULATION: Shape<ScalingSimulationProps> = {
  load: is.required(is.instance(LoadCurve, "LoadCurve.fromCsv('load.csv')")), capacityPerReplica: is.required(is.number(0.0001, 1e6)), concurrencyPerReplica: is.number(0.001, 1e6),
  cpuAtCapacity: is.number(0.1, 10_000), cpuAtRest: is.number(0, 10_000), cpuAtStart: is.number(0, 10_000), customMetric: is.oneOf(Object.values(LoadMeasure)),
  initialReplicas: is.integer(0, 10_000), pullTime: time, startTime: time, maxQueuePerReplica: is.number(0), requestTimeout: is.duration(0.001),
  syncPeriod: is.duration(1, 3600), tolerance: is.number(0, 1), cpuInitializationPeriod: time, initialReadinessDelay: time,
  metricInterval: is.duration(1, 3600), metricWindow: is.duration(1, 86_400), metricDelay: is.duration(0, 3600), resolution: is.duration(1),
};

export const SCALING_ONLY: Shape<ScalingOnlySimulationProps> = { ...SIMULATION, startTime: is.required(time), stopTime: time };
