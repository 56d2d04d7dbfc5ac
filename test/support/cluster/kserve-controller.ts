import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { apply, get, kubectl, list, type Manifest, patch } from './kubectl';
import { createNamespace } from './namespaces';
import { objectsIn, Operator, RUN } from './operator';
import { program } from './programs';
import { waitFor } from './wait';

const KINDS = ['inferenceservice', 'inferencegraph', 'llminferenceservice'] as const;

export interface KServeOptions {
  /** The Gateway, as `namespace/name`, for which it makes routes of its own. @default none: it makes no routes */
  readonly gateway?: string;
  /** Whether the controller of LLMInferenceServices runs as well, with the published presets. @default false */
  readonly llm?: boolean;
  /** What its ConfigMap says otherwise than its makers publish it, by key. @default nothing but Standard mode and the routes */
  readonly config?: Record<string, object>;
}

/** The real controllers of KServe on this machine, with their webhooks and their published configuration, in Standard mode. They look after the whole cluster, which needs KServe's definitions. */
export class KServeController {
  static async start(options: KServeOptions = {}): Promise<KServeController> {
    const folder = await program('kserve');
    const namespace = await createNamespace('kserve');
    await apply([configMap(objectsIn(join(folder, 'config.yaml'))[0] as Manifest, namespace, options)]);
    const operators: Operator[] = [];
    const started = new KServeController(namespace, operators);
    try {
      operators.push(await Operator.start({ program: join(folder, 'manager'), namespace, webhooks: objectsIn(join(folder, 'webhooks.yaml')) }));
      if (options.llm) {
        operators.push(await Operator.start({ program: join(folder, 'llmisvc'), namespace, webhooks: objectsIn(join(folder, 'webhooks-llmisvc.yaml')), args: ['--metrics-secure=false'] }));
        const presets = readdirSync(join(folder, 'presets')).flatMap((file) => objectsIn(join(folder, 'presets', file)));
        await apply(presets.map((preset) => ({ ...preset, metadata: { ...preset.metadata, namespace } })));
      }
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  private constructor(
    /** Of its configuration. */
    readonly namespace: string,
    private readonly operators: Operator[],
  ) {}

  /** Waits until it says that its object is ready, as it was last changed; a failure shows what it said. */
  async ready(kind: typeof KINDS[number], name: string, namespace: string, timeout = 120_000): Promise<Manifest> {
    let last: Manifest | undefined;
    return waitFor(async () => {
      last = await get(`${kind}s.serving.kserve.io`, name, namespace);
      const { conditions = [], observedGeneration } = last?.status ?? {};
      return conditions.some((one: any) => one.type === 'Ready' && one.status === 'True') && observedGeneration === last?.metadata.generation ? last : undefined;
    }, { what: `${kind} ${name} to be ready`, timeout, namespace })
      .catch((error) => { throw new Error(`${error.message}\nits status at last: ${JSON.stringify(last?.status, undefined, 1)}\n${this.log.slice(-6_000)}`); });
  }

  /** What they said last, a line of JSON each. */
  get log(): string {
    return this.operators.map(({ log }) => log).join('\n');
  }

  /** For afterAll, before the namespaces are removed, which would wait for ever for objects that nobody lets go. */
  async stop(): Promise<void> {
    for (const { metadata: { name } } of await list('namespaces', { selector: `${RUN}=true` })) await letGo(name);
    for (const operator of this.operators.splice(0)) await operator.stop();
    await release('llminferenceserviceconfigs.serving.kserve.io', this.namespace); // presets, which it lets nobody remove
  }
}

/** Removes its objects. It lets them go by itself, but one that it could not make is looked at again only after minutes. */
async function letGo(namespace: string): Promise<void> {
  for (const kind of KINDS.map((one) => `${one}s.serving.kserve.io`)) {
    await kubectl(['delete', kind, '--all', '--namespace', namespace, '--wait=false']);
    const left = () => list(kind, { namespace });
    await waitFor(async () => (await left()).length === 0, { what: `${kind} to be gone`, timeout: 15_000 }).catch(() => release(kind, namespace));
  }
}

async function release(kind: string, namespace: string): Promise<void> {
  for (const { metadata } of await list(kind, { namespace })) await patch(kind, metadata.name, namespace, { metadata: { finalizers: null } });
}

function configMap(published: Manifest, namespace: string, { gateway, config }: KServeOptions): Manifest {
  const { _example, ...data } = published.data as Record<string, string>;
  const said: Record<string, object> = {
    deploy: { defaultDeploymentMode: 'Standard' },
    ingress: { disableIstioVirtualHost: true, ...(gateway === undefined ? { disableIngressCreation: true } : { enableGatewayApi: true, kserveIngressGateway: gateway }) },
    ...config,
  };
  const changed = Object.entries(said).map(([key, values]) => [key, JSON.stringify({ ...JSON.parse(data[key] ?? '{}'), ...values })]);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: published.metadata.name, namespace }, data: { ...data, ...Object.fromEntries(changed) } };
}
