import { expectRules, RuleCase, TestSeries } from './promtool';
import { Watched } from './watched';

/** An expression with one of its guards taken out. */
export type Mutation = (expr: string) => string;

/** Something that happens, as series tell of it. */
export interface Scene {
  readonly what: string;
  readonly series: readonly TestSeries[];
  /** The service, where it is not that of the proof. */
  readonly on?: () => Watched;
  /** The guard that keeps the alert silent: without it, it fires. */
  readonly guard?: Mutation;
}

/** What shows that an alert works. */
export interface AlertProof {
  readonly alert: string;
  /** Which one, where several have the name. */
  readonly severity?: string;
  readonly source?: string;
  readonly on: () => Watched;
  /** It fires at a time, and at others it does not: before, and after it is mended. */
  readonly fires: readonly (Scene & { readonly at: readonly string[]; readonly silent: readonly string[] })[];
  /** It never fires. */
  readonly calm: readonly Scene[];
  /** How long scenes are looked at. @default 2h */
  readonly until?: string;
  /** Between scrapes and evaluations. @default 30s */
  readonly interval?: string;
}

/** Takes a text out of an expression, or puts another in its place; the text must be there. */
export function without(part: string | RegExp, instead = ''): Mutation {
  return (expr) => {
    const left = expr.replace(part, instead);
    if (left === expr) throw new Error(`nothing of ${String(part)} in ${expr}`);
    return left;
  };
}

/** The rules of one alert alone: itself and the recordings that it reads, in their groups. All rules of a service would take their time at each evaluation. */
function rulesOf(watched: Watched, { alert, severity, source }: AlertProof, change = (expr: string): string => expr): any[] {
  const groups = watched.all('PrometheusRule').flatMap((one) => one.spec.groups);
  const rules = groups.flatMap((group) => group.rules);
  const chosen = rules.filter((rule) => rule.alert === alert && (severity === undefined || rule.labels.severity === severity) && (source === undefined || rule.labels.source === source));
  if (chosen.length === 0) throw new Error(`there is no ${alert}`);
  const needed = new Set<any>(chosen);
  const exprs = new Map(chosen.map((rule) => [rule, change(rule.expr)]));
  for (const one of needed) {
    for (const rule of rules.filter(({ record }) => record !== undefined && (exprs.get(one) ?? one.expr).includes(record))) needed.add(rule);
  }
  return groups.map((group) => ({ ...group, rules: group.rules.filter((rule: any) => needed.has(rule)).map((rule: any) => ({ ...rule, expr: exprs.get(rule) ?? rule.expr })) })).filter(({ rules }) => rules.length > 0);
}

/** Whoever evaluates rules over series. */
export type Evaluate = (groups: readonly object[], given: RuleCase) => void;

/** Sees an alert fire and resolve. */
export function expectFires(proof: AlertProof, scene: AlertProof['fires'][number], evaluate: Evaluate = expectRules): void {
  const { alert, interval } = proof;
  const groups = rulesOf((scene.on ?? proof.on)(), proof);
  const { labels } = groups.flatMap((group) => group.rules).find((rule) => rule.alert === alert);
  evaluate(groups, { series: scene.series, interval, alerts: [...scene.at.map((at) => ({ alert, at, fires: [labels] })), ...scene.silent.map((at) => ({ alert, at, fires: [] }))] });
}

/** Sees an alert stay silent, at each evaluation; or, without its guard, not. */
export function expectCalm(proof: AlertProof, scene: Scene, guarded = true, evaluate: Evaluate = expectRules): void {
  const { alert, interval, until = '2h' } = proof;
  const groups = rulesOf((scene.on ?? proof.on)(), proof, guarded ? undefined : scene.guard);
  evaluate(groups, { series: scene.series, interval, queries: [{ query: `count(count_over_time(ALERTS{alertname="${alert}",alertstate="firing"}[${until}]))`, at: until, gives: guarded ? [] : [{ value: 1 }] }] });
}
