import { Prices } from '../describe/cluster';
import { GpuPool } from '../describe/gpu-pool';
import { ServicePlan } from './service-plan';

/** What one copy costs for an hour by what it requests; undefined as long as a price is missing. */
export function hourlyCostOfCopy(plan: ServicePlan, prices: Prices): number | undefined {
  const known = pricesOf(plan, prices);
  if (known === undefined) return undefined;
  return plan.requests.cpuMillis / 1000 * known.cpuHour + plan.requests.memoryBytes / 2 ** 30 * known.memoryGibHour + known.deviceHour * (plan.accelerator?.count ?? 0);
}

/** What a copy is priced by, in the cluster's currency; a device costs nothing where there is none. */
export interface CopyPrices {
  readonly cpuHour: number;
  readonly memoryGibHour: number;
  readonly deviceHour: number;
}

/** The prices that a service's copies need; undefined as long as one is missing. */
export function pricesOf(plan: ServicePlan, { cpuHour, memoryGibHour, deviceHour }: Prices): CopyPrices | undefined {
  const device = devicePrice(plan, deviceHour);
  return cpuHour === undefined || memoryGibHour === undefined || device === undefined ? undefined : { cpuHour, memoryGibHour, deviceHour: device };
}

/** One device, of the dearest of the pools that a copy may land in: an estimate that flatters helps nobody. */
function devicePrice(plan: ServicePlan, byProduct: Prices['deviceHour']): number | undefined {
  if (plan.accelerator === undefined) return 0;
  const each = plan.pools.map((pool: GpuPool) => pool.pricePerHour ?? byProduct?.[pool.product]);
  if (each.length === 0 || each.some((price) => price === undefined)) return undefined;
  return Math.max(...each.map((price) => price!));
}
