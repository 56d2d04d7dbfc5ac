import { Alerting, QuietTime, Receiver, SecretKey, Team } from 'cdk8s-serving';
import { ALERTMANAGER_SECRETS, alertmanagerConfiguration, VM_ALERTMANAGER_SECRETS } from '../../../lib/watch/routing/alertmanager';
import { alertmanagerConfigs } from '../../../lib/watch/routing/alertmanager-config';
import { planRouting, routingOfOwners, routingSecrets } from '../../../lib/watch/routing/plan';
import { neededAlertmanager, routingFindings, RoutingForm } from '../../../lib/watch/routing/requirements';
import { vmAlertmanagerConfigs } from '../../../lib/watch/routing/vm-alertmanager-config';
import { everyReceiver } from '../../support/alerting';

const plan = planRouting(everyReceiver());
const SECRETS = ['ml-slack', 'risk-hook', 'risk-opsgenie', 'risk-pager', 'risk-teams', 'risk-token', 'shop-slack', 'smtp'];
const NAMESPACES = [{ name: 'shop', owners: ['shop', undefined] }, { name: 'fraud', owners: ['risk'] }];
const NAMED = { name: 'serving', labels: { release: 'monitoring' }, namespaces: NAMESPACES };
/** The names of each receiver's lists. */
const lists = (receivers: any[]): any => Object.fromEntries(receivers.map(({ name, ...rest }) => [name, Object.keys(rest)]));
const one = (receivers: any[], name: string, list: string): any => receivers.find((receiver) => receiver.name === name)[list][0];

