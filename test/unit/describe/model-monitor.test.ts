import { Duration } from 'cdk8s';
import { DriftMethod, ModelFeature, ModelMonitor, ModelMonitorProps, MonitorData, MonitorImage, MonitorResults, PayloadLogging, PayloadMode, PayloadSource } from 'cdk8s-serving';
import { MONITOR, STORE } from '../../support/monitored';
import { codes } from '../../support/serving';

const of = (props: Partial<ModelMonitorProps>): string[] => codes(ModelMonitor.evidently({ ...MONITOR, ...props }));

test('a monitor that is said in full carries nothing', () => expect(of({})).toEqual([]));

test.each<[string, Partial<ModelMonitorProps>, string]>([
  ['a schedule that is none', { schedule: 'hourly' }, 'SERVING_MONITOR_SCHEDULE'],
  ['a schedule that is never due', { schedule: '0 0 31 2 *' }, 'SERVING_MONITOR_SCHEDULE'],
  ['windows with gaps', { window: Duration.minutes(30) }, 'SERVING_MONITOR_WINDOW'],
  ['one name twice', { features: [ModelFeature.numerical('a'), ModelFeature.categorical('a')] }, 'SERVING_MONITOR_FEATURES'],
  ['too many features', { features: Array.from({ length: 201 }, (_, i) => ModelFeature.numerical(`f${i}`)) }, 'SERVING_MONITOR_FEATURES'],
  ['no features', { features: [] }, 'SERVING_NUMBER_OUT_OF_RANGE'],
  ['a volume that takes no results', { payloads: PayloadSource.claim('events') }, 'SERVING_MONITOR_RESULTS'],
  ['numbers without a tolerance', { prediction: { isNumber: true }, groundTruth: {} }, 'SERVING_GROUND_TRUTH'],
  ['classes with one', { groundTruth: { tolerance: 1 } }, 'SERVING_GROUND_TRUTH'],
  ['numbers with classes', { prediction: { isNumber: true, classes: ['a', 'b'] } }, 'SERVING_GROUND_TRUTH'],
  ['an accuracy that is no share', { groundTruth: { minAccuracy: 95 } }, 'SERVING_NUMBER_OUT_OF_RANGE'],
  ['reference data that is no table', { reference: MonitorData.claim('a', 'b.json') }, 'SERVING_TEXT_NOT_ALLOWED'],
  ['a path that leads elsewhere', { reference: MonitorData.claim('a', '../b.csv') }, 'SERVING_TEXT_NOT_ALLOWED'],
  ['an image without a tag', { image: MonitorImage.of('python') }, 'SERVING_TEXT_NOT_ALLOWED'],
  ['a password in an address', { results: MonitorResults.pushgateway('http://a:b@push') }, 'SERVING_TEXT_NOT_ALLOWED'],
])('%s', (_, props, code) => expect(of(props)).toEqual([code]));

test.each<[string, ModelFeature, string[]]>([
  ['a distance of numbers for classes', ModelFeature.categorical('a', { method: DriftMethod.WASSERSTEIN }), ['SERVING_DRIFT_METHOD']],
  ['a test of classes for numbers', ModelFeature.numerical('a', { method: DriftMethod.CHI_SQUARED }), ['SERVING_DRIFT_METHOD']],
  ['a p-value above 1', ModelFeature.numerical('a', { method: DriftMethod.KOLMOGOROV_SMIRNOV, threshold: 1 }), ['SERVING_DRIFT_METHOD']],
  ['an index for either', ModelFeature.categorical('a', { method: DriftMethod.PSI, threshold: 1.5 }), []],
])('%s', (_, feature, expected) => expect(codes(feature)).toEqual(expected));

test('Alibi Detect has one test for all features', () => {
  expect(codes(ModelMonitor.alibiDetect({ ...MONITOR, features: [ModelFeature.numerical('a', { threshold: 0.2 })] }))).toEqual(['SERVING_MONITOR_TEST']);
  expect(codes(ModelMonitor.alibiDetect(MONITOR))).toEqual([]);
});

test.each([['*/15 * * * *', 900], ['0 * * * *', 3600], ['0 3 * * *', 86_400], ['30 6,18 * * *', 43_200], ['0 6 * * 1', 7 * 86_400], ['0 6 * * 1-5', 3 * 86_400], ['0 0 1 * *', 31 * 86_400]])('%s has at most %s seconds between two runs', (schedule, seconds) => {
  const monitor = ModelMonitor.evidently({ ...MONITOR, schedule });
  expect([monitor._periodSeconds, monitor.window.toSeconds()]).toEqual([seconds, seconds]);
});

test('Kafka is reached by a bridge', () => {
  expect(codes(PayloadLogging.kafka({ bootstrapServers: 'kafka:9092', topic: 'a' } as never))).toEqual(['SERVING_PAYLOAD_KAFKA']);
  expect(codes(PayloadLogging.kafka({ bridgeUrl: 'http://bridge:8080', topic: 'a b' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('halves in a store are told', () => {
  expect(codes(PayloadLogging.store(STORE, { mode: PayloadMode.REQUESTS }))).toEqual(['SERVING_PAYLOAD_HALVES']);
  expect(codes(PayloadLogging.store({} as never))).toEqual(['SERVING_WRONG_TYPE']);
  expect(codes(PayloadLogging.http({ url: 'http://user:word@sink' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});
