import { ClusterOperator } from '../../describe/cluster';
import { Finding, ProblemKind } from '../../describe/problem';
import { Autoscaler, ScalingSignalKind } from '../../describe/scaling';
import { needsKeda } from '../scaling/signals';
import { PlannedSignal } from '../service-plan';
import { Rule } from './rule';

const NO_API = ProblemKind.error('SERVING_METRICS_API_MISSING', 'The autoscaler asks an API that nobody serves', 'It would say FailedGetPodsMetric and never change the copies.');
const NO_KEDA = ProblemKind.error('SERVING_SCALING_NEEDS_KEDA', 'A scaling that only KEDA can do', 'A HorizontalPodAutoscaler knows neither Kafka nor the time, starts nothing from zero copies and has no number for missing metrics.');
const NOT_KEDA = ProblemKind.error('SERVING_SCALING_NEEDS_HPA', 'A scaling that KEDA can not do', 'KEDA does not ask the custom metrics API.');
const NO_URL = ProblemKind.error('SERVING_METRICS_URL_MISSING', "The address of the metrics' store is not known", 'KEDA asks it itself, and has no default.');
const NOT_FROZEN = ProblemKind.warning('SERVING_HOLD_NOT_HELD', 'A frozen service whose copies something else changes', 'A hold reaches the objects of the library, and no others.');

/** What the autoscaler needs of the cluster. */
export const scaling: Rule = {
  check: ({ request, plan: { copies } }) => {
    const findings: Finding[] = [];
    if (copies.frozen && copies.external) {
      findings.push(NOT_FROZEN.found({ what: 'the service is frozen, and an autoscaler outside of the library changes its copies', got: 'Scaling.external', fix: 'pause that autoscaler, too, and acknowledge this' }));
    }
    // what is wrong itself has been told
    if (copies.autoscaler === undefined || (request.scaling?._findings.length ?? 0) > 0) return findings;
    const { cluster } = request;
    for (const signal of copies.signals) {
      const operator = apiOf(signal, copies.autoscaler);
      if (operator === undefined || cluster.runs(operator)) continue;
      const resource = operator === ClusterOperator.METRICS_SERVER;
      findings.push(NO_API.found({ what: `scaling on '${signal.name}' needs '${operator.name}' in the cluster`, got: signal.name, allowed: resource ? 'an operator that serves metrics.k8s.io' : 'an adapter that serves custom.metrics.k8s.io', fix: `add ClusterOperator.${resource ? 'METRICS_SERVER' : 'CUSTOM_METRICS'} to 'operators' if it runs, else Scaling.fixed` }));
    }
    const only = needsKeda(request);
    if (copies.autoscaler === Autoscaler.HPA && only.length > 0) {
      findings.push(NO_KEDA.found({ what: `${only.join(' and ')} ${only.length > 1 ? 'need' : 'needs'} KEDA`, got: 'Autoscaler.HPA', allowed: 'Autoscaler.KEDA', fix: "leave 'autoscaler' out, or what needs KEDA" }));
    }
    if (copies.autoscaler !== Autoscaler.KEDA) return findings;
    if (!cluster.runs(ClusterOperator.KEDA)) {
      findings.push(NO_KEDA.found({ what: `${only.length > 0 ? only.join(' and ') : 'Autoscaler.KEDA'} needs 'keda' in the cluster`, fix: "add ClusterOperator.KEDA to 'operators' if it runs, else scale by another signal" }));
    }
    const custom = copies.signals.find(({ kind }) => kind === ScalingSignalKind.CUSTOM_METRIC);
    if (custom !== undefined) findings.push(NOT_KEDA.found({ what: `KEDA can not follow '${custom.name}' of the custom metrics API`, got: custom.name, fix: 'ask the metrics store: Scaling.onQuery in place of Scaling.onCustomMetric' }));
    if (cluster.metricsUrl === undefined && (copies.wakes.length > 0 || copies.signals.some(({ promql }) => promql !== undefined))) {
      findings.push(NO_URL.found({ what: "KEDA is to ask the metrics' store, and the Cluster has no 'metricsUrl'", fix: "give 'metricsUrl' of the Cluster, such as 'http://prometheus.monitoring:9090'" }));
    }
    return findings;
  },
};

/** What must run for a signal, beside KEDA. */
function apiOf({ kind }: PlannedSignal, autoscaler: Autoscaler): ClusterOperator | undefined {
  if (kind === ScalingSignalKind.CPU || kind === ScalingSignalKind.MEMORY) return ClusterOperator.METRICS_SERVER;
  if (autoscaler === Autoscaler.KEDA || kind === ScalingSignalKind.KAFKA_LAG || kind === ScalingSignalKind.SCHEDULE || kind === ScalingSignalKind.QUERY) return undefined;
  return ClusterOperator.CUSTOM_METRICS;
}
