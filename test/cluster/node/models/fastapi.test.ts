import { join } from 'node:path';
import { Credentials, InferenceServer, InferenceService, Model, ModelSource, PythonCode } from 'cdk8s-serving';
import { MLSERVER_IMAGE } from '../../../support/cluster/client';
import { IrisWorld } from '../../../support/cluster/iris';
import type { Manifest } from '../../../support/cluster/kubectl';
import { removeNamespaces } from '../../../support/cluster/namespaces';
import { predict } from '../../../support/cluster/predict';
import { measured } from '../../../support/cluster/report';
import { synthesized } from '../../../support/cluster/synthesized';
import { serviceAddress } from '../../../support/cluster/workloads';

/** A team's own server, mounted into an image that has FastAPI: no registry is there to push an image of its own to. */
const manifests = (): Manifest[] => synthesized((chart) => {
  new InferenceService(chart, 'Wrapped', {
    model: Model.custom({
      source: ModelSource.s3('s3://models/iris/v1', { endpoint: 'http://minio.storage:9000', credentials: Credentials.fromSecretName('minio') }),
      code: PythonCode.mount(join(__dirname, '../../../support/cluster/python/wrapper')),
    }),
    server: InferenceServer.fastApi({
      image: MLSERVER_IMAGE, application: 'wrapper:app', predictPath: '/v2/models/{name}/infer', readinessPath: '/v2/health/ready', livenessPath: '/v2/health/live',
    }),
  });
});

describe('a FastAPI wrapper on a real node', () => {
  let world: IrisWorld;

  beforeAll(async () => { world = await IrisWorld.start(); });

  afterAll(async () => {
    await removeNamespaces();
    await world?.stop();
  });

  test('answers right by REST through its Service', async () => {
    const began = Date.now();
    const namespace = await world.deploy(manifests(), 'fastapi', 'wrapped');
    measured('FastAPI: seconds from apply to two Ready copies', (Date.now() - began) / 1000);
    const answers = await predict(world.client, world.trained, { model: 'wrapped', rest: await serviceAddress('wrapped', namespace, 'http') });
    expect(answers.rest).toEqual(world.trained.expected);
  });
});