describe("Alertmanager's own configuration", () => {
  const { config, secrets }: any = alertmanagerConfiguration(plan, ALERTMANAGER_SECRETS);

  test('a team is told by its own receivers, where it has none by the fallback', () => {
    const [risk, shop, ...rest] = config.route.routes;
    const told = (route: any): any => [route.matchers, route.routes.map(({ matchers, receiver, repeat_interval: repeat, mute_time_intervals: mute }: any) => [matchers[0], receiver, repeat, mute])];
    expect(told(risk)).toEqual([['team="risk"'], [['severity="critical"', 'team-risk-critical', '4h', undefined], ['severity="info"', 'team-risk-info', '24h', ['nights']], ['severity!~"critical|info"', 'team-risk-warning', '24h', ['nights']]]]);
    expect(told(shop)).toEqual([['team="shop"'], [['severity="critical"', 'team-shop-critical', '4h', undefined], ['severity="info"', 'nobody', '24h', ['nights', 'year-end']], ['severity!~"critical|info"', 'fallback-warning', '24h', ['nights', 'year-end']]]]);
    expect(rest.map(({ matchers, receiver }: any) => [matchers[0], receiver])).toEqual([['severity="critical"', 'fallback-critical'], ['severity="info"', 'nobody'], ['severity!~"critical|info"', 'fallback-warning']]);
    expect(config.route).toMatchObject({ receiver: 'fallback-warning', group_by: ['namespace', 'inference_service', 'alertname'], group_wait: '30s', group_interval: '5m' });
    expect(config.route.matchers).toBeUndefined();
  });

  test('each receiver is written by its kind, and reads its secret from a file', () => {
    expect(lists(config.receivers)).toEqual({
      'fallback-critical': ['slack_configs'], 'fallback-warning': ['slack_configs'], 'nobody': [], 'team-risk-critical': ['pagerduty_configs', 'opsgenie_configs'], 'team-risk-info': ['webhook_configs'],
      'team-risk-warning': ['msteamsv2_configs', 'email_configs'], 'team-shop-critical': ['slack_configs'],
    });
    expect(secrets).toEqual(SECRETS);
    expect(one(config.receivers, 'team-risk-critical', 'pagerduty_configs')).toMatchObject({ routing_key_file: '/etc/alertmanager/secrets/risk-pager/value', send_resolved: true });
    expect(JSON.stringify(alertmanagerConfiguration(plan, VM_ALERTMANAGER_SECRETS)).match(/\/etc\/vm\/secrets\/[a-z-]+\/value/g)).toHaveLength(9);
  });

  test('a night is two spans, the second on the next day; dates are a span a month', () => {
    expect(config.time_intervals).toEqual([
      { name: 'nights', time_intervals: [{ weekdays: ['monday', 'sunday'], times: [{ start_time: '22:00', end_time: '24:00' }] }, { weekdays: ['monday', 'tuesday'], times: [{ start_time: '00:00', end_time: '06:00' }] }] },
      { name: 'year-end', time_intervals: [{ days_of_month: ['24:31'], months: ['12'], years: ['2026'] }, { days_of_month: ['1:1'], months: ['1'], years: ['2027'] }] },
    ]);
  });

  test('a night to midnight has no second span, and a month of 28 days its own end', () => {
    const fallback = { critical: [Receiver.slack({ apiUrl: SecretKey.fromSecretName('chat', 'url') })] };
    const quietTimes = [QuietTime.weekly('late', { from: '22:00', to: '00:00' }), QuietTime.dates('winter', { from: '2027-01-15', to: '2027-03-02', timeZone: 'Europe/Berlin' })];
    expect((alertmanagerConfiguration(planRouting(Alerting.of({ fallback, quietTimes })), '/s').config as any).time_intervals).toEqual([
      { name: 'late', time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }] }] },
      { name: 'winter', time_intervals: [['15:31', '1'], ['1:28', '2'], ['1:2', '3']].map(([days, month]) => ({ days_of_month: [days], months: [month], years: ['2027'], location: 'Europe/Berlin' })) },
    ]);
  });

  test('a team that has only a quiet time is told by the fallback, at its own times', () => {
    const fallback = { critical: [Receiver.slack({ apiUrl: SecretKey.fromSecretName('chat', 'url') })] };
    const { route }: any = alertmanagerConfiguration(planRouting(Alerting.of({ fallback, quietTimes: [QuietTime.weekly('late', { from: '22:00', teams: [Team.of('shop')] })] })), '/s').config;
    expect(route.routes[0]).toMatchObject({ matchers: ['team="shop"'], routes: [{ receiver: 'fallback-critical' }, { receiver: 'nobody' }, { receiver: 'fallback-warning', mute_time_intervals: ['late'] }] });
    expect(route.routes.at(-1).mute_time_intervals).toBeUndefined();
  });
});

