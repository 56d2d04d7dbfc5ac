import { ReceiverKind } from '../../describe/monitoring/alerting/receiver';
import { SecretKey } from '../../describe/monitoring/secret-key';
import { Json } from '../../plan/service-plan';
import { byList } from './alertmanager';
import { Matcher } from './inhibitions';
import { duration, Integration, integrationOf } from './integrations';
import { PlannedInterval } from './intervals';
import { ofNamespaces, OURS, RoutingObject, RoutingObjectProps } from './objects';
import { PlannedRoute, RoutingPlan } from './plan';

/** prometheus-operator's list of a kind of receivers, and its field that refers to the Secret. */
const OPERATOR: { readonly [kind in ReceiverKind]: { readonly list: string; readonly secret: string } } = {
  [ReceiverKind.SLACK]: { list: 'slackConfigs', secret: 'apiURL' },
  [ReceiverKind.PAGER_DUTY]: { list: 'pagerdutyConfigs', secret: 'routingKey' },
  [ReceiverKind.OPSGENIE]: { list: 'opsgenieConfigs', secret: 'apiKey' },
  [ReceiverKind.TEAMS]: { list: 'msteamsv2Configs', secret: 'webhookURL' },
  [ReceiverKind.WEBHOOK]: { list: 'webhookConfigs', secret: 'urlSecret' },
  [ReceiverKind.EMAIL]: { list: 'emailConfigs', secret: 'authPassword' },
};
/** Its names that are not Alertmanager's in camel case. */
const NAMES: { readonly [name: string]: string } = { api_url: 'apiURL', require_tls: 'requireTLS' };

/**
 * A plan as objects of prometheus-operator, one a namespace: by default (`alertmanagerConfigMatcherStrategy: OnNamespace`) it routes only
 * alerts with its own namespace's label, and goes on to other objects afterwards. v1alpha1 is served by all versions of the operator;
 * v1beta1 needs its conversion webhook. Source: https://prometheus-operator.dev/docs/api-reference/api/
 */
export function alertmanagerConfigs(plan: RoutingPlan, props: RoutingObjectProps): RoutingObject[] {
  return ofNamespaces(plan, props, { apiVersion: 'monitoring.coreos.com/v1alpha1', kind: 'AlertmanagerConfig' }, (own) => ({
    route: { groupBy: [...own.groupBy], groupWait: duration(own.groupWaitSeconds), groupInterval: duration(own.groupIntervalSeconds), ...route({ ...own.route, matchers: [OURS] }) },
    receivers: own.receivers.map(({ name, ways }) => ({ name, ...byList(ways.map(integrationOf), ({ kind }) => OPERATOR[kind].list, integration) })),
    inhibitRules: own.inhibitions.map(({ source, target, equal }) => ({ sourceMatch: source.map(matcher), targetMatch: target.map(matcher), equal: [...equal] })),
    ...(own.intervals.length === 0 ? {} : { muteTimeIntervals: own.intervals.map(interval) }),
  }));
}

function route(planned: PlannedRoute): { [key: string]: Json } {
  return {
    ...(planned.matchers.length === 0 ? {} : { matchers: planned.matchers.map(matcher) }),
    receiver: planned.receiver, repeatInterval: duration(planned.repeatSeconds),
    ...(planned.mute.length === 0 ? {} : { muteTimeIntervals: [...planned.mute] }),
    ...(planned.routes.length === 0 ? {} : { routes: planned.routes.map(route) }),
  };
}

function matcher({ label, type, value }: Matcher): { [key: string]: Json } {
  return { name: label, value, matchType: type };
}

function integration({ kind, fields, maps, secret, bearerToken }: Integration): { [key: string]: Json } {
  const named = Object.entries(fields).map(([name, value]): [string, Json] => [NAMES[name] ?? camel(name), value]);
  const listed = Object.entries(maps).map(([name, map]): [string, Json] => [name, Object.entries(map).map(([key, value]) => ({ key, value }))]);
  return {
    ...Object.fromEntries([...named, ...listed]),
    ...(secret === undefined ? {} : { [OPERATOR[kind].secret]: selector(secret) }),
    ...(bearerToken === undefined ? {} : { httpConfig: { authorization: { type: 'Bearer', credentials: selector(bearerToken) } } }),
  };
}

function selector({ secretName, key }: SecretKey): { [key: string]: Json } {
  return { name: secretName, key };
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Without a zone, which the object has no field for; `routingFindings` tells. */
function interval({ name, spans }: PlannedInterval): { [key: string]: Json } {
  return {
    name,
    timeIntervals: spans.map(({ weekdays, time, days, month, year }) => ({
      ...(weekdays === undefined ? {} : { weekdays: [...weekdays] }), ...(time === undefined ? {} : { times: [{ startTime: time.start, endTime: time.end }] }),
      ...(days === undefined ? {} : { daysOfMonth: [{ start: days[0], end: days[1] }] }), ...(month === undefined ? {} : { months: [`${month}`] }), ...(year === undefined ? {} : { years: [`${year}`] }),
    })),
  };
}
