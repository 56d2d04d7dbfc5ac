import { spawn } from 'node:child_process';

/** What a program did: never throws by itself, so that callers can say what they wanted of it. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Record<string, string>;
  /** Milliseconds after which the program is ended. @default 120 s */
  readonly timeout?: number;
}

/** Runs a program without a shell. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 120_000);
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.stdin.on('error', () => undefined); // a program that ends without reading its input is judged by its exit code
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => { clearTimeout(timer); reject(error); });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const stderr = Buffer.concat(err).toString();
      resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr: signal ? `${stderr}\nended by ${signal}` : stderr });
    });
  });
}

/** Runs a program that has to succeed. */
export async function must(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(program, args, options);
  if (ran.code !== 0) throw new Error(`${program} ${args.join(' ').slice(0, 400)}: exit ${ran.code}\n${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

export const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
