import { Chart, Duration, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { ClusterOperator, Hold, LoadCurve, LoadMeasure, Scaling, ScalingSimulation, ScalingSimulationProps } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';

const OPERATORS = { operators: [ClusterOperator.METRICS_SERVER, ClusterOperator.CUSTOM_METRICS] };
const jump = LoadCurve.steps([{ rate: 40, lasts: Duration.minutes(5) }, { rate: 200, lasts: Duration.minutes(15) }]);
const props: ScalingSimulationProps = { load: jump, capacityPerReplica: 50 };
const codesOf = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    return (error as { problems: { code: string }[] }).problems.map((one) => one.code);
  }
  return [];
};
// a report that is thrown watches for not being caught until the turn of the event loop is over
afterEach(() => new Promise((resolve) => setImmediate(resolve)));

const service = (over: Parameters<typeof serve>[0] = {}) => serve({ model: iris({ size: Size.mebibytes(500), loadTime: Duration.seconds(40) }), cpu: Cpu.units(1), scaling: Scaling.onCpu({ min: 2, max: 20, targetPercent: 60 }), ...over }, OPERATORS).service;

test('copies follow a jump by the times and the pace that are planned', () => {
  const { points, totals } = ScalingSimulation.run(service(), { ...props, resolution: Duration.seconds(1) });
  const second = (desired: number) => points.find((one) => one.desired >= desired)!.second;
  expect(points[0]).toMatchObject({ desired: 2, ready: 2, load: 40, capacity: 100, queue: 0, answered: 40, dropped: 0, latency: 0.02 });
  expect(second(3)).toBeGreaterThan(300);
  expect(second(3)).toBeLessThanOrEqual(330);
  // 500 MiB at 50 MiB/s, and 40 s to load
  expect(points.find((one) => one.ready > 2)!.second - second(3)).toBe(50);
  expect(points.at(-1)).toMatchObject({ desired: 7, ready: 7, starting: 0, queue: 0, answered: 200 });
  expect(totals).toMatchObject({ requests: 40 * 300 + 200 * 900, waiting: 0 });
  expect(totals.answered + totals.dropped).toBeCloseTo(totals.requests, 3);
  expect(totals.longestQueue).toBeGreaterThan(3000);
});

test('a faster start loses less: that is what it is for', () => {
  const lost = (seconds: number) => ScalingSimulation.run(service(), { ...props, startTime: Duration.seconds(seconds), requestTimeout: Duration.seconds(10) }).totals.dropped;
  expect(lost(10)).toBeLessThan(lost(50));
  expect(lost(50)).toBeLessThan(lost(300));
});

test('it costs what its copies cost by the hour', () => {
  const prices = { currency: 'EUR', cpuHour: 0.04, memoryGibHour: 0.005 };
  const priced = serve({ scaling: Scaling.fixed(3), cpu: Cpu.units(1), memory: Size.gibibytes(2) }, { prices }).service;
  const { totals } = ScalingSimulation.run(priced, { ...props, load: LoadCurve.constant({ rate: 10, lasts: Duration.hours(2) }) });
  expect([totals.copyHours, totals.cost]).toEqual([6, 0.3]);
  expect(ScalingSimulation.run(service(), props).totals.cost).toBeUndefined();
});

test('a scaling alone needs the start time said', () => {
  const { totals, points } = ScalingSimulation.ofScaling(Scaling.onCpu({ min: 1, max: 9, scaleDownAfter: Duration.minutes(1) }), { ...props, startTime: Duration.seconds(20) });
  expect([points[0]!.desired, points.at(-1)!.desired]).toEqual([2, 6]);
  // while what has waited is worked off, the copies are busier than the load alone would make them
  expect(totals.mostCopies).toBeGreaterThan(6);
  expect(codesOf(() => ScalingSimulation.ofScaling(Scaling.fixed(2), props as never))).toEqual(['SERVING_MISSING_PROP']);
});

test('a service that is frozen keeps its copies, one that is stopped has none', () => {
  const until = { reason: 'audit', until: '2027-01-01' };
  expect(ScalingSimulation.run(service({ hold: Hold.frozen(until) }), { ...props, initialReplicas: 3 }).totals.mostCopies).toBe(3);
  expect(ScalingSimulation.run(service({ hold: Hold.stopped(until) }), props).totals).toMatchObject({ mostCopies: 0, answered: 0, droppedPercent: 100 });
});

test('a metric of the server is known by its name, any other by what is said of it', () => {
  const custom = (metric: string, over: Partial<ScalingSimulationProps> = {}) => () => ScalingSimulation.run(service({ scaling: Scaling.onCustomMetric({ metric, targetPerReplica: 25, min: 2, max: 12 }) }), { ...props, ...over });
  expect([codesOf(custom('model_infer_request_duration_count')), codesOf(custom('rest_server_requests_in_progress'))]).toEqual([[], []]);
  expect(codesOf(custom('batch_request_queue'))).toEqual(['SERVING_SIMULATION_SIGNAL']);
  expect(codesOf(custom('our_own'))).toEqual(['SERVING_SIMULATION_SIGNAL']);
  expect([8, 9]).toContain(custom('our_own', { customMetric: LoadMeasure.RATE })().points.at(-1)!.desired);
});

