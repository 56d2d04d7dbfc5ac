import { Duration } from 'cdk8s';
import { Scaling } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a fixed number has one bound and nothing to follow', () => {
  expect(Scaling.fixed(3)).toMatchObject({ min: 3, max: 3, signals: [], autoscaled: false, externallyScaled: false, _findings: [] });
});

test.each([[0], [-1], [1.5], [NaN], [10_001]])('%p copies are refused', (replicas) => {
  expect(Scaling.fixed(replicas)._findings).toEqual([expect.objectContaining({ code: 'SERVING_NUMBER_OUT_OF_RANGE', what: "Scaling.fixed: 'replicas' is not allowed" })]);
  expect(codes(Scaling.onCpu({ min: replicas, max: 20_000 }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_NUMBER_OUT_OF_RANGE']);
});

test('CPU aims at 70 percent, memory at 80, unless another is said', () => {
  expect(Scaling.onCpu({ min: 1, max: 4 }).signals).toEqual([{ kind: 'cpu', name: 'cpu', target: 70, targetKind: 'utilization' }]);
  expect(Scaling.onCpu({ min: 1, max: 4, targetPercent: 50 }).signals[0]!.target).toBe(50);
  expect(Scaling.onMemory({ min: 1, max: 4 }).signals).toEqual([{ kind: 'memory', name: 'memory', target: 80, targetKind: 'utilization' }]);
  expect(Scaling.onMemory({ min: 1, max: 4, targetPercent: 60 }).signals[0]!.target).toBe(60);
});

test('a custom metric is aimed at per copy', () => {
  expect(Scaling.onCustomMetric({ min: 1, max: 4, metric: 'queue_length', targetPerReplica: 2.5 }).signals).toEqual([{ kind: 'customMetric', name: 'queue_length', target: 2.5, targetKind: 'perReplica' }]);
});

test("a metric's name has no colon, and the problem says what to do", () => {
  const [finding] = Scaling.onCustomMetric({ min: 1, max: 4, metric: 'vllm:num_requests_waiting', targetPerReplica: 2 })._findings;
  expect(finding).toMatchObject({ code: 'SERVING_TEXT_NOT_ALLOWED', got: '"vllm:num_requests_waiting"', fix: expect.stringContaining('vllm_num_requests_waiting') });
});

test('an autoscaler of your own is autoscaling without a signal', () => {
  expect(Scaling.external({ min: 2, max: 6 })).toMatchObject({ min: 2, max: 6, signals: [], externallyScaled: true, autoscaled: true });
});

test.each([
  ['onCpu', () => Scaling.onCpu({ min: 5, max: 4 })], ['onMemory', () => Scaling.onMemory({ min: 5, max: 4 })], ['onCustomMetric', () => Scaling.onCustomMetric({ min: 5, max: 4, metric: 'm', targetPerReplica: 1 })],
  ['external', () => Scaling.external({ min: 5, max: 4 })],
])('%s: the least is not above the most', (name, make) => {
  expect(make()._findings).toEqual([expect.objectContaining({ code: 'SERVING_SCALING_MIN_ABOVE_MAX', what: `Scaling.${name}: 'min' is above 'max'`, got: '"min 5, max 4"' })]);
});

test('the least may be the most', () => expect(codes(Scaling.onCpu({ min: 4, max: 4 }))).toEqual([]));

test('bounds are required, a time to scale down is at most an hour', () => {
  expect(codes(Scaling.onCpu({} as any))).toEqual(['SERVING_MISSING_PROP', 'SERVING_MISSING_PROP']);
  expect(codes(Scaling.onCpu({ min: 1, max: 2, scaleDownAfter: Duration.hours(1) }))).toEqual([]);
  expect(codes(Scaling.onCpu({ min: 1, max: 2, scaleDownAfter: Duration.minutes(61) }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
});
