/** Copies that are alike to the calculator. */
export interface PodGroupView {
  readonly count: number;
  /** Not yet running: its images are pulled, or its init containers run. */
  readonly pending: boolean;
  readonly ready: boolean;
  readonly startedAt: number;
  /** When Ready became what it is. */
  readonly readySince: number;
  /** What the metrics API says of each of them, in thousandths; undefined where it says nothing. */
  readonly metric?: { readonly milli: number; readonly at: number; readonly windowSeconds: number };
}

/** What a metric of the pods is held against. */
export interface PodTarget {
  /** Whether it is the CPU, whose samples of young pods don't count. */
  readonly cpu: boolean;
  /** Thousandths that a copy requests, when the target is a percentage of it. */
  readonly requestMilli?: number;
  /** Percent of the request, else thousandths of the metric per copy. */
  readonly target: number;
}

/** Times and tolerances of a controller. */
export interface CalculatorSettings {
  readonly toleranceUp: number;
  readonly toleranceDown: number;
  readonly cpuInitializationSeconds: number;
  readonly initialReadinessSeconds: number;
}

/**
 * How many copies a metric of the pods asks for: undefined when no pod counts.
 *
 * After `groupPods`, `GetResourceReplicas` and `calcPlainMetricReplicas` of Kubernetes 1.34, whole numbers and all:
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/controller/podautoscaler/replica_calculator.go
 */
export function replicasByPods(now: number, current: number, pods: readonly PodGroupView[], target: PodTarget, settings: CalculatorSettings): number | undefined {
  const { counted, unready, missing } = group(now, pods, target.cpu, settings);
  const countedPods = sum(counted.map((one) => one.count));
  if (countedPods === 0) return undefined;
  const total = sum(counted.map((one) => one.count * one.metric!.milli));
  const ratio = usageRatio(total, countedPods, target);
  const upWithUnready = unready > 0 && ratio > 1;
  if (!upWithUnready && missing === 0) return within(ratio, settings) ? current : Math.ceil(ratio * countedPods);

  // what is not known counts against the change: as nothing when copies would be added, as fully used when they would be taken
  const assumedMissing = ratio < 1 ? missingWhenDown(target) : 0;
  const considered = countedPods + (ratio === 1 ? 0 : missing) + (upWithUnready ? unready : 0);
  const corrected = usageRatio(total + (ratio === 1 ? 0 : missing * assumedMissing), considered, target);
  if (within(corrected, settings) || (ratio < 1 && corrected > 1) || (ratio > 1 && corrected < 1)) return current;
  const wanted = Math.ceil(corrected * considered);
  return (corrected < 1 && wanted > current) || (corrected > 1 && wanted < current) ? current : wanted;
}

/** How many copies a number that is not of the pods asks for, so much a copy: `GetExternalPerPodMetricReplicas`. */
export function replicasByTotal(current: number, totalMilli: number, targetMilli: number, settings: CalculatorSettings): number {
  return within(totalMilli / (targetMilli * current), settings) ? current : Math.ceil(totalMilli / targetMilli);
}

function group(now: number, pods: readonly PodGroupView[], cpu: boolean, settings: CalculatorSettings): { counted: PodGroupView[]; unready: number; missing: number } {
  const counted: PodGroupView[] = [];
  let unready = 0;
  let missing = 0;
  for (const pod of pods) {
    if (pod.pending) unready += pod.count;
    else if (pod.metric === undefined) missing += pod.count;
    else if (cpu && tooYoung(now, pod, settings)) unready += pod.count;
    else counted.push(pod);
  }
  return { counted, unready, missing };
}

/** Whether a sample may be of a start, which burns CPU without a single request. */
function tooYoung(now: number, pod: PodGroupView, settings: CalculatorSettings): boolean {
  if (pod.startedAt + settings.cpuInitializationSeconds > now) return !pod.ready || pod.metric!.at < pod.readySince + pod.metric!.windowSeconds;
  return !pod.ready && pod.startedAt + settings.initialReadinessSeconds > pod.readySince;
}

function usageRatio(totalMilli: number, pods: number, { requestMilli, target }: PodTarget): number {
  // whole percents of the request, whole thousandths of a metric: the controller counts in integers
  return requestMilli === undefined ? Math.trunc(Math.trunc(totalMilli) / pods) / target : Math.trunc(Math.trunc(totalMilli) * 100 / (pods * requestMilli)) / target;
}

function missingWhenDown({ requestMilli, target }: PodTarget): number {
  return requestMilli === undefined ? target : Math.trunc(requestMilli * Math.max(100, target) / 100);
}

function within(ratio: number, { toleranceUp, toleranceDown }: CalculatorSettings): boolean {
  return 1 - toleranceDown <= ratio && ratio <= 1 + toleranceUp;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
