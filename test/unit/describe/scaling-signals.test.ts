import { Duration } from 'cdk8s';
import { Autoscaler, KafkaAccess, KafkaSasl, Scaling, Wake } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const bounds = { min: 1, max: 4 };
const window = { start: '0 7 * * 1-5', end: '0 19 * * 1-5', replicas: 3 };
const schedule = (props = {}) => Scaling.onSchedule({ ...bounds, timeZone: 'Europe/Berlin', windows: [window], ...props });
const kafka = (props = {}) => Scaling.onKafkaLag({ ...bounds, bootstrapServers: ['kafka:9092'], consumerGroup: 'scorer', topic: 'events', targetPerReplica: 100, ...props });

test.each([
  ['concurrency', Scaling.onConcurrency({ ...bounds, targetPerReplica: 8 }), 8], ['queue-depth', Scaling.onQueueDepth({ ...bounds, targetPerReplica: 4 }), 4], ['tokens', Scaling.onTokens({ ...bounds, targetPerReplica: 500 }), 500],
  ['request-rate', Scaling.onRequestRate({ ...bounds, targetPerReplica: 20.5 }), 20.5], ['kafka-lag', kafka(), 100],
])('%s is what one copy is to have', (name, scaling, target) => {
  expect([scaling._findings, scaling.signals]).toEqual([[], [expect.objectContaining({ name, target, targetKind: 'perReplica' })]]);
});

test.each([['kv-cache', Scaling.onKvCache(bounds), 0.8], ['kv-cache', Scaling.onKvCache({ ...bounds, targetPercent: 90 }), 0.9], ['gpu', Scaling.onGpu({ ...bounds, targetPercent: 55 }), 0.55]])('%s is a ratio, which no number of copies divides', (name, scaling, target) => {
  expect([scaling._findings, scaling.signals]).toEqual([[], [{ kind: expect.anything(), name, target, targetKind: 'value' }]]);
});

test('a ratio has no target a copy, nor copies that stand by: there are no such props', () => {
  expect(codes(Scaling.onKvCache({ ...bounds, targetPerReplica: 1 } as any))).toEqual(['SERVING_UNKNOWN_PROP']);
  expect(codes(Scaling.onGpu({ ...bounds, standby: 1 } as any))).toEqual(['SERVING_UNKNOWN_PROP']);
  expect(codes(Scaling.onCpu({ ...bounds, wake: Wake.onIstio() } as any))).toEqual(['SERVING_UNKNOWN_PROP']);
});

describe('a query', () => {
  const query = (props: object) => Scaling.onQuery({ ...bounds, query: 'sum(a)', ...props });

  test('has one target: of a copy, or as it is', () => {
    expect(query({ targetPerReplica: 3, standby: 2 }).signals).toEqual([{ kind: 'query', name: 'query', target: 3, targetKind: 'perReplica', query: 'sum(a)', standby: 2 }]);
    expect(query({ targetValue: 0.8 }).signals).toEqual([{ kind: 'query', name: 'query', target: 0.8, targetKind: 'value', query: 'sum(a)' }]);
    expect(query({})._findings).toEqual([expect.objectContaining({ code: 'SERVING_QUERY_TARGET', got: '"neither"' })]);
    expect(query({ targetValue: 1, targetPerReplica: 1 })._findings).toEqual([expect.objectContaining({ code: 'SERVING_QUERY_TARGET', got: '"both"' })]);
    expect(query({ targetValue: 1, standby: 1 })._findings).toEqual([expect.objectContaining({ code: 'SERVING_QUERY_TARGET', what: "Scaling.onQuery: 'standby' needs 'targetPerReplica'" })]);
  });

  test('is checked as far as its form goes, and so is that of a wake', () => {
    expect(codes(query({ query: 'up', targetValue: 1 }))).toEqual(['SERVING_QUERY_SEVERAL_SERIES']);
    expect(codes(Wake.onQuery('sum(a'))).toEqual(['SERVING_QUERY_BROKEN']);
    expect(codes(Scaling.onConcurrency({ ...bounds, min: 0, targetPerReplica: 1, wake: Wake.onQuery('up') }))).toEqual(['SERVING_QUERY_SEVERAL_SERIES']);
  });
});

