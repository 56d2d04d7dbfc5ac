import { checkPromql } from '../../../lib/describe/checks/promql';

const codes = (query: string): string[] => checkPromql('x', query).map((one) => one.code);

test.each([
  'sum(a)', 'sum(rate(a{b="c"}[5m]))', ' max ( a ) ', '(sum(a))', 'sum(a) / sum(b)', '100 * (1 - avg(a))', 'sum(a) or vector(0)', 'sum(a) > bool 2', 'scalar(sum(a))', 'clamp_min(sum(a), 1)', 'histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))', 'quantile(0.9, a)',
  'max_over_time(sum(a)[5m:])', 'sum(a{b="x) by (y"})', 'sum(a) * 1e-3', "count(up{job='a\\'b'} == 1)", '-1 * sum(a)', 'sum(a) / on () sum(b)', 'time() - max(a)', 'round(sum(a))', '42', 'sum(a{b=`)`})', 'absent(a)', 'sum(orders)',
].map((query) => [query]))('%s gives one number', (query) => expect(codes(query)).toEqual([]));

test.each(['a', 'a{b="c"}', 'sum by (pod) (a)', 'sum(a) by (pod)', 'sum without (pod) (a)', 'rate(a[5m])', 'sum(a) + b', 'topk(3, a)', 'sum(a) / (b)', 'histogram_quantile(0.9, rate(a_bucket[5m]))', 'sum(a) or b', 'clamp_min(a, 1)', 'count_values("v", a)', '()', 'sum'].map((query) => [query]))('%s may give several', (query) => {
  expect(codes(query)).toEqual(['SERVING_QUERY_SEVERAL_SERIES']);
});

test.each(['sum(a', 'sum(a))', 'sum(a{b="c)', 'sum(a[5m)', 'sum{a)'].map((query) => [query]))('%s is no PromQL', (query) => expect(codes(query)).toEqual(['SERVING_QUERY_BROKEN']));
