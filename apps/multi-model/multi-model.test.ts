import { parseAllDocuments } from 'yaml';
import { type AppOutput, runApp } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('multi-model'); }, 60_000);

const of = (file: string, kind: string): any[] => parseAllDocuments(app.files[`${file}.k8s.yaml`]!).map((document) => document.toJS()).filter((one) => one.kind === kind);
const named = (objects: any[], name: string): any => objects.find(({ metadata }) => metadata.name === name);

test.each([['on-kubernetes', 'Deployment'], ['on-kserve', 'InferenceService']])('%s has one %s for the three small models, and one for the large', (file, kind) => {
  expect(of(file, kind).map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(['countries', 'premium']));
  const settings = Object.values<string>(named(of(file, 'ConfigMap'), of(file, 'ConfigMap')[0].metadata.name).data).filter((text) => text.includes('"implementation"')).map((text) => JSON.parse(text).name);
  expect(settings.sort()).toEqual(['premium-de', 'premium-fr', 'premium-it']);
});

test('Seldon Core v2 has a Model for each, and no pods of theirs', () => {
  expect(of('on-seldon-core-v2', 'Model').map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual([['premium-de', 2], ['premium-fr', 2], ['premium-it', 2], ['premium', 3]]);
  expect(of('on-seldon-core-v2', 'Deployment').map(({ metadata }) => metadata.name)).toEqual(['premiums']);
});

test.each([['on-kubernetes', 'countries'], ['on-kserve', 'countries'], ['on-seldon-core-v2', 'premium-de']])('%s asks the German model at %s for German requests, and the large one for those of no country of the three', (file, service) => {
  const { args } = named(of(file, 'Deployment'), 'premiums').spec.template.spec.containers[0];
  const { root } = JSON.parse(args[args.indexOf('--graph-json') + 1]).nodes;
  expect(root.routerType).toBe('Switch');
  expect(root.steps[0]).toMatchObject({ serviceUrl: `http://${service}.premiums.svc.cluster.local/v2/models/premium-de/infer`, condition: '[@this].#(parameters.country=="de")' });
  expect(root.steps[3].serviceUrl).toBe('http://premium.premiums.svc.cluster.local/v2/models/premium/infer');
});

test('the host leads to the graph', () => {
  for (const file of ['on-kubernetes', 'on-kserve', 'on-seldon-core-v2']) expect(of(file, 'HTTPRoute').map(({ spec }) => [spec.hostnames[0], spec.rules[0].backendRefs[0].name])).toEqual([['premiums.example.com', 'premiums']]);
});
