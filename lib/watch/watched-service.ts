import { Cluster } from '../describe/cluster';
import { Hold } from '../describe/hold';
import { Cost } from '../describe/monitoring/cost';
import { CostBudget } from '../describe/monitoring/cost-budget';
import { Sli } from '../describe/monitoring/sli';
import { Objective } from '../describe/objective';
import { RolloutControllerKind } from '../describe/rollout/controller';
import { Team } from '../describe/team';
import { podMatchers, quoted } from '../plan/promql';
import { ServicePlan } from '../plan/service-plan';
import { RenderedService } from '../render/ports';

/** A service as rules, dashboards and cost see it: its plan, and how it came out on its backend. */
export interface WatchedService {
  readonly name: string;
  readonly namespace: string;
  readonly plan: ServicePlan;
  readonly rendered: RenderedService;
  readonly cluster: Cluster;
  readonly objectives: readonly Objective[];
  readonly owner?: Team;
  readonly hold?: Hold;
  /** Where objectives are measured. */
  readonly sli: Sli;
  /** What it may cost. */
  readonly budget?: CostBudget;
  /** How the stack that watches it tells what it costs, if it does. */
  readonly cost?: Cost;
}

/** Labels that the scrape lays on every series of a service's pods, beside `namespace` and `pod`. */
export const SERVICE_LABEL = 'inference_service';
export const VERSION_LABEL = 'model_version';

/** Matchers of what a service's pods expose, and of its recorded series: both have these labels. */
export function ofService(service: WatchedService): string {
  return `namespace=${quoted(service.namespace)},${SERVICE_LABEL}=${quoted(service.name)}`;
}

/** Matchers of what is scraped of a service: of its own pods, or of what others scrape where it has none. */
export function scrapedOf(service: WatchedService): string {
  return service.rendered.series ?? ofService(service);
}

/** The labels that tell a service, on each of its series and alerts. */
export function identity(service: WatchedService): { [name: string]: string } {
  return { namespace: service.namespace, [SERVICE_LABEL]: service.name };
}

/** Names of the workloads whose pods answer for a service: one a pod group; Flagger runs the stable version in one of its own. */
export function workloads(plan: ServicePlan): string[] {
  const names = plan.groups.map((group) => group.workload.name);
  return plan.release?.controller === RolloutControllerKind.FLAGGER ? [...names, `${plan.name}-primary`] : names;
}

/** Matchers of a service's pods by their names, for what others expose about them. */
export function podsOf(service: WatchedService): string {
  const [first, ...others] = workloads(service.plan);
  const names = others.length === 0 ? first! : `(${[first, ...others].join('|')})`;
  return service.plan.engine.podMatchers?.(service.namespace, service.plan.groups.map((group) => group.workload)) ?? podMatchers(service.namespace, names);
}
