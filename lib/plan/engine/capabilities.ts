import { Capability } from './capability';
import { EngineId } from './engine';

// What each engine can do, and how. The planner refuses a 'no' with its reason, docs/engine-capabilities.md is generated from here, and a test walks every cell.

/** Whether the engine's own definition says it, objects beside it do, or nothing can. */
export enum Support {
  /** The engine's own resource says it, and its controller does it. */
  NATIVE = 'native',
  /** The library writes further objects beside the engine's, or what the engine lacks into its pods. */
  BESIDE = 'beside',
  /** It can't be had: also where the definition takes a field and the controller drops it. */
  NO = 'no',
}

/** One cell of the table. */
export interface EngineCapability {
  readonly support: Support;
  /** How it is done, or why it can't be. */
  readonly text: string;
  readonly source: string;
  /** What to use instead. */
  readonly instead?: string;
  /** The first version of the engine that has it, `major.minor`; all that are supported unless it is said. */
  readonly since?: string;
}

/** What one engine can do. */
export type EngineColumn = { readonly [capability in Capability]: EngineCapability };

const native = (text: string, source: string, since?: string): EngineCapability => ({ support: Support.NATIVE, text, source, since });
const beside = (text: string, source: string, since?: string): EngineCapability => ({ support: Support.BESIDE, text, source, since });
const no = (text: string, source: string, instead: string): EngineCapability => ({ support: Support.NO, text, source, instead });

const K8S = 'https://kubernetes.io/docs/concepts';
const STORAGE_INITIALIZER = "KServe's storage initializer as an init container";
const INITIALIZER_SOURCE = 'https://github.com/kserve/kserve/tree/v0.20.0/python/storage';
const SERVER = native('the server speaks it', 'https://github.com/kserve/open-inference-protocol');
const POD = native('the pod template', `${K8S}/workloads/pods/`);

/** Plain Kubernetes. */
const KUBERNETES: EngineColumn = {
  [Capability.DOWNLOAD]: native(STORAGE_INITIALIZER, INITIALIZER_SOURCE),
  [Capability.SECRET_CREDENTIALS]: native('variables from its keys', `${K8S}/configuration/secret/`),
  [Capability.EXTERNAL_SECRET]: native('an ExternalSecret', 'https://external-secrets.io/latest/api/externalsecret/'),
  [Capability.WORKLOAD_IDENTITY]: native('annotations of the ServiceAccount', `${K8S}/security/service-accounts/`),
  [Capability.SECRET_ROTATION]: native("an annotation for Stakater's Reloader", 'https://github.com/stakater/Reloader'),
  [Capability.VOLUME_SOURCE]: native('the claim, mounted read-only', `${K8S}/storage/persistent-volumes/`),
  [Capability.OCI_COPY]: native('an init container of the image', `${K8S}/workloads/pods/init-containers/`),
  [Capability.OCI_VOLUME]: native('an image volume', `${K8S}/storage/volumes/#image`),
  [Capability.IN_IMAGE]: native('nothing to be fetched', `${K8S}/containers/images/`),
  [Capability.MODEL_CACHE]: no('nothing fills a cache on the nodes', `${K8S}/storage/persistent-volumes/`, 'a PersistentVolumeClaim that many nodes read: ModelSource.pvc'),
  [Capability.V2_REST]: SERVER, [Capability.V2_GRPC]: SERVER, [Capability.V1_REST]: SERVER, [Capability.TENSORFLOW_GRPC]: SERVER, [Capability.OPENAI]: SERVER, [Capability.CUSTOM_REST]: SERVER,
  [Capability.CODE_IMAGE]: native('a build context, written beside the manifests', `${K8S}/containers/images/`),
  [Capability.CODE_MOUNT]: native('a ConfigMap', `${K8S}/configuration/configmap/`),
  [Capability.RESOURCES]: POD, [Capability.GPU]: native('resources and node selectors', `${K8S}/configuration/manage-resources-containers/`),
  [Capability.DEVICE_CLAIM]: native('a ResourceClaimTemplate', `${K8S}/scheduling-eviction/dynamic-resource-allocation/`),
  [Capability.ENVIRONMENT]: POD, [Capability.FILES]: POD, [Capability.VOLUMES]: POD, [Capability.SIDECARS]: POD, [Capability.POD_OVERLAY]: POD, [Capability.SERVICE_ACCOUNT]: POD, [Capability.PRIORITY]: POD,
  [Capability.PROBES]: POD, [Capability.DRAIN]: POD, [Capability.SPREAD]: POD,
  [Capability.DISRUPTION_BUDGET]: native('a PodDisruptionBudget', `${K8S}/workloads/pods/disruptions/`),
  [Capability.UPDATE_STRATEGY]: native("the Deployment's strategy", `${K8S}/workloads/controllers/deployment/`),
  [Capability.FIXED_COPIES]: native("the Deployment's replicas", `${K8S}/workloads/controllers/deployment/`),
  [Capability.SCALE_ON_CPU]: native('a HorizontalPodAutoscaler, or KEDA', `${K8S}/workloads/autoscaling/`),
  [Capability.SCALE_ON_METRICS]: beside("KEDA's ScaledObject, or an HPA with prometheus-adapter", 'https://keda.sh/docs/2.20/scalers/prometheus/'),
  [Capability.SCALE_ON_EVENTS]: beside("KEDA's ScaledObject", 'https://keda.sh/docs/2.20/scalers/'),
  [Capability.SCALE_TO_ZERO]: beside("KEDA's ScaledObject; nothing holds the first request", 'https://keda.sh/docs/2.20/concepts/scaling-deployments/'),
  [Capability.EXTERNAL_SCALING]: native('no number of copies is written', `${K8S}/workloads/autoscaling/`),
  [Capability.CANARY]: native('two Deployments and weights of routes, or a rollout controller', 'https://gateway-api.sigs.k8s.io/guides/traffic-splitting/'),
  [Capability.BLUE_GREEN]: native("two Deployments and the Service's selector, or a rollout controller", `${K8S}/services-networking/service/`),
  [Capability.SHADOW]: native("two Deployments and a route's mirror, or a rollout controller", 'https://gateway-api.sigs.k8s.io/guides/http-request-mirroring/'),
  [Capability.AB_TEST]: native("two Deployments and a route's header match, or a rollout controller", 'https://gateway-api.sigs.k8s.io/guides/http-routing/'),
  [Capability.ARGO_ROLLOUTS]: beside("a Rollout in the Deployment's place", 'https://argo-rollouts.readthedocs.io/en/stable/'),
  [Capability.FLAGGER]: beside('a Canary over the Deployment', 'https://docs.flagger.app/'),
  [Capability.GATES]: beside('by Argo Rollouts or Flagger', 'https://argo-rollouts.readthedocs.io/en/stable/features/analysis/'),
  [Capability.FREEZE]: native("the Deployment's `paused`", `${K8S}/workloads/controllers/deployment/`),
  [Capability.STOP]: native('no copies', `${K8S}/workloads/controllers/deployment/`),
  [Capability.GATEWAY]: beside('an HTTPRoute', 'https://gateway-api.sigs.k8s.io/api-types/httproute/'),
  [Capability.INGRESS]: native('an Ingress', `${K8S}/services-networking/ingress/`),
  [Capability.GRPC_ROUTE]: beside('a GRPCRoute', 'https://gateway-api.sigs.k8s.io/api-types/grpcroute/'),
  [Capability.GRANTS]: native('a NetworkPolicy', `${K8S}/services-networking/network-policies/`),
  [Capability.METRICS]: beside("a monitor and rules of the stack's operator", 'https://prometheus-operator.dev/docs/developer/getting-started/'),
  [Capability.PAYLOAD_LOGGING]: beside('a proxy beside the server', `${K8S}/workloads/pods/sidecar-containers/`),
  [Capability.MODEL_MONITOR]: beside('a CronJob', `${K8S}/workloads/controllers/cron-jobs/`),
  [Capability.TRACING]: native('variables and arguments of the server', 'https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/'),
  [Capability.TRANSFORMER]: beside('a Deployment before the model, behind the same address', 'https://github.com/kserve/kserve/tree/v0.20.0/docs/samples/v1beta1/transformer'),
  [Capability.EXPLAINER]: beside('a Deployment with an address of its own', 'https://github.com/kserve/kserve/tree/v0.20.0/docs/samples/explanation'),
  [Capability.OUTLIER_DETECTOR]: beside('a Deployment that is sent logged payloads', 'https://docs.seldon.io/projects/alibi-detect/en/stable/'),
  [Capability.DRIFT_DETECTOR]: beside('a Deployment that is sent logged payloads', 'https://docs.seldon.io/projects/alibi-detect/en/stable/'),
  [Capability.BATCHING]: native("the server's own batching", 'https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/batching/adaptive.py'),
  [Capability.GRAPH_SEQUENCE]: beside("KServe's router as a Deployment", 'https://github.com/kserve/kserve/tree/v0.20.0/cmd/router'),
  [Capability.GRAPH_SWITCH]: beside("KServe's router as a Deployment", 'https://github.com/kserve/kserve/tree/v0.20.0/cmd/router'),
  [Capability.GRAPH_ENSEMBLE]: beside("KServe's router as a Deployment", 'https://github.com/kserve/kserve/tree/v0.20.0/cmd/router'),
  [Capability.GRAPH_SPLITTER]: beside("KServe's router as a Deployment", 'https://github.com/kserve/kserve/tree/v0.20.0/cmd/router'),
  [Capability.SERVER_POOL]: native('a Deployment whose pods load all models', 'https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/repository/repository.py'),
  [Capability.POOL_WHILE_RUNNING]: no('nothing tells running servers of models, and fetches these for them', `${K8S}/workloads/controllers/deployment/`, 'PoolLoading.WITH_PODS, or EngineBackend.kserve'),
};

