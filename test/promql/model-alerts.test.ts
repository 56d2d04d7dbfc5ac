import { Duration } from 'cdk8s';
import { checkRules, expectRules, RuleCase } from '../support/promtool';
import { monitored } from '../support/monitored';
import { watch } from '../support/watched';

// An hourly monitor, as its results are scraped: again and again, also while the pod that gives them is another.
const groups = (props = {}): any[] => watch(monitored({ groundTruth: { minAccuracy: 0.9 }, ...props })).groups;
const RULES = groups();
const fire = (given: Omit<RuleCase, 'interval'>, rules = RULES): void => expectRules(rules, { ...given, interval: '1m' });
/** The rules with an expression changed: what would come of it without a guard. */
const without = (alert: string, from: RegExp, to: string): any[] => {
  const changed = RULES.map((group) => ({ ...group, rules: group.rules.map((rule: any) => (rule.alert === alert ? { ...rule, expr: rule.expr.replace(from, to) } : rule)) }));
  expect(changed).not.toEqual(RULES);
  return changed;
};

const OWN = 'namespace="ml",inference_service="iris"';
const STORE = 'pod="payloads-0",job="ml/payloads"';
const result = (name: string, values: string, labels = 'model_version="v1"') => ({ series: `${name}{${OWN},${STORE},${labels}}`, values });
const LABELS = { severity: 'warning', namespace: 'ml', inference_service: 'iris', team: 'risk' };
const V1 = { ...LABELS, model_version: 'v1' };
const alert = (name: string, at: string, ...fires: object[]) => ({ alert: name, at, fires: fires as { [label: string]: string }[] });

test('the rules are sound', () => checkRules(RULES));

describe('ModelDriftDetected', () => {
  const NAME = 'ModelDriftDetected';

  test('is told of two windows in a row, and ends with them', () => {
    fire({ series: [result('ml_dataset_drift_detected', '0x59 1x180 0x60')], alerts: [alert(NAME, '115m'), alert(NAME, '125m', V1), alert(NAME, '239m', V1), alert(NAME, '270m')] });
  });
  test('is not told of one window', () => fire({ series: [result('ml_dataset_drift_detected', '0x59 1x59 0x120')], alerts: [alert(NAME, '110m'), alert(NAME, '125m'), alert(NAME, '180m')] }));
  test('is told of the version that has drifted', () => {
    fire({ series: [result('ml_dataset_drift_detected', '0x200'), result('ml_dataset_drift_detected', '1x200', 'model_version="v2"')], alerts: [alert(NAME, '150m', { ...LABELS, model_version: 'v2' })] });
  });
  test('goes on while what gives the results is restarted; without the bridge it would begin anew', () => {
    const moved = [result('ml_dataset_drift_detected', '1x90 stale _x200'), { series: `ml_dataset_drift_detected{${OWN},pod="payloads-other",job="ml/payloads",model_version="v1"}`, values: '_x95 1x200' }];
    fire({ series: moved, alerts: [alert(NAME, '100m', V1)] });
    fire({ series: moved, alerts: [alert(NAME, '100m')] }, without(NAME, /last_over_time\((.*)\[15m\]\)/, '$1'));
  });
  test('is not told of another service', () => fire({ series: [{ series: 'ml_dataset_drift_detected{namespace="ml",inference_service="other",model_version="v1"}', values: '1x200' }], alerts: [alert(NAME, '150m')] }));
  test('is not told of what there is no data of', () => fire({ series: [result('ml_monitor_rows', '600x200')], alerts: [alert(NAME, '150m')] }));
});

