import { AcceleratorKind } from '../../describe/accelerator';
import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { MetricRole, MetricType } from '../../describe/server/server-facts';
import { quoted, selector } from '../../plan/promql';
import { hpaName } from '../../plan/scaling/hpa-name';
import { dcgm } from '../recordings/gpu';
import { metricOf } from '../recordings/recorder';
import { GPU_UTILIZATION, REQUESTS, WAITING } from '../series';
import { costs } from './cost';
import { ServiceAlert } from './service-alert';

/** The autoscaler wants more copies than there may be. */
export const atMaxCopies: ServiceAlert = ({ service, workloads }) => {
  const { copies } = service.plan;
  if (copies.autoscaler === undefined || copies.frozen || copies.stopped || copies.min >= copies.max) return [];
  const own = hpaName(service.plan);
  // our HPA, and KEDA's, have the service's name; Flagger copies them for its primary
  const hpa = `{namespace=${quoted(service.namespace)},horizontalpodautoscaler=~${quoted(`(keda-hpa-)?(${own === service.plan.name ? workloads : own})`)}`;
  const of = (series: string): string => `max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_${series}`;
  return [{
    alert: 'InferenceServiceAtMaxCopies', severity: AlertSeverity.WARNING, for: '15m',
    // all copies may be just enough: limited is one that wants more, or (at its least number) less
    expr: `max(${of('status_desired_replicas')}${hpa}}) >= ${of('spec_max_replicas')}${hpa}}) and ${of('status_condition')}${hpa},condition="ScalingLimited",status="true"}) == 1)`,
    summary: 'all copies that it may have are running', description: 'It runs at its {{ $value }} copies and wants more: what comes on top waits or fails.',
  }];
};

/** More comes in than is answered: a queue of at least one that grew by a quarter of itself in ten minutes. One that goes up and down, or stands, doesn't. */
export const queueGrowing: ServiceAlert = (context) => {
  const { matchers } = context;
  if (metricOf(context, MetricRole.QUEUE, MetricType.GAUGE) === undefined) return [];
  const waiting = selector(WAITING.name, matchers);
  return [{
    alert: 'InferenceServiceQueueGrowing', severity: AlertSeverity.WARNING, for: '5m', expr: `${waiting} > 0 and min_over_time(${waiting}[10m]) >= 1 and deriv(${waiting}[10m]) * 600 > 0.25 * avg_over_time(${waiting}[10m])`,
    summary: 'its queue grows', description: '{{ $value }} requests wait, and they become more: the copies answer less than comes in.',
  }];
};

/** A GPU that is paid for and does nothing. */
export const gpuIdle: ServiceAlert = ({ service, matchers }) => service.plan.accelerator?.vendor !== AcceleratorKind.NVIDIA ? [] : [{
  alert: 'InferenceServiceGpuIdle', severity: AlertSeverity.INFO, for: '30m',
  expr: `avg_over_time(${selector(GPU_UTILIZATION.name, matchers)}[1h]) < 0.05 unless max_over_time(${selector(REQUESTS.name, matchers)}[1h]) > 0.01`,
  summary: 'its GPUs are idle', description: `Its GPUs worked {{ $value | humanizePercentage }} of the last hour, and hardly a request came.${costs(service)}`,
}];

/**
 * XIDs that tell of a program's mistake and not of the hardware: exceptions and page faults of a kernel, channels that were reset or cleaned up.
 * Source: https://docs.nvidia.com/deploy/xid-errors/
 */
const OF_PROGRAMS = [13, 31, 43, 45, 68, 69];

/** The driver reports an error. */
export const gpuErrors: ServiceAlert = ({ service, pods }) => {
  if (service.plan.accelerator?.vendor !== AcceleratorKind.NVIDIA) return [];
  return [{
    alert: 'InferenceServiceGpuErrors', severity: AlertSeverity.CRITICAL, keepFiringFor: '15m',
    // the gauge holds the last error's number until the exporter starts anew, which a repaired node does
    expr: `count(${dcgm('DCGM_FI_DEV_XID_ERRORS', pods)} > 0 ${OF_PROGRAMS.map((code) => `!= ${code}`).join(' ')}) > 0`,
    summary: 'a GPU reports an error of its hardware', description: '{{ $value }} GPUs of the service report XID errors: answers may be wrong or missing, and the node has to be drained.',
  }];
};
