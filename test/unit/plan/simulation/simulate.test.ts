import fc from 'fast-check';
import { LoadMeasure } from 'cdk8s-serving';
import { behaviorOf } from '../../../../lib/plan/simulation/behavior';
import type { SimulatedSecond, SimulationInput } from '../../../../lib/plan/simulation/input';
import { simulate } from '../../../../lib/plan/simulation/simulate';

const METRIC = { interval: 15, window: 15, delay: 0 };
const BASE: SimulationInput = {
  seconds: 600, arrivals: () => 10, min: 1, max: 10, signals: [{ measure: LoadMeasure.CPU, target: 50, total: false, standby: 0, metric: METRIC }], behavior: behaviorOf({}, 0.1), initial: 1, cpuMillis: 1000,
  copy: { pending: 10, loading: 20, stopping: 30 }, work: { capacity: 20, serviceTime: 0.1, cpuAtRest: 0, cpuAtCapacity: 100, cpuAtStart: 100 }, patience: 5, queuePerCopy: Infinity, sync: 15,
  calculator: { toleranceUp: 0.1, toleranceDown: 0.1, cpuInitializationSeconds: 300, initialReadinessSeconds: 30 },
};
const changes = (seconds: readonly SimulatedSecond[], of: 'wanted' | 'ready' = 'wanted'): [number, number][] => seconds.filter((one, i) => one[of] !== seconds[i - 1]?.[of]).map((one) => [one.second, one[of]]);
const sum = (seconds: readonly SimulatedSecond[], of: 'arrived' | 'answered' | 'dropped') => seconds.reduce((total, one) => total + one[of], 0);

test('a load on its target changes nothing', () => {
  expect(changes(simulate(BASE))).toEqual([[0, 1]]);
});

test('a jump: seen by the next look, decided at the next sync, ready after the start', () => {
  const seconds = simulate({ ...BASE, arrivals: (second) => (second < 60 ? 10 : 20) });
  // looks at 52, 67, 82: the one at 67 has 7 of 15 seconds at 100 percent: 73, one copy more at 75; at 90 the whole window, but the second copy starts and counts as idle
  expect(changes(seconds)).toEqual([[0, 1], [75, 2]]);
  expect(changes(seconds, 'ready')).toEqual([[0, 1], [105, 2]]);
  expect(sum(seconds, 'dropped')).toBe(0);
});

test('what exceeds the capacity waits, and is lost when its patience ends', () => {
  const seconds = simulate({ ...BASE, signals: [], arrivals: (second) => (second < 100 ? 30 : 0), seconds: 200 });
  // 10 a second too many: after 5 s of patience, less the time of an answer, as many are lost as come too much
  expect(seconds[4]).toMatchObject({ waiting: 50, dropped: 0, answered: 20 });
  expect(Math.max(...seconds.map((one) => one.waited))).toBe(4);
  expect(seconds.slice(50, 60).reduce((total, one) => total + one.dropped, 0)).toBeCloseTo(100, 0);
  expect(seconds[199]).toMatchObject({ waiting: 0, answered: 0 });
});

test('where the queue is full, the last to come is lost at once', () => {
  const seconds = simulate({ ...BASE, signals: [], arrivals: () => 30, queuePerCopy: 25, seconds: 20 });
  expect(seconds.map((one) => one.waiting).slice(0, 5)).toEqual([10, 20, 25, 25, 25]);
  expect(seconds[10]).toMatchObject({ answered: 20, dropped: 10 });
});

test('without a copy that is ready every request is lost', () => {
  const seconds = simulate({ ...BASE, initial: 0, min: 0, max: 0, signals: [], seconds: 10 });
  expect(seconds.every((one) => one.dropped === 10 && one.answered === 0 && one.waiting === 0)).toBe(true);
});

test('copies go after the window, and cost until they have stopped', () => {
  const seconds = simulate({ ...BASE, arrivals: (second) => (second < 120 ? 40 : 1), initial: 4, seconds: 600, behavior: behaviorOf({ scaleDown: { stabilizationWindowSeconds: 60, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } }, 0.1) });
  // the look at 112 is the last one with nothing but load: decided upon at 120, it holds for 60 s
  const [, first] = changes(seconds);
  expect(first).toEqual([180, 3]);
  expect(seconds[180]).toMatchObject({ wanted: 3, stopping: 1 });
  expect([seconds[209]!.stopping, seconds[210]!.stopping]).toEqual([1, 0]);
  expect(changes(seconds).map(([, copies]) => copies)).toEqual([4, 3, 2, 1]);
});

