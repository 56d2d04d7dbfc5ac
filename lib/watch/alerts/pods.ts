import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { allOf, selector } from '../../plan/promql';
import { COPIES_READY, COPIES_WANTED } from '../series';
import { ServiceAlert } from './service-alert';

const READY = (pods: string): string => `kube_pod_status_ready{${allOf(pods, 'condition="true"')}} == 1`;

/** No copy answers. */
export const down: ServiceAlert = ({ matchers, service }) => service.plan.copies.stopped ? [] : [{
  alert: 'InferenceServiceDown', severity: AlertSeverity.CRITICAL, for: '2m', labels: { cause: 'true' },
  expr: `${selector(COPIES_WANTED.name, matchers)} > 0 unless ${selector(COPIES_READY.name, matchers)} > 0`,
  summary: 'no copy is ready', description: '{{ $value }} copies are to run, and none of them answers: every request fails.',
}];

/** A copy takes longer to load than it was planned for. */
export const notLoading: ServiceAlert = ({ service, pods }) => [{
  alert: 'InferenceServiceNotLoading', severity: AlertSeverity.WARNING, for: '1m',
  // only pods that a node has: those that wait for one have an alert of their own
  expr: `count(((time() - kube_pod_start_time{${pods}}) > ${Math.ceil(service.plan.timing.download + service.plan.timing.startup)} unless on (namespace, pod) (${READY(pods)})) unless on (namespace, pod) (kube_pod_status_phase{${allOf(pods, 'phase=~"Succeeded|Failed"')}} == 1)) > 0`,
  summary: 'a copy does not become ready', description: `{{ $value }} copies are older than the ${Math.ceil(service.plan.timing.download + service.plan.timing.startup)} s that download and load may take, and not ready.`,
}];

/** A container that ends again and again. A server that can't read its model may end without an error, so the reason doesn't matter. */
export const crashLoop: ServiceAlert = ({ pods }) => [{
  alert: 'InferenceServiceCrashLoop', severity: AlertSeverity.WARNING, for: '5m',
  expr: `count(max by (pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${allOf(pods, 'reason="CrashLoopBackOff"')}}[10m]) or max_over_time(kube_pod_init_container_status_waiting_reason{${allOf(pods, 'reason="CrashLoopBackOff"')}}[10m])) > 0) > 0`,
  summary: 'a container crashes again and again', description: '{{ $value }} containers start, end and wait ever longer to be started again.',
}];

/** No node takes a copy. */
export const unschedulable: ServiceAlert = ({ pods, service }) => [{
  alert: 'InferenceServiceUnschedulable', severity: AlertSeverity.WARNING, for: '10m',
  expr: `count(kube_pod_status_unschedulable{${pods}} == 1) > 0`,
  summary: 'no node takes a copy', description: `{{ $value }} copies wait for a node${service.plan.accelerator === undefined ? '' : ' with a free accelerator'}.`,
}];

/** Memory close to where the kernel kills. */
export const memory: ServiceAlert = ({ pods }) => {
  const container = allOf(pods, 'container="server"');
  return [{
    alert: 'InferenceServiceMemoryNearLimit', severity: AlertSeverity.WARNING, for: '10m',
    expr: `max(max by (namespace, pod) (container_memory_working_set_bytes{${container}}) / on (namespace, pod) max by (namespace, pod) (kube_pod_container_resource_limits{${allOf(container, 'resource="memory"')}})) > 0.9`,
    summary: 'memory is near its limit', description: 'A server uses {{ $value | humanizePercentage }} of its memory limit; at 100 % it is killed in the middle of its requests.',
  }];
};
