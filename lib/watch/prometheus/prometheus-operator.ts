import { bytesOf } from '../../describe/checks/shape';
import { MetricsInstallProps } from '../../describe/monitoring/metrics-backend';
import { MetricsSource, MetricsSourceKind } from '../../describe/monitoring/metrics-source';
import { RemoteWrite } from '../../describe/monitoring/remote-write';
import { compact } from '../../plan/json';
import { JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';
import { access } from '../access';
import { apart, ONE_AT_A_TIME } from '../apart';
import { basicAuthOf, claimOf, configurationSecret, given, namespacesOf, retentionOf, selectorOf, TO_KUBELET } from '../installed';
import { MetricsRenderer, RulesPlan, ScrapePlan, StackPlan } from '../ports';
import { relabelings, scrapeTimeout, writeRelabelings } from '../relabel';
import { ALERTMANAGER_SECRETS } from '../routing/alertmanager';
import { alertmanagerConfigs } from '../routing/alertmanager-config';
import { RoutingForm } from '../routing/requirements';
import { groupsJson } from '../rule';

const API = 'monitoring.coreos.com/v1';

/** prometheus-operator: PodMonitor, PrometheusRule, Prometheus and Alertmanager. */
export const prometheusOperator: MetricsRenderer = {
  secretsRoot: ALERTMANAGER_SECRETS,
  routingForm: RoutingForm.ALERTMANAGER_CONFIG,
  routes: alertmanagerConfigs,
  url: (stack) => `http://${stack.name}-prometheus.${stack.namespace}:9090`,
  scrape: podMonitor,
  rules: prometheusRule,
  source: serviceMonitor,
  install: (stack, install) => [
    { id: 'ServiceAccount', apiVersion: 'v1', kind: 'ServiceAccount', name: `${stack.name}-prometheus`, labels: stack.labels, content: { automountServiceAccountToken: false } },
    ...access(stack), prometheus(stack, install), service(stack, 'Service', `${stack.name}-prometheus`, { prometheus: stack.name }, 9090, 'web'),
    ...(install.highAvailability === true ? [budget(stack, 'PrometheusBudget', `${stack.name}-prometheus`, { prometheus: stack.name })] : []),
    ...(stack.alertmanager === undefined ? [] : alertmanager(stack, install)),
  ],
};

function podMonitor(plan: ScrapePlan): RenderedObject {
  return {
    id: plan.id, apiVersion: API, kind: 'PodMonitor', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        selector: { matchLabels: { ...plan.pods } },
        podMetricsEndpoints: [{ port: plan.port, path: plan.path, interval: `${plan.seconds}s`, scrapeTimeout: scrapeTimeout(plan.seconds), honorLabels: plan.honorLabels, relabelings: relabelings(plan) }],
      }),
    },
  };
}

function serviceMonitor(source: MetricsSource, stack: StackPlan): RenderedObject {
  const { namespace, labels, port, path, honorLabels = true } = source._props;
  const kubelet = source.kind === MetricsSourceKind.KUBELET ? TO_KUBELET : {};
  return {
    id: `Source-${source.name}`, apiVersion: API, kind: 'ServiceMonitor', name: `${stack.name}-${source.name}`, labels: { ...stack.labels, ...stack.selection },
    content: {
      spec: compact({
        selector: { matchLabels: { ...labels } }, namespaceSelector: { matchNames: [namespace] },
        endpoints: [{ port, path: path ?? '/metrics', interval: `${stack.scrapeSeconds}s`, scrapeTimeout: scrapeTimeout(stack.scrapeSeconds), honorLabels, ...kubelet }],
      }),
    },
  };
}

function prometheusRule(plan: RulesPlan): RenderedObject {
  return {
    id: plan.id, apiVersion: API, kind: 'PrometheusRule', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({ groups: groupsJson(plan.groups) }),
    },
  };
}

