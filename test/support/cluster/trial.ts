import { Chart, Duration, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Cluster, type ClusterProps, Gate, InferenceService, type InferenceServiceProps, Rollout, RolloutController, Scaling, ServingEngine, TrafficRouterKind } from 'cdk8s-serving';
import { hashes, rolloutHeld, rolloutIs, type RolloutPhase } from './argo';
import { type FaultyOptions, faultyModel, FAULTY_QUESTIONS } from './faulty';
import { apply, type Manifest } from './kubectl';
import { Load, type LoadSummary, type LoadStream } from './load';
import type { Client } from './client';
import { waitFor } from './wait';
import { serviceAddress } from './workloads';

/** A first version that is good, and a second one that a release tries. */
export interface TrialOptions {
  readonly name: string;
  readonly namespace: string;
  /** Metrics' store that gates ask. */
  readonly metricsUrl: string;
  readonly rollout: Rollout;
  /** The second version: what is wrong with it. */
  readonly second: Partial<FaultyOptions>;
  /** Copies. @default 2 */
  readonly copies?: number;
  readonly props?: Partial<InferenceServiceProps>;
  readonly cluster?: Partial<ClusterProps>;
  /** Takes a guard out of what is synthesized, for the proof that it was needed. */
  readonly without?: (manifests: Manifest[]) => void;
}

const COPIES = 2;
/** Seconds that gates look back, a step lasts, and a gate waits: as short as two seconds between scrapes allow. */
export const WINDOW = Duration.seconds(12);
export const STEP = Duration.seconds(15);
export const SCRAPE = Duration.seconds(2);

/** What judges errors in these tests: 5 % of 10 requests or more. */
export const errors = (props: Partial<Parameters<typeof Gate.errors>[0]> = {}): Gate => Gate.errors({ maxPercent: 20, minRequests: 10, window: WINDOW, maxWait: Duration.minutes(2), ...props });

/** A service under the real controller, on its way from one version to the next. */
export class Trial {
  private stableHash = '';
  private load?: Load;

  constructor(private readonly options: TrialOptions) {}

  get name(): string { return this.options.name; }

  /** The first version, wholly there. */
  async first(): Promise<void> {
    await this.put({ version: 'v1' });
    // a Rollout that was just made is called Healthy before its first pod is there; what is put then counts as its first version
    this.stableHash = await waitFor(async () => {
      const { status } = await this.is('Healthy');
      return status.availableReplicas === (this.options.copies ?? COPIES) && status.stableRS === status.currentPodHash && status.stableRS;
    }, { what: `the first version of ${this.name}`, timeout: 240_000, namespace: this.options.namespace });
  }

  /** Requests to the service's own address, until they are stopped. */
  async ask(client: Client, rate: number, stream: Partial<LoadStream> = {}): Promise<void> {
    const address = stream.address ?? await serviceAddress(this.name, this.options.namespace, 'http');
    this.load = await Load.start(client, { model: FAULTY_QUESTIONS, streams: { all: { protocol: 'rest', model: this.name, rate, ...stream, address } } });
  }

  /** The second version, and what the controller is to make of it. */
  async second(): Promise<void> {
    await this.put({ version: 'v2', ...this.options.second });
  }

  async is(phase: RolloutPhase, timeout?: number): Promise<Manifest> {
    return rolloutIs(phase, this.name, this.options.namespace, timeout);
  }

  /** Waits until a canary is held for a person. */
  async held(): Promise<Manifest> {
    return rolloutHeld(this.name, this.options.namespace);
  }

  async asked(): Promise<LoadSummary> {
    return (await this.load!.stop()).all!;
  }

  /** Whether a Rollout's stable version is still the first one. */
  keeps(rollout: Manifest): boolean {
    return hashes(rollout).stable === this.stableHash;
  }

  /** What is applied for a version. */
  manifests(version: FaultyOptions): Manifest[] {
    const { chart } = this.program(version);
    const written = Testing.synth(chart) as Manifest[];
    this.options.without?.(written);
    return written;
  }

  /** The program that says a version. */
  program(version: FaultyOptions): { chart: Chart; service: InferenceService } {
    const { rollout, props, metricsUrl, copies, namespace } = this.options;
    const chart = new Chart(Testing.app(), 'test', { namespace });
    new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ rollouts: RolloutController.argo({ router: TrafficRouterKind.REPLICAS }), metricsUrl, scrapeInterval: SCRAPE, version: '1.34', ...this.options.cluster }) });
    const service = new InferenceService(chart, 'Service', { ...faultyModel(version), cpu: Cpu.millis(20), name: this.name, scaling: Scaling.fixed(copies ?? COPIES), rollout, ...props });
    return { chart, service };
  }

  private async put(version: FaultyOptions): Promise<void> {
    await apply(this.manifests(version), { force: true });
  }
}
