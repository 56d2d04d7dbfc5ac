import { get, kubectl, list, type Manifest } from './kubectl';
import { waitFor } from './wait';

/**
 * Rollouts under the real Argo Rollouts controller, which must run in the cluster, with its `kubectl argo rollouts` on the PATH.
 * It runs on this machine or in the cluster: both reach a Prometheus of ./prometheus by its address.
 */
export type RolloutPhase = 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';

/** Waits until the controller has seen the newest change of a Rollout and says that it is in that phase; then what it says of it. */
export function rolloutIs(phase: RolloutPhase, name: string, namespace: string, timeout = 180_000): Promise<Manifest> {
  return rolloutWhere(({ status }) => status.phase === phase, `to be ${phase}`, name, namespace, timeout);
}

/** Waits until a canary is held for a person: a pause that has a time is Paused as well, and a promotion would end that one instead. */
export function rolloutHeld(name: string, namespace: string, timeout = 240_000): Promise<Manifest> {
  return rolloutWhere(({ spec, status }) => {
    const step = spec.strategy.canary.steps[status.currentStepIndex];
    return status.phase === 'Paused' && step?.pause !== undefined && step.pause.duration === undefined;
  }, 'to wait for a person', name, namespace, timeout);
}

async function rolloutWhere(holds: (rollout: Manifest) => boolean, what: string, name: string, namespace: string, timeout: number): Promise<Manifest> {
  let last: Manifest | undefined;
  return waitFor(async () => {
    last = await get('rollouts.argoproj.io', name, namespace);
    return last?.status !== undefined && String(last.status.observedGeneration) === String(last.metadata.generation) && holds(last) ? last : undefined;
  }, { what: `Rollout ${name} ${what}`, timeout, namespace }).catch((error) => {
    throw new Error(`${error.message}\nits status at last: ${JSON.stringify(last?.status, undefined, 1)}`);
  });
}

/** Lets a paused Rollout go on: by one step, or with `full` past all that are left. */
export async function promote(name: string, namespace: string, options: { full?: boolean } = {}): Promise<void> {
  await kubectl(['argo', 'rollouts', 'promote', name, '--namespace', namespace, ...(options.full ? ['--full'] : [])]);
}

/** Gives the new version up, as a person does. */
export async function abort(name: string, namespace: string): Promise<void> {
  await kubectl(['argo', 'rollouts', 'abort', name, '--namespace', namespace]);
}

/** What came of the analyses of a Rollout, the newest last: phase, message and each metric's measurements are in `status`. */
export async function analysisRuns(rollout: string, namespace: string): Promise<Manifest[]> {
  const runs = await list('analysisruns.argoproj.io', { namespace });
  const own = runs.filter((run) => (run.metadata.ownerReferences as any[]).some((owner) => owner.kind === 'Rollout' && owner.name === rollout));
  return own.sort((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
}

/** The template hash of a Rollout's stable and newest pods: their label rollouts-pod-template-hash. */
export const hashes = (rollout: Manifest): { stable: string; newest: string } => ({ stable: rollout.status.stableRS, newest: rollout.status.currentPodHash });
