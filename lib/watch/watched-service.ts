import { Cluster } from '../describe/cluster';
import { Hold } from '../describe/hold';
import { Objective } from '../describe/objective';
import { Team } from '../describe/team';
import { quoted } from '../plan/promql';
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
}

/** Labels that the scrape lays on every series of a service's pods, beside `namespace` and `pod`. */
export const SERVICE_LABEL = 'inference_service';
export const VERSION_LABEL = 'model_version';

/** Matchers of what a service's pods expose, and of its recorded series: both have these labels. */
export function ofService(service: WatchedService): string {
  return `namespace=${quoted(service.namespace)},${SERVICE_LABEL}=${quoted(service.name)}`;
}

/** The labels that tell a service, on each of its series and alerts. */
export function identity(service: WatchedService): { [name: string]: string } {
  return { namespace: service.namespace, [SERVICE_LABEL]: service.name };
}
