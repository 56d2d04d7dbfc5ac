import { Prices } from '../describe/cluster';
import { hourlyCostOfCopy } from '../plan/cost';
import { ServicePlan } from '../plan/service-plan';

/** What a service costs by what it requests, in the cluster's currency: before anything runs, from the prices of the Cluster. */
export interface CostEstimate {
  /** One copy for an hour. */
  readonly copyPerHour: number;
  /** The service for an hour at its least copies. */
  readonly minPerHour: number;
  /** The service for an hour at its most copies. */
  readonly maxPerHour: number;
}

export function estimateCost(plan: ServicePlan, prices: Prices): CostEstimate | undefined {
  const copy = hourlyCostOfCopy(plan, prices);
  if (copy === undefined) return undefined;
  const { stopped, min, max } = plan.copies;
  const cost = (copies: number): number => Math.round(copy * (stopped ? 0 : copies) * 1e6) / 1e6;
  return { copyPerHour: Math.round(copy * 1e6) / 1e6, minPerHour: cost(min), maxPerHour: cost(max) };
}
