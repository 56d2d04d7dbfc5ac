import { Finding, ProblemKind } from '../../describe/problem';
import { ReceiverKind } from '../../describe/monitoring/alerting/receiver';
import { RoutingPlan } from './plan';

const TOO_OLD = ProblemKind.error('SERVING_ALERTMANAGER_TOO_OLD', 'Something that this Alertmanager does not know', 'It refuses its configuration as a whole: the old one stays, or after a restart nobody is told of anything.');
const ZONE = ProblemKind.error('SERVING_QUIET_TIME_ZONE', 'A quiet time of a zone that an AlertmanagerConfig cannot name', 'Its intervals have no field for a zone: the quiet time would be hours off, and move with the summer time.');

const NOT_TAKEN = ProblemKind.warning('SERVING_ROUTES_NOT_SELECTED', 'Routes that the Alertmanager does not take as it comes', 'Nobody would be told: the objects are stored, and nothing says that no Alertmanager reads them.');

/** In which form a plan reaches its Alertmanager. */
export enum RoutingForm {
  /** Its own configuration, with Secrets as mounted files. */
  CONFIGURATION = 'configuration',
  /** Objects of prometheus-operator, which writes secrets into the configuration. */
  ALERTMANAGER_CONFIG = 'AlertmanagerConfig',
  /** Objects of the VictoriaMetrics operator, which writes secrets into the configuration. */
  VM_ALERTMANAGER_CONFIG = 'VMAlertmanagerConfig',
}

/** The first Alertmanager that knows something, with its secret from a file and with it written out. Source: https://github.com/prometheus/alertmanager/blob/main/CHANGELOG.md */
const SINCE: { readonly [kind in ReceiverKind]: { readonly file: number; readonly written: number } } = {
  [ReceiverKind.SLACK]: { file: 22, written: 22 },
  [ReceiverKind.OPSGENIE]: { file: 24, written: 22 },
  [ReceiverKind.PAGER_DUTY]: { file: 25, written: 22 },
  [ReceiverKind.EMAIL]: { file: 25, written: 22 },
  [ReceiverKind.WEBHOOK]: { file: 28, written: 22 }, // 0.26 has the field, and falls over what can't be reached (#3800)
  [ReceiverKind.TEAMS]: { file: 28, written: 28 },
};
/** Intervals at all, with the name that we write; with a zone. */
const INTERVALS = { at: 24, withZone: 25 };
/** Matchers as one text, in routes and inhibitions. */
const LEAST = 22;

/** The first Alertmanager (0.x) that takes a plan, and what of it asks for that. */
export function neededAlertmanager(plan: RoutingPlan, form: RoutingForm): { readonly minor: number; readonly because: string } {
  const secrets = form === RoutingForm.CONFIGURATION ? 'file' : 'written';
  const needs = [
    { minor: LEAST, because: 'matchers' },
    ...plan.receivers.flatMap(({ ways }) => ways).map(({ kind, secret }) => ({ minor: SINCE[kind][secret === undefined ? 'written' : secrets], because: `a receiver of kind ${kind}${SINCE[kind][secrets] > SINCE[kind].written ? ', whose secret is read from a file' : ''}` })),
    ...plan.intervals.map(({ name, location }) => ({ minor: location === undefined ? INTERVALS.at : INTERVALS.withZone, because: `the quiet time '${name}'${location === undefined ? '' : ' with its zone'}` })),
  ];
  return needs.reduce((most, one) => (one.minor > most.minor ? one : most));
}

/**
 * What of a plan can't be said where it goes, or is not heard there.
 * @param alertmanager version, such as `0.27.0`; undefined where it isn't known.
 * @param takesRoutes whether the Alertmanager reads objects of routes, as far as is known.
 */
export function routingFindings(plan: RoutingPlan, form: RoutingForm, alertmanager?: string, takesRoutes = true): Finding[] {
  const findings: Finding[] = [];
  if (!takesRoutes) {
    findings.push(NOT_TAKEN.found({ what: "the stack's Alertmanager selects no AlertmanagerConfig unless it was told to", fix: "set 'alertmanagerConfigSelector: {}' and 'alertmanagerConfigNamespaceSelector: {}' in the Alertmanager's spec (in kube-prometheus: 'alertmanager+: { alertmanager+: { spec+: … } }'), and acknowledge this" }));
  }
  const { minor, because } = neededAlertmanager(plan, form);
  const version = /^v?0\.(\d+)(\.|$)/.exec(alertmanager ?? '');
  if (version !== null && Number(version[1]) < minor) {
    findings.push(TOO_OLD.found({ what: `Alertmanager is too old for ${because}`, got: alertmanager, allowed: `0.${minor} or later`, fix: 'use a later Alertmanager, or another receiver' }));
  }
  for (const { name, location } of form === RoutingForm.ALERTMANAGER_CONFIG ? plan.intervals : []) {
    if (location === undefined) continue;
    findings.push(ZONE.found({ what: `the quiet time '${name}' has a zone, and an AlertmanagerConfig none`, got: location, allowed: 'UTC', fix: "say its hours in UTC and leave 'timeZone' out, or have the stack install its own Alertmanager" }));
  }
  return findings;
}
