import { App, Chart, Testing } from 'cdk8s';
import { Cluster, ClusterProps, InferenceService, InferenceServiceProps, Model, ModelProps, ModelSource, Problem, Problems, ServingEngine, ServingEngineProps } from 'cdk8s-serving';
import type { ServicePlan } from '../../lib/plan/service-plan';

/** A scikit-learn model in S3 with a version: nothing of it is a problem. */
export function iris(props: Partial<ModelProps> = {}): Model {
  return Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1'), ...props });
}

/** What is written to stderr meanwhile, beside the result. */
export function hearing<T>(run: () => T): { result: T; heard: string } {
  const write = process.stderr.write;
  let heard = '';
  process.stderr.write = ((text: string) => { heard += text; return true; }) as typeof process.stderr.write;
  try {
    return { result: run(), heard };
  } finally {
    process.stderr.write = write;
  }
}

/** All objects of a chart as they are written; warnings are not printed. */
export function synth(chart: Chart): any[] {
  return hearing(() => Testing.synth(chart)).result;
}

/** A service in a chart of its own, and what comes out. */
export class Served {
  public constructor(public readonly app: App, public readonly chart: Chart, public readonly engine: ServingEngine, public readonly service: InferenceService) {}

  private written?: any[];

  /** All objects. */
  public get manifests(): any[] {
    return this.written ??= synth(this.chart);
  }

  /** The object of a kind; undefined when there is none. */
  public one(kind: string): any {
    return this.manifests.find((object) => object.kind === kind);
  }

  public all(kind: string): any[] {
    return this.manifests.filter((object) => object.kind === kind);
  }

  public get deployment(): any { return this.one('Deployment'); }
  public get template(): any { return this.deployment.spec.template; }
  public get pod(): any { return this.template.spec; }
  public get server(): any { return this.pod.containers.find((container: any) => container.name === 'server'); }
  public get download(): any { return this.pod.initContainers?.find((container: any) => container.name === 'model-download'); }

  /** Variables of a container by name: a value, or a reference. */
  public env(container: any = this.server): { [name: string]: any } {
    return Object.fromEntries((container.env ?? []).map((one: any) => [one.name, one.value ?? one.valueFrom]));
  }

  /** Where each volume is mounted in the server. */
  public mount(path: string): any {
    return this.server.volumeMounts.find((one: any) => one.mountPath === path);
  }

  public volume(name: string): any {
    return this.pod.volumes.find((one: any) => one.name === name);
  }

  /** The plan, also of a service that errors stop. */
  public get plan(): ServicePlan {
    return (this.service as any).planned.plan;
  }

  public get problems(): Problem[] { return Problems.of(this.app); }
  public get codes(): string[] { return this.problems.map((one) => one.code); }

  public problem(code: string): Problem {
    const found = this.problems.find((one) => one.code === code);
    if (found === undefined) throw new Error(`no ${code} among ${this.codes.join(', ') || 'no problems'}`);
    return found;
  }
}

/** A service `Iris` in namespace `ml`, on a cluster of these props. */
export function serve(props: Partial<InferenceServiceProps> = {}, cluster: ClusterProps | Cluster = {}, engine: ServingEngineProps = {}, id = 'Iris'): Served {
  const app = Testing.app();
  const chart = new Chart(app, 'ml', { namespace: 'ml' });
  const made = new ServingEngine(chart, 'Engine', { cluster: cluster instanceof Cluster ? cluster : Cluster.of(cluster), ...engine });
  return new Served(app, chart, made, new InferenceService(chart, id, { model: iris(), ...props }));
}

/** Codes of what a value carries. */
export function codes(value: { readonly _findings: readonly { readonly code: string }[] }): string[] {
  return value._findings.map((one) => one.code);
}
