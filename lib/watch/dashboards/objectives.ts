import * as series from '../series';
import { Board, BoardVariable, Dashboard, TableColumn, Unit } from './board';
import { draw } from './draw';
import { bounds, burn, BURN_BOUNDS, CHOICES, chosen, graph, known, LINE_TO_SERVICE, links, ofTeams, query, SERVICE_LABELS, named, stat, TO_SERVICE, withKnown } from './parts';
import { BoardSettings, StackBoard } from './settings';

const OBJECTIVE: BoardVariable = { name: 'objective', title: 'Objective', label: 'objective', series: `${series.SLO_TARGET.name}{namespace=~"$namespace",inference_service=~"$service"}` };
const PICKED = 'objective=~"$objective"';

/** What was promised, and what is left of it. */
export function objectivesDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const left = chosen(series.SLO_BUDGET_LEFT, PICKED);
  const burnt = (window: string): string => burn(chosen(series.sloErrorRatio(window), PICKED), chosen(series.SLO_TARGET, PICKED));
  const column = (title: string, unit: Unit, expr: string, more: Partial<TableColumn> = {}): TableColumn => ({ title, unit, expr: ofTeams(`max by (${SERVICE_LABELS}, objective) (${expr})`), ...more });
  const legend = '{{inference_service}} · {{objective}}';
  const lines = (expr: string) => [query(withKnown(expr, 'dashboard'), legend)];
  const board: Board = {
    ...named(settings, StackBoard.OBJECTIVES),
    description: 'Objectives: what is left of their error budgets, how fast it shrinks, and what does it. The windows are those of the alerts.',
    tags: ['inference'], span: '7d', variables: [...CHOICES, OBJECTIVE], links: links(settings, beside, StackBoard.OBJECTIVES),
    sections: [
      { title: 'Now', panels: [
        stat('Objectives', 'Objectives of the chosen services.', { unit: Unit.COUNT, width: 6, expr: `count(${ofTeams(chosen(series.SLO_TARGET, PICKED))})` }),
        stat('Broken', 'Objectives without any budget left. Hold releases of these services.', { unit: Unit.COUNT, width: 6, bounds: bounds(undefined, 1), expr: `count(${ofTeams(`(${left} < 0)`)}) or 0 * count(${known()})` }),
        stat('Below a quarter', 'Objectives with less than a quarter of their budget left, but not broken yet.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(${ofTeams(`(${left} >= 0 < 0.25)`)}) or 0 * count(${known()})` }),
        stat('Burning', 'Objectives whose budget shrank more than six times too fast in the last hour.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(${ofTeams(`(${burnt('1h')} > 6)`)}) or 0 * count(${known()})` }),
      ] },
      { title: 'Objectives', panels: [{
        kind: 'table', title: 'Objectives', width: 24, height: 12, unit: Unit.COUNT,
        description: 'A row for each objective, the least budget first. Burn rates: how many times faster than allowed the budget shrinks over that window.',
        labels: { inference_service: 'Service', namespace: 'Namespace', objective: 'Objective', team: 'Team' }, hidden: ['dashboard'], link: TO_SERVICE, sortBy: { column: 'Budget left', ascending: true },
        columns: [
          { title: 'Target', unit: Unit.RATIO, expr: withKnown(`max by (${SERVICE_LABELS}, objective) (${chosen(series.SLO_TARGET, PICKED)})`, 'team', 'dashboard') },
          column('Budget left', Unit.RATIO, left, { bounds: [{ value: 0, level: 'bad' }, { value: 0.25, level: 'watch' }], lowIsBad: true }),
          column('Burn, 1h', Unit.COUNT, burnt('1h'), { bounds: BURN_BOUNDS }),
          column('Burn, 6h', Unit.COUNT, burnt('6h'), { bounds: bounds(undefined, 6) }),
          column('Burn, 3d', Unit.COUNT, burnt('3d'), { bounds: bounds(1) }),
          column('Counted/s', Unit.REQUESTS_PER_SECOND, chosen(series.SLO_VALID, PICKED)),
          column('Broken/s', Unit.REQUESTS_PER_SECOND, chosen(series.SLO_BAD, PICKED)),
        ],
      }] },
      { title: 'Over time', panels: [
        graph('Budget left', 'What is left of each error budget over its period.', { unit: Unit.RATIO, width: 12, height: 10, signed: true, bounds: [{ value: 0, level: 'bad' }, { value: 0.25, level: 'watch' }], link: LINE_TO_SERVICE, queries: lines(left) }),
        graph('Burn rate, 1h', 'From 14.4 on somebody is paged: a month\'s budget is gone in two days. From 6 on, if it lasts for six hours.', { unit: Unit.COUNT, width: 12, height: 10, bounds: BURN_BOUNDS, link: LINE_TO_SERVICE, queries: lines(`(${burnt('1h')})`) }),
        graph('Burn rate, 6h', 'The slower window: from 6 on somebody is paged.', { unit: Unit.COUNT, width: 12, height: 10, bounds: bounds(undefined, 6), link: LINE_TO_SERVICE, queries: lines(`(${burnt('6h')})`) }),
        graph('Requests that broke an objective', 'Requests a second that were failed, or too slow.', { unit: Unit.REQUESTS_PER_SECOND, width: 12, height: 10, link: LINE_TO_SERVICE, queries: lines(chosen(series.SLO_BAD, PICKED)) }),
      ] },
    ],
  };
  return draw(board, settings);
}
