import { selector } from '../../plan/promql';
import { Board, BoardPanel, BoardVariable, Dashboard, TablePanel, Unit } from './board';
import { draw } from './draw';
import { bounds, graph, links, named, query, stat } from './parts';
import { BoardSettings, StackBoard } from './settings';

const NAMESPACE: BoardVariable = { name: 'namespace', title: 'Namespace', label: 'namespace', series: 'ml_monitor_last_success_timestamp_seconds' };
const SERVICE: BoardVariable = { name: 'service', title: 'Service', label: 'inference_service', series: 'ml_monitor_last_success_timestamp_seconds{namespace=~"$namespace"}' };
const FEATURE: BoardVariable = { name: 'feature', title: 'Feature', label: 'feature', series: 'ml_missing_value_ratio{namespace=~"$namespace",inference_service=~"$service"}' };

const SERVICE_LABELS = 'namespace, inference_service';
const VERSION_LABELS = `${SERVICE_LABELS}, model_version`;
const FEATURE_LABELS = `${VERSION_LABELS}, feature`;
const VERSION = '{{inference_service}} {{model_version}}';

/** A monitor's result by labels of what it is about, never of what scraped it. */
function result(name: string, by: string, ...more: string[]): string {
  return `max by (${by}) (${selector(name, 'namespace=~"$namespace"', 'inference_service=~"$service"', ...(by.includes('feature') ? ['feature=~"$feature"'] : []), ...more)})`;
}

const LAST_LOOK = result('ml_monitor_last_success_timestamp_seconds', SERVICE_LABELS);

/** Methods whose score is a p-value: low is drift. That of all others is a distance. */
const P_VALUES = 'ks|chisquare|chi2|z';
/** A p-value may be next to nothing: beyond this it says no more, and would flatten the other lines. */
const FAR = 10;

/** How far each feature is from the reference as a multiple of its threshold, so that methods can be compared: above 1 is drift. */
function ofThreshold(): string {
  const by = `${FEATURE_LABELS}, method`;
  const ratio = (over: string, under: string, methods: string): string => `${result(over, by, methods)} / ${result(under, by, methods)}`;
  const [score, threshold] = ['ml_feature_drift_score', 'ml_feature_drift_threshold'];
  return `clamp_max(${ratio(score, threshold, `method!~"${P_VALUES}"`)} or ${ratio(threshold, score, `method=~"${P_VALUES}"`)}, ${FAR})`;
}

/** How models do, as their monitors see it: data that changes, and answers that are wrong. */
export function driftDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const board: Board = {
    ...named(settings, StackBoard.DRIFT),
    description: 'What the models\' monitors found in logged requests: features that changed against the reference, values that are missing, answers that proved wrong.',
    tags: ['inference'], span: '7d', variables: [NAMESPACE, SERVICE, FEATURE], links: links(settings, beside, StackBoard.DRIFT),
    sections: [
      { title: 'Now', panels: now() }, { title: 'Data', panels: data() }, { title: 'Features', panels: [FEATURES] },
      { title: 'Answers', panels: answers() }, { title: 'Monitors', panels: monitors() }, { title: 'Logged requests', panels: logged() },
    ],
  };
  return draw(board, settings);
}

