import { JsonObject, ServicePlan } from '../../plan/service-plan';

/** The extended resource that a service's copies ask for; none where they claim their devices (dynamic resource allocation), or have none. */
export function deviceResource(plan: ServicePlan): string | undefined {
  const { containers } = plan.groups[0]!.template.spec as { containers: { name: string; resources?: { limits?: JsonObject } }[] };
  return Object.keys(containers.find(({ name }) => name === 'server')?.resources?.limits ?? {}).find((name) => name.includes('/'));
}

/** A resource as kube-state-metrics writes it. Source: https://github.com/kubernetes/kube-state-metrics/blob/v2.17.0/internal/store/utils.go */
export function seriesName(resource: string): string {
  return resource.replace(/[^a-zA-Z0-9_]/g, '_');
}
