import { Team } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a team pays for itself unless another is said', () => {
  expect(Team.of('risk')).toMatchObject({ name: 'risk', costCenter: 'risk', _findings: [] });
  expect(Team.of('risk', { costCenter: 'cc-42' }).costCenter).toBe('cc-42');
});

test.each(['a team', '-risk', '', 'x'.repeat(64), undefined, 5])('%p is no name of a team', (name) => {
  expect(codes(Team.of(name as string))).toHaveLength(1);
});

test('a cost center is a label value', () => expect(codes(Team.of('risk', { costCenter: 'cost center' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']));
