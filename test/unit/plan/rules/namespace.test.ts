import { Chart, ChartProps, Testing } from 'cdk8s';
import { InferenceService, Problem, Problems } from 'cdk8s-serving';
import { iris } from '../../../support/serving';

function inChart(props: ChartProps): Problem[] {
  const app = Testing.app();
  new InferenceService(new Chart(app, 'ml', props), 'Iris', { model: iris() });
  return Problems.of(app);
}

test.each(['Not-One', '', 'a.b', '-a', 'a_b', 'x'.repeat(64)])('a chart in namespace %p is told, as every object carries it', (namespace) => {
  expect(inChart({ namespace })).toEqual([expect.objectContaining({ code: 'SERVING_NAMESPACE', severity: 'error', path: 'ml/Iris', got: JSON.stringify(namespace), what: "the chart's namespace is not one", allowed: expect.stringContaining('1 to 63') })]);
});

test.each([{}, { namespace: 'models' }, { namespace: '2' }, { namespace: 'x'.repeat(63) }])('a namespace as Kubernetes takes it, or none, is fine: %p', (props) => {
  expect(inChart(props)).toEqual([]);
});

test.each<[string, { [key: string]: any }]>([
  ['a key with a space', { 'a b': 'c' }], ['a prefix that is no host name', { 'a..b/c': 'd' }], ['a value with a space', { a: 'b c' }], ['a value that is too long', { a: 'x'.repeat(64) }], ['a number', { a: 1 }],
])('labels of a chart are told that Kubernetes does not take: %s', (_, labels) => {
  expect(inChart({ labels })).toEqual([expect.objectContaining({ code: 'SERVING_CHART_LABELS', severity: 'error', what: `the chart's labels are not such: ${JSON.stringify(Object.keys(labels)[0])}`, fix: "correct 'labels' of the Chart" })]);
});

test('of several labels only those are told that are wrong', () => {
  expect(inChart({ labels: { stage: 'prod', 'example.com/tier': '', 'a b': 'c' } })).toEqual([expect.objectContaining({ code: 'SERVING_CHART_LABELS', got: '{ a b: "c" }' })]);
  expect(inChart({ labels: { stage: 'prod', 'example.com/tier': '' } })).toEqual([]);
});
