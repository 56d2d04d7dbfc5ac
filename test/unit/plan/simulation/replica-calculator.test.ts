import { PodGroupView, replicasByPods, replicasByTotal } from '../../../../lib/plan/simulation/replica-calculator';

const SETTINGS = { toleranceUp: 0.1, toleranceDown: 0.1, cpuInitializationSeconds: 300, initialReadinessSeconds: 30 };
const NOW = 10_000;
/** A copy that has long been Ready. */
const pod = (milli: number | undefined, over: Partial<PodGroupView> = {}): PodGroupView => ({
  count: 1, pending: false, ready: true, startedAt: 0, readySince: 100, metric: milli === undefined ? undefined : { milli, at: NOW - 10, windowSeconds: 15 }, ...over,
});
const cpu = (target: number, pods: PodGroupView[], current = pods.reduce((sum, one) => sum + one.count, 0)) => replicasByPods(NOW, current, pods, { cpu: true, requestMilli: 1000, target }, SETTINGS);
const metric = (target: number, pods: PodGroupView[], current = pods.reduce((sum, one) => sum + one.count, 0)) => replicasByPods(NOW, current, pods, { cpu: false, target }, SETTINGS);

test("the documentation's examples: twice the target doubles the copies, half of it halves them", () => {
  // https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details: 200m against 100m, 50m against 100m
  expect(metric(100, [pod(200, { count: 3 })])).toBe(6);
  expect(metric(100, [pod(50, { count: 4 })])).toBe(2);
});

// cases of Kubernetes' own replica_calculator_test.go, read at v1.34.4; values in thousandths of a CPU, requests of 1
test.each([
  ['ScaleUp', 3, 30, [300, 500, 700], 5],
  ['ScaleDown', 5, 50, [100, 300, 500, 250, 250], 3],
  ['tolerance up', 3, 100, [1010, 1030, 1020], 3],
  ['tolerance down', 3, 100, [900, 980, 930], 3],
])('%s: %i copies, target %i percent', (_, current, target, values, expected) => {
  expect(cpu(target, values.map((value) => pod(value)), current)).toBe(expected);
});

test('the tolerance includes its edge', () => {
  expect([cpu(50, [pod(550)]), cpu(50, [pod(560)]), cpu(50, [pod(450, { count: 10 })]), cpu(50, [pod(440, { count: 10 })])]).toEqual([1, 2, 10, 9]);
});

test('percents are cut off before they are compared, as the controller counts in integers', () => {
  // 559 of 1000 are 55 percent of 50: within the tolerance, though 55.9 is not
  expect(cpu(50, [pod(559)])).toBe(1);
});

test('upwards, a copy that is not yet there counts as idle', () => {
  // ScaleUpUnreadyLessScale: 30 percent wanted; of 3 pods one is unready: 500 + 700 over 3 is 40 percent, 4 copies and not 5
  const unready = { ready: false, startedAt: NOW - 60, readySince: NOW - 60 };
  expect(cpu(30, [pod(300, unready), pod(500), pod(700)])).toBe(4);
  // ScaleUpHotCpuNoLessScale: a pod that is Ready, and whose sample is of after its start, counts as it is
  expect(cpu(30, [pod(400, { startedAt: NOW - 180, readySince: NOW - 180 }), pod(500), pod(700)])).toBe(6);
  // the same while a part of its window is of the time before it was Ready
  expect(cpu(30, [pod(400, { startedAt: NOW - 60, readySince: NOW - 20 }), pod(500), pod(700)])).toBe(4);
  expect(cpu(30, [pod(undefined, { pending: true }), pod(500), pod(700)])).toBe(4);
});

test('copies on their way hold a change back rather than turn it', () => {
  // ScaleUpUnreadyNoScale: 600 of 3 copies are 20 percent: less than wanted, so nothing is done
  const unready = { ready: false, startedAt: NOW - 60, readySince: NOW - 60 };
  expect(cpu(30, [pod(0, { ...unready, count: 2 }), pod(600)])).toBe(3);
});

test('downwards, only copies that are there are counted', () => {
  const unready = { ready: false, startedAt: NOW - 60, readySince: NOW - 60 };
  expect(cpu(50, [pod(200, { count: 4 }), pod(900, { ...unready, count: 2 })])).toBe(2);
});

test('a copy without a metric counts as idle upwards and as busy downwards', () => {
  // MissingMetricsNoChangeEq: 100 percent wanted, one of two without: 1000 is on the target, nothing is done
  expect(cpu(100, [pod(1000), pod(undefined)])).toBe(2);
  expect(cpu(50, [pod(1000), pod(undefined)])).toBe(2);
  expect(cpu(50, [pod(1000, { count: 2 }), pod(undefined)])).toBe(4);
  // downwards: (200 + 1000) of two are 60 percent, above the target: no change of direction
  expect(cpu(50, [pod(200), pod(undefined)])).toBe(2);
  expect(metric(100, [pod(10, { count: 3 }), pod(undefined)])).toBe(2);
});

test('a target above 100 percent takes a copy without a metric for as busy as that', () => {
  expect(cpu(200, [pod(500, { count: 3 }), pod(undefined)])).toBe(2);
});

test('after the initialization period only a copy that was never ready is left out', () => {
  const old = { startedAt: NOW - 400 };
  expect(cpu(30, [pod(900, { ...old, ready: false, readySince: NOW - 400 }), pod(300, { count: 2 })])).toBe(3);
  // it was ready once and isn't now: its CPU counts
  expect(cpu(30, [pod(900, { ...old, ready: false, readySince: NOW - 50 }), pod(300, { count: 2 })])).toBe(5);
  // while it starts for longer than that period, its CPU still doesn't count
  expect(cpu(30, [pod(900, { startedAt: NOW - 301, ready: false, readySince: NOW - 301 }), pod(300, { count: 2 })])).toBe(3);
});

test('of other metrics than CPU, copies count as soon as they run', () => {
  expect(metric(100, [pod(200, { count: 2 }), pod(0, { ready: false, startedAt: NOW - 20, readySince: NOW - 20 })])).toBe(4);
});

test('without any sample there is no proposal', () => {
  expect(cpu(50, [pod(undefined, { count: 3 })])).toBeUndefined();
  expect(cpu(50, [pod(500, { pending: true })])).toBeUndefined();
});

test('a number for all copies is shared out, with the same tolerance', () => {
  expect([replicasByTotal(3, 8000, 2000, SETTINGS), replicasByTotal(3, 6500, 2000, SETTINGS), replicasByTotal(3, 1000, 2000, SETTINGS)]).toEqual([4, 3, 1]);
});
