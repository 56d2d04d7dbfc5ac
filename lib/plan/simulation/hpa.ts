import { HpaBehavior, HpaRules } from './behavior';

interface Timed { readonly at: number; readonly copies: number }

/**
 * What the HorizontalPodAutoscaler's controller does with the number that the metrics propose: stabilization, then limits of pace, then least and most.
 *
 * After `reconcileAutoscaler` and `normalizeDesiredReplicasWithBehaviors` of Kubernetes 1.34:
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/controller/podautoscaler/horizontal.go
 */
export class HpaController {
  private recommendations: Timed[] = [];
  private added: Timed[] = [];
  private removed: Timed[] = [];

  public constructor(private readonly min: number, private readonly max: number, private readonly behavior: HpaBehavior) {}

  /**
   * Copies from now on.
   * @param now in seconds.
   * @param current copies that the workload is told to have.
   * @param propose asks the metrics; undefined when they say nothing.
   */
  public next(now: number, current: number, propose: () => number | undefined): number {
    if (this.recommendations.length === 0) this.recommendations.push({ at: now, copies: current });
    // a workload at zero is off for an HPA that may not go there
    if (current === 0 && this.min !== 0) return 0;
    const copies = current > this.max ? this.max : current < this.min ? this.min : this.byMetrics(now, current, propose());
    if (copies > current) this.added.push({ at: now, copies: copies - current });
    if (copies < current) this.removed.push({ at: now, copies: current - copies });
    return copies;
  }

  private byMetrics(now: number, current: number, proposed: number | undefined): number {
    return proposed === undefined ? current : this.paced(now, current, this.stabilized(now, current, proposed));
  }

  /** Holds the number against the least that was proposed lately before it rises, and against the most before it falls. */
  private stabilized(now: number, current: number, proposed: number): number {
    const { up, down } = this.behavior;
    const since = (seconds: number): number[] => this.recommendations.filter((one) => one.at > now - seconds).map((one) => one.copies);
    const least = Math.min(proposed, ...since(up.stabilizationWindowSeconds));
    const most = Math.max(proposed, ...since(down.stabilizationWindowSeconds));
    const longest = Math.max(up.stabilizationWindowSeconds, down.stabilizationWindowSeconds);
    this.recommendations = this.recommendations.filter((one) => one.at > now - longest);
    this.recommendations.push({ at: now, copies: proposed });
    return Math.min(Math.max(current, least), most);
  }

  private paced(now: number, current: number, wanted: number): number {
    if (wanted > current) return Math.min(wanted, this.max, Math.max(current, this.limit(now, current, this.behavior.up, 1)));
    if (wanted < current) return Math.max(wanted, this.min, Math.min(current, this.limit(now, current, this.behavior.down, -1)));
    return wanted;
  }

  /** How far the policies let the number go; `direction` is 1 for up and -1 for down. */
  private limit(now: number, current: number, rules: HpaRules, direction: 1 | -1): number {
    if (rules.selectPolicy === 'Disabled') return current;
    const changed = (events: readonly Timed[], seconds: number): number => events.reduce((sum, one) => (one.at > now - seconds ? sum + one.copies : sum), 0);
    const limits = rules.policies.map(({ type, value, periodSeconds }) => {
      const before = current - changed(this.added, periodSeconds) + changed(this.removed, periodSeconds);
      if (type === 'Pods') return before + direction * value;
      // rounded away from where it starts when it rises, or one copy would never become two; cut off when it falls, as Go's int32() does
      return direction === 1 ? Math.ceil(before * (1 + value / 100)) : Math.trunc(before * (1 - value / 100));
    });
    const longest = Math.max(0, ...this.behavior.up.policies.map((one) => one.periodSeconds), ...this.behavior.down.policies.map((one) => one.periodSeconds));
    this.added = this.added.filter((one) => one.at > now - longest);
    this.removed = this.removed.filter((one) => one.at > now - longest);
    // the greater change: the higher number upwards, the lower one downwards
    return (rules.selectPolicy === 'Max') === (direction === 1) ? Math.max(...limits) : Math.min(...limits);
  }
}
