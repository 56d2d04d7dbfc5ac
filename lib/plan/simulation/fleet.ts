/** Times of a copy's life, in seconds. */
export interface CopyTimes {
  /** From the order to running containers: scheduling, pull, download. */
  readonly pending: number;
  /** From running to Ready. */
  readonly loading: number;
  /** From the order to stop until its node is free of it. */
  readonly stopping: number;
}

/** Copies that were made at the same time. */
export interface Batch {
  count: number;
  readonly created: number;
  readonly running: number;
  readonly ready: number;
}

/** The copies of a service: made in batches, ready after a while, the youngest the first to go. */
export class Fleet {
  /** The oldest first. */
  public readonly batches: Batch[] = [];
  private readonly leaving: { count: number; until: number }[] = [];

  /** @param initial copies that are Ready as the simulation begins, and have been for long. */
  public constructor(initial: number, private readonly times: CopyTimes) {
    const long = -86_400;
    if (initial > 0) this.batches.push({ count: initial, created: long, running: long + times.pending, ready: long + times.pending + times.loading });
  }

  /** Copies that the workload is told to have. */
  public get wanted(): number {
    return this.batches.reduce((sum, one) => sum + one.count, 0);
  }

  public ready(now: number): number {
    return this.batches.reduce((sum, one) => (one.ready <= now ? sum + one.count : sum), 0);
  }

  /** Copies that are told to stop and not yet gone. */
  public stopping(now: number): number {
    while (this.leaving.length > 0 && this.leaving[0]!.until <= now) this.leaving.shift();
    return this.leaving.reduce((sum, one) => sum + one.count, 0);
  }

  public scale(now: number, to: number): void {
    const more = to - this.wanted;
    if (more > 0) this.batches.push({ count: more, created: now, running: now + this.times.pending, ready: now + this.times.pending + this.times.loading });
    let fewer = -more;
    while (fewer > 0) {
      const last = this.batches[this.batches.length - 1]!;
      const count = Math.min(fewer, last.count);
      last.count -= count;
      fewer -= count;
      if (last.count === 0) this.batches.pop();
      // a container that never ran has nothing to end
      if (last.running <= now) this.leaving.push({ count, until: now + this.times.stopping });
    }
  }

  /** Puts batches together that are older than a time: nobody tells them apart any more. */
  public settle(before: number): void {
    while (this.batches.length > 1 && this.batches[1]!.ready < before) {
      const [first, second] = this.batches.splice(0, 2) as [Batch, Batch];
      this.batches.unshift({ ...first, count: first.count + second.count });
    }
  }
}
