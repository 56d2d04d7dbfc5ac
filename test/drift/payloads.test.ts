import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Event, event, MonitorBench, pythonWith, type Ran, REQUEST, RESPONSE, START } from '../support/monitor';

// What the monitors' program makes of payloads as servers and clients write them; nothing is judged, so no detector is loaded.
jest.setTimeout(900_000);

let bench: MonitorBench;
let python: string;
let settings: object;
const FEATURES = { numerical: ['age', 'amount'], categorical: ['country'], order: ['age', 'amount', 'country'] };

beforeAll(async () => {
  python = pythonWith('evidently');
  bench = new MonitorBench(python);
  await bench.open();
  const reference = join(bench.folder, 'reference.csv');
  writeFileSync(reference, 'age,amount,country\n30,1.5,DE\n40,2.5,FR\n');
  settings = { namespace: 'shop', service: 'fraud', windowSeconds: 3600, minRows: 1000, reference, features: FEATURES, prediction: { kind: 'class' }, driftedRatio: 0.5, detector: 'evidently', drift: {} };
});
afterAll(() => bench.close());

const run = (given: readonly (Event | string)[], more: object = {}): Promise<Ran> => bench.run(given.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))), { ...settings, ...more });
const told = (ran: Ran, name: string): { [labels: string]: number } => Object.fromEntries(Object.entries(ran.samples).filter(([key]) => key.startsWith(`${name}{`)).map(([key, value]) => [key.slice(name.length).replace(/,?(inference_service|namespace)="[^"]*"/g, '').replace('{,', '{'), value]));

const V2 = (data: unknown, shape: number[], name = 'predict'): object => ({ model_name: 'fraud', outputs: [{ name, shape, datatype: 'INT64', data }] });
const ask = (request: object, answer: object, id = 'one', seconds = 60): Event[] => [event(REQUEST, id, request, seconds), event(RESPONSE, id, answer, seconds + 1, { modelversion: 'v1' })];
const named = (rows: [number | null, number | null, string | null][]): object => ({ inputs: FEATURES.order.map((name, place) => ({ name, shape: [rows.length, 1], datatype: place === 2 ? 'BYTES' : 'FP64', data: rows.map((row) => row[place]) })) });
const ROWS: [number | null, number | null, string | null][] = [[30, 1, 'DE'], [40, 2, null], [null, 3, 'FR']];
const MISSING = { '{feature="age",model_version="v1"}': 1 / 3, '{feature="amount",model_version="v1"}': 0, '{feature="country",model_version="v1"}': 1 / 3 };

test.each<[string, object, object]>([
  ['an input a feature', named(ROWS), V2([0, 1, 1], [3])],
  ['rows in one input, flat', { inputs: [{ name: 'x', shape: [3, 3], datatype: 'BYTES', data: ROWS.flat() }] }, V2([0, 1, 1], [3, 1])],
  ['rows in one input, nested', { inputs: [{ name: 'x', shape: [3, 3], datatype: 'BYTES', data: ROWS }] }, V2([[0], [1], [1]], [3, 1])],
  ['V1 by place', { instances: ROWS }, { predictions: [0, 1, 1] }],
  ['V1 by name', { instances: ROWS.map(([age, amount, country]) => ({ amount, country, age })) }, { predictions: [[0], [1], [1]] }],
  ['scores of classes', named(ROWS), V2([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]], [3, 2])],
])('%s', async (_, request, answer) => {
  const ran = await run(ask(request, answer));
  expect(told(ran, 'ml_missing_value_ratio')).toEqual(MISSING);
  expect(told(ran, 'ml_prediction_total')).toEqual({ '{class="0",model_version="v1"}': 1, '{class="1",model_version="v1"}': 2 });
  expect(told(ran, 'ml_monitor_rows')).toEqual({ '{model_version="v1"}': 3 });
});

test('an output by name, and names of classes', async () => {
  const answer = { outputs: [{ name: 'other', shape: [3], datatype: 'INT64', data: [7, 7, 7] }, { name: 'label', shape: [3], datatype: 'INT64', data: [0, 1, 1] }] };
  const ran = await run(ask(named(ROWS), answer), { prediction: { kind: 'class', output: 'label', classes: ['honest', 'fraud'] } });
  expect(told(ran, 'ml_prediction_total')).toEqual({ '{class="fraud",model_version="v1"}': 2, '{class="honest",model_version="v1"}': 1 });
});

test('numbers are no classes', async () => {
  expect(told(await run(ask(named(ROWS), V2([0.25, 1.5, 3], [3])), { prediction: { kind: 'number' } }), 'ml_prediction_total')).toEqual({});
});

test('broken lines, payloads of another form, requests without a response: each is counted and the rest is read', async () => {
  const good = ask(named(ROWS), V2([0, 1, 1], [3]));
  const ran = await run([
    ...good, '{"specversion": "1.0", "type": "org.kube', 'nothing', '', JSON.stringify({ id: 'x' }),
    ...ask({ inputs: [{ name: 'x', shape: [1, 7], datatype: 'FP64', data: [1, 2, 3, 4, 5, 6, 7] }] }, V2([0], [1]), 'wide'), ...ask(named(ROWS), V2([0], [1]), 'short'), ...ask({ text: 'hello' }, V2([0], [1]), 'strange'),
    event(REQUEST, 'lost', named(ROWS)), event(RESPONSE, 'answer alone', V2([1], [1])),
  ]);
  expect(ran.code).toBe(0);
  expect([told(ran, 'ml_monitor_rows'), told(ran, 'ml_monitor_unreadable'), told(ran, 'ml_monitor_unpaired')]).toEqual([{ '{model_version="v1"}': 3 }, { '{}': 6 }, { '{}': 1 }]);
});

test('a window ends where the next begins, whenever the response came; an event that came twice counts once; other services do not', async () => {
  const at = (seconds: number, id: string): Event[] => ask(named([[1, 1, 'DE']]), V2([1], [1]), id, seconds);
  const ran = await run([...at(-1, 'before'), ...at(0, 'first'), ...at(0, 'first'), ...at(3599.5, 'last'), ...at(3600, 'after'), ...at(60, 'other').map((one) => ({ ...one, inferenceservicename: 'churn' }))]);
  expect(told(ran, 'ml_monitor_rows')).toEqual({ '{model_version="v1"}': 2 });
});

test('data that is no JSON comes in base64', async () => {
  const coded = ask(named(ROWS), V2([0, 1, 1], [3])).map(({ data, ...rest }) => ({ ...rest, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') }));
  expect(told(await run(coded), 'ml_monitor_rows')).toEqual({ '{model_version="v1"}': 3 });
});

describe('ground truth', () => {
  const truth = (more: object = {}): object => ({ groundTruth: { window: '1h', minRows: 2, ...more } });
  const answered = [...ask(named(ROWS), V2([0, 1, 1], [3]), 'a'), ...ask(named([[1, 2, 'DE']]), V2([1], [1]), 'b')];
  const known = (id: string, labels: unknown[]): Event => event('dev.cdk8s-serving.ground-truth', id, { labels }, 120);

  test('as events', async () => {
    const ran = await run([...answered, known('a', [0, 0, 1]), known('b', ['1'])], truth());
    expect(told(ran, 'ml_ground_truth_accuracy')).toEqual({ '{model_version="v1",window="1h"}': 0.75 });
    expect(told(ran, 'ml_ground_truth_rows')).toEqual({ '{model_version="v1",window="1h"}': 4 });
  });

  test('that is known of a part only, or of too little', async () => {
    const part = await run([...answered, known('a', [0, null, 0])], truth());
    expect(told(part, 'ml_ground_truth_accuracy')).toEqual({ '{model_version="v1",window="1h"}': 0.5 });
    const little = await run([...answered, known('b', [1])], truth());
    expect([told(little, 'ml_ground_truth_accuracy'), told(little, 'ml_ground_truth_rows')]).toEqual([{}, { '{model_version="v1",window="1h"}': 1 }]);
  });

  test('as a file, of CSV or Parquet', async () => {
    const csv = join(bench.folder, 'truth.csv');
    writeFileSync(csv, 'request,label\na,0\na,0\na,0\nb,1\nunknown,1\n');
    const parquet = join(bench.folder, 'truth.parquet');
    execFileSync(python, ['-c', 'import pandas, sys; pandas.read_csv(sys.argv[1]).to_parquet(sys.argv[2])', csv, parquet]);
    for (const path of [csv, parquet]) {
      const ran = await run(answered, truth({ path, idColumn: 'request', labelColumn: 'label' }));
      expect([path, told(ran, 'ml_ground_truth_accuracy')]).toEqual([path, { '{model_version="v1",window="1h"}': 0.5 }]);
    }
  });

  test('of numbers is right within a tolerance', async () => {
    const numbers = ask(named(ROWS), V2([10, 20, 30.5], [3]), 'n');
    const ran = await run([...numbers, known('n', [10.4, 21, 30])], { prediction: { kind: 'number' }, ...truth({ tolerance: 0.5 }) });
    expect(told(ran, 'ml_ground_truth_accuracy')).toEqual({ '{model_version="v1",window="1h"}': 2 / 3 });
  });
});

test('a reference without a column of a feature is told', async () => {
  const ran = await run([], { features: { numerical: ['height'], categorical: [], order: ['height'] } });
  expect([ran.code, bench.published]).toEqual([1, undefined]);
  expect(ran.printed).toContain('the reference data has no column height');
});

test('a store of results that is down is a failure, and told', async () => {
  const ran = await run([], { target: { kind: 'pushgateway', url: 'http://127.0.0.1:9' } });
  expect([ran.code, ran.printed]).toEqual([1, expect.stringContaining('refused')]);
});

test('its time is when the window ends', async () => {
  expect(told(await run([]), 'ml_monitor_last_success_timestamp_seconds')).toEqual({ '{}': START + 3600 });
});
