import { Duration } from 'cdk8s';
import { Gate, GateAction, Rollout } from 'cdk8s-serving';
import { analysisRuns } from '../../../support/cluster/argo';
import { Client } from '../../../support/cluster/client';
import type { Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { Prometheus } from '../../../support/cluster/prometheus';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { waitFor } from '../../../support/cluster/wait';
import { errors, STEP, Trial, type TrialOptions, WINDOW } from '../../../support/cluster/trial';

/** Requests a second to each service. */
const RATE = 6;
const canary = (...gates: Gate[]) => Rollout.canary({ steps: [50], stepDuration: STEP, gates });
const slow = Gate.latency({ p: 90, below: Duration.millis(100), minRequests: 10, window: WINDOW, maxWait: Duration.minutes(2) });
/** So many requests that they never come in time. */
const demanding = (action: GateAction) => canary(errors({ minRequests: 5_000, maxWait: Duration.seconds(25), onFew: action }));

const metricsOf = (manifests: Manifest[], edit: (metric: any) => void): void => manifests.filter((one) => one.kind === 'AnalysisTemplate').forEach((one) => one.spec.metrics.forEach(edit));
const withoutAnalysis = (manifests: Manifest[]): void => manifests.filter((one) => one.kind === 'Rollout').forEach((one) => {
  one.spec.strategy.canary.steps = one.spec.strategy.canary.steps.filter((step: any) => step.analysis === undefined);
});
/** The form that the controller's own docs recommend: it passes when there is nothing to judge. */
const asDocumented = (manifests: Manifest[]): void => metricsOf(manifests, (metric) => {
  for (const key of ['failureCondition', 'consecutiveSuccessLimit', 'inconclusiveLimit']) delete metric[key];
  metric.successCondition = 'all(result, # <= 20)';
  metric.count = 3;
});

describe('a canary of MLServer pods under Argo Rollouts, judged by a real Prometheus', () => {
  let prometheus: Prometheus;
  let dead: Prometheus;
  let client: Client;
  let namespace: string;
  const trials: Record<string, Trial> = {};

  /** All services start together: they need the time of one. */
  const plan = (): Record<string, Omit<TrialOptions, 'name' | 'namespace' | 'metricsUrl'> & { asked: boolean; metricsUrl?: string }> => ({
    good: { rollout: canary(errors(), slow), second: {}, asked: true },
    bad: { rollout: canary(errors()), second: { failShare: 0.3 }, asked: true },
    unjudged: { rollout: canary(errors()), second: { failShare: 0.3 }, asked: true, without: withoutAnalysis },
    slow: { rollout: canary(slow), second: { delay: 250 }, asked: true },
    idle: { rollout: canary(errors()), second: {}, asked: false },
    documented: { rollout: canary(errors()), second: { failShare: 0.3 }, asked: false, without: asDocumented },
    few: { rollout: demanding(GateAction.PAUSE), second: {}, asked: true },
    'few-abort': { rollout: demanding(GateAction.ABORT), second: {}, asked: true },
    'few-proceed': { rollout: demanding(GateAction.PROCEED), second: {}, asked: true },
    down: { rollout: canary(errors()), second: {}, asked: true, metricsUrl: dead.address },
    patient: { rollout: canary(errors()), second: {}, asked: true, metricsUrl: dead.address, without: (manifests) => metricsOf(manifests, (metric) => { metric.consecutiveErrorLimit = 1000; }) },
  });

  beforeAll(async () => {
    namespace = await createNamespace('canary');
    prometheus = await Prometheus.start({ namespaces: [namespace] });
    dead = await Prometheus.start({ namespaces: [namespace] });
    client = await Client.start(await createNamespace('client'));
    for (const [name, { asked: _, ...options }] of Object.entries(plan())) trials[name] = new Trial({ name, namespace, metricsUrl: prometheus.address, copies: 2, ...options });
    await Promise.all(Object.values(trials).map((trial) => trial.first()));
    for (const [name, { asked }] of Object.entries(plan())) if (asked) await trials[name]!.ask(client, RATE);
    await dead.stop();
    await Promise.all(Object.values(trials).map((trial) => trial.second()));
  }, 600_000);

  afterAll(async () => {
    await prometheus?.remove();
    await dead?.remove();
    await removeNamespaces();
  }, 300_000);

  const last = async (name: string): Promise<Manifest> => (await analysisRuns(name, namespace)).at(-1)!;

  test('a good version gets all requests, and none is lost', async () => {
    const rollout = await trials.good!.is('Healthy', 240_000);
    expect(trials.good!.keeps(rollout)).toBe(false);
    expect((await last('good')).status.phase).toBe('Successful');
    const asked = await trials.good!.asked();
    expect(asked).toMatchObject(ALL_ANSWERED);
    measured('good canary', { sent: asked.sent, versions: asked.versions });
  });

  test('a bad version is taken back: the stable one keeps serving, and nobody else saw an error', async () => {
    const rollout = await trials.bad!.is('Degraded', 240_000);
    expect(trials.bad!.keeps(rollout)).toBe(true);
    expect(rollout.status.abort).toBe(true);
    expect((await last('bad')).status.metricResults.find((one: any) => one.name === 'errors')).toMatchObject({ phase: 'Failed' });
    await sleep(5_000);
    const asked = await trials.bad!.asked();
    // of the new version's requests three in ten fail on each of its copies, and of the others' none
    expect(asked.failed).toBeGreaterThan(0);
    expect(asked.failed).toBeLessThanOrEqual(Math.ceil(0.3 * (asked.failed + (asked.versions.v2 ?? 0))));
    expect(asked.versions.v1).toBeGreaterThan(asked.failed);
    measured('bad canary', { sent: asked.sent, failed: asked.failed, versions: asked.versions });
  });

  test('without its gate the bad version would have gone live', async () => {
    expect(trials.unjudged!.keeps(await trials.unjudged!.is('Healthy', 240_000))).toBe(false);
    expect((await trials.unjudged!.asked()).failed).toBeGreaterThan(0);
  });

  test('a slow version is taken back', async () => {
    const rollout = await trials.slow!.is('Degraded', 240_000);
    expect(trials.slow!.keeps(rollout)).toBe(true);
    expect(await trials.slow!.asked()).toMatchObject(ALL_ANSWERED);
  });

  test('no traffic pauses: a person decides', async () => {
    const rollout = await trials.idle!.is('Paused', 240_000);
    expect(rollout.status.pauseConditions[0].reason).toBe('InconclusiveAnalysisRun');
    expect(trials.idle!.keeps(rollout)).toBe(true);
  });

  test('in the documented form no traffic would have passed a bad version', async () => {
    expect(trials.documented!.keeps(await trials.documented!.is('Healthy', 240_000))).toBe(false);
  });

  test('little traffic waits, and then pauses, aborts or goes on as told', async () => {
    const paused = await trials.few!.is('Paused', 240_000);
    expect(trials.few!.keeps(paused)).toBe(true);
    const waited = (await last('few')).status.metricResults.find((one: any) => one.name === 'errors');
    expect(waited.inconclusive).toBeGreaterThan(3); // it was asked again and again before
    expect(trials['few-abort']!.keeps(await trials['few-abort']!.is('Degraded', 240_000))).toBe(true);
    expect(trials['few-proceed']!.keeps(await trials['few-proceed']!.is('Healthy', 240_000))).toBe(false);
    for (const name of ['few', 'few-abort', 'few-proceed']) expect(await trials[name]!.asked()).toMatchObject(ALL_ANSWERED);
  });

  test('a metrics store that is down aborts', async () => {
    const rollout = await trials.down!.is('Degraded', 240_000);
    expect(trials.down!.keeps(rollout)).toBe(true);
    expect((await last('down')).status.phase).toBe('Error');
    expect(await trials.down!.asked()).toMatchObject(ALL_ANSWERED);
  });

  test('without its limit of errors a release would hang on a metrics store that is down', async () => {
    const run = await waitFor(async () => {
      const one = await last('patient');
      return one.status.metricResults[0].consecutiveError > 5 ? one : undefined;
    }, { what: 'more errors than are let be', timeout: 120_000, namespace });
    expect(run.status.phase).toBe('Running');
    expect(await trials.patient!.asked()).toMatchObject(ALL_ANSWERED);
  });
});
