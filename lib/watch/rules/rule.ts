import { Cost } from '../../describe/monitoring/cost';
import { MetricsBackend } from '../../describe/monitoring/metrics-backend';
import { Finding } from '../../describe/problem';
import { ServicePlan, ServiceRequest } from '../../plan/service-plan';

/** What a rule about a service that is watched looks at. */
export interface WatchRuleContext {
  readonly request: ServiceRequest;
  readonly plan: ServicePlan;
  readonly metrics: MetricsBackend;
  /** How the stack tells what services cost, if it does. */
  readonly cost?: Cost;
}

/** A rule about a service that is watched. One a file, with its code and its test. */
export type WatchRule = (context: WatchRuleContext) => Finding[];
