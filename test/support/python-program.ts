import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';

/** A program of the package that goes on until it is told to end. */
export class PythonProgram {
  /** Starts it and waits until it listens. */
  public static async start(file: string, args: readonly (string | number)[], port: number, env: NodeJS.ProcessEnv = {}, python = 'python3', patience = 200): Promise<PythonProgram> {
    const child = spawn(python, [file, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', no_proxy: '127.0.0.1', ...env } });
    const program = new PythonProgram(child);
    for (let i = 0; !await accepts(port); i++) {
      if (i > patience || child.exitCode !== null) throw new Error(`it does not listen: ${program.printed}`);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    return program;
  }

  public printed = '';
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => { this.printed += chunk; });
    this.ended = new Promise((resolve) => { child.on('close', resolve); });
  }

  /** Sends a signal that it goes on after. */
  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and waits for the end: its exit code, null when the signal ended it. */
  public stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}
