import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NEEDS_METRICS = ProblemKind.error('SERVING_GATE_WITHOUT_METRICS', "Gates by metrics, and the metrics' store is not known", 'Every measurement would fail, and every release be taken back.');

const AT_ZERO = ProblemKind.warning('SERVING_RELEASE_AT_ZERO', 'A release of a service that may have no copies', 'While no copy runs there are no requests to judge it by.');

/** Gates that measure know where, and have something to measure. */
export const releaseMetrics: Rule = {
  check: ({ request: { cluster }, plan: { release, copies } }) => {
    if (release === undefined || release.gates.length === 0) return [];
    const names = release.gates.map((gate) => `'${gate.name}'`).join(', ');
    return [
      ...(cluster.metricsUrl !== undefined ? [] : [NEEDS_METRICS.found({ what: `the gates ${names} ask a metrics' store, and the Cluster names none`, fix: "give 'metricsUrl' of the Cluster, such as 'http://prometheus.monitoring:9090'" })]),
      ...(copies.min > 0 ? [] : [AT_ZERO.found({ what: `a release that begins while no copy runs has no requests for the gates ${names} to judge by: it waits, and then does what they say of no data`, got: 'min 0', allowed: 'min 1 or more', fix: "give 'min: 1', or release while there are requests and acknowledge this" })]),
    ];
  },
};
