import { parseAllDocuments } from 'yaml';
import { type AppOutput, runApp } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('one-service-four-engines'); }, 60_000);

const ENGINES = ['kubernetes', 'kserve', 'seldon-core-v1', 'seldon-core-v2'];
const objects = (engine: string): any[] => parseAllDocuments(app.files[`on-${engine}.k8s.yaml`]!).map((document) => document.toJS());
const of = (engine: string, kind: string): any[] => objects(engine).filter((one) => one.kind === kind);
const fraud = (engine: string, kind: string): any => of(engine, kind).find(({ metadata }) => metadata.name === 'fraud');

test.each([['kubernetes', 'Deployment', 2], ['kserve', 'InferenceService', 2], ['seldon-core-v1', 'SeldonDeployment', 1], ['seldon-core-v2', 'Model', 2]])('on %s the versions are of the kind %s, and of no other engine', (engine, kind, count) => {
  expect(of(engine, kind).length).toBe(count);
  const others = ['Deployment', 'InferenceService', 'SeldonDeployment', 'Model'].filter((one) => one !== kind);
  expect(others.flatMap((one) => of(engine, one))).toEqual([]);
});

test.each(ENGINES)('on %s a tenth of the requests goes to the next version', (engine) => {
  const experiment = of(engine, 'Experiment')[0];
  const split = experiment === undefined ? fraud(engine, 'HTTPRoute').spec.rules[0].backendRefs : experiment.spec.candidates;
  expect(split.map(({ name, weight }: any) => [name, weight])).toEqual([['fraud', 90], ['fraud-candidate', 10]]);
});

test('the autoscaler follows what the engine makes', () => {
  expect(ENGINES.map((engine) => { const { kind, name } = fraud(engine, 'HorizontalPodAutoscaler').spec.scaleTargetRef; return `${kind} ${name}`; })).toEqual([
    'Deployment fraud', 'Deployment fraud-predictor', 'Deployment fraud-default-0-model', 'Model fraud',
  ]);
  for (const engine of ENGINES) expect(fraud(engine, 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 3, maxReplicas: 12 });
});

test('clients, the budget and alerts know no engine', () => {
  for (const engine of ENGINES) {
    const { hostnames, rules } = fraud(engine, 'HTTPRoute').spec;
    expect([hostnames, rules[0].matches[0].path.value]).toEqual([['fraud.example.com'], '/v2/models']);
    expect(fraud(engine, 'Service').spec.ports.find(({ name }: any) => name === 'http').port).toBe(80);
    expect(of(engine, 'PodDisruptionBudget').length).toBeGreaterThan(0);
  }
  const alerts = (engine: string): string[] => fraud(engine, 'PrometheusRule').spec.groups.flatMap(({ rules }: any) => rules.flatMap(({ alert }: any) => alert ?? [])).sort();
  expect(alerts('kubernetes')).toContain('InferenceServiceErrorBudgetBurn');
  for (const engine of ENGINES) expect([engine, alerts(engine)]).toEqual([engine, alerts('kubernetes')]);
});