const KSERVE_SOURCE = 'https://github.com/kserve/kserve/blob/v0.20.0/pkg';
const KSERVE_RECONCILER = `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/reconcilers/deployment/deployment_reconciler.go`;
const KSERVE_PREDICTOR = `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/components/predictor.go`;
const KSERVE_INJECTOR = `${KSERVE_SOURCE}/webhook/admission/pod/storage_initializer_injector.go`;
const KSERVE_POD = native('fields of the predictor, which KServe takes over as they are', `${KSERVE_SOURCE}/apis/serving/v1beta1/podspec.go`);
const KSERVE_DOWNLOAD = native("'storageUri', fetched by the service's own container of the name that KServe leaves alone", KSERVE_INJECTOR);
const KSERVE_SECOND = "a second InferenceService, and the service's own";

const KSERVE_COMPONENT = "to a component of its own KServe adds arguments that programs of its SDK alone take, and a CPU limit of one";

/** KServe in Standard mode. */
const KSERVE: EngineColumn = {
  [Capability.DOWNLOAD]: KSERVE_DOWNLOAD,
  [Capability.SECRET_CREDENTIALS]: native('variables from its keys, in the container that downloads', `${K8S}/configuration/secret/`),
  [Capability.EXTERNAL_SECRET]: beside('an ExternalSecret', 'https://external-secrets.io/latest/api/externalsecret/'),
  [Capability.WORKLOAD_IDENTITY]: beside('annotations of the ServiceAccount', `${K8S}/security/service-accounts/`),
  [Capability.SECRET_ROTATION]: no('KServe takes back within a second what Reloader changes in the Deployment', KSERVE_RECONCILER, 'SecretRotation.NEXT_START, and a restart by a change of the model'),
  [Capability.VOLUME_SOURCE]: native('the claim as a volume of the predictor, and an empty storage', KSERVE_INJECTOR),
  [Capability.OCI_COPY]: native('an init container of the image; KServe would add a container beside the server for an address oci://', KSERVE_INJECTOR),
  [Capability.OCI_VOLUME]: native('an image volume of the predictor', `${K8S}/storage/volumes/#image`),
  [Capability.IN_IMAGE]: native('an empty storage: without one KServe takes it for a server of many models', `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/utils/utils.go`),
  [Capability.MODEL_CACHE]: native('a LocalModelCache, whose claim KServe mounts', `${KSERVE_SOURCE}/apis/serving/v1alpha1/local_model_cache_types.go`),
  [Capability.V2_REST]: SERVER, [Capability.V2_GRPC]: SERVER, [Capability.V1_REST]: SERVER, [Capability.TENSORFLOW_GRPC]: SERVER, [Capability.OPENAI]: SERVER, [Capability.CUSTOM_REST]: SERVER,
  [Capability.CODE_IMAGE]: native('a build context, written beside the manifests', `${K8S}/containers/images/`),
  [Capability.CODE_MOUNT]: beside('a ConfigMap, for servers that find it without PYTHONPATH, which KServe refuses', `${KSERVE_SOURCE}/validation/env_policy.go`),
  [Capability.RESOURCES]: KSERVE_POD, [Capability.GPU]: KSERVE_POD, [Capability.DEVICE_CLAIM]: beside('a ResourceClaimTemplate, and a claim of the predictor', `${K8S}/scheduling-eviction/dynamic-resource-allocation/`),
  [Capability.ENVIRONMENT]: KSERVE_POD, [Capability.FILES]: beside('ConfigMaps, and volumes of the predictor', `${K8S}/configuration/configmap/`), [Capability.VOLUMES]: KSERVE_POD,
  [Capability.SIDECARS]: native('containers of the predictor', KSERVE_PREDICTOR), [Capability.POD_OVERLAY]: KSERVE_POD, [Capability.SERVICE_ACCOUNT]: KSERVE_POD, [Capability.PRIORITY]: KSERVE_POD,
  [Capability.PROBES]: KSERVE_POD, [Capability.DRAIN]: KSERVE_POD, [Capability.SPREAD]: KSERVE_POD,
  [Capability.DISRUPTION_BUDGET]: beside('a PodDisruptionBudget', `${K8S}/workloads/pods/disruptions/`),
  [Capability.UPDATE_STRATEGY]: native("'deploymentStrategy'", KSERVE_RECONCILER),
  [Capability.FIXED_COPIES]: native("'minReplicas', with the autoscaler class none", KSERVE_RECONCILER),
  [Capability.SCALE_ON_CPU]: beside("a HorizontalPodAutoscaler or KEDA's ScaledObject, with the autoscaler class external: KServe's own drops the behaviour", `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go`),
  [Capability.SCALE_ON_METRICS]: beside("KEDA's ScaledObject, or an HPA with prometheus-adapter: KServe's own has no fallback", `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/reconcilers/keda/keda_reconciler.go`),
  [Capability.SCALE_ON_EVENTS]: beside("KEDA's ScaledObject", 'https://keda.sh/docs/2.20/scalers/'),
  [Capability.SCALE_TO_ZERO]: beside("KEDA's ScaledObject; nothing holds the first request", 'https://keda.sh/docs/2.20/concepts/scaling-deployments/'),
  [Capability.EXTERNAL_SCALING]: native('the autoscaler class external', KSERVE_RECONCILER),
  [Capability.CANARY]: beside(`${KSERVE_SECOND} weights of routes: KServe's own canary makes pods and writes no weights`, KSERVE_PREDICTOR),
  [Capability.BLUE_GREEN]: beside(`${KSERVE_SECOND} Service's selector`, `${K8S}/services-networking/service/`),
  [Capability.SHADOW]: beside(`${KSERVE_SECOND} route's mirror`, 'https://gateway-api.sigs.k8s.io/guides/http-request-mirroring/'),
  [Capability.AB_TEST]: beside(`${KSERVE_SECOND} route's header match`, 'https://gateway-api.sigs.k8s.io/guides/http-routing/'),
  [Capability.ARGO_ROLLOUTS]: no('the Deployment is KServe\'s, and a Rollout would have to be in its place', KSERVE_RECONCILER, "a candidate with weights of routes (RolloutController.none), or EngineBackend.kubernetes"),
  [Capability.FLAGGER]: no("Flagger keeps KServe's Deployment at zero between releases: KServe's own Service, address and graphs would lead to nothing while its status says Ready, and where Flagger copies labels, KServe deletes the copy that serves", KSERVE_PREDICTOR, 'a candidate with weights of routes (RolloutController.none), or EngineBackend.kubernetes'),
  [Capability.GATES]: no('no rollout controller replaces what KServe runs', KSERVE_RECONCILER, 'a candidate, whose share a person raises, or EngineBackend.kubernetes'),
  [Capability.FREEZE]: no('KServe has no pause, and takes back a pause of the Deployment', KSERVE_RECONCILER, 'a pause of whatever applies the manifests, or Hold.stopped'),
  [Capability.STOP]: native('the annotation serving.kserve.io/stop', `${KSERVE_SOURCE}/constants/constants.go`),
  [Capability.GATEWAY]: beside('an HTTPRoute; KServe makes none', 'https://gateway-api.sigs.k8s.io/api-types/httproute/'),
  [Capability.INGRESS]: beside('an Ingress; KServe makes none', `${K8S}/services-networking/ingress/`),
  [Capability.GRPC_ROUTE]: beside('a GRPCRoute', 'https://gateway-api.sigs.k8s.io/api-types/grpcroute/'),
  [Capability.GRANTS]: beside('a NetworkPolicy', `${K8S}/services-networking/network-policies/`),
  [Capability.METRICS]: beside("a monitor and rules of the stack's operator", 'https://prometheus-operator.dev/docs/developer/getting-started/'),
  [Capability.PAYLOAD_LOGGING]: beside("a proxy beside the server; KServe's own logs without a bound on memory, and as CloudEvents alone", `${KSERVE_SOURCE}/logger/worker.go`),
  [Capability.MODEL_MONITOR]: beside('a CronJob', `${K8S}/workloads/controllers/cron-jobs/`),
  [Capability.TRACING]: native('variables and arguments of the server', 'https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/'),
  [Capability.TRANSFORMER]: beside(`a Deployment before the model, behind the same address, or a container in its pods; ${KSERVE_COMPONENT}`, `${KSERVE_SOURCE}/apis/serving/v1beta1/transformer_custom.go`),
  [Capability.EXPLAINER]: beside(`a Deployment with an address of its own; ${KSERVE_COMPONENT}`, `${KSERVE_SOURCE}/apis/serving/v1beta1/explainer_custom.go`),
  [Capability.OUTLIER_DETECTOR]: beside('a Deployment that is sent logged payloads', 'https://docs.seldon.io/projects/alibi-detect/en/stable/'),
  [Capability.DRIFT_DETECTOR]: beside('a Deployment that is sent logged payloads', 'https://docs.seldon.io/projects/alibi-detect/en/stable/'),
  [Capability.BATCHING]: native("the server's own batching; KServe's batcher reads the V1 protocol alone", `${KSERVE_SOURCE}/batcher/handler.go`),
  [Capability.GRAPH_SEQUENCE]: native('an InferenceGraph', `${KSERVE_SOURCE}/apis/serving/v1alpha1/inference_graph.go`),
  [Capability.GRAPH_SWITCH]: native('an InferenceGraph', `${KSERVE_SOURCE}/apis/serving/v1alpha1/inference_graph.go`),
  [Capability.GRAPH_ENSEMBLE]: native('an InferenceGraph', `${KSERVE_SOURCE}/apis/serving/v1alpha1/inference_graph.go`),
  [Capability.GRAPH_SPLITTER]: native('an InferenceGraph', `${KSERVE_SOURCE}/apis/serving/v1alpha1/inference_graph.go`),
  [Capability.SERVER_POOL]: native('an InferenceService whose pods load all models', `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/utils/utils.go`),
  [Capability.POOL_WHILE_RUNNING]: native('an InferenceService without models, and a TrainedModel of each', `${KSERVE_SOURCE}/apis/serving/v1alpha1/trained_model.go`),
};

