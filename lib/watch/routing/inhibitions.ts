import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { SERVICE_LABEL } from '../watched-service';
import { CAUSE_LABEL, OBJECTIVE_LABEL, SEVERITY_LABEL, SYMPTOM_LABEL } from './labels';

/** What a label must be. */
export interface Matcher {
  readonly label: string;
  readonly type: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** While an alert like `source` fires, those like `target` with equal labels are not told. */
export interface PlannedInhibition {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

/** Alertmanager takes two alerts that both lack a label as equal in it, so each label that is compared must be there. */
const there = (label: string): Matcher => ({ label, type: '!=', value: '' });

/**
 * What mutes what: somebody who is woken hears of one thing once.
 *
 * 1. The fast burn of an objective mutes its slow one. 2. A service of which no copy answers mutes what follows from that.
 */
export function planInhibitions(): PlannedInhibition[] {
  return [
    {
      source: [{ label: SEVERITY_LABEL, type: '=', value: AlertSeverity.CRITICAL }, there(OBJECTIVE_LABEL)],
      target: [{ label: SEVERITY_LABEL, type: '=~', value: `${AlertSeverity.WARNING}|${AlertSeverity.INFO}` }, there(OBJECTIVE_LABEL)],
      equal: ['namespace', SERVICE_LABEL, OBJECTIVE_LABEL],
    },
    {
      source: [{ label: CAUSE_LABEL, type: '=', value: 'true' }, there(SERVICE_LABEL)],
      target: [{ label: SYMPTOM_LABEL, type: '=', value: 'true' }, { label: CAUSE_LABEL, type: '!=', value: 'true' }],
      equal: ['namespace', SERVICE_LABEL],
    },
  ];
}
