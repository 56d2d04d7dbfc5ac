import { Accelerator, Credentials, Exposure, Model, ModelSource, Scaling, Team } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';

const IDENTITY = { 'app.kubernetes.io/name': 'iris', 'app.kubernetes.io/component': 'predictor' };

test('every object and pod says what it is, of which version, and whose', () => {
  const served = serve({ owner: Team.of('risk', { costCenter: 'cc-1' }), labels: { tier: 'gold' }, scaling: Scaling.onCpu({ min: 2, max: 4 }), exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, { gateway: { name: 'g', namespace: 'g' } });
  const labels = {
    ...IDENTITY, 'app.kubernetes.io/instance': 'iris', 'app.kubernetes.io/part-of': 'iris', 'app.kubernetes.io/managed-by': 'cdk8s-serving', 'app.kubernetes.io/version': 'v1', 'team': 'risk', 'cost-center': 'cc-1',
    'serving.cdk8s.io/server': 'mlserver', 'tier': 'gold',
  };
  expect(served.manifests.map((one) => one.kind).sort()).toEqual(['Deployment', 'HTTPRoute', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Service', 'ServiceAccount']);
  for (const object of served.manifests) expect([object.kind, object.metadata.labels, object.metadata.namespace]).toEqual([object.kind, labels, 'ml']);
  expect(served.template.metadata.labels).toEqual(labels);
});

test('the workload and the Service select by what never changes', () => {
  for (const served of [serve(), serve({ owner: Team.of('other'), model: iris({ version: 'v9' }), labels: { tier: 'gold' } })]) {
    expect([served.deployment.spec.selector.matchLabels, served.one('Service').spec.selector]).toEqual([IDENTITY, IDENTITY]);
  }
});

test('what nobody said is no label', () => {
  const { labels } = serve({ model: iris({ source: ModelSource.s3('s3://models/latest', { immutable: true }) }) }).deployment.metadata;
  expect(labels).not.toHaveProperty('app.kubernetes.io/version');
  expect(labels).not.toHaveProperty('team');
});

test("a language model's name is a label, by which its cost is found", () => {
  const llm = serve({ model: Model.huggingFace('o/n', { revision: '0123456', name: 'qwen' }), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) });
  expect(llm.deployment.metadata.labels['llm-d.ai/model']).toBe('qwen');
  expect(serve().deployment.metadata.labels).not.toHaveProperty('llm-d.ai/model');
});

test('the ServiceAccount is of the service alone and has no token', () => {
  const served = serve();
  expect([served.one('ServiceAccount').metadata.name, served.one('ServiceAccount').automountServiceAccountToken, served.pod.serviceAccountName, served.pod.automountServiceAccountToken]).toEqual(['iris', false, 'iris', false]);
  expect(serve({ model: iris({ source: ModelSource.s3('s3://models/v1', { credentials: Credentials.workloadIdentity('reader') }) }) }).all('ServiceAccount')).toEqual([]);
});
