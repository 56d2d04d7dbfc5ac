import { Engine } from '../../plan/engine/engine';
import { isLanguageModel } from '../../plan/engine/kserve-llm';
import { ServicePlan, ServiceRequest } from '../../plan/service-plan';
import { KSERVE_GRAPHS } from '../graph/kserve';
import { around } from '../kubernetes/around';
import { Backend, RenderedService, RenderExtras, RenderWorkload } from '../ports';
import { Workloads } from '../rollouts/workloads';
import { knativeService } from './knative';
import { standardService } from './standard';

/** KServe in Standard mode: an InferenceService and its ServingRuntime in a Deployment's place, and what belongs around it. */
export class KServeBackend implements Backend {
  public readonly graphs = KSERVE_GRAPHS;

  /**
   * @param workload how a group of pods is run.
   * @param languageModels what runs language models, where it is not this one.
   */
  public constructor(public readonly engine: Engine, private readonly workload: RenderWorkload = standardService, private readonly languageModels?: Backend) {}

  public suited(request: ServiceRequest): Backend {
    return this.languageModels !== undefined && isLanguageModel(request) ? this.languageModels : this;
  }

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    // a stopped service has no Deployment that an autoscaler could find
    const { copies } = plan;
    const running = copies.stopped ? { ...plan, copies: { ...copies, autoscaler: undefined } } : plan;
    return around(running, extras, new Workloads(this.workload).render(running, extras.cluster));
  }
}

/** KServe in Knative mode: Services and autoscalers are Knative's. */
export class KnativeBackend implements Backend {
  public readonly graphs = KSERVE_GRAPHS;

  /** @param languageModels what runs language models, where it is not this one. */
  public constructor(public readonly engine: Engine, private readonly languageModels?: Backend) {}

  public suited(request: ServiceRequest): Backend {
    return this.languageModels !== undefined && isLanguageModel(request) ? this.languageModels : this;
  }

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    const group = plan.groups[0]!;
    return around(plan, extras, { workload: knativeService(plan, group), network: [], analysis: [], target: group.workload });
  }
}
