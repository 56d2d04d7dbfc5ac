import { MetricsInstallProps } from '../../describe/monitoring/metrics-backend';
import { MetricsSource, MetricsSourceKind } from '../../describe/monitoring/metrics-source';
import { RemoteWrite } from '../../describe/monitoring/remote-write';
import { compact } from '../../plan/json';
import { JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';
import { apart, ONE_AT_A_TIME } from '../apart';
import { basicAuthOf, claimOf, configurationSecret, given, namespacesOf, retentionOf, selectorOf, TO_KUBELET } from '../installed';
import { MetricsRenderer, RulesPlan, ScrapePlan, StackPlan } from '../ports';
import { relabelings, scrapeTimeout, writeRelabelings } from '../relabel';
import { VM_ALERTMANAGER_SECRETS } from '../routing/alertmanager';
import { RoutingForm } from '../routing/requirements';
import { vmAlertmanagerConfigs } from '../routing/vm-alertmanager-config';
import { groupsJson } from '../rule';

const API = 'operator.victoriametrics.com/v1beta1';
/** Ports, set so that addresses don't depend on the operator's version. Source: https://docs.victoriametrics.com/operator/vars/ */
const PORTS = { single: 8428, agent: 8429, alert: 8080, alertmanager: 9093, insert: 8480, select: 8481 };

/** VictoriaMetrics operator: VMPodScrape, VMRule, VMSingle or VMCluster, VMAgent, VMAlert and VMAlertmanager. */
export const victoriaMetricsOperator: MetricsRenderer = {
  secretsRoot: VM_ALERTMANAGER_SECRETS,
  routingForm: RoutingForm.VM_ALERTMANAGER_CONFIG,
  routes: vmAlertmanagerConfigs,
  url: (stack) => readUrl(stack),
  scrape: vmPodScrape,
  rules: vmRule,
  source: vmServiceScrape,
  install: (stack, install) => [
    install.highAvailability === true ? vmCluster(stack, install) : vmSingle(stack, install), vmAgent(stack, install), vmAlert(stack, install),
    ...(stack.alertmanager === undefined ? [] : vmAlertmanager(stack, install)),
  ],
};

/** One tenant; the cluster's paths carry it. */
function readUrl(stack: StackPlan): string {
  return stack.install?.highAvailability === true ? `http://vmselect-${stack.name}.${stack.namespace}:${PORTS.select}/select/0/prometheus` : `http://vmsingle-${stack.name}.${stack.namespace}:${PORTS.single}`;
}

function writeUrl(stack: StackPlan): string {
  return stack.install?.highAvailability === true ? `http://vminsert-${stack.name}.${stack.namespace}:${PORTS.insert}/insert/0/prometheus` : `http://vmsingle-${stack.name}.${stack.namespace}:${PORTS.single}`;
}

function vmPodScrape(plan: ScrapePlan): RenderedObject {
  return {
    id: plan.id, apiVersion: API, kind: 'VMPodScrape', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        selector: { matchLabels: { ...plan.pods } },
        podMetricsEndpoints: [{ port: plan.port, path: plan.path, interval: `${plan.seconds}s`, scrapeTimeout: scrapeTimeout(plan.seconds), honorLabels: plan.honorLabels, relabelConfigs: relabelings(plan) }],
      }),
    },
  };
}

function vmServiceScrape(source: MetricsSource, stack: StackPlan): RenderedObject {
  const { namespace, labels, port, path, honorLabels = true } = source._props;
  const common = { apiVersion: API, name: `${stack.name}-${source.name}`, id: `Source-${source.name}`, labels: { ...stack.labels, ...stack.selection } };
  const times = { path: path ?? '/metrics', interval: `${stack.scrapeSeconds}s`, scrapeTimeout: scrapeTimeout(stack.scrapeSeconds), honorLabels };
  if (source.kind === MetricsSourceKind.KUBELET) return { ...common, kind: 'VMNodeScrape', content: { spec: compact({ ...times, ...TO_KUBELET }) } };
  return { ...common, kind: 'VMServiceScrape', content: { spec: compact({ selector: { matchLabels: { ...labels } }, namespaceSelector: { matchNames: [namespace] }, endpoints: [{ port, ...times }] }) } };
}

function vmRule(plan: RulesPlan): RenderedObject {
  return {
    id: plan.id, apiVersion: API, kind: 'VMRule', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({ groups: groupsJson(plan.groups) }),
    },
  };
}

function vmSingle(stack: StackPlan, install: MetricsInstallProps): RenderedObject {
  return {
    id: 'Store', apiVersion: API, kind: 'VMSingle', name: stack.name, labels: stack.labels,
    content: { spec: compact({ port: String(PORTS.single), retentionPeriod: retentionOf(stack), storage: install.storage === undefined ? undefined : claimOf(install.storage), ...hardened(), resources: { requests: { cpu: '200m', memory: '512Mi' } } }) },
  };
}

