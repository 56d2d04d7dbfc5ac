import { allOf, quoted } from '../../plan/promql';
import { serviceUid } from '../dashboards/settings';
import { RecordingRule } from '../rule';
import { COLD_START, COPIES_READY, COPIES_WANTED, INFO } from '../series';
import { workloads } from '../watched-service';
import { Recorder } from './recorder';

/**
 * Copies and how long they take to come. Of kube-state-metrics, by the greatest of each pod: two of it may be scraped for a while. Without it, copies that
 * are scraped count as ready, and those that are found as wanted.
 */
export const copies: Recorder = ({ service, matchers, pods }) => {
  const created = `max by (namespace, pod) (kube_pod_created{${pods}})`;
  const { wanted, found } = wantedCopies(service.namespace, [...service.rendered.groups.map((group) => group.scaleTarget.kind), ...service.plan.groups.map((group) => group.workload.kind)], workloads(service.plan));
  return [
    // where its workload is known, no pod is no copy
    { record: COPIES_READY.name, expr: `sum(max by (pod) (kube_pod_status_ready{${allOf(pods, 'condition="true"')}})) or 0 * ${found} or sum(up{${matchers}})` },
    { record: COPIES_WANTED.name, expr: `${wanted} or ${service.plan.copies.stopped ? 'vector(0)' : `count(up{${matchers}})`}` },
    // of copies of the last hour: a later change of readiness is no start
    { record: COLD_START.name, expr: `max((max by (namespace, pod) (kube_pod_status_ready_time{${pods}}) - ${created}) and ${created} > time() - 3600)` },
  ];
};

/** How many copies are to be there, as whoever runs them tells: kube-state-metrics of Deployments, Argo Rollouts' controller of Rollouts. */
function wantedCopies(namespace: string, kinds: readonly string[], names: readonly string[]): { wanted: string; found: string } {
  const named = names.length === 1 ? quoted(names[0]!) : quoted(names.join('|'));
  const match = names.length === 1 ? '=' : '=~';
  const rollout = (prefix: string): string => `rollout_info_replicas_desired{${prefix}namespace=${quoted(namespace)},name${match}${named}}`;
  // the controller's labels give way to those of its scrape where that doesn't honour them
  const wanted = kinds.includes('Rollout') ? `sum(max by (name) (${rollout('')} or ${rollout('exported_')}))`
    // the operator of a Server makes a StatefulSet of its name
    : kinds.includes('Server') ? `sum(max by (statefulset) (kube_statefulset_replicas{namespace=${quoted(namespace)},statefulset${match}${named}}))` : `sum(max by (deployment) (kube_deployment_spec_replicas{namespace=${quoted(namespace)},deployment${match}${named}}))`;
  // Rollouts are told of by their controller: that alone doesn't say that kube-state-metrics is there to tell of pods
  return { wanted, found: kinds.includes('Rollout') ? `(${wanted} and on () count(kube_pod_status_ready{namespace=${quoted(namespace)}}))` : wanted };
}

/** What is known of a service, to be joined to its series. */
export const info: Recorder = ({ service }) => {
  const rule: RecordingRule = {
    record: INFO.name, expr: 'vector(1)',
    labels: { ...(service.owner === undefined ? {} : { team: service.owner.name, cost_center: service.owner.costCenter }), server: service.plan.server.facts.id, model: service.plan.modelName ?? '', dashboard: serviceUid(service) },
  };
  return [rule];
};
