import { secondsOf } from '../../describe/checks/shape';
import { ObjectiveKind } from '../../describe/objective';
import { selector } from '../../plan/promql';
import * as series from '../series';
import { ofService, podsOf, WatchedService } from '../watched-service';
import { Board, BoardPanel, Bound, Dashboard, Unit } from './board';
import { draw } from './draw';
import { BURN_BOUNDS, bounds, burn, graph, links, query, stat } from './parts';
import { BoardSettings, money, serviceUid, StackBoard } from './settings';

/** One service: how it answers, what it promises, how full it is, what it runs on. */
export function serviceDashboard(service: WatchedService, settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const { name, namespace, owner, plan } = service;
  const described = [`${plan.modelName === undefined ? `${plan.pooled.length} models` : `Model ${plan.modelName}`} on ${plan.server.facts.title} ${plan.serverVersion}`, ...(owner === undefined ? [] : [`owned by ${owner.name}`])];
  const board: Board = {
    id: 'Dashboard',
    uid: serviceUid(service),
    title: `${name} · ${namespace}`,
    description: `${described.join(', ')}.`,
    tags: ['inference', 'inference-service', ...(owner === undefined ? [] : [owner.name])],
    span: '6h',
    variables: [{ name: 'version', title: 'Version', label: 'model_version', series: selector(series.VERSION_REQUESTS.name, ofService(service)) }],
    sections: [
      { title: 'Now', panels: now(service, settings) },
      { title: 'Requests', panels: requests(service) },
      { title: 'Load', panels: load(service) },
      { title: 'Tokens', panels: tokens(service) },
      { title: 'Objectives', panels: objectives(service) },
      { title: 'GPU', panels: gpu(service) },
      { title: 'Copies', panels: copies(service) },
      { title: 'Cost', panels: cost(service, settings) },
    ],
    marks: { title: 'New versions', expr: begun(service), text: 'version {{model_version}}' },
    links: links(settings, beside),
  };
  return draw(board, settings);
}

const of = (service: WatchedService, one: series.Series): string => selector(one.name, ofService(service));
/** Of the versions that the reader chose. */
const ofVersions = (service: WatchedService, one: series.Series): string => selector(one.name, ofService(service), 'model_version=~"$version"');

/** The versions whose series are younger than five minutes. */
function begun(service: WatchedService): string {
  const versions = of(service, series.VERSION_REQUESTS);
  return `count by (model_version) (${versions}) unless count by (model_version) (${versions} offset 5m)`;
}

/** The bound of the latency objectives, the tightest first: lines in the graphs of latency. */
function latencyBounds(service: WatchedService): Bound[] | undefined {
  const seconds = service.objectives.flatMap(({ kind, below }) => (kind === ObjectiveKind.LATENCY && below !== undefined ? [secondsOf(below)] : []));
  return seconds.length === 0 ? undefined : bounds(undefined, Math.min(...seconds));
}

/** The share of errors that the availability objective allows. */
function errorBounds(service: WatchedService): Bound[] | undefined {
  const allowed = service.objectives.filter(({ kind }) => kind === ObjectiveKind.AVAILABILITY).map(({ percent }) => Number(((100 - percent) / 100).toPrecision(6)));
  return allowed.length === 0 ? undefined : bounds(undefined, Math.min(...allowed));
}

function now(service: WatchedService, settings: BoardSettings): BoardPanel[] {
  return [
    stat('Requests', 'Requests a second over the last five minutes. None at a time when there should be some: look at the callers and the route first.', { unit: Unit.REQUESTS_PER_SECOND, expr: of(service, series.REQUESTS) }),
    stat('Failing', 'Share of the requests that failed for the server\'s reason. Above the line of the objective the budget shrinks: see the failures by version below.', { unit: Unit.RATIO, expr: of(service, series.FAILURE_RATIO), bounds: errorBounds(service) ?? bounds(0.001, 0.01) }),
    stat('p99', '99 % of the answers are faster.', { unit: Unit.SECONDS, expr: of(service, series.LATENCY_P99), bounds: latencyBounds(service) }),
    stat('Budget left', 'What is left of the error budget that is nearest to its end. At 0 the promise is broken: hold releases until it recovers.', { unit: Unit.RATIO, expr: `min(${of(service, series.SLO_BUDGET_LEFT)})`, bounds: LEFT, lowIsBad: true }),
    stat('Load', 'Load as a share of what scaling aims at. Above 1 copies are being added, or are at their most.', { unit: Unit.RATIO, expr: of(service, series.SATURATION), bounds: bounds(1, 1.5) }),
    stat('Copies', 'Copies that answer. Fewer than wanted for long: see Copies below.', { unit: Unit.COUNT, expr: of(service, series.COPIES_READY), bounds: bounds(1), lowIsBad: true }),
    stat('GPU', 'Use of the service\'s GPUs. Hours near 0 are paid for nothing.', { unit: Unit.RATIO, expr: of(service, series.GPU_UTILIZATION) }),
    stat('Per month', 'What a month costs if it goes on as in the last day.', { unit: money(settings), decimals: 2, expr: of(service, series.COST_MONTH) }),
  ];
}

