import { secondsOf } from '../../describe/checks/shape';
import { ObjectiveKind } from '../../describe/objective';
import { Finding, ProblemKind } from '../../describe/problem';
import { sliSource } from '../request-source';
import { WatchRule } from './rule';

const NOT_MEASURABLE = ProblemKind.error('SERVING_OBJECTIVE_NOT_MEASURABLE', 'An objective that nothing measures', 'It would look kept for ever, and its alert would never fire.');
const RETENTION = ProblemKind.error('SERVING_RETENTION_BELOW_OBJECTIVE', 'Metrics are kept for less time than an objective is about', 'What is left of its error budget would be that of the time that is still known.');
const TWICE = ProblemKind.error('SERVING_OBJECTIVE_TWICE', 'Two objectives of one service about the same', 'Their series and alerts would be the same, with two values.');

/** Each objective must be measured by something, over all of its period. */
export const objectives: WatchRule = ({ request, plan, metrics }) => {
  const gateway = request.sli._gateway;
  const source = sliSource(request.sli, plan, request.namespace ?? '', '');
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const objective of request.objectives) {
    const availability = objective.kind === ObjectiveKind.AVAILABILITY;
    const what = availability ? 'failures' : 'latency by buckets';
    if ((availability ? source?.failed : source?.latency) === undefined) {
      findings.push(NOT_MEASURABLE.found({
        what: `an objective of ${objective.kind}: ${gateway === undefined ? `${plan.server.facts.title} does not tell ${what} of requests by ${plan.protocol.name}` : `the gateway's metrics have no ${what}`}`, got: objective.kind,
        fix: gateway === undefined ? "measure at the gateway: 'sli: Sli.gateway(GatewayMetrics.istio())', or take another server" : "name them in 'GatewayMetrics.of', or measure at the server: 'sli: Sli.server()'",
      }));
    }
    const id = `${objective.kind} ${objective.below === undefined ? '' : `${objective.percent} ${secondsOf(objective.below)}`}`;
    if (seen.has(id)) findings.push(TWICE.found({ what: `two objectives of ${objective.kind} are about the same`, got: objective.percent, fix: 'keep the stricter one' }));
    seen.add(id);
    const kept = metrics._keptSeconds;
    if (kept !== undefined && kept < secondsOf(objective.over)) {
      findings.push(RETENTION.found({
        what: `an objective of ${objective.kind} is over ${secondsOf(objective.over) / 86_400} days, and the stack keeps metrics for ${days(kept)}`, got: days(kept), allowed: `at least ${secondsOf(objective.over) / 86_400} days`,
        fix: metrics._install?.storage === undefined ? "give the MetricsBackend 'storage: MetricsStorage.claim({ size: Size.gibibytes(50) })', which is kept for 30 days" : "give the MetricsBackend a longer 'retention', or the objective a shorter 'over'",
      }));
    }
  }
  return findings;
};

const days = (seconds: number): string => (seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`);
