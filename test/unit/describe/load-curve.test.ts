import { Duration } from 'cdk8s';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadCurve } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const at = (curve: LoadCurve, ...seconds: number[]) => seconds.map((second) => Math.round(curve.rateAt(second) * 100) / 100);

test('steps follow each other without a slope', () => {
  const curve = LoadCurve.steps([{ rate: 10, lasts: Duration.minutes(1) }, { rate: 50, lasts: Duration.minutes(2) }]);
  expect([curve.seconds, at(curve, 0, 59.9, 60, 179, 180, 999)]).toEqual([180, [10, 10, 50, 50, 50, 50]]);
});

test('a constant and a ramp', () => {
  expect(at(LoadCurve.constant({ rate: 7, lasts: Duration.hours(1) }), 0, 1800, 3600)).toEqual([7, 7, 7]);
  expect(at(LoadCurve.ramp({ from: 0, to: 60, lasts: Duration.minutes(1) }), 0, 15, 60)).toEqual([0, 15, 60]);
});

test('a day has its peak at its hour and its low twelve hours off', () => {
  const curve = LoadCurve.daily({ low: 10, high: 110, peakHour: 15, days: 2 });
  expect([curve.seconds, at(curve, 15 * 3600, 3 * 3600, 39 * 3600, 9 * 3600)]).toEqual([172_800, [110, 10, 110, 60]]);
});

test('a spike rises, stays and falls', () => {
  const curve = LoadCurve.spike({ base: 10, peak: 110, at: Duration.seconds(100), rise: Duration.seconds(10), lasts: Duration.seconds(50), total: Duration.seconds(300) });
  expect([curve.seconds, at(curve, 0, 100, 105, 110, 160, 165, 170, 300)]).toEqual([300, [10, 10, 60, 110, 110, 60, 10, 10]]);
  const cut = LoadCurve.spike({ base: 10, peak: 110, at: Duration.seconds(100), lasts: Duration.seconds(500), total: Duration.seconds(300) });
  expect([cut.seconds, at(cut, 99, 101, 300)]).toEqual([300, [10, 110, 110]]);
});

test('what is wrong is told by its code', () => {
  expect(codes(LoadCurve.constant({ rate: -1, lasts: Duration.minutes(1) }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(LoadCurve.steps([]))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(LoadCurve.steps([{ rate: NaN, lasts: Duration.minutes(1) }, { rate: 1 } as never]))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_MISSING_PROP']);
  expect(codes(LoadCurve.points([{ second: 0, rate: 1 }, { second: 60, rate: 2 }, { second: 30, rate: 1 }]))).toEqual(['SERVING_LOAD_ORDER']);
  expect(codes(LoadCurve.daily({ low: 1, high: 2, peak: 3 } as never))).toEqual(['SERVING_UNKNOWN_PROP']);
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(join(folder, 'load.csv'), text);
    return LoadCurve.fromCsv(join(folder, 'load.csv'));
  };

  test('of seconds, with titles or without, joined by straight lines', () => {
    for (const text of ['seconds,rate\n0,10\n60,20\n', '0,10\n60,20', '\uFEFF"Time";"Value"\r\n"100";"10"\r\n"160";"20"\r\n', '# a note\n0\t10\textra\n\n60\t20\n']) {
      const curve = read(text);
      expect([codes(curve), curve.seconds, at(curve, 0, 30, 60)]).toEqual([[], 60, [10, 15, 20]]);
    }
  });

  test('of dates, in any zone of the machine, or of milliseconds', () => {
    expect(read('Time,Value\n2026-11-23 10:00:00,1\n2026-11-23 10:30:00,2\n').seconds).toBe(1800);
    expect(read('2026-11-23T10:00:00Z,1\n2026-11-23T12:30:00+02:00,2\n').seconds).toBe(1800);
    expect(read('1795600000000,1\n1795600060000,2\n').seconds).toBe(60);
  });

  test.each([
    ['0,10\n60,many\n', "'many' is no number of requests in line 2"], ['0,10\nsoon,20\n', "'soon' is no time in line 2"], ['0,10\n60,-1\n', "'-1' is no number"], ['0,1\n', 'less than two points'], ['', 'less than two points'],
    ['60,1\n0,2\n', 'a time before the one ahead of it in line 2'], ['0,1\n9999999,2\n', 'more than 31 days'], ['0,1\n60\n', "'' is no number"],
  ])('that is wrong says where: %j', (text, what) => {
    const curve = read(text);
    expect(codes(curve)).toEqual(['SERVING_LOAD_FILE']);
    expect(curve._findings[0]!.what).toContain(what);
  });

  test('that is not there', () => {
    expect(codes(LoadCurve.fromCsv(join(folder, 'other.csv')))).toEqual(['SERVING_LOAD_FILE']);
    expect(codes(LoadCurve.fromCsv(folder))).toEqual(['SERVING_LOAD_FILE']);
  });
});

test('a spike that begins when the curve is over is none', () => {
  const late = LoadCurve.spike({ base: 10, peak: 110, at: Duration.seconds(300), lasts: Duration.seconds(50), total: Duration.seconds(300) });
  expect(late._findings).toEqual([expect.objectContaining({ code: 'SERVING_LOAD_ORDER', got: '"at 300 s of 300 s"' })]);
});
