import { type AppOutput, runApp } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('shadow'); }, 60_000);

const named = (kind: string, name: string): any => app.manifests.find((object) => object.kind === kind && object.metadata.name === name);

test('both versions run, each with its own model', () => {
  const of = (name: string): unknown[] => [named('Deployment', name).spec.replicas, named('Deployment', name).spec.template.metadata.labels['app.kubernetes.io/version']];
  expect([of('ranker'), of('ranker-candidate')]).toEqual([[4, 'v12'], [1, 'v13']]);
});

test('clients get the stable version alone, and a quarter of the requests is copied to the other', () => {
  const [rule] = app.of('HTTPRoute').spec.rules;
  expect(rule.backendRefs.map(({ name }: any) => name)).toEqual(['ranker']);
  expect(rule.filters).toEqual([expect.objectContaining({ type: 'RequestMirror', requestMirror: expect.objectContaining({ backendRef: expect.objectContaining({ name: 'ranker-candidate' }), percent: 25 }) })]);
});

test('no Service leads to both', () => {
  const selected = (name: string): string[] => app.manifests.filter(({ kind }) => kind === 'Deployment').filter(({ spec }) => Object.entries(named('Service', name).spec.selector).every(([key, value]) => spec.template.metadata.labels[key] === value)).map(({ metadata }) => metadata.name);
  expect([selected('ranker'), selected('ranker-candidate')]).toEqual([['ranker'], ['ranker-candidate']]);
});

test('how a release goes is written beside the manifests', () => expect(app.files['release.md']).toContain('## Release of ranker: shadow by plain Deployments, routed by the Gateway API\n'));
