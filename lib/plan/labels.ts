import { asLabelValue } from '../describe/checks/names';
import { InferenceProtocol } from '../describe/server/server-facts';
import { ServiceRequest } from './service-plan';

/** Label of the component that a pod is of its service. */
export const COMPONENT = 'app.kubernetes.io/component';
/** The component that answers predictions; KServe's name for it. */
export const PREDICTOR = 'predictor';
/** The component before it. */
export const TRANSFORMER = 'transformer';
/** The component that tells why it answered so. */
export const EXPLAINER = 'explainer';

/** What a request's pods are of a service. */
export function componentOf({ partOf }: ServiceRequest): string {
  return partOf?.component ?? PREDICTOR;
}

/** The service that a request's pods belong to. */
export function serviceOf({ partOf, name }: ServiceRequest): string {
  return partOf?.service ?? name;
}

/** Labels by which a workload selects its pods. Nothing that ever changes (version, owner) is among them. */
export function workloadSelector(name: string, component: string): { [key: string]: string } {
  return { 'app.kubernetes.io/name': name, [COMPONENT]: component };
}

/** Labels by which all pods of a service's component are found, in whatever group of pods they are. */
export function memberSelector(serviceName: string, component: string): { [key: string]: string } {
  return { 'app.kubernetes.io/instance': serviceName, [COMPONENT]: component };
}

/** Labels of the pods that send golden requests. */
export function goldenSelector(serviceName: string): { [key: string]: string } {
  return { 'app.kubernetes.io/part-of': serviceName, [COMPONENT]: 'golden-requests' };
}

/** Labels of the pods of a service's monitor. They must not be the predictor's: Services, budgets and policies select that. */
export function monitorSelector(serviceName: string): { [key: string]: string } {
  return { 'app.kubernetes.io/name': `${serviceName}-monitor`, [COMPONENT]: 'monitor' };
}

/** Labels of every object of a service and of its pods: cost, owner and version can be told apart by them. */
export function planLabels(request: ServiceRequest, serverId: string, modelName: string | undefined, protocol: InferenceProtocol, group = request.name): { [key: string]: string } {
  return {
    ...request.labels,
    ...workloadSelector(group, componentOf(request)),
    ...memberSelector(serviceOf(request), componentOf(request)),
    'app.kubernetes.io/part-of': serviceOf(request),
    'app.kubernetes.io/managed-by': 'cdk8s-serving',
    ...(request.pooled !== undefined || request.model.version === undefined ? {} : { 'app.kubernetes.io/version': request.model.version }),
    ...(request.owner === undefined ? {} : { 'team': request.owner.name, 'cost-center': request.owner.costCenter }),
    'serving.cdk8s.io/server': serverId,
    // OpenCost joins the cost of tokens by this label and the model's name in the metrics, which must be equal
    ...(modelName !== undefined && protocol.sameAs(InferenceProtocol.OPENAI) ? { 'llm-d.ai/model': asLabelValue(modelName) } : {}),
  };
}
