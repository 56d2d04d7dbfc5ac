import { Exposure, Rollout, RolloutController, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { AlertProof, without } from '../../support/alert-proof';
import { gpuService } from '../../support/gpu-service';
import { watch, Watched } from '../../support/watched';
import { ofContainer, ofPod, OTHER_POD, phase, POD, ready, replicas, STRANGERS, up } from './exposed';

/** May take 311 s to load. */
export const iris = (): Watched => watch({ scaling: Scaling.fixed(2) });
export const assistant = gpuService;
/** Replaced by Flagger. */
export const flagged = (): Watched => watch({ scaling: Scaling.onCpu({ min: 2, max: 4 }), exposure: Exposure.gateway({ hosts: ['iris.example.com'] }), rollout: Rollout.canary({ steps: [25, 50] }) }, {}, {
  gateway: { name: 'public', namespace: 'gateway' }, metricsUrl: 'http://prometheus.monitoring:9090', version: '1.34', rollouts: RolloutController.flagger({ router: TrafficRouterKind.GATEWAY_API }),
});

const TARGETS_GONE = ' and min_over_time(inference_service:copies_wanted:count{namespace="ml",inference_service="iris"}[311s]) > 0 and inference_service:copies_wanted:count{namespace="ml",inference_service="iris"} offset 311s > 0';
const strangers = (name: string, values: string, labels = '') => STRANGERS.map(([namespace, pod]) => ofPod(name, values, labels, pod, namespace));

export const down: AlertProof = {
  alert: 'InferenceServiceDown', on: iris,
  fires: [
    { what: 'both copies stop answering, then one comes back', series: [replicas('2x240'), ...ready('1x60 0x60 1x120'), ...ready('1x60 0x180', OTHER_POD)], at: ['33m', '50m'], silent: ['30m', '31m', '65m'] },
    { what: 'nothing lets its pods be made: there are none', series: [replicas('2x240'), ...ready('1x60 _x60 1x120')], at: ['40m', '60m'], silent: ['30m', '65m'] },
    { what: 'without kube-state-metrics, its targets answer no more', series: [up('1x60 0x60 1x120'), up('1x60 0x60 1x120', OTHER_POD)], at: ['40m'], silent: ['30m', '65m'] },
    { what: 'it never comes up', series: [replicas('2x240'), ...ready('0x240')], at: ['10m', '110m'], silent: ['5m', '7m'] },
    { what: "Flagger's primary goes, and its canary has no copies", on: flagged, series: [replicas('0x240'), replicas('2x240', 'iris-primary'), ...ready('1x60 0x60 1x120', 'iris-primary-7d9f8c6b5-abcde')], at: ['40m'], silent: ['30m', '65m'] },
    { what: 'the container of the only copy crashes, and takes as long to load as a new one', on: assistant, series: [replicas('1x240'), ...ready('1x60 0x60 1x120'), ofPod('kube_pod_created', '0x240')], at: ['33m'], silent: ['30m', '65m'] },
  ],
  calm: [
    { what: 'one of two copies is away', series: [replicas('2x240'), ...ready('1x240'), ...ready('0x240', OTHER_POD)], guard: without(/unless .*/) },
    { what: 'it was just made, and loads', series: [replicas('_x20 2x220'), ...ready('_x20 0x9 1x211')], guard: without(TARGETS_GONE) },
    { what: 'it wakes from zero, and loads', series: [replicas('1x20 0x60 1x160'), ...ready('1x20 _x60 0x9 1x151')], guard: without(TARGETS_GONE) },
    { what: 'it wakes, sleeps and wakes again', series: [replicas('1x20 0x10 1x4 0x2 1x204'), ...ready('1x20 _x10 0x4 _x2 0x10 1x194')], guard: without(/ and min_over_time\([^)]*\) > 0/) },
    { what: 'it sleeps', series: [replicas('1x20 0x220'), ...ready('1x20 _x220')], guard: without(/inference_service:copies_wanted:count\{[^}]*\} > 0 and .*? offset 311s > 0/, 'inference_service:copies_wanted:count{namespace="ml",inference_service="iris"} >= 0') },
    { what: 'an update replaces its only copy', on: assistant, series: [replicas('1x240'), ...ready('1x60 _x180'), ...ready('_x61 0x20 1x159', OTHER_POD), ofPod('kube_pod_created', '0x60 _x180'), ofPod('kube_pod_created', '_x61 1830x179', '', OTHER_POD)], guard: without(/ unless on \(\) .*/) },
    { what: 'nothing tells anything', series: [] },
    { what: 'kube-state-metrics is away, and the copies answer', series: [replicas('2x60 _x60 2x120'), ...ready('1x60 _x60 1x120'), up('1x240')] },
    { what: 'no metrics for a while, as when Prometheus is replaced', series: [replicas('2x60 _x30 2x150'), ...ready('1x60 _x30 1x150')] },
    { what: 'copies of others are down', series: [replicas('2x240'), ...ready('1x240'), ...STRANGERS.flatMap(([namespace, pod]) => ready('0x240', pod, namespace))] },
  ],
};

