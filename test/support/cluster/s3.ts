import { join } from 'node:path';
import { apply, type Manifest } from './kubectl';
import { freePort } from '../free-port';
import { Background, machineAddress } from './machine';
import { program } from './programs';

/** An S3 server on this machine that pods download models from. */
export class S3Server {
  static async start(): Promise<S3Server> {
    const folder = await program('moto');
    const { listen, reach } = machineAddress();
    const port = await freePort(listen);
    // else the first word of the name that pods call it by is taken for a bucket
    const server = Background.start(join(folder, 'bin/python'), ['-m', 'moto.server', '-H', listen, '-p', String(port)], { S3_IGNORE_SUBDOMAIN_BUCKETNAME: 'true' });
    const started = new S3Server(server, `http://${reach}:${port}`);
    await server.answers(async () => (await fetch(`${started.endpoint}/moto-api/`)).ok);
    return started;
  }

  private constructor(private readonly server: Background, readonly endpoint: string) {}

  /** What a client of this server needs, in the words of the AWS libraries. It takes any key; one has to be sent, or reading is refused. */
  environment(): Record<string, string> {
    return {
      AWS_ACCESS_KEY_ID: 'test-reader',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_DEFAULT_REGION: 'us-east-1',
    };
  }

  /**
   * Gives the server a name in the cluster, as a store of one's own has: a Service without pods that leads to this machine.
   * Apps name their store, and nothing in their manifests is changed for a test.
   */
  async expose(namespace: string, name: string, port: number): Promise<void> {
    const { hostname, port: own } = new URL(this.endpoint);
    await apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports: [{ name: 'http', port, targetPort: Number(own) }] } },
      {
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } }, addressType: 'IPv4',
        endpoints: [{ addresses: [hostname], conditions: { ready: true } }], ports: [{ name: 'http', port: Number(own), protocol: 'TCP' }],
      },
    ], { force: true });
  }

  /** The Secret with a key of this server, as apps name it. It takes any key. */
  secret(name: string, namespace: string): Manifest {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = this.environment();
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID!, AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY! } };
  }

  /** Stores an object, its bucket made when it isn't there. */
  async put(bucket: string, key: string, body: Buffer | string): Promise<void> {
    await this.send(`/${bucket}`, { method: 'PUT' });
    const bytes = new Uint8Array(Buffer.from(body as Buffer));
    // Without this type the server takes the body for a form and stores nothing.
    await this.send(`/${bucket}/${key}`, { method: 'PUT', body: bytes, headers: { 'content-type': 'application/octet-stream' } });
  }

  private async send(path: string, request: RequestInit): Promise<void> {
    const response = await fetch(`${this.endpoint}${path}`, request);
    if (!response.ok) throw new Error(`S3 ${request.method} ${path}: HTTP ${response.status} ${await response.text()}`);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
