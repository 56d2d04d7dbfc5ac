import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { Cluster, InferenceProtocol, InferenceService, Problems, ServingEngine } from 'cdk8s-serving';
import { iris, synth } from '../../support/serving';

const engine = (scope: Construct, name: string): ServingEngine => new ServingEngine(scope, `Engine-${name}`, { cluster: Cluster.of({ name, domain: `${name}.example.com` }) });
const service = (scope: Construct, id = 'Iris'): InferenceService => new InferenceService(scope, id, { model: iris() });
const host = (of: InferenceService): string => of.endpoint(InferenceProtocol.V2_REST)!.host;
const codes = (app: App): string[] => Problems.of(app).map((one) => one.code);

test('the engine of a chart is for all below it', () => {
  const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
  const own = engine(chart, 'own');
  const group = new Construct(new Construct(chart, 'A'), 'B');
  expect([host(service(group)), ServingEngine.of(group)]).toEqual(['iris.ml.svc.own.example.com', own]);
});

test('the engine of the app is for all charts', () => {
  const app = Testing.app();
  const own = engine(app, 'app');
  const made = service(new Chart(app, 'ml'));
  expect([made.engine, codes(app)]).toEqual([own, []]);
  expect(synth(made.node.scope as Chart).length).toBeGreaterThan(0);
});

test('the nearest counts', () => {
  const app = Testing.app();
  engine(app, 'app');
  const chart = new Chart(app, 'ml', { namespace: 'ml' });
  const near = engine(chart, 'near');
  const group = new Construct(chart, 'Group');
  const nearest = engine(group, 'nearest');
  expect([service(chart, 'A').engine, service(group, 'B').engine, service(new Chart(app, 'other'), 'C').engine!.cluster.name, codes(app)]).toEqual([near, nearest, 'app', []]);
});

test('one that is handed over counts before the nearest, wherever it is', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'ml');
  engine(chart, 'near');
  const far = engine(new Chart(app, 'far'), 'far');
  expect(new InferenceService(chart, 'Iris', { model: iris(), engine: far }).engine).toBe(far);
  expect(codes(app)).toEqual([]);
});

test('without any, services run on plain Kubernetes', () => {
  const chart = Testing.chart();
  expect([ServingEngine.of(chart), service(chart).engine, host(service(chart, 'Other'))]).toEqual([undefined, undefined, 'other']);
  expect(synth(chart).some((one) => one.kind === 'Deployment')).toBe(true);
});

test('an engine that is made after a service of its scope is told at the service', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'ml');
  service(chart);
  engine(chart, 'late');
  expect(Problems.of(app)).toEqual([expect.objectContaining({ code: 'SERVING_ENGINE_AFTER_SERVICE', path: 'ml/Iris', what: "the engine 'ml/Engine-late' was made after this service" })]);
});

test('an engine that is made later but nearer is told, one that is further is not', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'ml');
  const group = new Construct(chart, 'Group');
  engine(group, 'first');
  service(group);
  engine(chart, 'further');
  expect(codes(app)).toEqual([]);
  const inner = new Construct(group, 'Inner');
  service(inner, 'Other');
  engine(inner, 'nearer');
  expect(codes(app)).toEqual(['SERVING_ENGINE_AFTER_SERVICE']);
});

test('a service that was handed its engine does not mind a later one', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'ml');
  new InferenceService(chart, 'Iris', { model: iris(), engine: engine(new Chart(app, 'far'), 'far') });
  engine(chart, 'late');
  expect(codes(app)).toEqual([]);
});

test('two engines in one scope are told at the second', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'ml');
  engine(chart, 'a');
  engine(chart, 'b');
  expect(Problems.of(app)).toEqual([expect.objectContaining({ code: 'SERVING_TWO_ENGINES', path: 'ml/Engine-b', what: "'ml/Engine-a' is an engine in the same scope", got: '"ml/Engine-b"' })]);
});

test('a service outside of any chart is told', () => {
  const app = Testing.app();
  service(app as any);
  expect(codes(app)).toEqual(['SERVING_OUTSIDE_OF_CHART']);
});
