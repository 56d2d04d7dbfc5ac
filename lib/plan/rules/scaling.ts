import { ClusterOperator } from '../../describe/cluster';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NO_API = ProblemKind.error('SERVING_METRICS_API_MISSING', 'The autoscaler asks an API that nobody serves', 'It would say FailedGetPodsMetric and never change the copies.');
const NOT_FROZEN = ProblemKind.warning('SERVING_HOLD_NOT_HELD', 'A frozen service whose copies something else changes', 'A hold reaches the objects of the library, and no others.');
const CPU_ON_DEVICE = ProblemKind.warning('SERVING_CPU_SCALING_ON_ACCELERATOR', 'A service with an accelerator scales on CPU', 'The device is busy while the CPU is not: copies come too late or never.');

export const scaling: Rule = {
  check: ({ request, plan }) => {
    const findings: Finding[] = [];
    if (plan.copies.frozen && plan.copies.external) {
      findings.push(NOT_FROZEN.found({ what: 'the service is frozen, and an autoscaler outside of the library changes its copies', got: 'Scaling.external', fix: 'pause that autoscaler, too, and acknowledge this' }));
    }
    for (const signal of (request.scaling?._findings.length ?? 0) > 0 ? [] : plan.copies.signals) {
      const operator = signal.resource ? ClusterOperator.METRICS_SERVER : ClusterOperator.CUSTOM_METRICS;
      if (!request.cluster.runs(operator)) {
        findings.push(NO_API.found({ what: `scaling on '${signal.name}' needs '${operator.name}' in the cluster`, got: signal.name, allowed: signal.resource ? 'an operator that serves metrics.k8s.io' : 'an adapter that serves custom.metrics.k8s.io', fix: `add ClusterOperator.${signal.resource ? 'METRICS_SERVER' : 'CUSTOM_METRICS'} to 'operators' if it runs, else Scaling.fixed` }));
      }
      if (request.accelerator !== undefined && signal.name === 'cpu' && signal.resource) {
        findings.push(CPU_ON_DEVICE.found({ what: `copies with ${request.accelerator} follow the use of the CPU`, got: 'cpu', allowed: 'a queue or concurrency metric of the server', fix: 'use Scaling.onCustomMetric' }));
      }
    }
    return findings;
  },
};
