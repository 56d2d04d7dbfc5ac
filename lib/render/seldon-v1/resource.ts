import { seldonPod } from '../../plan/engine/seldon-core-v1-pod';
import { SELDON_PODS } from '../../plan/engine/seldon-core-v1';
import { compact } from '../../plan/json';
import { podSpecOf, SERVER_CONTAINER } from '../../plan/pod/template';
import { Json, JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';

// The parts of a SeldonDeployment, so that graphs of several nodes are composed of the same ones.
// Source: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/apis/machinelearning.seldon.io/v1/seldondeployment_types.go

export const SELDON_DEPLOYMENT = { apiVersion: 'machinelearning.seldon.io/v1', kind: 'SeldonDeployment' };

/** What a node of a graph does. */
export enum NodeType { MODEL = 'MODEL', ROUTER = 'ROUTER', COMBINER = 'COMBINER', TRANSFORMER = 'TRANSFORMER', OUTPUT_TRANSFORMER = 'OUTPUT_TRANSFORMER' }

/** A node of a predictor's graph: a container of the same name, in one of its componentSpecs. */
export interface SeldonNode {
  readonly name: string;
  /** @default MODEL */
  readonly type?: NodeType;
  readonly children?: readonly SeldonNode[];
}

/** A node of a graph, with those below it. */
export function graphNode({ name, type = NodeType.MODEL, children = [] }: SeldonNode): JsonObject {
  return { name, type, children: children.length === 0 ? undefined : children.map(graphNode) };
}

/**
 * Pods of a predictor, from a group of a plan. Their server's container has the node's name: in a graph of several nodes, Seldon's orchestrator
 * asks a node for the model of the node's name.
 */
export function componentSpec(plan: ServicePlan, group: PodGroup, { name = SELDON_PODS, node = SERVER_CONTAINER }: { readonly name?: string; readonly node?: string } = {}): JsonObject {
  const template = seldonPod(group.template, plan);
  const spec = podSpecOf(template);
  const { labels, annotations } = template.metadata as { labels: JsonObject; annotations: JsonObject };
  const containers = (spec.containers as { [key: string]: string }[]).map((one) => (one.name === SERVER_CONTAINER ? { ...one, name: node } : one));
  // Reloader looks at the Deployment, which has the annotations of its pods
  const reload = Object.fromEntries(Object.entries(plan.annotations).filter(([key]) => key.startsWith('secret.reloader.stakater.com/')));
  return { metadata: { name, labels, annotations: { ...annotations, ...reload } }, spec: { ...spec, containers } };
}

/** A predictor: one version of what a SeldonDeployment serves. */
export interface SeldonPredictorOf {
  readonly name: string;
  readonly graph: SeldonNode;
  readonly componentSpecs: readonly JsonObject[];
  /** None where an autoscaler has the number. */
  readonly replicas: number | undefined;
  /** Percent of the requests that come by Seldon's own routes; copies of as many for a shadow. */
  readonly traffic?: number;
  readonly shadow?: boolean;
  /** Whether Seldon's orchestrator stands before the graph: what several nodes need, and one is better without. */
  readonly orchestrator: boolean;
}

export function predictor({ name, graph, componentSpecs, replicas, traffic, shadow, orchestrator }: SeldonPredictorOf): JsonObject {
  return {
    name, replicas, traffic, shadow: shadow ? true : undefined,
    annotations: orchestrator ? undefined : { 'seldon.io/no-engine': 'true' },
    graph: graphNode(graph),
    componentSpecs,
  };
}

/** A SeldonDeployment's content. */
export function seldonDeployment(protocol: 'v2' | 'tensorflow', predictors: readonly JsonObject[]): { [key: string]: Json } {
  return { spec: compact({ protocol, predictors }) };
}
