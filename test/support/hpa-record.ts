import { Duration } from 'cdk8s';
import { LoadCurve, Scaling, ScalingSimulation, SimulationResult } from '../../lib';

/** How a real HPA changed the copies of a service under a load: what the simulator is held against. */
export interface HpaRecord {
  /** Day of the recording, yyyy-mm-dd. */
  readonly date: string;
  /** Where it was made, in words. */
  readonly conditions: string;
  readonly kubernetes: string;
  /** Seconds, as the controller manager and metrics-server were started. */
  readonly controller: { readonly sync: number; readonly initialReadinessDelay: number; readonly cpuInitializationPeriod: number; readonly metricResolution: number };
  readonly scaling: { readonly min: number; readonly max: number; readonly targetPercent: number; readonly scaleDownAfterSeconds: number; readonly cpuMillis: number };
  /** Requests a second from a second on. */
  readonly load: readonly (readonly [number, number])[];
  readonly samples: readonly HpaSample[];
  /** Seconds of each copy: made, its containers started, Ready. */
  readonly copies: readonly { readonly created: number; readonly started: number; readonly ready: number }[];
}

/** What was seen at a second. */
export interface HpaSample {
  readonly second: number;
  /** Copies that the workload is told to have. */
  readonly wanted: number;
  readonly ready: number;
  /** CPU in percent of the request, as the HPA says; null before it knows. */
  readonly percent: number | null;
}

/** When a number of copies was first wanted, in the one and in the other; undefined where it never was. */
export interface HpaChange {
  readonly copies: string;
  readonly real?: number;
  readonly simulated?: number;
}

export interface HpaComparison {
  /** CPU that a request a second takes, in percent of what a copy requests: the one number that is fitted. */
  readonly cpuPerRequest: number;
  readonly startSeconds: number;
  readonly result: SimulationResult;
  /** Mean of |real - simulated| wanted copies over time. */
  readonly meanDifference: number;
  /** The greatest difference at any time. */
  readonly greatestDifference: number;
  /** Seconds in which the two differ, in percent of all. */
  readonly differsPercent: number;
  readonly mostReal: number;
  readonly mostSimulated: number;
  readonly changes: readonly HpaChange[];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const rateAt = (record: HpaRecord, second: number): number => [...record.load].reverse().find(([from]) => second >= from)![1];

/** Runs the simulator on what a record says of load, scaling and controller, and holds the copies of both against each other. */
export function compareWithHpa(record: HpaRecord): HpaComparison {
  const last = record.samples[record.samples.length - 1]!.second;
  const cpuPerRequest = cpuOfRequest(record);
  const made = record.copies.filter((one) => one.created > 0 && one.ready > 0);
  const startSeconds = median(made.map((one) => one.ready - one.created)) || 5;
  const pendingSeconds = median(made.map((one) => one.started - one.created)) || 1;
  // no copy came near to its capacity, so it may be any number above the load; the CPU of a request counts
  const capacity = 2 * Math.max(...record.load.map(([, rate]) => rate));
  const result = ScalingSimulation.ofScaling(
    Scaling.onCpu({ min: record.scaling.min, max: record.scaling.max, targetPercent: record.scaling.targetPercent, scaleDownAfter: Duration.seconds(record.scaling.scaleDownAfterSeconds) }),
    {
      load: LoadCurve.steps(record.load.map(([from, rate], i) => ({ rate, lasts: Duration.seconds((record.load[i + 1]?.[0] ?? last + 1) - from) }))),
      capacityPerReplica: capacity, cpuAtCapacity: cpuPerRequest * capacity, initialReplicas: record.samples[0]!.wanted, startTime: Duration.seconds(startSeconds), pullTime: Duration.seconds(pendingSeconds), resolution: Duration.seconds(1),
      syncPeriod: Duration.seconds(record.controller.sync), metricInterval: Duration.seconds(record.controller.metricResolution), metricDelay: Duration.seconds(0),
      cpuInitializationPeriod: Duration.seconds(record.controller.cpuInitializationPeriod), initialReadinessDelay: Duration.seconds(record.controller.initialReadinessDelay),
    },
  );
  const simulated = (second: number): number => result.points[Math.min(second, result.points.length - 1)]!.desired;
  const real = (second: number): number => [...record.samples].reverse().find((one) => one.second <= second)!.wanted;
  const seconds = Array.from({ length: last }, (_, i) => i).filter((second) => second >= record.samples[0]!.second);
  const differences = seconds.map((second) => Math.abs(real(second) - simulated(second)));
  return {
    cpuPerRequest, startSeconds, result, meanDifference: differences.reduce((a, b) => a + b, 0) / differences.length, greatestDifference: Math.max(...differences),
    differsPercent: differences.filter((one) => one > 0).length / differences.length * 100, mostReal: Math.max(...seconds.map(real)), mostSimulated: Math.max(...seconds.map(simulated)),
    changes: changes(seconds, real, simulated),
  };
}

/** As capacity is measured: of busy copies (half of the target and more), while load and copies had been the same for half a minute. */
function cpuOfRequest(record: HpaRecord): number {
  const calm = record.samples.filter(({ second, ready, percent }) => percent !== null && percent >= record.scaling.targetPercent / 2
    && second >= 30 && rateAt(record, second) === rateAt(record, second - 30) && record.samples.every((one) => one.second < second - 30 || one.second > second || one.ready === ready));
  return median(calm.map(({ second, ready, percent }) => percent! * ready / rateAt(record, second)));
}

function changes(seconds: readonly number[], real: (second: number) => number, simulated: (second: number) => number): HpaChange[] {
  const reached = (of: (second: number) => number, most: number): { up: Map<number, number>; down: Map<number, number> } => {
    const up = new Map<number, number>();
    const down = new Map<number, number>();
    const top = seconds.find((second) => of(second) === most)!;
    for (const second of seconds) (second <= top ? up : down).set(of(second), (second <= top ? up : down).get(of(second)) ?? second);
    return { up, down };
  };
  const most = { real: Math.max(...seconds.map(real)), simulated: Math.max(...seconds.map(simulated)) };
  const [one, other] = [reached(real, most.real), reached(simulated, most.simulated)];
  const [start, end] = [real(seconds[0]!), real(seconds[seconds.length - 1]!)];
  const top = Math.max(most.real, most.simulated);
  return [
    ...Array.from({ length: Math.max(0, top - start) }, (_, i) => start + 1 + i).map((copies) => ({ copies: `up to ${copies}`, real: one.up.get(copies), simulated: other.up.get(copies) })),
    ...Array.from({ length: Math.max(0, top - end) }, (_, i) => top - 1 - i).map((copies) => ({ copies: `down to ${copies}`, real: one.down.get(copies), simulated: other.down.get(copies) })),
  ];
}
