import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { waitFor } from '../cluster/wait';

/** A request that was sent to the sink. */
export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: any;
}

/** An address on this machine in place of Slack, PagerDuty and others: it takes everything and keeps it. */
export class Sink {
  static async start(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  readonly deliveries: Delivery[] = [];
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      this.deliveries.push({ path: request.url!, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      // as they say that they have taken it: Slack by a word, others by 202
      if (request.url!.startsWith('/slack')) response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      else response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}');
    });
  });

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Those to a path. */
  at(path: string): Delivery[] {
    return this.deliveries.filter((one) => one.path === path);
  }

  /** The first to a path that fits. */
  first(path: string, fits: (body: any) => boolean = () => true): Promise<Delivery> {
    return waitFor(() => this.at(path).find(({ body }) => fits(body)), { what: `a delivery to ${path}`, timeout: 20_000, every: 50 });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => { this.server.close(() => resolve()); this.server.closeAllConnections(); });
  }
}
