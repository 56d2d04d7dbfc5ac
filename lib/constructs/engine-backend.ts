import { Finding } from '../describe/problem';
import { KubernetesBackend } from '../render/kubernetes/kubernetes';
import { Backend } from '../render/ports';

/** What runs the services of an engine: the one line that changes when the engine does. */
export class EngineBackend {
  /** Plain Kubernetes: Deployments, with nothing to be installed. */
  public static kubernetes(): EngineBackend {
    return new EngineBackend(new KubernetesBackend(), []);
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
