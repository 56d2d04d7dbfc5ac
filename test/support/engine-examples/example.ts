import { App, Chart, Testing } from 'cdk8s';
import { Cluster, ClusterOperator, EngineBackend, GpuPool, Problems, ServingEngine, Severity } from 'cdk8s-serving';
import { synth } from '../serving';

/** An engine that a program is synthesized on. */
export type ExampleEngine = 'kubernetes' | 'kserve' | 'seldon-core-v1' | 'seldon-core-v2';

/** One published example. */
export interface ExampleLink {
  readonly title: string;
  readonly url: string;
  /** The engine that published it. */
  readonly engine: ExampleEngine;
}

/** A thing that examples show, and how it is said in this library. */
export interface Sayable {
  readonly shows: string;
  readonly links: readonly ExampleLink[];
  /** How, with the names of the library as code. Every name in it is in `program`. */
  readonly say: string;
  /** Engines that the program runs on; those that published the examples unless it is said. */
  readonly on?: readonly ExampleEngine[];
  readonly program: (chart: Chart) => void;
  /** What the example is about, found in what was synthesized. */
  readonly look: (objects: Objects) => unknown;
  readonly finds: unknown;
}

/** A thing that examples show and that can't be said. */
export interface Unsayable {
  readonly shows: string;
  readonly links: readonly ExampleLink[];
  readonly reason: string;
  readonly instead: string;
}

export type EngineExample = Sayable | Unsayable;

/** Examples of one theme. */
export interface ExampleTheme {
  readonly title: string;
  readonly examples: readonly EngineExample[];
}

export function isSayable(example: EngineExample): example is Sayable {
  return 'program' in example;
}

/** Engines that a program is synthesized on. */
export function enginesOf(example: Sayable): ExampleEngine[] {
  return [...(example.on ?? new Set(example.links.map(({ engine }) => engine)))];
}

const link = (engine: ExampleEngine, root: string) => (path: string): ExampleLink => ({ engine, title: path.replace(/\/README\.(md|ipynb)$/, ''), url: `${root}/${path}` });
/** A sample of KServe, by its path below docs/samples. */
export const kserve = link('kserve', 'https://github.com/kserve/kserve/blob/v0.20.0/docs/samples');
/** An example of Seldon Core v1, by its path in the repository. */
export const seldonV1 = link('seldon-core-v1', 'https://github.com/SeldonIO/seldon-core/blob/v1.18.2');
/** An example of Seldon Core v2, by its path in the repository. */
export const seldonV2 = link('seldon-core-v2', 'https://github.com/SeldonIO/seldon-core/blob/v2.10.2');

const BACKENDS: { readonly [engine in ExampleEngine]: () => EngineBackend } = {
  'kubernetes': () => EngineBackend.kubernetes(), 'kserve': () => EngineBackend.kserve(), 'seldon-core-v1': () => EngineBackend.seldonCoreV1(), 'seldon-core-v2': () => EngineBackend.seldonCoreV2(),
};

/** What a program wrote. */
export class Objects {
  public constructor(private readonly all: readonly any[]) {}

  public of(kind: string): any[] {
    return this.all.filter((one) => one.kind === kind);
  }

  /** The first of a kind. */
  public one(kind: string): any {
    return this.of(kind)[0];
  }

  /** Pods that serve, whatever the engine has them in; the server's container is the first. */
  public get pods(): any[] {
    return this.all.flatMap(({ kind, spec }) => {
      if (kind === 'Deployment' || kind === 'Rollout') return [spec.template.spec];
      if (kind === 'InferenceService') return [{ ...spec.predictor, containers: [spec.predictor.model, ...(spec.predictor.containers ?? [])] }];
      if (kind === 'SeldonDeployment') return spec.predictors.flatMap((predictor: any) => predictor.componentSpecs.map((one: any) => one.spec));
      return [];
    });
  }

  public get servers(): any[] {
    return this.pods.map(({ containers }) => containers[0]);
  }

  public get server(): any {
    return this.servers[0];
  }

  /** Images of the servers without registry and version. */
  public get images(): string[] {
    return this.servers.map(({ image }) => String(image).replace(/^.*\//, '').replace(/:[\d.]+/, '').replace(/:v[\d.]+/, ''));
  }

  /** The init container that brings the model, of the first pod. */
  public get download(): any {
    return this.pods[0].initContainers.find((one: any) => ['storage-initializer', 'model-download'].includes(one.name) || /initializer$/.test(one.name));
  }

  /** A variable of a container; the server's unless it is said. */
  public env(name: string, container: any = this.server): any {
    const found = container.env?.find((one: any) => one.name === name);
    return found?.value ?? found?.valueFrom;
  }
}

/** The nodes of the graph, whoever runs it. */
export function graphNodes(objects: Objects): any {
  const router = objects.of('Deployment').find(({ spec }) => JSON.stringify(spec).includes('graph-json'));
  const text = router?.spec.template.spec.containers[0].args.find((one: string) => one.includes('nodes'));
  return objects.one('InferenceGraph')?.spec.nodes ?? JSON.parse(text.slice(text.indexOf('{'))).nodes;
}

/** Runs the program of an example on an engine. Errors are told in `problems`. */
export function synthesize({ program }: Sayable, engine: ExampleEngine): { objects: Objects; problems: string[] } {
  const app: App = Testing.app();
  const chart = new Chart(app, 'example', { namespace: 'ml' });
  new ServingEngine(chart, 'Engine', { cluster: cluster(engine), backend: BACKENDS[engine]() });
  program(chart);
  const problems = Problems.of(app).filter(({ severity }) => severity === Severity.ERROR).map(({ code, path, what, fix }) => `${code} at ${path}: ${what}: ${fix}`);
  return { objects: new Objects(problems.length > 0 ? [] : synth(chart)), problems };
}

/** A cluster with all that samples ask for. */
function cluster(engine: ExampleEngine): Cluster {
  const { KSERVE, SELDON_CORE_V1, SELDON_CORE_V2, KEDA, METRICS_SERVER, PROMETHEUS_OPERATOR } = ClusterOperator;
  return Cluster.of({
    name: 'eu-1', version: '1.34', imageVolumes: true, dynamicResourceAllocation: true, metricsUrl: 'http://prometheus.monitoring:9090',
    gateway: { name: 'public', namespace: 'gateways' }, ingressClass: 'nginx', ingressNamespace: 'ingress-nginx',
    operators: [KEDA, METRICS_SERVER, PROMETHEUS_OPERATOR, ...(engine === 'kserve' ? [KSERVE] : []), ...(engine === 'seldon-core-v1' ? [SELDON_CORE_V1] : []), ...(engine === 'seldon-core-v2' ? [SELDON_CORE_V2] : [])],
    gpuPools: [GpuPool.gke('L4', { count: 8, spare: 2 })],
  });
}
