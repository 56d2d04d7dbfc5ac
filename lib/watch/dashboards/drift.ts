import { selector } from '../../plan/promql';
import { Board, BoardPanel, BoardVariable, Dashboard, Unit } from './board';
import { draw } from './draw';
import { bounds, graph, links, query, named, stat } from './parts';
import { BoardSettings, StackBoard } from './settings';

const NAMESPACE: BoardVariable = { name: 'namespace', title: 'Namespace', label: 'namespace', series: 'ml_monitor_last_success_timestamp_seconds' };
const SERVICE: BoardVariable = { name: 'service', title: 'Service', label: 'inference_service', series: 'ml_monitor_last_success_timestamp_seconds{namespace=~"$namespace"}' };
const FEATURE: BoardVariable = { name: 'feature', title: 'Feature', label: 'feature', series: 'ml_feature_drift_score{namespace=~"$namespace",inference_service=~"$service"}' };

const of = (name: string, ...more: string[]): string => selector(name, 'namespace=~"$namespace"', 'inference_service=~"$service"', ...more);
const FEATURES = 'feature=~"$feature"';

/** How models do, as their monitors see it: data that changes, and answers that are wrong. */
export function driftDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const board: Board = {
    ...named(settings, StackBoard.DRIFT),
    description: 'What the models\' monitors found in logged requests: features that changed against the reference, values that are missing, answers that proved wrong.',
    tags: ['inference'], span: '7d', variables: [NAMESPACE, SERVICE, FEATURE], links: links(settings, beside, StackBoard.DRIFT),
    sections: [{ title: 'Now', panels: now() }, { title: 'Data', panels: data() }, { title: 'Answers', panels: answers() }, { title: 'Monitors', panels: monitors() }],
  };
  return draw(board, settings);
}

function now(): BoardPanel[] {
  return [
    stat('Services with drift', 'Services of which a feature has changed against the reference. Not yet a fault: see whether answers suffer, then train anew.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(max by (namespace, inference_service) (${of('ml_drift_detected')}) > 0) or 0 * count(${of('ml_monitor_last_success_timestamp_seconds')})` }),
    stat('Features with drift', 'Features that have changed.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(${of('ml_drift_detected', FEATURES)} > 0) or 0 * count(${of('ml_monitor_last_success_timestamp_seconds')})` }),
    stat('Least accurate', 'The lowest accuracy of the chosen services, where the truth is known by now.', { unit: Unit.RATIO, width: 6, expr: `min(${of('ml_ground_truth_accuracy')})` }),
    stat('Oldest look', 'How long ago the monitor that is furthest behind has finished. Longer than two of its periods: its job fails, see the job\'s log.', { unit: Unit.SECONDS, width: 6, expr: `max(time() - ${of('ml_monitor_last_success_timestamp_seconds')})` }),
  ];
}

function data(): BoardPanel[] {
  return [
    graph('Drift by feature', 'How far each feature is from the reference, by the monitor\'s method (the twenty furthest). Methods measure differently: compare lines of one method only.', { unit: Unit.COUNT, height: 10, queries: [query(`topk(20, ${of('ml_feature_drift_score', FEATURES)})`, '{{inference_service}} {{feature}} ({{method}})')] }),
    graph('Drift found', 'Features that the monitor calls changed, by service and version.', { unit: Unit.COUNT, height: 10, queries: [query(`sum by (inference_service, model_version) (${of('ml_drift_detected', FEATURES)})`, '{{inference_service}} {{model_version}}')] }),
    graph('Missing values', 'Share of the requests that lack a feature (the twenty largest). A step is most often a change at the sender, not of the world.', { unit: Unit.RATIO, height: 10, queries: [query(`topk(20, ${of('ml_missing_value_ratio', FEATURES)})`, '{{inference_service}} {{feature}}')] }),
  ];
}

function answers(): BoardPanel[] {
  return [
    graph('Accuracy', 'Share of the answers that proved right, where the truth is known by now, by version. Compare versions over the same window.', { unit: Unit.RATIO, width: 12, max: 1, queries: [query(of('ml_ground_truth_accuracy'), '{{inference_service}} {{model_version}} {{window}}')] }),
    graph('Answers by class', 'Share of each class among the answers. A class that vanishes or takes over: drift of the data, or a broken feature.', { unit: Unit.RATIO, width: 12, stacked: true, queries: [query(`sum by (inference_service, class) (${of('ml_prediction_total')}) / on (inference_service) group_left () (sum by (inference_service) (${of('ml_prediction_total')}) > 0)`, '{{inference_service}} {{class}}')] }),
  ];
}

function monitors(): BoardPanel[] {
  return [
    graph('Rows looked at', 'Requests that the last look had. Too few, and a score says nothing.', { unit: Unit.COUNT, width: 12, queries: [query(of('ml_monitor_rows'), '{{inference_service}} {{model_version}}')] }),
    graph('Since the last look', 'Time since the monitor finished last. A saw tooth is healthy; a line that only rises is a job that fails.', { unit: Unit.SECONDS, width: 12, queries: [query(`time() - ${of('ml_monitor_last_success_timestamp_seconds')}`, '{{inference_service}} {{model_version}}')] }),
  ];
}
