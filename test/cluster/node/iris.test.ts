import { Client } from '../../support/cluster/client';
import { apply, type Manifest } from '../../support/cluster/kubectl';
import { type TrainedModel, trainIris } from '../../support/cluster/model';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { predict } from '../../support/cluster/predict';
import { mlserver, type Source } from '../../support/cluster/prototype/mlserver';
import { measured } from '../../support/cluster/report';
import { S3Server } from '../../support/cluster/s3';
import { modelVolume, removeVolumes } from '../../support/cluster/volumes';
import { rolledOut, serviceAddress } from '../../support/cluster/workloads';

const manifests = (source: Source): Manifest[] => mlserver({ name: 'iris', source });

describe('the iris model on a real node', () => {
  let s3: S3Server;
  let client: Client;
  let trained: TrainedModel;

  beforeAll(async () => {
    s3 = await S3Server.start();
    client = await Client.start(await createNamespace('client'));
    trained = await trainIris(client);
    measured('scikit-learn of the model and its server', trained.sklearn);
  });

  afterAll(async () => {
    await removeNamespaces();
    await removeVolumes();
    await s3?.stop();
  });

  async function answersRight(namespace: string, source: Source): Promise<void> {
    const began = Date.now();
    expect(await apply(await setNamespace(manifests(source), namespace))).toEqual([]);
    await rolledOut('iris', namespace);
    measured(`${Object.keys(source)[0]}: seconds from apply to Ready`, (Date.now() - began) / 1000);
    const rest = await serviceAddress('iris', namespace, 'http');
    const grpc = await serviceAddress('iris', namespace, 'grpc');
    const answers = await predict(client, trained, { model: 'iris', rest, grpc });
    expect(new Set(trained.expected)).toEqual(new Set([0, 1, 2]));
    expect(answers.rest).toEqual(trained.expected);
    expect(answers.grpc).toEqual(trained.expected);
  }

  test('downloaded from S3 by the init container, it answers right by V2 REST and gRPC', async () => {
    await s3.put('models', 'iris/v1/model.joblib', trained.joblib);
    await answersRight(await createNamespace('iris-s3'), { s3: 's3://models/iris/v1', environment: s3.environment() });
  });

  test('read from a volume, it answers right by V2 REST and gRPC', async () => {
    const namespace = await createNamespace('iris-volume');
    await modelVolume(namespace, 'iris-model', { 'model.joblib': trained.joblib });
    await answersRight(namespace, { claim: 'iris-model' });
  });
});
