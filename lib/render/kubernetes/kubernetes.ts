import { KUBERNETES } from '../../plan/engine/kubernetes';
import { ServicePlan } from '../../plan/service-plan';
import { Backend, RenderedService, RenderExtras } from '../ports';
import { rolloutRenderer } from '../rollouts';
import { around } from './around';

/** Plain Kubernetes: a Deployment, or what a rollout controller has in its place, and what belongs around it. */
export class KubernetesBackend implements Backend {
  public readonly engine = KUBERNETES;

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    return around(plan, extras, rolloutRenderer(plan).render(plan, extras.cluster));
  }
}
