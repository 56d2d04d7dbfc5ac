import { Yaml } from 'cdk8s';
import { ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/** Label of ConfigMaps whose `rules.yaml` belongs into prometheus-adapter's configuration. */
const RULE_LABEL = 'serving.cdk8s.io/prometheus-adapter-rules';

/**
 * What prometheus-adapter must be told, so that it serves the metrics that the HPA asks for. The adapter reads one file for the whole
 * cluster, which is its owner's: the rules lie in a ConfigMap beside the service, to be merged into it. Services of one server have the same rules.
 * Format: https://github.com/kubernetes-sigs/prometheus-adapter/blob/v0.12.0/docs/config.md
 */
export function adapterRules(plan: ServicePlan): RenderedObject[] {
  const rules = [...new Map(plan.copies.signals.map(({ adapterRule }) => adapterRule).filter((rule) => rule !== undefined).map((rule) => [rule.name, rule])).values()];
  if (rules.length === 0) return [];
  const config = {
    rules: rules.map(({ name, seriesQuery, metricsQuery }) => ({
      seriesQuery,
      resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
      name: { as: name },
      metricsQuery,
    })),
  };
  return [{
    id: 'AdapterRules', apiVersion: 'v1', kind: 'ConfigMap', name: `${plan.name}-adapter-rules`, labels: { ...plan.labels, [RULE_LABEL]: 'true' },
    content: { data: { 'rules.yaml': Yaml.stringify(config) } },
  }];
}
