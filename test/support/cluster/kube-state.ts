import { createServer, type Server } from 'node:http';
import { isReady, type Manifest } from './kubectl';
import { freePort } from '../free-port';
import { machineAddress } from './machine';
import { ObjectWatch } from './targets';

type Labels = Record<string, string>;
type Sample = readonly [name: string, labels: Labels, value: number];

/**
 * In the place of kube-state-metrics, whose Go module the proxy does not give: tells of a namespace's real pods, Deployments and autoscalers what kube-state-metrics
 * tells, of the series that are read here. Names, labels and when there is a series at all are those of its documentation:
 * https://github.com/kubernetes/kube-state-metrics/tree/v2.17.0/docs/metrics/workload
 */
export class KubeState {
  static async start(namespace: string): Promise<KubeState> {
    const { listen, reach } = machineAddress();
    const port = await freePort(listen);
    const started = new KubeState(namespace, `${reach}:${port}`);
    await new Promise<void>((resolve) => started.server.listen(port, listen, resolve));
    return started;
  }

  private readonly server: Server;
  private readonly pods: ObjectWatch;
  private readonly deployments: ObjectWatch;
  private readonly autoscalers: ObjectWatch;

  private constructor(namespace: string, readonly address: string) {
    this.pods = new ObjectWatch(`/api/v1/namespaces/${namespace}/pods`);
    this.deployments = new ObjectWatch(`/apis/apps/v1/namespaces/${namespace}/deployments`);
    this.autoscalers = new ObjectWatch(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`);
    this.server = createServer((_, response) => { response.setHeader('content-type', 'text/plain; version=0.0.4'); response.end(this.exposition()); });
  }

  async stop(): Promise<void> {
    for (const watch of [this.pods, this.deployments, this.autoscalers]) watch.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private exposition(): string {
    const samples = [...this.pods.objects.flatMap(ofPod), ...this.deployments.objects.flatMap(ofDeployment), ...this.autoscalers.objects.flatMap(ofAutoscaler)];
    // a family's samples stand together
    return [...samples].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([name, labels, value]) => `${name}{${Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`).join(',')}} ${value}\n`).join('');
  }
}

/** A container that runs, or that has ended and waits for nothing yet. */
const startOf = ({ state }: any): string | undefined => state?.running?.startedAt ?? state?.terminated?.startedAt;
const seconds = (time: string): number => Date.parse(time) / 1000;

function ofPod(pod: Manifest): Sample[] {
  const { metadata, spec, status } = pod;
  const own: Labels = { namespace: metadata.namespace!, pod: metadata.name, uid: metadata.uid };
  const condition = (type: string): any => (status?.conditions ?? []).find((one: any) => one.type === type);
  const ready = condition('Ready');
  const containers = (field: string, prefix: string): Sample[] => (status?.[field] ?? []).flatMap((one: any): Sample[] => [
    [`kube_pod_${prefix}_status_restarts_total`, { ...own, container: one.name }, one.restartCount],
    ...(startOf(one) === undefined ? [] : [[`kube_pod_${prefix}_state_started`, { ...own, container: one.name }, seconds(startOf(one)!)] as const]),
    ...(one.state?.waiting?.reason === undefined ? [] : [[`kube_pod_${prefix}_status_waiting_reason`, { ...own, container: one.name, reason: one.state.waiting.reason }, 1] as const]),
  ]);
  const resources = (field: 'requests' | 'limits'): Sample[] => (spec.containers as any[]).flatMap((container) => Object.entries<string>(container.resources?.[field] ?? {}).map(([resource, quantity]): Sample =>
    [`kube_pod_container_resource_${field}`, { ...own, container: container.name, node: spec.nodeName ?? '', resource: labelOf(resource), unit: resource === 'cpu' ? 'core' : 'byte' }, amount(quantity)]));
  return [
    ['kube_pod_created', own, seconds(metadata.creationTimestamp)],
    ...(metadata.deletionTimestamp === undefined ? [] : [['kube_pod_deletion_timestamp', own, seconds(metadata.deletionTimestamp)] as const]),
    ...(status?.startTime === undefined ? [] : [['kube_pod_start_time', own, seconds(status.startTime)] as const]),
    ...['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'].map((phase): Sample => ['kube_pod_status_phase', { ...own, phase }, status?.phase === phase ? 1 : 0]),
    ...(ready === undefined ? [] : ['true', 'false', 'unknown'].map((value): Sample => ['kube_pod_status_ready', { ...own, condition: value }, ready.status.toLowerCase() === value ? 1 : 0])),
    ...(isReady(pod) ? [['kube_pod_status_ready_time', own, seconds(ready.lastTransitionTime)] as const] : []),
    ...(condition('PodScheduled')?.status === 'False' ? [['kube_pod_status_unschedulable', own, 1] as const] : []),
    ...containers('containerStatuses', 'container'), ...containers('initContainerStatuses', 'init_container'), ...resources('requests'), ...resources('limits'),
  ];
}

function ofDeployment({ metadata, spec, status }: Manifest): Sample[] {
  const own: Labels = { namespace: metadata.namespace!, deployment: metadata.name };
  return [
    ['kube_deployment_spec_replicas', own, spec.replicas], ['kube_deployment_spec_paused', own, spec.paused ? 1 : 0],
    ...conditions('kube_deployment_status_condition', status, (one) => ({ ...own, reason: one.reason ?? '', condition: one.type })),
  ];
}

function ofAutoscaler({ metadata, spec, status }: Manifest): Sample[] {
  const own: Labels = { namespace: metadata.namespace!, horizontalpodautoscaler: metadata.name };
  return [
    ['kube_horizontalpodautoscaler_spec_max_replicas', own, spec.maxReplicas], ['kube_horizontalpodautoscaler_status_desired_replicas', own, status?.desiredReplicas ?? 0],
    ...conditions('kube_horizontalpodautoscaler_status_condition', status, (one) => ({ ...own, condition: one.type })),
  ];
}

/** A series for each state that a condition may have, 1 for the one that it has. */
function conditions(name: string, status: any, labels: (condition: any) => Labels): Sample[] {
  return (status?.conditions ?? []).flatMap((one: any) => ['true', 'false', 'unknown'].map((value): Sample => [name, { ...labels(one), status: value }, one.status.toLowerCase() === value ? 1 : 0]));
}

const labelOf = (resource: string): string => resource.replace(/[^a-zA-Z0-9_]/g, '_');
const UNITS: Record<string, number> = { '': 1, m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, k: 1e3, M: 1e6, G: 1e9 };

/** A quantity as the API writes it, as a number. */
function amount(quantity: string): number {
  const [, digits, unit] = /^([0-9.]+)([a-zA-Z]*)$/.exec(String(quantity))!;
  return Number(digits) * UNITS[unit!]!;
}
