import { Accelerator } from '../describe/accelerator';
import { Batching } from '../describe/around/batching';
import { Detector } from '../describe/around/detector';
import { Explainer } from '../describe/around/explainer';
import { Transformer } from '../describe/around/transformer';
import { Cluster } from '../describe/cluster';
import { ExistingService } from '../describe/engine/existing-service';
import { Exposure } from '../describe/exposure';
import { GpuPool } from '../describe/gpu-pool';
import { Hold } from '../describe/hold';
import { Model } from '../describe/model';
import { ModelMonitor } from '../describe/monitoring/model-monitor';
import { PayloadLogging } from '../describe/monitoring/payload-logging';
import { Tracing } from '../describe/monitoring/tracing';
import { MountedFile } from '../describe/mounted-file';
import { CostBudget } from '../describe/monitoring/cost-budget';
import { Sli } from '../describe/monitoring/sli';
import { Objective } from '../describe/objective';
import { Candidate } from '../describe/rollout/candidate';
import { Rollout } from '../describe/rollout/rollout';
import { PoolLoading } from '../describe/pool-loading';
import { Autoscaler, Scaling, ScalingSignal } from '../describe/scaling';
import { ServedPredictor, ServerDefinition } from '../describe/server/server-definition';
import { InferenceProtocol } from '../describe/server/server-facts';
import { Team } from '../describe/team';
import { Companion } from './around/companion';
import { BuildContext } from './build-context';
import { DefaultsSet } from './defaults/defaults';
import { PlannedAddress } from './engine/address';
import { Engine } from './engine/engine';
import type { EngineLogger } from './engine/kserve-logger';
import { PlannedMonitor } from './monitor/planned-monitor';
import { ReleasePlan } from './release/release-plan';

/** Plain JSON, as manifests are made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object while it is built: what is undefined is left out. */
export type JsonObject = { [key: string]: JsonValue };
export type JsonValue = undefined | null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A volume of the user's own, as JSON, and where it is mounted. */
export interface RequestedVolume {
  readonly volume: JsonObject;
  readonly path: string;
  readonly readOnly: boolean;
}

/** A program beside a server, and its environment as JSON. */
export interface RequestedCompanion<T> {
  readonly what: T;
  readonly env: readonly JsonObject[];
}

/** The service that a program stands beside. */
export interface PartOf {
  readonly service: string;
  /** What it is of the service, as KServe names it: a label of its pods. */
  readonly component: string;
  /** Name by which it is asked, where that is the service's own model. */
  readonly modelName?: string;
  /** Name of its Service; its own name unless it is said. */
  readonly podService?: string;
  /** What it asks. */
  readonly predictor?: ServedPredictor;
  /** What an engine's own explainer is told, of one of Alibi's methods that only ask the model. */
  readonly explains?: { readonly method: string; readonly settings: JsonObject };
  /** Whether it is a detector: what it finds is told among its server's own metrics. */
  readonly detects?: boolean;
  /** Requests that a detector judges together, where the engine brings it so many at once. */
  readonly batchSize?: number;
  /** Whether clients ask for the service as a Pipeline. */
  readonly piped?: boolean;
}

/** What a construct asks the planner: only values, each checked as far as it can be by itself. */
export interface ServiceRequest {
  readonly name: string;
  readonly namespace?: string;
  /** Labels that cdk8s lays on every object of the chart. */
  readonly chartLabels: { readonly [key: string]: string };
  readonly cluster: Cluster;
  /** Tells clusters apart: services of one key share its devices, names and hosts. */
  readonly clusterKey: string;
  /** What runs it. */
  readonly engine: Engine;
  readonly defaults: DefaultsSet;
  /** The model; of a pool the one that is looked at. */
  readonly model: Model;
  /** Of a version on trial the model that it is tried against. */
  readonly stable?: Model;
  /** All models of a pool; undefined for a service of one model. */
  readonly pooled?: readonly Model[];
  /** When a pool loads them. */
  readonly poolLoading?: PoolLoading;
  readonly server?: ServerDefinition;
  readonly servers: readonly ServerDefinition[];
  readonly protocol?: InferenceProtocol;
  readonly accelerator?: Accelerator;
  readonly cpu?: string;
  readonly cpuLimit?: string;
  readonly memoryBytes?: number;
  readonly memoryLimitBytes?: number;
  readonly ephemeralStorageBytes?: number;
  readonly scaling?: Scaling;
  readonly rollout: Rollout;
  readonly candidate?: Candidate;
  readonly objectives: readonly Objective[];
  readonly sli: Sli;
  readonly budget?: CostBudget;
  readonly exposure: Exposure;
  readonly replaces?: ExistingService;
  readonly requestTimeoutSeconds?: number;
  readonly owner?: Team;
  readonly hold?: Hold;
  /** The cache on the nodes that holds the model. */
  readonly modelCache?: { readonly name: string; readonly uri: string; readonly namespace?: string };
  readonly payloadLogging?: PayloadLogging;
  readonly monitor?: ModelMonitor;
  readonly tracing?: Tracing;
  readonly transformer?: RequestedCompanion<Transformer>;
  readonly explainer?: RequestedCompanion<Explainer>;
  readonly detectors: readonly RequestedCompanion<Detector>[];
  readonly batching?: Batching;
  /** What it is part of, where it is no service of its own: a program beside one. */
  readonly partOf?: PartOf;
  readonly env: readonly JsonObject[];
  readonly files: readonly MountedFile[];
  readonly volumes: readonly RequestedVolume[];
  /** Volumes that only the user's own containers mount. */
  readonly sharedVolumes: readonly JsonObject[];
  readonly containers: readonly JsonObject[];
  readonly initContainers: readonly JsonObject[];
  readonly podOverlay?: JsonObject;
  readonly serviceAccountName?: string;
  readonly priorityClassName?: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  readonly podAnnotations: { readonly [key: string]: string };
}

