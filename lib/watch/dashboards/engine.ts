import * as series from '../series';
import { Board, BoardPanel, Dashboard, Unit } from './board';
import { draw } from './draw';
import { bounds, CHOICES, chosen, graph, LINE_TO_SERVICE, links, query, named, withKnown } from './parts';
import { BoardSettings, StackBoard } from './settings';

/** The services of an engine side by side: a line each. */
export function engineDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const board: Board = {
    ...named(settings, StackBoard.ENGINE),
    description: 'The chosen services side by side, a line each: what one of them does that the others don\'t. A click on a line leads to its service.',
    tags: ['inference'], span: '6h', variables: CHOICES, links: links(settings, beside, StackBoard.ENGINE),
    sections: [
      { title: 'Requests', panels: [
        each('Requests', 'Requests a second.', series.REQUESTS, Unit.REQUESTS_PER_SECOND),
        each('Failing', 'Share of the requests that failed. One service only: its model or its last change. Several at once: what they share.', series.FAILURE_RATIO, Unit.RATIO),
        each('Latency, p99', '99 % of the answers are faster. Several grow at once: nodes, network or features that they share.', series.LATENCY_P99, Unit.SECONDS),
        each('Latency, mean', 'What an answer takes on average: what servers tell that count no buckets.', series.LATENCY_MEAN, Unit.SECONDS),
      ] },
      { title: 'Load', panels: [
        each('Load', 'Load as a share of what scaling aims at; 1 is at its target.', series.SATURATION, Unit.RATIO, bounds(1)),
        each('In work', 'Requests that are being answered.', series.IN_FLIGHT, Unit.COUNT),
        each('Waiting', 'Requests that wait. One that only grows ends in timeouts.', series.WAITING, Unit.COUNT),
        each('Copies ready', 'Copies that answer.', series.COPIES_READY, Unit.COUNT),
        each('Start', 'From creation to ready, of the slowest copy of the last hour.', series.COLD_START, Unit.SECONDS),
        each('KV cache', 'Share of the KV cache in use, of the fullest copy.', series.KV_CACHE, Unit.RATIO, bounds(0.9)),
        each('Use of the GPUs', 'Share of the time that a service\'s GPUs work.', series.GPU_UTILIZATION, Unit.RATIO),
      ] },
    ],
  };
  return draw(board, settings);
}

function each(title: string, description: string, one: series.Series, unit: Unit, at?: ReturnType<typeof bounds>): BoardPanel {
  return graph(title, description, { unit, link: LINE_TO_SERVICE, queries: [query(withKnown(chosen(one), 'dashboard'), '{{inference_service}}')], ...(at === undefined ? {} : { bounds: at }) });
}
