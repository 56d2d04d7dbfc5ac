import { TRANSFORMER } from '../labels';
import { ServicePlan, ServiceRequest } from '../service-plan';

/** A program in pods of its own beside a service's: planned, rendered and watched as a service is. */
export interface Companion {
  /** What its objects' ids begin with, as `Transformer`. */
  readonly id: string;
  readonly request: ServiceRequest;
  readonly plan: ServicePlan;
}

/** A service's program of a kind, if it has one in pods of its own. */
export function companionOf({ companions }: ServicePlan, component: string): Companion | undefined {
  return companions.find(({ request }) => request.partOf?.component === component);
}

/** The plan of the pods that clients ask: the transformer's, if it has pods of its own. */
export function frontOf(plan: ServicePlan): ServicePlan {
  return companionOf(plan, TRANSFORMER)?.plan ?? plan;
}
