import { Duration } from 'cdk8s';
import { Objective, ObjectiveKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('each kind of objective is made by its factory', () => {
  const below = Duration.millis(250);
  expect(Objective.availability(99.9)).toMatchObject({ kind: ObjectiveKind.AVAILABILITY, percent: 99.9, below: undefined, _findings: [] });
  expect(Objective.latency({ p: 99, below })).toMatchObject({ kind: ObjectiveKind.LATENCY, percent: 99, below, _findings: [] });
});

test.each([[100], [0.999], [49], [NaN], ['99.9'], [undefined]])('%p percent can not be promised', (percent) => {
  expect(codes(Objective.availability(percent as number))).toHaveLength(1);
  expect(codes(Objective.latency({ p: percent as number, below: Duration.seconds(1) }))).toHaveLength(1);
});

test.each([[Duration.seconds(0)], [Duration.days(2)], ['1s'], [undefined]])('a time below %p can not be promised', (below) => expect(codes(Objective.latency({ p: 99, below: below as Duration }))).toHaveLength(1));

test('a share in place of percents is told with what was meant', () => {
  expect([Objective.availability(0.999), Objective.latency({ p: 0.99, below: Duration.seconds(1) }), Objective.availability(0.2)].map((one) => one._findings[0]!.fix))
    .toEqual(['give percents: 99.9', 'give percents: 99', 'give a number from 50 to 99.999']);
});
