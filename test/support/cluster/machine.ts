import { type ChildProcess, spawn } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { waitFor } from './wait';

/** The link of the test cluster's own node: pods reach this machine there, and nothing outside it does. */
const NODE_ADDRESS = '10.243.0.1';

/** Where a server on this machine listens, and under which address pods of the cluster reach it. */
export function machineAddress(): { listen: string; reach: string } {
  const own = Object.values(networkInterfaces()).flat().filter((found) => found?.family === 'IPv4');
  if (own.some((found) => found?.address === NODE_ADDRESS)) return { listen: NODE_ADDRESS, reach: NODE_ADDRESS };
  const reach = process.env.SERVING_TEST_HOST ?? own.find((found) => !found?.internal)?.address ?? '127.0.0.1';
  return { listen: '0.0.0.0', reach };
}

/** A program that runs on this machine while tests do. */
export class Background {
  static start(program: string, args: string[], env: Record<string, string> = {}): Background {
    return new Background(program, spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } }));
  }

  /** What it said last. */
  log = '';
  private readonly kill = () => { this.child.kill('SIGKILL'); };

  private constructor(private readonly program: string, private readonly child: ChildProcess) {
    const keep = (chunk: Buffer) => { this.log = (this.log + chunk).slice(-20_000); };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => { this.log += error.message; });
    process.once('exit', this.kill); // a test run that is cut short leaves nothing behind
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until it answers; a failure shows what it said. */
  async answers(look: () => Promise<unknown>, timeout = 60_000): Promise<void> {
    try {
      await waitFor(async () => !this.running || look(), { what: `${this.program} to answer`, timeout });
      if (!this.running) throw new Error(`${this.program} ended by itself`);
    } catch (error) {
      await this.stop();
      throw new Error(`${error instanceof Error ? error.message : error}\n${this.log.slice(-4_000)}`);
    }
  }

  /** Such as SIGHUP, at which servers read their configuration anew. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    process.removeListener('exit', this.kill);
    if (!this.running) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill();
    const impatient = setTimeout(this.kill, 10_000);
    await ended;
    clearTimeout(impatient);
  }
}
