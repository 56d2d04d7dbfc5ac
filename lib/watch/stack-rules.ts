import { AcceleratorKind } from '../describe/accelerator';
import { AlertSeverity } from '../describe/monitoring/alerting/alert-severity';
import { PriceSource } from '../describe/monitoring/cost';
import { quoted, selector } from '../plan/promql';
import { stackAlertOf } from './alerts/alert';
import { ownerCosts } from './cost/owners';
import { Exporter } from './dashboards';
import { AlertRule, RuleGroup } from './rule';
import { COPIES_READY } from './series';
import { exportersOf } from './sources';
import type { StackRequest } from './stack';
import { SERVICE_LABEL, WatchedService } from './watched-service';

/** Series that every exporter of its kind has as long as it is there, what is blind without them, and when there need be none. */
interface Proof { readonly series: string; readonly blind: string; readonly only?: (services: readonly WatchedService[]) => string }

const PROOF: { readonly [exporter in Exporter]?: Proof } = {
  [Exporter.KUBE_STATE_METRICS]: { series: 'kube_pod_status_ready', blind: 'alerts on copies, crashes, releases and autoscaling' },
  // it runs where GPUs are: without a copy on one, their nodes may be gone
  [Exporter.DCGM]: { series: 'DCGM_FI_DEV_FB_USED', blind: 'alerts on GPUs, and their use', only: (services) => ` and on () sum(${selector(COPIES_READY.name, `${SERVICE_LABEL}=~${quoted(gpuServices(services).join('|'))}`)}) > 0` },
};

/** OpenCost, where prices come from there. */
const PRICES: Proof = { series: 'node_cpu_hourly_cost', blind: 'costs and budgets, but for services that the prices of the Cluster are enough for' };

/** Rules over all services of a stack: who tells of pods and GPUs must be there, or alerts on them never fire. */
export function stackRules(request: StackRequest, services: readonly WatchedService[]): RuleGroup[] {
  if (services.length === 0) return [];
  const rules = [...exportersOf(request, services)].map((exporter) => PROOF[exporter]).concat(request.cost?.priceSource === PriceSource.OPENCOST ? [PRICES] : []).filter((one) => one !== undefined).flatMap(({ series, blind, only }): AlertRule[] => {
    const text = request.tune({
      alert: 'InferenceMetricsSourceMissing', severity: AlertSeverity.WARNING, expr: `absent(${series})${only?.(services) ?? ''}`, for: '15m', labels: { source: series },
      summary: `nothing exposes ${series}`, description: `Without it these are blind, for all services of the stack: ${blind}.`,
    });
    return text === undefined ? [] : [stackAlertOf(request, text)];
  });
  return [...(rules.length === 0 ? [] : [{ name: `${request.name}.sources`, intervalSeconds: 60, rules }]), ...ownerCosts(request)];
}

function gpuServices(services: readonly WatchedService[]): string[] {
  return services.filter(({ plan }) => plan.accelerator?.vendor === AcceleratorKind.NVIDIA).map(({ name }) => name).sort();
}
