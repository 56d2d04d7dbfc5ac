import type { Manifest } from '../kubectl';
import type { Taint } from '../nodes';

export interface GpuServiceOptions {
  readonly name: string;
  readonly replicas: number;
  /** What a node must be labelled with. */
  readonly nodeSelector: Record<string, string>;
  readonly tolerate: Taint[];
  /** Extended resources of one pod. @default none */
  readonly devices?: Record<string, number>;
  /** Whether a rolling update frees a GPU before it asks for one. @default true */
  readonly noSurge?: boolean;
  /** Whether a drain has to leave one copy. @default true */
  readonly disruptionBudget?: boolean;
}

/** A Deployment on GPUs, written by hand. Fake nodes run no container, so the image is never pulled. */
export function gpuService(options: GpuServiceOptions): Manifest[] {
  const labels = { 'app.kubernetes.io/name': options.name };
  const devices = Object.fromEntries(Object.entries(options.devices ?? {}).map(([resource, count]) => [resource, String(count)]));
  const objects: Manifest[] = [{
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: options.name, labels },
    spec: {
      replicas: options.replicas,
      selector: { matchLabels: labels },
      ...((options.noSurge ?? true) ? { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } : {}),
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          nodeSelector: options.nodeSelector,
          tolerations: options.tolerate.map(({ key, effect }) => ({ key, operator: 'Exists', effect })),
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [{
            name: 'server',
            image: 'registry.example.com/server:1',
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi', ...devices } },
          }],
        },
      },
    },
  }];
  if (options.disruptionBudget ?? true) {
    objects.push({
      apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: options.name, labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    });
  }
  return objects;
}
