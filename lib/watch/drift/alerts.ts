import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { decimal, selector } from '../../plan/promql';
import { AlertContext, ServiceAlert } from '../alerts/service-alert';
import { REQUESTS } from '../series';

/** How far back a result is still taken for the present one: what gives it again may restart meanwhile. */
const BRIDGE = '15m';
/** Share of the predictions whose payloads may be lost before somebody is told, in percent. */
const LOST_PERCENT = 1;

/** A monitor's result, by labels of what it is about: never of what scraped it. */
function result({ matchers }: AlertContext, name: string, by = 'model_version'): string {
  return `max by (${by}) (last_over_time(${selector(name, matchers)}[${BRIDGE}]))`;
}

/** From the first run that finds something to one that finds it again. */
function secondWindow(periodSeconds: number): string {
  return `${periodSeconds + 60}s`;
}

/** Payloads that never reached the sink. */
export const payloadsDropped: ServiceAlert = ({ service, matchers }) => {
  if (service.plan.loggerMetricsPort === undefined) return [];
  const rate = (name: string): string => `sum(rate(${selector(name, matchers)}[10m]))`;
  return [{
    alert: 'ModelPayloadLoggingDropped', severity: AlertSeverity.WARNING, for: '10m',
    expr: `100 * ${rate('ml_payload_log_dropped_total')} / (${rate('ml_payload_log_sent_total')} + ${rate('ml_payload_log_dropped_total')} > 0) > ${LOST_PERCENT}`,
    summary: 'payloads of predictions are lost', description: '{{ $value | printf "%.1f" }} % of the logged predictions did not reach the sink. Requests are answered all the same; monitors see less, or nothing.',
  }];
};

/** Inputs that are no longer what the model was trained on. */
export const driftDetected: ServiceAlert = (context) => {
  const { monitor } = context.service.plan;
  return monitor === undefined ? [] : [{
    alert: 'ModelDriftDetected', severity: AlertSeverity.WARNING, for: secondWindow(monitor.periodSeconds),
    expr: `${result(context, 'ml_dataset_drift_detected')} == 1`,
    summary: 'the inputs of the model have drifted', description: 'Two windows in a row, version {{ $labels.model_version }} was asked for what differs from its reference data. Not yet a fault: see which features, and whether answers suffer.',
  }];
};

/** Features that come empty. */
export const missingValues: ServiceAlert = (context) => {
  const { monitor } = context.service.plan;
  return monitor === undefined ? [] : [{
    alert: 'ModelMissingValues', severity: AlertSeverity.WARNING, for: secondWindow(monitor.periodSeconds),
    // of few rows a share says little
    expr: `${result(context, 'ml_missing_value_ratio', 'model_version, feature')} > ${decimal(monitor.bounds.maxMissingRatio)} and on (model_version) (${result(context, 'ml_monitor_rows')} >= ${monitor.bounds.minRows})`,
    summary: 'values of a feature are missing', description: '{{ $value | humanizePercentage }} of the requests to version {{ $labels.model_version }} lack the feature {{ $labels.feature }}: most often a change at whoever sends them.',
  }];
};

/** Answers that proved wrong. */
export const accuracyLow: ServiceAlert = (context) => {
  const { monitor } = context.service.plan;
  return monitor?.bounds.minAccuracy === undefined ? [] : [{
    alert: 'ModelAccuracyLow', severity: AlertSeverity.WARNING, for: secondWindow(monitor.periodSeconds),
    expr: `${result(context, 'ml_ground_truth_accuracy')} < ${decimal(monitor.bounds.minAccuracy)}`,
    summary: 'too many answers proved wrong', description: `Of the predictions of version {{ $labels.model_version }} whose truth is known, {{ $value | humanizePercentage }} were right; ${decimal(100 * monitor.bounds.minAccuracy)} % are promised.`,
  }];
};

/** A monitor that has not gone through for two of its periods, or never did. */
export const monitorStale: ServiceAlert = (context) => {
  const { monitor } = context.service.plan;
  if (monitor === undefined) return [];
  const told = selector('ml_monitor_last_success_timestamp_seconds', context.matchers);
  const text = { alert: 'ModelMonitorStale', severity: AlertSeverity.WARNING, summary: 'the model is not watched', description: 'Its monitor has told nothing for more than two of its periods: drift and wrong answers go unseen.' };
  return [
    { ...text, for: '5m', expr: `time() - max(last_over_time(${told}[${BRIDGE}])) > ${2 * monitor.periodSeconds}` },
    // a new one has its first run ahead; a label of its own, as two rules may not give one series
    { ...text, for: `${2 * monitor.periodSeconds}s`, labels: { results: 'missing' }, expr: `absent_over_time(${told}[${BRIDGE}])` },
  ];
};

/** A monitor that sees fewer predictions than it needs, while there are enough. */
export const monitorNoData: ServiceAlert = (context) => {
  const { monitor } = context.service.plan;
  if (monitor === undefined) return [];
  const expected = decimal(monitor.windowSeconds * (monitor.sampleRatio ?? 1));
  // a service that is asked for less than that is not told of; one whose requests nobody counts is
  const quiet = `max(avg_over_time(${selector(REQUESTS.name, context.matchers)}[${monitor.windowSeconds}s])) * ${expected} < ${monitor.bounds.minRows}`;
  return [{
    alert: 'ModelMonitorNoData', severity: AlertSeverity.WARNING, for: secondWindow(monitor.periodSeconds),
    expr: `sum(${result(context, 'ml_monitor_rows')}) < ${monitor.bounds.minRows} unless (${quiet})`,
    summary: "the model's monitor sees too few predictions", description: `It saw {{ $value }} of the ${monitor.bounds.minRows} that it needs, though the service was asked for more: payloads are not logged, or can not be read.`,
  }];
};
