import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Background } from '../cluster/machine';
import { program } from '../cluster/programs';

/** What a model of a test gets, and what it answers. */
export interface Asked { readonly path: string; readonly body: any; readonly headers: IncomingHttpHeaders }
export interface Answer { readonly status?: number; readonly body: unknown; readonly afterMs?: number }

/** A model of a test: a real HTTP server that answers as it is told, and keeps what it was asked. */
export class SmallModel {
  static async start(answer: (asked: Asked) => Answer): Promise<SmallModel> {
    const model = new SmallModel(answer);
    await new Promise<void>((resolve) => model.server.listen(0, '127.0.0.1', resolve));
    return model;
  }

  readonly asked: Asked[] = [];
  private readonly server: Server;

  private constructor(answer: (asked: Asked) => Answer) {
    this.server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => { text += chunk; });
      request.on('end', () => {
        const asked = { path: request.url!, body: JSON.parse(text), headers: request.headers };
        this.asked.push(asked);
        const { status, body, afterMs } = answer(asked);
        setTimeout(() => {
          response.writeHead(status ?? 200, { 'content-type': 'application/json' });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        }, afterMs ?? 0);
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** KServe's real router on this machine, started as a container of a manifest says. Its port is always 8080. */
export class Router {
  static async start(container: any): Promise<Router> {
    const env = Object.fromEntries((container.env ?? []).map((one: any) => [one.name, one.value]));
    const process = Background.start(join(await program('kserve-router'), 'router'), container.args, env);
    const router = new Router(process);
    await process.answers(async () => (await fetch(`${router.url}${container.readinessProbe.httpGet.path}`)).ok);
    return router;
  }

  readonly url = 'http://127.0.0.1:8080';

  private constructor(private readonly process: Background) {}

  get running(): boolean {
    return this.process.running;
  }

  async ask(body: unknown, headers: { [name: string]: string } = {}, path = '/v2/models/graph/infer'): Promise<{ status: number; body: any }> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async ready(): Promise<number> {
    return (await fetch(`${this.url}/readyz`)).status;
  }

  /** The signal to stop, as Kubernetes sends it. */
  terminate(): void {
    this.process.signal('SIGTERM');
  }

  /** At once: it would go on for half a minute. */
  async stop(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.stop();
  }
}
