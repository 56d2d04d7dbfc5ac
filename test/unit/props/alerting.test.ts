import { Duration } from 'cdk8s';
import {
  Alerting, AlertingProps, AlertSeverity, DatesQuietTimeProps, EmailReceiverProps, OpsgenieReceiverProps, PagerDutyReceiverProps, QuietTime, Receiver, SecretKey, SeverityReceivers, SlackReceiverProps, Team, TeamAlerts, TeamsReceiverProps, WebhookReceiverProps, Weekday,
  WeeklyQuietTimeProps,
} from 'cdk8s-serving';
import { ALERTMANAGER_SECRETS, alertmanagerConfiguration } from '../../../lib/watch/routing/alertmanager';
import { planRouting } from '../../../lib/watch/routing/plan';
import { everyProp } from '../../support/props';

const key = SecretKey.fromSecretName('one', 'key');
const other = SecretKey.fromSecretName('other', 'key');
const chat = Receiver.slack({ apiUrl: key });
const fallback = { critical: [chat] };
const configured = (props: AlertingProps): any => alertmanagerConfiguration(planRouting(Alerting.of(props)), ALERTMANAGER_SECRETS).config;
const way = (receiver: Receiver): any => {
  const { name: _, ...lists } = configured({ fallback: { critical: [receiver] } }).receivers.find(({ name }: { name: string }) => name === 'fallback-critical');
  return (Object.values(lists)[0] as any)[0];
};
const route = (config: any, ...labels: string[]): any => labels.reduce((at, label) => at.routes.find(({ matchers }: any) => matchers[0] === label), config.route);

describe('each prop of Slack', () => {
  everyProp<SlackReceiverProps, any>({ apiUrl: key }, (props) => way(Receiver.slack(props)), {
    apiUrl: { value: other, see: (one) => one.api_url_file, is: '/etc/alertmanager/secrets/other/key' }, channel: { value: '#risk', see: (one) => one.channel, is: '#risk' }, sendResolved: { value: false, see: (one) => one.send_resolved, is: false },
  });
});

describe('each prop of PagerDuty', () => {
  everyProp<PagerDutyReceiverProps, any>({ routingKey: key }, (props) => way(Receiver.pagerDuty(props)), {
    routingKey: { value: other, see: (one) => one.routing_key_file, is: '/etc/alertmanager/secrets/other/key' }, url: { value: 'https://events.eu.pagerduty.com/v2/enqueue', see: (one) => one.url, is: 'https://events.eu.pagerduty.com/v2/enqueue' }, sendResolved: { value: false, see: (one) => one.send_resolved, is: false },
  });
});

describe('each prop of Opsgenie', () => {
  everyProp<OpsgenieReceiverProps, any>({ apiKey: key }, (props) => way(Receiver.opsgenie(props)), {
    apiKey: { value: other, see: (one) => one.api_key_file, is: '/etc/alertmanager/secrets/other/key' }, apiUrl: { value: 'https://api.eu.opsgenie.com/', see: (one) => one.api_url, is: 'https://api.eu.opsgenie.com/' },
    responder: { value: 'ML', see: (one) => one.responders, is: [{ type: 'team', name: 'ML' }] }, sendResolved: { value: false, see: (one) => one.send_resolved, is: false },
  });
});

describe('each prop of Teams', () => {
  everyProp<TeamsReceiverProps, any>({ webhookUrl: key }, (props) => way(Receiver.teams(props)), {
    webhookUrl: { value: other, see: (one) => one.webhook_url_file, is: '/etc/alertmanager/secrets/other/key' }, sendResolved: { value: false, see: (one) => one.send_resolved, is: false },
  });
});

describe('each prop of a webhook', () => {
  everyProp<WebhookReceiverProps, any>({ url: key }, (props) => way(Receiver.webhook(props)), {
    url: { value: other, see: (one) => one.url_file, is: '/etc/alertmanager/secrets/other/key' }, bearerToken: { value: other, see: (one) => one.http_config?.authorization, is: { type: 'Bearer', credentials_file: '/etc/alertmanager/secrets/other/key' } },
    sendResolved: { value: false, see: (one) => one.send_resolved, is: false },
  });
});

