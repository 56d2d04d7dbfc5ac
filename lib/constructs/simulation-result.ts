import { Plot, svgPlot } from '../plan/simulation/plot';
import { SimulatedSecond } from '../plan/simulation/input';

/** What is true at a time of a simulation. Rates are means over the time until the next point. */
export interface SimulationPoint {
  /** Seconds from the beginning. */
  readonly second: number;
  /** Requests a second that come. */
  readonly load: number;
  /** Requests a second that could be answered. */
  readonly capacity: number;
  /** Copies that the autoscaler wants. */
  readonly desired: number;
  /** Copies that answer. */
  readonly ready: number;
  /** Copies on their way: they cost and don't answer yet. */
  readonly starting: number;
  /** Copies that are told to stop and not yet gone: they cost and take no more requests. */
  readonly stopping: number;
  /** Requests that wait. */
  readonly queue: number;
  /** Requests a second that are answered. */
  readonly answered: number;
  /** Requests a second that are lost: they waited too long, or found no room or no copy. */
  readonly dropped: number;
  /** Mean time of an answer, in seconds: the wait and the work. */
  readonly latency: number;
}

/** What a whole simulation comes to. */
export interface SimulationTotals {
  /** Requests that came. */
  readonly requests: number;
  /** Requests that were answered. */
  readonly answered: number;
  /** Requests that were lost. */
  readonly dropped: number;
  /** Requests that still wait at the end. */
  readonly waiting: number;
  /** Lost requests, in percent of all. */
  readonly droppedPercent: number;
  /** Copies at the most, those that start and stop included. */
  readonly mostCopies: number;
  /** Requests that waited at the most. */
  readonly longestQueue: number;
  /** The longest mean time of an answer, in seconds. */
  readonly worstLatency: number;
  /** Hours of copies, from the order to start until they are gone. */
  readonly copyHours: number;
  /**
   * What the copies cost by what they request, in the cluster's currency.
   * @default - not known: the Cluster lacks a price
   */
  readonly cost?: number;
}

/** What came of a simulation, as data and as a picture. */
export class SimulationResult {
  /** @internal */
  public static _of(title: string, seconds: readonly SimulatedSecond[], resolution: number, work: { capacity: number; serviceTime: number }, copyPerHour: number | undefined): SimulationResult {
    const points: SimulationPoint[] = [];
    for (let from = 0; from < seconds.length; from += resolution) points.push(pointOf(seconds.slice(from, from + resolution), work));
    return new SimulationResult(title, points, totalsOf(seconds, work.serviceTime, copyPerHour));
  }

  private constructor(
    private readonly title: string,
    /** What was true when. */
    public readonly points: SimulationPoint[],
    /** What it comes to. */
    public readonly totals: SimulationTotals,
  ) {}

  /** The points as CSV, with a line of titles. */
  public toCsv(): string {
    const columns = ['second', 'load', 'capacity', 'desired', 'ready', 'starting', 'stopping', 'queue', 'answered', 'dropped', 'latency'] as const;
    return [columns.join(','), ...this.points.map((point) => columns.map((column) => Math.round(point[column] * 1000) / 1000).join(',')), ''].join('\n');
  }

  /** A picture: load and capacity, copies, queue and lost requests over time. It reads on light and dark ground. */
  public toSvg(): string {
    const { totals, points } = this;
    const values = (key: keyof SimulationPoint): number[] => points.map((point) => point[key]);
    const plot: Plot = {
      title: this.title,
      description: `${whole(totals.requests)} requests, ${whole(totals.dropped)} lost (${two(totals.droppedPercent)} %), at most ${totals.mostCopies} copies, ${two(totals.copyHours)} copy-hours${totals.cost === undefined ? '' : `, cost ${two(totals.cost)}`}.`,
      times: values('second'),
      panels: [
        { title: 'Load', unit: 'requests/s', series: [{ label: 'comes', values: values('load'), kind: 'line', tone: 1 }, { label: 'could be answered', values: values('capacity'), kind: 'step', tone: 3 }] },
        {
          title: 'Copies', unit: 'number', series: [
            { label: 'desired', values: values('desired'), kind: 'step', tone: 4, dashed: true }, { label: 'ready', values: values('ready'), kind: 'step', tone: 3 },
            { label: 'starting', values: values('starting'), kind: 'step', tone: 2 },
          ],
        },
        { title: 'Requests', unit: 'number', series: [{ label: 'waiting', values: values('queue'), kind: 'area', tone: 2 }, { label: 'lost since the beginning', values: this.lost(), kind: 'line', tone: 5 }] },
      ],
    };
    return svgPlot(plot);
  }

  /** Lost requests up to each point. */
  private lost(): number[] {
    let lost = 0;
    return this.points.map((point, i) => {
      const before = lost;
      lost += point.dropped * ((this.points[i + 1]?.second ?? point.second) - point.second);
      return before;
    });
  }
}

function pointOf(seconds: readonly SimulatedSecond[], { capacity, serviceTime }: { capacity: number; serviceTime: number }): SimulationPoint {
  const mean = (value: (one: SimulatedSecond) => number): number => seconds.reduce((sum, one) => sum + value(one), 0) / seconds.length;
  const first = seconds[0]!;
  const answered = mean((one) => one.answered);
  return {
    second: first.second, load: mean((one) => one.arrived), capacity: first.ready * capacity, desired: first.wanted, ready: first.ready, starting: first.wanted - first.ready, stopping: first.stopping,
    queue: Math.max(...seconds.map((one) => one.waiting)), answered, dropped: mean((one) => one.dropped),
    latency: answered > 0 ? serviceTime + mean((one) => one.waited * one.answered) / answered : 0,
  };
}

function totalsOf(seconds: readonly SimulatedSecond[], serviceTime: number, copyPerHour: number | undefined): SimulationTotals {
  const sum = (value: (one: SimulatedSecond) => number): number => seconds.reduce((total, one) => total + value(one), 0);
  const most = (value: (one: SimulatedSecond) => number): number => seconds.reduce((high, one) => Math.max(high, value(one)), 0);
  const requests = sum((one) => one.arrived);
  const dropped = sum((one) => one.dropped);
  const copyHours = sum((one) => one.wanted + one.stopping) / 3600;
  return {
    requests, answered: sum((one) => one.answered), dropped, waiting: seconds[seconds.length - 1]?.waiting ?? 0, droppedPercent: requests > 0 ? dropped / requests * 100 : 0,
    mostCopies: most((one) => one.wanted + one.stopping), longestQueue: most((one) => one.waiting), worstLatency: most((one) => (one.answered > 0 ? one.waited + serviceTime : 0)), copyHours,
    ...(copyPerHour === undefined ? {} : { cost: Math.round(copyHours * copyPerHour * 1e6) / 1e6 }),
  };
}

function whole(value: number): string {
  return String(Math.round(value));
}

function two(value: number): string {
  return String(Math.round(value * 100) / 100);
}
