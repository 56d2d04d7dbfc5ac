import { GateAction } from '../../../describe/rollout/gate';
import { Cluster } from '../../../describe/cluster';
import { podMatchers } from '../../../plan/promql';
import { PlannedGate } from '../../../plan/release/gates';
import { NEW, STABLE } from '../../../plan/release/measures';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';
import { RenderedObject } from '../../ports';
import { gateId } from '../gate-id';

// Flagger's own metrics ask for labels that prometheus-operator never gives (kubernetes_namespace, kubernetes_pod_name): they never find anything. So each gate brings its
// own template. Source: https://github.com/fluxcd/flagger/blob/v1.43.0/pkg/metrics/observers/kubernetes.go

/** One MetricTemplate a gate. */
export function metricTemplates(plan: ServicePlan, cluster: Cluster): RenderedObject[] {
  return plan.release!.gates.map((gate) => ({
    id: gateId('Metric', gate.name),
    apiVersion: 'flagger.app/v1beta1', kind: 'MetricTemplate', name: `${plan.name}-${gate.name}`, labels: plan.labels,
    content: { spec: { provider: { type: 'prometheus', address: cluster.metricsUrl ?? '' }, query: versions(withoutData(gate), plan) } },
  }));
}

/** How the Canary refers to them. */
export function thresholds(plan: ServicePlan, intervalSeconds: number): JsonObject[] | undefined {
  const { gates } = plan.release!;
  return gates.length === 0 ? undefined : gates.map((gate) => ({
    name: gate.name, interval: `${intervalSeconds}s`, templateRef: { name: `${plan.name}-${gate.name}` }, thresholdRange: { ...gate.bound },
  }));
}

/** No series is a failed check to Flagger; where the release is to go on without data, the bound itself stands for it. */
function withoutData(gate: PlannedGate): string {
  const passing = gate.bound.max ?? gate.bound.min;
  if (gate.volumeQuery === undefined) return gate.query;
  const few = gate.onFew === GateAction.PROCEED ? ` or on() (0 * (${gate.volumeQuery} < ${gate.minRequests}) + ${passing})` : '';
  // with few requests there are series, so their absence alone must not let few of them pass
  const none = gate.onNoData === GateAction.PROCEED ? ` or on() ((vector(${passing}) unless on() (${gate.volumeQuery})))` : '';
  return `(${gate.query})${few}${none}`;
}

/** A query with the matchers of the versions' pods: the new one's are the Deployment's, the stable one's the primary's. */
function versions(query: string, plan: ServicePlan): string {
  const name = plan.groups[0]!.name;
  const pods = (workload: string): string => podMatchers('{{ namespace }}', workload);
  return query.replaceAll(NEW, pods(name)).replaceAll(STABLE, pods(`${name}-primary`));
}
