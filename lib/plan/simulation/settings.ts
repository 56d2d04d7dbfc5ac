import { LoadMeasure } from '../../describe/load-measure';
import { Finding, ProblemKind } from '../../describe/problem';
import { behaviorOf } from './behavior';
import { SimulatedMetric, SimulatedSignal, SimulationInput } from './input';
import { ScalingFacts } from './scaling-facts';

const SIGNAL = ProblemKind.error('SERVING_SIMULATION_SIGNAL', 'A simulation of a metric that a load does not determine', 'Nobody can tell from requests a second what memory, tokens, a KV cache or a metric of unknown meaning will be.');
const FROM_ZERO = ProblemKind.error('SERVING_SIMULATION_FROM_ZERO', 'A simulation of a service that goes to zero', 'What wakes it holds its requests or loses them, and that is not in the plan.');
const EXTERNAL = ProblemKind.error('SERVING_SIMULATION_EXTERNAL', "A simulation of somebody else's autoscaler", 'Its rules are not in the plan.');

/** What a caller says of a simulation; times in seconds. */
export interface SimulationSettings {
  readonly seconds: number;
  readonly arrivals: (second: number) => number;
  readonly capacity: number;
  readonly concurrency: number;
  readonly cpuAtRest: number;
  readonly cpuAtCapacity: number;
  readonly cpuAtStart: number;
  /** What a metric means whose name says nothing. */
  readonly customMetric?: LoadMeasure;
  readonly initial?: number;
  readonly pull: number;
  readonly start?: number;
  readonly queuePerCopy: number;
  readonly patience?: number;
  readonly sync: number;
  readonly tolerance: number;
  readonly cpuInitialization: number;
  readonly initialReadiness: number;
  readonly metricInterval?: number;
  readonly metricWindow?: number;
  readonly metricDelay?: number;
}

/**
 * How metrics come, unless it is said: CPU by metrics-server as it is published (a look in 15 s, at numbers that the node's agent renews in about
 * 10 s), everything else by a Prometheus that scrapes in 30 s, rates over two minutes.
 */
const METRICS: { readonly [measure in LoadMeasure]: SimulatedMetric } = {
  [LoadMeasure.CPU]: { interval: 15, window: 15, delay: 5 },
  [LoadMeasure.RATE]: { interval: 30, window: 120, delay: 0 },
  [LoadMeasure.CONCURRENCY]: { interval: 30, window: 0, delay: 0 },
  [LoadMeasure.QUEUE]: { interval: 30, window: 0, delay: 0 },
};

/** Puts together what a simulation goes by; findings where a plan can't be simulated. */
export function simulationInput(facts: ScalingFacts, settings: SimulationSettings): { input: SimulationInput; findings: Finding[] } {
  const findings: Finding[] = [];
  if (facts.external) findings.push(EXTERNAL.found({ what: 'the copies follow an autoscaler outside of the library', got: 'Scaling.external', fix: 'simulate a Scaling that says the same' }));
  if (facts.min === 0) findings.push(FROM_ZERO.found({ what: 'the service may have no copy at all', got: 'min: 0', allowed: 'a least number of 1 or more', fix: "simulate it with 'min: 1', and add the time of a start to the first answer" }));
  const signals = facts.signals.flatMap((signal): SimulatedSignal[] => {
    const measure = signal.measure ?? (signal.custom ? settings.customMetric : undefined);
    if (measure !== undefined) return [{ measure, target: signal.target, total: signal.total, standby: signal.standby, metric: metricOf(measure, settings) }];
    findings.push(SIGNAL.found({
      what: `a load does not say what '${signal.name}' will be`, got: signal.name, allowed: 'CPU, and metrics that count requests: rate, concurrency, queue',
      fix: !signal.custom ? 'simulate another signal' : "say what the metric means: 'customMetric: LoadMeasure.QUEUE'",
    }));
    return [];
  });
  const pending = Math.round(settings.pull + facts.download);
  const start = settings.start === undefined ? pending + facts.load : settings.start;
  const input: SimulationInput = {
    seconds: Math.max(1, Math.ceil(settings.seconds)), arrivals: settings.arrivals,
    min: facts.stopped ? 0 : facts.min, max: facts.stopped ? 0 : facts.max, signals: facts.stopped ? [] : signals,
    behavior: behaviorOf(facts.behavior, settings.tolerance), initial: 0, cpuMillis: facts.cpuMillis,
    copy: { pending: Math.min(pending, Math.round(start)), loading: Math.max(0, Math.round(start) - pending), stopping: Math.round(facts.stop) },
    work: { capacity: settings.capacity, serviceTime: settings.concurrency / settings.capacity, cpuAtRest: settings.cpuAtRest, cpuAtCapacity: settings.cpuAtCapacity, cpuAtStart: settings.cpuAtStart },
    patience: settings.patience ?? facts.request, queuePerCopy: settings.queuePerCopy, sync: Math.max(1, Math.round(settings.sync)),
    calculator: { toleranceUp: settings.tolerance, toleranceDown: settings.tolerance, cpuInitializationSeconds: settings.cpuInitialization, initialReadinessSeconds: settings.initialReadiness },
  };
  return { input: { ...input, initial: facts.stopped ? 0 : settings.initial ?? calmCopies(input) }, findings };
}

function metricOf(measure: LoadMeasure, settings: SimulationSettings): SimulatedMetric {
  const standard = METRICS[measure];
  const interval = Math.max(1, Math.round(settings.metricInterval ?? standard.interval));
  // metrics-server's window is the time between its looks
  const window = measure === LoadMeasure.CPU ? interval : Math.round(settings.metricWindow ?? standard.window);
  return { interval, window, delay: Math.round(settings.metricDelay ?? standard.delay) };
}

/** As many copies as the first second's load would have had for long. */
function calmCopies(input: SimulationInput): number {
  const load = input.arrivals(0);
  const { capacity, serviceTime, cpuAtRest, cpuAtCapacity } = input.work;
  const asked = input.signals.map(({ measure, target, standby }) => standby + alone(measure, target));
  function alone(measure: LoadMeasure, target: number): number {
    if (measure === LoadMeasure.RATE) return load / target;
    if (measure === LoadMeasure.CONCURRENCY) return load * serviceTime / target;
    if (measure === LoadMeasure.QUEUE) return load / capacity;
    return target > cpuAtRest ? load / capacity * (cpuAtCapacity - cpuAtRest) / (target - cpuAtRest) : input.max;
  }
  return Math.min(input.max, Math.max(input.min, ...asked.map((one) => Math.ceil(one - 1e-9))));
}