const SELDON_V1_REPOSITORY = 'https://github.com/SeldonIO/seldon-core/blob/v1.18.2';
const SELDON_V1_OPERATOR = `${SELDON_V1_REPOSITORY}/operator/controllers/seldondeployment_controller.go`;
const SELDON_V1_TYPES = `${SELDON_V1_REPOSITORY}/operator/apis/machinelearning.seldon.io/v1/seldondeployment_types.go`;
const SELDON_V1_DEFINITION = 'https://github.com/SeldonIO/seldon-core/tree/v1.18.2/operator/bundle/manifests';
const SELDON_V1_POD = native('a componentSpec, whose pods the operator takes as they are', SELDON_V1_OPERATOR);
const SELDON_V1_SERVER = native("the server speaks it: Seldon's orchestrator, which knows fewer protocols, is left out", `${SELDON_V1_REPOSITORY}/doc/source/graph/svcorch.md`);
const SELDON_V1_BESIDE = (what: string, source: string): EngineCapability => beside(`${what}, by labels of the pods, which the operator keeps`, source);
const SELDON_V1_STRATEGY = 'the operator replaces the whole Deployment, and nothing else that runs pods can stand in its place';

const SELDON_V1_EXECUTOR = `${SELDON_V1_REPOSITORY}/executor`;
const SELDON_V1_GRAPH = (seldons: string, source: string): EngineCapability => beside(`KServe's router as a Deployment: ${seldons}`, `${SELDON_V1_EXECUTOR}/${source}`);

