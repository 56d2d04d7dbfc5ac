import { compact } from '../../plan/json';
import { ServicePlan } from '../../plan/service-plan';
import { renderAutoscaler } from '../autoscalers';
import { RenderedObject, RenderedRollout, RenderedService, RenderExtras } from '../ports';
import { networkPolicy } from './network';
import { podDisruptionBudget } from './workload';

/**
 * A service whose pods have its labels, whatever engine makes them: its workload and all that belongs around it, so that it keeps its promises on every
 * engine. In the order in which they are applied: what pods refer to comes before them.
 */
export function around(plan: ServicePlan, extras: RenderExtras, rollout: RenderedRollout): RenderedService {
  const services = rollout.network.filter((object) => object.kind === 'Service');
  const objects = [
    ...identity(plan), ...configs(plan), claim(plan), networkPolicy(plan, extras), ...rollout.analysis, ...rollout.workload, ...services, podDisruptionBudget(plan),
    ...(rollout.autoscaler === undefined ? renderAutoscaler(plan, rollout.target) : [rollout.autoscaler]), ...rollout.network.filter((object) => object.kind !== 'Service'),
  ];
  return {
    objects: objects.filter((object) => object !== undefined),
    groups: plan.groups.map((group, i) => ({ component: group.component, scaleTarget: i === 0 ? rollout.target : group.workload, selector: group.selector })),
    memberSelector: plan.memberSelector, serviceName: plan.address.service, ports: plan.ports, versionLabel: 'app.kubernetes.io/version',
  };
}

/** Who the pods are: their ServiceAccount, and the Secret by which they read their model. */
export function identity(plan: ServicePlan): RenderedObject[] {
  const account: RenderedObject[] = plan.serviceAccount === undefined ? [] : [{
    id: 'ServiceAccount', apiVersion: 'v1', kind: 'ServiceAccount', name: plan.serviceAccount.name, labels: plan.labels, annotations: plan.serviceAccount.annotations,
    content: { automountServiceAccountToken: false },
  }];
  const secrets = plan.externalSecrets.map(({ id, name, spec }): RenderedObject => ({ id, apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name, labels: plan.labels, content: { spec: compact(spec) } }));
  return [...account, ...secrets];
}

/** Files that the pods mount. */
export function configs(plan: ServicePlan): RenderedObject[] {
  return plan.configs.map((config) => ({
    id: config.id, apiVersion: 'v1', kind: 'ConfigMap', name: config.name, labels: plan.labels,
    content: { data: { ...config.data }, ...(config.binaryData === undefined ? {} : { binaryData: { ...config.binaryData } }), immutable: true },
  }));
}

/** What the pods claim of devices. */
export function claim(plan: ServicePlan): RenderedObject | undefined {
  const template = plan.resourceClaimTemplate;
  return template === undefined ? undefined : { id: 'AcceleratorClaim', apiVersion: template.apiVersion, kind: 'ResourceClaimTemplate', name: template.name, labels: plan.labels, content: { spec: compact(template.spec) } };
}
