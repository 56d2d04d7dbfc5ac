import { KServeProps, kserveValues } from '../describe/engine/kserve';
import { Finding } from '../describe/problem';
import { kserveStandard } from '../plan/engine/kserve';
import { KServeBackend } from '../render/kserve/kserve';
import { KubernetesBackend } from '../render/kubernetes/kubernetes';
import { Backend } from '../render/ports';

/** What runs the services of an engine: the one line that changes when the engine does. */
export class EngineBackend {
  /** Plain Kubernetes: Deployments, with nothing to be installed. */
  public static kubernetes(): EngineBackend {
    return new EngineBackend(new KubernetesBackend(), []);
  }

  /** KServe: an InferenceService and a ServingRuntime for each service, and beside them what these can't say. */
  public static kserve(props?: KServeProps): EngineBackend {
    const { version, findings } = kserveValues(props);
    return new EngineBackend(new KServeBackend(kserveStandard(version)), findings);
  }

  private constructor(
    /** @internal */
    public readonly _backend: Backend,
    /** @internal What is wrong with what it was made with. */
    public readonly _findings: readonly Finding[],
  ) {}

  /** Its name. */
  public get name(): string {
    return this._backend.engine.id;
  }
}
