import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { allOf, quoted, selector } from '../../plan/promql';
import { COPIES_READY, COPIES_WANTED } from '../series';
import { AlertContext, ServiceAlert } from './service-alert';

const READY = (pods: string): string => `kube_pod_status_ready{${allOf(pods, 'condition="true"')}} == 1`;

/** Seconds that a copy may take from its container's start until it answers: what it is planned for. */
function loadSeconds({ service: { plan: { timing } } }: AlertContext): number {
  return Math.ceil(timing.download + timing.startup);
}

/**
 * No copy answers. A service that was just made, or wakes from zero, is given the time to load: copies must have been wanted for that long. Where an
 * update leaves no copy (a GPU without a spare one), the new copy is given it as well; a container that crashes in an old pod is not.
 */
export const down: ServiceAlert = (context) => {
  const { matchers, pods, service: { plan } } = context;
  if (plan.copies.stopped) return [];
  const wanted = selector(COPIES_WANTED.name, matchers);
  const load = loadSeconds(context);
  const replaced = plan.strategy.recreate || plan.strategy.maxUnavailable >= Math.max(1, plan.copies.min);
  return [{
    alert: 'InferenceServiceDown', severity: AlertSeverity.CRITICAL, for: '2m', labels: { cause: 'true' },
    expr: `(${wanted} > 0 and min_over_time(${wanted}[${load}s]) > 0 and ${wanted} offset ${load}s > 0) unless ${selector(COPIES_READY.name, matchers)} > 0${replaced ? ` unless on () (time() - max(kube_pod_created{${pods}}) < ${load})` : ''}`,
    summary: 'no copy is ready', description: '{{ $value }} copies are to run, and none of them answers: every request fails.',
  }];
};

/**
 * A copy takes longer to load than it was planned for: it hangs. Time counts from the last start of its container. What crashes, waits for a node, has
 * ended or is about to end has alerts of its own, or none.
 * Source of the series of pods: https://github.com/kubernetes/kube-state-metrics/blob/v2.17.0/docs/metrics/workload/pod-metrics.md
 */
export const notLoading: ServiceAlert = (context) => {
  const { pods } = context;
  const seconds = loadSeconds(context);
  const started = `max by (namespace, pod) (kube_pod_start_time{${pods}} or kube_pod_container_state_started{${allOf(pods, `container=${quoted(context.service.plan.container)}`)}})`;
  const others = [
    READY(pods), `kube_pod_status_phase{${allOf(pods, 'phase=~"Succeeded|Failed"')}} == 1`, `kube_pod_deletion_timestamp{${pods}}`,
    `kube_pod_container_status_waiting_reason{${allOf(pods, 'reason="CrashLoopBackOff"')}} == 1`, `kube_pod_init_container_status_waiting_reason{${allOf(pods, 'reason="CrashLoopBackOff"')}} == 1`,
  ];
  return [{
    alert: 'InferenceServiceNotLoading', severity: AlertSeverity.WARNING, for: '1m',
    expr: `count((time() - ${started} > ${seconds}) ${others.map((one) => `unless on (namespace, pod) (${one})`).join(' ')}) > 0`,
    summary: 'a copy does not become ready', description: `{{ $value }} copies started longer ago than the ${seconds} s that download and load may take, and are not ready.`,
  }];
};

/** Minutes that Kubernetes waits at the most until it starts a container again: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
const BACKOFF_MINUTES = 5;

/**
 * A container that ends again and again. A server that can't read its model may end without an error, so the reason doesn't matter. It waits to be started
 * between two crashes, so it is looked for in a window as long as a start and a wait take; it must show for longer than that, as one that recovers does not.
 */
export const crashLoop: ServiceAlert = (context) => {
  const window = Math.max(10, Math.ceil(loadSeconds(context) / 60) + BACKOFF_MINUTES);
  const waiting = allOf(context.pods, 'reason="CrashLoopBackOff"');
  return [{
    alert: 'InferenceServiceCrashLoop', severity: AlertSeverity.WARNING, for: `${window + BACKOFF_MINUTES}m`,
    expr: `count(max by (pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${waiting}}[${window}m]) or max_over_time(kube_pod_init_container_status_waiting_reason{${waiting}}[${window}m])) > 0) > 0`,
    summary: 'a container crashes again and again', description: '{{ $value }} containers start, end and wait ever longer to be started again.',
  }];
};

/** No node takes a copy. */
export const unschedulable: ServiceAlert = ({ pods, service }) => [{
  alert: 'InferenceServiceUnschedulable', severity: AlertSeverity.WARNING, for: '10m',
  expr: `count(max by (pod) (kube_pod_status_unschedulable{${pods}}) == 1) > 0`,
  summary: 'no node takes a copy', description: `{{ $value }} copies wait for a node${service.plan.accelerator === undefined ? '' : ' with a free accelerator'}.`,
}];

/** Memory close to where the kernel kills. */
export const memory: ServiceAlert = ({ pods, service }) => {
  const container = allOf(pods, `container=${quoted(service.plan.container)}`);
  return [{
    alert: 'InferenceServiceMemoryNearLimit', severity: AlertSeverity.WARNING, for: '10m',
    expr: `max(max by (namespace, pod) (container_memory_working_set_bytes{${container}}) / on (namespace, pod) max by (namespace, pod) (kube_pod_container_resource_limits{${allOf(container, 'resource="memory"')}})) > 0.9`,
    summary: 'memory is near its limit', description: 'A server uses {{ $value | humanizePercentage }} of its memory limit; at 100 % it is killed in the middle of its requests.',
  }];
};
