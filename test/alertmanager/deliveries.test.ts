import { Duration } from 'cdk8s';
import { Alerting, Objective, QuietTime, Receiver, SecretKey, Team, TeamAlerts } from 'cdk8s-serving';
import { Alertmanager, type Labels } from '../support/alertmanager/alertmanager';
import { MailSink } from '../support/alertmanager/mail';
import { Sink } from '../support/alertmanager/sink';
import { program } from '../support/cluster/programs';
import { waitFor } from '../support/cluster/wait';
import { watch } from '../support/watched';

jest.setTimeout(60_000);

const key = (name: string): SecretKey => SecretKey.fromSecretName(name, 'value');
const CHECK = { namespace: 'fraud', inference_service: 'check' };
const RISK = { ...CHECK, team: 'risk' };
/** A pace that a test can wait for. */
const PACE = { groupWait: Duration.seconds(1), groupInterval: Duration.seconds(1) };

let sink: Sink;
let alertmanager: Alertmanager;

beforeAll(async () => { await program('alertmanager'); }, 600_000);
beforeEach(async () => { sink = await Sink.start(); });
afterEach(async () => {
  await alertmanager.stop();
  await sink.stop();
});

describe('each kind of receiver is told, with its secret from a file', () => {
  const told = async (receiver: Receiver, secrets: { [key: string]: string }, labels: Labels = { ...RISK, severity: 'critical' }): Promise<void> => {
    alertmanager = await Alertmanager.start(Alerting.of({ fallback: { critical: [receiver], info: [receiver] }, ...PACE }), secrets);
    await alertmanager.post('InferenceServiceDown', labels);
  };
  const TITLE = '[FIRING:1] InferenceServiceDown fraud/check (team risk)';
  const TEXT = 'InferenceServiceDown of fraud/check\nWhat to do: https://runbooks.example.com/InferenceServiceDown\n';

  test('Slack', async () => {
    await told(Receiver.slack({ apiUrl: key('chat'), channel: '#risk' }), { 'chat/value': `${sink.url}/slack/T0/B0/abc\n` });
    const { body } = await sink.first('/slack/T0/B0/abc');
    expect(body).toMatchObject({ channel: '#risk', attachments: [{ title: TITLE, text: TEXT, color: 'danger' }] });
    await alertmanager.post('InferenceServiceDown', { ...RISK, severity: 'critical' }, { over: true });
    const over = await sink.first('/slack/T0/B0/abc', ({ attachments }) => attachments[0].color === 'good');
    expect(over.body.attachments[0]).toMatchObject({ title: '[RESOLVED] InferenceServiceDown fraud/check (team risk)', text: `Resolved: ${TEXT}` });
  });

  test('Slack, of one of several clusters', async () => {
    await told(Receiver.slack({ apiUrl: key('chat') }), { 'chat/value': `${sink.url}/slack/T0/B0/abc` }, { ...RISK, severity: 'critical', cluster: 'eu-1' });
    const { body } = await sink.first('/slack/T0/B0/abc');
    expect(body.attachments[0].title).toBe(`${TITLE} on eu-1`);
  });

  test('PagerDuty', async () => {
    await told(Receiver.pagerDuty({ routingKey: key('pager'), url: `${sink.url}/pagerduty` }), { 'pager/value': 'R0KEY' });
    const { body } = await sink.first('/pagerduty');
    expect(body).toMatchObject({
      routing_key: 'R0KEY', event_action: 'trigger',
      payload: { summary: TITLE, severity: 'critical', class: 'InferenceServiceDown', component: 'check', group: 'fraud', custom_details: { runbook: 'https://runbooks.example.com/InferenceServiceDown', summary: TEXT } },
    });
    await alertmanager.post('InferenceServiceDown', { ...RISK, severity: 'critical' }, { over: true });
    expect((await sink.first('/pagerduty', (one) => one.event_action === 'resolve')).body.dedup_key).toBe(body.dedup_key);
  });

  test.each([['critical', 'critical', 'P1'], ['warning', 'warning', 'P3'], ['info', 'info', 'P5'], ['page', 'warning', 'P3']])("PagerDuty and Opsgenie take '%s' as %s and %s", async (severity, event, priority) => {
    const both = [Receiver.pagerDuty({ routingKey: key('pager'), url: `${sink.url}/pagerduty` }), Receiver.opsgenie({ apiKey: key('genie'), apiUrl: `${sink.url}/` })];
    alertmanager = await Alertmanager.start(Alerting.of({ fallback: { critical: both, info: both }, ...PACE }), { 'pager/value': 'R0KEY', 'genie/value': 'G0KEY' });
    await alertmanager.post('InferenceServiceDown', { ...RISK, severity });
    expect((await sink.first('/pagerduty')).body.payload.severity).toBe(event);
    expect((await sink.first('/v2/alerts')).body.priority).toBe(priority);
  });

  test('Opsgenie', async () => {
    await told(Receiver.opsgenie({ apiKey: key('genie'), apiUrl: `${sink.url}/`, responder: 'risk' }), { 'genie/value': 'G0KEY' });
    const { headers, body } = await sink.first('/v2/alerts');
    expect(headers.authorization).toBe('GenieKey G0KEY');
    expect(body).toMatchObject({ message: TITLE, description: TEXT, priority: 'P1', responders: [{ name: 'risk', type: 'team' }], details: { runbook: 'https://runbooks.example.com/InferenceServiceDown' } });
  });

  test('Teams', async () => {
    await told(Receiver.teams({ webhookUrl: key('teams') }), { 'teams/value': `${sink.url}/teams?sig=abc` });
    const { body } = await sink.first('/teams?sig=abc');
    expect(body.attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(body.attachments[0].content.body.map(({ text }: { text: string }) => text)).toEqual([TITLE, TEXT]);
  });

  test('a webhook', async () => {
    await told(Receiver.webhook({ url: key('hook'), bearerToken: key('token') }), { 'hook/value': `${sink.url}/hook?key=abc`, 'token/value': 'T0KEN' });
    const { headers, body } = await sink.first('/hook?key=abc');
    expect(headers.authorization).toBe('Bearer T0KEN');
    expect(body).toMatchObject({ status: 'firing', receiver: 'fallback-critical', groupLabels: { ...CHECK, alertname: 'InferenceServiceDown' }, alerts: [{ labels: { team: 'risk' } }] });
  });

  test('mail', async () => {
    const mail = await MailSink.start();
    try {
      await told(Receiver.email({ to: ['risk@example.com', 'ops@example.com'], from: 'alerts@example.com', smarthost: mail.address, username: 'alerts', password: key('smtp'), requireTls: false }), { 'smtp/value': 'S0KEY' });
      const got = await waitFor(() => mail.mails[0], { what: 'a mail', timeout: 20_000, every: 50 });
      expect(got).toMatchObject({ from: 'alerts@example.com', to: ['risk@example.com', 'ops@example.com'], user: 'alerts', password: 'S0KEY' });
      expect(got.text).toMatch(/^Subject: \[FIRING:1\] InferenceServiceDown fraud\/check \(team risk\)$/m);
      expect(got.text).toContain('runbooks.example.com');
    } finally {
      await mail.stop();
    }
  });

  test('nobody hears of the end who does not want to', async () => {
    const hooks = [Receiver.webhook({ url: key('quiet'), sendResolved: false }), Receiver.webhook({ url: key('all') })];
    alertmanager = await Alertmanager.start(Alerting.of({ fallback: { critical: hooks }, ...PACE }), { 'quiet/value': `${sink.url}/quiet`, 'all/value': `${sink.url}/all` });
    await alertmanager.post('InferenceServiceDown', { ...RISK, severity: 'critical' });
    await sink.first('/quiet');
    await alertmanager.post('InferenceServiceDown', { ...RISK, severity: 'critical' }, { over: true });
    await sink.first('/all', ({ status }) => status === 'resolved');
    expect(sink.at('/quiet').map(({ body }) => body.status)).toEqual(['firing']);
  });
});

/** Two teams whose pages and tickets go to addresses of their own. */
const teams = (quietTimes: QuietTime[] = []): Promise<Alertmanager> => {
  const hook = (name: string): Receiver[] => [Receiver.webhook({ url: key(name) })];
  const names = ['fallback', 'risk-page', 'risk-ticket', 'shop-page', 'shop-ticket'];
  return Alertmanager.start(Alerting.of({
    fallback: { critical: hook('fallback') }, quietTimes, ...PACE,
    teams: ['risk', 'shop'].map((team) => TeamAlerts.of(Team.of(team), { critical: hook(`${team}-page`), warning: hook(`${team}-ticket`) })),
  }), Object.fromEntries(names.map((name) => [`${name}/value`, `${sink.url}/${name}`])));
};
const alertsAt = (path: string): string[] => sink.at(path).flatMap(({ body }) => body.alerts.map(({ labels }: any) => labels.alertname));

test('each alert goes to its team, by how bad it is', async () => {
  alertmanager = await teams();
  await alertmanager.post('Down', { ...RISK, severity: 'critical' });
  await alertmanager.post('Slow', { ...RISK, severity: 'warning' });
  await alertmanager.post('Down', { ...CHECK, team: 'shop', severity: 'critical' });
  await alertmanager.post('Slow', { ...CHECK, severity: 'warning' });
  for (const path of ['/risk-page', '/risk-ticket', '/shop-page', '/fallback']) await sink.first(path);
  expect(['/risk-page', '/risk-ticket', '/shop-page', '/shop-ticket', '/fallback'].map(alertsAt)).toEqual([['Down'], ['Slow'], ['Down'], [], ['Slow']]);
});

test('alerts of one service and kind come in one message, those of another in another', async () => {
  alertmanager = await teams();
  for (const version of ['v1', 'v2', 'v3']) await alertmanager.post('Slow', { ...RISK, severity: 'warning', model_version: version });
  await alertmanager.post('Slow', { ...RISK, severity: 'warning', inference_service: 'other' });
  await alertmanager.post('Idle', { ...RISK, severity: 'warning' });
  await waitFor(() => sink.at('/risk-ticket').length >= 3, { what: 'three messages', timeout: 20_000, every: 50 });
  expect(sink.at('/risk-ticket').map(({ body }) => [body.groupLabels.inference_service, body.groupLabels.alertname, body.alerts.length]).sort()).toEqual([['check', 'Idle', 1], ['check', 'Slow', 3], ['other', 'Slow', 1]]);
});

describe('what is known already is not told again', () => {
  test('a service that is down mutes its symptoms, and no other service', async () => {
    alertmanager = await teams();
    await alertmanager.post('Down', { ...RISK, severity: 'critical', cause: 'true' });
    await alertmanager.post('Errors', { ...RISK, severity: 'critical', symptom: 'true' });
    await alertmanager.post('Errors', { ...RISK, severity: 'critical', symptom: 'true', inference_service: 'other' });
    await alertmanager.post('Errors', { ...RISK, severity: 'critical', symptom: 'true', namespace: 'elsewhere' });
    await alertmanager.post('Idle', { ...RISK, severity: 'critical' });
    await alertmanager.suppressed('inhibition');
    await waitFor(() => sink.at('/risk-page').length >= 4, { what: 'four messages', timeout: 20_000, every: 50 });
    expect(sink.at('/risk-page').map(({ body }) => `${body.groupLabels.namespace}/${body.groupLabels.inference_service} ${body.groupLabels.alertname}`).sort()).toEqual(['elsewhere/check Errors', 'fraud/check Down', 'fraud/check Idle', 'fraud/other Errors']);
    // once it is up again, what is left is told
    await alertmanager.post('Down', { ...RISK, severity: 'critical', cause: 'true' }, { over: true });
    await sink.first('/risk-page', ({ groupLabels, status }) => groupLabels.inference_service === 'check' && groupLabels.namespace === 'fraud' && groupLabels.alertname === 'Errors' && status === 'firing');
  });

  test("of a service's own alerts, that it is down mutes those that follow, and its fast burn the slow one", async () => {
    alertmanager = await teams();
    const watched = watch({ objectives: [Objective.availability(99.9)] });
    const [down, fast, slow, crash] = [watched.alert('InferenceServiceDown'), watched.alert('InferenceServiceErrorBudgetBurn', 'critical'), watched.alert('InferenceServiceErrorBudgetBurn', 'warning'), watched.alert('InferenceServiceCrashLoop')];
    for (const { alert, labels } of [down, fast, slow, crash]) await alertmanager.post(alert, labels);
    await alertmanager.suppressed('inhibition', 2);
    for (const path of ['/risk-page', '/risk-ticket']) await sink.first(path);
    expect([alertsAt('/risk-page'), alertsAt('/risk-ticket')]).toEqual([['InferenceServiceDown'], ['InferenceServiceCrashLoop']]);
    await alertmanager.post(down.alert, down.labels, { over: true });
    await sink.first('/risk-page', ({ groupLabels, status }) => groupLabels.alertname === 'InferenceServiceErrorBudgetBurn' && status === 'firing');
    expect(alertsAt('/risk-ticket')).toEqual(['InferenceServiceCrashLoop']);
  });

  test('what is critical of an objective mutes its warning, and of no other; without an objective it mutes nothing', async () => {
    alertmanager = await teams();
    await alertmanager.post('Full', { ...RISK, severity: 'critical' });
    await alertmanager.post('Burn', { ...RISK, severity: 'critical', objective: 'availability' });
    await alertmanager.post('Burn', { ...RISK, severity: 'warning', objective: 'availability' });
    await alertmanager.post('Burn', { ...RISK, severity: 'warning', objective: 'latency' });
    await alertmanager.post('Idle', { ...RISK, severity: 'warning' });
    await alertmanager.suppressed('inhibition');
    await waitFor(() => sink.at('/risk-ticket').length >= 2, { what: 'two messages', timeout: 20_000, every: 50 });
    expect(sink.at('/risk-ticket').map(({ body }) => [body.groupLabels.alertname, body.commonLabels.objective]).sort()).toEqual([['Burn', 'latency'], ['Idle', undefined]]);
    expect(alertsAt('/risk-page').sort()).toEqual(['Burn', 'Full']);
  });
});

describe('in a quiet time', () => {
  const clock = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  test('warnings wait, what is critical does not', async () => {
    alertmanager = await teams([QuietTime.weekly('now', { from: clock(-2), to: clock(2) })]);
    for (const severity of ['warning', 'critical']) await alertmanager.post('Slow', { ...RISK, severity });
    await alertmanager.suppressed('mute_time_interval');
    await sink.first('/risk-page');
    expect(alertsAt('/risk-ticket')).toEqual([]);
  });

  test('of one team others are told; days count as hours do', async () => {
    alertmanager = await teams([QuietTime.dates('away', { from: day(-40), to: day(1), teams: [Team.of('risk')] }), QuietTime.dates('past', { from: day(-9), to: day(-2), teams: [Team.of('shop')] })]);
    for (const team of ['risk', 'shop']) await alertmanager.post('Slow', { ...CHECK, team, severity: 'warning' });
    await alertmanager.post('Slow', { ...CHECK, severity: 'warning' });
    await alertmanager.suppressed('mute_time_interval');
    for (const path of ['/shop-ticket', '/fallback']) await sink.first(path);
    expect(alertsAt('/risk-ticket')).toEqual([]);
  });

  test('hours are those of its zone', async () => {
    const tokyo = { from: clock(9 - 2), to: clock(9 + 2) }; // nine hours before Greenwich, the whole year
    alertmanager = await teams([QuietTime.weekly('there', { ...tokyo, timeZone: 'Asia/Tokyo', teams: [Team.of('risk')] }), QuietTime.weekly('here', { ...tokyo, teams: [Team.of('shop')] })]);
    for (const team of ['risk', 'shop']) await alertmanager.post('Slow', { ...CHECK, team, severity: 'warning' });
    await alertmanager.suppressed('mute_time_interval');
    await sink.first('/shop-ticket');
    expect(alertsAt('/risk-ticket')).toEqual([]);
  });
});