/** Seldon Core v1: SeldonDeployments, without the orchestrator where a graph has one node. */
const SELDON_V1: EngineColumn = {
  [Capability.DOWNLOAD]: beside(`${STORAGE_INITIALIZER} of the componentSpec: the operator's own has 1 GiB of memory for any model`, `${SELDON_V1_REPOSITORY}/operator/controllers/model_initializer_injector.go`),
  [Capability.SECRET_CREDENTIALS]: SELDON_V1_POD,
  [Capability.EXTERNAL_SECRET]: beside('an ExternalSecret', 'https://external-secrets.io/latest/api/externalsecret/'),
  [Capability.WORKLOAD_IDENTITY]: beside('annotations of the ServiceAccount', `${K8S}/security/service-accounts/`),
  [Capability.SECRET_ROTATION]: beside("an annotation for Stakater's Reloader, which the operator hands on to the Deployment", SELDON_V1_OPERATOR),
  [Capability.VOLUME_SOURCE]: SELDON_V1_POD,
  [Capability.OCI_COPY]: SELDON_V1_POD,
  [Capability.OCI_VOLUME]: no('its definition knows the volumes of Kubernetes 1.24, and none of an image', SELDON_V1_DEFINITION, 'OciDelivery.COPY'),
  [Capability.IN_IMAGE]: SELDON_V1_POD,
  [Capability.MODEL_CACHE]: no('nothing fills a cache on the nodes', `${K8S}/storage/persistent-volumes/`, 'a PersistentVolumeClaim that many nodes read: ModelSource.pvc'),
  [Capability.V2_REST]: SELDON_V1_SERVER, [Capability.V2_GRPC]: SELDON_V1_SERVER, [Capability.V1_REST]: SELDON_V1_SERVER, [Capability.TENSORFLOW_GRPC]: SELDON_V1_SERVER, [Capability.OPENAI]: SELDON_V1_SERVER, [Capability.CUSTOM_REST]: SELDON_V1_SERVER,
  [Capability.CODE_IMAGE]: native('a build context, written beside the manifests', `${K8S}/containers/images/`),
  [Capability.CODE_MOUNT]: beside('a ConfigMap', `${K8S}/configuration/configmap/`),
  [Capability.RESOURCES]: SELDON_V1_POD, [Capability.GPU]: native('resources and node selectors; an update always takes devices more', SELDON_V1_OPERATOR),
  [Capability.DEVICE_CLAIM]: no('its definition knows no resource claims', SELDON_V1_DEFINITION, 'devices by extended resources (Accelerator.nvidia), or EngineBackend.kubernetes()'),
  [Capability.ENVIRONMENT]: native('a componentSpec; the operator has the last word in a few variables, which is told', SELDON_V1_OPERATOR),
  [Capability.FILES]: SELDON_V1_POD, [Capability.VOLUMES]: SELDON_V1_POD,
  [Capability.SIDECARS]: native("a componentSpec; sidecars of Kubernetes' own kind (init containers that stay) are told", SELDON_V1_DEFINITION),
  [Capability.POD_OVERLAY]: native('a componentSpec; fields newer than Kubernetes 1.24 are told', SELDON_V1_DEFINITION),
  [Capability.SERVICE_ACCOUNT]: SELDON_V1_POD, [Capability.PRIORITY]: SELDON_V1_POD,
  [Capability.PROBES]: native('those of the container: the operator adds its own only where there are none', SELDON_V1_OPERATOR),
  [Capability.DRAIN]: native('grace period and preStop are kept; the sleep is a command', SELDON_V1_OPERATOR),
  [Capability.SPREAD]: native('topologySpreadConstraints, which count copies of all versions of a predictor together', SELDON_V1_DEFINITION),
  [Capability.DISRUPTION_BUDGET]: SELDON_V1_BESIDE('a PodDisruptionBudget', SELDON_V1_OPERATOR),
  [Capability.UPDATE_STRATEGY]: no('the operator always starts new copies first, 25 % of them at a time and one at the least, and takes no other strategy', SELDON_V1_OPERATOR, "devices kept free ('spare' of the GpuPool), a volume that many nodes mount, or EngineBackend.kubernetes()"),
  [Capability.FIXED_COPIES]: native("the predictor's replicas", SELDON_V1_TYPES),
  [Capability.SCALE_ON_CPU]: beside('a HorizontalPodAutoscaler on the Deployment, whose number the operator leaves alone; its own hpaSpec has no behaviour', SELDON_V1_OPERATOR),
  [Capability.SCALE_ON_METRICS]: beside("KEDA's ScaledObject, or an HPA with prometheus-adapter, on the Deployment", SELDON_V1_OPERATOR),
  [Capability.SCALE_ON_EVENTS]: beside("KEDA's ScaledObject on the Deployment", SELDON_V1_OPERATOR),
  [Capability.SCALE_TO_ZERO]: beside("KEDA's ScaledObject on the Deployment; nothing holds the first request, and the SeldonDeployment tells 'Creating' meanwhile", SELDON_V1_OPERATOR),
  [Capability.EXTERNAL_SCALING]: native('no number of copies is written, and the operator leaves it alone', SELDON_V1_OPERATOR),
  [Capability.CANARY]: native("two predictors and their 'traffic', for Seldon's routes; weights of our routes beside", SELDON_V1_OPERATOR),
  [Capability.BLUE_GREEN]: native("two predictors and their 'traffic', for Seldon's routes; our Service's selector beside", SELDON_V1_OPERATOR),
  [Capability.SHADOW]: native("a predictor with 'shadow', for Seldon's Istio routes; our route's mirror beside", SELDON_V1_OPERATOR),
  [Capability.AB_TEST]: beside("two predictors, and a header match of our routes: Seldon's own know none", SELDON_V1_OPERATOR),
  [Capability.ARGO_ROLLOUTS]: no(SELDON_V1_STRATEGY, SELDON_V1_OPERATOR, 'a candidate (RolloutController.none), or EngineBackend.kubernetes()'),
  [Capability.FLAGGER]: no('Flagger scales the Deployment that it watches to zero and copies it: the operator undoes the one and knows nothing of the other', SELDON_V1_OPERATOR, 'a candidate (RolloutController.none), or EngineBackend.kubernetes()'),
  [Capability.GATES]: no('nobody judges a release without Argo Rollouts or Flagger', SELDON_V1_OPERATOR, 'objectives and their alerts, or EngineBackend.kubernetes()'),
  [Capability.FREEZE]: native('the label seldon.io/controller-id of no operator: what is there stays as it is', SELDON_V1_OPERATOR),
  [Capability.STOP]: native('no copies', SELDON_V1_TYPES),
  [Capability.GATEWAY]: beside('an HTTPRoute to a Service of ours', 'https://gateway-api.sigs.k8s.io/api-types/httproute/'),
  [Capability.INGRESS]: beside('an Ingress to a Service of ours', `${K8S}/services-networking/ingress/`),
  [Capability.GRPC_ROUTE]: beside('a GRPCRoute to a Service of ours', 'https://gateway-api.sigs.k8s.io/api-types/grpcroute/'),
  [Capability.GRANTS]: SELDON_V1_BESIDE('a NetworkPolicy', SELDON_V1_OPERATOR),
  [Capability.METRICS]: SELDON_V1_BESIDE("a monitor and rules of the stack's operator", SELDON_V1_OPERATOR),
  [Capability.PAYLOAD_LOGGING]: beside("a proxy beside the server; Seldon's logger is part of its orchestrator", `${SELDON_V1_REPOSITORY}/executor/logger/collector.go`),
  [Capability.MODEL_MONITOR]: beside('a CronJob', `${K8S}/workloads/controllers/cron-jobs/`),
  [Capability.TRACING]: native('variables and arguments of the server', 'https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/'),
  [Capability.TRANSFORMER]: beside("a Deployment before the model, behind the same address, or a container in its pods: Seldon's node of that type changes a request or an answer and does not ask the model, and ends the orchestrator when asked by gRPC", `${SELDON_V1_EXECUTOR}/api/grpc/kfserving/client.go`),
  [Capability.EXPLAINER]: beside("a Deployment with an address of its own: of Seldon's explainer the operator replaces the variables, it has no volumes and 20 seconds to end, and its selector finds the model's pods as well, so that no autoscaler can go by it", `${SELDON_V1_REPOSITORY}/operator/controllers/seldondeployment_explainers.go`),
  [Capability.OUTLIER_DETECTOR]: beside("a Deployment that is sent logged payloads: Seldon has no resource of it, and its way needs its orchestrator and Knative Eventing", `${SELDON_V1_REPOSITORY}/doc/source/analytics/outlier_detection.md`),
  [Capability.DRIFT_DETECTOR]: beside("a Deployment that is sent logged payloads: Seldon has no resource of it, and its way needs its orchestrator and Knative Eventing", `${SELDON_V1_REPOSITORY}/doc/source/analytics/drift_detection.md`),
  [Capability.BATCHING]: native("the server's own batching", 'https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/batching/adaptive.py'),
  [Capability.GRAPH_SEQUENCE]: SELDON_V1_GRAPH("Seldon's nodes are containers of one resource, and its orchestrator asks each of them for the model that the client's path names", 'predictor/predictor_process.go'),
  [Capability.GRAPH_SWITCH]: SELDON_V1_GRAPH("Seldon's routers are programs that answer at '/route', which no model server does", 'api/rest/client.go'),
  [Capability.GRAPH_ENSEMBLE]: SELDON_V1_GRAPH("Seldon's combiners are programs that answer at '/aggregate', which no model server does; of AVERAGE_COMBINER its orchestrator gives the first answer alone", 'predictor/predictor_process.go'),
  [Capability.GRAPH_SPLITTER]: SELDON_V1_GRAPH("Seldon's RANDOM_ABTEST has two children, which are containers of one resource", 'predictor/components.go'),
  [Capability.SERVER_POOL]: native('a SeldonDeployment whose pods load all models', SELDON_V1_OPERATOR),
  [Capability.POOL_WHILE_RUNNING]: no('it has no resource of a model by itself', SELDON_V1_OPERATOR, 'PoolLoading.WITH_PODS, or EngineBackend.kserve'),
};

