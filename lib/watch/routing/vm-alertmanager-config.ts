import { ReceiverKind } from '../../describe/monitoring/alerting/receiver';
import { SecretKey } from '../../describe/monitoring/secret-key';
import { Json } from '../../plan/service-plan';
import { byList, groups, interval, matcher, route } from './alertmanager';
import { Integration, integrationOf } from './integrations';
import { ofNamespaces, OURS, RoutingObject, RoutingObjectProps } from './objects';
import { RoutingPlan } from './plan';

/** The VictoriaMetrics operator's list of a kind of receivers, its field that refers to the Secret, and what it calls otherwise than Alertmanager. */
const OPERATOR: { readonly [kind in ReceiverKind]: { readonly list: string; readonly secret: string; readonly names?: { readonly [name: string]: string } } } = {
  [ReceiverKind.SLACK]: { list: 'slack_configs', secret: 'api_url' },
  [ReceiverKind.PAGER_DUTY]: { list: 'pagerduty_configs', secret: 'routing_key' },
  [ReceiverKind.OPSGENIE]: { list: 'opsgenie_configs', secret: 'api_key', names: { api_url: 'apiURL' } },
  [ReceiverKind.TEAMS]: { list: 'msteamsv2_configs', secret: 'webhook_url_secret' },
  [ReceiverKind.WEBHOOK]: { list: 'webhook_configs', secret: 'url_secret' },
  [ReceiverKind.EMAIL]: { list: 'email_configs', secret: 'auth_password' },
};

/**
 * A plan as objects of the VictoriaMetrics operator, one a namespace: unless the VMAlertmanager says `disableNamespaceMatcher`, it routes
 * only alerts with its own namespace's label, and goes on to other objects afterwards.
 * Source: https://docs.victoriametrics.com/operator/resources/vmalertmanagerconfig/
 */
export function vmAlertmanagerConfigs(plan: RoutingPlan, props: RoutingObjectProps): RoutingObject[] {
  return ofNamespaces(plan, props, { apiVersion: 'operator.victoriametrics.com/v1beta1', kind: 'VMAlertmanagerConfig' }, (own) => ({
    route: { ...groups(own), ...route({ ...own.route, matchers: [OURS] }) },
    receivers: own.receivers.map(({ name, ways }) => ({ name, ...byList(ways.map(integrationOf), ({ kind }) => OPERATOR[kind].list, integration) })),
    inhibit_rules: own.inhibitions.map(({ source, target, equal }) => ({ source_matchers: source.map(matcher), target_matchers: target.map(matcher), equal: [...equal] })),
    ...(own.intervals.length === 0 ? {} : { time_intervals: own.intervals.map(interval) }),
  }));
}

function integration({ kind, fields, maps, secret, bearerToken }: Integration): { [key: string]: Json } {
  const { secret: field, names = {} } = OPERATOR[kind];
  return {
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [names[name] ?? name, value])), ...maps,
    ...(secret === undefined ? {} : { [field]: selector(secret) }),
    ...(bearerToken === undefined ? {} : { http_config: { authorization: { type: 'Bearer', credentials: selector(bearerToken) } } }),
  };
}

function selector({ secretName, key }: SecretKey): { [key: string]: Json } {
  return { name: secretName, key };
}
