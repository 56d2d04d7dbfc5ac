import { overlap, parseCron } from '../../../lib/describe/checks/cron';

const values = (text: string, field: number): number[] => [...parseCron(text)!.fields[field]!];

test('fields have values, ranges, steps, lists and names', () => {
  expect([values('*/15 7-9,12 1 JAN-mar SUN', 0), values('*/15 7-9,12 1 JAN-mar SUN', 1), values('*/15 7-9,12 1 JAN-mar SUN', 3), values('*/15 7-9,12 1 JAN-mar SUN', 4)]).toEqual([[0, 15, 30, 45], [7, 8, 9, 12], [1, 2, 3], [0]]);
  expect([values('50/5 0 ? * ?', 0), values('0 8-18/5 * * *', 1)]).toEqual([[50, 55], [8, 13, 18]]);
});

test.each(['', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *', '* * * * 7', '9-7 * * * *', '*/0 * * * *', '@daily', 'a * * * *', '* * * JANUARY *', '1- * * * *', '-1 * * * *', '1.5 * * * *'])("'%s' is no cron expression", (text) => expect(parseCron(text)).toBeUndefined());

const windows = (...given: [string, string][]) => overlap(given.map(([start, end]) => ({ start: parseCron(start)!, end: parseCron(end)! })));

test.each<[string, [string, string][], readonly [number, number] | undefined]>([
  ['one after the other', [['0 7 * * *', '0 12 * * *'], ['0 12 * * *', '0 18 * * *']], undefined],
  ['one within the other', [['0 7 * * *', '0 18 * * *'], ['0 12 * * *', '0 13 * * *']], [0, 1]],
  ['over midnight', [['0 22 * * *', '0 6 * * *'], ['0 5 * * *', '0 9 * * *']], [0, 1]],
  ['over the weekend', [['0 18 * * FRI', '0 6 * * MON'], ['0 12 * * SUN', '0 13 * * SUN'], ['0 7 * * MON', '0 8 * * MON']], [0, 1]],
  ['on other days', [['0 7 * * 1-5', '0 18 * * 1-5'], ['0 7 * * 0,6', '0 18 * * 0,6']], undefined],
  ['on one day of the month', [['0 0 31 * *', '0 6 31 * *'], ['0 5 * 12 *', '0 7 * 12 *']], [0, 1]],
  ['in other months', [['0 0 1 1 *', '0 0 1 3 *'], ['0 0 1 6 *', '0 0 1 9 *']], undefined],
  ['on a day of the month or of the week', [['0 1 13 * FRI', '0 3 13 * FRI'], ['0 2 * * FRI', '0 4 * * FRI']], [0, 1]],
  ['alone', [['0 7 * * *', '0 12 * * *']], undefined],
])('windows %s', (_, given, both) => expect(windows(...given)).toEqual(both));
