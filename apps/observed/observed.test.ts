import { parseAllDocuments } from 'yaml';
import { type AppOutput, runApp } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('observed'); }, 60_000);

const file = (name: string): any[] => parseAllDocuments(app.files[`${name}.k8s.yaml`]!).map((document) => document.toJS());
const of = (cluster: string, kind: string): any[] => file(cluster).filter((one) => one.kind === kind);
const named = (objects: any[], name: string): any => objects.find(({ metadata }) => metadata.name === name);

test.each([['eu-1', 'monitoring.coreos.com', 'operator.victoriametrics.com'], ['eu-2', 'operator.victoriametrics.com', 'monitoring.coreos.com']])('%s has objects of %s, and none of the other operator', (cluster, own, other) => {
  const groups = file(cluster).map(({ apiVersion }) => apiVersion.split('/')[0]);
  expect(groups).toContain(own);
  expect(groups).not.toContain(other);
});

test('the services are the same to a byte, whoever watches them', () => {
  const kinds = ['Deployment', 'Service', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'];
  const served = (cluster: string): any[] => file(cluster).filter(({ kind, metadata }) => kinds.includes(kind) && !metadata.name.startsWith('watch'));
  expect(served('eu-1').length).toBe(7);
  expect(served('eu-1')).toEqual(served('eu-2'));
});

test.each(['iris', 'fraud'])('both look at the pods of %s alike: at a port that they have, with the labels of service and version', (name) => {
  const deployment = named(of('eu-1', 'Deployment'), name);
  const [monitor, scrape] = [named(of('eu-1', 'PodMonitor'), name).spec, named(of('eu-2', 'VMPodScrape'), name).spec];
  const { labels } = deployment.spec.template.metadata;
  for (const [key, value] of Object.entries(monitor.selector.matchLabels)) expect([key, labels[key]]).toEqual([key, value]);
  expect(scrape.selector).toEqual(monitor.selector);
  const { relabelings, ...endpoint } = monitor.podMetricsEndpoints[0];
  expect(scrape.podMetricsEndpoints).toEqual([{ ...endpoint, relabelConfigs: relabelings }]);
  expect(deployment.spec.template.spec.containers.flatMap((one: any) => one.ports.map((port: any) => port.name))).toContain(endpoint.port);
  expect(relabelings.map((one: any) => one.targetLabel)).toEqual(['inference_service', 'model_version']);
});

test.each(['iris', 'fraud', 'watch'])('both evaluate the same rules about %s', (name) => {
  // but for the uid of a service's dashboard, which tells the clusters apart in one Grafana
  const groups = (kind: string, cluster: string): any[] => JSON.parse(JSON.stringify(named(of(cluster, kind), name).spec.groups).replaceAll(/"svc-\w+-[0-9a-f]{8}"/g, '"uid"'));
  const [prometheus, vm] = [groups('PrometheusRule', 'eu-1'), groups('VMRule', 'eu-2')];
  expect(prometheus.flatMap((group) => group.rules).length).toBeGreaterThan(0);
  expect(vm.map(({ concurrency, ...group }) => group)).toEqual(prometheus);
});

test('fraud is what wakes somebody: its team by PagerDuty, from a Secret', () => {
  for (const cluster of ['eu-1', 'eu-2']) {
    const { route, receivers } = JSON.parse(named(of(cluster, 'Secret'), 'watch-alertmanager').stringData['alertmanager.yaml']);
    expect(JSON.stringify(route)).toContain('team=\\"risk\\"');
    expect(receivers.flatMap((one: any) => one.pagerduty_configs ?? []).map((one: any) => one.routing_key_file)).toEqual([expect.stringContaining('risk-pagerduty/routing-key')]);
  }
});

test('each cluster has its dashboards in a file of their own', () => {
  const boards = Object.keys(app.files).filter((path) => path.includes('dashboards'));
  expect(boards.length).toBe(2);
  for (const path of boards) {
    const kinds = parseAllDocuments(app.files[path]!).map((document) => document.toJS());
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['GrafanaDashboard']));
    expect(kinds.map(({ spec }) => JSON.parse(spec.json ?? '{}').title)).toEqual(expect.arrayContaining(['iris · scoring', 'fraud · scoring', 'Inference: Fleet', 'Inference: Objectives']));
  }
});
