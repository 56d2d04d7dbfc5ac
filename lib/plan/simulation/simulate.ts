import { LoadMeasure } from '../../describe/load-measure';
import { Fleet } from './fleet';
import { History } from './history';
import { HpaController } from './hpa';
import { SimulatedSecond, SimulatedSignal, SimulationInput } from './input';
import { podViews } from './pod-views';
import { RequestQueue } from './queue';
import { replicasByPods, replicasByTotal } from './replica-calculator';

/** After this time batches of copies differ in nothing that a window still covers. */
const SETTLED_SECONDS = 7200;

/** Replays a load against a scaling, second by second. The same input gives the same seconds. */
export function simulate(input: SimulationInput): SimulatedSecond[] {
  const fleet = new Fleet(input.initial, input.copy);
  const queue = new RequestQueue(Math.max(0, input.patience - input.work.serviceTime));
  const history = new History(input.seconds, input.work);
  const controller = new HpaController(input.min, input.max, input.behavior);
  const seconds: SimulatedSecond[] = [];
  for (let now = 0; now < input.seconds; now++) {
    if (now > 0 && now % input.sync === 0 && input.signals.length > 0) {
      fleet.settle(now - SETTLED_SECONDS);
      fleet.scale(now, controller.next(now, fleet.wanted, () => proposal(now, fleet, history, input)));
    }
    const ready = fleet.ready(now);
    const arrived = input.arrivals(now);
    const { answered, dropped, waited } = queue.tick(now, arrived, ready * input.work.capacity, ready * input.queuePerCopy || 0);
    history.note(now, ready, answered, queue.waiting);
    seconds.push({ second: now, arrived, answered, dropped, waited, waiting: queue.waiting, wanted: fleet.wanted, ready, stopping: fleet.stopping(now) });
  }
  return seconds;
}

/** What the signals ask for: the most of all. One that says nothing holds back whoever would go down. */
function proposal(now: number, fleet: Fleet, history: History, input: SimulationInput): number | undefined {
  const current = fleet.wanted;
  const proposals = input.signals.map((signal) => {
    const views = podViews(now, fleet, history, signal, input.cpuMillis);
    if (!signal.total) return replicasByPods(now, current, views, podTarget(signal, input.cpuMillis), input.calculator);
    const total = views.reduce((sum, one) => sum + one.count * (one.metric?.milli ?? 0), 0);
    return replicasByTotal(current, total + signal.standby * signal.target * 1000, signal.target * 1000, input.calculator);
  });
  const known = proposals.filter((one) => one !== undefined);
  if (known.length === 0) return undefined;
  const most = Math.max(...known);
  return known.length < proposals.length && most < current ? undefined : most;
}

function podTarget({ measure, target }: SimulatedSignal, cpuMillis: number): { cpu: boolean; requestMilli?: number; target: number } {
  return measure === LoadMeasure.CPU ? { cpu: true, requestMilli: cpuMillis, target } : { cpu: false, target: target * 1000 };
}
