import { Prices } from '../describe/cluster';
import { GpuPool } from '../describe/gpu-pool';
import { ServicePlan } from './service-plan';

/** What one copy costs for an hour by what it requests; undefined as long as a price is missing. */
export function hourlyCostOfCopy(plan: ServicePlan, prices: Prices): number | undefined {
  const device = devicePrice(plan, prices);
  if (prices.cpuHour === undefined || prices.memoryGibHour === undefined || device === undefined) return undefined;
  return plan.requests.cpuMillis / 1000 * prices.cpuHour + plan.requests.memoryBytes / 2 ** 30 * prices.memoryGibHour + device;
}

/** The dearest of the pools that a copy may land in: an estimate that flatters helps nobody. */
function devicePrice(plan: ServicePlan, prices: Prices): number | undefined {
  if (plan.accelerator === undefined) return 0;
  const each = plan.pools.map((pool: GpuPool) => pool.pricePerHour ?? prices.deviceHour?.[pool.product]);
  if (each.length === 0 || each.some((price) => price === undefined)) return undefined;
  return Math.max(...each.map((price) => price!)) * plan.accelerator.count;
}
