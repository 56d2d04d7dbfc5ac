import { AcceleratorKind } from '../../describe/accelerator';
import { DetectorKind } from '../../describe/around/detector';
import { CredentialKind, SecretRotation } from '../../describe/credentials';
import { ExposureKind } from '../../describe/exposure';
import { HoldKind } from '../../describe/hold';
import { OciDelivery, SourceKind } from '../../describe/model-source';
import { PoolLoading } from '../../describe/pool-loading';
import { RolloutControllerKind } from '../../describe/rollout/controller';
import { GateKind } from '../../describe/rollout/gate';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ScalingSignalKind } from '../../describe/scaling';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { CodeDelivery } from '../../describe/python-code';
import { controllerOf, gatesOfRequest } from '../release/plan-release';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { wishedStrategy } from '../strategy';

/** What a program can ask of an engine: the rows of the table of capabilities. */
export enum Capability {
  DOWNLOAD = 'download', SECRET_CREDENTIALS = 'secretCredentials', EXTERNAL_SECRET = 'externalSecret', WORKLOAD_IDENTITY = 'workloadIdentity', SECRET_ROTATION = 'secretRotation',
  VOLUME_SOURCE = 'volumeSource', OCI_COPY = 'ociCopy', OCI_VOLUME = 'ociVolume', IN_IMAGE = 'inImage', MODEL_CACHE = 'modelCache',
  V2_REST = 'v2Rest', V2_GRPC = 'v2Grpc', V1_REST = 'v1Rest', TENSORFLOW_GRPC = 'tensorflowGrpc', OPENAI = 'openai', CUSTOM_REST = 'customRest',
  CODE_IMAGE = 'codeImage', CODE_MOUNT = 'codeMount',
  RESOURCES = 'resources', GPU = 'gpu', DEVICE_CLAIM = 'deviceClaim', ENVIRONMENT = 'environment', FILES = 'files', VOLUMES = 'volumes', SIDECARS = 'sidecars', POD_OVERLAY = 'podOverlay', SERVICE_ACCOUNT = 'serviceAccount',
  PRIORITY = 'priority', PROBES = 'probes', DRAIN = 'drain', DISRUPTION_BUDGET = 'disruptionBudget', SPREAD = 'spread', UPDATE_STRATEGY = 'updateStrategy',
  FIXED_COPIES = 'fixedCopies', SCALE_ON_CPU = 'scaleOnCpu', SCALE_ON_METRICS = 'scaleOnMetrics', SCALE_ON_EVENTS = 'scaleOnEvents', SCALE_TO_ZERO = 'scaleToZero', EXTERNAL_SCALING = 'externalScaling',
  CANARY = 'canary', BLUE_GREEN = 'blueGreen', SHADOW = 'shadow', AB_TEST = 'abTest', ARGO_ROLLOUTS = 'argoRollouts', FLAGGER = 'flagger', GATES = 'gates',
  FREEZE = 'freeze', STOP = 'stop',
  GATEWAY = 'gateway', INGRESS = 'ingress', GRPC_ROUTE = 'grpcRoute', GRANTS = 'grants',
  METRICS = 'metrics', PAYLOAD_LOGGING = 'payloadLogging', MODEL_MONITOR = 'modelMonitor', TRACING = 'tracing',
  TRANSFORMER = 'transformer', EXPLAINER = 'explainer', OUTLIER_DETECTOR = 'outlierDetector', DRIFT_DETECTOR = 'driftDetector', BATCHING = 'batching',
  GRAPH_SEQUENCE = 'graphSequence', GRAPH_SWITCH = 'graphSwitch', GRAPH_ENSEMBLE = 'graphEnsemble', GRAPH_SPLITTER = 'graphSplitter', SERVER_POOL = 'serverPool', POOL_WHILE_RUNNING = 'poolWhileRunning',
}

/** One row of the table. */
export interface CapabilityRow {
  /** Name in the docs. */
  readonly title: string;
  /** The prop or construct that asks for it, for messages. */
  readonly prop: string;
  /** Whether a service asks for it; none for what only other constructs ask for. */
  readonly asks?: (request: ServiceRequest, plan: ServicePlan) => boolean;
}