describe('objects of the operators', () => {
  const prometheus: any[] = alertmanagerConfigs(plan, NAMED);
  const victoria: any[] = vmAlertmanagerConfigs(plan, NAMED);

  test('are one a namespace, with a name and labels', () => {
    expect(prometheus.map(({ id, apiVersion, kind, name, namespace, labels }) => [id, apiVersion, kind, name, namespace, labels])).toEqual(['fraud', 'shop'].map((namespace) => [`AlertmanagerConfig-${namespace}`, 'monitoring.coreos.com/v1alpha1', 'AlertmanagerConfig', 'serving', namespace, NAMED.labels]));
    expect(victoria.map(({ id, apiVersion, kind, name, namespace, labels }) => [id, apiVersion, kind, name, namespace, labels])).toEqual(['fraud', 'shop'].map((namespace) => [`VMAlertmanagerConfig-${namespace}`, 'operator.victoriametrics.com/v1beta1', 'VMAlertmanagerConfig', 'serving', namespace, NAMED.labels]));
  });

  test("name only what the owners of the namespace's services need, as a Secret that is missing would spoil the whole object", () => {
    expect(routingSecrets(routingOfOwners(plan, ['risk']))).toEqual(['risk-hook', 'risk-opsgenie', 'risk-pager', 'risk-teams', 'risk-token', 'smtp']);
    expect(routingSecrets(routingOfOwners(plan, ['shop']))).toEqual(['ml-slack', 'shop-slack']);
    expect(routingSecrets(routingOfOwners(plan, [undefined]))).toEqual(['ml-slack']);
    expect(routingSecrets(routingOfOwners(plan, ['other']))).toEqual(['ml-slack']);
    expect(routingOfOwners(plan, ['risk', 'shop', undefined])).toEqual(plan);
    expect(routingOfOwners(plan, ['risk']).intervals.map(({ name }) => name)).toEqual(['nights']);
    expect(prometheus[0].content.spec.receivers.map(({ name }: any) => name)).toEqual(['nobody', 'team-risk-critical', 'team-risk-info', 'team-risk-warning']);
    expect(prometheus[0].content.spec.route).toMatchObject({ receiver: 'nobody', matchers: [{ name: 'inference_service', value: '', matchType: '!=' }] });
    expect(prometheus[1].content.spec.route.routes).toHaveLength(4);
  });

  test("prometheus-operator's has its own names", () => {
    const { route, receivers, inhibitRules, muteTimeIntervals } = prometheus[0].content.spec;
    expect(route).toMatchObject({ groupBy: ['namespace', 'inference_service', 'alertname'], groupWait: '30s', groupInterval: '5m' });
    expect(route.routes[0].routes[2]).toEqual({ matchers: [{ name: 'severity', value: 'critical|info', matchType: '!~' }], receiver: 'team-risk-warning', repeatInterval: '24h', muteTimeIntervals: ['nights'] });
    expect(one(receivers, 'team-risk-critical', 'pagerdutyConfigs')).toMatchObject({ routingKey: { name: 'risk-pager', key: 'value' }, sendResolved: true, details: [{ key: 'runbook' }, { key: 'summary' }] });
    expect(one(receivers, 'team-risk-critical', 'opsgenieConfigs')).toMatchObject({ apiKey: { name: 'risk-opsgenie' }, apiURL: 'https://api.eu.opsgenie.com/' });
    expect(one(receivers, 'team-risk-warning', 'msteamsv2Configs')).toMatchObject({ webhookURL: { name: 'risk-teams' } });
    expect(one(receivers, 'team-risk-warning', 'emailConfigs')).toMatchObject({ authPassword: { name: 'smtp' }, authUsername: 'alerts', requireTLS: true, headers: [{ key: 'Subject' }] });
    expect(one(receivers, 'team-risk-info', 'webhookConfigs')).toEqual({ sendResolved: true, urlSecret: { name: 'risk-hook', key: 'value' }, httpConfig: { authorization: { type: 'Bearer', credentials: { name: 'risk-token', key: 'value' } } } });
    expect(one(prometheus[1].content.spec.receivers, 'team-shop-critical', 'slackConfigs')).toMatchObject({ apiURL: { name: 'shop-slack' } });
    expect(inhibitRules[1]).toMatchObject({ sourceMatch: [{ name: 'cause', value: 'true', matchType: '=' }, {}], equal: ['namespace', 'inference_service'] });
    expect(muteTimeIntervals[0].timeIntervals[0]).toEqual({ weekdays: ['monday', 'sunday'], times: [{ startTime: '22:00', endTime: '24:00' }] });
    expect(prometheus[1].content.spec.muteTimeIntervals[1].timeIntervals[1]).toEqual({ daysOfMonth: [{ start: 1, end: 1 }], months: ['1'], years: ['2027'] });
  });

  test("the VictoriaMetrics operator's has Alertmanager's names, and refers to Secrets", () => {
    const { route, receivers, inhibit_rules: inhibit, time_intervals: intervals } = victoria[0].content.spec;
    expect(route).toMatchObject({ matchers: ['inference_service!=""'], group_wait: '30s', routes: [{ matchers: ['team="risk"'] }] });
    expect(one(receivers, 'team-risk-critical', 'opsgenie_configs')).toMatchObject({ api_key: { name: 'risk-opsgenie', key: 'value' }, apiURL: 'https://api.eu.opsgenie.com/' });
    expect(one(receivers, 'team-risk-critical', 'opsgenie_configs').api_url).toBeUndefined();
    expect(one(receivers, 'team-risk-critical', 'pagerduty_configs')).toMatchObject({ routing_key: { name: 'risk-pager' }, details: { runbook: expect.any(String) } });
    expect(one(receivers, 'team-risk-warning', 'msteamsv2_configs')).toMatchObject({ webhook_url_secret: { name: 'risk-teams' } });
    expect(one(receivers, 'team-risk-info', 'webhook_configs')).toMatchObject({ url_secret: { name: 'risk-hook' }, http_config: { authorization: { credentials: { name: 'risk-token' } } } });
    expect(inhibit[1]).toMatchObject({ source_matchers: ['cause="true"', 'inference_service!=""'], target_matchers: ['symptom="true"', 'cause!="true"'] });
    expect(intervals).toHaveLength(1);
  });
});