/** Everything is stored twice, so that one storage node may go. */
function vmCluster(stack: StackPlan, install: MetricsInstallProps): RenderedObject {
  const storage = install.storage === undefined ? undefined : { volumeClaimTemplate: { spec: claimOf(install.storage) } };
  // two agents scrape the same: of two equal samples one is kept. Source: https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#deduplication
  const deduplicated = { 'dedup.minScrapeInterval': `${stack.scrapeSeconds}s` };
  const part = (component: string): JsonObject => ({ ...hardened(), ...copies(stack, component, install), resources: { requests: { cpu: '100m', memory: '256Mi' } } });
  return {
    id: 'Store', apiVersion: API, kind: 'VMCluster', name: stack.name, labels: stack.labels,
    content: {
      spec: compact({
        retentionPeriod: retentionOf(stack), replicationFactor: 2,
        vmstorage: { ...part('vmstorage'), replicaCount: 3, storage, extraArgs: deduplicated, resources: { requests: { cpu: '200m', memory: '512Mi' } } },
        vmselect: { ...part('vmselect'), replicaCount: 2, port: String(PORTS.select), extraArgs: deduplicated },
        vminsert: { ...part('vminsert'), replicaCount: 2, port: String(PORTS.insert) },
      }),
    },
  };
}

function vmAgent(stack: StackPlan, install: MetricsInstallProps): RenderedObject {
  const selector = selectorOf(stack);
  const namespaces = namespacesOf(stack);
  return {
    id: 'Agent', apiVersion: API, kind: 'VMAgent', name: stack.name, labels: stack.labels,
    content: {
      spec: compact({
        port: String(PORTS.agent), replicaCount: install.highAvailability === true ? 2 : 1, selectAllByDefault: false,
        podScrapeSelector: selector, podScrapeNamespaceSelector: namespaces, serviceScrapeSelector: selector, serviceScrapeNamespaceSelector: namespaces, nodeScrapeSelector: selector, nodeScrapeNamespaceSelector: namespaces,
        scrapeInterval: `${stack.scrapeSeconds}s`, externalLabels: given(stack.externalLabels),
        remoteWrite: [{ url: `${writeUrl(stack)}/api/v1/write` }, ...(install.remoteWrite ?? []).map(remoteWrite)],
        ...hardened(), ...copies(stack, 'vmagent', install), resources: { requests: { cpu: '100m', memory: '256Mi' } },
      }),
    },
  };
}

function remoteWrite(to: RemoteWrite): JsonObject {
  const { tokenSecretName, tokenKey } = to._props;
  return {
    url: to.url, headers: to._extras.headers === undefined ? undefined : Object.entries(to._extras.headers).map(([name, value]) => `${name}: ${value}`),
    bearerTokenSecret: tokenSecretName === undefined ? undefined : { name: tokenSecretName, key: tokenKey ?? 'token' },
    basicAuth: basicAuthOf(to),
    inlineUrlRelabelConfig: writeRelabelings(to),
  };
}

function vmAlert(stack: StackPlan, install: MetricsInstallProps): RenderedObject {
  const selector = selectorOf(stack);
  return {
    id: 'Alert', apiVersion: API, kind: 'VMAlert', name: stack.name, labels: stack.labels,
    content: {
      spec: compact({
        port: String(PORTS.alert), replicaCount: install.highAvailability === true ? 2 : 1, selectAllByDefault: false, evaluationInterval: '30s',
        ruleSelector: selector, ruleNamespaceSelector: namespacesOf(stack),
        datasource: { url: readUrl(stack) },
        // recorded series, and the state of alerts over its own restarts
        remoteWrite: { url: writeUrl(stack) }, remoteRead: { url: readUrl(stack) },
        notifiers: stack.alertmanager === undefined ? undefined : notifiers(stack, install),
        // without anywhere to send alerts to, it has to be told that it is meant
        extraArgs: stack.alertmanager === undefined ? { 'notifier.blackhole': 'true' } : undefined,
        externalLabels: given(stack.externalLabels), ...hardened(), ...copies(stack, 'vmalert', install),
        resources: { requests: { cpu: '50m', memory: '128Mi' } },
      }),
    },
  };
}

/** Each Alertmanager by itself: they tell one another whom they told, but not of alerts. Source: https://docs.victoriametrics.com/operator/resources/vmalert/#high-availability */
function notifiers({ name, namespace }: StackPlan, install: MetricsInstallProps): JsonObject[] {
  const service = `vmalertmanager-${name}`;
  return Array.from({ length: alertmanagers(install) }, (_, i) => ({ url: `http://${service}-${i}.${service}.${namespace}:${PORTS.alertmanager}` }));
}

function alertmanagers({ highAvailability }: MetricsInstallProps): number {
  return highAvailability === true ? 3 : 1;
}

function vmAlertmanager(stack: StackPlan, install: MetricsInstallProps): RenderedObject[] {
  const name = `${stack.name}-alertmanager`;
  const { secrets } = stack.alertmanager!;
  return [
    configurationSecret(stack),
    {
      id: 'Alertmanager', apiVersion: API, kind: 'VMAlertmanager', name: stack.name, labels: stack.labels,
      content: {
        spec: compact({
          port: String(PORTS.alertmanager), replicaCount: alertmanagers(install), configSecret: name, secrets: [...secrets], retention: '120h', selectAllByDefault: false,
          ...hardened(), ...copies(stack, 'vmalertmanager', install), resources: { requests: { cpu: '20m', memory: '64Mi' } },
        }),
      },
    },
  ];
}

/** How several copies of a part stand a node's end and its drain; the operator labels their pods by these. */
function copies(stack: StackPlan, component: string, install: MetricsInstallProps): JsonObject {
  return install.highAvailability === true ? { ...apart({ 'app.kubernetes.io/name': component, 'app.kubernetes.io/instance': stack.name }), podDisruptionBudget: ONE_AT_A_TIME } : {};
}

/** The operator's own hardening: non-root, no privileges, read-only root. Source: https://docs.victoriametrics.com/operator/api/#commonapplicationdeploymentparams */
function hardened(): JsonObject {
  return { useStrictSecurity: true };
}
