import * as series from '../series';
import { Board, BoardPanel, Dashboard, TableColumn, Unit } from './board';
import { draw } from './draw';
import { bounds, CHOICES, chosen, graph, LINE_TO_SERVICE, links, ofTeams, query, SERVICE_LABELS, named, stat, TO_SERVICE, withKnown } from './parts';
import { BoardSettings, money, StackBoard } from './settings';

/** What serving costs: by whom, by which model, for how much work. */
export function costDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const unit = money(settings);
  const board: Board = {
    ...named(settings, StackBoard.COST),
    description: 'What the running copies cost by the prices of the cluster: by team, by service, by version, and for how much work.',
    tags: ['inference'], span: '7d', variables: CHOICES, links: links(settings, beside, StackBoard.COST),
    sections: [
      { title: 'Now', panels: now(unit) },
      { title: 'Who pays', panels: payers(unit) },
      { title: 'What for', panels: work(unit) },
      { title: 'Services', panels: [table(unit)] },
    ],
  };
  return draw(board, settings);
}

const hourly = `sum by (${SERVICE_LABELS}) (${chosen(series.COST_PER_HOUR)})`;
const USED = `max by (${SERVICE_LABELS}) (${chosen(series.GPU_UTILIZATION)})`;

function now(unit: string): BoardPanel[] {
  return [
    stat('Per hour', 'What all running copies cost an hour.', { unit, decimals: 2, width: 6, expr: `sum(${ofTeams(hourly)})` }),
    stat('Per month', 'What a month of 730 hours costs if it goes on as in the last day.', { unit, decimals: 0, width: 6, expr: `sum(${ofTeams(chosen(series.COST_MONTH))})` }),
    stat('Per 1,000 predictions', 'What 1,000 predictions cost, over all services, now.', { unit, decimals: 4, width: 6, expr: `1000 * sum(${ofTeams(hourly)}) / (3600 * sum(${ofTeams(chosen(series.REQUESTS))}) > 0)` }),
    stat('Idle GPUs, per hour', 'What services cost an hour whose GPUs worked less than 5 % of the time.', { unit, decimals: 2, width: 6, bounds: bounds(0.01), expr: `sum(${ofTeams(`(${hourly} and on (${SERVICE_LABELS}) ${USED} < 0.05)`)}) or 0 * sum(${USED})` }),
  ];
}

function payers(unit: string): BoardPanel[] {
  const sum = (label: string) => [query(`sum by (${label}) (${withKnown(hourly, label)})`, `{{${label}}}`)];
  return [
    graph('Per hour, by team', 'What the running copies cost an hour.', { unit, stacked: true, width: 12, queries: sum('team') }),
    graph('Per hour, by cost centre', 'The same by who pays.', { unit, stacked: true, width: 12, queries: sum('cost_center') }),
  ];
}

function work(unit: string): BoardPanel[] {
  const line = (expr: string, legend: string) => [query(`topk(10, ${withKnown(expr, 'dashboard')})`, legend)];
  const version = '{{inference_service}} {{model_version}}';
  return [
    graph('Per hour, the dearest', 'The ten dearest services. A step is a change of copies or of the model.', { unit, link: LINE_TO_SERVICE, queries: line(hourly, '{{inference_service}}') }),
    graph('Per 1,000 predictions', 'The ten dearest, by version and the last hour. It grows when copies wait for requests: fewer at the least, or scaling to zero.', { unit, link: LINE_TO_SERVICE, queries: line(chosen(series.COST_PER_1K_REQUESTS), version) }),
    graph('Per million tokens', 'The ten dearest, read and written: what compares with the price of an API.', { unit, link: LINE_TO_SERVICE, queries: line(chosen(series.COST_PER_1M_TOKENS), version) }),
  ];
}

function table(unit: string): BoardPanel {
  const column = (title: string, expr: string, of = unit): TableColumn => ({ title, unit: of, expr: ofTeams(expr) });
  return {
    kind: 'table', title: 'Services', width: 24, height: 12, unit,
    description: 'A row for each service, the dearest first; per 1,000 predictions and per million tokens by its dearest version.',
    labels: { inference_service: 'Service', namespace: 'Namespace', team: 'Team', cost_center: 'Cost centre' }, hidden: ['dashboard'], link: TO_SERVICE, sortBy: { column: 'Per hour' },
    columns: [
      { title: 'Per hour', unit, expr: withKnown(hourly, 'team', 'cost_center', 'dashboard') },
      column('Per month', `max by (${SERVICE_LABELS}) (${chosen(series.COST_MONTH)})`),
      column('Per 1,000 predictions', `max by (${SERVICE_LABELS}) (${chosen(series.COST_PER_1K_REQUESTS)})`),
      column('Per million tokens', `max by (${SERVICE_LABELS}) (${chosen(series.COST_PER_1M_TOKENS)})`),
      column('Requests/s', `max by (${SERVICE_LABELS}) (${chosen(series.REQUESTS)})`, Unit.REQUESTS_PER_SECOND),
    ],
  };
}
