import type { Client } from './client';
import type { TrainedModel } from './model';
import { measured } from './report';

export interface LoadStream {
  readonly protocol: 'rest' | 'grpc';
  /** host:port */
  readonly address: string;
  readonly model: string;
  /** Requests a second, sent on time whether or not earlier ones were answered. */
  readonly rate: number;
  /** Other rates later on: seconds from the start, and requests a second from then on. @default - the same rate all the time */
  readonly steps?: readonly (readonly [number, number])[];
  /** Connections that are kept, or 0 for a fresh one with each request. @default 0 */
  readonly connections?: number;
  /** The host name that a Gateway knows the service by. @default the address */
  readonly host?: string;
  /** Headers (gRPC: metadata) of each request, in lower case. @default none */
  readonly headers?: Record<string, string>;
}

export interface LoadSummary {
  readonly sent: number;
  readonly ok: number;
  /** Requests without an answer. */
  readonly failed: number;
  /** Answers that are not the model's. */
  readonly wrong: number;
  /** Requests a second as they were really sent. */
  readonly rate: number;
  readonly seconds: number;
  /** How far sending fell behind its schedule at worst. */
  readonly behindMs: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly errors: Record<string, number>;
  /** The first five: seconds from the start of the load, seconds until it was known, and the time of day that logs tell. */
  readonly firstErrors: { second: number; after: number; at: string; kind: string }[];
  /** Answers by the model_version that they say they are of; '' for those that say none. */
  readonly versions: Record<string, number>;
}

/** What a summary has in common when every request got its right answer; where one did not, the difference names its kind and time. */
export const ALL_ANSWERED: Pick<LoadSummary, 'failed' | 'wrong' | 'firstErrors'> = { failed: 0, wrong: 0, firstErrors: [] };

export interface LoadOptions {
  /** By name. */
  readonly streams: Record<string, LoadStream>;
  readonly model: Pick<TrainedModel, 'rows' | 'expected'>;
  /** @default until stop() */
  readonly seconds?: number;
  /** Seconds after which a request counts as lost. @default 10 */
  readonly timeout?: number;
}

/** Requests that flow until stop() is called or the seconds are over. */
export class Load {
  /** Begins when all addresses lead to pods; resolves once requests are really flowing. */
  static async start(client: Client, options: LoadOptions): Promise<Load> {
    await client.reach(...Object.values(options.streams).map((stream) => stream.address));
    const config = {
      seconds: options.seconds ?? 0,
      timeout: options.timeout ?? 10,
      rows: options.model.rows,
      expected: options.model.expected,
      streams: Object.entries(options.streams).map(([name, stream]) => ({ name, connections: 0, host: stream.address, headers: {}, ...stream })),
    };
    const process = client.startPython('load.py', JSON.stringify(config));
    let stdout = '';
    let stderr = '';
    process.stdout.on('data', (chunk) => { stdout += chunk; });
    const summaries = new Promise<Record<string, LoadSummary>>((resolve, reject) => {
      process.on('error', reject);
      process.on('close', (code) => (code === 0 ? resolve(JSON.parse(stdout)) : reject(new Error(`load.py: exit ${code}\n${stderr}`))));
    });
    // in one line, as what Jest says of a failed expectation is long, and a test that is run again shows it no more
    const tell = (all: Record<string, LoadSummary>) => {
      const lost = Object.entries(all).filter(([, { failed }]) => failed > 0).map(([name, { sent, failed, errors, firstErrors, behindMs }]) => ({ name, sent, failed, errors, first: firstErrors[0], behindMs }));
      if (lost.length > 0) measured('requests without an answer', lost);
    };
    summaries.then(tell, () => undefined); // a test that fails before stop() tells its own reason
    await new Promise<void>((resolve, reject) => {
      process.stderr.on('data', (chunk) => { stderr += chunk; if (stderr.includes('started')) resolve(); });
      summaries.then(() => resolve(), reject);
    });
    return new Load(() => process.stdin.end(), summaries);
  }

  private constructor(private readonly end: () => void, private readonly summaries: Promise<Record<string, LoadSummary>>) {}

  /** Sends no more, waits for the answers still due and tells what came of all. */
  stop(): Promise<Record<string, LoadSummary>> {
    this.end();
    return this.summaries;
  }

  /** For a load with a given duration. */
  finished(): Promise<Record<string, LoadSummary>> {
    return this.summaries;
  }
}
