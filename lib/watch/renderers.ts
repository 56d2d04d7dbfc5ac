import { MetricsOperator } from '../describe/monitoring/metrics-backend';
import { MetricsRenderer } from './ports';
import { prometheusOperator } from './prometheus/prometheus-operator';
import { victoriaMetricsOperator } from './victoria-metrics/victoria-metrics-operator';

const RENDERERS: { readonly [operator in MetricsOperator]: MetricsRenderer } = {
  [MetricsOperator.PROMETHEUS]: prometheusOperator,
  [MetricsOperator.VICTORIA_METRICS]: victoriaMetricsOperator,
};

/** What writes an operator's objects. */
export function metricsRenderer(operator: MetricsOperator): MetricsRenderer {
  return RENDERERS[operator];
}