const speaks = (protocol: InferenceProtocol) => (_: ServiceRequest, plan: ServicePlan): boolean => plan.protocol.sameAs(protocol);
const from = (...kinds: SourceKind[]) => ({ model }: ServiceRequest): boolean => model.source !== undefined && kinds.includes(model.source.kind);
const scales = (...kinds: ScalingSignalKind[]) => ({ scaling }: ServiceRequest): boolean => scaling?.signals.some(({ kind }) => kinds.includes(kind)) ?? false;
const tries = (kind: RolloutKind) => ({ rollout }: ServiceRequest): boolean => rollout.kind === kind;
const released = (controller: RolloutControllerKind) => (request: ServiceRequest): boolean => request.rollout.progressive && controllerOf(request) === controller;
const detects = (kind: DetectorKind) => ({ detectors }: ServiceRequest): boolean => detectors.some(({ what }) => what.kind === kind);
const credential = (kind: CredentialKind) => ({ model }: ServiceRequest): boolean => model.source?.credentials?.kind === kind;

/** An engine with one way to replace copies, and another one wanted: fewer copies at a time, or none beside the old ones. */
function wantsOtherUpdates(request: ServiceRequest, { copies, strategy, pools }: ServicePlan): boolean {
  if (request.engine.updates === undefined) return false;
  const wished = wishedStrategy(request, copies, pools);
  const said = request.rollout._values;
  const exactly = said.maxSurge !== undefined || said.maxUnavailable !== undefined;
  return wished.recreate || wished.maxSurge === 0 || (exactly && (wished.maxSurge !== strategy.maxSurge || wished.maxUnavailable !== strategy.maxUnavailable));
}

