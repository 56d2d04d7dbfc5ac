import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ServicePlan } from '../../plan/service-plan';
import { RolloutRenderer } from '../ports';
import { ArgoRollouts } from './argo-rollouts/argo-rollouts';
import { Flagger } from './flagger/flagger';
import { Workloads } from './workloads';

const RENDERERS: { readonly [controller in RolloutControllerKind]: RolloutRenderer } = {
  [RolloutControllerKind.NONE]: new Workloads(),
  [RolloutControllerKind.ARGO]: new ArgoRollouts(),
  [RolloutControllerKind.FLAGGER]: new Flagger(),
};

/** Who replaces the versions of a service. What goes copy by copy needs nobody but Kubernetes. */
export function rolloutRenderer(plan: ServicePlan): RolloutRenderer {
  return RENDERERS[plan.release?.controller ?? RolloutControllerKind.NONE];
}