const LLM_SOURCE = `${KSERVE_SOURCE}/controller/v1alpha2/llmisvc`;
const LLM_WORKLOAD = `${LLM_SOURCE}/workload_single_node.go`;
const LLM_POD = native("fields of the template, laid upon KServe's own", `${LLM_SOURCE}/config_merge.go`);
const LLM_ONLY = no("an LLMInferenceService is vLLM, asked by OpenAI's API", LLM_WORKLOAD, 'an InferenceService: KServeLanguageModels.INFERENCE_SERVICE');
const LLM_SECOND = "a second LLMInferenceService, and the service's own";
const LLM_FETCH = beside("an init container of the service's own, with KServe's switched off", `${LLM_SOURCE}/workload_storage.go`);
const LLM_TAKEN_BACK = "KServe takes back what others change in the Deployment";

/** KServe's LLMInferenceService, for language models. */
const KSERVE_LLM: EngineColumn = {
  ...KSERVE,
  [Capability.DOWNLOAD]: LLM_FETCH, [Capability.SECRET_CREDENTIALS]: LLM_FETCH, [Capability.OCI_COPY]: LLM_FETCH,
  [Capability.SECRET_ROTATION]: no(LLM_TAKEN_BACK, LLM_WORKLOAD, 'SecretRotation.NEXT_START, and a restart by a change of the model'),
  [Capability.VOLUME_SOURCE]: native('the claim as a volume of the template', `${LLM_SOURCE}/workload_storage.go`),
  [Capability.OCI_VOLUME]: native('an image volume of the template', `${K8S}/storage/volumes/#image`),
  [Capability.IN_IMAGE]: native('nothing to be fetched', `${LLM_SOURCE}/workload_storage.go`),
  [Capability.MODEL_CACHE]: native('a LocalModelCache, whose claim KServe mounts', 'https://github.com/kserve/kserve/blob/v0.19.0/pkg/webhook/admission/llminferenceservice/defaulter.go', '0.19'),
  [Capability.V2_REST]: LLM_ONLY, [Capability.V2_GRPC]: LLM_ONLY, [Capability.V1_REST]: LLM_ONLY, [Capability.TENSORFLOW_GRPC]: LLM_ONLY, [Capability.CUSTOM_REST]: LLM_ONLY,
  [Capability.CODE_IMAGE]: LLM_ONLY, [Capability.CODE_MOUNT]: LLM_ONLY,
  [Capability.RESOURCES]: LLM_POD, [Capability.GPU]: LLM_POD, [Capability.ENVIRONMENT]: LLM_POD, [Capability.VOLUMES]: LLM_POD, [Capability.SIDECARS]: LLM_POD, [Capability.POD_OVERLAY]: LLM_POD,
  [Capability.SERVICE_ACCOUNT]: LLM_POD, [Capability.PRIORITY]: LLM_POD, [Capability.PROBES]: LLM_POD, [Capability.DRAIN]: LLM_POD, [Capability.SPREAD]: LLM_POD,
  [Capability.UPDATE_STRATEGY]: no('version 0.20 has no field for how copies are replaced, and the Deployment adds one before it takes one away', LLM_WORKLOAD, "a spare device ('spare' of the pool), Rollout.rolling({ maxSurge: 1 }) where there is one, or an InferenceService: KServeLanguageModels.INFERENCE_SERVICE"),
  [Capability.FIXED_COPIES]: native("'replicas'", LLM_WORKLOAD),
  [Capability.SCALE_ON_CPU]: beside("a HorizontalPodAutoscaler or KEDA's ScaledObject, with no number of copies said: KServe's own needs another autoscaler, WVA, besides", `${LLM_SOURCE}/scaling.go`),
  [Capability.SCALE_ON_METRICS]: beside("KEDA's ScaledObject, or an HPA with prometheus-adapter: KServe's own needs another autoscaler, WVA, besides", `${LLM_SOURCE}/scaling.go`),
  [Capability.EXTERNAL_SCALING]: native('no number of copies is said: KServe leaves it as it is', `${LLM_SOURCE}/workload.go`),
  [Capability.CANARY]: beside(`${LLM_SECOND} weights of routes`, 'https://gateway-api.sigs.k8s.io/guides/traffic-splitting/'),
  [Capability.BLUE_GREEN]: beside(`${LLM_SECOND} Service's selector`, `${K8S}/services-networking/service/`),
  [Capability.SHADOW]: beside(`${LLM_SECOND} route's mirror`, 'https://gateway-api.sigs.k8s.io/guides/http-request-mirroring/'),
  [Capability.AB_TEST]: beside(`${LLM_SECOND} route's header match`, 'https://gateway-api.sigs.k8s.io/guides/http-routing/'),
  [Capability.ARGO_ROLLOUTS]: no("the Deployment is KServe's, and a Rollout would have to be in its place", LLM_WORKLOAD, 'a candidate with weights of routes (RolloutController.none), or EngineBackend.kubernetes'),
  [Capability.FLAGGER]: no(`${LLM_TAKEN_BACK}, and Flagger needs its own`, LLM_WORKLOAD, 'a candidate with weights of routes (RolloutController.none), or EngineBackend.kubernetes'),
  [Capability.FREEZE]: no(`there is no pause, and ${LLM_TAKEN_BACK}`, LLM_WORKLOAD, 'a pause of whatever applies the manifests, or Hold.stopped'),
  [Capability.GRPC_ROUTE]: LLM_ONLY,
  [Capability.METRICS]: beside("a monitor and rules of the stack's operator, without the model's version: labels of the pods are part of the Deployment's immutable selector", LLM_WORKLOAD),
  [Capability.TRANSFORMER]: LLM_ONLY, [Capability.EXPLAINER]: LLM_ONLY, [Capability.OUTLIER_DETECTOR]: LLM_ONLY, [Capability.DRIFT_DETECTOR]: LLM_ONLY, [Capability.MODEL_MONITOR]: LLM_ONLY,
  [Capability.BATCHING]: no('vLLM puts requests together by itself, token by token', 'https://github.com/vllm-project/vllm/blob/v0.33.0/README.md', 'nothing: leave it out'),
  [Capability.DEVICE_CLAIM]: no('an update starts new copies first, and devices of a claim can not be counted', LLM_WORKLOAD, 'accelerators by resources, as Accelerator.nvidia'),
  [Capability.POOL_WHILE_RUNNING]: LLM_ONLY,
  [Capability.GRAPH_SEQUENCE]: LLM_ONLY, [Capability.GRAPH_SWITCH]: LLM_ONLY, [Capability.GRAPH_ENSEMBLE]: LLM_ONLY, [Capability.GRAPH_SPLITTER]: LLM_ONLY, [Capability.SERVER_POOL]: LLM_ONLY,
};

