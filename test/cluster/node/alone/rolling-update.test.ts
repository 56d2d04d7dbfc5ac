import { IrisWorld } from '../../../support/cluster/iris';
import type { Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load, type LoadStream, type LoadSummary } from '../../../support/cluster/load';
import { removeNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { app, without } from '../../../support/cluster/synthesized';
import { gone, podsOf, replacePods, rolledOut, serviceAddress } from '../../../support/cluster/workloads';

const RATE = 20;

/** The iris app as it is, or with what lets a pod serve on until everyone has heard that it goes taken out. */
function manifests(drain: boolean): Manifest[] {
  return drain ? app('iris') : without(app('iris'), (deployment) => { delete deployment.spec.template.spec.containers[0].lifecycle; });
}

describe('a rolling update under load', () => {
  let world: IrisWorld;

  beforeAll(async () => { world = await IrisWorld.start(); });

  afterAll(async () => {
    await removeNamespaces();
    await world?.stop();
  });

  /** Replaces every pod while requests flow by both protocols, each over fresh and over kept connections. */
  async function updateUnderLoad(drain: boolean): Promise<Record<string, LoadSummary>> {
    const namespace = await world.deploy(manifests(drain), drain ? 'roll-drain' : 'roll-cut');
    const before = await podsOf('iris', namespace);
    const to = async (protocol: 'rest' | 'grpc', connections: number): Promise<LoadStream> => ({
      protocol, address: await serviceAddress('iris', namespace, protocol === 'rest' ? 'http' : 'grpc'), model: 'iris', rate: RATE, connections,
    });
    const load = await Load.start(world.client, {
      model: world.trained,
      streams: { restFresh: await to('rest', 0), restKept: await to('rest', 4), grpcFresh: await to('grpc', 0), grpcKept: await to('grpc', 4) },
    });
    await sleep(3_000);
    await replacePods('iris', namespace);
    await rolledOut('iris', namespace);
    await gone(before); // the last one is still draining when the Deployment counts as rolled out
    await sleep(2_000);
    const summary = await load.stop();
    expect(await podsOf('iris', namespace)).toHaveLength(before.length);
    measured(`rolling update ${drain ? 'with' : 'without'} drain`, summary);
    await removeNamespace(namespace);
    return summary;
  }

  const sum = (summary: Record<string, LoadSummary>, field: 'failed' | 'wrong') =>
    Object.values(summary).reduce((total, stream) => total + stream[field], 0);

  test('loses no request', async () => {
    const summary = await updateUnderLoad(true);
    for (const stream of Object.values(summary)) {
      expect(stream.sent).toBeGreaterThan(5 * RATE);
      expect(stream.rate).toBeGreaterThanOrEqual(RATE * 0.99);
      expect(stream).toMatchObject(ALL_ANSWERED);
    }
  });

  test('loses some when the drain is taken out', async () => {
    const summary = await updateUnderLoad(false);
    expect(sum(summary, 'failed')).toBeGreaterThan(0);
    expect(sum(summary, 'wrong')).toBe(0);
  });
});
