import { Client } from '../../support/cluster/client';
import { apply, type Manifest } from '../../support/cluster/kubectl';
import { type TrainedModel, trainIris } from '../../support/cluster/model';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { predict } from '../../support/cluster/predict';
import { fastapi } from '../../support/cluster/prototype/fastapi';
import { measured } from '../../support/cluster/report';
import { S3Server } from '../../support/cluster/s3';
import { rolledOut, serviceAddress } from '../../support/cluster/workloads';

const manifests = (s3: S3Server): Manifest[] => fastapi({ name: 'wrapped', source: { s3: 's3://models/iris/v1', environment: s3.environment() } });

describe('a FastAPI wrapper on a real node', () => {
  let s3: S3Server;
  let client: Client;
  let trained: TrainedModel;

  beforeAll(async () => {
    s3 = await S3Server.start();
    client = await Client.start(await createNamespace('client'));
    trained = await trainIris(client);
    await s3.put('models', 'iris/v1/model.joblib', trained.joblib);
  });

  afterAll(async () => {
    await removeNamespaces();
    await s3?.stop();
  });

  test('answers right by REST through its Service', async () => {
    const namespace = await createNamespace('fastapi');
    const began = Date.now();
    await apply(await setNamespace(manifests(s3), namespace));
    await rolledOut('wrapped', namespace);
    measured('FastAPI: seconds from apply to Ready', (Date.now() - began) / 1000);
    const answers = await predict(client, trained, { model: 'wrapped', rest: await serviceAddress('wrapped', namespace, 'http') });
    expect(answers.rest).toEqual(trained.expected);
  });
});
