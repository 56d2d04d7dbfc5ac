import { type AppOutput, runApp } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('canary'); }, 60_000);

const steps = (): any[] => app.of('Rollout').spec.strategy.canary.steps;
const measures = (name: string): any[] => app.manifests.find(({ kind, metadata }) => kind === 'AnalysisTemplate' && metadata.name === `scoring-${name}`).spec.metrics;

test('golden requests come first, then 10 % and 50 % of the requests', () => {
  expect(steps().filter((step) => step.setWeight !== undefined || step.analysis !== undefined).map((step) => step.setWeight ?? step.analysis.templates.map((one: any) => one.templateName))).toEqual([
    ['scoring-golden'], 10, ['scoring-errors', 'scoring-latency'], 50, ['scoring-errors', 'scoring-latency'],
  ]);
});

test('the gates ask the new version alone, with their bounds', () => {
  for (const gate of ['errors', 'latency']) expect(measures(gate)[0].provider.prometheus.query).toContain('scoring-{{args.new-hash}}');
  expect(measures('errors')[0].successCondition).toContain('result[0] <= 1');
  expect(measures('latency')[0].successCondition).toContain('result[0] <= 5');
});

test('the golden requests are those of the file, sent to the version on trial', () => {
  const { data } = app.manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('scoring-golden'));
  expect(JSON.parse(data['requests.json']).map(({ name }: any) => name)).toEqual(['a steady income pays back', 'two missed payments do not', 'a request without inputs is refused']);
  expect(measures('golden')[0].provider.job.spec.template.spec.containers[0].command).toContain('http://scoring-canary:80/v2/models/scoring/infer');
});

test('the route has both versions, and begins with the stable one', () => {
  expect(app.of('HTTPRoute').spec.rules[0].backendRefs.map(({ name, weight }: any) => [name, weight])).toEqual([['scoring', 100], ['scoring-canary', 0]]);
});

test('the autoscaler scales the Rollout, whose manifest has no number of copies', () => {
  expect(app.of('HorizontalPodAutoscaler').spec.scaleTargetRef).toMatchObject({ kind: 'Rollout', name: 'scoring' });
  expect(app.of('Rollout').spec.replicas).toBeUndefined();
});

test('how a release goes is written beside the manifests', () => expect(app.files['release.md']).toContain('## Release of scoring: canary by Argo Rollouts, routed by the Gateway API\n'));