const SELDON_V2 = 'https://github.com/SeldonIO/seldon-core/blob/v2.10.2';
const SELDON_V2_CRD = `${SELDON_V2}/operator/apis/mlops/v1alpha1`;
const SELDON_V2_ENVOY = `${SELDON_V2}/scheduler/pkg/envoy/xdscache/resource.go`;
/** On Seldon Core v2 pods belong to servers: what is asked of them needs a server of the service's own. */
const SELDON_V2_POD = native('podSpec of a Server of its own (SeldonServers.dedicated)', `${SELDON_V2_CRD}/podspec.go`);
const SELDON_V2_COPIED = beside('put into the pods of a Server of its own (SeldonServers.dedicated)', `${SELDON_V2}/docs-gb/kubernetes/resources/server.md`);
const SELDON_V2_PROTOCOL = no("Seldon's Envoy and agent pass the Open Inference Protocol on, and nothing else", SELDON_V2_ENVOY, 'the Open Inference Protocol, or EngineBackend.kubernetes()');
const SELDON_V2_CONTROLLER = no('a rollout controller replaces Deployments, and here pods are made by the operator and requests split by Envoy', SELDON_V2_ENVOY, "RolloutController.none() and a 'candidate', which becomes an Experiment");

/** Seldon Core v2: Models on Servers. */
const SELDON_CORE_V2: EngineColumn = {
  [Capability.DOWNLOAD]: native('rclone, of S3, GCS and Azure; of other stores by an init container of a Server of its own', `${SELDON_V2}/docs-gb/kubernetes/storage-secrets.md`),
  [Capability.SECRET_CREDENTIALS]: native('secretName of the Model, which holds a remote of rclone; on a Server of its own, variables from its keys', `${SELDON_V2}/docs-gb/kubernetes/storage-secrets.md`),
  [Capability.EXTERNAL_SECRET]: beside('an ExternalSecret that writes a remote of rclone', 'https://external-secrets.io/latest/guides/templating/'),
  [Capability.WORKLOAD_IDENTITY]: beside("the account of a Server of its own, with a RoleBinding for Seldon's agent", `${SELDON_V2}/operator/controllers/reconcilers/seldon/rbac_reconciler.go`),
  [Capability.SECRET_ROTATION]: no('a Secret is read when a model is loaded, and the operator would undo what Reloader writes into its StatefulSets', `${SELDON_V2}/scheduler/pkg/agent/k8s/secrets.go`, 'SecretRotation.NEXT_START'),
  [Capability.VOLUME_SOURCE]: SELDON_V2_COPIED, [Capability.OCI_COPY]: SELDON_V2_COPIED, [Capability.OCI_VOLUME]: SELDON_V2_COPIED,
  [Capability.IN_IMAGE]: beside('settings for MLServer on a Server of its own', `${SELDON_V2}/scheduler/pkg/agent/repository/mlserver/mlserver.go`),
  [Capability.MODEL_CACHE]: no('nothing fills a cache on the nodes', `${SELDON_V2}/docs-gb/kubernetes/resources/server.md`, 'a PersistentVolumeClaim that many nodes read: ModelSource.pvc, on a Server of its own'),
  [Capability.V2_REST]: native("Seldon's Envoy and agent", SELDON_V2_ENVOY), [Capability.V2_GRPC]: native("Seldon's Envoy and agent; callers give the metadata seldon-model", SELDON_V2_ENVOY),
  [Capability.V1_REST]: SELDON_V2_PROTOCOL, [Capability.TENSORFLOW_GRPC]: SELDON_V2_PROTOCOL, [Capability.OPENAI]: SELDON_V2_PROTOCOL, [Capability.CUSTOM_REST]: SELDON_V2_PROTOCOL,
  [Capability.CODE_IMAGE]: SELDON_V2_POD, [Capability.CODE_MOUNT]: SELDON_V2_POD,
  [Capability.RESOURCES]: SELDON_V2_POD, [Capability.GPU]: SELDON_V2_POD,
  [Capability.DEVICE_CLAIM]: no("a Server's podSpec has no resourceClaims", `${SELDON_V2_CRD}/podspec.go`, 'accelerators by resources, as Accelerator.nvidia'),
  [Capability.ENVIRONMENT]: SELDON_V2_POD, [Capability.FILES]: SELDON_V2_POD, [Capability.VOLUMES]: SELDON_V2_POD, [Capability.SIDECARS]: SELDON_V2_POD, [Capability.POD_OVERLAY]: SELDON_V2_POD,
  [Capability.SERVICE_ACCOUNT]: beside("a RoleBinding for Seldon's agent, which reads Secrets of the namespace in the same pods", `${SELDON_V2}/operator/controllers/reconcilers/seldon/rbac_reconciler.go`), [Capability.PRIORITY]: SELDON_V2_POD,
  [Capability.PROBES]: native('Envoy is told of a copy when its model is loaded', `${SELDON_V2}/scheduler/pkg/envoy/processor/incremental.go`),
  [Capability.DRAIN]: native("the agent's drain: models are loaded elsewhere first", `${SELDON_V2}/scheduler/pkg/agent/drainservice/server.go`),
  [Capability.DISRUPTION_BUDGET]: beside('a PodDisruptionBudget over a Server of its own', `${K8S}/workloads/pods/disruptions/`), [Capability.SPREAD]: SELDON_V2_POD,
  [Capability.UPDATE_STRATEGY]: native('a StatefulSet replaces one copy at a time, and adds none', `${SELDON_V2}/operator/controllers/reconcilers/server/statefulset_reconciler.go`),
  [Capability.FIXED_COPIES]: native('replicas of the Model', `${SELDON_V2_CRD}/model_types.go`),
  [Capability.SCALE_ON_CPU]: beside('a HorizontalPodAutoscaler of the Model, by the pods of a Server of its own, which follows by itself', `${SELDON_V2}/docs-gb/scaling/model-hpa-autoscaling.md`),
  [Capability.SCALE_ON_METRICS]: beside("KEDA's ScaledObject of the Model, by what Seldon's agent counts", `${SELDON_V2}/docs-gb/scaling/model-hpa-autoscaling.md`),
  [Capability.SCALE_ON_EVENTS]: beside("KEDA's ScaledObject of the Model", `${SELDON_V2}/docs-gb/scaling/model-hpa-autoscaling.md`),
  [Capability.SCALE_TO_ZERO]: no('a Model has a copy at the least', `${SELDON_V2}/docs-gb/scaling/core-autoscaling-models.md`, "'min: 1' on a shared server, which puts models out of memory that nobody asks"),
  [Capability.EXTERNAL_SCALING]: native('scale subresource of the Model', `${SELDON_V2_CRD}/model_types.go`),
  [Capability.CANARY]: native('an Experiment with weights', `${SELDON_V2_CRD}/experiment_types.go`),
  [Capability.BLUE_GREEN]: native('an Experiment that gives all to one of two Models', `${SELDON_V2_CRD}/experiment_types.go`),
  [Capability.SHADOW]: native('an Experiment with a mirror', `${SELDON_V2_CRD}/experiment_types.go`),
  [Capability.AB_TEST]: beside('a rule of the HTTPRoute that names the other Model', 'https://gateway-api.sigs.k8s.io/guides/http-routing/'),
  [Capability.ARGO_ROLLOUTS]: SELDON_V2_CONTROLLER, [Capability.FLAGGER]: SELDON_V2_CONTROLLER,
  [Capability.GATES]: no('nothing judges an Experiment', `${SELDON_V2_CRD}/experiment_types.go`, "a person who looks at the dashboard and changes the candidate's percent"),
  [Capability.FREEZE]: no("the operator's StatefulSets can not be paused", `${SELDON_V2}/operator/controllers/reconcilers/server/statefulset_reconciler.go`, 'a pause of whatever applies the manifests'),
  [Capability.STOP]: no('a Model without copies is one that could not be scheduled', `${SELDON_V2}/docs-gb/scaling/core-autoscaling-models.md`, 'taking the service out of the program'),
  [Capability.GATEWAY]: beside('an HTTPRoute that sets the header by which Envoy knows the model', SELDON_V2_ENVOY),
  [Capability.INGRESS]: beside('an Ingress; Envoy knows the model by the path', SELDON_V2_ENVOY),
  [Capability.GRPC_ROUTE]: beside('a GRPCRoute that sets the metadata by which Envoy knows the model', SELDON_V2_ENVOY),
  [Capability.GRANTS]: no('all models of a runtime are asked through one Envoy: who reaches one reaches all', SELDON_V2_ENVOY, "a NetworkPolicy of your own over the pods of Seldon's Envoy, and a runtime for each circle of callers"),
  [Capability.METRICS]: beside("a monitor and rules of the stack's operator, by what Seldon's agent counts", `${SELDON_V2}/scheduler/pkg/metrics/agent.go`),
  [Capability.PAYLOAD_LOGGING]: beside("a proxy between Seldon's agent and a server of its own; of a Model's `logger` only the presence is read, and Envoy writes to its own disk", `${SELDON_V2_CRD}/model_types.go`),
  [Capability.MODEL_MONITOR]: beside('a CronJob', `${K8S}/workloads/controllers/cron-jobs/`),
  [Capability.TRACING]: native("variables of a server of its own; of Seldon's own parts by tracingConfig of its SeldonRuntime", `${SELDON_V2}/docs-gb/kubernetes/tracing.md`),
  [Capability.TRANSFORMER]: native("a Model of the service's name, on a Server of its own, which asks the Model behind it; in the predictor's pods there is no place for one", `${SELDON_V2}/docs-gb/inference.md`),
  [Capability.EXPLAINER]: native('a Model with an explainer, on a Server of its own or on a shared one', `${SELDON_V2}/docs-gb/explainers.md`),
  [Capability.OUTLIER_DETECTOR]: native('a Model on a Server of its own, sent logged payloads; on shared servers a step of a Pipeline, beside its answer', `${SELDON_V2}/docs-gb/outlier.md`),
  [Capability.DRIFT_DETECTOR]: native('a Model on a Server of its own, sent logged payloads; on shared servers a step of a Pipeline with a batch, beside its answer', `${SELDON_V2}/docs-gb/drift.md`),
  [Capability.BATCHING]: native("the server's own batching, on a Server of its own", 'https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/batching/adaptive.py'),
  [Capability.GRAPH_SEQUENCE]: native('a Pipeline, whose models hand tensors on over Kafka', `${SELDON_V2}/docs-gb/pipelines.md`),
  [Capability.GRAPH_SWITCH]: native('triggers of a Pipeline: the presence of tensors', `${SELDON_V2}/docs-gb/pipelines.md`),
  [Capability.GRAPH_ENSEMBLE]: native('a join at the end of a Pipeline: one answer with the tensors of all', `${SELDON_V2}/docs-gb/pipelines.md`),
  [Capability.GRAPH_SPLITTER]: native('an Experiment over Models, at the root of a graph', `${SELDON_V2}/docs-gb/experiments.md`),
  [Capability.SERVER_POOL]: native('a Server of its own whose pods bring the files of all models, and a Model of each', `${SELDON_V2}/docs-gb/models/mms.md`),
  [Capability.POOL_WHILE_RUNNING]: native('a Server of its own, and a Model of each, which its agent fetches', `${SELDON_V2}/docs-gb/models/mms.md`),
};