/** A port of the service, and the container port that it leads to. */
export interface PlannedPort {
  readonly name: 'http' | 'grpc' | 'metrics';
  /** Port of the Service; none for metrics, which are scraped from pods. */
  readonly port?: number;
  readonly containerPort: number;
  /** Its name in the pods, where that is another. */
  readonly podName?: string;
}

/** All times, in seconds. */
export interface Timing {
  readonly request: number;
  readonly download: number;
  readonly load: number;
  /** How long a start may take before the container is restarted. */
  readonly startup: number;
  /** Sleep before the signal to stop. */
  readonly preStop: number;
  /** From the signal to stop to the kill. */
  readonly stop: number;
  /** preStop + stop. */
  readonly grace: number;
  /** How long an update may go without progress. */
  readonly progressDeadline: number;
}

/** How prometheus-adapter is told to serve a metric of pods. */
export interface AdapterRule {
  /** Name in the metrics API. */
  readonly name: string;
  /** Series by which the adapter finds out that there is such a metric. */
  readonly seriesQuery: string;
  /** The query, with the adapter's placeholders. */
  readonly metricsQuery: string;
}

/** A signal that copies follow, and what is asked for it. */
export interface PlannedSignal extends ScalingSignal {
  /** PromQL that gives it as one number for the whole service, standby copies included; none for what no metrics' store is asked for. */
  readonly promql?: string;
  /** The same for each pod. */
  readonly adapterRule?: AdapterRule;
  /** What must be switched on in the server for it. */
  readonly onlyWith?: string;
}

/** How many copies run. */
export interface Copies {
  readonly min: number;
  readonly max: number;
  /** Whichever asks for the most copies holds. */
  readonly signals: readonly PlannedSignal[];
  readonly external: boolean;
  /** Who changes the number; nobody where it is fixed, or another does. */
  readonly autoscaler?: Autoscaler;
  /** An `autoscaling/v2` behaviour. */
  readonly behavior?: JsonObject;
  /** Seconds from a copy's creation until it answers, as far as they can be told: download and load. */
  readonly startSeconds: number;
  /** Copies at least while metrics are missing. */
  readonly fallback: number;
  /** Queries that are 1 while something wants the service awake: what raises it from zero copies. */
  readonly wakes: readonly string[];
  /** Seconds without load after which the last copy goes, where none may be left. */
  readonly cooldownSeconds: number;
  /** Seconds between two looks at the signals, of an autoscaler that looks itself. */
  readonly pollSeconds: number;
  /** Where the metrics' store is asked. */
  readonly metricsUrl?: string;
  readonly frozen: boolean;
  readonly stopped: boolean;
}