describe('each prop of a mail', () => {
  everyProp<EmailReceiverProps, any>({ to: ['a@example.com'], from: 'b@example.com', smarthost: 'smtp.example.com:587' }, (props) => way(Receiver.email(props)), {
    to: { value: ['a@example.com', 'c@example.com'], see: (one) => one.to, is: 'a@example.com, c@example.com' }, from: { value: 'c@example.com', see: (one) => one.from, is: 'c@example.com' },
    smarthost: { value: 'relay:25', see: (one) => one.smarthost, is: 'relay:25' }, username: { value: 'alerts', beside: { password: key }, see: (one) => one.auth_username, is: 'alerts' },
    password: { value: other, beside: { username: 'alerts' }, see: (one) => one.auth_password_file, is: '/etc/alertmanager/secrets/other/key' }, requireTls: { value: false, see: (one) => one.require_tls, is: false }, sendResolved: { value: false, see: (one) => one.send_resolved, is: false },
  });
});

describe('each prop of who is told', () => {
  everyProp<SeverityReceivers, any>(fallback, (props) => configured({ fallback, teams: [TeamAlerts.of(Team.of('risk'), props)] }), {
    critical: { value: [Receiver.webhook({ url: other })], see: (config) => config.receivers.find(({ name }: any) => name === 'team-risk-critical').webhook_configs?.[0].url_file, is: '/etc/alertmanager/secrets/other/key' },
    warning: { value: [], see: (config) => route(config, 'team="risk"', 'severity!~"critical|info"').receiver, is: 'nobody' },
    info: { value: [chat], see: (config) => route(config, 'team="risk"', 'severity="info"').receiver, is: 'team-risk-info' },
  });
});

describe('each prop of alerting', () => {
  everyProp<AlertingProps, any>({ fallback }, configured, {
    fallback: { value: { critical: [chat], info: [chat] }, see: (config) => route(config, 'severity="info"').receiver, is: 'fallback-info' },
    teams: { value: [TeamAlerts.of(Team.of('risk'), fallback)], see: (config) => config.route.routes[0].matchers, is: ['team="risk"'] },
    quietTimes: { value: [QuietTime.weekly('nights', { from: '22:00', to: '23:00' })], see: (config) => config.time_intervals, is: [{ name: 'nights', time_intervals: [{ times: [{ start_time: '22:00', end_time: '23:00' }] }] }] },
    groupBy: { value: ['namespace'], see: (config) => config.route.group_by, is: ['namespace'] }, groupWait: { value: Duration.seconds(0), see: (config) => config.route.group_wait, is: '0s' },
    groupInterval: { value: Duration.millis(1500), see: (config) => config.route.group_interval, is: '1500ms' }, repeatInterval: { value: Duration.days(2), see: (config) => route(config, 'severity="critical"').repeat_interval, is: '48h' },
  });
});

const spans = (quiet: QuietTime): any => configured({ fallback, quietTimes: [quiet] });
const common = {
  teams: { value: [Team.of('risk')], see: (config: any) => route(config, 'severity!~"critical|info"').mute_time_intervals, is: undefined },
  severities: { value: [AlertSeverity.WARNING, AlertSeverity.CRITICAL], see: (config: any) => [route(config, 'severity="critical"').mute_time_intervals, route(config, 'severity="info"').mute_time_intervals], is: [['quiet'], undefined] },
  timeZone: { value: 'Europe/Berlin', see: (config: any) => config.time_intervals[0].time_intervals[0].location, is: 'Europe/Berlin' },
};

describe('each prop of a weekly quiet time', () => {
  const first = (config: any): any => config.time_intervals[0].time_intervals[0];
  everyProp<WeeklyQuietTimeProps, any>({ from: '01:00' }, (props) => spans(QuietTime.weekly('quiet', props)), {
    ...common, weekdays: { value: [Weekday.SUNDAY, Weekday.MONDAY], see: (config) => first(config).weekdays, is: ['monday', 'sunday'] },
    from: { value: '02:00', see: (config) => first(config).times[0].start_time, is: '02:00' }, to: { value: '03:00', see: (config) => first(config).times[0].end_time, is: '03:00' },
  });
});

describe('each prop of quiet dates', () => {
  everyProp<DatesQuietTimeProps, any>({ from: '2026-12-24', to: '2026-12-26' }, (props) => spans(QuietTime.dates('quiet', props)), {
    ...common, from: { value: '2026-12-23', see: (config) => config.time_intervals[0].time_intervals, is: [{ days_of_month: ['23:26'], months: ['12'], years: ['2026'] }] },
    to: { value: '2027-01-01', see: (config) => config.time_intervals[0].time_intervals, is: [{ days_of_month: ['24:31'], months: ['12'], years: ['2026'] }, { days_of_month: ['1:1'], months: ['1'], years: ['2027'] }] },
  });
});
