import { Cpu } from 'cdk8s-plus-28';
import { Credentials, InferenceServerPool, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { IrisWorld } from '../../../support/cluster/iris';
import { apply, isReady, kubectl } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load, type LoadStream, type LoadSummary } from '../../../support/cluster/load';
import { type TrainedModel, trainIris } from '../../../support/cluster/model';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { synthesized } from '../../../support/cluster/synthesized';
import { modelVolume, removeVolumes } from '../../../support/cluster/volumes';
import { waitFor } from '../../../support/cluster/wait';
import { gone, podsOf, readyPods, restarts, rolledOut, serviceAddress } from '../../../support/cluster/workloads';

const STORAGE = 'storage-pool';
const RATE = 5;
const COPIES = 2;
const FROM_S3 = ModelSource.s3('s3://models/iris/v1', { endpoint: `http://minio.${STORAGE}:9000`, credentials: Credentials.fromSecretName('minio') });
const onDisk = (path: string) => ModelSource.pvcName('models', { path, immutable: true });

/** One server for all of these models: one that is downloaded, and those that lie on a disk. */
const pool = (...names: string[]) => synthesized((chart) => {
  const models = ['iris', ...names].map((name) => Model.sklearn({ name, source: name === 'iris' ? FROM_S3 : onDisk(name) }));
  new InferenceServerPool(chart, 'Pool', { models, scaling: Scaling.fixed(COPIES), cpu: Cpu.millis(100) });
});

describe('many models in one real MLServer', () => {
  let world: IrisWorld;
  let reversed: TrainedModel;
  let namespace: string;

  beforeAll(async () => {
    world = await IrisWorld.start(STORAGE);
    reversed = await trainIris(world.client, 'reversed');
    namespace = await createNamespace('pool');
    await modelVolume(namespace, 'models', { 'reversed/model.joblib': reversed.joblib, 'again/model.joblib': world.trained.joblib, 'broken/model.joblib': Buffer.from('no model at all') });
    await apply([world.s3.secret('minio', namespace)]);
    await put('reversed');
    await rolledOut('pool', namespace);
  });

  afterAll(async () => {
    await removeNamespaces();
    await removeVolumes();
    await world?.stop();
  });

  const put = async (...names: string[]): Promise<void> => { await apply(await setNamespace(pool(...names), namespace)); };

  /** Requests for a model by both protocols, over fresh connections and kept ones. */
  async function asked(model: string, trained: TrainedModel, seconds?: number): Promise<Load> {
    const stream = async (protocol: 'rest' | 'grpc', connections: number): Promise<LoadStream> => ({ protocol, model, rate: RATE, connections, address: await serviceAddress('pool', namespace, protocol === 'rest' ? 'http' : 'grpc') });
    return Load.start(world.client, { model: trained, seconds, streams: { restFresh: await stream('rest', 0), restKept: await stream('rest', 2), grpcFresh: await stream('grpc', 0), grpcKept: await stream('grpc', 2) } });
  }

  function nothingLost(summary: Record<string, LoadSummary>): void {
    for (const one of Object.values(summary)) expect(one).toMatchObject(ALL_ANSWERED);
  }

  test('each copy is one server, which answers for each model by its name', async () => {
    expect(reversed.expected).not.toEqual(world.trained.expected);
    for (const { spec } of await readyPods('pool', namespace)) expect(spec.containers).toHaveLength(1);
    for (const [model, trained] of [['iris', world.trained], ['reversed', reversed]] as const) nothingLost(await (await asked(model, trained, 3)).finished());
  });

  test('a set with a model that can not be read gets no request, and the set before serves on', async () => {
    const running = await asked('iris', world.trained);
    const before = (await podsOf('pool', namespace)).map(({ metadata }) => metadata.name);
    await put('reversed', 'broken');
    let everReady = false;
    const failed = await waitFor(async () => {
      const coming = (await podsOf('pool', namespace)).filter(({ metadata }) => !before.includes(metadata.name));
      everReady ||= coming.some(isReady);
      return coming.find((pod) => restarts(pod) > 0);
    }, { what: 'its server to give up', timeout: 120_000, namespace });
    expect(everReady).toBe(false);
    // it loaded the other one, and ended for the one that it could not
    const said = await kubectl(['logs', failed.metadata.name, '--namespace', namespace, '--previous']);
    expect(said).toContain("Loaded model 'iris' successfully");
    expect(said).toContain("Couldn't load model 'broken'");
    expect((await readyPods('pool', namespace)).map(({ metadata }) => metadata.name).sort()).toEqual(before.sort());
    nothingLost(await running.stop());
  });

  test('another set of models replaces it copy by copy: none is asked in vain', async () => {
    const running = await asked('iris', world.trained);
    const before = await podsOf('pool', namespace);
    await put('reversed', 'again');
    await rolledOut('pool', namespace);
    await gone(before);
    await sleep(2_000);
    const summary = await running.stop();
    measured('a pool gets other models', summary);
    nothingLost(summary);
    for (const [model, trained] of [['reversed', reversed], ['again', world.trained]] as const) nothingLost(await (await asked(model, trained, 3)).finished());
  });
});