test('a queue asks for copies that CPU does not', () => {
  const signals = [{ measure: LoadMeasure.QUEUE, target: 10, total: false, standby: 0, metric: { interval: 15, window: 0, delay: 0 } }];
  const seconds = simulate({ ...BASE, signals, patience: 60, arrivals: () => 25 });
  expect(Math.max(...seconds.map((one) => one.wanted))).toBeGreaterThanOrEqual(2);
  expect(sum(seconds, 'dropped')).toBe(0);
});

test('a rate that copies can not reach never asks for more: the copies answer no faster', () => {
  const signals = [{ measure: LoadMeasure.RATE, target: 25, total: false, standby: 0, metric: { interval: 30, window: 60, delay: 0 } }];
  const seconds = simulate({ ...BASE, signals, arrivals: () => 60 });
  expect([Math.max(...seconds.map((one) => one.wanted)), sum(seconds, 'dropped') > 10_000]).toEqual([1, true]);
});

test('concurrency counts what is answered and what waits', () => {
  const signals = [{ measure: LoadMeasure.CONCURRENCY, target: 0.5, total: false, standby: 0, metric: { interval: 15, window: 0, delay: 0 } }];
  // 10 a second for 0.1 s each are one at a time
  expect(simulate({ ...BASE, signals }).at(-1)).toMatchObject({ wanted: 2 });
});

describe('for any load and scaling', () => {
  const inputs = fc.record({
    loads: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }), min: fc.integer({ min: 1, max: 5 }), more: fc.integer({ min: 0, max: 20 }), target: fc.integer({ min: 1, max: 150 }),
    measure: fc.constantFrom(...Object.values(LoadMeasure)), pending: fc.integer({ min: 0, max: 120 }), loading: fc.integer({ min: 0, max: 400 }), stopping: fc.integer({ min: 0, max: 60 }), patience: fc.integer({ min: 0, max: 120 }),
    queue: fc.constantFrom(0, 3, 50, Infinity), window: fc.integer({ min: 0, max: 400 }), sync: fc.integer({ min: 1, max: 30 }), interval: fc.integer({ min: 1, max: 60 }),
    select: fc.constantFrom('Max', 'Min', 'Disabled'), value: fc.integer({ min: 1, max: 100 }), period: fc.integer({ min: 1, max: 300 }), type: fc.constantFrom('Pods', 'Percent'), capacity: fc.integer({ min: 1, max: 60 }), total: fc.boolean(), standby: fc.integer({ min: 0, max: 2 }),
  }).map((any): SimulationInput => {
    const rules = { stabilizationWindowSeconds: any.window, selectPolicy: any.select, policies: [{ type: any.type, value: any.value, periodSeconds: any.period }] };
    return {
      ...BASE, seconds: any.loads.length * 120, arrivals: (second) => any.loads[Math.floor(second / 120)]!, min: any.min, max: any.min + any.more, initial: any.min,
      signals: [{ measure: any.measure, target: any.target, total: any.total, standby: any.total ? any.standby : 0, metric: { interval: any.interval, window: any.measure === LoadMeasure.CPU || any.measure === LoadMeasure.RATE ? any.interval : 0, delay: 0 } }],
      copy: { pending: any.pending, loading: any.loading, stopping: any.stopping }, patience: any.patience, queuePerCopy: any.queue, sync: any.sync, work: { ...BASE.work, capacity: any.capacity },
      behavior: behaviorOf({ scaleUp: rules, scaleDown: rules }, 0.1),
    };
  });

  test('copies stay within their bounds', () => {
    fc.assert(fc.property(inputs, (input) => {
      expect(simulate(input).filter((one) => one.wanted < input.min || one.wanted > input.max || one.ready > one.wanted)).toEqual([]);
    }), { numRuns: 60 });
  });

  test('no request is lost sight of: what came was answered, was lost or waits, in every second', () => {
    fc.assert(fc.property(inputs, (input) => {
      let open = 0;
      const wrong = simulate(input).filter((one) => {
        open += one.arrived - one.answered - one.dropped;
        return !(Math.abs(open - one.waiting) < 1e-6 && Math.min(one.answered, one.dropped, one.waiting, one.waited) >= 0 && one.answered <= one.ready * input.work.capacity + 1e-9);
      });
      expect(wrong).toEqual([]);
    }), { numRuns: 60 });
  });

  test('one copy more never loses more', () => {
    fc.assert(fc.property(inputs, fc.integer({ min: 1, max: 9 }), (input, copies) => {
      const lost = (initial: number) => sum(simulate({ ...input, signals: [], initial }), 'dropped');
      expect(lost(copies + 1)).toBeLessThanOrEqual(lost(copies) + 1e-6);
    }), { numRuns: 60 });
  });

  test('the same input gives the same seconds', () => {
    fc.assert(fc.property(inputs, (input) => { expect(simulate(input)).toEqual(simulate(input)); }), { numRuns: 20 });
  });
});
