import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { apply, get, kubectl, type Manifest, remove } from './kubectl';
import { freePort } from '../free-port';
import { Background, machineAddress } from './machine';
import { must } from './run';

/** Of what tests made, as createNamespace() has it. */
export const RUN = 'serving-test/run';

export interface OperatorOptions {
  /** Path of the program. */
  readonly program: string;
  /** Where it believes that it runs: of its configuration. */
  readonly namespace: string;
  /** Its webhook configurations, as its makers publish them. */
  readonly webhooks: Manifest[];
  /** Further arguments. @default none */
  readonly args?: string[];
}

/** An operator made with Kubernetes' controller-runtime, on this machine, with its webhooks, which the API server asks here instead of at a Service of the cluster. */
export class Operator {
  static async start(options: OperatorOptions): Promise<Operator> {
    await unowned(options.webhooks);
    const reach = await reachedByApiServer();
    const [port, metrics, health] = await Promise.all([freePort('0.0.0.0'), freePort('127.0.0.1'), freePort('127.0.0.1')]);
    const temporary = mkdtempSync(join(tmpdir(), 'operator-'));
    const authority = await certificate(temporary, reach);
    const server = Background.start(options.program, [
      `--webhook-port=${port}`, `--metrics-addr=127.0.0.1:${metrics}`, `--health-probe-addr=127.0.0.1:${health}`, ...(options.args ?? []),
    ], { POD_NAMESPACE: options.namespace, TMPDIR: temporary });
    const hooks = options.webhooks.map((hook) => askedAt(hook, `${reach}:${port}`, authority));
    const started = new Operator(server, temporary, hooks);
    try {
      await server.answers(async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok);
      await apply(hooks, { force: true });
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  private constructor(private readonly server: Background, private readonly temporary: string, private readonly hooks: Manifest[]) {}

  /** What it said last, a line of JSON each. */
  get log(): string {
    return this.server.log;
  }

  /** Before the namespaces of its objects are removed: what its webhooks judge can't be changed while they are there and it is not. */
  async stop(): Promise<void> {
    for (const { kind, metadata } of this.hooks) await remove(kind.toLowerCase(), [metadata.name]);
    await this.server.stop();
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

/** The objects of a file of YAML. */
export const objectsIn = (path: string): Manifest[] => parseAllDocuments(readFileSync(path, 'utf8')).map((one) => one.toJS() as Manifest).filter((one) => one !== null);

/** Two operators of one kind would undo each other's work. */
async function unowned(webhooks: Manifest[]): Promise<void> {
  for (const { kind, metadata: { name } } of webhooks) {
    const found = await get(kind, name);
    if (found !== undefined && found.metadata.labels?.[RUN] !== 'true') throw new Error(`the cluster has such an operator of its own (${kind} ${name}), which is left alone: this test needs a cluster without one`);
  }
}

/** Where the API server reaches this machine: one that runs here itself, wherever networks of the machine come and go. */
async function reachedByApiServer(): Promise<string> {
  const { hostname } = new URL(await kubectl(['config', 'view', '--minify', '--output=jsonpath={.clusters[0].cluster.server}']));
  return hostname === '127.0.0.1' || hostname === 'localhost' ? '127.0.0.1' : machineAddress().reach;
}

/** A certificate for a server at an address, below its temporary folder, where operators look for theirs. Returns what the API server knows it by. */
async function certificate(temporary: string, address: string): Promise<string> {
  const folder = join(temporary, 'k8s-webhook-server', 'serving-certs');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'tls.crt');
  await must('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=webhooks', '-addext', `subjectAltName=${isIP(address) ? 'IP' : 'DNS'}:${address}`,
    '-keyout', join(folder, 'tls.key'), '-out', path,
  ]);
  return readFileSync(path).toString('base64');
}

function askedAt({ metadata: { name }, webhooks, ...rest }: Manifest, server: string, caBundle: string): Manifest {
  return {
    ...rest, apiVersion: rest.apiVersion, kind: rest.kind, metadata: { name, labels: { [RUN]: 'true' } },
    webhooks: webhooks.map(({ clientConfig, ...webhook }: any) => ({ ...webhook, clientConfig: { url: `https://${server}${clientConfig.service.path}`, caBundle } })),
  };
}