/** All rows, in the order of the docs. */
export const CAPABILITIES: { readonly [capability in Capability]: CapabilityRow } = {
  [Capability.DOWNLOAD]: { title: 'Model from S3, GCS, Azure, HTTP or a hub', prop: 'model.source', asks: from(SourceKind.S3, SourceKind.GCS, SourceKind.AZURE_BLOB, SourceKind.HTTP, SourceKind.HUGGING_FACE) },
  [Capability.SECRET_CREDENTIALS]: { title: 'Credentials from a Secret', prop: 'Credentials.fromSecret', asks: credential(CredentialKind.SECRET) },
  [Capability.EXTERNAL_SECRET]: { title: 'Credentials from an external store', prop: 'Credentials.externalSecret', asks: credential(CredentialKind.EXTERNAL_SECRET) },
  [Capability.WORKLOAD_IDENTITY]: { title: "Credentials of the pods' own identity", prop: 'Credentials.workloadIdentity', asks: credential(CredentialKind.SERVICE_ACCOUNT) },
  [Capability.SECRET_ROTATION]: { title: 'New pods for a changed Secret', prop: 'SecretRotation.ROLL', asks: ({ model }) => model.source?.credentials?.rotation === SecretRotation.ROLL },
  [Capability.VOLUME_SOURCE]: { title: 'Model from a PersistentVolumeClaim', prop: 'ModelSource.pvc', asks: from(SourceKind.PVC) },
  [Capability.OCI_COPY]: { title: 'Model from an image, copied', prop: 'ModelSource.oci', asks: ({ model }) => model.source?.delivery === OciDelivery.COPY },
  [Capability.OCI_VOLUME]: { title: 'Model from an image, as a volume', prop: 'OciDelivery.VOLUME', asks: ({ model }) => model.source?.delivery === OciDelivery.VOLUME },
  [Capability.IN_IMAGE]: { title: "Model in the server's image", prop: 'ModelSource.inImage', asks: from(SourceKind.IN_IMAGE) },
  [Capability.MODEL_CACHE]: { title: 'Model in a cache on the nodes', prop: 'modelCache', asks: ({ modelCache }) => modelCache !== undefined },
  [Capability.V2_REST]: { title: 'Open Inference Protocol by REST', prop: 'protocol', asks: speaks(InferenceProtocol.V2_REST) },
  [Capability.V2_GRPC]: { title: 'Open Inference Protocol by gRPC', prop: 'protocol', asks: speaks(InferenceProtocol.V2_GRPC) },
  [Capability.V1_REST]: { title: 'V1 protocol', prop: 'protocol', asks: speaks(InferenceProtocol.V1_REST) },
  [Capability.TENSORFLOW_GRPC]: { title: "TensorFlow Serving's gRPC", prop: 'protocol', asks: speaks(InferenceProtocol.TENSORFLOW_GRPC) },
  [Capability.OPENAI]: { title: "OpenAI's API", prop: 'protocol', asks: speaks(InferenceProtocol.OPENAI) },
  [Capability.CUSTOM_REST]: { title: 'A REST API of your own', prop: 'protocol', asks: speaks(InferenceProtocol.CUSTOM_REST) },
  [Capability.CODE_IMAGE]: { title: 'Model code as an image', prop: 'PythonCode', asks: ({ model }) => model.code?.delivery === CodeDelivery.IMAGE },
  [Capability.CODE_MOUNT]: { title: 'Model code as mounted files', prop: 'CodeDelivery.MOUNT', asks: ({ model }) => model.code?.delivery === CodeDelivery.MOUNT },
  [Capability.RESOURCES]: { title: 'CPU, memory and disk of a copy', prop: 'cpu, memory, ephemeralStorage', asks: (request) => [request.cpu, request.cpuLimit, request.memoryBytes, request.memoryLimitBytes, request.ephemeralStorageBytes].some((one) => one !== undefined) },
  [Capability.GPU]: { title: 'Accelerators: whole, MIG, shared', prop: 'accelerator', asks: ({ accelerator }) => accelerator !== undefined },
  [Capability.DEVICE_CLAIM]: { title: 'Accelerators by dynamic resource allocation', prop: 'Accelerator.claim', asks: ({ accelerator }) => accelerator?.kind === AcceleratorKind.RESOURCE_CLAIM },
  [Capability.ENVIRONMENT]: { title: 'Environment of the server', prop: 'env', asks: ({ env }) => env.length > 0 },
  [Capability.FILES]: { title: 'Files in the server\'s container', prop: 'files', asks: ({ files }) => files.length > 0 },
  [Capability.VOLUMES]: { title: 'Volumes of your own', prop: 'volumes', asks: ({ volumes }) => volumes.length > 0 },
  [Capability.SIDECARS]: { title: 'Containers of your own', prop: 'sidecars, initContainers', asks: ({ containers, initContainers }) => containers.length + initContainers.length > 0 },
  [Capability.POD_OVERLAY]: { title: 'Any field of the pod', prop: 'podOverlay', asks: ({ podOverlay }) => podOverlay !== undefined },
  [Capability.SERVICE_ACCOUNT]: { title: 'A ServiceAccount of your own', prop: 'serviceAccount', asks: ({ serviceAccountName }) => serviceAccountName !== undefined },
  [Capability.PRIORITY]: { title: 'Priority of the pods', prop: 'priorityClassName', asks: ({ priorityClassName }) => priorityClassName !== undefined },
  [Capability.PROBES]: { title: 'Ready when the model is loaded, started as long as that takes', prop: '(always)' },
  [Capability.DRAIN]: { title: 'No request lost when a pod stops', prop: '(always)' },
  [Capability.DISRUPTION_BUDGET]: { title: 'Copies that stay while nodes are drained', prop: '(from two copies on)' },
  [Capability.SPREAD]: { title: 'Copies spread over zones and nodes', prop: '(from two copies on)' },
  [Capability.UPDATE_STRATEGY]: { title: 'Copies replaced as asked for, also without a spare device', prop: 'rollout', asks: wantsOtherUpdates },
  [Capability.FIXED_COPIES]: { title: 'A fixed number of copies', prop: 'Scaling.fixed' },
  [Capability.SCALE_ON_CPU]: { title: 'Copies that follow CPU or memory', prop: 'Scaling.onCpu', asks: scales(ScalingSignalKind.CPU, ScalingSignalKind.MEMORY) },
  [Capability.SCALE_ON_METRICS]: { title: "Copies that follow the server's load", prop: 'Scaling.onConcurrency, ...', asks: scales(ScalingSignalKind.CONCURRENCY, ScalingSignalKind.QUEUE_DEPTH, ScalingSignalKind.TOKENS, ScalingSignalKind.KV_CACHE, ScalingSignalKind.REQUEST_RATE, ScalingSignalKind.GPU, ScalingSignalKind.CUSTOM_METRIC) },
  [Capability.SCALE_ON_EVENTS]: { title: 'Copies that follow a queue, a query or the time of day', prop: 'Scaling.onKafkaLag, onQuery, onSchedule', asks: scales(ScalingSignalKind.KAFKA_LAG, ScalingSignalKind.QUERY, ScalingSignalKind.SCHEDULE) },
  [Capability.SCALE_TO_ZERO]: { title: 'No copies without load', prop: "'min: 0'", asks: ({ scaling }) => scaling?.min === 0 },
  [Capability.EXTERNAL_SCALING]: { title: 'An autoscaler of your own', prop: 'Scaling.external', asks: ({ scaling }) => scaling?.externallyScaled ?? false },
  [Capability.CANARY]: { title: 'Canary', prop: 'Rollout.canary', asks: tries(RolloutKind.CANARY) },
  [Capability.BLUE_GREEN]: { title: 'Blue-green', prop: 'Rollout.blueGreen', asks: tries(RolloutKind.BLUE_GREEN) },
  [Capability.SHADOW]: { title: 'Shadow', prop: 'Rollout.shadow', asks: tries(RolloutKind.SHADOW) },
  [Capability.AB_TEST]: { title: 'A/B test', prop: 'Rollout.abTest', asks: tries(RolloutKind.AB_TEST) },
  [Capability.ARGO_ROLLOUTS]: { title: 'Releases by Argo Rollouts', prop: 'RolloutController.argo', asks: released(RolloutControllerKind.ARGO) },
  [Capability.FLAGGER]: { title: 'Releases by Flagger', prop: 'RolloutController.flagger', asks: released(RolloutControllerKind.FLAGGER) },
  [Capability.GATES]: { title: 'Gates that judge a release', prop: 'Gate', asks: (request) => gatesOfRequest(request).some(({ kind }) => kind !== GateKind.PERSON) },
  [Capability.FREEZE]: { title: 'A service that is kept as it is', prop: 'Hold.frozen', asks: ({ hold }) => hold?.kind === HoldKind.FROZEN },
  [Capability.STOP]: { title: 'A service that is stopped', prop: 'Hold.stopped', asks: ({ hold }) => hold?.kind === HoldKind.STOPPED },
  [Capability.GATEWAY]: { title: 'Reached by the Gateway API', prop: 'Exposure.gateway', asks: ({ exposure }) => exposure.kind === ExposureKind.GATEWAY },
  [Capability.INGRESS]: { title: 'Reached by an Ingress', prop: 'Exposure.ingress', asks: ({ exposure }) => exposure.kind === ExposureKind.INGRESS },
  [Capability.GRPC_ROUTE]: { title: 'gRPC from outside', prop: 'grpcHosts', asks: ({ exposure }) => exposure.grpcHosts.length > 0 },
  [Capability.GRANTS]: { title: 'Only who was granted it may ask', prop: 'grantInvoke' },
  [Capability.METRICS]: { title: 'Metrics, alerts, objectives and dashboards', prop: 'MonitoringStack' },
  [Capability.PAYLOAD_LOGGING]: { title: 'Logged payloads', prop: 'payloadLogging', asks: ({ payloadLogging }) => payloadLogging !== undefined },
  [Capability.MODEL_MONITOR]: { title: 'Monitors of drift and performance', prop: 'monitor', asks: ({ monitor }) => monitor !== undefined },
  [Capability.TRACING]: { title: 'Traces', prop: 'tracing', asks: ({ tracing }) => tracing !== undefined },
  [Capability.TRANSFORMER]: { title: 'A transformer before and after the model', prop: 'transformer', asks: ({ transformer }) => transformer !== undefined },
  [Capability.EXPLAINER]: { title: 'An explainer', prop: 'explainer', asks: ({ explainer }) => explainer !== undefined },
  [Capability.OUTLIER_DETECTOR]: { title: 'An outlier detector', prop: 'detectors', asks: detects(DetectorKind.OUTLIER) },
  [Capability.DRIFT_DETECTOR]: { title: 'A drift detector', prop: 'detectors', asks: detects(DetectorKind.DRIFT) },
  [Capability.BATCHING]: { title: 'Requests answered together', prop: 'batching', asks: ({ batching }) => batching !== undefined },
  [Capability.GRAPH_SEQUENCE]: { title: 'Graph: one model after another', prop: 'InferenceGraph' },
  [Capability.GRAPH_SWITCH]: { title: 'Graph: the model that a condition names', prop: 'InferenceGraph' },
  [Capability.GRAPH_ENSEMBLE]: { title: 'Graph: several models at once', prop: 'InferenceGraph' },
  [Capability.GRAPH_SPLITTER]: { title: 'Graph: one of several models by weight', prop: 'InferenceGraph' },
  [Capability.SERVER_POOL]: { title: 'Many models in one server', prop: 'InferenceServerPool', asks: ({ poolLoading }) => poolLoading === PoolLoading.WITH_PODS },
  [Capability.POOL_WHILE_RUNNING]: { title: 'Models that come and go in running servers', prop: 'PoolLoading.WHILE_RUNNING', asks: ({ poolLoading }) => poolLoading === PoolLoading.WHILE_RUNNING },
};