test('requests a second, concurrency and queue are followed; standby copies come on top', () => {
  const alone = (scaling: Scaling) => ScalingSimulation.ofScaling(scaling, { ...props, load: LoadCurve.constant({ rate: 200, lasts: Duration.minutes(30) }), startTime: Duration.seconds(20), concurrencyPerReplica: 10 }).points.at(-1)!.desired;
  // 200 a second at 25 a copy; 40 at a time at 8 a copy
  expect(alone(Scaling.onRequestRate({ min: 2, max: 20, targetPerReplica: 25 }))).toBe(8);
  expect(alone(Scaling.onConcurrency({ min: 2, max: 20, targetPerReplica: 8 }))).toBe(5);
  expect(alone(Scaling.onConcurrency({ min: 2, max: 20, targetPerReplica: 8, standby: 2 }))).toBe(7);
});

test('what can not be simulated, or is wrong, is a report and no stack', () => {
  expect(codesOf(() => ScalingSimulation.run(service({ scaling: Scaling.onMemory({ min: 2, max: 4 }) }), props))).toEqual(['SERVING_SIMULATION_SIGNAL']);
  expect(codesOf(() => ScalingSimulation.run(service({ scaling: Scaling.external({ min: 2, max: 4 }) }), props))).toEqual(['SERVING_SIMULATION_EXTERNAL']);
  expect(codesOf(() => ScalingSimulation.run(service({ scaling: Scaling.fixed(0) }), props))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codesOf(() => ScalingSimulation.run(service(), { ...props, capacityPerReplica: 0, lod: 1 } as never))).toEqual(['SERVING_UNKNOWN_PROP', 'SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codesOf(() => ScalingSimulation.run(service(), { ...props, load: LoadCurve.fromCsv('none.csv') }))).toEqual(['SERVING_LOAD_FILE']);
  try {
    ScalingSimulation.run(service(), {} as never);
  } catch (error) {
    expect((error as Error).message).toMatch(/^2 problems; nothing was simulated\.\n\nSERVING_MISSING_PROP {2}at ml\/Iris\n/);
    expect((error as Error).stack).not.toMatch(/^\s+at .*\.ts/m);
  }
  expect.assertions(7);
});

test('each number of the HPA and its metrics has its effect', () => {
  const base = ScalingSimulation.run(service(), props).toCsv();
  const changed: Partial<ScalingSimulationProps>[] = [
    { syncPeriod: Duration.seconds(60) }, { tolerance: 0.9 }, { metricInterval: Duration.seconds(60) }, { metricDelay: Duration.seconds(60) }, { pullTime: Duration.seconds(90) }, { startTime: Duration.seconds(5) },
    { cpuAtCapacity: 300 }, { cpuAtRest: 40 }, { concurrencyPerReplica: 20 }, { initialReplicas: 9 }, { maxQueuePerReplica: 5 }, { requestTimeout: Duration.seconds(3) },
    { cpuInitializationPeriod: Duration.seconds(0), initialReadinessDelay: Duration.seconds(0), cpuAtStart: 900 },
  ];
  for (const over of changed) expect([Object.keys(over), ScalingSimulation.run(service(), { ...props, ...over }).toCsv() === base]).toEqual([Object.keys(over), false]);
  const rated = (over: Partial<ScalingSimulationProps>) => ScalingSimulation.run(service({ scaling: Scaling.onCustomMetric({ metric: 'x', targetPerReplica: 25, min: 2, max: 12 }) }), { ...props, customMetric: LoadMeasure.RATE, ...over }).toCsv();
  expect(rated({ metricWindow: Duration.minutes(10) })).not.toBe(rated({}));
});

describe('the picture', () => {
  const result = ScalingSimulation.run(service(), props);

  test('is an image with a name, a description, axes, units and a legend', () => {
    const svg = result.toSvg();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 900 \d+" .*role="img" aria-label="Simulated scaling of iris\. 192000 requests, /);
    for (const text of ['requests/s', 'comes', 'could be answered', 'desired', 'ready', 'starting', 'waiting', 'lost since the beginning', 'min', 'prefers-color-scheme:dark']) expect(svg).toContain(text);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|href=/);
    expect(svg.match(/<path class="(curve|area)[^>]* d="M/g)!.length).toBeGreaterThanOrEqual(7);
  });

  test('is the same each time, and bounded in size', () => {
    expect(ScalingSimulation.run(service(), props).toSvg()).toBe(result.toSvg());
    const week = ScalingSimulation.run(service(), { ...props, load: LoadCurve.daily({ low: 10, high: 400, days: 7 }) });
    expect([week.points.length, week.toSvg().length < 60_000]).toEqual([720, true]);
  });
});

test('the table has a line of titles and one of numbers for each point', () => {
  const { points, ...result } = ScalingSimulation.run(service(), { ...props, resolution: Duration.minutes(1) });
  const lines = ScalingSimulation.run(service(), { ...props, resolution: Duration.minutes(1) }).toCsv().trim().split('\n');
  expect([points.length, lines.length, lines[0]]).toEqual([20, 21, 'second,load,capacity,desired,ready,starting,stopping,queue,answered,dropped,latency']);
  expect(lines[1]).toBe('0,40,100,2,2,0,0,0,40,0,0.02');
  // means over the points are the same requests
  expect(points.reduce((sum, one) => sum + one.answered * 60, 0)).toBeCloseTo(result.totals.answered, 3);
});

test('what is no service is told', () => {
  expect(() => ScalingSimulation.run(new Chart(Testing.app(), 'ml') as never, { load: LoadCurve.constant({ rate: 1, lasts: Duration.minutes(1) }), capacityPerReplica: 1 })).toThrow(/SERVING_WRONG_TYPE[\s\S]*an InferenceService/);
});
