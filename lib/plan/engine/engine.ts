import { ClusterOperator } from '../../describe/cluster';
import { SourceKind } from '../../describe/model-source';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ServerDefinition, ServerLaunch } from '../../describe/server/server-definition';
import { ScalingSignalKind } from '../../describe/scaling';
import { ServicePlan, ServiceRequest, Workload } from '../service-plan';
import { PlannedAddress } from './address';
import type { EngineLogger } from './kserve-logger';
import { Made } from './made';

/** The engines, in the ways that each runs services: the columns of the table of capabilities. */
export enum EngineId {
  KUBERNETES = 'kubernetes',
  KSERVE = 'kserve',
  KSERVE_KNATIVE = 'kserve-knative',
  KSERVE_LLM = 'kserve-llm',
  SELDON_V1 = 'seldon-core-v1',
  SELDON_V2 = 'seldon-core-v2',
}

/** Names that an engine's controller keeps for itself: what has one of them is refused, written over, or taken for something else. */
export interface Reserved {
  /** Of services. */
  readonly names: readonly string[];
  /** Of containers beside the server. */
  readonly containers: readonly string[];
  /** Of variables. */
  readonly variables: readonly string[];
  /** Of labels and annotations; one that ends in '/' stands for all with that prefix. */
  readonly labels: readonly string[];
}

/**
 * What planning, monitoring and whatever is made beside an engine's own objects know of it: the names that its controller gives. One file each, and a
 * column of the table of capabilities.
 */
export interface Engine {
  readonly id: EngineId;
  /** Name and version, for messages. */
  readonly title: string;
  /** Version of the engine, `major.minor`; none of plain Kubernetes. */
  readonly version?: string;
  /** What must run in the cluster for it; nothing for plain Kubernetes. */
  readonly operator?: ClusterOperator;
  /** The workload that runs a group of pods of this name, of a service. */
  workload(group: string, service: string, request: ServiceRequest): Workload;
  /** Name of the server's container in the pods that the engine makes. */
  container(request: ServiceRequest, server: ServerDefinition): string;
  /** Where clients ask inside of the cluster. */
  address(request: ServiceRequest): PlannedAddress;
  /** Whether it also runs what stands beside a service in pods of its own; Deployments of plain Kubernetes do unless it is said. */
  readonly runsCompanions?: boolean;
  /** Whether that runs in servers that are there already, with the programs that these have. */
  readonly stockCompanions?: boolean;
  /** Name of a service's pods, where clients ask by it; the service's own unless it is said. */
  group?(request: ServiceRequest): string;
  /** Name of the container port of a service's metrics, where another container has that of `metrics`. */
  metricsPortName?(request: ServiceRequest): string | undefined;
  /** Name of the Service of a service's pods where a transformer stands before them; `<name>-predictor`, unless the engine makes one of that name itself. */
  readonly podService?: (name: string) => string;
  /** Name of the Service of a transformer with pods of its own before a service; the service's name, unless the engine makes a Service of that itself. */
  readonly frontService?: (name: string) => string;
  /** Longest name of a service, so that nothing that the engine derives from it is cut or renamed. */
  longestName(request: ServiceRequest): { readonly length: number; readonly because: string };
  /** What its controller makes of a service, in the service's namespace: nothing else may be there under these names. Without this it makes nothing. */
  makes?(plan: ServicePlan): readonly Made[];
  /** What nobody else may name things. */
  readonly reserved?: Reserved;
  /** How the engine replaces copies whatever is asked for: new ones first, so many percent at a time. None where it does as it is told. */
  readonly updates?: { readonly surgePercent: number };
  /** What speaks against a server on this engine; nothing where it can run it. Without this it can run any. */
  misfit?(server: ServerDefinition): string | undefined;
  /** The server as it comes out: with other metrics, where the engine stands before it and counts. Without this it is as its makers made it. */
  server?(server: ServerDefinition, request: ServiceRequest): ServerDefinition;
  /** How the server is started where the engine has a word in that: its ports, its folders. Without this it is as the server says. */
  launch?(launch: ServerLaunch, request: ServiceRequest): ServerLaunch;
  /** What it is told to log of predictions, where it does that itself. Without this a proxy of the library's in the pods does it. */
  logger?(request: ServiceRequest): EngineLogger | undefined;
  /** Whether a server of one model is started as one of several is: each in a folder of its own, with settings of its own. */
  startsAsPool?(request: ServiceRequest): boolean;
  /** What it fetches by itself for the running servers of a pool. */
  readonly fetches?: { readonly stores: readonly SourceKind[]; readonly bySecret: boolean };
  /** Matchers of what workloads' pods expose, where pods are not named as a Deployment's. */
  podMatchers?(namespace: string, workloads: readonly Workload[]): string;
  /** Rollouts whose requests the engine splits by itself, without a router. */
  readonly splits?: readonly RolloutKind[];
  /** Signals by which it changes the copies itself, without an autoscaler of ours; none where it has none. */
  readonly follows?: readonly ScalingSignalKind[];
  /** Whether pods have a single port, for HTTP. */
  readonly onePort?: boolean;
  /** What is switched on of what it leaves off. */
  readonly features?: readonly string[];
}
