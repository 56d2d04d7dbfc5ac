import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { AlertRule } from '../rule';
import { identity, SERVICE_LABEL, WatchedService } from '../watched-service';

/** What an alert says, apart from where it comes from. */
export interface AlertText {
  readonly alert: string;
  readonly severity: AlertSeverity;
  readonly expr: string;
  readonly for?: string;
  readonly keepFiringFor?: string;
  /** One line; the service's name, namespace and owner are put before it. */
  readonly summary: string;
  /** What it means, with numbers (Prometheus' templates). */
  readonly description: string;
  readonly labels?: { readonly [name: string]: string };
}

/** Where the pages of alerts are: `<base>/<alert>.md`. */
export const RUNBOOKS = 'https://github.com/cdk8s-serving/cdk8s-serving/blob/main/docs/runbooks';

/** An alert about a service. Its labels tell which, and whose: they stay the same while it fires, so no value is among them. */
export function alertOf(service: WatchedService, text: AlertText, runbooks = RUNBOOKS): AlertRule {
  const { name, namespace, owner } = service;
  return {
    alert: text.alert, expr: text.expr, ...(text.for === undefined ? {} : { for: text.for }), ...(text.keepFiringFor === undefined ? {} : { keepFiringFor: text.keepFiringFor }),
    labels: { ...identity(service), ...(owner === undefined ? {} : { team: owner.name }), severity: text.severity, ...text.labels },
    annotations: {
      summary: `${namespace}/${name}${owner === undefined ? '' : ` (${owner.name})`}: ${text.summary}`, description: text.description, runbook_url: `${runbooks}/${text.alert}.md`,
    },
  };
}

/** An alert about a stack as a whole, which stands where a service does. */
export function stackAlertOf({ namespace, name, runbooks }: { readonly namespace: string; readonly name: string; readonly runbooks: string }, text: AlertText): AlertRule {
  return {
    alert: text.alert, expr: text.expr, for: text.for, labels: { namespace, [SERVICE_LABEL]: name, severity: text.severity, ...text.labels },
    annotations: { summary: `${namespace}/${name}: ${text.summary}`, description: text.description, runbook_url: `${runbooks}/${text.alert}.md` },
  };
}
