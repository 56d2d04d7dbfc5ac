import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port';
import { Background, machineAddress } from './machine';
import { podMetaTargets, type ScrapeConfig } from './monitors';
import { type ObjectWatch, podTargets, watchPods } from './targets';

/** One time series' latest value. */
export interface Sample {
  readonly metric: Record<string, string>;
  readonly value: number;
}

export interface PrometheusOptions {
  /** Whose pods it scrapes. */
  readonly namespaces: string[];
  /** @default prometheus */
  readonly program?: 'prometheus' | 'victoria-metrics';
  /** Seconds between scrapes. @default 2 */
  readonly interval?: number;
  /** Name of the container port that has the metrics. @default metrics */
  readonly port?: string;
  /** Labels of pods that samples get, as a PodMonitor copies them. @default those that tell versions apart */
  readonly podTargetLabels?: string[];
  /** Scrapes as an operator configures them, of all ports of the pods, which the scrapes choose from. @default - the port of all pods */
  readonly scrapes?: (pods: object) => ScrapeConfig[];
  /** Groups of rules that it evaluates; VictoriaMetrics leaves that to vmalert. @default - none */
  readonly rules?: object[];
}

/** An alert as a store tells of it. */
export interface ActiveAlert {
  readonly labels: Record<string, string>;
  readonly state: 'pending' | 'firing';
}

/** The alerts that a store, or vmalert, evaluates. */
export async function alertsOf(address: string): Promise<ActiveAlert[]> {
  const { data } = await (await fetch(`${address}/api/v1/alerts`)).json() as any;
  // vmalert tells the name apart from the labels
  return (data.alerts ?? []).map(({ name, labels, state }: any) => ({ labels: { ...(name === undefined ? {} : { alertname: name }), ...labels }, state }));
}

/** What tells one version's pods from another's: Argo Rollouts' label, and those of the library. */
const VERSION_LABELS = ['rollouts-pod-template-hash', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/version'];

/**
 * A real Prometheus (or VictoriaMetrics) on this machine that scrapes real pods, which it must reach by their addresses.
 * Debian's build finds no pods by itself, so it's told of them through a file, with the labels that a PodMonitor would give.
 */
export class Prometheus {
  static async start(options: PrometheusOptions): Promise<Prometheus> {
    const { listen, reach } = machineAddress();
    const started = new Prometheus(options, listen, reach, await freePort(listen));
    await started.resume();
    return started;
  }

  /** For those that ask it, in the cluster or on this machine: http://host:port. */
  readonly address: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  private readonly watches: ObjectWatch[];
  private scrapes?: (pods: object) => ScrapeConfig[];
  private server?: Background;

  private constructor(private readonly options: PrometheusOptions, private readonly listen: string, reach: string, private readonly port: number) {
    this.address = `http://${reach}:${port}`;
    this.scrapes = options.scrapes;
    if (options.rules !== undefined) writeFileSync(join(this.folder, 'rules.yaml'), JSON.stringify({ groups: options.rules }));
    this.writeConfig();
    this.writeTargets([]);
    this.watches = options.namespaces.map((namespace) => watchPods(namespace, () => this.writeTargets(this.watches)));
  }

  /** What PromQL yields now: one sample a series, none where there is no data. */
  async query(promql: string): Promise<Sample[]> {
    const response = await fetch(`${this.address}/api/v1/query?${new URLSearchParams({ query: promql })}`);
    const body: any = await response.json();
    if (body.status !== 'success') throw new Error(`${promql}: ${body.error}`);
    if (body.data.resultType === 'scalar') return [{ metric: {}, value: Number(body.data.result[1]) }];
    return body.data.result.map((one: any) => ({ metric: one.metric, value: number(one.value[1]) }));
  }

  /** The value of the one series that PromQL yields, or undefined when it yields none. */
  async value(promql: string): Promise<number | undefined> {
    const samples = await this.query(promql);
    if (samples.length > 1) throw new Error(`${promql}: ${samples.length} series`);
    return samples[0]?.value;
  }

  /** Scrapes otherwise from now on, without a restart. */
  reconfigure(scrapes: (pods: object) => ScrapeConfig[]): void {
    this.scrapes = scrapes;
    this.writeConfig();
    this.server?.signal('SIGHUP');
  }

  /** Ends the server, as an outage does: its address and what it has stored stay. */
  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** Starts it again after stop(). */
  async resume(): Promise<void> {
    const [program, args] = this.command();
    this.server = Background.start(program, args);
    await this.server.answers(async () => (await this.query('vector(1)')).length === 1);
  }

  /** For afterAll. */
  async remove(): Promise<void> {
    for (const watch of this.watches) watch.stop();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private command(): [string, string[]] {
    const at = `${this.listen}:${this.port}`;
    const config = join(this.folder, 'config.yaml');
    const data = join(this.folder, 'data');
    return this.options.program === 'victoria-metrics'
      // answers as Prometheus does: with what was scraped last, and without keeping results
      ? ['victoria-metrics', [`-httpListenAddr=${at}`, `-storageDataPath=${data}`, `-promscrape.config=${config}`, '-promscrape.fileSDCheckInterval=1s', '-search.latencyOffset=0s', '-search.disableCache', '-memory.allowedBytes=128MiB']]
      : ['prometheus', [`--web.listen-address=${at}`, `--storage.tsdb.path=${data}`, `--config.file=${config}`, '--log.level=warn']];
  }

  private writeConfig(): void {
    const interval = `${this.options.interval ?? 2}s`;
    const prometheus = this.options.program !== 'victoria-metrics'; // which sets the pace of looking into the file by a flag
    const pods = { files: [join(this.folder, 'targets.json')], ...(prometheus ? { refresh_interval: '1s' } : {}) };
    writeFileSync(join(this.folder, 'config.yaml'), JSON.stringify({
      scrape_configs: this.scrapes?.(pods) ?? [{ job_name: 'pods', scrape_interval: interval, scrape_timeout: interval, file_sd_configs: [pods] }],
      ...(this.options.rules === undefined ? {} : { rule_files: [join(this.folder, 'rules.yaml')] }),
    }));
  }

  private writeTargets(watches: ObjectWatch[]): void {
    const { port, podTargetLabels } = this.options;
    const found = watches.flatMap((watch) => watch.objects);
    const targets = this.scrapes === undefined ? podTargets(found, port ?? 'metrics', podTargetLabels ?? VERSION_LABELS) : podMetaTargets(found);
    const part = join(this.folder, 'targets.part');
    writeFileSync(part, JSON.stringify(targets));
    renameSync(part, join(this.folder, 'targets.json')); // never read half written
  }
}

const number = (text: string) => ({ '+Inf': Infinity, '-Inf': -Infinity } as Record<string, number>)[text] ?? Number(text);
