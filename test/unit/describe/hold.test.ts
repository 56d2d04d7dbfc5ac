import { Hold } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a hold says what, why and until when', () => {
  expect(Hold.frozen({ reason: 'audit', until: '2026-12-31' })).toMatchObject({ kind: 'frozen', reason: 'audit', until: '2026-12-31', _findings: [] });
  expect(Hold.stopped({ reason: 'cost', until: '2028-02-29' })).toMatchObject({ kind: 'stopped', _findings: [] });
});

test.each(['2026-02-30', '2027-02-29', '2026-13-01', '31.12.2026', '2026-12-31T00:00:00Z', 'never'])("'%s' is no day", (until) => {
  expect(Hold.frozen({ reason: 'audit', until })._findings).toEqual([expect.objectContaining({ code: 'SERVING_HOLD_DATE', got: JSON.stringify(until), allowed: 'a day as yyyy-mm-dd' })]);
});

test('a hold without a reason or an end is refused, each told once', () => {
  expect(codes(Hold.stopped({} as any))).toEqual(['SERVING_MISSING_PROP', 'SERVING_MISSING_PROP']);
  expect(codes(Hold.stopped({ reason: '', until: '2026-12-31' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(Hold.stopped({ reason: 'x'.repeat(501), until: '2026-12-31' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});
