import { Engine } from '../../plan/engine/engine';
import { ServicePlan } from '../../plan/service-plan';
import { around } from '../kubernetes/around';
import { Backend, RenderedService, RenderExtras } from '../ports';
import { Workloads } from '../rollouts/workloads';
import { inferenceService } from './inference-service';

/** KServe: an InferenceService and its ServingRuntime in a Deployment's place, and what belongs around it. */
export class KServeBackend implements Backend {
  public constructor(public readonly engine: Engine) {}

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    // a stopped service has no Deployment that an autoscaler could find
    const { copies } = plan;
    const running = copies.stopped ? { ...plan, copies: { ...copies, autoscaler: undefined } } : plan;
    return around(running, extras, new Workloads(inferenceService).render(running, extras.cluster));
  }
}
