import { GateAction } from '../../describe/rollout/gate';
import { RolloutKind } from '../../describe/rollout/rollout';
import { PlannedGate } from './gates';
import { PlannedGolden, ReleasePlan } from './release-plan';

// How often is measured, and what time that takes: what renderers write and what a release's explanation tells are these same numbers.

/** Answers of the metrics' store that may fail in a row: one more aborts. Argo Rollouts' own number, written out. */
export const STORE_ERRORS = 4;
/** Seconds until Argo Rollouts asks again after a failed answer. Source: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/analysis/analysis.go */
export const ERROR_RETRY_SECONDS = 10;

/** Measurements of a gate by Argo Rollouts. */
export interface ArgoPace {
  /** Of the gate itself, at the most. */
  readonly count: number;
  /** Whether there is any series: at the most. */
  readonly presence: number;
  /** Whether there are enough requests: at the most. */
  readonly volume: number;
  /** Seconds before the first one of these. */
  readonly volumeDelay: number;
}

/** How often Argo Rollouts measures a gate. */
export function argoPace(gate: PlannedGate, release: ReleasePlan): ArgoPace {
  const { intervalSeconds, delaySeconds, measurements } = release;
  const waits = Math.ceil(gate.maxWaitSeconds / intervalSeconds);
  const presence = Math.max(3, Math.ceil(gate.windowSeconds / intervalSeconds));
  const volume = Math.max(1, waits);
  return {
    // one more than the others: where nothing can be judged, it is theirs to decide what follows
    count: Math.max(measurements + gate.failureLimit + waits, presence + 1, volume + 1), presence, volume,
    volumeDelay: gate.onNoData === GateAction.PROCEED ? delaySeconds + gate.windowSeconds : delaySeconds,
  };
}

/** Whether a gate passes a version that it can't judge: enough requests are then waited for beforehand, as nothing would tell a first empty measurement from a last one. */
export function waitsBeforehand(gate: PlannedGate, release: ReleasePlan): boolean {
  // after the switch of a blue-green release there is one analysis and no step before it
  return release.kind !== RolloutKind.BLUE_GREEN && passesUnjudged(gate);
}

/** Whether a gate passes a version that it can't judge. */
export function passesUnjudged(gate: PlannedGate): boolean {
  return gate.volumeQuery !== undefined && (gate.onFew === GateAction.PROCEED || gate.onNoData === GateAction.PROCEED);
}

/** Seconds that Argo Rollouts judges a step: all good, and at the most. */
export function judgedSeconds(release: ReleasePlan): { least: number; most: number } {
  const { gates, intervalSeconds, delaySeconds, measurements, stepSeconds } = release;
  if (gates.length === 0) return { least: stepSeconds, most: stepSeconds };
  const until = (count: number, delay = delaySeconds): number => delay + (count - 1) * intervalSeconds;
  const waits = gates.filter((gate) => waitsBeforehand(gate, release)).map((gate) => argoPace(gate, release));
  const waited = Math.max(0, ...waits.flatMap((pace) => [until(pace.presence), until(pace.volume, pace.volumeDelay)]));
  return {
    least: (waits.length === 0 ? 0 : Math.max(delaySeconds, ...waits.map((pace) => pace.volumeDelay))) + until(measurements),
    most: waited + Math.max(...gates.map((gate) => until(argoPace(gate, release).count))),
  };
}

/** Checks by Flagger. */
export interface FlaggerPace {
  /** Seconds between two checks. */
  readonly interval: number;
  /** Checks, where there are no steps. */
  readonly iterations: number;
  /** Checks that may fail before all is taken back. */
  readonly threshold: number;
}

/** How often Flagger checks a release: once at the end of each step; without steps once each interval, as many times as the time holds. */
export function flaggerPace(release: ReleasePlan): FlaggerPace {
  const interval = Math.max(10, release.kind === RolloutKind.CANARY ? release.stepSeconds : release.intervalSeconds * 2);
  return {
    interval,
    iterations: Math.max(1, Math.ceil(release.stepSeconds / interval)),
    // of failed checks there is no way back to good ones
    threshold: 1 + (release.gates.length === 0 ? 0 : Math.min(...release.gates.map((gate) => gate.failureLimit))),
  };
}

/** Seconds after which the Job of golden requests has failed in any case. */
export function goldenDeadline(golden: PlannedGolden): number {
  return Math.ceil(120 + golden.requests.length * golden.timeoutSeconds);
}

/** Seconds that Argo Rollouts keeps the old copies of a blue-green release when nothing judges it any more: while the new version is judged they stay anyhow. */
export function keptSeconds(release: ReleasePlan): number {
  return release.gates.length === 0 ? Math.max(30, release.stepSeconds) : 30;
}
