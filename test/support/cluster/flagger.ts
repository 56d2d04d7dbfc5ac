import { join } from 'node:path';
import { get, type Manifest } from './kubectl';
import { freePort } from '../free-port';
import { Background } from './machine';
import { program } from './programs';
import { waitFor } from './wait';

export interface FlaggerOptions {
  /** The one whose Canaries it looks after. */
  readonly namespace: string;
  /** Address of the Prometheus that its metrics are asked of. */
  readonly metricsServer: string;
  /** What moves requests between versions. @default gatewayapi:v1 */
  readonly provider?: 'gatewayapi:v1' | 'kubernetes';
}

export type CanaryPhase = 'Initialized' | 'Progressing' | 'WaitingPromotion' | 'Promoting' | 'Finalising' | 'Succeeded' | 'Failed';

/** The real Flagger on this machine. The cluster needs its definitions, and the API server a semantic version, or it refuses to start. */
export class Flagger {
  static async start(options: FlaggerOptions): Promise<Flagger> {
    const folder = await program('flagger');
    const port = await freePort('0.0.0.0');
    const server = Background.start(join(folder, 'flagger'), [
      `-kubeconfig=${process.env.KUBECONFIG}`, `-namespace=${options.namespace}`, `-metrics-server=${options.metricsServer}`, `-mesh-provider=${options.provider ?? 'gatewayapi:v1'}`,
      `-port=${port}`, '-log-level=info',
    ]);
    await server.answers(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
    return new Flagger(server, options.namespace);
  }

  private constructor(private readonly server: Background, private readonly namespace: string) {}

  /** What it said last, a line of JSON each. */
  get log(): string {
    return this.server.log;
  }

  /**
   * Waits until a Canary is in that phase, since a moment that tells this release from the one before; a failure shows what Flagger said.
   * Flagger keeps the phase of the last release until it sees the next, at its next look.
   */
  async canaryIs(phase: CanaryPhase, name: string, since?: Date, timeout = 240_000): Promise<Manifest> {
    return waitFor(async () => {
      const canary = await get('canaries.flagger.app', name, this.namespace);
      if (canary?.status?.phase !== phase) return undefined;
      // its times are whole seconds
      return since === undefined || Date.parse(canary.status.lastTransitionTime) >= since.getTime() - 1_000 ? canary : undefined;
    }, { what: `Canary ${name} to be ${phase}`, timeout, namespace: this.namespace }).catch((error) => { throw new Error(`${error.message}\n${this.log.slice(-6_000)}`); });
  }

  /** For afterAll, once the namespace is gone. */
  stop(): Promise<void> {
    return this.server.stop();
  }
}
