import { Alerting, QuietTime, Receiver, SecretKey, Team, TeamAlerts, Weekday } from 'cdk8s-serving';

const key = (secretName: string): SecretKey => SecretKey.fromSecretName(secretName, 'value');

/** Every kind of receiver, two teams, quiet times of all and of one: what routing is tried on. */
export function everyReceiver(): Alerting {
  return Alerting.of({
    fallback: { critical: [Receiver.slack({ apiUrl: key('ml-slack'), channel: '#ml-platform' })] },
    teams: [
      TeamAlerts.of(Team.of('risk'), {
        critical: [Receiver.pagerDuty({ routingKey: key('risk-pager'), url: 'https://events.eu.pagerduty.com/v2/enqueue' }), Receiver.opsgenie({ apiKey: key('risk-opsgenie'), apiUrl: 'https://api.eu.opsgenie.com/', responder: 'risk' })],
        warning: [Receiver.teams({ webhookUrl: key('risk-teams') }), Receiver.email({ to: ['risk@example.com', 'ops@example.com'], from: 'alerts@example.com', smarthost: 'smtp.example.com:587', username: 'alerts', password: key('smtp') })],
        info: [Receiver.webhook({ url: key('risk-hook'), bearerToken: key('risk-token') })],
      }),
      TeamAlerts.of(Team.of('shop'), { critical: [Receiver.slack({ apiUrl: key('shop-slack') })] }),
    ],
    quietTimes: [
      QuietTime.weekly('nights', { weekdays: [Weekday.MONDAY, Weekday.SUNDAY], from: '22:00', to: '06:00' }),
      QuietTime.dates('year-end', { from: '2026-12-24', to: '2027-01-01', teams: [Team.of('shop')] }),
    ],
  });
}
