import { checkShape } from '../describe/checks/shape';
import { KServeLanguageModels, KServeMode, KServeProps, kserveValues } from '../describe/engine/kserve';
import { SELDON_CORE_V1_SHAPE, SeldonCoreV1Props } from '../describe/engine/seldon-core-v1';
import { SELDON_CORE_V2, SeldonCoreV2Props, SeldonServers, SeldonServersKind } from '../describe/engine/seldon-core-v2';
import { Finding } from '../describe/problem';
import { kserveKnative, kserveStandard } from '../plan/engine/kserve';
import { kserveLlm } from '../plan/engine/kserve-llm';
import { KnativeBackend, KServeBackend } from '../render/kserve/kserve';
import { llmInferenceService } from '../render/kserve/llm-inference-service';
import { KubernetesBackend } from '../render/kubernetes/kubernetes';
import { SeldonCoreV2 } from '../plan/engine/seldon-core-v2';
import { SeldonV2Backend } from '../render/seldon-v2/seldon-v2';
import { Backend } from '../render/ports';
import { SeldonCoreV1Backend } from '../render/seldon-v1/seldon-v1';

/** What tells two backends of one version of Seldon Core v2 apart. */
const SERVERS: { readonly [kind in SeldonServersKind]: string } = {
  [SeldonServersKind.SHARED]: 'shared servers', [SeldonServersKind.DEDICATED]: 'a server for each service', [SeldonServersKind.AS_NEEDED]: 'a server for each service that needs one',
};

/** What runs the services of an engine: the one line that changes when the engine does. */
export class EngineBackend {
  /** Plain Kubernetes: Deployments, with nothing to be installed. */
  public static kubernetes(): EngineBackend {
    return new EngineBackend(new KubernetesBackend(), []);
  }

  /** KServe: an InferenceService and a ServingRuntime for each service, and beside them what these can't say. */
  public static kserve(props?: KServeProps): EngineBackend {
    const { version, mode, features, languageModels, findings } = kserveValues(props);
    const llm = languageModels === KServeLanguageModels.LLM_INFERENCE_SERVICE ? new KServeBackend(kserveLlm(version), llmInferenceService) : undefined;
    return new EngineBackend(mode === KServeMode.KNATIVE ? new KnativeBackend(kserveKnative(version, features), llm) : new KServeBackend(kserveStandard(version), undefined, llm), findings, [...(llm === undefined ? [] : ['LLMInferenceServices for language models']), ...features]);
  }

  /**
   * Seldon Core v1: a SeldonDeployment for each service. Its operator is presumed installed, and named in the cluster's `operators`.
   *
   * Seldon Core from 1.18 on is under the Business Source License 1.1: production use needs a licence of Seldon's.
   * Source: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/LICENSE
   */
  public static seldonCoreV1(props?: SeldonCoreV1Props): EngineBackend {
    const checked = checkShape('EngineBackend.seldonCoreV1', SELDON_CORE_V1_SHAPE, props);
    const { version = '1.18', controllerId } = checked.props;
    return new EngineBackend(new SeldonCoreV1Backend(version, controllerId), checked.findings, controllerId === undefined ? [] : [`the operator '${controllerId}'`]);
  }

  /**
   * Seldon Core v2: Models on Servers, many models to a server unless it is said otherwise.
   *
   * Seldon Core is licensed under the Business Source License 1.1, not under an open-source one: running it in production needs a licence of Seldon's.
   */
  public static seldonCoreV2(props: SeldonCoreV2Props = {}): EngineBackend {
    const { props: { version = '2.10', servers = SeldonServers.shared() }, findings } = checkShape('EngineBackend.seldonCoreV2', SELDON_CORE_V2, props);
    return new EngineBackend(new SeldonV2Backend(new SeldonCoreV2(version, servers)), findings, [SERVERS[servers.kind]]);
  }

  private constructor(
    /** @internal */
    public readonly _backend: Backend,
    /** @internal What is wrong with what it was made with. */
    public readonly _findings: readonly Finding[],
    /** What it was made with that tells it from another one of the same engine, in words. */
    private readonly settings: readonly string[] = [],
  ) {}

  /** @internal Engine, version and settings, for people. */
  public get _title(): string {
    const { title } = this._backend.engine;
    return this.settings.length === 0 ? title : `${title} with ${this.settings.join(', ')}`;
  }

  /** Its name. */
  public get name(): string {
    return this._backend.engine.id;
  }
}
