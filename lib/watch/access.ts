import { MetricsSourceKind } from '../describe/monitoring/metrics-source';
import { Json } from '../plan/service-plan';
import { RenderedObject } from '../render/ports';
import { StackPlan } from './ports';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** Leave to find pods, in just the namespaces in which services are: a Role and its binding each. */
export function access(stack: StackPlan): RenderedObject[] {
  const { scraper } = stack;
  if (scraper === undefined) return [];
  const sources = stack.sources.filter(({ kind }) => kind === MetricsSourceKind.SERVICE).map(({ _props }) => _props.namespace);
  const kubelets = stack.sources.some(({ kind }) => kind === MetricsSourceKind.KUBELET);
  // what is found by its Service: Alertmanager in the stack's own namespace, other sources in theirs
  const byService = new Set([...(stack.install === undefined ? [] : [stack.namespace]), ...sources, ...(kubelets ? ['kube-system'] : [])]);
  const roles = [...new Set([...stack.namespaces, ...byService])].sort();
  const inNamespaces = roles.flatMap((namespace) => {
    const own = byService.has(namespace);
    const find = (apiGroup: string, resources: string[]): { [key: string]: Json } => ({ apiGroups: [apiGroup], resources, verbs: ['get', 'list', 'watch'] });
    const rules = own ? [find('', ['pods', 'services', 'endpoints']), find('discovery.k8s.io', ['endpointslices'])] : [find('', ['pods'])];
    // stacks of one name may look into one namespace, so it tells where the stack is
    const name = `${stack.namespace}-${stack.name}-scrape`;
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
  return [...inNamespaces, ...(kubelets ? ofKubelets(stack, scraper) : [])];
}

/** Leave to read the metrics of nodes, which are in no namespace. */
function ofKubelets(stack: StackPlan, scraper: { readonly name: string; readonly namespace: string }): RenderedObject[] {
  const name = `${stack.namespace}-${stack.name}-kubelets`;
  const common = { apiVersion: RBAC, name, namespace: null, labels: stack.labels };
  return [
    { ...common, id: 'ClusterRole', kind: 'ClusterRole', content: { rules: [{ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }] } },
    {
      ...common, id: 'ClusterRoleBinding', kind: 'ClusterRoleBinding',
      content: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }, subjects: [{ kind: 'ServiceAccount', name: scraper.name, namespace: scraper.namespace }] },
    },
  ];
}
