import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { AlertSeverity, AlertTuning, Exposure, Hold, InferenceServer, MetricsBackend, Objective, Problems, Scaling } from 'cdk8s-serving';
import { alertOf } from '../../../lib/watch/alerts/alert';
import { ALERTS } from '../../../lib/watch/alerts/catalogue';
import { WatchedService } from '../../../lib/watch/watched-service';
import { STORAGE, watch, Watched } from '../../support/watched';

const props = { objectives: [Objective.availability(99.9)], scaling: Scaling.onCpu({ min: 2, max: 8 }), exposure: Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'tls' }), hold: Hold.frozen({ reason: 'a {{ week }}', until: '2026-12-31' }) };
const alerts = (one: Watched): any[] => one.rules.filter((rule) => rule.alert !== undefined);
const names = (one: Watched): Set<string> => new Set(alerts(one).map((rule) => rule.alert));

describe.each([['Prometheus', MetricsBackend.prometheusOperator({ storage: STORAGE })], ['VictoriaMetrics', MetricsBackend.victoriaMetrics({ storage: STORAGE })]])('alerts, as the operator of %s is given them', (_, metrics) => {
  const watched = watch(props, { metrics });
  const all = alerts(watched);

  test('there are some, and no two are the same', () => {
    expect(all.length).toBeGreaterThan(10);
    expect(new Set(all.map(({ alert, labels }) => `${alert} ${JSON.stringify(labels)}`)).size).toBe(all.length);
  });

  test('each says whose it is and how urgent: by labels that stay while it fires', () => {
    for (const { labels } of all) {
      expect(labels).toMatchObject({ namespace: 'ml', inference_service: 'iris', team: 'risk' });
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
      expect(JSON.stringify(labels)).not.toMatch(/\{\{|\$value/);
    }
  });

  test('each begins with the service, its namespace and its owner, and has a page that is there', () => {
    for (const { alert, annotations } of all) {
      expect(annotations.summary).toMatch(/^ml\/iris \(risk\): \S/);
      expect(annotations.description.length).toBeGreaterThan(20);
      expect(annotations.runbook_url).toBe(`https://github.com/cdk8s-serving/cdk8s-serving/blob/main/docs/runbooks/${alert}.md`);
      expect([alert, existsSync(join(__dirname, '../../../docs/runbooks', `${alert}.md`))]).toEqual([alert, true]);
    }
  });

  test("a reason of the user's is no template", () => {
    expect(watched.alert('InferenceServiceHoldPast').annotations.description).toContain('a { { week }}');
  });

  test('every group has a name of its own, and an interval', () => {
    expect(watched.groups.map(({ name }) => name)).toEqual(['iris.recordings', 'iris.objectives', 'iris.alerts']);
    for (const { interval } of watched.groups) expect(interval).toMatch(/^\d+s$/);
  });

  test('every series is recorded with the labels of the service', () => {
    const recorded = watched.rules.filter((rule) => rule.record !== undefined);
    expect(recorded.length).toBeGreaterThan(10);
    for (const { record, labels } of recorded) {
      expect(record).toMatch(/^inference_service(_version)?:[a-z0-9_]+(:[a-z0-9_]+)?$/);
      expect(labels).toMatchObject({ namespace: 'ml', inference_service: 'iris' });
    }
  });
});

describe('a service has the alerts that can befall it', () => {
  test('one without an owner has no team, and its summary none', () => {
    const { labels, annotations } = alertOf({ name: 'iris', namespace: 'ml' } as WatchedService, { alert: 'X', severity: AlertSeverity.INFO, expr: 'up', summary: 'is there', description: '' });
    expect([labels.team, annotations.summary]).toEqual([undefined, 'ml/iris: is there']);
  });

  test('one that is stopped is not down', () => {
    const stopped = names(watch({ hold: Hold.stopped({ reason: 'no budget', until: '2026-12-31' }), scaling: Scaling.onCpu({ min: 2, max: 8 }) }));
    expect(stopped).toContain('InferenceServiceHoldPast');
    for (const none of ['InferenceServiceDown', 'InferenceServiceAtMaxCopies']) expect(stopped).not.toContain(none);
  });

  test('one that is frozen is not at its limit, and its release waits by intent', () => {
    const frozen = names(watch(props));
    for (const none of ['InferenceServiceRolloutPaused', 'InferenceServiceAtMaxCopies']) expect(frozen).not.toContain(none);
    expect(frozen).toContain('InferenceServiceDown');
  });

  test('one without room to scale, or an autoscaler, is never at its limit', () => {
    expect(names(watch({ scaling: Scaling.fixed(2) }))).not.toContain('InferenceServiceAtMaxCopies');
    expect(names(watch({ scaling: Scaling.onCpu({ min: 2, max: 8 }) }))).toContain('InferenceServiceAtMaxCopies');
  });

  test('one without metrics can not lose them', () => {
    expect(names(watch({ server: InferenceServer.container({ image: 'registry.example.com/x:1' }) }))).not.toContain('InferenceServiceScrapeLost');
    expect(names(watch())).toContain('InferenceServiceScrapeLost');
  });

  test('one inside the cluster has no certificate, and one without an objective no budget', () => {
    const plain = names(watch());
    for (const none of ['InferenceServiceCertificateExpiring', 'InferenceServiceErrorBudgetBurn', 'InferenceServiceObjectiveNoData', 'InferenceServiceHoldPast', 'InferenceServiceGpuErrors', 'InferenceServiceQueueGrowing']) expect(plain).not.toContain(none);
  });
});

describe('tuning', () => {
  const tuned = (...tuning: AlertTuning[]): Watched => watch({}, { tuning });

  test('leaves an alert out, and no other', () => {
    const off = tuned(AlertTuning.off('InferenceServiceCrashLoop'));
    expect([...names(watch())].filter((name) => !names(off).has(name))).toEqual(['InferenceServiceCrashLoop']);
  });

  test('changes severity and patience', () => {
    const one = tuned(AlertTuning.of('InferenceServiceCrashLoop', { severity: AlertSeverity.CRITICAL, holdsFor: Duration.minutes(30) })).alert('InferenceServiceCrashLoop');
    expect([one.labels.severity, one.for]).toEqual(['critical', '1800s']);
  });

  test("reaches the stack's own alerts", () => {
    const stack = (...tuning: AlertTuning[]): any => watch({}, { metrics: MetricsBackend.kubePrometheus(), tuning }).one('PrometheusRule', 'watch');
    expect(stack()).toBeDefined();
    expect(stack(AlertTuning.off('InferenceMetricsSourceMissing'))).toBeUndefined();
  });

  test.each([['InferenceServiceGpuIdl', 'InferenceServiceGpuIdle'], ['inferenceserviceDown', 'InferenceServiceDown'], ['CrashLoop', 'InferenceServiceCrashLoop']])("of '%s' asks whether '%s' was meant", (given, meant) => {
    const found = Problems.of(tuned(AlertTuning.off(given)).chart).filter(({ code }) => code === 'SERVING_ALERT_UNKNOWN');
    expect(found.map(({ fix }) => fix)).toEqual([`did you mean '${meant}'?`]);
  });

  test('of what is there is no problem', () => {
    for (const { name } of ALERTS) expect([name, tuned(AlertTuning.off(name)).codes.filter((code) => code.startsWith('SERVING_ALERT'))]).toEqual([name, []]);
  });

  test('to nothing is told, with what could have been meant; what is wrong with it is told alone', () => {
    const found = (props: object): unknown[] => Problems.of(tuned(AlertTuning.of('InferenceServiceDown', props)).chart).filter(({ severity }) => severity === 'error').map(({ code, fix }) => [code, fix]);
    const told = [['SERVING_ALERT_TUNED_TO_NOTHING', "give 'severity' or 'holdsFor', or leave it out with AlertTuning.off('InferenceServiceDown')"]];
    expect([found({}), found({ severity: undefined })]).toEqual([told, told]);
    expect(found({ holdsFor: Duration.minutes(5) })).toEqual([]);
    expect(found({ severity: 'loud' }).map((one) => (one as string[])[0])).not.toContain('SERVING_ALERT_TUNED_TO_NOTHING');
  });

  test('twice is one too many', () => {
    expect(tuned(AlertTuning.off('InferenceServiceDown'), AlertTuning.off('InferenceServiceDown')).codes).toContain('SERVING_ALERT_TUNED_TWICE');
  });
});
