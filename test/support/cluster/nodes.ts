import { randomBytes } from 'node:crypto';
import { type Manifest, apply, get, isReady, remove } from './kubectl';
import { waitFor } from './wait';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** What tells one kind of node from another. */
export interface NodeKind {
  /** The start of the node's name. */
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly taints: Taint[];
  /** Extended resources, by name. */
  readonly devices: Record<string, number>;
}

const created: string[] = [];

/**
 * Adds nodes without a machine behind them: kwok, which must run in the cluster, answers for those that carry the annotation,
 * so that pods there are scheduled by the real scheduler and become Running and Ready without containers.
 */
export async function addNodes(kind: NodeKind, count = 1): Promise<string[]> {
  const run = randomBytes(3).toString('hex');
  const names = Array.from({ length: count }, (_, index) => `${kind.name}-${run}-${index}`);
  created.push(...names);
  await apply(names.map((name, index) => node(name, `zone-${index % 2}`, kind)));
  await waitFor(async () => (await Promise.all(names.map((name) => get('node', name)))).every((found) => found && isReady(found)), {
    what: `fake nodes ${names.join(', ')} to be Ready (does kwok run in this cluster?)`, timeout: 60_000,
  });
  return names;
}

/** For afterAll. */
export async function removeNodes(): Promise<void> {
  const names = created.splice(0);
  if (names.length > 0) await remove('nodes', names);
}

function node(name: string, zone: string, kind: NodeKind): Manifest {
  const devices = Object.fromEntries(Object.entries(kind.devices).map(([resource, count]) => [resource, String(count)]));
  const room = { cpu: '64', memory: '512Gi', pods: '200', 'ephemeral-storage': '2Ti', ...devices };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': zone,
        'topology.kubernetes.io/region': 'region-0',
        ...kind.labels,
      },
    },
    spec: kind.taints.length > 0 ? { taints: kind.taints } : {},
    status: { allocatable: room, capacity: room },
  };
}
