import { JsonObject } from '../plan/service-plan';

/** Rules as every metrics' store of Prometheus' kind reads them; renderers put them into an operator's object. */

/** A series that is computed ahead of time. */
export interface RecordingRule {
  /** Name of the series: `level:metric:operations`. */
  readonly record: string;
  /** PromQL. */
  readonly expr: string;
  readonly labels?: { readonly [name: string]: string };
}

/** What somebody is told about. */
export interface AlertRule {
  /** Name, in CamelCase; its page in docs/runbooks has the same. */
  readonly alert: string;
  /** PromQL: fires for each series that it gives. */
  readonly expr: string;
  /** How long it must hold, in PromQL's form (`5m`). */
  readonly for?: string;
  /** How long it goes on firing after it holds no more: what comes and goes doesn't page anew each time. */
  readonly keepFiringFor?: string;
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly [name: string]: string };
}

export type MonitoringRule = RecordingRule | AlertRule;

/** Rules that are evaluated together, one after the other. */
export interface RuleGroup {
  /** Unique within one object of rules. */
  readonly name: string;
  /** Seconds between two evaluations. */
  readonly intervalSeconds: number;
  readonly rules: readonly MonitoringRule[];
}

/** Groups as both operators take them. */
export function groupsJson(groups: readonly RuleGroup[]): JsonObject[] {
  return groups.map((group) => ({
    name: group.name, interval: `${group.intervalSeconds}s`,
    rules: group.rules.map((rule) => isAlert(rule)
      ? { alert: rule.alert, expr: rule.expr, for: rule.for, keep_firing_for: rule.keepFiringFor, labels: { ...rule.labels }, annotations: { ...rule.annotations } }
      : { record: rule.record, expr: rule.expr, labels: { ...rule.labels } }),
  }));
}

export function isAlert(rule: MonitoringRule): rule is AlertRule {
  return 'alert' in rule;
}
