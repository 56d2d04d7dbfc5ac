import type { HpaRecord, HpaSample } from '../hpa-record';
import { type Manifest, kubectl } from './kubectl';
import { sleep } from './run';

const secondsSince = (origin: number, time: string | undefined): number => (time === undefined ? -1 : Math.round((Date.parse(time) - origin) / 1000));

/** Looks at a Deployment, its HPA and its pods every two seconds, until it is told to stop. */
export class HpaRecorder {
  private readonly samples: HpaSample[] = [];
  private readonly pods = new Map<string, { created: number; started: number; ready: number }>();
  private readonly origin = Date.now();
  private readonly done: Promise<void>;
  private stopped = false;

  public constructor(private readonly name: string, private readonly namespace: string) {
    this.done = this.run();
  }

  public get second(): number {
    return (Date.now() - this.origin) / 1000;
  }

  public async stop(): Promise<Pick<HpaRecord, 'samples' | 'copies'>> {
    this.stopped = true;
    await this.done;
    return { samples: this.samples, copies: [...this.pods.values()].sort((a, b) => a.created - b.created) };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const second = this.second;
      const { items } = JSON.parse(await kubectl(['get', 'deployments,horizontalpodautoscalers,pods', '--namespace', this.namespace, '-o', 'json'])) as { items: Manifest[] };
      const deployment = items.find((item) => item.kind === 'Deployment' && item.metadata.name === this.name);
      const scaler = items.find((item) => item.kind === 'HorizontalPodAutoscaler');
      for (const pod of items.filter((item) => item.kind === 'Pod')) this.see(pod);
      this.samples.push({
        second: Math.round(second), wanted: deployment?.spec.replicas, ready: deployment?.status.readyReplicas ?? 0,
        percent: scaler?.status?.currentMetrics?.[0]?.containerResource?.current?.averageUtilization ?? null,
      });
      await sleep(Math.max(0, 2000 - (this.second - second) * 1000));
    }
  }

  private see(pod: Manifest): void {
    const ready = (pod.status.conditions ?? []).find((condition: any) => condition.type === 'Ready' && condition.status === 'True');
    const known = this.pods.get(pod.metadata.name);
    if (known !== undefined && known.ready >= 0) return;
    this.pods.set(pod.metadata.name, {
      created: secondsSince(this.origin, pod.metadata.creationTimestamp),
      started: secondsSince(this.origin, pod.status.containerStatuses?.[0]?.state?.running?.startedAt),
      ready: secondsSince(this.origin, ready?.lastTransitionTime),
    });
  }
}
