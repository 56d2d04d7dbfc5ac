import { Duration } from 'cdk8s';
import { Gate, Rollout } from 'cdk8s-serving';
import { promote } from '../../../support/cluster/argo';
import { Client } from '../../../support/cluster/client';
import { get, type Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { Prometheus } from '../../../support/cluster/prometheus';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { errors, Trial, type TrialOptions } from '../../../support/cluster/trial';
import { waitFor } from '../../../support/cluster/wait';

const RATE = 6;
const JUDGED = Duration.seconds(30);
const blueGreen = (...gates: Gate[]) => Rollout.blueGreen({ gates, keepOld: JUDGED });
const rolloutOf = (manifests: Manifest[]): Manifest => manifests.find((one) => one.kind === 'Rollout')!;
const strategyOf = (manifests: Manifest[]): any => rolloutOf(manifests).spec.strategy.blueGreen;

describe('blue-green of MLServer pods under Argo Rollouts', () => {
  let prometheus: Prometheus;
  let client: Client;
  let namespace: string;
  const trials: Record<string, Trial> = {};

  const PLAN: Record<string, Omit<TrialOptions, 'name' | 'namespace' | 'metricsUrl'>> = {
    good: { rollout: blueGreen(errors()), second: {} },
    bad: { rollout: blueGreen(errors()), second: { failShare: 0.3 } },
    unjudged: { rollout: blueGreen(errors()), second: { failShare: 0.3 }, without: (manifests) => { delete strategyOf(manifests).postPromotionAnalysis; } },
    person: { rollout: blueGreen(errors(), Gate.person()), second: {} },
    selecting: { rollout: blueGreen(errors(), Gate.person()), second: {}, without: (manifests) => manifests.filter((one) => one.kind === 'Service').forEach((one) => { one.spec.selector = rolloutOf(manifests).spec.selector.matchLabels; }) },
  };

  beforeAll(async () => {
    namespace = await createNamespace('blue-green');
    prometheus = await Prometheus.start({ namespaces: [namespace] });
    client = await Client.start(await createNamespace('client'));
    for (const [name, options] of Object.entries(PLAN)) trials[name] = new Trial({ name, namespace, metricsUrl: prometheus.address, ...options });
    await Promise.all(Object.values(trials).map((trial) => trial.first()));
    for (const trial of Object.values(trials)) await trial.ask(client, RATE);
    await Promise.all(Object.values(trials).map((trial) => trial.second()));
  }, 600_000);

  afterAll(async () => {
    await prometheus?.remove();
    await removeNamespaces();
  }, 300_000);

  /** The version that a Service leads to. */
  const selected = async (service: string): Promise<string> => (await get('service', service, namespace))!.spec.selector['rollouts-pod-template-hash'];

  test('a good version gets all requests at once, and none is lost', async () => {
    const rollout = await trials.good!.is('Healthy', 240_000);
    expect(trials.good!.keeps(rollout)).toBe(false);
    expect(await selected('good')).toBe(rollout.status.currentPodHash);
    const asked = await trials.good!.asked();
    expect(asked).toMatchObject(ALL_ANSWERED);
    expect(asked.versions.v1).toBeGreaterThan(0);
    expect(asked.versions.v2).toBeGreaterThan(0);
    measured('blue-green', { sent: asked.sent, versions: asked.versions });
  });

  test('a bad version that got the requests is judged by them, and they go back to the old copies', async () => {
    const rollout = await trials.bad!.is('Degraded', 240_000);
    expect(trials.bad!.keeps(rollout)).toBe(true);
    await waitFor(async () => await selected('bad') === rollout.status.stableRS, { what: 'the old version to be selected again', timeout: 30_000, namespace });
    const asked = await trials.bad!.asked();
    expect(asked.failed).toBeGreaterThan(0);
    // nobody fails but the new version: its copies one in three or so, the old ones never
    expect(asked.failed).toBeLessThanOrEqual(Math.ceil(0.3 * (asked.failed + (asked.versions.v2 ?? 0))));
    measured('blue-green, switched back', { sent: asked.sent, failed: asked.failed, versions: asked.versions });
  });

  test('without its analysis the bad version would have stayed', async () => {
    expect(trials.unjudged!.keeps(await trials.unjudged!.is('Healthy', 240_000))).toBe(false);
    expect((await trials.unjudged!.asked()).failed).toBeGreaterThan(0);
  });

  test('a person sees the new version first, at the preview, and switches', async () => {
    const waiting = await trials.person!.is('Paused', 240_000);
    expect(trials.person!.keeps(waiting)).toBe(true);
    expect(await selected('person')).toBe(waiting.status.stableRS);
    expect(await selected('person-preview')).toBe(waiting.status.currentPodHash);
    await trials.person!.second(); // as a GitOps tool does it, again and again
    await sleep(10_000);
    expect(await selected('person')).toBe((await trials.person!.is('Paused')).status.stableRS);
    await promote('person', namespace);
    const rollout = await trials.person!.is('Healthy', 240_000);
    expect(trials.person!.keeps(rollout)).toBe(false);
    expect(await trials.person!.asked()).toMatchObject(ALL_ANSWERED);
  });

  test('with a selector in the manifests, applying them would have switched without the person', async () => {
    expect(trials.selecting!.keeps(await trials.selecting!.is('Healthy', 240_000))).toBe(false);
  });
});
