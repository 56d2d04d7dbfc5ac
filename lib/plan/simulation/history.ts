import { LoadMeasure } from '../../describe/load-measure';
import { Batch } from './fleet';

/** What a copy can do, and what it takes. */
export interface CopyWork {
  /** Requests a second at the most. */
  readonly capacity: number;
  /** Seconds for a request that doesn't wait. */
  readonly serviceTime: number;
  /** Percent of the requested CPU: without a request, at capacity, while it starts. */
  readonly cpuAtRest: number;
  readonly cpuAtCapacity: number;
  readonly cpuAtStart: number;
}

/**
 * What each Ready copy did in every second so far: what metrics are made of. All Ready copies do the same, as requests are spread evenly.
 */
export class History {
  /** Sums up to the beginning of each second. */
  private readonly answered: Float64Array;
  private readonly progress: Float64Array;
  private readonly waiting: Float64Array;

  public constructor(seconds: number, private readonly work: CopyWork) {
    this.answered = new Float64Array(seconds + 1);
    this.progress = new Float64Array(seconds + 1);
    this.waiting = new Float64Array(seconds + 1);
  }

  /** Notes a second that is over. */
  public note(second: number, ready: number, answered: number, waiting: number): void {
    const each = ready > 0 ? 1 / ready : 0;
    this.answered[second + 1] = this.answered[second]! + answered * each;
    this.waiting[second + 1] = this.waiting[second]! + waiting * each;
    this.progress[second + 1] = this.progress[second]! + (answered * this.work.serviceTime + waiting) * each;
  }

  /** The mean of a measure on a copy of a batch, from one second to another; before the simulation it stood still as at its beginning. */
  public mean(measure: LoadMeasure, batch: Batch, from: number, to: number): number {
    if (measure === LoadMeasure.CPU) return this.cpu(batch, from, to);
    const sums = { [LoadMeasure.RATE]: this.answered, [LoadMeasure.CONCURRENCY]: this.progress, [LoadMeasure.QUEUE]: this.waiting }[measure];
    return this.between(sums, Math.max(from, batch.ready), to) / (to - from);
  }

  private cpu(batch: Batch, from: number, to: number): number {
    const { cpuAtCapacity, cpuAtRest, cpuAtStart, capacity } = this.work;
    const starting = Math.max(0, Math.min(to, batch.ready) - Math.max(from, batch.running));
    const ready = Math.max(0, to - Math.max(from, batch.ready));
    const answered = this.between(this.answered, Math.max(from, batch.ready), to);
    return (starting * cpuAtStart + ready * cpuAtRest + answered / capacity * (cpuAtCapacity - cpuAtRest)) / (to - from);
  }

  private between(sums: Float64Array, from: number, to: number): number {
    if (to <= from) return 0;
    const first = sums[1]!;
    const at = (second: number): number => (second < 0 ? second * first : sums[second]!);
    return at(to) - at(from);
  }
}