function now(): BoardPanel[] {
  return [
    stat('Services with drift', 'Services of which so many features have changed that their monitor calls it drift. Not yet a fault: see whether answers suffer, then train anew.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(${result('ml_dataset_drift_detected', SERVICE_LABELS)} > 0) or 0 * count(${LAST_LOOK})` }),
    stat('Features with drift', 'Features that have changed against the reference.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(${result('ml_drift_detected', FEATURE_LABELS)} > 0) or 0 * count(${LAST_LOOK})` }),
    stat('Least accurate', 'The lowest accuracy of the chosen services, where the truth is known by now.', { unit: Unit.RATIO, width: 6, expr: `min(${result('ml_ground_truth_accuracy', VERSION_LABELS)})` }),
    stat('Oldest look', 'How long ago the monitor that is furthest behind has finished. Longer than two of its periods: its job fails, see the job\'s log.', { unit: Unit.SECONDS, width: 6, expr: `max(time() - ${LAST_LOOK})` }),
  ];
}

function data(): BoardPanel[] {
  return [
    graph('Features with drift', 'Share of its features that have changed, by service and version.', { unit: Unit.RATIO, max: 1, queries: [query(result('ml_drifted_feature_ratio', VERSION_LABELS), VERSION)] }),
    graph('Drift by feature', `How far each feature is from the reference, as a multiple of its threshold (the twenty highest, at most ${FAR}): from 1 on it has drifted, whatever the method. Scores as they are: in the table below.`, { unit: Unit.COUNT, bounds: bounds(1), queries: [query(`topk(20, ${ofThreshold()})`, `${VERSION} {{feature}} ({{method}})`)] }),
    graph('Missing values', 'Share of the requests that lack a feature (the twenty largest). A step is most often a change at the sender, not of the world.', { unit: Unit.RATIO, queries: [query(`topk(20, ${result('ml_missing_value_ratio', FEATURE_LABELS)})`, `${VERSION} {{feature}}`)] }),
  ];
}

const FEATURES: TablePanel = {
  kind: 'table', title: 'Features', width: 24, height: 10, unit: Unit.COUNT,
  description: 'A row for each feature and method, those with drift first. A distance is drift from its threshold on, a p-value below it.',
  labels: { inference_service: 'Service', namespace: 'Namespace', model_version: 'Version', feature: 'Feature', method: 'Method' }, sortBy: { column: 'Drift' },
  columns: [
    { title: 'Drift', unit: Unit.COUNT, bounds: bounds(1), expr: result('ml_drift_detected', `${FEATURE_LABELS}, method`) },
    { title: 'Score', unit: Unit.COUNT, expr: result('ml_feature_drift_score', `${FEATURE_LABELS}, method`) },
    { title: 'Threshold', unit: Unit.COUNT, expr: result('ml_feature_drift_threshold', `${FEATURE_LABELS}, method`) },
  ],
};

function answers(): BoardPanel[] {
  const predictions = result('ml_prediction_total', `${VERSION_LABELS}, class`);
  return [
    graph('Accuracy', 'Share of the answers that proved right, where the truth is known by now. Compare versions over the same window.', { unit: Unit.RATIO, max: 1, queries: [query(result('ml_ground_truth_accuracy', `${VERSION_LABELS}, window`), `${VERSION} ({{window}})`)] }),
    graph('Answers with known truth', 'How many answers the accuracy is of. Few: it swings by chance.', { unit: Unit.COUNT, queries: [query(result('ml_ground_truth_rows', VERSION_LABELS), VERSION)] }),
    graph('Answers by class', 'Share of each class among the answers. A class that vanishes or takes over: drift of the data, or a broken feature.', { unit: Unit.RATIO, max: 1, queries: [query(`${predictions} / on (${VERSION_LABELS}) group_left () (sum by (${VERSION_LABELS}) (${predictions}) > 0)`, `${VERSION} {{class}}`)] }),
  ];
}

function monitors(): BoardPanel[] {
  return [
    graph('Rows looked at', 'Requests that the last look had, and how many it needs at the least. Below that nothing is judged.', { unit: Unit.COUNT, width: 12, queries: [query(result('ml_monitor_rows', VERSION_LABELS), VERSION), query(result('ml_monitor_min_rows', SERVICE_LABELS), '{{inference_service}}, at the least')] }),
    graph('Since the last look', 'Time since a monitor finished last. A saw tooth is healthy; a line that only rises is a job that fails.', { unit: Unit.SECONDS, width: 12, queries: [query(`time() - ${LAST_LOOK}`, '{{inference_service}}')] }),
  ];
}

function logged(): BoardPanel[] {
  const rate = (name: string): string => `sum by (${SERVICE_LABELS}) (rate(${selector(name, 'namespace=~"$namespace"', 'inference_service=~"$service"')}[10m]))`;
  return [
    graph('Logged', 'Predictions a second whose payloads the sink has taken: what monitors can see.', { unit: Unit.REQUESTS_PER_SECOND, width: 12, queries: [query(rate('ml_payload_log_sent_total'), '{{inference_service}}')] }),
    graph('Lost', 'Predictions a second whose payloads were lost; the requests were answered all the same. Look at the sink: it is away, or too slow.', { unit: Unit.REQUESTS_PER_SECOND, width: 12, queries: [query(rate('ml_payload_log_dropped_total'), '{{inference_service}}')] }),
  ];
}
