import { type AppOutput, runApp, serverOf } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('iris'); }, 60_000);

test('one statement gives a Deployment with all that belongs around it', () => {
  expect(app.manifests.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'PodDisruptionBudget', 'Service', 'ServiceAccount']);
});

test('the model is served by MLServer for scikit-learn, in two copies', () => {
  expect(serverOf(app).image).toBe('docker.io/seldonio/mlserver:1.7.1-sklearn');
  expect(app.of('Deployment').spec.replicas).toBe(2);
});

test('the files of the model are downloaded before the server starts', () => {
  expect(app.of('Deployment').spec.template.spec.initContainers[0].args).toEqual(['s3://models/iris/v1/', '/mnt/models']);
});

test('the version of the model is told by a label', () => expect(app.of('Deployment').metadata.labels['app.kubernetes.io/version']).toBe('v1'));
