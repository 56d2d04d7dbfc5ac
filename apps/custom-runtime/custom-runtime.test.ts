import { type AppOutput, runApp, serverOf } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('custom-runtime'); }, 60_000);

test('the code comes as a ConfigMap, and pods follow its content', () => {
  const code = app.of('ConfigMap');
  expect(Object.keys(code.data).sort()).toEqual(['sentiment.py', 'words.json']);
  expect(app.of('Deployment').spec.template.spec.volumes.find(({ name }: any) => name === 'code').configMap.name).toBe(code.metadata.name);
});

test('MLServer runs the class of the code', () => {
  expect(serverOf(app).image).toBe('docker.io/seldonio/mlserver:1.7.1-slim');
  expect(serverOf(app).env).toContainEqual({ name: 'MLSERVER_MODEL_IMPLEMENTATION', value: 'sentiment.Sentiment' });
  expect(serverOf(app).env).toContainEqual({ name: 'PYTHONPATH', value: '/mnt/code' });
});

test('nothing is downloaded: the code is the model', () => expect(app.of('Deployment').spec.template.spec.initContainers).toBeUndefined());
