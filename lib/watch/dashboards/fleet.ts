import * as series from '../series';
import { Board, BoardPanel, Dashboard, TableColumn, Unit } from './board';
import { draw } from './draw';
import { bounds, burn, CHOICES, chosen, graph, known, LINE_TO_SERVICE, links, ofTeams, query, SERVICE_LABELS, named, stat, TO_SERVICE, withKnown } from './parts';
import { BoardSettings, money, StackBoard } from './settings';

/** All services, for who keeps sixty of them alive: which one needs somebody, and whose it is. */
export function fleetDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const board: Board = {
    ...named(settings, StackBoard.FLEET),
    description: 'Every inference service: which one needs somebody, and whose it is. A click on a service leads to its dashboard.',
    tags: ['inference'], span: '24h', variables: CHOICES, links: links(settings, beside, StackBoard.FLEET),
    sections: [{ title: 'Now', panels: now(settings) }, { title: 'Services', panels: [table(settings)] }, { title: 'Those that stand out', panels: outstanding() }, { title: 'By team', panels: byTeam(settings) }],
  };
  return draw(board, settings);
}

function now(settings: BoardSettings): BoardPanel[] {
  const left = `min by (${SERVICE_LABELS}) (${chosen(series.SLO_BUDGET_LEFT)})`;
  const missing = `${chosen(series.COPIES_READY)} < on (${SERVICE_LABELS}) ${chosen(series.COPIES_WANTED)}`;
  const failed = `sum(${ofTeams(chosen(series.FAILURES))})`;
  return [
    stat('Services', 'Services of the chosen teams that are known here.', { unit: Unit.COUNT, expr: `count(${known()})` }),
    stat('Requests', 'Requests a second, of all.', { unit: Unit.REQUESTS_PER_SECOND, expr: `sum(${ofTeams(chosen(series.REQUESTS))})` }),
    stat('Failing', 'Share of all requests that failed.', { unit: Unit.RATIO, bounds: bounds(0.001, 0.01), expr: `${failed} / (sum(${ofTeams(chosen(series.REQUESTS))}) > 0)` }),
    stat('Budgets spent', 'Services with an objective whose error budget is gone. Each of them: hold its releases.', { unit: Unit.COUNT, bounds: bounds(undefined, 1), expr: `count(${ofTeams(`(${left} < 0)`)}) or 0 * count(${known()})` }),
    stat('Short of copies', 'Services with fewer copies ready than wanted. For longer than a start takes: no node is free, or copies fail.', { unit: Unit.COUNT, bounds: bounds(1), expr: `count(${ofTeams(missing)}) or 0 * count(${known()})` }),
    stat('Above their load', 'Services whose load is above what scaling aims at.', { unit: Unit.COUNT, bounds: bounds(1), expr: `count(${ofTeams(`(${chosen(series.SATURATION)} > 1)`)}) or 0 * count(${known()})` }),
    stat('Per hour', 'What all running copies cost an hour.', { unit: money(settings), decimals: 2, expr: `sum(${ofTeams(chosen(series.COST_PER_HOUR))})` }),
    stat('Per month', 'What a month costs if it goes on as in the last day.', { unit: money(settings), decimals: 0, expr: `sum(${ofTeams(chosen(series.COST_MONTH))})` }),
  ];
}

function table(settings: BoardSettings): BoardPanel {
  const column = (title: string, one: series.Series, unit: string, more: Partial<TableColumn> = {}): TableColumn => ({ title, unit, expr: ofTeams(`sum by (${SERVICE_LABELS}) (${chosen(one)})`), ...more });
  const least = `min by (${SERVICE_LABELS}) (${chosen(series.SLO_BUDGET_LEFT)})`;
  return {
    kind: 'table', title: 'Services', width: 24, height: 16, unit: Unit.COUNT,
    description: 'A row for each service, those with the least budget left first. A click on a service leads to its dashboard.',
    labels: { inference_service: 'Service', namespace: 'Namespace', team: 'Team', server: 'Server' }, hidden: ['dashboard'], link: TO_SERVICE,
    sortBy: settings.recorded.has(series.SLO_BUDGET_LEFT.name) ? { column: 'Budget left', ascending: true } : { column: 'Failing' },
    columns: [
      { title: 'Known', unit: Unit.COUNT, expr: known('team', 'server', 'dashboard'), hidden: true },
      column('Requests/s', series.REQUESTS, Unit.REQUESTS_PER_SECOND),
      column('Failing', series.FAILURE_RATIO, Unit.RATIO, { bounds: bounds(0.001, 0.01) }),
      column('p99', series.LATENCY_P99, Unit.SECONDS),
      { title: 'Budget left', unit: Unit.RATIO, expr: ofTeams(least), bounds: [{ value: 0, level: 'bad' }, { value: 0.25, level: 'watch' }], lowIsBad: true },
      column('Load', series.SATURATION, Unit.RATIO, { bounds: bounds(1, 1.5) }),
      column('Copies', series.COPIES_READY, Unit.COUNT, { bounds: bounds(1), lowIsBad: true }),
      column('Wanted', series.COPIES_WANTED, Unit.COUNT),
      column('Cost/h', series.COST_PER_HOUR, money(settings)),
    ],
  };
}

/** The ten furthest out of each: sixty lines would show nothing. */
function outstanding(): BoardPanel[] {
  const most = (expr: string): { expr: string; legend: string }[] => [query(`topk(10, ${withKnown(expr, 'dashboard')})`, '{{inference_service}} · {{namespace}}')];
  const burnt = `max by (${SERVICE_LABELS}) (${burn(chosen(series.sloErrorRatio('1h')), chosen(series.SLO_TARGET))})`;
  return [
    graph('Fastest burning budgets', 'The ten whose error budget shrinks fastest, over the last hour; at 1 it lasts just its period.', { unit: Unit.COUNT, bounds: bounds(6, 14.4), link: LINE_TO_SERVICE, queries: most(`(${burnt})`) }),
    graph('Most failing', 'The ten with the largest share of failing requests.', { unit: Unit.RATIO, link: LINE_TO_SERVICE, queries: most(chosen(series.FAILURE_RATIO)) }),
    graph('Highest load', 'The ten with the most load for what scaling aims at.', { unit: Unit.RATIO, bounds: bounds(1), link: LINE_TO_SERVICE, queries: most(chosen(series.SATURATION)) }),
  ];
}

function byTeam(settings: BoardSettings): BoardPanel[] {
  const sum = (one: series.Series): { expr: string; legend: string }[] => [query(`sum by (team) (${withKnown(`sum by (${SERVICE_LABELS}) (${chosen(one)})`, 'team')})`, '{{team}}')];
  return [
    graph('Requests by team', 'Requests a second.', { unit: Unit.REQUESTS_PER_SECOND, stacked: true, queries: sum(series.REQUESTS) }),
    graph('Failures by team', 'Failed requests a second.', { unit: Unit.REQUESTS_PER_SECOND, stacked: true, queries: sum(series.FAILURES) }),
    graph('Cost by team', 'What the running copies cost an hour.', { unit: money(settings), stacked: true, queries: sum(series.COST_PER_HOUR) }),
  ];
}
