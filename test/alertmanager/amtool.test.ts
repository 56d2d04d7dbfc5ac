import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Alerting, Objective, QuietTime, Receiver, SecretKey } from 'cdk8s-serving';
import { ALERTMANAGER_SECRETS, alertmanagerConfiguration } from '../../lib/watch/routing/alertmanager';
import { planRouting, type RoutingPlan } from '../../lib/watch/routing/plan';
import { neededAlertmanager, RoutingForm } from '../../lib/watch/routing/requirements';
import { everyReceiver } from '../support/alerting';
import { program } from '../support/cluster/programs';
import { must, run } from '../support/cluster/run';
import { watch } from '../support/watched';

let folder: string;
let amtool: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'amtool-'));
  amtool = join(await program('alertmanager'), 'amtool');
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true }));

function written(plan: RoutingPlan): string {
  const file = join(folder, 'alertmanager.yaml');
  writeFileSync(file, JSON.stringify(alertmanagerConfiguration(plan, ALERTMANAGER_SECRETS).config)); // JSON is YAML
  return file;
}

test('a configuration of every kind of receiver is taken', async () => {
  expect(await must(amtool, ['check-config', written(planRouting(everyReceiver()))])).toMatch(/SUCCESS[\s\S]*2 inhibit rules[\s\S]*7 receivers/);
});

describe('alerts go', () => {
  test.each([
    ['to the pager of the team', { team: 'risk', severity: 'critical' }, 'team-risk-critical'],
    ['to the mail of the team', { team: 'risk', severity: 'warning' }, 'team-risk-warning'],
    ['to the webhook of the team', { team: 'risk', severity: 'info' }, 'team-risk-info'],
    ['to another team', { team: 'shop', severity: 'critical' }, 'team-shop-critical'],
    ['to the fallback, where the team has no receiver', { team: 'shop', severity: 'warning' }, 'fallback-warning'],
    ['to nobody, where nobody asked for it', { team: 'shop', severity: 'info' }, 'nobody'],
    ['to the fallback, of a team without receivers', { team: 'other', severity: 'critical' }, 'fallback-critical'],
    ['to the fallback, of nobody', { severity: 'critical' }, 'fallback-critical'],
    ['to the fallback as a warning, of nobody', { severity: 'warning' }, 'fallback-warning'],
    ['to the team as a warning, of another severity', { team: 'risk', severity: 'page' }, 'team-risk-warning'],
    ['to the fallback as a warning, without a severity', {}, 'fallback-warning'],
  ])('%s', async (_, labels: { [name: string]: string }, receiver) => {
    const set = Object.entries({ alertname: 'InferenceServiceDown', namespace: 'fraud', inference_service: 'check', ...labels }).map(([name, value]) => `${name}=${value}`);
    await must(amtool, ['config', 'routes', 'test', `--config.file=${written(planRouting(everyReceiver()))}`, `--verify.receivers=${receiver}`, ...set]);
    expect((await run(amtool, ['config', 'routes', 'test', `--config.file=${join(folder, 'alertmanager.yaml')}`, '--verify.receivers=some-other', ...set])).code).not.toBe(0);
  });
});

test('every alert of a service goes to its owner, by its severity, in the configuration that a stack writes', async () => {
  const watched = watch({ objectives: [Objective.availability(99.9)] }, { alerting: everyReceiver() });
  const file = join(folder, 'stack.yaml');
  writeFileSync(file, watched.one('Secret', 'watch-alertmanager').stringData['alertmanager.yaml']);
  const alerts = watched.rules.filter((rule) => rule.alert !== undefined);
  expect(new Set(alerts.map(({ labels }) => labels.severity)).size).toBeGreaterThan(1);
  for (const { alert, labels } of alerts) {
    const set = Object.entries({ alertname: alert, ...labels }).map(([name, value]) => `${name}=${value}`);
    await must(amtool, ['config', 'routes', 'test', `--config.file=${file}`, `--verify.receivers=team-risk-${labels.severity}`, ...set]);
  }
});

describe('what is told to be too new is refused by an older Alertmanager, and nothing else is', () => {
  const key = SecretKey.fromSecretName('one', 'key');
  const zoned = QuietTime.weekly('nights', { from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' });
  const kinds: [string, Receiver, QuietTime[]][] = [
    ['Slack', Receiver.slack({ apiUrl: key }), []], ['PagerDuty', Receiver.pagerDuty({ routingKey: key }), []], ['Opsgenie', Receiver.opsgenie({ apiKey: key }), []], ['Teams', Receiver.teams({ webhookUrl: key }), []],
    ['a webhook', Receiver.webhook({ url: key }), []], ['mail', Receiver.email({ to: ['a@example.com'], from: 'b@example.com', smarthost: 'relay:25', username: 'x', password: key }), []], ['a zone', Receiver.slack({ apiUrl: key }), [zoned]],
  ];

  test.each(kinds)('%s', async (_, receiver, quietTimes) => {
    const [, installed] = /version 0\.(\d+)\./.exec((await must('amtool', ['--version'])))!;
    const plan = planRouting(Alerting.of({ fallback: { critical: [receiver] }, quietTimes }));
    const { minor } = neededAlertmanager(plan, RoutingForm.CONFIGURATION);
    expect((await run('amtool', ['check-config', written(plan)])).code === 0).toBe(Number(installed) >= minor);
    expect((await run(amtool, ['check-config', written(plan)])).code).toBe(0);
  });
});
