import { must, run, type Ran, type RunOptions } from './run';

/** An object of the cluster. Tests read whatever the API server sends, so its depth is untyped. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string>; [key: string]: any };
  [key: string]: any;
}

export interface ApplyOptions {
  /** For objects that name no namespace of their own. */
  readonly namespace?: string;
  /** Whether a warning of the API server fails the call. @default true */
  readonly failOnWarnings?: boolean;
  /** Nothing is stored; the API server still validates and admits. @default false */
  readonly dryRun?: boolean;
  /** Takes over fields that a controller or an earlier manager owns. @default false */
  readonly force?: boolean;
}

const inNamespace = (namespace?: string) => (namespace ? ['--namespace', namespace] : []);
const asList = (manifests: Manifest[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });

export const kubectl = (args: string[], options?: RunOptions): Promise<string> => must('kubectl', args, options);
export const tryKubectl = (args: string[], options?: RunOptions): Promise<Ran> => run('kubectl', args, options);

/** Server-side apply with strict field validation, of objects or of YAML as it was written to disk. Returns the warnings. */
export async function apply(manifests: Manifest[] | string, options: ApplyOptions = {}): Promise<string[]> {
  const args = ['apply', '--server-side', '--field-manager=cdk8s-serving-test', '--validate=strict', ...inNamespace(options.namespace), '-f', '-'];
  if (options.dryRun) args.push('--dry-run=server');
  if (options.force) args.push('--force-conflicts');
  const input = typeof manifests === 'string' ? manifests : asList(manifests);
  let ran = await tryKubectl(args, { input });
  // kubectl gives the API server half a minute for its schema; with many definitions and busy cores it takes longer at first
  for (let again = 0; again < 5 && ran.code !== 0 && /openapi\/v[23].*(deadline exceeded|timeout)/i.test(ran.stderr); again++) ran = await tryKubectl(args, { input });
  const warnings = ran.stderr.split('\n').filter((line) => /^Warning:/.test(line));
  if (ran.code !== 0) throw new Error(`the API server refused:\n${ran.stderr}`);
  if (warnings.length > 0 && (options.failOnWarnings ?? true)) throw new Error(`the API server warned:\n${warnings.join('\n')}`);
  return warnings;
}

/** The object, or undefined when there is none of that name. */
export async function get(kind: string, name: string, namespace?: string): Promise<Manifest | undefined> {
  const text = await kubectl(['get', kind, name, ...inNamespace(namespace), '--ignore-not-found', '-o', 'json']);
  return text.trim() === '' ? undefined : JSON.parse(text);
}

export async function list(kind: string, options: { namespace?: string; selector?: string } = {}): Promise<Manifest[]> {
  const where = options.namespace ? inNamespace(options.namespace) : ['--all-namespaces'];
  const selector = options.selector ? ['--selector', options.selector] : [];
  return JSON.parse(await kubectl(['get', kind, ...where, ...selector, '-o', 'json'])).items;
}

/** A merge patch. */
export async function patch(kind: string, name: string, namespace: string | undefined, body: object): Promise<void> {
  await kubectl(['patch', kind, name, ...inNamespace(namespace), '--type=merge', '-p', JSON.stringify(body)]);
}

export async function remove(kind: string, names: string[], namespace?: string): Promise<void> {
  await kubectl(['delete', kind, ...names, ...inNamespace(namespace), '--ignore-not-found', '--wait=true', '--timeout=120s'], { timeout: 150_000 });
}

/** Asks for the pod's eviction as a drain does: true when it was granted, false when a disruption budget held it back. */
export async function evict(pod: Manifest): Promise<boolean> {
  const { name, namespace } = pod.metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const ran = await tryKubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], { input: JSON.stringify(eviction) });
  if (ran.code === 0) return true;
  if (/disruption budget/i.test(ran.stderr)) return false;
  throw new Error(`eviction of ${name}: ${ran.stderr}`);
}

export const isReady = (object: Manifest): boolean =>
  (object.status?.conditions ?? []).some((condition: any) => condition.type === 'Ready' && condition.status === 'True');
