/** What happened to requests in a tick. */
export interface Served {
  readonly answered: number;
  readonly dropped: number;
  /** Mean wait of those that were answered, in seconds; 0 without any. */
  readonly waited: number;
}

/**
 * Requests that wait for a copy, first come, first served. A fluid: parts of requests are counted, and nothing is random.
 *
 * All copies share one queue, as if whoever spreads the requests did it well.
 */
export class RequestQueue {
  /** Requests by the second in which they came, the oldest first. */
  private readonly cohorts: { readonly at: number; count: number }[] = [];
  private head = 0;
  private total = 0;

  /** @param patience seconds that a request waits at the most. */
  public constructor(private readonly patience: number) {}

  public get waiting(): number {
    return this.total;
  }

  /**
   * One tick: requests come, copies answer, and who has waited too long or finds no room goes.
   * @param room how many may wait when the tick is over.
   */
  public tick(now: number, arrived: number, capacity: number, room: number): Served {
    if (arrived > 0) this.cohorts.push({ at: now, count: arrived });
    this.total += arrived;
    let dropped = 0;
    while (this.head < this.cohorts.length && now - this.cohorts[this.head]!.at > this.patience) dropped += this.take(Infinity).count;
    let answered = 0;
    let waited = 0;
    while (answered < capacity && this.head < this.cohorts.length) {
      const { at, count } = this.take(capacity - answered);
      answered += count;
      waited += count * (now - at);
    }
    dropped += this.turnAway(this.total - room);
    return { answered, dropped, waited: answered > 0 ? waited / answered : 0 };
  }

  /** Takes at most so many from the oldest cohort. */
  private take(most: number): { at: number; count: number } {
    const cohort = this.cohorts[this.head]!;
    const count = Math.min(most, cohort.count);
    cohort.count -= count;
    this.total -= count;
    if (cohort.count <= 0) this.head += 1;
    if (this.head === this.cohorts.length) {
      this.cohorts.length = this.head = 0;
      this.total = 0; // no rest of rounding is left behind
    }
    return { at: cohort.at, count };
  }

  /** Who came last finds no room. */
  private turnAway(excess: number): number {
    if (excess <= 0) return 0;
    let left = excess;
    while (left > 0 && this.cohorts.length > this.head) {
      const last = this.cohorts[this.cohorts.length - 1]!;
      const count = Math.min(left, last.count);
      last.count -= count;
      left -= count;
      this.total -= count;
      if (last.count <= 0) this.cohorts.pop();
    }
    if (this.head === this.cohorts.length) this.cohorts.length = this.head = 0;
    return excess - left;
  }
}
