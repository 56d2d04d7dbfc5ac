import { seldonPod } from '../../plan/engine/seldon-core-v1-pod';
import { SELDON_PODS } from '../../plan/engine/seldon-core-v1';
import { compact } from '../../plan/json';
import { podSpecOf, SERVER_CONTAINER } from '../../plan/pod/template';
import { Json, JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';

// The parts of a SeldonDeployment.
// Source: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/apis/machinelearning.seldon.io/v1/seldondeployment_types.go

export const SELDON_DEPLOYMENT = { apiVersion: 'machinelearning.seldon.io/v1', kind: 'SeldonDeployment' };

/** Pods of a predictor, from a group of a plan. */
function componentSpec(plan: ServicePlan, group: PodGroup): JsonObject {
  const template = seldonPod(group.template, plan);
  const { labels, annotations } = template.metadata as { labels: JsonObject; annotations: JsonObject };
  // Reloader looks at the Deployment, which has the annotations of its pods
  const reload = Object.fromEntries(Object.entries(plan.annotations).filter(([key]) => key.startsWith('secret.reloader.stakater.com/')));
  return { metadata: { name: SELDON_PODS, labels, annotations: { ...annotations, ...reload } }, spec: podSpecOf(template) };
}

/** A predictor: one version of what a SeldonDeployment serves. */
export interface SeldonPredictorOf {
  readonly name: string;
  readonly group: PodGroup;
  /** None where an autoscaler has the number. */
  readonly replicas: number | undefined;
  /** Percent of the requests that come by Seldon's own routes; copies of as many for a shadow. */
  readonly traffic?: number;
  readonly shadow?: boolean;
}

/** A predictor whose graph is one node, the server, without Seldon's orchestrator before it. */
export function predictor(plan: ServicePlan, { name, group, replicas, traffic, shadow }: SeldonPredictorOf): JsonObject {
  return {
    name, replicas, traffic, shadow: shadow ? true : undefined,
    annotations: { 'seldon.io/no-engine': 'true' },
    graph: { name: SERVER_CONTAINER, type: 'MODEL' },
    componentSpecs: [componentSpec(plan, group)],
  };
}

/** A SeldonDeployment's content. */
export function seldonDeployment(protocol: 'v2' | 'tensorflow', predictors: readonly JsonObject[]): { [key: string]: Json } {
  return { spec: compact({ protocol, predictors }) };
}
