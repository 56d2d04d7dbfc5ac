import { Json } from '../plan/service-plan';
import { RenderedObject } from '../render/ports';
import { StackPlan } from './ports';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** Leave to find pods, in just the namespaces in which services are: a Role and its binding each. */
export function access(stack: StackPlan): RenderedObject[] {
  const { scraper } = stack;
  if (scraper === undefined) return [];
  const roles = [...new Set([...stack.namespaces, ...(stack.install === undefined ? [] : [stack.namespace])])].sort();
  return roles.flatMap((namespace) => {
    // in its own namespace it also finds Alertmanager, by its Service
    const own = stack.install !== undefined && namespace === stack.namespace;
    const find = (apiGroup: string, resources: string[]): { [key: string]: Json } => ({ apiGroups: [apiGroup], resources, verbs: ['get', 'list', 'watch'] });
    const rules = own ? [find('', ['pods', 'services', 'endpoints']), find('discovery.k8s.io', ['endpointslices'])] : [find('', ['pods'])];
    const name = `${stack.name}-scrape`;
    const common = { apiVersion: RBAC, name, namespace, labels: stack.labels };
    const objects: RenderedObject[] = [
      { ...common, id: `Role-${namespace}`, kind: 'Role', content: { rules } },
      {
        ...common, id: `RoleBinding-${namespace}`, kind: 'RoleBinding',
        content: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name }, subjects: [{ kind: 'ServiceAccount', name: scraper.name, namespace: scraper.namespace }] },
      },
    ];
    return objects;
  });
}
