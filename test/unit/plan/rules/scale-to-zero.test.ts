import { Scaling, Wake } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const cluster = { metricsUrl: 'http://prometheus.monitoring:9090' };
const load = (props = {}) => Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8, ...props });
const schedule = Scaling.onSchedule({ min: 0, max: 4, timeZone: 'UTC', windows: [{ start: '0 7 * * *', end: '0 9 * * *', replicas: 1 }] });
const kafka = Scaling.onKafkaLag({ min: 0, max: 4, bootstrapServers: ['kafka:9092'], consumerGroup: 'g', topic: 't', targetPerReplica: 10 });

test('nothing is at zero copies that nothing wakes', () => {
  expect(serve({ scaling: load() }, cluster).problem('SERVING_SCALE_TO_ZERO_WITHOUT_WAKE')).toMatchObject({ severity: 'error', got: '"concurrency"', allowed: "a 'wake', Kafka lag or a schedule" });
});

test.each([['a query', load({ wake: Wake.onQuery('sum(rate(envoy_requests_total[2m]))') })], ['Istio', load({ wake: Wake.onIstio() })], ['the time', schedule], ['Kafka', kafka], ['the time, beside a load', Scaling.highestOf([load(), schedule])]])('%s wakes it; that first requests may fail is a warning', (_, scaling) => {
  expect(serve({ scaling }, cluster).codes).toEqual(['SERVING_SCALE_TO_ZERO']);
});

test.each(['sum(rest_server_requests_in_progress)', 'sum(rate(model_infer_request_duration_count{namespace="ml"}[2m]))', 'max(batch_request_queue_sum)'])('%s can not wake it: it is its own', (query) => {
  expect(serve({ scaling: load({ wake: Wake.onQuery(query) }) }, cluster).codes).toContain('SERVING_WAKE_BY_OWN_METRIC');
});

test('a metric whose name only begins or ends alike is another', () => {
  expect(serve({ scaling: load({ wake: Wake.onQuery('sum(gateway:rest_server_requests_in_progress) + sum(rest_server_requests_in_progress_everywhere)') }) }, cluster).codes).toEqual(['SERVING_SCALE_TO_ZERO']);
});

test('copies that stand by contradict none', () => {
  expect(serve({ scaling: load({ standby: 1, wake: Wake.onIstio() }) }, cluster).codes).toContain('SERVING_STANDBY_AT_ZERO');
  expect(serve({ scaling: load({ min: 1, standby: 1 }) }, cluster).codes).toEqual(['SERVING_SINGLE_COPY']);
});

test('a wake of what is always awake is a warning', () => {
  expect(serve({ scaling: load({ min: 2, wake: Wake.onIstio() }) }, cluster).problem('SERVING_WAKE_UNUSED')).toMatchObject({ severity: 'warning', got: '"min 2"' });
});

test('the warning says how long it takes', () => {
  expect(serve({ scaling: load({ wake: Wake.onIstio() }) }, cluster).problem('SERVING_SCALE_TO_ZERO').what).toMatch(/^after 300 s without load no copy runs, and the first requests then wait or fail for about \d+ s/);
});
