import { Autoscaler } from '../../describe/scaling';
import { ServicePlan, Workload } from '../../plan/service-plan';
import { RenderAutoscaler, RenderedObject } from '../ports';
import { horizontalPodAutoscaler } from './hpa';
import { scaledObject } from './keda';

const AUTOSCALERS: { readonly [autoscaler in Autoscaler]: RenderAutoscaler } = { [Autoscaler.HPA]: horizontalPodAutoscaler, [Autoscaler.KEDA]: scaledObject };

/** The objects that change the number of copies; none where it is fixed, or where another changes it. */
export function renderAutoscaler(plan: ServicePlan, target: Workload): RenderedObject[] {
  return plan.copies.autoscaler === undefined ? [] : AUTOSCALERS[plan.copies.autoscaler](plan, target);
}