/** Bounds of what is left of a budget: below a quarter, below nothing. */
const LEFT: Bound[] = [{ value: 0, level: 'bad' }, { value: 0.25, level: 'watch' }];

function requests(service: WatchedService): BoardPanel[] {
  return [
    graph('Requests by version', 'Requests a second, by the version that answered. In a release the new version\'s share grows step by step.', { unit: Unit.REQUESTS_PER_SECOND, stacked: true, queries: [query(ofVersions(service, series.VERSION_REQUESTS), '{{model_version}}')] }),
    graph('Failing', 'Share of the requests that failed for the server\'s reason; the line is what the objective allows. Failures of one version only: roll back. Of all: look at what they share (features, files, memory).', {
      unit: Unit.RATIO, bounds: errorBounds(service), queries: [query(of(service, series.FAILURE_RATIO), 'all versions'), query(`${ofVersions(service, series.VERSION_FAILURES)} / (${ofVersions(service, series.VERSION_REQUESTS)} > 0)`, '{{model_version}}')],
    }),
    graph('Latency', 'How long answers take, as the server sees it; the line is the bound of the objective. All grow together: load, see below. Only p99 grows: a few large requests, or a copy that is slower than the others.', {
      unit: Unit.SECONDS, bounds: latencyBounds(service),
      queries: [query(of(service, series.LATENCY_P50), 'p50'), query(of(service, series.LATENCY_P90), 'p90'), query(of(service, series.LATENCY_P99), 'p99'), query(of(service, series.LATENCY_MEAN), 'mean')],
    }),
    graph('Latency by version, p99', '99 % of a version\'s answers are faster. A new version that is slower than the old one at the same load needs more copies, or a look.', { unit: Unit.SECONDS, bounds: latencyBounds(service), queries: [query(ofVersions(service, series.VERSION_LATENCY_P99), '{{model_version}}')] }),
    graph('Share of each version', 'Share of the requests that each version answers. Outside of a release one version has all.', { unit: Unit.RATIO, stacked: true, max: 1, queries: [query(ofVersions(service, series.VERSION_SHARE), '{{model_version}}')] }),
  ];
}

function load(service: WatchedService): BoardPanel[] {
  return [
    graph('Load', 'Load as a share of what scaling aims at; 1 is at its target. Above it for long: more copies can\'t come (their most, no free nodes), or come too late.', { unit: Unit.RATIO, bounds: bounds(1), queries: [query(of(service, series.SATURATION), 'load')] }),
    graph('In work and waiting', 'Requests that are being answered, and those that wait. A queue that only grows ends in timeouts: give more copies.', { unit: Unit.COUNT, queries: [query(of(service, series.IN_FLIGHT), 'in work'), query(of(service, series.WAITING), 'waiting')] }),
    graph('Time in the queue', 'How long a request waits before it is worked on, on average. It is part of the latency.', { unit: Unit.SECONDS, queries: [query(of(service, series.QUEUE_TIME), 'waiting')] }),
    graph('Batch', 'Requests answered together, on average. 1 under load: batching is not on, or its window is too short.', { unit: Unit.COUNT, queries: [query(of(service, series.BATCH_SIZE), 'requests in a batch')] }),
    graph('KV cache', 'Share of the KV cache in use, of the fullest copy. Near 1 requests are put back and answered later: more copies, or a smaller context.', { unit: Unit.RATIO, max: 1, bounds: bounds(0.9), queries: [query(of(service, series.KV_CACHE), 'in use')] }),
  ];
}

function tokens(service: WatchedService): BoardPanel[] {
  return [
    graph('Time to the first token', 'What a reader waits until the answer begins. It grows with the queue and with the length of prompts.', { unit: Unit.SECONDS, queries: [query(of(service, series.FIRST_TOKEN_P50), 'p50'), query(of(service, series.FIRST_TOKEN_P99), 'p99')] }),
    graph('Time between tokens', 'How fast an answer is written. It grows with the number of requests answered together.', { unit: Unit.SECONDS, queries: [query(of(service, series.INTER_TOKEN_P50), 'p50'), query(of(service, series.INTER_TOKEN_P99), 'p99')] }),
    graph('Tokens', 'Tokens a second, read and written: what a GPU is paid for.', { unit: Unit.PER_SECOND, queries: [query(ofVersions(service, series.PROMPT_TOKENS), 'read, {{model_version}}'), query(ofVersions(service, series.GENERATED_TOKENS), 'written, {{model_version}}')] }),
  ];
}

