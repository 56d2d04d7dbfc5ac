import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { kubectl, type Manifest } from './kubectl';
import { sleep } from './run';

/** One address that is scraped, as a file of targets has it. */
export interface ScrapeTarget {
  readonly targets: string[];
  readonly labels: Record<string, string>;
}

/** A name as Prometheus' operator makes it of a pod's label. */
const labelName = (name: string) => name.replace(/[^a-zA-Z0-9_]/g, '_');

/**
 * What a PodMonitor for the port makes of pods: labels namespace, pod, container, endpoint and job, and those of the pod that it copies
 * (`podTargetLabels`). Pods that have ended are left out, those that are not Ready are not.
 * Source: pkg/prometheus/promcfg.go in prometheus-operator/prometheus-operator
 */
export function podTargets(pods: Manifest[], port: string, podTargetLabels: string[]): ScrapeTarget[] {
  return pods.filter((pod) => pod.status?.podIP && !['Succeeded', 'Failed'].includes(pod.status.phase)).flatMap(({ metadata, spec, status }) =>
    (spec.containers as any[]).flatMap((container) => (container.ports ?? []).filter((one: any) => one.name === port).map((one: any) => ({
      targets: [`${status.podIP}:${one.containerPort}`],
      labels: {
        namespace: metadata.namespace ?? '', pod: metadata.name, container: container.name, endpoint: port, job: `${metadata.namespace}/models`,
        ...Object.fromEntries(podTargetLabels.filter((name) => metadata.labels?.[name] !== undefined).map((name) => [labelName(name), metadata.labels![name]!])),
      },
    }))));
}

/** The objects of a kind, always up to date. */
export class ObjectWatch {
  private readonly found = new Map<string, Manifest>();
  private child?: ChildProcess;
  private stopped = false;

  /** @param path of the API, such as `/api/v1/namespaces/ml/pods`. */
  constructor(private readonly path: string, private readonly changed: () => void = () => undefined) {
    void this.run();
  }

  get objects(): Manifest[] {
    return [...this.found.values()];
  }

  stop(): void {
    this.stopped = true;
    this.child?.kill();
  }

  /** Lists, then follows what changes until the API server ends that, as it does now and then. */
  private async run(): Promise<void> {
    const { path } = this;
    while (!this.stopped) {
      try {
        const list = JSON.parse(await kubectl(['get', '--raw', path]));
        this.found.clear();
        for (const object of list.items) this.found.set(object.metadata.name, object);
        this.changed();
        if (!this.stopped) await this.follow(`${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}`);
      } catch {
        await sleep(1_000); // the API server is away: what is known stands
      }
    }
  }

  private async follow(path: string): Promise<void> {
    this.child = spawn('kubectl', ['get', '--raw', path], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of createInterface({ input: this.child.stdout! })) {
      const { type, object } = JSON.parse(line);
      if (type === 'ERROR') break;
      if (type === 'DELETED') this.found.delete(object.metadata.name);
      else this.found.set(object.metadata.name, object);
      this.changed();
    }
    this.child.kill();
  }
}

/** The pods of a namespace, always up to date. */
export const watchPods = (namespace: string, changed: () => void): ObjectWatch => new ObjectWatch(`/api/v1/namespaces/${namespace}/pods`, changed);
