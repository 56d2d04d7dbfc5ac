import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

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
   * What language models are run as.
   * @default KServeLanguageModels.INFERENCE_SERVICE
   */
  readonly languageModels?: KServeLanguageModels;
}

const SHAPE: Shape<KServeProps> = { version: is.oneOf(VERSIONS), mode: is.oneOf(Object.values(KServeMode)), languageModels: is.oneOf(Object.values(KServeLanguageModels)) };

/** Checked properties of the engine, and what is wrong with those that were given. */
export function kserveValues(given?: KServeProps): { version: string; mode: KServeMode; languageModels: KServeLanguageModels; findings: Finding[] } {
  const { props, findings } = checkShape('EngineBackend.kserve', SHAPE, given);
  return { version: props.version ?? VERSIONS[VERSIONS.length - 1]!, mode: props.mode ?? KServeMode.STANDARD, languageModels: props.languageModels ?? KServeLanguageModels.INFERENCE_SERVICE, findings };
}
