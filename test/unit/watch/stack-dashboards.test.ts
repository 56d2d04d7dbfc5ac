import { Chart, Testing } from 'cdk8s';
import { Cluster, Grafana, InferenceService, type InferenceServiceProps, MetricsBackend, MonitoringStack, Objective, ServingEngine } from 'cdk8s-serving';
import { runChild } from '../../support/child';
import { hearing, iris } from '../../support/serving';

/** The objects of a stack's chart of dashboards. */
function dashboards(grafana: Grafana, services: { readonly [id: string]: Partial<InferenceServiceProps> }): any[] {
  const app = Testing.app();
  const top = new Chart(app, 'top', { namespace: 'observe' });
  new ServingEngine(top, 'Engine', { cluster: Cluster.of({ version: '1.34' }) });
  const stack = new MonitoringStack(top, 'Monitoring', { metrics: MetricsBackend.kubePrometheusStack({ release: 'monitoring' }), grafana });
  for (const [id, props] of Object.entries(services)) new InferenceService(new Chart(top, `chart-${id.toLowerCase()}`, { namespace: `ns-${id.toLowerCase()}` }), id, { model: iris({ version: 'v1' }), ...props });
  return hearing(() => Testing.synth(stack.node.findChild('Dashboards') as Chart)).result;
}

const titles = (objects: any[]): string[] => objects.map((one) => (JSON.parse(Object.values(one.data)[0] as string) as { title: string }).title).sort();

test('a stack brings a dashboard for each service and those over all, whichever service is the first to need one', () => {
  const one = { Iris: {}, Fraud: { objectives: [Objective.availability(99.9)] } };
  expect(titles(dashboards(Grafana.sidecar(), one))).toEqual(['Inference: Fleet', 'Inference: Objectives', 'Inference: Services', 'fraud · ns-fraud', 'iris · ns-iris']);
  expect(titles(dashboards(Grafana.sidecar(), { Iris: {} }))).toEqual(['Inference: Fleet', 'Inference: Services', 'iris · ns-iris']);
});

test('what the last service brings is in the dashboards that the first one made', () => {
  const fleet = (services: { readonly [id: string]: Partial<InferenceServiceProps> }): string => dashboards(Grafana.sidecar(), services).map((one) => Object.values(one.data)[0] as string).find((text) => text.includes('"title": "Inference: Fleet"'))!;
  expect(fleet({ Iris: {} })).not.toContain('Budget left');
  expect(fleet({ Iris: {}, Fraud: { objectives: [Objective.availability(99.9)] } })).toContain('Budget left');
});

test('those of services lie in their namespaces, unless one was named for all', () => {
  const namespaces = (grafana: Grafana): string[] => dashboards(grafana, { Iris: {} }).map((one) => one.metadata.namespace);
  expect(namespaces(Grafana.sidecar()).sort()).toEqual(['ns-iris', 'observe', 'observe']);
  expect(namespaces(Grafana.sidecar({ namespace: 'grafana' }))).toEqual(['grafana', 'grafana', 'grafana']);
});

test("Grafana's SDK is loaded only where dashboards are drawn", () => {
  const program = (grafana: string): string => `
    import { App, Chart } from 'cdk8s';
    import { Grafana, InferenceService, MetricsBackend, Model, ModelSource, MonitoringStack } from 'cdk8s-serving';
    const app = new App();
    const chart = new Chart(app, 'ml', { namespace: 'ml' });
    new MonitoringStack(chart, 'Monitoring', { metrics: MetricsBackend.kubePrometheusStack({ release: 'monitoring' }), grafana: ${grafana} });
    new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) });
    app.synth();
    console.log(Object.keys(require.cache).filter((file) => file.includes('grafana-foundation-sdk')).length > 0);`;
  expect(runChild(program('Grafana.none()')).stdout.trim()).toBe('false');
  const files = runChild(program("Grafana.files({ path: 'boards' })"));
  expect(files.stdout.trim()).toBe('true');
  expect(files.written.filter((path) => /^boards\/(serving-fleet|serving-engine|svc-iris)-[0-9a-f]{8}\.json$/.test(path))).toHaveLength(3);
});
