import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { allOf, selector } from '../../plan/promql';
import { ServiceAlert } from './service-alert';

/** Copies that nobody can look into: all other alerts on them are blind. */
export const scrapeLost: ServiceAlert = ({ service, matchers, pods }) => service.plan.metricsPath === undefined ? [] : [{
  alert: 'InferenceServiceScrapeLost', severity: AlertSeverity.WARNING, for: '10m', labels: { symptom: 'true' },
  // of copies that are ready: one that loads has no metrics yet; a wrong selector or a NetworkPolicy leaves no target at all
  expr: `count((kube_pod_status_ready{${allOf(pods, 'condition="true"')}} == 1) unless on (namespace, pod) (${selector('up', matchers)} == 1)) > 0`,
  summary: 'metrics of ready copies are missing', description: '{{ $value }} copies are ready and can not be scraped: dashboards, objectives and autoscaling by their metrics are blind.',
}];