describe('ModelMissingValues', () => {
  const NAME = 'ModelMissingValues';
  const age = 'model_version="v1",feature="age"';

  test('is told by feature, for two windows', () => {
    const series = [result('ml_missing_value_ratio', '0x59 0.3x200 0x60', age), result('ml_missing_value_ratio', '0x300', 'model_version="v1",feature="size"'), result('ml_monitor_rows', '600x320')];
    fire({ series, alerts: [alert(NAME, '110m'), alert(NAME, '130m', { ...V1, feature: 'age' }), alert(NAME, '290m')] });
  });
  test('is not told of few rows; without the guard it would', () => {
    const few = [result('ml_missing_value_ratio', '1x200', age), result('ml_monitor_rows', '3x200')];
    fire({ series: few, alerts: [alert(NAME, '150m')] });
    fire({ series: few, alerts: [alert(NAME, '150m', { ...V1, feature: 'age' })] }, without(NAME, / and on .*/, ''));
  });
  test('has the bound that was said', () => {
    const series = [result('ml_missing_value_ratio', '0.3x200', age), result('ml_monitor_rows', '600x200')];
    fire({ series, alerts: [alert(NAME, '150m')] }, groups({ maxMissingRatio: 0.4 }));
  });
});

describe('ModelAccuracyLow', () => {
  const NAME = 'ModelAccuracyLow';
  const accuracy = (values: string) => result('ml_ground_truth_accuracy', values, 'model_version="v1",window="1h"');

  test('is told below what is promised, for two windows, and ends', () => fire({ series: [accuracy('0.95x59 0.8x120 0.95x60')], alerts: [alert(NAME, '110m'), alert(NAME, '130m', V1), alert(NAME, '230m')] }));
  test('is not told at the bound, nor while the truth is not known', () => {
    fire({ series: [accuracy('0.9x200')], alerts: [alert(NAME, '150m')] });
    fire({ series: [result('ml_ground_truth_rows', '0x200')], alerts: [alert(NAME, '150m')] });
  });
  test('goes on while what gives the results is restarted; without the bridge it would begin anew', () => {
    const restarted = [accuracy('0.8x90 stale _x8 0.8x100')];
    fire({ series: restarted, alerts: [alert(NAME, '85m', V1), alert(NAME, '105m', V1)] });
    fire({ series: restarted, alerts: [alert(NAME, '85m', V1), alert(NAME, '105m')] }, without(NAME, /last_over_time\((.*)\[15m\]\)/, '$1'));
  });
  test('is not there where nothing is promised', () => expect(JSON.stringify(groups({ groundTruth: {} }))).not.toContain(NAME));
});

