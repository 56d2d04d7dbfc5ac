import { type AppOutput, runApp, serverOf } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('vision'); }, 60_000);

test('Triton serves three copies, each on a seventh of an A100', () => {
  expect(serverOf(app).image).toBe('nvcr.io/nvidia/tritonserver:26.07-py3');
  expect(serverOf(app).resources.limits['nvidia.com/mig-1g.10gb']).toBe('1');
  expect(app.of('Deployment').spec.replicas).toBe(3);
});

test('copies run on nodes of the pool, whose taint they tolerate', () => {
  const pod = app.of('Deployment').spec.template.spec;
  expect(JSON.stringify(pod.affinity)).toContain('NVIDIA-A100-SXM4-80GB');
  expect(pod.tolerations).toContainEqual({ key: 'nvidia.com/gpu', operator: 'Exists' });
});

test('an update uses the spare devices: a new copy comes before an old one goes', () => {
  expect(app.of('Deployment').spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
});
