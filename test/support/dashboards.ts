import type { Dashboard } from '../../lib/watch/dashboards';

/** A query of a dashboard, and whose it is. */
export interface DashboardQuery {
  readonly dashboard: string;
  /** The panel's title, `variable <name>` or `annotation <name>`. */
  readonly panel: string;
  readonly refId: string;
  /** PromQL, with the reader's choices filled in. */
  readonly expr: string;
  readonly instant: boolean;
}

/** What a reader has chosen who has chosen nothing: all. */
const ALL: { readonly [variable: string]: string } = { __rate_interval: '5m', __interval: '1m', __range: '6h' };

/** All panels, without rows. */
export function panelsOf(dashboard: Dashboard): any[] {
  return (dashboard.json as any).panels.filter((panel: any) => panel.type !== 'row');
}

/** PromQL as Grafana sends it: with the values of variables in place of their names. */
export function interpolated(expr: string, choices: { readonly [variable: string]: string } = {}): string {
  return expr.replace(/\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g, (_, braced?: string, plain?: string) => ({ ...ALL, ...choices })[(braced ?? plain)!] ?? '.*');
}

/** Every query of a dashboard: those of panels, of variables (as the series that they look through) and of annotations. */
export function queriesOf(dashboard: Dashboard, choices: { readonly [variable: string]: string } = {}): DashboardQuery[] {
  const { templating, annotations } = dashboard.json as any;
  const of = (panel: string, refId: string, expr: string, instant: boolean): DashboardQuery => ({ dashboard: dashboard.title, panel, refId, expr: interpolated(expr, choices), instant });
  return [
    ...panelsOf(dashboard).flatMap((panel) => panel.targets.map((target: any) => of(panel.title, target.refId, target.expr, target.instant === true))),
    ...templating.list.filter((one: any) => one.type === 'query').map((one: any) => of(`variable ${one.name}`, 'A', /^label_values\((.*), \w+\)$/.exec(one.query)![1]!, true)),
    ...annotations.list.map((one: any) => of(`annotation ${one.name}`, 'A', one.expr, false)),
  ];
}