describe('a schedule', () => {
  test('has windows in a time zone', () => expect(schedule()).toMatchObject({ _findings: [], signals: [{ kind: 'schedule', timeZone: 'Europe/Berlin', windows: [window] }] }));

  test.each([['Europe/Atlantis'], ['europe/berlin'], ['+02:00'], [' UTC'], ['Local/../x']])("'%s' is no time zone", (timeZone) => expect(codes(schedule({ timeZone }))).toEqual(['SERVING_TIME_ZONE']));
  test.each([['UTC'], ['America/Argentina/Buenos_Aires'], ['Etc/GMT+5']])("'%s' is one", (timeZone) => expect(codes(schedule({ timeZone }))).toEqual([]));

  test.each([
    [{ ...window, start: '0 25 * * *' }, 'SERVING_CRON', "'start' of windows[0]"], [{ ...window, end: 'noon' }, 'SERVING_CRON', "'end' of windows[0]"], [{ ...window, end: window.start }, 'SERVING_CRON', 'closes when it opens'],
    [{ ...window, replicas: 5 }, 'SERVING_SCHEDULE_ABOVE_MAX', 'windows[0] asks for more copies'], [{ ...window, replicas: 0 }, 'SERVING_NUMBER_OUT_OF_RANGE', 'windows[0]'],
  ])('a window %j is %s', (one, code, what) => expect(schedule({ windows: [one] })._findings).toEqual([expect.objectContaining({ code, what: expect.stringContaining(what) })]));

  test('windows that overlap are a warning', () => {
    expect(schedule({ windows: [window, { start: '0 9 * * MON', end: '0 10 * * MON', replicas: 4 }] })._findings).toEqual([expect.objectContaining({ code: 'SERVING_SCHEDULE_OVERLAP', severity: 'warning', got: expect.stringContaining('0 9 * * MON') })]);
  });
});

describe('access to Kafka', () => {
  const found = (props: object) => codes(KafkaAccess.fromSecretName('kafka', props));

  test.each([[{ sasl: KafkaSasl.SCRAM_SHA512 }], [{ sasl: KafkaSasl.PLAINTEXT }], [{ sasl: KafkaSasl.SCRAM_SHA256, tls: false, usernameKey: 'u', passwordKey: 'p' }], [{ caKey: 'ca.crt' }], [{ certificateKey: 'tls.crt', privateKeyKey: 'tls.key' }]])('%j is whole', (props) => expect(found(props)).toEqual([]));
  test.each([[{}], [{ certificateKey: 'a' }], [{ usernameKey: 'u', caKey: 'c' }], [{ tls: false, caKey: 'c', sasl: KafkaSasl.SCRAM_SHA512 }], [{ tls: false, sasl: KafkaSasl.PLAINTEXT }]])('%j is half said', (props) => expect(found(props)).toEqual(['SERVING_KAFKA_AUTH']));
  test('is carried by the scaling', () => expect(codes(kafka({ access: KafkaAccess.fromSecretName('kafka', {}) }))).toEqual(['SERVING_KAFKA_AUTH']));
});

describe('the highest of several', () => {
  const cpu = Scaling.onCpu({ min: 2, max: 8, scaleDownAfter: Duration.minutes(5) });
  const concurrency = Scaling.onConcurrency({ min: 2, max: 8, targetPerReplica: 8, scaleDownAfter: Duration.minutes(20), fallbackReplicas: 3, autoscaler: Autoscaler.KEDA });

  test('has the signals of all, the longest pause and the most that is left', () => {
    const both = Scaling.highestOf([cpu, concurrency]);
    expect(both).toMatchObject({ min: 2, max: 8, fallbackReplicas: 3, autoscaler: 'keda', _findings: [] });
    expect([both.signals.map(({ name }) => name), both.scaleDownAfter?.toMinutes()]).toEqual([['cpu', 'concurrency'], 20]);
  });

  test.each<[string, () => Scaling, string]>([
    ['different bounds', () => Scaling.highestOf([cpu, Scaling.onMemory({ min: 2, max: 9 })]), '"2 to 8, 2 to 9"'], ['a fixed number', () => Scaling.highestOf([Scaling.fixed(2)]), '"Scaling.fixed or Scaling.external"'],
    ['two autoscalers', () => Scaling.highestOf([concurrency, Scaling.onKvCache({ min: 2, max: 8, autoscaler: Autoscaler.HPA })]), '"keda, hpa"'],
  ])('%s can not be combined', (_, make, got) => expect(make()._findings).toEqual([expect.objectContaining({ code: 'SERVING_SCALING_COMBINED', got })]));

  test('carries what is wrong with each, and is of one at least', () => {
    expect(codes(Scaling.highestOf([cpu, Scaling.onKvCache({ min: 2, max: 8, targetPercent: 0 })]))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
    expect(codes(Scaling.highestOf([]))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  });
});

test.each([[1, 'below'], [9, 'above']])('a fallback of %p copies is %s the bounds', (fallbackReplicas) => {
  expect(Scaling.onConcurrency({ min: 2, max: 8, targetPerReplica: 1, fallbackReplicas })._findings).toEqual([expect.objectContaining({ code: 'SERVING_FALLBACK_OUT_OF_BOUNDS', allowed: '2 to 8' })]);
});
