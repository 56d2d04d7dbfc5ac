import { Defaults } from 'cdk8s-serving';
import { codes, serve } from '../../support/serving';

test('the fallback is a set that was published', () => {
  expect(Defaults.published()).toContain(Defaults.FALLBACK);
  expect(codes(Defaults.of(Defaults.FALLBACK))).toEqual([]);
});

test('a set that was never published is told with those that were', () => {
  expect(Defaults.of('2026.12')._findings).toEqual([expect.objectContaining({ code: 'SERVING_DEFAULTS_SET', got: '"2026.12"', allowed: Defaults.published().join(', '), fix: 'name 2026.11' })]);
  expect(codes(Defaults.of(undefined as any))).toEqual(['SERVING_DEFAULTS_SET']);
});

test('what is wrong with the set of an engine stops its services', () => {
  expect(serve({}, {}, { defaults: Defaults.of('1999.01') }).codes).toContain('SERVING_DEFAULTS_SET');
});
