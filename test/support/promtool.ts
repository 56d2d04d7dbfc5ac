import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A series as a metrics' store has it, with its values in promtool's notation: `0+10x20` from 0 in steps of 10, `_` for a scrape that failed. */
export interface TestSeries { readonly series: string; readonly values: string }

/** What a query gives at a time; an empty list is no series at all. */
export interface Expectation { readonly query: string; readonly at: string; readonly gives: readonly { readonly labels?: string; readonly value: number }[] }

/** Runs queries in Prometheus' own engine over series: throws with the difference where one gives something else. */
export function expectPromql(series: readonly TestSeries[], expectations: readonly Expectation[], interval = '30s'): void {
  run('test', {
    evaluation_interval: interval,
    tests: [{
      interval, input_series: series,
      promql_expr_test: expectations.map(({ query, at, gives }) => ({ expr: query, eval_time: at, exp_samples: gives.map(({ labels, value }) => ({ labels: labels ?? '{}', value })) })),
    }],
  });
}

/** Has Prometheus read queries as recording rules: throws where one is no PromQL. */
export function checkPromqlSyntax(queries: readonly string[]): void {
  run('check', { groups: [{ name: 'queries', rules: queries.map((expr, i) => ({ record: `query_${i}`, expr })) }] });
}

/** An alert that is expected, or expected not, to fire at a time: labels of each series that fires, without `alertname`. */
export interface AlertExpectation { readonly alert: string; readonly at: string; readonly fires: readonly { readonly [label: string]: string }[] }

/** What rules make of series: alerts by their labels alone, their texts are checked elsewhere. */
export interface RuleCase { readonly series: readonly TestSeries[]; readonly interval?: string; readonly queries?: readonly Expectation[]; readonly alerts?: readonly AlertExpectation[] }

/** A case as a file of tests of promtool's form; VictoriaMetrics' tool takes the same, with its own word for expressions. */
export function rulesTest({ series, interval = '30s', queries = [], alerts = [] }: RuleCase, expressions = 'promql_expr_test'): object {
  return {
    rule_files: ['groups.yaml'], evaluation_interval: interval,
    tests: [{
      interval, input_series: series,
      [expressions]: [
        ...queries.map(({ query, at, gives }) => ({ expr: query, eval_time: at, exp_samples: gives.map(({ labels, value }) => ({ labels: labels ?? '{}', value })) })),
        // annotations are left out by asking for the series of alerts, not for the alerts
        ...alerts.map(({ alert, at, fires }) => ({
          expr: `count by (${['alertname', 'alertstate', ...new Set(fires.flatMap(Object.keys))].join(', ')}) (ALERTS{alertname="${alert}",alertstate="firing"})`, eval_time: at,
          exp_samples: fires.map((labels) => ({ labels: `{${Object.entries({ alertname: alert, alertstate: 'firing', ...labels }).map(([key, value]) => `${key}="${value}"`).join(', ')}}`, value: 1 })),
        })),
      ],
    }],
  };
}

/** Evaluates groups of rules in Prometheus' own engine over series, and sees what is recorded and what fires. */
export function expectRules(groups: readonly object[], given: RuleCase): void {
  // in no order they would by chance read each other's series of now, or of the evaluation before
  const order = groups.map((group) => (group as { readonly name: string }).name);
  run('test', { ...rulesTest(given), group_eval_order: order }, { 'groups.yaml': { groups } });
}

/** Has Prometheus read groups of rules: throws where one is not sound. */
export function checkRules(groups: readonly object[]): void {
  run('check', { groups });
}

function run(command: 'test' | 'check', file: object, beside: { readonly [name: string]: object } = {}): void {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(file)); // JSON is YAML
    for (const [name, content] of Object.entries(beside)) writeFileSync(join(folder, name), JSON.stringify(content));
    execFileSync('promtool', [command, 'rules', join(folder, 'rules.yaml')], { stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(stdout === undefined ? String(error) : `promtool ${command} rules: ${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
