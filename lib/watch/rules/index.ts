import { Cost } from '../../describe/monitoring/cost';
import { MetricsBackend } from '../../describe/monitoring/metrics-backend';
import { Finding } from '../../describe/problem';
import { Capability } from '../../plan/engine/capability';
import { unable } from '../../plan/rules/engine-capability';
import { ServicePlan, ServiceRequest } from '../../plan/service-plan';
import { cost } from './cost';
import { namespace } from './namespace';
import { objectives } from './objectives';
import { WatchRule } from './rule';
import { scrape } from './scrape';

const RULES: readonly WatchRule[] = [namespace, scrape, objectives, cost];

/** Everything that can be wrong with a service for being watched. */
export function checkWatched(request: ServiceRequest, plan: ServicePlan, metrics: MetricsBackend, prices?: Cost): Finding[] {
  return [...unable(Capability.METRICS, request.engine), ...RULES.flatMap((rule) => rule({ request, plan, metrics, cost: prices }))];
}

export { unwatchedBudget } from './cost';
