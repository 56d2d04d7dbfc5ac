import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { Cluster, ClusterOperator, InferenceService, MetricsBackend, MonitoringStack, Problems, ServingEngine } from 'cdk8s-serving';
import { iris, synth } from '../../support/serving';

const cluster = Cluster.of({ version: '1.34', operators: [ClusterOperator.PROMETHEUS_OPERATOR] });
const chart = (app: App, namespace: string): Chart => new Chart(app, namespace, { namespace });
const stack = (of: Chart): MonitoringStack => new MonitoringStack(of, 'Watch', { cluster, metrics: MetricsBackend.kubePrometheusStack({ release: 'monitoring' }) });
const kinds = (of: Chart): string[] => synth(of).map(({ kind }) => kind);

test('a stack of another chart watches by the engine, in the namespace of the service', () => {
  const app = Testing.app();
  const watch = stack(chart(app, 'platform'));
  new ServingEngine(app, 'Engine', { cluster, monitoring: watch });
  const risk = chart(app, 'risk');
  expect(new InferenceService(risk, 'Fraud', { model: iris() }).monitoring).toBe(watch);
  expect(Problems.of(app)).toEqual([]);
  expect(kinds(risk)).toEqual(expect.arrayContaining(['PodMonitor', 'PrometheusRule']));
});

test('a service beside a stack that does not watch it says so, until that is meant', () => {
  const app = Testing.app();
  stack(chart(app, 'platform'));
  new ServingEngine(app, 'Engine', { cluster });
  const risk = chart(app, 'risk');
  const fraud = new InferenceService(risk, 'Fraud', { model: iris() });
  expect(Problems.of(app)).toEqual([expect.objectContaining({ code: 'SERVING_NOT_WATCHED', path: 'risk/Fraud', what: "the stack 'platform/Watch' watches what is below 'platform', and this service is elsewhere" })]);
  expect(kinds(risk)).not.toContain('PodMonitor');
  Problems.acknowledge(fraud, 'SERVING_NOT_WATCHED', 'a trial');
  expect(Problems.of(app).map((one) => one.acknowledged)).toEqual(['a trial']);
});

test('a program without a stack is not asked for one', () => {
  const app = Testing.app();
  new InferenceService(chart(app, 'risk'), 'Fraud', { model: iris() });
  expect(Problems.of(app)).toEqual([]);
});

test('a stack that is nearer than the engine that names another is told', () => {
  const app = Testing.app();
  const watch = stack(chart(app, 'platform'));
  new ServingEngine(app, 'Engine', { cluster, monitoring: watch });
  const risk = chart(app, 'risk');
  const near = stack(risk);
  const fraud = new InferenceService(risk, 'Fraud', { model: iris() });
  expect([fraud.monitoring, Problems.of(app)]).toEqual([watch, [expect.objectContaining({ code: 'SERVING_NEARER_STACK', what: "the stack 'risk/Watch' is nearer than the engine 'Engine', which names 'platform/Watch'" })]]);
  expect(new InferenceService(risk, 'Iris', { model: iris(), monitoring: near }).monitoring).toBe(near);
  expect(Problems.of(app).map(({ path }) => path)).toEqual(['risk/Fraud']);
});

test('an engine in a scope below a stack may name another', () => {
  const app = Testing.app();
  const watch = stack(chart(app, 'platform'));
  const risk = chart(app, 'risk');
  stack(risk);
  const group = new Construct(risk, 'Group');
  new ServingEngine(group, 'Engine', { cluster, monitoring: watch });
  expect(new InferenceService(group, 'Fraud', { model: iris() }).monitoring).toBe(watch);
  expect(Problems.of(app)).toEqual([]);
});