const KNATIVE_SOURCE = 'https://github.com/knative/serving/blob/v0.48.1/pkg';
const KNATIVE_POD = `${KNATIVE_SOURCE}/apis/serving/fieldmask.go`;
const KNATIVE_ROUTES = `${KSERVE_SOURCE}/controller/v1beta1/inferenceservice/reconcilers/knative/ksvc_reconciler.go`;
const KNATIVE_LOGGER = `${KSERVE_SOURCE}/webhook/admission/pod/agent_injector.go`;
const STANDARD = 'KServeMode.STANDARD';
const KNATIVE_GRPC = no('its pods have one port, and its proxy asks at that port by HTTP whether the model is loaded', `${KNATIVE_SOURCE}/reconciler/revision/resources/queue.go`, `InferenceProtocol.V2_REST, or ${STANDARD}`);
const KNATIVE_RELEASE = no("its share goes by the revision before, which no manifest names: a service that is made anew would give all requests to the version on trial", KNATIVE_ROUTES, STANDARD);
const KNATIVE_ROUTE = no("its requests pass Knative's own ingress: a route to its Service, which is a name of that ingress, is refused by most gateways", `${KNATIVE_SOURCE}/reconciler/route/resources/service.go`, `a DomainMapping of Knative's own, or ${STANDARD}`);

