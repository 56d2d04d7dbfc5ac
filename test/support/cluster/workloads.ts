import { type Manifest, get, isReady, list, patch } from './kubectl';
import { waitFor } from './wait';

export interface RolloutOptions {
  /** Milliseconds. @default 180 s */
  readonly timeout?: number;
}

/** Whether every wanted pod of the Deployment is of its newest template and available, and no other is left. */
export function isRolledOut(deployment: Manifest | undefined): boolean {
  if (!deployment) return false;
  const { spec, status, metadata } = deployment;
  const all = ['updatedReplicas', 'replicas', 'availableReplicas'].every((count) => (status?.[count] ?? 0) === spec.replicas);
  return status?.observedGeneration === metadata.generation && all;
}

/** Waits until a Deployment is wholly there. */
export async function rolledOut(name: string, namespace: string, options: RolloutOptions = {}): Promise<Manifest> {
  return waitFor(
    async () => {
      const deployment = await get('deployment', name, namespace);
      return isRolledOut(deployment) ? deployment : undefined;
    },
    { what: `Deployment ${name} to be rolled out`, timeout: options.timeout ?? 180_000, namespace },
  );
}

/** Changes the pod template, as a new version would, so that every pod is replaced. */
export function replacePods(name: string, namespace: string): Promise<void> {
  return patch('deployment', name, namespace, { spec: { template: { metadata: { annotations: { 'serving-test/version': String(Date.now()) } } } } });
}

/** The pods that a Deployment selects, without those that are on their way out. */
export async function podsOf(name: string, namespace: string): Promise<Manifest[]> {
  const deployment = await get('deployment', name, namespace);
  if (!deployment) throw new Error(`no Deployment ${name} in ${namespace}`);
  const labels = deployment.spec.selector.matchLabels as Record<string, string>;
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');
  return (await list('pods', { namespace, selector })).filter((pod) => !pod.metadata.deletionTimestamp);
}

/** Waits until pods that were told to stop have really ended, drain and all. */
export async function gone(pods: Manifest[], timeout = 120_000): Promise<void> {
  const { namespace } = pods[0].metadata;
  const uids = pods.map((pod) => pod.metadata.uid);
  await waitFor(async () => (await list('pods', { namespace })).every((pod) => !uids.includes(pod.metadata.uid)), {
    what: `${uids.length} old pods to end`, timeout, namespace,
  });
}

export const readyPods = async (name: string, namespace: string) => (await podsOf(name, namespace)).filter(isReady);

/** How often containers of a pod were started again, init containers left out. */
export const restarts = (pod: Manifest): number =>
  (pod.status?.containerStatuses ?? []).reduce((sum: number, status: any) => sum + status.restartCount, 0);

/** Why a Pending pod has no node, in the scheduler's words. */
export const unschedulable = (pod: Manifest): string | undefined =>
  (pod.status?.conditions ?? []).find((condition: any) => condition.type === 'PodScheduled' && condition.status === 'False')?.message;

/** host:port of a Service as pods call it; the port by its name or number. */
export async function serviceAddress(name: string, namespace: string, port: string | number): Promise<string> {
  const service = await get('service', name, namespace);
  const found = (service?.spec.ports ?? []).find((one: any) => one.name === port || one.port === port);
  if (!found) throw new Error(`Service ${name} in ${namespace} has no port ${port}`);
  return `${name}.${namespace}.svc.cluster.local:${found.port}`;
}