function prometheus(stack: StackPlan, install: MetricsInstallProps): RenderedObject {
  const selector = selectorOf(stack);
  const namespaces = namespacesOf(stack);
  return {
    id: 'Prometheus', apiVersion: API, kind: 'Prometheus', name: stack.name, labels: stack.labels,
    content: {
      spec: compact({
        replicas: install.highAvailability === true ? 2 : 1,
        serviceAccountName: `${stack.name}-prometheus`,
        podMonitorSelector: selector, podMonitorNamespaceSelector: namespaces, serviceMonitorSelector: selector, serviceMonitorNamespaceSelector: namespaces,
        ruleSelector: selector, ruleNamespaceSelector: namespaces,
        scrapeInterval: `${stack.scrapeSeconds}s`, scrapeTimeout: scrapeTimeout(stack.scrapeSeconds), evaluationInterval: '30s',
        retention: retentionOf(stack),
        // a full disk stops Prometheus for good: the oldest go first
        ...(install.storage === undefined ? {} : { retentionSize: `${Math.floor(bytesOf(install.storage.size) * 0.85 / 2 ** 20)}MB`, storage: { volumeClaimTemplate: { spec: claimOf(install.storage) } } }),
        externalLabels: given(stack.externalLabels),
        alerting: stack.alertmanager === undefined ? undefined : { alertmanagers: [{ namespace: stack.namespace, name: `${stack.name}-alertmanager`, port: 'web', apiVersion: 'v2' }] },
        remoteWrite: install.remoteWrite?.map(remoteWrite),
        podMetadata: { labels: podLabels(stack) },
        ...(install.highAvailability === true ? apart({ prometheus: stack.name }) : {}),
        ...restricted(), resources: { requests: { cpu: '200m', memory: '1Gi' } },
      }),
    },
  };
}

function remoteWrite(to: RemoteWrite): JsonObject {
  const { tokenSecretName, tokenKey } = to._props;
  return {
    url: to.url, headers: to._extras.headers === undefined ? undefined : { ...to._extras.headers },
    authorization: tokenSecretName === undefined ? undefined : { type: 'Bearer', credentials: { name: tokenSecretName, key: tokenKey ?? 'token' } },
    basicAuth: basicAuthOf(to),
    writeRelabelConfigs: writeRelabelings(to),
  };
}

function alertmanager(stack: StackPlan, install: MetricsInstallProps): RenderedObject[] {
  const name = `${stack.name}-alertmanager`;
  const { secrets } = stack.alertmanager!;
  return [
    configurationSecret(stack),
    {
      id: 'Alertmanager', apiVersion: API, kind: 'Alertmanager', name: stack.name, labels: stack.labels,
      content: {
        spec: compact({
          replicas: install.highAvailability === true ? 3 : 1, configSecret: name, secrets: [...secrets], retention: '120h', ...(install.highAvailability === true ? apart({ alertmanager: stack.name }) : {}),
          automountServiceAccountToken: false, podMetadata: { labels: podLabels(stack) }, ...restricted(), resources: { requests: { cpu: '20m', memory: '64Mi' } },
        }),
      },
    },
    service(stack, 'AlertmanagerService', name, { alertmanager: stack.name }, 9093, 'web'),
    ...(install.highAvailability === true ? [budget(stack, 'AlertmanagerBudget', name, { alertmanager: stack.name })] : []),
  ];
}

function service(stack: StackPlan, id: string, name: string, selector: JsonObject, port: number, portName: string): RenderedObject {
  return { id, apiVersion: 'v1', kind: 'Service', name, labels: stack.labels, content: { spec: compact({ selector, ports: [{ name: portName, port, targetPort: portName }] }) } };
}

function budget(stack: StackPlan, id: string, name: string, pods: { readonly [label: string]: string }): RenderedObject {
  return { id, apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name, labels: stack.labels, content: { spec: { ...ONE_AT_A_TIME, selector: { matchLabels: { ...pods } }, unhealthyPodEvictionPolicy: 'AlwaysAllow' } } };
}

/** Labels of pods; the others are the operator's own. */
function podLabels({ labels }: StackPlan): JsonObject {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => /\/(part-of|component)$/.test(key)));
}

/** The operator's images run as nobody; the rest of Pod Security 'restricted' it sets on the containers itself. */
function restricted(): JsonObject {
  return { securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 2000, fsGroup: 2000, seccompProfile: { type: 'RuntimeDefault' } } };
}