describe('what an Alertmanager must know', () => {
  const fallback = (receiver: Receiver, quietTimes: QuietTime[] = []): any => planRouting(Alerting.of({ fallback: { critical: [receiver] }, quietTimes }));
  const key = SecretKey.fromSecretName('one', 'key');
  const needs = (receiver: Receiver, quietTimes?: QuietTime[]): number[] => [RoutingForm.CONFIGURATION, RoutingForm.VM_ALERTMANAGER_CONFIG].map((form) => neededAlertmanager(fallback(receiver, quietTimes), form).minor);
  const zoned = QuietTime.weekly('nights', { from: '22:00', timeZone: 'Europe/Berlin' });

  test('goes by receivers, quiet times and how secrets get there', () => {
    expect(needs(Receiver.slack({ apiUrl: key }))).toEqual([22, 22]);
    expect(needs(Receiver.opsgenie({ apiKey: key }))).toEqual([24, 22]);
    expect(needs(Receiver.pagerDuty({ routingKey: key }))).toEqual([25, 22]);
    expect(needs(Receiver.webhook({ url: key }))).toEqual([28, 22]);
    expect(needs(Receiver.teams({ webhookUrl: key }))).toEqual([28, 28]);
    expect(needs(Receiver.email({ to: ['a@example.com'], from: 'b@example.com', smarthost: 'relay:25' }))).toEqual([22, 22]);
    expect(needs(Receiver.slack({ apiUrl: key }), [QuietTime.weekly('nights', { from: '22:00' })])).toEqual([24, 24]);
    expect(needs(Receiver.slack({ apiUrl: key }), [zoned])).toEqual([25, 25]);
  });

  test('is told where it is too old', () => {
    const teams = fallback(Receiver.teams({ webhookUrl: key }));
    expect(routingFindings(teams, RoutingForm.CONFIGURATION, '0.27.0')).toEqual([expect.objectContaining({ code: 'SERVING_ALERTMANAGER_TOO_OLD', allowed: '0.28 or later', what: 'Alertmanager is too old for a receiver of kind msteamsv2' })]);
    for (const version of ['0.28.0', 'v0.31', '1.0.0', undefined]) expect(routingFindings(teams, RoutingForm.CONFIGURATION, version)).toEqual([]);
  });

  test("is told where an object can't name a zone", () => {
    const quiet = fallback(Receiver.slack({ apiUrl: key }), [zoned]);
    expect(routingFindings(quiet, RoutingForm.ALERTMANAGER_CONFIG)).toEqual([expect.objectContaining({ code: 'SERVING_QUIET_TIME_ZONE', got: '"Europe/Berlin"' })]);
    for (const form of [RoutingForm.CONFIGURATION, RoutingForm.VM_ALERTMANAGER_CONFIG]) expect(routingFindings(quiet, form)).toEqual([]);
  });
});
