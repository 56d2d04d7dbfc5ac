import { AlertSeverity } from '../describe/monitoring/alerting/alert-severity';
import { Exporter } from './dashboards';
import { AlertRule, RuleGroup } from './rule';
import { exportersOf } from './sources';
import type { StackRequest } from './stack';
import { SERVICE_LABEL, WatchedService } from './watched-service';

/** Series that every exporter of its kind has as long as it is there, and what is blind without them. */
const PROOF: { readonly [exporter in Exporter]?: { readonly series: string; readonly blind: string } } = {
  [Exporter.KUBE_STATE_METRICS]: { series: 'kube_pod_status_ready', blind: 'alerts on copies, crashes, releases and autoscaling' },
  [Exporter.DCGM]: { series: 'DCGM_FI_DEV_FB_USED', blind: 'alerts on GPUs, and their use' },
};

/** Rules over all services of a stack: who tells of pods and GPUs must be there, or alerts on them never fire. */
export function stackRules(request: StackRequest, services: readonly WatchedService[]): RuleGroup[] {
  if (services.length === 0) return [];
  const rules = [...exportersOf(request, services)].map((exporter) => PROOF[exporter]).filter((one) => one !== undefined).map(({ series, blind }): AlertRule => ({
    alert: 'InferenceMetricsSourceMissing', expr: `absent(${series})`, for: '15m',
    labels: { namespace: request.namespace, [SERVICE_LABEL]: request.name, severity: AlertSeverity.WARNING, source: series },
    annotations: {
      summary: `${request.namespace}/${request.name}: nothing exposes ${series}`, description: `Without it these are blind, for all services of the stack: ${blind}.`, runbook_url: `${request.runbooks}/InferenceMetricsSourceMissing.md`,
    },
  }));
  return rules.length === 0 ? [] : [{ name: `${request.name}.sources`, intervalSeconds: 60, rules }];
}
