import { ReceiverKind } from '../../describe/monitoring/alerting/receiver';
import { SecretKey } from '../../describe/monitoring/secret-key';
import { Json } from '../../plan/service-plan';
import { quoted } from '../../plan/promql';
import { Matcher } from './inhibitions';
import { duration, Integration, integrationOf } from './integrations';
import { PlannedInterval, PlannedSpan } from './intervals';
import { PlannedRoute, RoutingPlan, routingSecrets } from './plan';

/** Where prometheus-operator mounts `spec.secrets` of an Alertmanager. Source: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.AlertmanagerSpec */
export const ALERTMANAGER_SECRETS = '/etc/alertmanager/secrets';
/** Where the VictoriaMetrics operator mounts `spec.secrets` of a VMAlertmanager. Source: https://docs.victoriametrics.com/operator/api/#vmalertmanagerspec */
export const VM_ALERTMANAGER_SECRETS = '/etc/vm/secrets';

/** Alertmanager's list of a kind of receivers, and its field that names the file of the Secret. */
const NATIVE: { readonly [kind in ReceiverKind]: { readonly list: string; readonly secret: string } } = {
  [ReceiverKind.SLACK]: { list: 'slack_configs', secret: 'api_url_file' },
  [ReceiverKind.PAGER_DUTY]: { list: 'pagerduty_configs', secret: 'routing_key_file' },
  [ReceiverKind.OPSGENIE]: { list: 'opsgenie_configs', secret: 'api_key_file' },
  [ReceiverKind.TEAMS]: { list: 'msteamsv2_configs', secret: 'webhook_url_file' },
  [ReceiverKind.WEBHOOK]: { list: 'webhook_configs', secret: 'url_file' },
  [ReceiverKind.EMAIL]: { list: 'email_configs', secret: 'auth_password_file' },
};

/** Alertmanager's own configuration, and the Secrets that must be mounted for it. */
export interface AlertmanagerConfiguration {
  readonly config: { readonly [key: string]: Json };
  /** Names of Secrets, for `spec.secrets` of the Alertmanager. */
  readonly secrets: readonly string[];
}

/**
 * A plan as Alertmanager's own configuration. No secret is in it: each is read from a file.
 * @param secretsRoot where the Secrets are mounted, each in a folder of its name.
 */
export function alertmanagerConfiguration(plan: RoutingPlan, secretsRoot: string): AlertmanagerConfiguration {
  return {
    config: {
      route: { ...groups(plan), ...route(plan.route) },
      inhibit_rules: plan.inhibitions.map(({ source, target, equal }) => ({ source_matchers: source.map(matcher), target_matchers: target.map(matcher), equal: [...equal] })),
      receivers: plan.receivers.map(({ name, ways }) => ({ name, ...byList(ways.map(integrationOf), ({ kind }) => NATIVE[kind].list, (one) => integration(one, secretsRoot)) })),
      ...(plan.intervals.length === 0 ? {} : { time_intervals: plan.intervals.map(interval) }),
    },
    secrets: routingSecrets(plan),
  };
}

function integration({ kind, fields, maps, secret, bearerToken }: Integration, root: string): { [key: string]: Json } {
  const file = (key: SecretKey): string => `${root}/${key.secretName}/${key.key}`;
  return {
    ...fields, ...maps,
    ...(secret === undefined ? {} : { [NATIVE[kind].secret]: file(secret) }),
    ...(bearerToken === undefined ? {} : { http_config: { authorization: { type: 'Bearer', credentials_file: file(bearerToken) } } }),
  };
}

/** Ways of one kind under the name of their list. */
export function byList<T extends Integration>(ways: readonly T[], list: (way: T) => string, written: (way: T) => { [key: string]: Json }): { [list: string]: Json[] } {
  const lists: { [list: string]: Json[] } = {};
  for (const way of ways) (lists[list(way)] ??= []).push(written(way));
  return lists;
}

/** How alerts become messages. */
export function groups(plan: RoutingPlan): { [key: string]: Json } {
  return { group_by: [...plan.groupBy], group_wait: duration(plan.groupWaitSeconds), group_interval: duration(plan.groupIntervalSeconds) };
}

/** A route and those below it. */
export function route(planned: PlannedRoute): { [key: string]: Json } {
  return {
    ...(planned.matchers.length === 0 ? {} : { matchers: planned.matchers.map(matcher) }),
    receiver: planned.receiver, repeat_interval: duration(planned.repeatSeconds),
    ...(planned.mute.length === 0 ? {} : { mute_time_intervals: [...planned.mute] }),
    ...(planned.routes.length === 0 ? {} : { routes: planned.routes.map(route) }),
  };
}

/** A matcher as Alertmanager's text. */
export function matcher({ label, type, value }: Matcher): string {
  return `${label}${type}${quoted(value)}`;
}

/** An interval with its spans, each with its zone. */
export function interval({ name, location, spans }: PlannedInterval): { [key: string]: Json } {
  return { name, time_intervals: spans.map((one) => ({ ...span(one), ...(location === undefined ? {} : { location }) })) };
}

function span({ weekdays, time, days, month, year }: PlannedSpan): { [key: string]: Json } {
  return {
    ...(weekdays === undefined ? {} : { weekdays: [...weekdays] }), ...(time === undefined ? {} : { times: [{ start_time: time.start, end_time: time.end }] }),
    ...(days === undefined ? {} : { days_of_month: [`${days[0]}:${days[1]}`] }), ...(month === undefined ? {} : { months: [`${month}`] }), ...(year === undefined ? {} : { years: [`${year}`] }),
  };
}
