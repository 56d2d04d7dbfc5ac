import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audience, Gate, Rollout, RolloutController, TrafficRouterKind } from 'cdk8s-serving';
import { abort, promote } from '../../../support/cluster/argo';
import { MLSERVER_IMAGE } from '../../../support/cluster/client';
import { get, list, type Manifest } from '../../../support/cluster/kubectl';
import { createNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { Trial, type TrialOptions } from '../../../support/cluster/trial';
import { waitFor } from '../../../support/cluster/wait';

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
const file = join(folder, 'golden.jsonl');
writeFileSync(file, `${JSON.stringify({ name: 'one', body: { inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP64', data: [1, 2, 3, 4] }] }, expect: { body: { outputs: [{ data: [10] }] } } })}\n`);
const golden = Gate.goldenRequests({ file, image: MLSERVER_IMAGE });
const person = Gate.person();

// Istio itself does not run: what is proven is what the real controller writes into the routes that a mesh goes by
describe('releases that Argo Rollouts routes by a VirtualService', () => {
  let namespace: string;
  const trials: Record<string, Trial> = {};

  const PLAN: Record<string, Omit<TrialOptions, 'name' | 'namespace' | 'metricsUrl'>> = {
    canary: { rollout: Rollout.canary({ steps: [50], gates: [golden, person] }), second: {} },
    aborted: { rollout: Rollout.canary({ steps: [50], gates: [person] }), second: {} },
    shadow: { rollout: Rollout.shadow({ percent: 50, gates: [golden, person] }), second: {} },
    audience: { rollout: Rollout.abTest({ audience: Audience.cookie('model', 'v2'), gates: [person] }), second: {} },
  };

  beforeAll(async () => {
    namespace = await createNamespace('routed');
    for (const [name, options] of Object.entries(PLAN)) {
      // what waits for a person need not wait for its time, too
      const hasty = (manifests: Manifest[]): void => { for (const step of manifests.find((one) => one.kind === 'Rollout')!.spec.strategy.canary.steps) if (step.pause?.duration) step.pause.duration = '1s'; };
      trials[name] = new Trial({ name, namespace, metricsUrl: 'http://127.0.0.1:9', cluster: { rollouts: RolloutController.argo({ router: TrafficRouterKind.ISTIO }) }, without: hasty, ...options });
    }
    await Promise.all(Object.values(trials).map((trial) => trial.first()));
    await Promise.all(Object.values(trials).map((trial) => trial.second()));
  }, 600_000);

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await removeNamespaces();
  }, 300_000);

  /** The routes of a service: name, weights by Service, and what is mirrored or matched. */
  const routes = async (name: string): Promise<any[]> => (await get('virtualservices.networking.istio.io', name, namespace))!.spec.http;
  const primary = async (name: string): Promise<Record<string, number>> => Object.fromEntries((await routes(name)).find((one) => one.name === 'primary').route.map((one: any) => [one.destination.host, one.weight]));
  const newPods = async (name: string, rollout: Manifest): Promise<string[]> => (await list('pods', { namespace, selector: `app.kubernetes.io/instance=${name},rollouts-pod-template-hash=${rollout.status.currentPodHash}` })).map((pod) => pod.metadata.name).sort();
  const live = async (name: string): Promise<void> => {
    const waiting = await trials[name]!.held();
    const tried = await newPods(name, waiting);
    await promote(name, namespace);
    const rollout = await trials[name]!.is('Healthy', 240_000);
    expect(trials[name]!.keeps(rollout)).toBe(false);
    // the copies that were tried are those that serve: none was let go and loaded anew
    expect(await newPods(name, rollout)).toEqual(expect.arrayContaining(tried));
    expect(tried.length).toBeGreaterThan(0);
    await waitFor(async () => (await primary(name))[name] === 100 && (await routes(name)).length === 1, { what: 'all requests to the stable Service again', timeout: 60_000, namespace });
    expect((await get('service', name, namespace))!.spec.selector['rollouts-pod-template-hash']).toBe(rollout.status.currentPodHash);
  };

  test('a canary gets its share after the golden requests, and then everything', async () => {
    const waiting = await trials.canary!.held();
    expect(await primary('canary')).toEqual({ 'canary': 50, 'canary-canary': 50 });
    expect((await get('service', 'canary-canary', namespace))!.spec.selector['rollouts-pod-template-hash']).toBe(waiting.status.currentPodHash);
    await live('canary');
  });

  test("an abort gives the stable version all requests back", async () => {
    await trials.aborted!.held();
    await abort('aborted', namespace);
    expect(trials.aborted!.keeps(await trials.aborted!.is('Degraded', 240_000))).toBe(true);
    await waitFor(async () => (await primary('aborted')).aborted === 100, { what: 'the weights to go back', timeout: 60_000, namespace });
  });

  test('a shadow gets copies of requests, and none of its own', async () => {
    await trials.shadow!.held();
    const mirror = (await routes('shadow')).find((one) => one.name === 'shadow');
    expect([mirror.mirror.host, mirror.mirrorPercentage.value]).toEqual(['shadow-canary', 50]);
    expect(mirror.route.map((one: any) => [one.destination.host, one.weight ?? 100])).toEqual(expect.arrayContaining([['shadow', 100]]));
    expect(await primary('shadow')).toEqual({ 'shadow': 100, 'shadow-canary': 0 });
    await live('shadow');
  });

  test('an audience gets the new version, others the stable one', async () => {
    await trials.audience!.held();
    const route = (await routes('audience')).find((one) => one.name === 'audience');
    expect(route.match).toEqual([{ headers: { cookie: { regex: '^(.*;\\s*)?model=v2(;.*)?$' } } }]);
    expect(route.route.map((one: any) => one.destination.host)).toEqual(['audience-canary']);
    expect(await primary('audience')).toEqual({ 'audience': 100, 'audience-canary': 0 });
    await live('audience');
  });
});