const started = (values: string, pod = POD) => ofPod('kube_pod_start_time', values, '', pod);
export const notLoading: AlertProof = {
  alert: 'InferenceServiceNotLoading', on: iris,
  fires: [
    { what: 'a copy hangs while it loads', series: [started('0x240'), ...ready('0x60 1x180'), phase('Running', '1x240')], at: ['7m', '20m'], silent: ['5m', '35m'] },
    { what: 'its image can not be had', series: [started('0x240'), ...ready('0x240'), phase('Pending', '1x240'), ofContainer('kube_pod_container_status_waiting_reason', '1x240', 'reason="ImagePullBackOff"')], at: ['7m', '60m'], silent: ['5m'] },
    { what: 'it does not answer any more after it was started anew', series: [started('0x240'), ...ready('1x60 0x180'), ofContainer('kube_pod_container_state_started', '0x60 1830x180')], at: ['40m'], silent: ['34m'] },
    { what: "the new version of Flagger's primary hangs", on: flagged, series: [started('0x240', 'iris-primary-7d9f8c6b5-abcde'), ...ready('0x60 1x180', 'iris-primary-7d9f8c6b5-abcde')], at: ['20m'], silent: ['35m'] },
  ],
  calm: [
    { what: 'it loads in time', series: [started('0x240'), ...ready('0x9 1x231')], guard: without(/ > 311\)/, ' > 60)') },
    { what: 'it answers', series: [started('0x240'), ...ready('1x240')], guard: without(/unless on \(namespace, pod\) \(kube_pod_status_ready.*? == 1\)/) },
    { what: 'its container ended once, and loads again', series: [started('0x240'), ...ready('1x60 0x9 1x171'), ofContainer('kube_pod_container_state_started', '0x60 1800x180')], guard: without(/ or kube_pod_container_state_started\{.*?\}(?=\))/) },
    { what: 'it was evicted, and its pod is still there', series: [started('0x240'), ...ready('1x60 0x180'), phase('Failed', '0x60 1x180')], guard: without(/unless on \(namespace, pod\) \(kube_pod_status_phase.*? == 1\)/) },
    { what: 'it stops, and ends its last answers', series: [started('0x100 stale'), ...ready('1x60 0x39 stale'), ofPod('kube_pod_deletion_timestamp', '_x60 1860x40 stale')], guard: without(/unless on \(namespace, pod\) \(kube_pod_deletion_timestamp.*?\}\)/) },
    { what: 'it crashes: another alert tells', series: [started('0x240'), ...ready('0x240'), ofContainer('kube_pod_container_status_waiting_reason', '1x240', 'reason="CrashLoopBackOff"')], guard: without(/unless on \(namespace, pod\) \(kube_pod_container_status_waiting_reason.*? == 1\)/) },
    { what: 'its download crashes: another alert tells', series: [started('0x240'), ...ready('0x240'), ofContainer('kube_pod_init_container_status_waiting_reason', '1x240', 'reason="CrashLoopBackOff"', POD, 'model-download')], guard: without(/unless on \(namespace, pod\) \(kube_pod_init_container_status_waiting_reason.*? == 1\)/) },
    { what: 'it waits for a node: another alert tells', series: [ofPod('kube_pod_created', '0x240'), ...ready('0x240'), ofPod('kube_pod_status_unschedulable', '1x240')] },
    { what: 'copies of others hang', series: [...strangers('kube_pod_start_time', '0x240'), ...STRANGERS.flatMap(([namespace, pod]) => ready('0x240', pod, namespace))] },
    { what: 'nothing tells anything', series: [] },
  ],
};

