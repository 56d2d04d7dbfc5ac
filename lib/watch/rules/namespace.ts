import { ProblemKind } from '../../describe/problem';
import { WatchRule } from './rule';

const NAMESPACE = ProblemKind.error('SERVING_MONITORING_NAMESPACE', 'A service that is watched and does not know its namespace', 'Its series, alerts and routes are told from those of other services by the namespace.');

/** Series and alerts carry the namespace, so it must be known. */
export const namespace: WatchRule = ({ request }) => request.namespace !== undefined ? []
  : [NAMESPACE.found({ what: 'the service is watched, and its chart has no namespace', fix: "give the chart a 'namespace'" })];
