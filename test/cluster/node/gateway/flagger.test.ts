import { Duration } from 'cdk8s';
import { Cluster, Exposure, Gate, InferenceService, Rollout, RolloutController, ServingEngine } from 'cdk8s-serving';
import { Client } from '../../../support/cluster/client';
import { FAULTY_QUESTIONS, type FaultyOptions, faultyModel } from '../../../support/cluster/faulty';
import { Flagger } from '../../../support/cluster/flagger';
import { Gateway } from '../../../support/cluster/gateway';
import { apply, get } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load, type LoadSummary } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { Prometheus } from '../../../support/cluster/prometheus';
import { sleep } from '../../../support/cluster/run';
import { deploymentOf, synthesized } from '../../../support/cluster/synthesized';

const HOST = 'canary.example.com';

describe('a canary under Flagger, which moves requests by a real Gateway', () => {
  let namespace: string;
  let prometheus: Prometheus;
  let gateway: Gateway;
  let flagger: Flagger;
  let client: Client;

  /** Applies a version as the library writes it; tells when. */
  async function release(version: FaultyOptions): Promise<Date> {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster: Cluster.of({
        version: '1.34', gateway: { name: gateway.name, namespace: gateway.namespace }, metricsUrl: prometheus.address, scrapeInterval: Duration.seconds(2), rollouts: RolloutController.flagger(),
      }) });
      new InferenceService(chart, 'Canary', {
        ...faultyModel(version), exposure: Exposure.gateway({ hosts: [HOST] }),
        rollout: Rollout.canary({ steps: [30, 60], stepDuration: Duration.seconds(15), gates: [Gate.errors({ maxPercent: 10, minRequests: 10, window: Duration.seconds(12) })] }),
      });
    });
    // Flagger 1.36, which is what can be built here, knows Kubernetes 1.27: it writes the primary without the sleep, and the API server refuses it
    deploymentOf(manifests).spec.template.spec.containers[0].lifecycle = { preStop: { exec: { command: ['sleep', '10'] } } };
    const began = new Date();
    await apply(await setNamespace(manifests, namespace), { force: true });
    return began;
  }

  const askWhile = async (what: () => Promise<unknown>): Promise<LoadSummary> => {
    const load = await Load.start(client, { model: FAULTY_QUESTIONS, streams: { all: { protocol: 'rest', address: gateway.address, host: HOST, model: 'canary', rate: 15 } } });
    await what();
    return (await load.stop()).all;
  };
  const weights = async (): Promise<[string, number][]> => (await get('httproute', 'canary', namespace))?.spec.rules[0].backendRefs.map((one: any) => [one.name, one.weight]);

  beforeAll(async () => {
    namespace = await createNamespace('flagger');
    [prometheus, gateway, client] = await Promise.all([Prometheus.start({ namespaces: [namespace] }), Gateway.start(), createNamespace('client').then(Client.start)]);
    flagger = await Flagger.start({ namespace, metricsServer: prometheus.address });
    await release({ version: 'v1' });
    await flagger.canaryIs('Initialized', 'canary');
    await gateway.routed('httproute', 'canary', namespace);
  }, 600_000);

  afterAll(async () => {
    await removeNamespaces();
    await flagger?.stop();
    await gateway?.stop();
    await prometheus?.remove();
  });

  test('a version that fails gets some requests, and then none', async () => {
    const asked = await askWhile(async () => flagger.canaryIs('Failed', 'canary', await release({ version: 'bad', failShare: 0.5 })));
    expect(asked.versions).toEqual({ v1: expect.any(Number), bad: expect.any(Number) });
    expect(asked.failed).toBeGreaterThan(0);
    expect(asked.failed / asked.sent).toBeLessThan(0.3);
    expect(await weights()).toEqual([['canary-primary', 100], ['canary-canary', 0]]);
    expect((await askWhile(() => sleep(2_000))).versions).toEqual({ v1: expect.any(Number) });
  }, 400_000);

  test('a version that is good takes over, and no request is lost', async () => {
    const asked = await askWhile(async () => {
      const since = await release({ version: 'v2' });
      await flagger.canaryIs('Progressing', 'canary', since);
      await flagger.canaryIs('Succeeded', 'canary', since);
    });
    expect(asked).toMatchObject(ALL_ANSWERED);
    expect((await askWhile(() => sleep(2_000))).versions).toEqual({ v2: expect.any(Number) });
  }, 400_000);
});
