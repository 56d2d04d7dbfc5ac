import { Duration } from 'cdk8s';
import { Objective } from 'cdk8s-serving';
import { checkRules, expectRules, RuleCase } from '../support/promtool';
import { watch } from '../support/watched';

const AVAILABILITY = Objective.availability(99.9);
const BURN = 'InferenceServiceErrorBudgetBurn';
const LABELS = 'namespace="ml",inference_service="iris",model="iris",model_version="v1",pod="iris-abc-12345"';
const PAGE = { severity: 'critical', objective: 'availability', namespace: 'ml', inference_service: 'iris', team: 'risk' };
const TICKET = { ...PAGE, severity: 'warning' };

const all = (values: string) => ({ series: `model_infer_request_duration_count{${LABELS}}`, values });
const failed = (values: string) => ({ series: `model_infer_request_failure_total{${LABELS}}`, values });
const groups = (objectives = [AVAILABILITY]) => watch({ objectives }).groups;
const expectObjectives = (given: Omit<RuleCase, 'interval'>, rules = groups()) => expectRules(rules, { ...given, interval: '1m' });
const ratio = (window: string, objective = 'availability') => `inference_service:slo_bad:ratio_rate${window}{objective="${objective}"}`;

describe('objectives', () => {
  test('the rules are sound', () => checkRules(groups([AVAILABILITY, Objective.latency({ p: 99, below: Duration.millis(250) })])));

  test('2 % of failures burn the budget fast: a page within minutes, and it ends when they do', () => {
    // 100 requests a minute; an hour without failure, an hour with 2 of 100, then none
    expectObjectives({
      series: [all('0+100x400'), failed('0+0x60 2+2x60 120+0x280')],
      // the ticket for the slow windows comes with it, and outlives it; who gets the page is spared it by the routing
      alerts: [{ alert: BURN, at: '60m', fires: [] }, { alert: BURN, at: '110m', fires: [PAGE, TICKET] }, { alert: BURN, at: '118m', fires: [PAGE, TICKET] }, { alert: BURN, at: '160m', fires: [TICKET] }],
    });
  });

  test('1 % for hours is no hurry for the fast windows, but for the ones of six hours', () => {
    expectObjectives({ series: [all('0+100x400'), failed('0+1x400')], alerts: [{ alert: BURN, at: '400m', fires: [PAGE, TICKET] }] });
  });

  test('0.4 % for days is a ticket, and wakes nobody', () => {
    expectObjectives({ series: [all('0+1000x500'), failed('0+4x500')], alerts: [{ alert: BURN, at: '480m', fires: [TICKET] }] });
  });

  test('what is left of the budget goes by requests, not by time', () => {
    // four quiet hours with one failure in a hundred, then four busy ones without: by time half of that would count, and break the objective five times over
    expectObjectives({
      series: [all('0+100x240 24100+9900x240'), failed('0+1x240 240+0x240')],
      queries: [{ query: 'round(inference_service:slo_budget_left:ratio{objective="availability"}, 0.01)', at: '480m', gives: [{ labels: '{namespace="ml", inference_service="iris", objective="availability"}', value: 0.9 }] }],
    });
  });

  test('one failure in a quiet hour pages nobody; without the guard it would', () => {
    const quiet = { series: [all('0+0x59 0+1x10 10+0x60'), failed('0+0x62 1+0x70')] };
    const unguarded = groups().map((group: any) => ({ ...group, rules: group.rules.map((rule: any) => (rule.alert === BURN ? { ...rule, expr: rule.expr.replace(/ and sum_over_time\([^[]*\[\w+\]\) \* 60 >= 5/g, '') } : rule)) }));
    expectObjectives({ ...quiet, alerts: [{ alert: BURN, at: '66m', fires: [] }] });
    expectObjectives({ ...quiet, alerts: [{ alert: BURN, at: '66m', fires: [PAGE, TICKET] }] }, unguarded);
  });

  test('all of little traffic failing is told', () => {
    expectObjectives({ series: [all('0+1x200'), failed('0+1x200')], alerts: [{ alert: BURN, at: '100m', fires: [PAGE, TICKET] }] });
  });

  test('a restart of the server is no failure', () => {
    expectObjectives({ series: [all('0+100x100 0+100x100'), failed('5+0x100 0+0x100')], queries: [{ query: ratio('1h'), at: '130m', gives: [{ labels: '{__name__="inference_service:slo_bad:ratio_rate1h", namespace="ml", inference_service="iris", objective="availability"}', value: 0 }] }] });
  });

  test('without requests there is no ratio, and no NaN that would stay', () => {
    expectObjectives({
      series: [all('0+100x60 6000+0x120 6000+100x60'), failed('0+0x240')],
      queries: [
        { query: ratio('5m'), at: '120m', gives: [] },
        { query: `count_over_time((${ratio('5m')} != ${ratio('5m')})[4h:1m])`, at: '240m', gives: [] },
        { query: 'inference_service:slo_budget_left:ratio', at: '240m', gives: [{ labels: '{__name__="inference_service:slo_budget_left:ratio", namespace="ml", inference_service="iris", objective="availability"}', value: 1 }] },
      ],
    });
  });

  test('series that go missing are told, and those that never were are not', () => {
    const NO_DATA = 'InferenceServiceObjectiveNoData';
    expectObjectives({ series: [all('0+100x60 _x120'), failed('0+0x60 _x120')], alerts: [{ alert: NO_DATA, at: '60m', fires: [] }, { alert: NO_DATA, at: '120m', fires: [TICKET] }] });
    expectObjectives({ series: [{ series: 'up{namespace="ml",inference_service="iris"}', values: '1+0x200' }], alerts: [{ alert: NO_DATA, at: '120m', fires: [] }] });
  });

  test('no failure was ever counted: the share is 0, not missing', () => {
    expectObjectives({ series: [all('0+100x100')], queries: [{ query: `${ratio('5m')} == 0`, at: '60m', gives: [{ labels: '{__name__="inference_service:slo_bad:ratio_rate5m", namespace="ml", inference_service="iris", objective="availability"}', value: 0 }] }] });
  });

  test('slow answers burn the budget of a latency objective', () => {
    const LATENCY = 'namespace="ml",inference_service="iris",path="/v2/models/{model_name}/infer",pod="iris-abc-12345"';
    const name = 'rest_server_request_duration_seconds';
    const series = (slow: string) => [
      { series: `${name}_count{${LATENCY}}`, values: '0+100x200' }, { series: `${name}_bucket{${LATENCY},le="0.25"}`, values: slow }, { series: `${name}_bucket{${LATENCY},le="+Inf"}`, values: '0+100x200' },
    ];
    const rules = groups([Objective.latency({ p: 99, below: Duration.millis(250) })]);
    expectObjectives({ series: series('0+70x200'), alerts: [{ alert: BURN, at: '120m', fires: [{ severity: 'critical', objective: 'latency-p99-250ms' }, { severity: 'warning', objective: 'latency-p99-250ms' }] }] }, rules);
    expectObjectives({ series: series('0+100x200'), alerts: [{ alert: BURN, at: '120m', fires: [] }] }, rules);
  });

  test('two versions: their requests and failures are told apart, and count together', () => {
    const of = (version: string, pod: string) => LABELS.replace('"v1"', `"${version}"`).replace('12345', pod);
    const series = ['v1', 'v2'].flatMap((version, i) => [
      { series: `model_infer_request_duration_count{${of(version, `1234${i}`)}}`, values: `0+${i === 0 ? 90 : 10}x100` }, { series: `model_infer_request_failure_total{${of(version, `1234${i}`)}}`, values: `0+${i === 0 ? 0 : 5}x100` },
    ]);
    const version = (label: string) => `{namespace="ml", inference_service="iris", model_version="${label}"}`;
    expectRules(groups(), {
      series, interval: '1m',
      queries: [
        { query: 'round(inference_service_version:requests:share5m, 0.001)', at: '60m', gives: [{ labels: version('v1'), value: 0.9 }, { labels: version('v2'), value: 0.1 }] },
        { query: 'round(inference_service_version:request_failures:rate5m * 60, 0.001)', at: '60m', gives: [{ labels: version('v1'), value: 0 }, { labels: version('v2'), value: 5 }] },
        { query: `round(${ratio('1h')}, 0.001)`, at: '70m', gives: [{ labels: '{namespace="ml", inference_service="iris", objective="availability"}', value: 0.05 }] },
      ],
    });
  });
});
