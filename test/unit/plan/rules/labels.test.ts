import { Team } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

test.each([
  ['app.kubernetes.io/name', 'other'], ['app.kubernetes.io/instance', 'other'], ['app.kubernetes.io/managed-by', 'me'], ['app.kubernetes.io/version', 'v9'], ['team', 'mine'], ['cost-center', 'mine'], ['serving.cdk8s.io/server', 'x'],
])("the label %s is the library's own", (key, value) => {
  expect(serve({ labels: { [key]: value }, owner: Team.of('risk') }).problem('SERVING_LABEL_TAKEN')).toMatchObject({ severity: 'error', got: `["${key}"]`, what: `'labels' sets ${key}, which the library sets itself` });
});

test('other labels, and those that say the same, are fine', () => {
  expect(serve({ labels: { 'example.com/tier': 'gold', 'team': 'risk' }, owner: Team.of('risk') }).codes).toEqual([]);
  expect(serve({ labels: { team: 'mine' } }).codes).toEqual([]);
});
