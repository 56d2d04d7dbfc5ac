import { type AppOutput, runApp, serverOf } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('assistant'); }, 60_000);

test('vLLM splits the model over two A100', () => {
  expect(serverOf(app).image).toBe('docker.io/vllm/vllm-openai:v0.33.0');
  expect(serverOf(app).args).toContain('--tensor-parallel-size=2');
  expect(serverOf(app).resources.limits['nvidia.com/gpu']).toBe('2');
});

test('one copy, and no device is needed twice in an update', () => {
  expect(app.of('Deployment').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
});

test('a pod that is stopped has the ten minutes that an answer may take', () => {
  expect(app.of('Deployment').spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(600);
});

test('the token of the hub comes from a Secret', () => {
  const token = app.of('Deployment').spec.template.spec.initContainers[0].env.find(({ name }: any) => name === 'HF_TOKEN');
  expect(token).toEqual({ name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'hugging-face', key: 'HF_TOKEN' } } });
});

test('it is exposed under its host name', () => expect(app.of('HTTPRoute').spec.hostnames).toEqual(['assistant.example.com']));
