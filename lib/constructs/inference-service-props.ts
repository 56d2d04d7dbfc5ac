import { Duration, Size } from 'cdk8s';
import type { Container, Cpu, EnvValue, IServiceAccount, Volume } from 'cdk8s-plus-28';
import { Accelerator } from '../describe/accelerator';
import { Batching } from '../describe/around/batching';
import { Detector } from '../describe/around/detector';
import { Explainer } from '../describe/around/explainer';
import { Transformer } from '../describe/around/transformer';
import { ENV_NAME, named } from '../describe/checks/names';
import { is, Shape } from '../describe/checks/shape';
import { ExistingService } from '../describe/engine/existing-service';
import { ILocalModelCache } from '../describe/engine/model-cache';
import { Exposure } from '../describe/exposure';
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
import { Scaling } from '../describe/scaling';
import { ServerDefinition } from '../describe/server/server-definition';
import { InferenceProtocol } from '../describe/server/server-facts';
import { Team } from '../describe/team';
import { IMonitoringStack } from './monitoring-stack';
import { IServingEngine } from './serving-engine';

/** A volume of your own in the server's container. */
export interface ServingVolume {
  /** The volume. */
  readonly volume: Volume;
  /** Where it is mounted, absolute. */
  readonly path: string;
  /**
   * Whether it can't be written to.
   * @default true
   */
  readonly readOnly?: boolean;
}