describe('ModelMonitorStale', () => {
  const NAME = 'ModelMonitorStale';
  const last = (values: string) => result('ml_monitor_last_success_timestamp_seconds', values, 'a="b"');

  test('is told after two periods without a run, and ends with the next', () => fire({ series: [last('0x179 10800x60')], alerts: [alert(NAME, '110m'), alert(NAME, '130m', LABELS), alert(NAME, '190m')] }));
  test('is not told of a monitor that runs', () => fire({ series: [last('0x59 3600x59 7200x59 10800x59')], alerts: [alert(NAME, '110m'), alert(NAME, '170m'), alert(NAME, '230m')] }));
  test('goes on while what gives the results is restarted; without the bridge it would begin anew', () => {
    const restarted = [last('0x170 stale _x8 0x60')];
    fire({ series: restarted, alerts: [alert(NAME, '165m', LABELS), alert(NAME, '182m', LABELS)] });
    fire({ series: restarted, alerts: [alert(NAME, '165m', LABELS), alert(NAME, '182m')] }, without(NAME, /(last_over_time\(.*)\[15m\]/, '$1[1m]'));
  });
  test('is not told of one run that failed; with one period for its bound it would', () => {
    const failed = [last('0x119 7200x60')];
    fire({ series: failed, alerts: [alert(NAME, '110m')] });
    fire({ series: failed, alerts: [alert(NAME, '110m', LABELS)] }, without(NAME, / > 7200$/, ' > 3600'));
  });
  test('is told of one that never did, after its first runs should have been', () => fire({ series: [result('ml_monitor_rows', '_x300')], alerts: [alert(NAME, '110m'), alert(NAME, '125m', LABELS)] }));
  test('is told when results are given no more', () => fire({ series: [last('0x10 stale')], alerts: [alert(NAME, '120m'), alert(NAME, '160m', LABELS)] }));
});

describe('ModelMonitorNoData', () => {
  const NAME = 'ModelMonitorNoData';
  const rows = (values: string) => result('ml_monitor_rows', values);
  const requests = (perMinute: number) => ({ series: `model_infer_request_duration_count{${OWN},model="iris",model_version="v1",pod="iris-abc-12345"}`, values: `0+${perMinute}x300` });

  test('is told when there are requests and no rows, for two windows, and ends', () => {
    fire({ series: [rows('600x59 0x120 600x60'), requests(60)], alerts: [alert(NAME, '110m'), alert(NAME, '130m', LABELS), alert(NAME, '230m')] });
  });
  test('is not told of a service that is asked for little; without the guard it would', () => {
    fire({ series: [rows('10x200'), requests(1)], alerts: [alert(NAME, '150m')] });
    fire({ series: [rows('10x200'), requests(1)], alerts: [alert(NAME, '150m', LABELS)] }, without(NAME, / unless .*/, ''));
  });
  test('adds versions up: one on trial has few rows', () => fire({ series: [rows('590x200'), result('ml_monitor_rows', '10x200', 'model_version="v2"'), requests(60)], alerts: [alert(NAME, '150m')] }));
  test('is told where nobody counts requests', () => fire({ series: [rows('0x200')], alerts: [alert(NAME, '150m', LABELS)] }));
  test('expects no more than the share that is logged', async () => {
    const { PayloadLogging } = await import('cdk8s-serving');
    const sampled = watch({ ...monitored(), payloadLogging: PayloadLogging.store({ url: 'http://payloads.ml' }, { samplePercent: 10 }) }).groups;
    fire({ series: [rows('360x200'), requests(60)], alerts: [alert(NAME, '150m')] }, sampled);
  });
});

describe('ModelPayloadLoggingDropped', () => {
  const NAME = 'ModelPayloadLoggingDropped';
  const count = (name: string, values: string, more = '') => ({ series: `ml_payload_log_${name}_total{${OWN},pod="iris-abc-12345"${more}}`, values });
  const dropped = (values: string) => count('dropped', values, ',reason="queue_full"');

  test('is told while payloads are lost, and ends when they are not', () => {
    fire({ series: [count('sent', '0+100x200'), dropped('0x30 0+50x60 3000x110')], alerts: [alert(NAME, '30m'), alert(NAME, '60m', LABELS), alert(NAME, '120m')] });
  });
  test('is not told of few among many; without the bound it would', () => {
    const few = [count('sent', '0+1000x100'), dropped('0+5x100')];
    fire({ series: few, alerts: [alert(NAME, '60m')] });
    fire({ series: few, alerts: [alert(NAME, '60m', LABELS)] }, without(NAME, /> 1$/, '> 0'));
  });
  test('is not told of what was lost once, nor of a restart; by totals it would', () => {
    const once = [count('sent', '10x100'), dropped('5x100')];
    fire({ series: once, alerts: [alert(NAME, '60m')] });
    fire({ series: once, alerts: [alert(NAME, '60m', LABELS)] }, without(NAME, /rate\(([^[]*)\[10m\]\)/g, '$1'));
    fire({ series: [count('sent', '0+100x50 0+100x50'), dropped('500x50 0x50')], alerts: [alert(NAME, '60m'), alert(NAME, '70m')] });
  });
});

test('a window of days has its times', () => {
  const daily = groups({ schedule: '0 3 * * *', window: Duration.days(7) });
  const times = daily.flatMap((group) => group.rules).filter((rule: any) => /^Model(Drift|MonitorStale)/.test(rule.alert ?? '')).map((rule: any) => [rule.alert, rule.for]);
  expect(times).toEqual([['ModelDriftDetected', '86460s'], ['ModelMonitorStale', '5m'], ['ModelMonitorStale', '172800s']]);
  checkRules(daily);
});
