import { Prices } from '../describe/cluster';
import { hourlyCostOfCopy } from '../plan/cost';
import { ServicePlan } from '../plan/service-plan';

/** What a service costs by what it requests, in the cluster's currency: before anything runs, from the prices of the Cluster. */
export interface CostEstimate {
  /** One copy of the model's server for an hour. */
  readonly copyPerHour: number;
  /** The service and what stands beside it, for an hour at its least copies. */
  readonly minPerHour: number;
  /** The same at its most copies. */
  readonly maxPerHour: number;
}

export function estimateCost(plan: ServicePlan, prices: Prices): CostEstimate | undefined {
  const copy = hourlyCostOfCopy(plan, prices);
  if (copy === undefined) return undefined;
  const { stopped, min, max } = plan.copies;
  const cost = (copies: number): number => Math.round(copy * (stopped ? 0 : copies) * 1e6) / 1e6;
  return { copyPerHour: Math.round(copy * 1e6) / 1e6, minPerHour: cost(min), maxPerHour: cost(max) };
}

/** The same of a service and of what stands beside it. */
export function estimateCostOfAll(plan: ServicePlan, prices: Prices): CostEstimate | undefined {
  const each = [plan, ...plan.companions.map((one) => one.plan)].map((one) => estimateCost(one, prices));
  const known = each.filter((one) => one !== undefined);
  if (known.length < each.length) return undefined;
  const sum = (of: (one: CostEstimate) => number): number => Math.round(known.reduce((total, one) => total + of(one), 0) * 1e6) / 1e6;
  return { copyPerHour: known[0]!.copyPerHour, minPerHour: sum((one) => one.minPerHour), maxPerHour: sum((one) => one.maxPerHour) };
}