/** Runs for a minute, waits for five: seen as waiting most of the time. */
const loop = (times: number) => Array(times).fill('_x2 1x9').join(' ');
export const crashLoop: AlertProof = {
  alert: 'InferenceServiceCrashLoop', on: iris, until: '2h',
  fires: [
    { what: 'the server crashes, until it is mended', series: [ofContainer('kube_pod_container_status_waiting_reason', `_x20 ${loop(8)} _x120`, 'reason="CrashLoopBackOff"')], at: ['35m', '60m'], silent: ['10m', '20m', '80m'] },
    { what: 'the download crashes', series: [ofContainer('kube_pod_init_container_status_waiting_reason', `_x20 ${loop(8)} _x120`, 'reason="CrashLoopBackOff"', POD, 'model-download')], at: ['35m', '60m'], silent: ['10m', '80m'] },
    { what: 'it loads for five minutes, crashes and waits for five', series: [ofContainer('kube_pod_container_status_waiting_reason', Array(10).fill('_x10 1x9').join(' '), 'reason="CrashLoopBackOff"')], at: ['60m', '90m'], silent: ['10m'] },
  ],
  calm: [
    { what: 'it crashed twice, and recovered', series: [ofContainer('kube_pod_container_status_waiting_reason', '_x20 1x1 _x4 1x2 _x210', 'reason="CrashLoopBackOff"')] },
    { what: 'it waits for other reasons', series: [ofContainer('kube_pod_container_status_waiting_reason', '1x240', 'reason="ContainerCreating"')], guard: without(/,reason="CrashLoopBackOff"/) },
    { what: 'others crash', series: strangers('kube_pod_container_status_waiting_reason', '1x240', 'container="server",reason="CrashLoopBackOff"') },
    { what: 'nothing tells anything', series: [] },
  ],
};

export const unschedulable: AlertProof = {
  alert: 'InferenceServiceUnschedulable', on: assistant,
  fires: [{ what: 'no node has a GPU left, until one has', series: [ofPod('kube_pod_status_unschedulable', '_x20 1x60 _x160')], at: ['21m', '39m'], silent: ['10m', '19m', '47m'] }],
  calm: [
    { what: 'the autoscaler brings a node within minutes', series: [ofPod('kube_pod_status_unschedulable', '_x20 1x8 _x200')] },
    { what: 'its pods have nodes', series: [ofPod('kube_pod_status_unschedulable', '0x240')], guard: without(/\) == 1\)/, '))') },
    { what: 'pods of others wait', series: strangers('kube_pod_status_unschedulable', '1x240') }, { what: 'nothing tells anything', series: [] },
  ],
};

/** cAdvisor's series of a container: its cgroup and image are labels, so that a restart is another series. */
const workingSet = (values: string, id = '8d1f', container = 'server', pod = POD) => ({
  series: `container_memory_working_set_bytes{job="kubelet",metrics_path="/metrics/cadvisor",namespace="ml",pod="${pod}",container="${container}",id="/kubepods.slice/cri-containerd-${id}.scope",image="docker.io/seldonio/mlserver:1.7.1-slim",name="${id}"}`, values,
});
const limit = (values: string, container = 'server') => ofContainer('kube_pod_container_resource_limits', values, 'resource="memory",unit="byte",node="a"', POD, container);
export const memory: AlertProof = {
  alert: 'InferenceServiceMemoryNearLimit', on: iris,
  fires: [{ what: 'it leaks until it is killed and starts anew', series: [limit('1000x240'), workingSet('500+10x43 940x40 _x160'), workingSet('_x85 500x150', '9e2a')], at: ['40m'], silent: ['20m', '50m'] }],
  calm: [
    { what: 'it uses most of its memory', series: [limit('1000x240'), workingSet('850x240')], guard: without('> 0.9', '> 0.8') },
    { what: 'it peaks for some minutes', series: [limit('1000x240'), workingSet('500x20 950x15 500x200')] },
    { what: 'another container of the pod is full, which has a limit of its own', series: [limit('1000x240'), limit('100x240', 'proxy'), workingSet('500x240'), workingSet('99x240', '77aa', 'proxy')], guard: without(/,container="server"/g, ',container!="",container!="server"') },
    { what: 'it has no limit', series: [workingSet('1e12x240')] }, { what: 'its limit is not told', series: [limit(Array(240).fill('NaN').join(' ')), workingSet('1e12x240')] },
    { what: 'nothing tells anything', series: [] },
  ],
};
