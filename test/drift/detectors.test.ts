import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Event, event, type Measured, measured, MonitorBench, pythonWith, type Ran, REQUEST, RESPONSE, START } from '../support/monitor';

// The monitors' program on real data, with the libraries that its requirements pin.
jest.setTimeout(900_000); // the libraries are installed when first asked for

type Row = (number | string | null)[];
const NUMBERS = ['mean radius', 'mean texture', 'mean smoothness', 'mean symmetry'];
const FEATURES = { numerical: NUMBERS, categorical: ['side'], order: [...NUMBERS, 'side'] };

const DETECTORS: [string, 'evidently' | 'alibi-detect', object][] = [
  ['evidently', 'evidently', {
    detector: 'evidently',
    drift: { ...Object.fromEntries(NUMBERS.map((name) => [name, { method: 'wasserstein', threshold: 0.25 }])), 'mean symmetry': { method: 'ks', threshold: 0.001 }, 'side': { method: 'jensenshannon', threshold: 0.1 } },
  }],
  ['alibi', 'alibi-detect', { detector: 'alibi', drift: { threshold: 0.01, correction: 'bonferroni' } }],
];

describe.each(DETECTORS)('%s', (_, library, detector) => {
  let data: Measured;
  let bench: MonitorBench;
  let settings: object;

  beforeAll(async () => {
    const python = pythonWith(library);
    data = measured(python);
    bench = new MonitorBench(python);
    await bench.open();
    const reference = join(bench.folder, 'reference.csv');
    writeFileSync(reference, [data.features.join(','), ...data.reference.map((row) => row.join(','))].join('\n'));
    settings = { namespace: 'shop', service: 'fraud', windowSeconds: 3600, minRows: 100, reference, features: FEATURES, prediction: { kind: 'class' }, driftedRatio: 0.5, ...detector };
  });
  afterAll(() => bench.close());

  /** Requests of so many rows each, and their answers, as the Open Inference Protocol has them. */
  function events(rows: readonly Row[], predictions = data.predictions, batch = 5, version = 'v1', prefix = ''): Event[] {
    const found: Event[] = [];
    for (let at = 0; at < rows.length; at += batch) {
      const part = rows.slice(at, at + batch);
      const numbers = part.map((row) => row.slice(0, 4));
      const seconds = 1 + (3500 * at) / rows.length;
      found.push(
        event(REQUEST, `${prefix}${at}`, { inputs: [{ name: 'x', shape: [part.length, 4], datatype: 'FP64', data: numbers.flat() }, { name: 'side', shape: [part.length, 1], datatype: 'BYTES', data: part.map((row) => row[4]) }] }, seconds),
        event(RESPONSE, `${prefix}${at}`, { model_name: 'fraud', outputs: [{ name: 'predict', shape: [part.length], datatype: 'INT64', data: predictions.slice(at, at + batch) }] }, seconds + 0.1, { modelversion: version }),
      );
    }
    return found;
  }
  const run = (given: readonly (Event | string)[], more: object = {}, now?: number): Promise<Ran> => bench.run(given.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))), { ...settings, ...more }, now);
  const one = (ran: Ran, series: string, ...labels: string[]): number | undefined => Object.entries(ran.samples).find(([key]) => key.startsWith(`${series}{`) && labels.every((label) => key.includes(label)))?.[1];
  const shifted = (places: readonly number[], by: (value: number) => number): Row[] => data.current.map((row) => row.map((value, place) => (places.includes(place) ? by(value as number) : value)));

  test('a window like the reference has not drifted', async () => {
    const ran = await run(events(data.current));
    expect(ran.printed).toContain('version v1: 285 rows, drifted: nothing');
    expect(one(ran, 'ml_dataset_drift_detected', 'model_version="v1"')).toBe(0);
    expect(one(ran, 'ml_monitor_rows', 'model_version="v1"')).toBe(285);
    expect(one(ran, 'ml_monitor_last_success_timestamp_seconds')).toBe(START + 3600);
    expect(Object.keys(ran.samples).filter((key) => key.startsWith('ml_feature_drift_score'))).toHaveLength(5);
    expect(Object.keys(ran.samples).every((key) => key.includes('namespace="shop"') && key.includes('inference_service="fraud"'))).toBe(true);
    // of a class as many as there were
    expect(one(ran, 'ml_prediction_total', 'class="1"')).toBe(data.predictions.filter((value) => value === 1).length);
    expect(bench.published?.url).toBe('/metrics/job/model-monitor/namespace/shop/inference_service/fraud');
  });

  test('a shifted window has drifted, in the features that were shifted', async () => {
    const ran = await run(events(shifted([0, 1, 3], (value) => value * 1.3)));
    expect(one(ran, 'ml_dataset_drift_detected')).toBe(1);
    expect(one(ran, 'ml_drifted_feature_ratio')).toBe(0.6);
    for (const [place, feature] of FEATURES.order.entries()) expect([feature, one(ran, 'ml_drift_detected', `feature="${feature}"`)]).toEqual([feature, [0, 1, 3].includes(place) ? 1 : 0]);
  });

  test('a feature alone drifts without the whole, also one of classes', async () => {
    const ran = await run(events(data.current.map((row, i) => [...row.slice(0, 4), i % 10 === 0 ? 'left' : 'right'])));
    expect(one(ran, 'ml_dataset_drift_detected')).toBe(0);
    expect(one(ran, 'ml_drift_detected', 'feature="side"')).toBe(1);
    expect(one(ran, 'ml_drift_detected', 'feature="mean radius"')).toBe(0);
    const unknown = await run(events(data.current.map((row) => [...row.slice(0, 4), 'below'])));
    expect(one(unknown, 'ml_drift_detected', 'feature="side"')).toBe(1);
  });

  test('missing values are counted by feature', async () => {
    const ran = await run(events(data.current.map((row, i) => (i < 57 ? [null, ...row.slice(1)] : row))));
    expect(one(ran, 'ml_missing_value_ratio', 'feature="mean radius"')).toBeCloseTo(57 / 285);
    expect(one(ran, 'ml_missing_value_ratio', 'feature="mean texture"')).toBe(0);
    const none = await run(events(data.current.map((row) => [null, ...row.slice(1)])));
    expect(none.code).toBe(0);
    expect(one(none, 'ml_missing_value_ratio', 'feature="mean radius"')).toBe(1);
    expect(one(none, 'ml_feature_drift_score', 'feature="mean radius"')).toBeUndefined();
  });

  test('too few rows are not judged, and an empty window neither; both are told', async () => {
    const few = await run(events(shifted([0, 1, 2, 3], (value) => value * 3).slice(0, 95)));
    expect([one(few, 'ml_monitor_rows'), one(few, 'ml_dataset_drift_detected'), one(few, 'ml_monitor_last_success_timestamp_seconds')]).toEqual([95, undefined, START + 3600]);
    const empty = await run([]);
    expect([one(empty, 'ml_monitor_rows'), one(empty, 'ml_dataset_drift_detected'), one(empty, 'ml_monitor_min_rows')]).toEqual([0, undefined, 100]);
  });

  test('versions are judged apart', async () => {
    const ran = await run([...events(data.current, data.predictions, 5, 'v1', 'a'), ...events(shifted([0, 1, 2, 3], (value) => value * 2), data.predictions, 5, 'v2', 'b')]);
    expect([one(ran, 'ml_dataset_drift_detected', 'model_version="v1"'), one(ran, 'ml_dataset_drift_detected', 'model_version="v2"')]).toEqual([0, 1]);
  });

  test('run again over the same window it tells the same; a reference that is not there is a failure that publishes nothing', async () => {
    const [first, second] = [await run(events(data.current)), await run(events(data.current))];
    expect(second.samples).toEqual(first.samples);
    const failed = await run(events(data.current), { reference: join(bench.folder, 'none.csv') });
    expect([failed.code, bench.published]).toEqual([1, undefined]);
  });
});
