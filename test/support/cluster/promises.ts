import { get, list, type Manifest } from './kubectl';

// What a service promises about its pods, and whether the objects around them find them: the same on every engine, whatever its controller calls things.

type Found = Record<string, any>;

/** The containers of the parts of a pod that a plan knows, by the names that an engine gives them. */
export interface ContainerNames {
  readonly server: string;
  /** The one that downloads the model; none where nothing is downloaded. */
  readonly download?: string;
}

/** The names of plain Kubernetes. */
const PLANNED: ContainerNames = { server: 'server', download: 'model-download' };

/** What a pod template promises, without the names of its containers and volumes. To be matched, as an API server and a controller may add to it. */
export function promised(template: Found, names: ContainerNames = PLANNED): Found {
  const { initContainers = [], containers, volumes = [], tolerations = [], ...pod } = measured(template.spec) as Found;
  const part = (all: Found[], name: string | undefined) => all.filter((one) => one.name === name).map((one) => container(one, volumes));
  return {
    ...pod, server: part(containers, names.server), download: part(initContainers, names.download), beside: containers.filter((one: Found) => one.name !== names.server).map((one: Found) => container(one, volumes)),
    tolerations: tolerations.filter((one: Found) => !one.key?.startsWith('node.kubernetes.io/')), // which every pod gets
  };
}

/** Quantities as numbers: Kubernetes writes 1024Mi as 1Gi. */
function measured(value: any): any {
  if (Array.isArray(value)) return value.map(measured);
  if (typeof value === 'string') {
    const [, amount, unit] = /^(\d+)(m|[KMGT]i?)?$/.exec(value) ?? [];
    return amount === undefined ? value : Number(amount) * UNITS[unit ?? '']!;
  }
  return value === null || typeof value !== 'object' ? value : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, measured(one)]));
}

const UNITS: Record<string, number> = { '': 1, m: 0.001, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function container({ name: _, env = [], ports = [], volumeMounts = [], ...rest }: Found, volumes: Found[]): Found {
  const sources = Object.fromEntries(volumes.map(({ name, ...source }) => [name, source]));
  return {
    ...rest,
    env: Object.fromEntries(env.map(({ name, ...value }: Found) => [name, value])),
    ports: Object.fromEntries(ports.map((one: Found) => [one.name, one.containerPort])),
    mounts: Object.fromEntries(volumeMounts.map(({ name, mountPath, ...mount }: Found) => [mountPath, { ...mount, ...sources[name] }])),
  };
}

const matches = (selector: Record<string, string>, { metadata: { labels = {} } }: Manifest): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value);

/** A port of a pod, by its name or number, as Services and monitors say it. */
const hasPort = (port: string | number, pod: Manifest): boolean =>
  pod.spec.containers.some((one: Found) => (one.ports ?? []).some((found: Found) => found.name === port || found.containerPort === port));

/**
 * What is wrong with objects around pods that a controller made: each line is one that doesn't find its pods, its Service or its workload.
 * @param manifests what the library wrote
 * @param pods of one service
 */
export async function misfits(manifests: Manifest[], pods: Manifest[], namespace: string): Promise<string[]> {
  const found: string[] = [];
  const ask = (what: string, kept: boolean) => { if (!kept) found.push(what); };
  if (pods.length === 0) found.push('no pods');
  for (const one of manifests) {
    const title = `${one.kind} ${one.metadata.name}`;
    for (const pod of pods) {
      const selector = SELECTORS[one.kind]?.(one);
      if (selector !== undefined) ask(`${title} does not select ${pod.metadata.name}`, matches(selector, pod));
      for (const port of PORTS[one.kind]?.(one) ?? []) ask(`${title}: ${pod.metadata.name} has no port ${port}`, hasPort(port, pod));
    }
    for (const { name, port } of backendsOf(one)) {
      const service = await get('service', name, namespace);
      ask(`${title} leads to ${name}:${port}, which is no Service's`, service?.spec.ports.some((of: Found) => of.port === port) ?? false);
      for (const pod of pods) ask(`${title} leads to ${name}, which does not select ${pod.metadata.name}`, service !== undefined && matches(service.spec.selector, pod));
    }
    const target = one.spec?.scaleTargetRef;
    if (target !== undefined) ask(`${title} scales ${target.kind ?? 'Deployment'} ${target.name}, which is not there`, (await get(target.kind ?? 'Deployment', target.name, namespace)) !== undefined);
  }
  return found;
}

const SELECTORS: Record<string, (one: Manifest) => Record<string, string> | undefined> = {
  PodDisruptionBudget: ({ spec }) => spec.selector.matchLabels,
  NetworkPolicy: ({ spec }) => spec.podSelector.matchLabels,
  PodMonitor: ({ spec }) => spec.selector.matchLabels,
  Service: ({ spec }) => spec.selector,
};

const PORTS: Record<string, (one: Manifest) => (string | number)[]> = {
  Service: ({ spec }) => spec.ports.map((one: Found) => one.targetPort),
  PodMonitor: ({ spec }) => spec.podMetricsEndpoints.map((one: Found) => one.port),
  NetworkPolicy: ({ spec }) => spec.ingress.flatMap((rule: Found) => (rule.ports ?? []).map((one: Found) => one.port)),
};

function backendsOf({ kind, spec }: Manifest): { name: string; port: number }[] {
  if (kind !== 'HTTPRoute' && kind !== 'GRPCRoute') return [];
  return spec.rules.flatMap((rule: Found) => rule.backendRefs ?? []).filter((one: Found) => (one.kind ?? 'Service') === 'Service');
}

/** Autoscalers of a namespace that nothing of the manifests says: an engine's own, which would fight with ours. */
export async function strangeAutoscalers(manifests: Manifest[], namespace: string): Promise<string[]> {
  const ours = manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
  const all = [...await list('horizontalpodautoscalers', { namespace }), ...await list('scaledobjects.keda.sh', { namespace })];
  return all.map(({ kind, metadata: { name } }) => `${kind} ${name}`).filter((one) => !ours.includes(one));
}
