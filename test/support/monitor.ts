import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
export const MONITOR = join(ROOT, 'assets', 'model-monitor', 'monitor.py');

/** A Python with a detector's packages, as their requirements pin them: made when first asked for, once a machine. */
export function pythonWith(detector: 'evidently' | 'alibi-detect'): string {
  return join(execFileSync(join(ROOT, 'test', 'cluster', 'programs'), [detector], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim(), 'bin', 'python');
}

/** Real measurements, and what a model said of them. */
export interface Measured {
  readonly features: string[];
  readonly reference: (number | string | null)[][];
  readonly current: (number | string | null)[][];
  readonly predictions: number[];
  readonly truth: number[];
}

export function measured(python: string): Measured {
  return JSON.parse(execFileSync(python, [join(ROOT, 'test', 'drift', 'data.py')], { encoding: 'utf8' })) as Measured;
}

/** An event as the payload logger writes it. */
export interface Event { readonly [attribute: string]: unknown }

export const START = Date.parse('2026-11-20T10:00:00Z') / 1000;
export const event = (type: string, id: string, data: unknown, seconds = 60, more: Event = {}): Event => ({
  specversion: '1.0', type, id, source: 'http://fraud.shop', time: new Date((START + seconds) * 1000).toISOString(), namespace: 'shop', inferenceservicename: 'fraud', datacontenttype: 'application/json', data, ...more,
});
export const REQUEST = 'org.kubeflow.serving.inference.request';
export const RESPONSE = 'org.kubeflow.serving.inference.response';

/** A monitor that ended: what it published, by name and labels. */
export interface Ran { readonly code: number; readonly printed: string; readonly samples: { readonly [series: string]: number } }

/** Runs monitors over windows of events in files, and takes what they publish. */
export class MonitorBench {
  public published?: { url: string; text: string };
  public readonly folder = mkdtempSync(join(tmpdir(), 'monitor-'));
  private server!: Server;

  public constructor(private readonly python: string) {}

  public async open(): Promise<void> {
    this.server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => { text += chunk; });
      request.on('end', () => { this.published = { url: request.url!, text }; response.writeHead(200).end(); });
    });
    await new Promise<void>((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
  }

  public close(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Runs a monitor at the end of the first hour over lines. */
  public run(lines: readonly string[], settings: object, now = START + 3600): Promise<Ran> {
    const events = join(this.folder, 'events');
    mkdirSync(events, { recursive: true });
    writeFileSync(join(events, 'a.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const file = join(this.folder, 'settings.json');
    writeFileSync(file, JSON.stringify({ source: { kind: 'folder', path: events }, target: { kind: 'pushgateway', url: this.url }, ...settings }));
    this.published = undefined;
    return new Promise((resolve) => {
      execFile(this.python, [MONITOR, file, String(now)], { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', no_proxy: '127.0.0.1' } }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), printed: `${stdout}${stderr}`, samples: samplesOf(this.published?.text ?? '') });
      });
    });
  }
}

function samplesOf(text: string): { [series: string]: number } {
  return Object.fromEntries(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const at = line.lastIndexOf(' ');
    return [line.slice(0, at), Number(line.slice(at + 1))];
  }));
}
