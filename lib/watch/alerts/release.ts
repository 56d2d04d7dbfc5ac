import { HoldKind } from '../../describe/hold';
import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { RolloutControllerKind } from '../../describe/rollout/controller';
import { quoted } from '../../plan/promql';
import { AlertContext, ServiceAlert } from './service-alert';

/** Hours that a release may wait for a person before its owner is reminded. */
const PAUSED_HOURS = 4;

/** A series of a controller, whose labels give way to those of its scrape where that doesn't honour them. */
function ofController(series: string, { service }: AlertContext, matchers: string): string {
  const one = (prefix: string): string => `${series}{${prefix}namespace=${quoted(service.namespace)},name=${quoted(service.name)}${matchers}}`;
  return `(${one('')} or ${one('exported_')})`;
}

/** A new version that doesn't come. */
export const rolloutStuck: ServiceAlert = (context) => {
  const { service, workloads } = context;
  const deployment = `kube_deployment_status_condition{namespace=${quoted(service.namespace)},deployment=~${quoted(workloads)},condition="Progressing",status="false"} == 1`;
  const controller = service.plan.release?.controller;
  // phases of the metric, which are not those of the status: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/controller/metrics/rollouts.go
  const expr = controller === RolloutControllerKind.ARGO ? `${ofController('rollout_info', context, ',phase=~"Abort|Error|InvalidSpec|Timeout"')} == 1`
    // 2 is failed: https://github.com/fluxcd/flagger/blob/v1.36.1/pkg/metrics/recorder.go
    : controller === RolloutControllerKind.FLAGGER ? `${ofController('flagger_canary_status', context, '')} == 2 or ${deployment}` : deployment;
  return [{
    alert: 'InferenceServiceRolloutStuck', severity: AlertSeverity.WARNING, for: '1m', expr: `count(${expr}) > 0`,
    summary: 'a new version does not go live', description: 'The release was aborted or makes no progress; the old version keeps the requests. What was applied is not what serves.',
  }];
};

/** A new version that waits for somebody. */
export const rolloutPaused: ServiceAlert = (context) => {
  const { service, workloads } = context;
  if (service.hold?.kind === HoldKind.FROZEN) return []; // it is meant, and has a date of its own
  const { release } = service.plan;
  const argo = release?.controller === RolloutControllerKind.ARGO;
  // a step that waits for its time is paused as well, and waits for nobody
  const hours = Math.max(PAUSED_HOURS, Math.ceil((release?.stepSeconds ?? 0) / 3600) + 1);
  return [{
    alert: 'InferenceServiceRolloutPaused', severity: AlertSeverity.INFO, for: `${hours}h`,
    expr: `count(${argo ? `${ofController('rollout_info', context, ',phase="Paused"')} == 1` : `kube_deployment_spec_paused{namespace=${quoted(service.namespace)},deployment=~${quoted(workloads)}} == 1`}) > 0`,
    summary: 'a release waits for a decision', description: 'A release is paused since hours: two versions may serve, and a person is to say which it is to be.',
  }];
};

/** A hold whose day has passed. */
export const holdPast: ServiceAlert = ({ service }) => service.hold === undefined ? [] : [{
  alert: 'InferenceServiceHoldPast', severity: AlertSeverity.WARNING,
  // from the end of that day, UTC
  expr: `vector(time()) > ${Date.parse(`${service.hold.until}T00:00:00Z`) / 1000 + 86_400}`,
  summary: `it is ${service.hold.kind} past ${service.hold.until}`, description: `It was to be ${service.hold.kind} until ${service.hold.until}: ${template(service.hold.reason)}. Neither new versions nor scaling reach it meanwhile.`,
}];

/** A text of the user's in an annotation, which is a template: braces would be one. */
function template(text: string): string {
  return text.replace(/\{(?=\{)/g, '{ ');
}
