import { Chart, Testing } from 'cdk8s';
import { Candidate, Cluster, ClusterOperator, EngineBackend, InferenceService, Problems, Rollout, ServingEngine } from 'cdk8s-serving';
import { iris } from '../../../support/serving';
import { serveOnSeldon } from '../../../support/seldon-v1';

function found(names: string[], options: { kubernetes?: boolean; namespaces?: boolean; candidate?: boolean } = {}): [string, string][] {
  const app = Testing.app();
  const cluster = Cluster.of({ version: '1.34', operators: [ClusterOperator.SELDON_CORE_V1] });
  const charts = names.map((_, i) => new Chart(app, `c${i}`, { namespace: options.namespaces ? `ns-${i}` : 'ml' }));
  names.forEach((name, i) => {
    new ServingEngine(charts[i]!, 'Engine', { cluster, backend: options.kubernetes ? EngineBackend.kubernetes() : EngineBackend.seldonCoreV1() });
    new InferenceService(charts[i]!, name, { name, model: iris(), ...(options.candidate && i === 0 ? { rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ version: 'v2' }) }) } : {}) });
  });
  return Problems.of(app).filter((one) => one.code === 'SERVING_SELDON_NAME_TAKEN').map((one) => [one.path, one.got!]);
}

test.each(['fraud-default', 'fraud-default-server'])('%s is what the operator calls a Service of fraud', (name) => {
  expect(found(['fraud', name])).toEqual([[`c1/${name}`, JSON.stringify(name)]]);
  expect(found(['fraud', name], { kubernetes: true })).toEqual([]);
  expect(found(['fraud', name], { namespaces: true })).toEqual([]);
});

test('a version on trial has Services, too', () => {
  expect(found(['fraud', 'fraud-trial'], { candidate: true })).toEqual([['c1/fraud-trial', '"fraud-trial"']]);
  expect(found(['fraud', 'fraud-trial'])).toEqual([]);
});

test('names are as long as on plain Kubernetes, and nothing that the operator derives is renamed', () => {
  const longest = 'a'.repeat(47);
  const served = serveOnSeldon({ name: longest });
  expect(served.codes).toEqual([]);
  expect(served.plan.groups[0]!.workload.name).toHaveLength(63);
  expect(serveOnSeldon({ name: `${longest}a` }).problem('SERVING_NAME').what).toContain('Seldon Core 1.18');
});
