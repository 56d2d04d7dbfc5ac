import { compact } from '../../plan/json';
import { ServicePlan } from '../../plan/service-plan';
import { renderAutoscaler } from '../autoscalers';
import { Backend, RenderedObject, RenderedService, RenderExtras } from '../ports';
import { rolloutRenderer } from '../rollouts';
import { networkPolicy } from './network';
import { DEPLOYMENT, podDisruptionBudget } from './workload';

/** Plain Kubernetes: a Deployment and what belongs around it. */
export class KubernetesBackend implements Backend {
  public readonly name = 'kubernetes';

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    // in the order in which they are applied: what pods refer to comes before them
    const rollout = rolloutRenderer(plan).render(plan, extras.cluster);
    const services = rollout.network.filter((object) => object.kind === 'Service');
    const objects = [
      ...identity(plan), ...configs(plan), claim(plan), networkPolicy(plan, extras), ...rollout.analysis, ...rollout.workload, ...services, podDisruptionBudget(plan),
      ...(rollout.autoscaler === undefined ? renderAutoscaler(plan, rollout.target) : [rollout.autoscaler]), ...rollout.network.filter((object) => object.kind !== 'Service'),
    ];
    return {
      objects: objects.filter((object) => object !== undefined),
      groups: plan.groups.map((group, i) => ({ component: group.component, scaleTarget: i === 0 ? rollout.target : { ...DEPLOYMENT, name: group.name }, selector: group.selector })),
      memberSelector: plan.memberSelector, serviceName: plan.name, ports: plan.ports, versionLabel: 'app.kubernetes.io/version',
    };
  }
}

function identity(plan: ServicePlan): RenderedObject[] {
  const account: RenderedObject[] = plan.serviceAccount === undefined ? [] : [{
    id: 'ServiceAccount', apiVersion: 'v1', kind: 'ServiceAccount', name: plan.serviceAccount.name, labels: plan.labels, annotations: plan.serviceAccount.annotations,
    content: { automountServiceAccountToken: false },
  }];
  const secret: RenderedObject[] = plan.externalSecret === undefined ? [] : [{
    id: 'ExternalSecret', apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name: plan.externalSecret.name, labels: plan.labels, content: { spec: compact(plan.externalSecret.spec) },
  }];
  return [...account, ...secret];
}

function configs(plan: ServicePlan): RenderedObject[] {
  return plan.configs.map((config) => ({
    id: config.id, apiVersion: 'v1', kind: 'ConfigMap', name: config.name, labels: plan.labels,
    content: { data: { ...config.data }, ...(config.binaryData === undefined ? {} : { binaryData: { ...config.binaryData } }), immutable: true },
  }));
}

function claim(plan: ServicePlan): RenderedObject | undefined {
  const template = plan.resourceClaimTemplate;
  return template === undefined ? undefined : { id: 'AcceleratorClaim', apiVersion: template.apiVersion, kind: 'ResourceClaimTemplate', name: template.name, labels: plan.labels, content: { spec: compact(template.spec) } };
}