/** Properties of the pods of a server. */
export interface ServerPodProps {
  /**
   * The engine.
   * @default - the nearest, else plain Kubernetes with the fallback defaults
   */
  readonly engine?: IServingEngine;
  /**
   * Name of all objects: a DNS label of at most 47 characters.
   * @default - the construct's id in kebab-case: `FraudCheck` is `fraud-check`
   */
  readonly name?: string;
  /**
   * The server.
   * @default - picked by format, accelerator and protocol
   */
  readonly server?: ServerDefinition;
  /**
   * What clients speak.
   * @default - what the server speaks best
   */
  readonly protocol?: InferenceProtocol;
  /**
   * Devices of each copy.
   * @default - CPU alone
   */
  readonly accelerator?: Accelerator;
  /**
   * CPU that each copy requests.
   * @default - half a CPU, or 4 for each device
   */
  readonly cpu?: Cpu;
  /**
   * CPU that a copy may use at the most.
   * @default - as much as the node has left
   */
  readonly cpuLimit?: Cpu;
  /**
   * Memory that each copy requests.
   * @default - by the server and the model's size
   */
  readonly memory?: Size;
  /**
   * Memory that a copy may use at the most.
   * @default - as much as it requests
   */
  readonly memoryLimit?: Size;
  /**
   * Disk of the node that each copy requests.
   * @default - by the model's size, where its files are downloaded
   */
  readonly ephemeralStorage?: Size;
  /**
   * Who owns it.
   * @default - the engine's owner
   */
  readonly owner?: Team;
  /**
   * Environment of the server.
   * @default - what the server needs
   */
  readonly env?: { [name: string]: EnvValue };
  /**
   * Files in the server's container: configuration and secrets.
   * @default - none
   */
  readonly files?: MountedFile[];
  /**
   * Volumes in the server's container.
   * @default - none
   */
  readonly volumes?: ServingVolume[];
  /**
   * Containers beside the server.
   * @default - none
   */
  readonly sidecars?: Container[];
  /**
   * Containers that run before the server, after the model's files have come.
   * @default - none
   */
  readonly initContainers?: Container[];
  /**
   * Laid on the pod template as a strategic merge patch: `{ spec: { runtimeClassName: 'nvidia' } }`. Lists merge by Kubernetes' own keys
   * (containers by name; the server's is `server`), null takes a key away, no key is lost. It has the last word.
   * @default - none
   */
  readonly podOverlay?: { [key: string]: unknown };
  /**
   * ServiceAccount of the pods.
   * @default - one of its own, without any rights and without a token
   */
  readonly serviceAccount?: IServiceAccount;
  /**
   * PriorityClass of the pods.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;
  /**
   * Further labels of all objects and pods.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * Annotations of the workload.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
  /**
   * Annotations of the pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };
}

/** Properties that everything that serves a model has. */
export interface ServedModelProps extends ServerPodProps {
  /** The model. */
  readonly model: Model;
}

/** Properties of everything that answers requests as they come. */
export interface AnsweringProps {
  /**
   * How many copies run.
   * @default - two on CPU; with an accelerator they must be said
   */
  readonly scaling?: Scaling;
  /**
   * How a new version takes the old one's place.
   * @default Rollout.automatic()
   */
  readonly rollout?: Rollout;
  /**
   * What it promises. Gates take from it what a release can show.
   * @default - nothing
   */
  readonly objectives?: Objective[];
  /**
   * Where the numbers come from by which objectives judge it.
   * @default Sli.server()
   */
  readonly sli?: Sli;
  /**
   * What it may cost a month. Its stack must tell what services cost (`cost`).
   * @default - nobody is told
   */
  readonly budget?: CostBudget;
  /**
   * The stack that watches it.
   * @default - the engine's, else the nearest; without any it is not watched
   */
  readonly monitoring?: IMonitoringStack;
  /**
   * How it is reached.
   * @default Exposure.clusterInternal()
   */
  readonly exposure?: Exposure;
  /**
   * How long the longest answer may take. Drain, grace, routes and probes follow it.
   * @default - 30 seconds; 10 minutes where text is generated (OpenAI protocol)
   */
  readonly requestTimeout?: Duration;
  /**
   * Keeps it as it is, or stops it, for a while and for a reason.
   * @default - none
   */
  readonly hold?: Hold;
  /**
   * What is logged of its predictions. A small proxy beside the server does it.
   * @default - nothing
   */
  readonly payloadLogging?: PayloadLogging;
  /**
   * Where its server's traces go.
   * @default - none are made
   */
  readonly tracing?: Tracing;
  /**
   * Code before and after the model.
   * @default - clients ask the model
   */
  readonly transformer?: Transformer;
  /**
   * What tells why the model answered as it did: `explainEndpoint()`.
   * @default - nothing
   */
  readonly explainer?: Explainer;
  /**
   * What looks at each request as it comes. `monitor` looks from time to time, over a window, and needs nothing that runs all the time.
   * @default - none
   */
  readonly detectors?: Detector[];
  /**
   * Which requests the server answers together.
   * @default - none, or as the server does by itself
   */
  readonly batching?: Batching;
}

/** Properties of an InferenceService. */
export interface InferenceServiceProps extends ServedModelProps, AnsweringProps {
  /**
   * A cache on the nodes that holds the model: on KServe alone, which mounts it in place of a download.
   * @default - the model is downloaded
   */
  readonly modelCache?: ILocalModelCache;
  /**
   * A version on trial beside `model`. Only where no controller replaces versions; with one, change `model`.
   * @default - none
   */
  readonly candidate?: Candidate;
  /**
   * A service made without this library, whose place this one takes step by step: the route of `exposure` leads to both, by `percent`.
   * @default - none
   */
  readonly replaces?: ExistingService;
  /**
   * What looks at its predictions from time to time: drift, missing values, ground truth.
   * @default - nothing
   */
  readonly monitor?: ModelMonitor;
}

/** What each prop must be. */
export const INFERENCE_SERVICE: Shape<InferenceServiceProps> = {
  model: is.required(is.instance(Model, "Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') })")),
  engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
  name: is.text(), // its form is a rule, as it may come from the id as well
  server: is.instance(ServerDefinition, 'InferenceServer.mlserver()'),
  protocol: is.instance(InferenceProtocol, 'InferenceProtocol.V2_REST'),
  accelerator: is.instance(Accelerator, "Accelerator.nvidia('L4')"),
  cpu: is.cpu, cpuLimit: is.cpu, memory: is.size, memoryLimit: is.size, ephemeralStorage: is.size,
  owner: is.instance(Team, "Team.of('risk')"),
  env: is.map(is.envValue, { pattern: ENV_NAME, allowed: 'a name of letters, digits and _' }),
  files: is.list(is.instance(MountedFile, "MountedFile.inline('/etc/app.json', '{}')")),
  volumes: is.list(is.like('{ volume, path }', 'volume', 'path')),
  sidecars: is.list(is.like('a Container of cdk8s-plus', '_toKube', 'mounts')),
  initContainers: is.list(is.like('a Container of cdk8s-plus', '_toKube', 'mounts')),
  podOverlay: is.json,
  serviceAccount: is.like('an IServiceAccount of cdk8s-plus', 'name'),
  priorityClassName: named.subdomain,
  labels: named.labels, annotations: named.annotations, podAnnotations: named.annotations,
  scaling: is.instance(Scaling, 'Scaling.fixed(2)'),
  rollout: is.instance(Rollout, 'Rollout.automatic()'),
  candidate: is.instance(Candidate, 'Candidate.of({ model })'),
  modelCache: is.like('a LocalModelCache', 'cacheName', 'sourceUri'),
  objectives: is.list(is.instance(Objective, 'Objective.availability(99.9)')),
  sli: is.instance(Sli, 'Sli.gateway(GatewayMetrics.istio())'),
  budget: is.instance(CostBudget, 'CostBudget.monthly(1000)'),
  monitoring: is.like('a MonitoringStack', 'metrics', 'metricsUrl', '_watch'),
  exposure: is.instance(Exposure, 'Exposure.clusterInternal()'),
  replaces: is.instance(ExistingService, "ExistingService.kserve('iris', { percent: 10 })"),
  requestTimeout: is.duration(0.001, 24 * 3600),
  hold: is.instance(Hold, "Hold.frozen({ reason: '...', until: '2026-12-31' })"),
  payloadLogging: is.instance(PayloadLogging, 'PayloadLogging.store(store)'),
  monitor: is.instance(ModelMonitor, 'ModelMonitor.evidently({ ... })'),
  tracing: is.instance(Tracing, "Tracing.phoenix({ host: 'phoenix.monitoring' })"),
  transformer: is.instance(Transformer, 'Transformer.of({ server, model })'),
  explainer: is.instance(Explainer, 'Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source })'),
  detectors: is.list(is.instance(Detector, 'Detector.outlier({ source })')),
  batching: is.instance(Batching, 'Batching.of({ maxBatchSize: 32, maxLatency: Duration.millis(5) })'),
};
