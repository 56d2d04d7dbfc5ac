import { allOf, quoted } from '../../plan/promql';
import { serviceUid } from '../dashboards/settings';
import { RecordingRule } from '../rule';
import { COLD_START, COPIES_READY, COPIES_WANTED, INFO } from '../series';
import { workloads } from '../watched-service';
import { Recorder } from './recorder';

/** Copies and how long they take to come. Of kube-state-metrics; without it, copies that are scraped count as ready. */
export const copies: Recorder = ({ service, matchers, pods }) => {
  const created = `kube_pod_created{${pods}}`;
  const wanted = wantedCopies(service.namespace, service.rendered.groups.map((group) => group.scaleTarget.kind), workloads(service.plan));
  return [
    { record: COPIES_READY.name, expr: `sum(kube_pod_status_ready{${allOf(pods, 'condition="true"')}}) or sum(up{${matchers}})` },
    { record: COPIES_WANTED.name, expr: service.plan.copies.signals.length === 0 && !service.plan.copies.external ? `${wanted} or vector(${service.plan.copies.stopped ? 0 : service.plan.copies.min})` : wanted },
    // of copies of the last hour: a later change of readiness is no start
    { record: COLD_START.name, expr: `max((kube_pod_status_ready_time{${pods}} - on (namespace, pod) ${created}) and on (namespace, pod) (${created} > time() - 3600))` },
  ];
};

/** How many copies are to be there, as whoever runs them tells: kube-state-metrics of Deployments, Argo Rollouts' controller of Rollouts. */
function wantedCopies(namespace: string, kinds: readonly string[], names: readonly string[]): string {
  const named = names.length === 1 ? quoted(names[0]!) : quoted(names.join('|'));
  const match = names.length === 1 ? '=' : '=~';
  const rollout = (prefix: string): string => `rollout_info_replicas_desired{${prefix}namespace=${quoted(namespace)},name${match}${named}}`;
  const deployments = `sum(kube_deployment_spec_replicas{namespace=${quoted(namespace)},deployment${match}${named}})`;
  // the controller's labels give way to those of its scrape where that doesn't honour them
  return kinds.includes('Rollout') ? `sum(${rollout('')} or ${rollout('exported_')})` : deployments;
}

/** What is known of a service, to be joined to its series. */
export const info: Recorder = ({ service }) => {
  const rule: RecordingRule = {
    record: INFO.name, expr: 'vector(1)',
    labels: { ...(service.owner === undefined ? {} : { team: service.owner.name, cost_center: service.owner.costCenter }), server: service.plan.server.facts.id, model: service.plan.modelName, dashboard: serviceUid(service) },
  };
  return [rule];
};
