import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { apply, get, kubectl, type Manifest, remove } from './kubectl';
import { freePort } from '../free-port';
import { Background, machineAddress } from './machine';
import { createNamespace } from './namespaces';
import { program } from './programs';
import { waitFor } from './wait';

/** The one place of a cluster for custom metrics: who has it answers for all HPAs. */
const API = 'v1beta1.custom.metrics.k8s.io';
/** Seconds between its looks at which series there are. */
const RELIST = 2;
/** Of what tests made, as createNamespace() has it. */
const OURS = 'serving-test/run';

/** An entry of its configuration. */
export interface AdapterRule {
  readonly seriesQuery: string;
  readonly name: { readonly as: string };
  readonly metricsQuery: string;
  readonly [key: string]: unknown;
}

/** The rules that the library writes beside services, put together as their reader is told to: those of one name are the same, once is enough. */
export function adapterRules(manifests: Manifest[]): AdapterRule[] {
  const found = manifests.filter((one) => one.kind === 'ConfigMap' && one.metadata.labels?.['serving.cdk8s.io/prometheus-adapter-rules'] === 'true');
  const rules = found.flatMap((one) => parse(one.data['rules.yaml']).rules as AdapterRule[]);
  return [...new Map(rules.map((rule) => [rule.name.as, rule])).values()];
}

/** The real prometheus-adapter on this machine, as the cluster's custom metrics API. */
export class PrometheusAdapter {
  /**
   * @param prometheus address of the store that it asks
   * @param rules its configuration
   */
  static async start(prometheus: string, rules: AdapterRule[]): Promise<PrometheusAdapter> {
    const found = await get('apiservice', API);
    if (found !== undefined && found.metadata.labels?.[OURS] !== 'true') throw new Error(`the cluster has an adapter of its own (APIService ${API}), which is left alone: this test needs a cluster without one`);
    const built = await program('prometheus-adapter');
    const { listen, reach } = machineAddress();
    const port = await freePort(listen);
    const folder = mkdtempSync(join(tmpdir(), 'adapter-'));
    const config = join(folder, 'config.yaml');
    writeFileSync(config, stringify({ rules }));
    const kubeconfig = process.env.KUBECONFIG;
    const server = Background.start(join(built, 'adapter'), [
      `--config=${config}`, `--prometheus-url=${prometheus}`, `--metrics-relist-interval=${RELIST}s`, `--metrics-max-age=${RELIST * 10}s`,
      `--bind-address=${listen}`, `--secure-port=${port}`, `--cert-dir=${join(folder, 'certificate')}`, // which it makes itself
      ...['lister', 'authentication', 'authorization'].map((use) => `--${use}-kubeconfig=${kubeconfig}`),
    ]);
    const started = new PrometheusAdapter(server, folder);
    try {
      await started.register(reach, port);
      await server.answers(() => kubectl(['get', '--raw', `/apis/${API.replace(/^(\w+)\.(.*)$/, '$2/$1')}`]));
    } catch (error) {
      await started.remove();
      throw error;
    }
    return started;
  }

  private constructor(private readonly server: Background, private readonly folder: string) {}

  /** A metric of the pods that a selector names, by their names, as the HPA asks for it. */
  async ofPods(metric: string, namespace: string, selector: Record<string, string>): Promise<Record<string, number>> {
    const query = new URLSearchParams({ labelSelector: Object.entries(selector).map(([key, value]) => `${key}=${value}`).join(',') });
    const answer = JSON.parse(await kubectl(['get', '--raw', `/apis/custom.metrics.k8s.io/v1beta1/namespaces/${namespace}/pods/*/${metric}?${query}`]));
    return Object.fromEntries(answer.items.map((item: any) => [item.describedObject.name, number(item.value)]));
  }

  /** For afterAll, before any namespace is removed: while an API of the cluster doesn't answer, no namespace goes. */
  async remove(): Promise<void> {
    await remove('apiservice', [API]);
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Leads the API server to this machine by a Service without pods. */
  private async register(address: string, port: number): Promise<void> {
    const namespace = await createNamespace('adapter');
    const name = 'prometheus-adapter';
    await apply([
      { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { clusterIP: 'None', ports: [{ name: 'https', port }] } },
      {
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } }, addressType: 'IPv4',
        endpoints: [{ addresses: [address], conditions: { ready: true } }], ports: [{ name: 'https', port, protocol: 'TCP' }],
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: API, labels: { [OURS]: 'true' } },
        spec: { group: 'custom.metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: { name, namespace, port } },
      },
    ], { force: true });
    await waitFor(async () => (await get('apiservice', API))?.status?.conditions?.some((one: any) => one.type === 'Available' && one.status === 'True'), { what: `${API} to be available`, timeout: 60_000 })
      .catch((error) => { throw new Error(`${error.message}\n${this.server.log.slice(-4_000)}`); });
  }
}

/** A quantity as metrics have it: whole, or in thousandths. */
function number(quantity: string): number {
  const [, digits, milli] = /^(\d+)(m?)$/.exec(quantity) ?? [];
  if (digits === undefined) throw new Error(`${quantity}: neither whole nor in thousandths`);
  return Number(digits) / (milli === 'm' ? 1000 : 1);
}