/** How copies are replaced. */
export interface Strategy {
  readonly recreate: boolean;
  /** Copies that a rolling update adds at the most. */
  readonly maxSurge: number;
  /** The same as a share of the copies, where nothing has to be counted. */
  readonly surgePercent?: number;
  readonly maxUnavailable: number;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** What runs pods, and what an autoscaler changes the copies of. */
export interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Pods that are alike: those of the stable version, and those of a version on trial where no controller makes them. */
export interface PodGroup {
  readonly name: string;
  readonly component: string;
  /** Name of the format of their model. */
  readonly format: string;
  /** Address of their model in a cache on the nodes, which the engine mounts. */
  readonly cached?: string;
  /** What runs them, as the engine names it. */
  readonly workload: Workload;
  /** Labels that the workload selects its pods by: immutable on the cluster, so nothing that changes is among them. */
  readonly selector: { readonly [key: string]: string };
  /** A PodTemplateSpec. */
  readonly template: JsonObject;
  /** What they serve, for engines that fetch it by themselves; the first of a pool's. */
  readonly model: Model;
  /** Bytes of its files. */
  readonly modelBytes: number;
}

/** One model of a pool. */
export interface PooledModel {
  readonly name: string;
  readonly version?: string;
  readonly format: string;
  /** Where its files come from; undefined where the image has them. */
  readonly uri?: string;
  readonly model: Model;
  readonly bytes: number;
}

/** A Secret that the External Secrets Operator makes. */
export interface PlannedSecret {
  readonly id: string;
  readonly name: string;
  readonly spec: JsonObject;
}

/** A ConfigMap that the pods mount. */
export interface PlannedConfig {
  /** What it holds and whose, as `CandidateCode`; its name ends in a hash of the content, this stays. */
  readonly id: string;
  readonly name: string;
  readonly data: { readonly [key: string]: string };
  /** Content that is no text, in base64. */
  readonly binaryData?: { readonly [key: string]: string };
}

/** Everything that was decided about a service, for every backend alike. */
export interface ServicePlan {
  readonly name: string;
  readonly namespace?: string;
  readonly engine: Engine;
  readonly address: PlannedAddress;
  /** Name of the Service that leads to these pods: another than the address's where a transformer stands before them. */
  readonly podService: string;
  /** The service and the component that it stands beside; undefined for a service itself. */
  readonly partOf?: PartOf;
  /** What stands beside it in pods of its own: each is planned as a service is. */
  readonly companions: readonly Companion[];
  /** Name of the server's container in the pods. */
  readonly container: string;
  readonly server: ServerDefinition;
  /** What clients speak with: the server, or a transformer in its pods. */
  readonly front: ServerDefinition;
  readonly serverVersion: string;
  /** Name by which clients ask for the model; a pool has many. */
  readonly modelName?: string;
  /** The models of a pool, in order; empty for a service of one model. */
  readonly pooled: readonly PooledModel[];
  /** When they are loaded; undefined for a service of one model. */
  readonly poolLoading?: PoolLoading;
  readonly protocol: InferenceProtocol;
  readonly protocols: readonly InferenceProtocol[];
  /** Labels of all objects. */
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  /** Labels by which every pod of the service is found, whatever pod group it is in. */
  readonly memberSelector: { readonly [key: string]: string };
  readonly groups: readonly PodGroup[];
  readonly ports: readonly PlannedPort[];
  readonly metricsPath?: string;
  readonly timing: Timing;
  readonly copies: Copies;
  readonly strategy: Strategy;
  /** How a new version is tried before it goes live; undefined where it just replaces the old one copy by copy. */
  readonly release?: ReleasePlan;
  /** Copies that an update adds at the most: what pools are counted by. */
  readonly extraCopies: number;
  readonly exposure: Exposure;
  /** What answers the rest of the requests until the service has taken its place. */
  readonly replaces?: ExistingService;
  readonly accelerator?: Accelerator;
  readonly pools: readonly GpuPool[];
  readonly configs: readonly PlannedConfig[];
  readonly serviceAccount?: { readonly name: string; readonly annotations: { readonly [key: string]: string } };
  /** Secrets that another operator makes, each with the id of its object. */
  readonly externalSecrets: readonly PlannedSecret[];
  readonly resourceClaimTemplate?: { readonly name: string; readonly apiVersion: string; readonly spec: JsonObject };
  /** The image of the model's code, when there is one to build. */
  readonly buildContext?: BuildContext;
  /** That of a transformer in the same pods. */
  readonly contextBeside?: BuildContext;
  /** What is logged of predictions. */
  readonly payloadLogging?: PayloadLogging;
  /** What the engine logs itself, for detectors as well; undefined where a proxy in the pods does it. */
  readonly engineLogger?: EngineLogger;
  /** The container port on which the payload logger tells of itself. */
  readonly loggerMetricsPort?: number;
  /** What looks at the logged predictions from time to time. */
  readonly monitor?: PlannedMonitor;
  /** What the server's container asks for. */
  readonly requests: { readonly cpuMillis: number; readonly memoryBytes: number };
}
