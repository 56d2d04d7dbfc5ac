import { ServicePlan } from '../service-plan';

/** Name of a service's HorizontalPodAutoscaler, ours or KEDA's: the service's, unless the engine's controller would write over one of that name, whatever it was told of autoscalers. */
export function hpaName(plan: ServicePlan): string {
  const taken = plan.engine.makes?.(plan).some(({ kind, name }) => kind === 'HorizontalPodAutoscaler' && name === plan.name) ?? false;
  return taken ? `${plan.name}-scaling` : plan.name;
}
