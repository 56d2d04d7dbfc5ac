import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply, get, type Manifest } from './kubectl';
import { freePort } from '../free-port';
import { Background, machineAddress } from './machine';
import { createNamespace } from './namespaces';
import { program } from './programs';
import { must } from './run';
import { waitFor } from './wait';

/**
 * A real Gateway: Envoy on this machine, which Contour tells where routes lead. It must reach pods by their addresses.
 * What Contour 1.33 does not do of the Gateway API 1.4: it mirrors all requests, whatever share a RequestMirror names, and copies
 * of gRPC requests go out by HTTP/1.1, which no gRPC server answers (clients don't notice).
 * Source: internal/dag/gatewayapi_processor.go in projectcontour/contour, https://github.com/projectcontour/contour/issues/7277
 */
export class Gateway {
  static async start(): Promise<Gateway> {
    const { listen, reach } = machineAddress();
    const namespace = await createNamespace('gateway');
    const started = new Gateway(namespace, `${reach}:${await freePort(listen)}`, mkdtempSync(join(tmpdir(), 'gateway-')));
    await started.run(listen, reach);
    return started;
  }

  readonly name = 'public';
  private readonly servers: Background[] = [];

  private constructor(
    /** The Gateway's. */
    readonly namespace: string,
    /** host:port that clients ask, in the cluster or on this machine; which service they mean they say by the host name. */
    readonly address: string,
    private readonly folder: string,
  ) {}

  /** For afterAll, before the namespaces are removed. */
  async stop(): Promise<void> {
    for (const server of this.servers.splice(0)) await server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits until a route leads where it says. */
  async routed(kind: 'httproute' | 'grpcroute', name: string, namespace: string): Promise<void> {
    await waitFor(async () => {
      const route = await get(kind, name, namespace);
      const parents: any[] = route?.status?.parents ?? [];
      return parents.length > 0 && parents.every((parent) => ['Accepted', 'ResolvedRefs'].every((type) =>
        parent.conditions.some((one: any) => one.type === type && one.status === 'True' && one.observedGeneration === route?.metadata.generation)));
    }, { what: `${kind} ${name} to be accepted by the Gateway`, timeout: 60_000, namespace });
  }

  private async run(listen: string, reach: string): Promise<void> {
    const contour = await program('contour');
    const envoy = await program('envoy');
    await apply(readFileSync(join(contour, 'crds.yaml'), 'utf8'), { force: true });
    await apply(this.objects(Number(this.address.split(':')[1])));
    const config = join(this.folder, 'contour.json');
    const bootstrap = join(this.folder, 'envoy.json');
    writeFileSync(config, JSON.stringify({ gateway: { gatewayRef: { namespace: this.namespace, name: this.name } } }));
    const [xds, metrics, health, debug, stats] = await Promise.all([0, 1, 2, 3, 4].map(() => freePort('127.0.0.1')));
    const loopback = (what: string, port: number) => [`--${what}-address=127.0.0.1`, `--${what}-port=${port}`];
    const controller = Background.start(join(contour, 'contour'), [
      'serve', `--kubeconfig=${process.env.KUBECONFIG}`, `--config-path=${config}`, '--insecure', '--disable-leader-election', '--ingress-class-name=contour',
      ...loopback('xds', xds), ...loopback('http', metrics), ...loopback('health', health), ...loopback('debug-http', debug), ...loopback('stats', stats),
      // its default, /dev/stdout, can't be opened where that is a socket
      '--envoy-http-access-log=/dev/null', '--envoy-https-access-log=/dev/null', `--envoy-service-http-address=${listen}`, `--ingress-status-address=${reach}`,
      // what it reads of these is of versions that newer definitions have no more
      ...['extensionservices', 'tlsroutes', 'tcproutes', 'backendtlspolicies'].map((kind) => `--disable-feature=${kind}`),
    ]);
    this.servers.push(controller);
    await controller.answers(async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok);
    await must(join(contour, 'contour'), ['bootstrap', '--xds-address=127.0.0.1', `--xds-port=${xds}`, `--admin-address=${join(this.folder, 'admin.sock')}`, bootstrap]);
    const proxy = Background.start(join(envoy, 'envoy'), ['-c', bootstrap, '--service-cluster', 'tests', '--service-node', 'tests', '--disable-hot-restart', '--concurrency', '1', '--log-level', 'warning']);
    this.servers.push(proxy);
    await proxy.answers(async () => (await fetch(`http://127.0.0.1:${stats}/ready`)).ok);
    await waitFor(async () => (await get('gateway', this.name, this.namespace))?.status?.conditions?.some((one: any) => one.type === 'Programmed' && one.status === 'True'), {
      what: 'the Gateway to be programmed', timeout: 30_000, namespace: this.namespace,
    });
  }

  private objects(port: number): Manifest[] {
    return [
      { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', metadata: { name: 'contour' }, spec: { controllerName: 'projectcontour.io/gateway-controller' } },
      {
        apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: this.name, namespace: this.namespace },
        // Contour has Envoy listen 8000 ports above a listener's own
        spec: { gatewayClassName: 'contour', listeners: [{ name: 'http', protocol: 'HTTP', port: port - 8000, allowedRoutes: { namespaces: { from: 'All' } } }] },
      },
    ];
  }
}
