import { Duration } from 'cdk8s';
import { Alerting, AlertSeverity, QuietTime, Receiver, SecretKey, Team, TeamAlerts, Weekday } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const key = SecretKey.fromSecretName('chat', 'url');
const chat = Receiver.slack({ apiUrl: key });
const fallback = { critical: [chat] };

describe('a key of a Secret', () => {
  test('is a name and a key', () => {
    expect(SecretKey.fromSecretName('risk-pager', 'routing-key')).toMatchObject({ secretName: 'risk-pager', key: 'routing-key', _findings: [] });
    expect(SecretKey.fromSecret({ name: 'risk-pager' } as any, 'routing-key')).toMatchObject({ secretName: 'risk-pager', key: 'routing-key', _findings: [] });
  });

  test.each(['https://hooks.slack.com/services/T0/B0/abc', 'e93facc04764012d7bfb002500d5d1a6', 'R0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123', '5f3a9c1e-7a34-4f6b-9d2e-0c1b2a3d4e5f', 'xoxb-123456789012-abcdef'])('is not the secret itself: %s', (secret) => {
    for (const one of [SecretKey.fromSecretName(secret, 'url'), SecretKey.fromSecretName('chat', secret)]) {
      expect(codes(one)).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
      expect(JSON.stringify(one)).not.toContain(secret);
    }
  });

  test('has a name that Kubernetes takes, which is not shown if it has none', () => {
    expect(SecretKey.fromSecretName('Hunter2 ', 'url')._findings).toEqual([expect.not.objectContaining({ got: expect.anything() })]);
    expect(codes(SecretKey.fromSecretName('chat', 'a/b'))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});

describe('a receiver', () => {
  const without: [string, (props: any) => Receiver, string][] = [
    ['slack', Receiver.slack, 'apiUrl'], ['pagerDuty', Receiver.pagerDuty, 'routingKey'], ['opsgenie', Receiver.opsgenie, 'apiKey'], ['teams', Receiver.teams, 'webhookUrl'], ['webhook', Receiver.webhook, 'url'],
  ];

  test.each(without)('%s is not without its Secret, nor has it the secret itself', (_, make, prop) => {
    expect(codes(make({ [prop]: key }))).toEqual([]);
    expect(codes(make({}))).toEqual(['SERVING_RECEIVER_WITHOUT_SECRET']);
    const literal = make({ [prop]: 'https://hooks.example.com/T0/B0/abcdef' });
    expect(codes(literal)).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
    expect(JSON.stringify(literal)).not.toContain('abcdef');
    expect(codes(make({ [prop]: SecretKey.fromSecretName('No Name', 'url') }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
    expect(codes(make({ [prop]: { name: 'chat', key: 'url' } }))).toEqual(['SERVING_WRONG_TYPE']);
  });

  test('of a mail has a name and a password, or neither', () => {
    const mail = { to: ['risk@example.com'], from: 'alerts@example.com', smarthost: 'smtp.example.com:587' };
    expect(codes(Receiver.email(mail))).toEqual([]);
    expect(codes(Receiver.email({ ...mail, username: 'alerts', password: key }))).toEqual([]);
    expect(codes(Receiver.email({ ...mail, username: 'alerts' }))).toEqual(['SERVING_RECEIVER_WITHOUT_SECRET']);
    expect(codes(Receiver.email({ ...mail, password: key }))).toEqual(['SERVING_RECEIVER_WITHOUT_SECRET']);
    expect(codes(Receiver.email({ ...mail, requireTls: false }))).toEqual(['SERVING_MAIL_WITHOUT_TLS']);
    expect(codes(Receiver.email({ ...mail, username: 'alerts', password: 'hunter2' as any }))).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
    expect(codes(Receiver.email({ ...mail, to: ['nobody'], smarthost: 'smtp.example.com' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_TEXT_NOT_ALLOWED']);
  });

  test("an API's address holds no secret", () => {
    for (const url of ['https://events.example.com/v2?token=abc', 'https://user:pass@example.com/']) expect(codes(Receiver.pagerDuty({ routingKey: key, url }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});

describe('a quiet time', () => {
  test('is for what is not critical, of everybody, in UTC', () => {
    expect(QuietTime.weekly('nights', { from: '22:00', to: '06:00' })).toMatchObject({ name: 'nights', severities: ['warning', 'info'], teams: undefined, timeZone: 'UTC', _findings: [] });
    expect(codes(QuietTime.weekly('weekends', { weekdays: [Weekday.SATURDAY, Weekday.SUNDAY] }))).toEqual([]);
    expect(codes(QuietTime.dates('year-end', { from: '2026-12-24', to: '2027-01-01', timeZone: 'Europe/Berlin' }))).toEqual([]);
  });

  test('of critical alerts is a risk', () => {
    expect(codes(QuietTime.weekly('nights', { from: '22:00', to: '06:00', severities: [AlertSeverity.CRITICAL] }))).toEqual(['SERVING_CRITICAL_MUTED']);
  });

  test.each([{ from: '06:00', to: '06:00' }, { from: '24:00', to: '06:00' }, {}, { weekdays: Object.values(Weekday) }])('of a week: not %j', (props) => {
    expect(codes(QuietTime.weekly('nights', props))).toEqual(['SERVING_QUIET_TIME']);
  });

  test.each([['2026-02-30', '2026-03-01'], ['2026-03-02', '2026-03-01'], ['2026-01-01', '2027-06-01']])('of dates: not %s to %s', (from, to) => {
    expect(codes(QuietTime.dates('year-end', { from, to }))).toEqual(['SERVING_QUIET_TIME']);
  });

  test('has a name, hours and a zone that there are', () => {
    expect(codes(QuietTime.weekly('Nights!', { from: '22:00', to: '06:00' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
    expect(codes(QuietTime.weekly('nights', { from: '25:00', to: '06:00' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
    expect(codes(QuietTime.weekly('nights', { from: '8pm', to: '7:00' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_TEXT_NOT_ALLOWED']);
    expect(codes(QuietTime.weekly('nights', { from: '22:00', to: '06:00', timeZone: 'Mars/Olympus' }))).toEqual(['SERVING_TIME_ZONE']);
  });
});

describe('alerting', () => {
  test('has a fallback, and nobody is told by an empty list where it is critical', () => {
    expect(codes(Alerting.of({ fallback }))).toEqual([]);
    expect(codes(Alerting.of({} as any))).toEqual(['SERVING_MISSING_PROP']);
    expect(codes(Alerting.of({ fallback: { critical: [] } }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
    expect(codes(Alerting.of({ fallback: chat as any }))).toEqual(['SERVING_WRONG_TYPE']);
    expect(codes(TeamAlerts.of(Team.of('risk'), { critical: [chat], warning: [], info: [] }))).toEqual([]);
    expect(codes(TeamAlerts.of('risk' as any, {} as any))).toEqual(['SERVING_WRONG_TYPE', 'SERVING_MISSING_PROP']);
  });

  test('tells what is wrong with a receiver once, wherever it stands', () => {
    const bad = Receiver.slack({} as any);
    expect(codes(Alerting.of({ fallback: { critical: [bad], warning: [bad] }, teams: [TeamAlerts.of(Team.of('risk'), { critical: [bad] })] }))).toEqual(['SERVING_RECEIVER_WITHOUT_SECRET']);
  });

  test('has each team and each quiet time once', () => {
    const risk = TeamAlerts.of(Team.of('risk'), fallback);
    const nights = QuietTime.weekly('nights', { from: '22:00', to: '06:00' });
    expect(codes(Alerting.of({ fallback, teams: [risk, risk], quietTimes: [nights, nights] }))).toEqual(['SERVING_ALERTING_TWICE', 'SERVING_ALERTING_TWICE']);
  });

  test('is not repeated faster than a group is looked at', () => {
    expect(codes(Alerting.of({ fallback, repeatInterval: Duration.minutes(4) }))).toEqual(['SERVING_ALERTING_PACE']);
    expect(codes(Alerting.of({ fallback, repeatInterval: Duration.days(6) }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  });
});
