import { randomBytes } from 'node:crypto';
import { type Manifest, apply, get, kubectl, tryKubectl } from './kubectl';
import { waitFor } from './wait';

const created: string[] = [];

export interface NamespaceOptions {
  /** Whether Pod Security 'restricted' is enforced, so that a pod that breaks it is refused. @default true */
  readonly restricted?: boolean;
}

/** A namespace of its own for one test file. Its name is new in every run, so that a run never meets the leftovers of another. */
export async function createNamespace(prefix: string, options: NamespaceOptions = {}): Promise<string> {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  const labels: Record<string, string> = { 'serving-test/run': 'true' };
  if (options.restricted ?? true) {
    labels['pod-security.kubernetes.io/enforce'] = 'restricted';
    labels['pod-security.kubernetes.io/warn'] = 'restricted'; // tells it of a Deployment already, whose pods would never come
  }
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }]);
  created.push(name);
  // A bare pod made before the controller has made this account is refused for good.
  await waitFor(() => get('serviceaccount', 'default', name), { what: `the default service account of ${name}`, timeout: 30_000 });
  return name;
}

/** For afterAll: removes the namespaces of this file and waits, so that the next file finds the machine free. */
export async function removeNamespaces(): Promise<void> {
  await removeAll(created.splice(0));
}

/** Removes one namespace before its file is through, where the next test needs its room. */
export async function removeNamespace(name: string): Promise<void> {
  created.splice(created.indexOf(name), 1);
  await removeAll([name]);
}

async function removeAll(names: string[]): Promise<void> {
  // Controllers first, or they make anew what is deleted; then pods at once, or each takes its whole drain.
  await Promise.all(names.map(async (name) => {
    // Each apart from the rest, as a cluster without the kind refuses the whole command. Flagger gives a Canary's Deployment back what it took, and for that it must be there.
    await tryKubectl(['delete', 'canaries.flagger.app', '--all', '--namespace', name, '--timeout=60s']);
    await tryKubectl(['delete', 'rollouts.argoproj.io', '--all', '--namespace', name, '--wait=false']);
    await tryKubectl(['delete', 'deployments,statefulsets,horizontalpodautoscalers,jobs', '--all', '--namespace', name, '--wait=false']);
    await tryKubectl(['delete', 'pods', '--all', '--namespace', name, '--grace-period=1', '--timeout=60s']);
  }));
  // Services last, when no client is left whose requests would go astray without them.
  await Promise.all(names.map((name) => kubectl(['delete', 'namespace', name, '--ignore-not-found', '--timeout=120s'], { timeout: 150_000 })));
}

/** Removes what of manifests lies in no namespace, and so would outlive it. */
export async function removeClusterScoped(manifests: Manifest[]): Promise<void> {
  const scoped = await clusterScopedKinds();
  const outside = manifests.filter(({ apiVersion, kind }) => kind !== 'Namespace' && scoped.has(`${kind}.${groupOf(apiVersion)}`));
  for (const { apiVersion, kind, metadata } of outside) await kubectl(['delete', `${kind}.${groupOf(apiVersion)}`.replace(/\.$/, ''), metadata.name, '--ignore-not-found']);
}

let clusterScoped: Promise<Set<string>> | undefined;

/** Kinds that live in no namespace, as `Kind.group`. */
function clusterScopedKinds(): Promise<Set<string>> {
  clusterScoped ??= kubectl(['api-resources', '--namespaced=false', '--no-headers']).then(
    (text) => new Set(text.trim().split('\n').map((line) => {
      const words = line.trim().split(/\s+/); // NAME [SHORTNAMES] APIVERSION NAMESPACED KIND
      return `${words[words.length - 1]}.${groupOf(words[words.length - 3])}`;
    })),
  );
  return clusterScoped;
}

const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');

/**
 * The same manifests for another namespace, and not a byte else changed: metadata.namespace, and where an object points
 * at its old namespace (subjects, claims, namespace selectors, addresses `x.OLD.svc`).
 */
export async function setNamespace(manifests: Manifest[], namespace: string): Promise<Manifest[]> {
  const scoped = await clusterScopedKinds();
  const old = [...new Set(manifests.map((manifest) => manifest.metadata.namespace).filter((name): name is string => !!name))];
  return manifests.map((manifest) => {
    const moved: Manifest = rewrite(manifest, old, namespace);
    if (!scoped.has(`${manifest.kind}.${groupOf(manifest.apiVersion)}`)) moved.metadata = { ...moved.metadata, namespace };
    return moved;
  });
}

function rewrite(value: any, old: string[], to: string): any {
  if (typeof value === 'string') return old.reduce((text, from) => text.replaceAll(`.${from}.svc`, `.${to}.svc`), value);
  if (Array.isArray(value)) return value.map((item) => rewrite(item, old, to));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    const points = key === 'namespace' || key === 'kubernetes.io/metadata.name';
    return [key, points && typeof item === 'string' && old.includes(item) ? to : rewrite(item, old, to)];
  }));
}
