import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';

/** Versions of KServe whose sources the library was written by, the oldest first. */
const VERSIONS = ['0.17', '0.18', '0.19', '0.20'];

/** How KServe runs its services. It can't be changed of a service that is there. */
export enum KServeMode {
  /** By Deployments; nothing else has to be installed. KServe's older name for it is RawDeployment. */
  STANDARD = 'Standard',
  /** By Knative Serving, which scales by concurrency and down to none. KServe's older name for it is Serverless. */
  KNATIVE = 'Knative',
}

/** What language models are run as: those in vLLM, asked by OpenAI's API. */
export enum KServeLanguageModels {
  /** By an InferenceService, as every other model. */
  INFERENCE_SERVICE = 'InferenceService',
  /** By an LLMInferenceService. In KServe 0.20 it has no way to say how copies are replaced: an update needs a spare device. */
  LLM_INFERENCE_SERVICE = 'LLMInferenceService',
}

/**
 * What Knative Serving does only where its ConfigMap `config-features` says `enabled`.
 * Source: https://github.com/knative/serving/blob/v0.48.1/pkg/apis/config/features.go
 */
export enum KnativeFeature {
  /** Containers that run before the server: each download is one. */
  INIT_CONTAINERS = 'kubernetes.podspec-init-containers',
  /** Copies spread over zones and nodes. */
  TOPOLOGY_SPREAD = 'kubernetes.podspec-topologyspreadconstraints',
  /** Nodes by their labels, as accelerators are found. */
  NODE_SELECTOR = 'kubernetes.podspec-nodeselector',
  /** Nodes by rules. */
  AFFINITY = 'kubernetes.podspec-affinity',
  /** Nodes with taints, as those with accelerators have. */
  TOLERATIONS = 'kubernetes.podspec-tolerations',
  /** Volumes of PersistentVolumeClaims. */
  PERSISTENT_VOLUME_CLAIM = 'kubernetes.podspec-persistent-volume-claim',
  /** Volumes of images. */
  IMAGE_VOLUME = 'kubernetes.podspec-volumes-image',
  /** Volumes of CSI drivers. */
  CSI_VOLUME = 'kubernetes.podspec-volumes-csi',
  /** The pods' priority. */
  PRIORITY_CLASS = 'kubernetes.podspec-priorityclassname',
  /** The pods' runtime. */
  RUNTIME_CLASS = 'kubernetes.podspec-runtimeclassname',
  /** The pods' scheduler. */
  SCHEDULER = 'kubernetes.podspec-schedulername',
  /** The pod's security context; those of containers need nothing. */
  SECURITY_CONTEXT = 'kubernetes.podspec-securitycontext',
  /** Variables from fields of the pod. */
  FIELD_REF = 'kubernetes.podspec-fieldref',
  /** Lines of `/etc/hosts`. */
  HOST_ALIASES = 'kubernetes.podspec-hostaliases',
}

/** Properties of `EngineBackend.kserve`. */
export interface KServeProps {
  /**
   * Version of KServe in the cluster, `0.17` to `0.20`.
   * @default 0.20
   */
  readonly version?: string;
  /**
   * How services are run.
   * @default KServeMode.STANDARD
   */
  readonly mode?: KServeMode;
  /**
   * What is enabled in Knative Serving's ConfigMap `config-features`, in its mode.
   * @default - nothing: what needs one is a problem that names it
   */
  readonly knativeFeatures?: KnativeFeature[];
  /**
   * What language models are run as.
   * @default KServeLanguageModels.INFERENCE_SERVICE
   */
  readonly languageModels?: KServeLanguageModels;
}

const NOT_KNATIVE = ProblemKind.error('SERVING_KNATIVE_FEATURES_UNUSED', 'Features of Knative, and services that it does not run', 'They say what Knative takes of a pod; in Standard mode KServe takes all of it, and asks nobody.');

const SHAPE: Shape<KServeProps> = {
  version: is.oneOf(VERSIONS), mode: is.oneOf(Object.values(KServeMode)), knativeFeatures: is.list(is.oneOf(Object.values(KnativeFeature))), languageModels: is.oneOf(Object.values(KServeLanguageModels)),
};

/** Checked properties of the engine, and what is wrong with those that were given. */
export function kserveValues(given?: KServeProps): { version: string; mode: KServeMode; features: readonly KnativeFeature[]; languageModels: KServeLanguageModels; findings: Finding[] } {
  const { props, findings } = checkShape('EngineBackend.kserve', SHAPE, given);
  if (props.mode !== KServeMode.KNATIVE && props.knativeFeatures !== undefined && props.knativeFeatures.length > 0) {
    findings.push(NOT_KNATIVE.found({ what: "'knativeFeatures' are said, and services run by Deployments", got: props.mode ?? KServeMode.STANDARD, allowed: 'KServeMode.KNATIVE', fix: "say 'mode: KServeMode.KNATIVE', or leave 'knativeFeatures' out" }));
  }
  return {
    version: props.version ?? VERSIONS[VERSIONS.length - 1]!, mode: props.mode ?? KServeMode.STANDARD, features: props.knativeFeatures ?? [],
    languageModels: props.languageModels ?? KServeLanguageModels.INFERENCE_SERVICE, findings,
  };
}
