import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { allOf, decimal, quoted, selector } from '../../plan/promql';
import { deviceResource, seriesName } from '../cost/devices';
import { priced } from '../cost/pod-cost';
import { COPIES_READY, COST_MONTH, SERVICE_COST_PER_HOUR } from '../series';
import { ofService, WatchedService } from '../watched-service';
import { ServiceAlert } from './service-alert';

/** What it costs meanwhile, where that is known: a sentence that Prometheus and vmalert fill in. */
export function costs(service: WatchedService): string {
  if (!priced(service)) return '';
  const perHour = `{{ with query \`${selector(SERVICE_COST_PER_HOUR.name, ofService(service))}\` }}{{ . | first | value | printf "%.2f" }}{{ else }}(not known){{ end }}`;
  return ` The service costs ${service.cost!._money(perHour)} an hour.`;
}

/** Devices that are paid for by a copy that answers nobody. */
export const gpuUnready: ServiceAlert = ({ service, pods }) => {
  const resource = deviceResource(service.plan);
  if (resource === undefined) return [];
  const { download, startup } = service.plan.timing;
  const held = `max by (namespace, pod) (kube_pod_container_resource_requests{${allOf(pods, `resource=${quoted(seriesName(resource))}`, 'node!=""')}} > 0)`;
  return [{
    // half an hour beyond what a start may take: the first minutes have InferenceServiceNotLoading
    alert: 'InferenceServiceGpuUnready', severity: AlertSeverity.WARNING, for: `${Math.ceil(download + startup) + 1800}s`,
    expr: `count(${held} unless on (namespace, pod) (kube_pod_status_ready{${allOf(pods, 'condition="true"')}} == 1) unless on (namespace, pod) (kube_pod_status_phase{${allOf(pods, 'phase=~"Succeeded|Failed"')}} == 1)) > 0`,
    summary: 'copies hold GPUs and are not ready', description: `{{ $value }} copies hold GPUs that nobody else can have, and answer nothing.${costs(service)}`,
  }];
};

/** A month will cost more than it may. An hour of it, so that a release with twice the copies tells nobody. */
export const overBudget: ServiceAlert = ({ service, matchers }) => {
  const { budget } = service;
  if (budget === undefined || !priced(service)) return [];
  return [{
    alert: 'InferenceServiceOverBudget', severity: AlertSeverity.WARNING, for: '1h', expr: `${selector(COST_MONTH.name, matchers)} > ${decimal(budget.amount)}`,
    summary: 'it will cost more than its budget', description: `As in the last day, a month costs ${service.cost!._money('{{ $value | printf "%.2f" }}')}; its budget is ${service.cost!._money(decimal(budget.amount))}.`,
  }];
};

/** A month will cost nearly what it may. */
export const nearBudget: ServiceAlert = ({ service, matchers }) => {
  const { budget } = service;
  if (budget === undefined || !priced(service)) return [];
  return [{
    alert: 'InferenceServiceNearBudget', severity: AlertSeverity.INFO, for: '1h',
    expr: `${selector(COST_MONTH.name, matchers)} > ${decimal(budget.amount * budget.tellAtPercent / 100)} <= ${decimal(budget.amount)}`,
    summary: 'it will cost nearly its budget', description: `As in the last day, a month costs ${service.cost!._money('{{ $value | printf "%.2f" }}')}; its budget is ${service.cost!._money(decimal(budget.amount))}.`,
  }];
};

/** Copies run, and nothing tells what they cost: a budget would look kept. */
export const costUnknown: ServiceAlert = ({ service, matchers }) => !priced(service) ? [] : [{
  alert: 'InferenceServiceCostUnknown', severity: AlertSeverity.INFO, for: '30m', expr: `${selector(COPIES_READY.name, matchers)} > 0 unless ${selector(SERVICE_COST_PER_HOUR.name, matchers)}`,
  summary: 'its cost is not known', description: '{{ $value }} copies run, and no price is found for them: of their node, or of its GPUs.',
}];
