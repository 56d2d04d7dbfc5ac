import { ServiceRequest } from '../service-plan';

/** Whether a transformer in pods of its own stands before a service: clients ask that. */
export function isBehind({ transformer }: Pick<ServiceRequest, 'transformer'>): boolean {
  return transformer !== undefined && !transformer.what.isCollocated;
}
