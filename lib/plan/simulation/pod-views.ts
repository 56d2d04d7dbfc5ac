import { LoadMeasure } from '../../describe/load-measure';
import { Fleet } from './fleet';
import { History } from './history';
import { SimulatedSignal } from './input';
import { PodGroupView } from './replica-calculator';

/** A container's first sample counts from this age on: metrics-server's `freshContainerMinMetricsResolution`. */
const FRESH_SECONDS = 10;

/** The copies as the controller sees them now, with what was last measured of each. */
export function podViews(now: number, fleet: Fleet, history: History, signal: SimulatedSignal, cpuMillis: number): PodGroupView[] {
  return fleet.batches.map((batch) => ({
    count: batch.count, pending: batch.running > now, ready: batch.ready <= now, startedAt: batch.created,
    // a condition that was never true is as old as the pod
    readySince: batch.ready <= now ? batch.ready : batch.created,
    metric: measured(now, batch, history, signal, cpuMillis),
  }));
}

function measured(now: number, batch: Fleet['batches'][number], history: History, { measure, metric }: SimulatedSignal, cpuMillis: number): PodGroupView['metric'] {
  const { interval, window, delay } = metric;
  // half an interval old on average: looks fall between the controller's decisions
  const phase = Math.floor(interval / 2);
  const at = Math.floor((now - phase) / interval) * interval + phase - delay;
  const from = first(at, batch.running, interval, measure === LoadMeasure.CPU, window);
  if (from === undefined) return undefined;
  const value = history.mean(measure, batch, Math.max(from, at - Math.max(window, 1)), at);
  // the API counts in thousandths, rounded up
  return { milli: Math.ceil((measure === LoadMeasure.CPU ? value / 100 * cpuMillis : value * 1000) - 1e-6), at, windowSeconds: window };
}

/** From when on there is a value at a look; undefined when it takes another look. */
function first(at: number, running: number, interval: number, cpu: boolean, window: number): number | undefined {
  if (window === 0) return at >= running ? at - 1 : undefined;
  if (cpu && at - running >= FRESH_SECONDS && at - running < interval) return running;
  // a mean over time needs two looks
  const firstLook = at - Math.floor((at - running) / interval) * interval;
  return firstLook < at ? firstLook : undefined;
}