function objectives(service: WatchedService): BoardPanel[] {
  const target = of(service, series.SLO_TARGET);
  const burnt = ['1h', '6h', '3d'].map((window) => query(burn(of(service, series.sloErrorRatio(window)), target), `{{objective}}, ${window}`));
  return [
    graph('Budget left', 'What is left of each error budget over its period. Below 0 the promise is broken; a steep fall is an incident, a slow one a fault that nobody saw.', { unit: Unit.RATIO, width: 12, signed: true, max: 1, bounds: LEFT, queries: [query(of(service, series.SLO_BUDGET_LEFT), '{{objective}}')] }),
    graph('Burn rate', 'How many times faster than allowed the budget shrinks; at 1 it lasts just its period. From 14.4 on it is gone in two days: somebody is paged.', { unit: Unit.COUNT, width: 12, bounds: BURN_BOUNDS, queries: burnt }),
  ];
}

function gpu(service: WatchedService): BoardPanel[] {
  return [
    graph('Use of the GPUs', 'Share of the time that the service\'s GPUs (or MIG slices) work. High use with growing latency: more copies. Low use: a smaller GPU or slice.', { unit: Unit.RATIO, max: 1, queries: [query(of(service, series.GPU_UTILIZATION), 'average')] }),
    graph('GPU memory', 'Share of the memory in use, of the fullest GPU. Servers of language models take what they may at start: there it says little, and the KV cache says more.', { unit: Unit.RATIO, max: 1, bounds: bounds(0.95), queries: [query(of(service, series.GPU_MEMORY), 'fullest')] }),
    graph('GPUs', 'GPUs (or MIG slices) that the exporter sees at the service\'s pods. Fewer than the copies ask for: the exporter is missing on a node, or doesn\'t know the pods.', { unit: Unit.COUNT, queries: [query(of(service, series.GPUS), 'GPUs')] }),
  ];
}

function copies(service: WatchedService): BoardPanel[] {
  const restarted = selector('kube_pod_container_status_restarts_total', podsOf(service));
  // a line at 0 for all that did not restart: an empty panel could as well be a scrape that is missing
  const restarts = `sum by (pod) (increase(${restarted}[1h])) > 0 or label_replace(0 * sum(${restarted}), "pod", "others", "", "")`;
  return [
    graph('Copies', 'Copies that are to be there, and those that answer. Apart for longer than a start takes: no node is free, or copies fail as they load.', { unit: Unit.COUNT, queries: [query(of(service, series.COPIES_WANTED), 'wanted'), query(of(service, series.COPIES_READY), 'ready')] }),
    graph('Start', 'From creation to ready, of the slowest copy of the last hour: how far ahead scaling has to think. Download and load of the model are most of it.', { unit: Unit.SECONDS, queries: [query(of(service, series.COLD_START), 'slowest')] }),
    graph('Restarts', 'Restarts of containers in the last hour. Any at all: read the end of the log before (kubectl logs --previous); out of memory is the usual reason.', { unit: Unit.COUNT, queries: [query(restarts, '{{pod}}')] }),
    graph('Scraped', 'Pods that the metrics\' store reads, and those that it fails to read. Any that fails is a hole in everything above.', { unit: Unit.COUNT, queries: [query(`sum(up{${ofService(service)}})`, 'read'), query(`count(up{${ofService(service)}} == 0) or 0 * sum(up{${ofService(service)}})`, 'failing')] }),
  ];
}

function cost(service: WatchedService, settings: BoardSettings): BoardPanel[] {
  const unit = money(settings);
  // a copy that is not scraped yet counts for no version; without a word for it the line would be called by all of its labels
  const perHour = `label_replace(${ofVersions(service, series.COST_PER_HOUR)}, "model_version", "not scraped yet", "model_version", "")`;
  return [
    graph('Cost per hour', 'What the running copies cost, by version. In a release both versions are paid for.', { unit, stacked: true, queries: [query(perHour, '{{model_version}}')] }),
    graph('Per 1,000 predictions', 'What 1,000 predictions cost, by the last hour. It grows when copies wait for requests: fewer at the least, or scaling to zero.', { unit, queries: [query(ofVersions(service, series.COST_PER_1K_REQUESTS), '{{model_version}}')] }),
    graph('Per million tokens', 'What a million tokens cost, read and written, by the last hour: what compares with the price of an API.', { unit, queries: [query(ofVersions(service, series.COST_PER_1M_TOKENS), '{{model_version}}')] }),
  ];
}