/** KServe in Knative mode. */
const KSERVE_KNATIVE: EngineColumn = {
  ...KSERVE,
  [Capability.DOWNLOAD]: native("'storageUri', fetched by the service's own container; needs kubernetes.podspec-init-containers", KNATIVE_POD),
  [Capability.VOLUME_SOURCE]: native('the claim as a volume; needs kubernetes.podspec-persistent-volume-claim', KNATIVE_POD),
  [Capability.OCI_COPY]: native('an init container of the image; needs kubernetes.podspec-init-containers', KNATIVE_POD),
  [Capability.OCI_VOLUME]: native('an image volume; needs kubernetes.podspec-volumes-image', KNATIVE_POD),
  [Capability.V2_GRPC]: KNATIVE_GRPC, [Capability.TENSORFLOW_GRPC]: KNATIVE_GRPC,
  [Capability.GPU]: native('resources; node selectors and tolerations need kubernetes.podspec-nodeselector, -affinity and -tolerations', KNATIVE_POD),
  [Capability.DEVICE_CLAIM]: no('Knative refuses claims of devices', KNATIVE_POD, `an accelerator by its resource, or ${STANDARD}`),
  [Capability.VOLUMES]: native('ConfigMaps, Secrets and folders; claims, images and CSI drivers where they are enabled', KNATIVE_POD),
  [Capability.SIDECARS]: native('containers without ports and probes', KNATIVE_POD),
  [Capability.POD_OVERLAY]: native('the fields of pods that Knative takes', KNATIVE_POD),
  [Capability.PRIORITY]: native('needs kubernetes.podspec-priorityclassname', KNATIVE_POD),
  [Capability.PROBES]: native('asked by the proxy, at the port of requests', `${KNATIVE_SOURCE}/reconciler/revision/resources/queue.go`),
  [Capability.DRAIN]: native("the proxy ends what it has begun before the server is told to stop; the grace period is the requests' time-out", `${KNATIVE_SOURCE}/reconciler/revision/resources/deploy.go`),
  [Capability.SPREAD]: native('needs kubernetes.podspec-topologyspreadconstraints', KNATIVE_POD),
  [Capability.UPDATE_STRATEGY]: no('a new revision has all its copies before the old one loses any, whatever is spare', KNATIVE_ROUTES, `'spare' devices of the GpuPool, or ${STANDARD}`),
  [Capability.FIXED_COPIES]: native("'minReplicas' and 'maxReplicas'", KNATIVE_ROUTES),
  [Capability.SCALE_ON_CPU]: no("Knative's autoscaler counts requests; its HPA is an extension that many installations lack", `${KNATIVE_SOURCE}/apis/autoscaling/register.go`, `Scaling.onConcurrency, or ${STANDARD}`),
  [Capability.SCALE_ON_METRICS]: native("concurrency and requests a second, as Knative's proxy counts them; no other", `${KNATIVE_SOURCE}/apis/autoscaling/register.go`),
  [Capability.SCALE_ON_EVENTS]: no("Knative's autoscaler follows requests alone", `${KNATIVE_SOURCE}/apis/autoscaling/register.go`, STANDARD),
  [Capability.SCALE_TO_ZERO]: native('requests wait in the activator until a copy is there', `${KNATIVE_SOURCE}/activator/handler/handler.go`),
  [Capability.EXTERNAL_SCALING]: no("Knative's autoscaler can't be switched off", `${KNATIVE_SOURCE}/apis/autoscaling/register.go`, STANDARD),
  [Capability.CANARY]: KNATIVE_RELEASE, [Capability.BLUE_GREEN]: KNATIVE_RELEASE, [Capability.SHADOW]: KNATIVE_RELEASE, [Capability.AB_TEST]: KNATIVE_RELEASE,
  [Capability.GATEWAY]: KNATIVE_ROUTE, [Capability.INGRESS]: KNATIVE_ROUTE, [Capability.GRPC_ROUTE]: KNATIVE_ROUTE,
  [Capability.GRANTS]: no("requests come from Knative's activator and its ingress, whoever sent them: a NetworkPolicy would shut out none or all", `${KNATIVE_SOURCE}/activator/net/throttler.go`, `rules of the mesh, or ${STANDARD}`),
  [Capability.METRICS]: no('pods have one port, which is called after Knative, and Deployments the names of revisions: rules would find neither', `${KNATIVE_SOURCE}/reconciler/revision/resources/deploy.go`, `a monitor of your own, or ${STANDARD}`),
  [Capability.TRANSFORMER]: beside(`a Deployment before the model, asked as '<name>-transformer'; ${KSERVE_COMPONENT}`, `${KSERVE_SOURCE}/apis/serving/v1beta1/transformer_custom.go`),
  [Capability.EXPLAINER]: beside(`a Deployment with an address of its own; ${KSERVE_COMPONENT}`, `${KSERVE_SOURCE}/apis/serving/v1beta1/explainer_custom.go`),
  [Capability.PAYLOAD_LOGGING]: native("'logger', all of every prediction to one sink: Knative refuses a proxy of ours with a port of its own", KNATIVE_LOGGER),
  [Capability.OUTLIER_DETECTOR]: native("'logger', to a Deployment beside: one detector, and nothing else that is logged", KNATIVE_LOGGER),
  [Capability.DRIFT_DETECTOR]: native("'logger', to a Deployment beside: one detector, and nothing else that is logged", KNATIVE_LOGGER),
};

const TABLE: { readonly [engine in EngineId]?: EngineColumn } = {
  [EngineId.KUBERNETES]: KUBERNETES,
  [EngineId.KSERVE]: KSERVE,
  [EngineId.KSERVE_KNATIVE]: KSERVE_KNATIVE,
  [EngineId.SELDON_V1]: SELDON_V1,
  [EngineId.SELDON_V2]: SELDON_CORE_V2,
  [EngineId.KSERVE_LLM]: KSERVE_LLM,
};

/** Whether an engine has a capability, and how; undefined for an engine that is not in the table. */
export function engineCapability(capability: Capability, engine: EngineId): EngineCapability | undefined {
  return TABLE[engine]?.[capability];
}
