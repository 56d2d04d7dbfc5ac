import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NEEDS_METRICS = ProblemKind.error('SERVING_GATE_WITHOUT_METRICS', "Gates by metrics, and the metrics' store is not known", 'Every measurement would fail, and every release be taken back.');

/** Gates that measure know where. */
export const releaseMetrics: Rule = {
  check: ({ request: { cluster }, plan: { release } }) => {
    if (release === undefined || release.gates.length === 0 || cluster.metricsUrl !== undefined) return [];
    return [NEEDS_METRICS.found({ what: `the gates ${release.gates.map((gate) => `'${gate.name}'`).join(', ')} ask a metrics' store, and the Cluster names none`, fix: "give 'metricsUrl' of the Cluster, such as 'http://prometheus.monitoring:9090'" })];
  },
};
