import { Manifest } from '../manifest/manifest';
import { Engine } from '../plan/engine/engine';
import { GraphWish, PlannedGraph } from '../plan/graph/planned-graph';
import { Json, PlannedPort, PodGroup, ServicePlan, ServiceRequest, Workload } from '../plan/service-plan';
import { Cluster } from '../describe/cluster';
import { Finding } from '../describe/problem';

/** An object that a backend makes, and its id below the service: part of the public tree, so it never changes. */
export interface RenderedObject extends Manifest {
  readonly id: string;
}

/** What comes after a service was made: it changes the content of objects, or adds one. */
export interface RenderExtras {
  readonly cluster: Cluster;
  /** Peers that may invoke the service, as `from` entries of a NetworkPolicy. */
  readonly grants: readonly { [key: string]: Json }[];
}

/** A workload to be written: one group of pods of a plan. */
export interface WorkloadOf {
  /** Id below the construct. */
  readonly id: string;
  readonly group: PodGroup;
  /** Copies; none where something else sets them. */
  readonly replicas: number | undefined;
}

/** An engine's way to run a group of pods: its own objects, the one with the given id first. */
export type RenderWorkload = (plan: ServicePlan, of: WorkloadOf, cluster: Cluster) => RenderedObject[];

/** What a rollout controller is given of a plan: the workload, and the Services and routes that it splits requests by. */
export interface RenderedRollout {
  readonly workload: readonly RenderedObject[];
  /** Services and routes; none of those that the controller makes by itself. */
  readonly network: readonly RenderedObject[];
  /** What judges a release. */
  readonly analysis: readonly RenderedObject[];
  /** The workload whose number of copies an autoscaler changes. */
  readonly target: Workload;
  /** An autoscaler that the controller can't do without, where the plan has none. */
  readonly autoscaler?: RenderedObject;
}

/** A rollout controller's way to run a plan. One file or folder of lib/render/rollouts each. */
export interface RolloutRenderer {
  render(plan: ServicePlan, cluster: Cluster): RenderedRollout;
}

/**
 * An autoscaler's way to change the copies of a workload. One file of lib/render/autoscalers each. It owns the object with the id `Autoscaler`
 * and those around it, and leaves the workload without a number of copies.
 */
export type RenderAutoscaler = (plan: ServicePlan, target: Workload) => RenderedObject[];

/** A group of pods as it comes out on a backend. */
export interface RenderedGroup {
  readonly component: string;
  readonly scaleTarget: Workload;
  readonly selector: { readonly [key: string]: string };
}

/** A service as it comes out on a backend: what monitoring, routes and autoscalers go by. */
export interface RenderedService {
  /** In the order in which they are written; the one with the id `Resource` is the main one, the construct's default child. */
  readonly objects: readonly RenderedObject[];
  readonly groups: readonly RenderedGroup[];
  /** Labels by which every pod of the service is found. */
  readonly memberSelector: { readonly [key: string]: string };
  /** Name of the Service that answers inside of the cluster. */
  readonly serviceName: string;
  readonly ports: readonly PlannedPort[];
  /** Label of the pods of what stands beside a service that holds its name; app.kubernetes.io/name unless it is said. */
  readonly nameLabel?: string;
  /** Label of pods that holds the model's version. */
  readonly versionLabel: string;
  /** Matchers of its series, where it has no pods of its own and others scrape what it runs in. */
  readonly series?: string;
}

/** An engine's way to run a service. One folder of lib/render each. */
export interface Backend {
  readonly engine: Engine;
  /** Who runs this one of its services; itself unless it has several ways to run services. */
  suited?(request: ServiceRequest): Backend;
  /** Its own definition of graphs; without one KServe's router runs them. */
  readonly graphs?: GraphDefinition;
  render(plan: ServicePlan, extras: RenderExtras): RenderedService;
}

/** An engine's own definition of graphs. One file of lib/render/graph each. */
export interface GraphDefinition {
  /** What it can't make of a graph, or makes otherwise than is asked for. */
  check(graph: PlannedGraph, wish: GraphWish): Finding[];
  /** Who runs a graph, on an engine that runs services in this way. */
  runs(graph: PlannedGraph, engine: Engine): Backend;
}
