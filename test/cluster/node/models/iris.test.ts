import { InferenceService, Model, ModelSource } from 'cdk8s-serving';
import { IrisWorld } from '../../../support/cluster/iris';
import { apply } from '../../../support/cluster/kubectl';
import { createNamespace, removeNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { predict } from '../../../support/cluster/predict';
import { measured } from '../../../support/cluster/report';
import { app, synthesized } from '../../../support/cluster/synthesized';
import { modelVolume, removeVolumes } from '../../../support/cluster/volumes';
import { podsOf, rolledOut, serviceAddress } from '../../../support/cluster/workloads';

describe('the iris model on a real node', () => {
  let world: IrisWorld;

  beforeAll(async () => {
    world = await IrisWorld.start();
    measured('scikit-learn of the model and its server', world.trained.sklearn);
  });

  afterAll(async () => {
    await removeNamespaces();
    await removeVolumes();
    await world?.stop();
  });

  async function answersRight(namespace: string): Promise<void> {
    const { client, trained } = world;
    const answers = await predict(client, trained, { model: 'iris', rest: await serviceAddress('iris', namespace, 'http'), grpc: await serviceAddress('iris', namespace, 'grpc') });
    expect(new Set(trained.expected)).toEqual(new Set([0, 1, 2]));
    expect(answers.rest).toEqual(trained.expected);
    expect(answers.grpc).toEqual(trained.expected);
  }

  test("the app's own manifests download it from S3, and it answers right by V2 REST and gRPC", async () => {
    const began = Date.now();
    const namespace = await world.deploy(app('iris'), 'iris-s3');
    measured('iris from S3: seconds from apply to two Ready copies', (Date.now() - began) / 1000);
    expect(await podsOf('iris', namespace)).toHaveLength(2);
    await answersRight(namespace);
    await removeNamespace(namespace);
  });

  test('read from a volume, it answers right by V2 REST and gRPC', async () => {
    const namespace = await createNamespace('iris-volume');
    await modelVolume(namespace, 'iris-model', { 'model.joblib': world.trained.joblib });
    const manifests = synthesized((chart) => {
      new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.pvcName('iris-model', { immutable: true }), version: 'v1' }) });
    });
    const began = Date.now();
    expect(await apply(await setNamespace(manifests, namespace))).toEqual([]);
    await rolledOut('iris', namespace);
    measured('iris from a volume: seconds from apply to two Ready copies', (Date.now() - began) / 1000);
    await answersRight(namespace);
  });
});
