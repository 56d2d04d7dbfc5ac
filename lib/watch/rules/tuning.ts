import { AlertTuning } from '../../describe/monitoring/alert-tuning';
import { Finding, nearest, ProblemKind } from '../../describe/problem';
import { ALERTS } from '../alerts/catalogue';

const UNKNOWN = ProblemKind.error('SERVING_ALERT_UNKNOWN', 'An alert is tuned that does not exist', 'The alert that was meant stays as it is, and wakes somebody.');
const TWICE = ProblemKind.error('SERVING_ALERT_TUNED_TWICE', 'One alert is tuned twice', 'One of the two would be left out without a word.');

/** What is tuned must be there, and once. */
export function checkTuning(tuning: readonly AlertTuning[]): Finding[] {
  const names = ALERTS.map(({ name }) => name);
  return tuning.flatMap(({ alert }, i) => {
    if (!names.includes(alert)) {
      // all but one have one beginning: the end tells which is meant
      const meant = nearest(alert, names) ?? nearest(`InferenceService${alert}`, names);
      return [UNKNOWN.found({ what: `there is no alert '${alert}'`, got: alert, allowed: names.join(', '), fix: meant === undefined ? 'take a name from docs/alerts.md' : `did you mean '${meant}'?` })];
    }
    return tuning.findIndex((one) => one.alert === alert) === i ? [] : [TWICE.found({ what: `'${alert}' is tuned twice`, got: alert, fix: 'put severity and patience into one' })];
  });
}
