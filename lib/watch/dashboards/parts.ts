import { selector } from '../../plan/promql';
import { INFO, Series } from '../series';
import { BoardQuery, BoardVariable, Bound, GraphPanel, StatPanel } from './board';
import { BoardSettings, StackBoard, stackUid } from './settings';

/** What boards are made of: selectors of the reader's choice, joins, links, and panels with the usual sizes. */

const CHOSEN = { namespace: 'namespace=~"$namespace"', service: 'inference_service=~"$service"' };
/** Labels that tell a service. */
export const SERVICE_LABELS = 'namespace, inference_service';

/** A series of the services that the reader chose. */
export function chosen(series: Series, ...more: string[]): string {
  return selector(series.name, CHOSEN.namespace, CHOSEN.service, ...more);
}

/** The chosen services of the chosen teams, each once, with what is known of it. */
export function known(...labels: string[]): string {
  return `max by (${[SERVICE_LABELS, ...labels].join(', ')}) (${chosen(INFO, 'team=~"$team"')})`;
}

/** A value by service, for the chosen teams only, with labels of what is known of the service. */
export function withKnown(expr: string, ...labels: string[]): string {
  return `${expr} * on (${SERVICE_LABELS}) group_left (${labels.join(', ')}) ${known(...labels)}`;
}

/** A value by service, for the chosen teams only. */
export function ofTeams(expr: string): string {
  return `${expr} and on (${SERVICE_LABELS}) ${known('team')}`;
}

export const TEAM: BoardVariable = { name: 'team', title: 'Team', label: 'team', series: INFO.name };
export const NAMESPACE: BoardVariable = { name: 'namespace', title: 'Namespace', label: 'namespace', series: `${INFO.name}{team=~"$team"}` };
export const SERVICE: BoardVariable = { name: 'service', title: 'Service', label: 'inference_service', series: `${INFO.name}{team=~"$team",namespace=~"$namespace"}` };
/** Variables of boards of several services. */
export const CHOICES: readonly BoardVariable[] = [TEAM, NAMESPACE, SERVICE];

/** Where a row of a service leads: its own dashboard, whose uid `inference_service:info` tells. */
export const TO_SERVICE = { title: 'Dashboard of ${__data.fields.Service}', url: '/d/${__data.fields.dashboard}?${__url_time_range}' };
/** The same for a line of a graph. */
export const LINE_TO_SERVICE = { title: 'Dashboard of ${__field.labels.inference_service}', url: '/d/${__field.labels.dashboard}?${__url_time_range}' };

const TITLES: { readonly [board in StackBoard]: string } = { fleet: 'Fleet', engine: 'Services', objectives: 'Objectives', gpu: 'GPUs', cost: 'Cost', drift: 'Drift' };

/** What one of the stack's boards is called. */
export function named(settings: BoardSettings, board: StackBoard): { id: string; uid: string; title: string } {
  return { id: `${board.charAt(0).toUpperCase()}${board.slice(1)}Dashboard`, uid: stackUid(settings.stack, board), title: `Inference: ${TITLES[board]}` };
}

/** Links to the stack's dashboards, but for the one that is open. */
export function links(settings: BoardSettings, present: readonly StackBoard[], open?: StackBoard): { title: string; url: string }[] {
  return present.filter((board) => board !== open).map((board) => ({ title: TITLES[board], url: `/d/${stackUid(settings.stack, board)}` }));
}

type Rest<T> = Omit<T, 'kind' | 'title' | 'description' | 'width' | 'height'> & { readonly width?: number; readonly height?: number };

/** Values over time, a third of the width. */
export function graph(title: string, description: string, rest: Rest<GraphPanel>): GraphPanel {
  return { kind: 'graph', title, description, width: 8, height: 8, ...rest };
}

/** A number, an eighth of the width. */
export function stat(title: string, description: string, rest: Omit<Rest<StatPanel>, 'queries'> & { readonly expr: string }): StatPanel {
  const { expr, ...others } = rest;
  return { kind: 'stat', title, description, width: 3, height: 4, queries: [{ expr, legend: title }], ...others };
}

export function query(expr: string, legend: string): BoardQuery {
  return { expr, legend };
}

/** Bounds: from the first on worth a look, from the second on bad. */
export function bounds(watch: number | undefined, bad?: number): Bound[] {
  const given = (value: number | undefined, level: Bound['level']): Bound[] => (value === undefined ? [] : [{ value, level }]);
  return [...given(watch, 'watch'), ...given(bad, 'bad')];
}

/** Share of an error budget that a window's errors burn, as a multiple of what the objective allows. */
export function burn(errorRatio: string, target: string): string {
  return `${errorRatio} / on (${SERVICE_LABELS}, objective) (1 - ${target})`;
}
/** From here on a month's budget is gone in two days or five. Source: https://sre.google/workbook/alerting-on-slos/ */
export const BURN_BOUNDS = bounds(6, 14.4);
