import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { AlibiExplainer, Cluster, ClusterOperator, Detector, EngineBackend, Explainer, Exposure, InferenceProtocol, InferenceServer, InferenceService, InferenceServiceProps, MetricsBackend, Model, ModelSource, MonitoringStack, PythonCode, SeldonServers, ServingEngine, Severity, Transformer } from 'cdk8s-serving';
import { GATEWAY } from '../../support/release';
import { iris, serve, Served, synth } from '../../support/serving';

const source = ModelSource.s3('s3://around/iris/v1');
const code = PythonCode.mount(join(__dirname, '..', '..', '..', 'apps', 'custom-runtime', 'server'));
const model = Model.custom({ implementation: 'sentiment.Sentiment', code });
const transformer = Transformer.of({ server: InferenceServer.mlserver(), model });
const explainer = Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source });
const outlier = Detector.outlier({ source });
const drift = Detector.drift({ source, batchSize: 100 });

function on(servers: SeldonServers, props: Partial<InferenceServiceProps>): Served {
  return serve(props, { operators: [ClusterOperator.SELDON_CORE_V2], gateway: GATEWAY, ingressClass: 'nginx' }, { backend: EngineBackend.seldonCoreV2({ servers }) });
}
const names = (served: Served, kind: string): string[] => served.all(kind).map(({ metadata }) => metadata.name);
const named = (served: Served, kind: string, name: string): any => served.all(kind).find(({ metadata }) => metadata.name === name);
const errors = (served: Served): string[] => served.problems.filter(({ severity }) => severity === Severity.ERROR).map(({ code: it }) => it);
const settings = (served: Served, service: string): any => {
  const [volume] = named(served, 'Server', service).spec.podSpec.volumes.filter((one: any) => one.name === 'settings');
  return JSON.parse(named(served, 'ConfigMap', volume.configMap.name).data[volume.configMap.items[0].key]);
};

describe('on servers of their own', () => {
  const own = SeldonServers.asNeeded();

  test('a transformer is the Model that clients ask for, and asks the one behind it', () => {
    const served = on(own, { transformer });
    expect(served.codes).toEqual([]);
    expect(names(served, 'Model')).toEqual(['iris-predictor', 'iris']);
    // the model itself stays on shared servers
    expect(names(served, 'Server')).toEqual(['iris']);
    expect(names(served, 'Service').sort()).toEqual(['iris', 'iris-predictor']);
    expect(named(served, 'Model', 'iris-predictor').spec.storageUri).toBe('s3://models/iris/v1/');
    const [server] = named(served, 'Server', 'iris').spec.podSpec.containers;
    expect(served.env(server)).toMatchObject({ PREDICTOR_URL: 'http://iris-predictor.ml/v2/models/iris-predictor/infer', PREDICTOR_PROTOCOL: 'v2-rest' });
    expect(served.service.endpoint(InferenceProtocol.V2_REST)).toMatchObject({ url: 'http://iris.ml.svc.cluster.local/v2/models/iris/infer' });
    expect(served.service.endpoint(InferenceProtocol.V2_GRPC)?.headers).toEqual({ 'seldon-model': 'iris' });
    expect(served.all('Deployment')).toEqual([]);
  });

  test('what is exposed is the transformer', () => {
    const served = on(own, { transformer, exposure: Exposure.ingress({ host: 'iris.example.com' }) });
    expect(errors(served)).toEqual([]);
    expect(served.all('Ingress')).toHaveLength(1);
    expect(JSON.stringify(served.one('Ingress').spec)).toContain('"service":{"name":"iris"');
  });

  test('an explainer is told its method and what it explains by its Model, and the rest by its settings', () => {
    const served = on(own, { explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source, output: 'proba', parameters: { seed: 1 } }) });
    expect(served.codes).toEqual([]);
    expect(named(served, 'Model', 'iris-explainer').spec.explainer).toEqual({ type: 'anchor_tabular', modelRef: 'iris' });
    expect(named(served, 'Server', 'iris-explainer').spec.capabilities).toEqual(['iris-explainer', 'alibi-explain']);
    expect(settings(served, 'iris-explainer').parameters).toEqual({ uri: '/mnt/models', extra: { infer_output: 'proba', init_parameters: { seed: 1 } } });
    // the agent writes where the model is asked: a variable of ours would say another place
    expect(JSON.stringify(named(served, 'Server', 'iris-explainer'))).not.toContain('MLSERVER_MODEL_EXTRA');
    expect(served.service.explainEndpoint(InferenceProtocol.V2_REST)?.url).toBe('http://iris-explainer.ml.svc.cluster.local/v2/models/iris-explainer/infer');
  });

  test('an explainer of one\'s own asks by the address of the service', () => {
    const served = on(own, { transformer, explainer: Explainer.container({ server: InferenceServer.mlserver(), model }) });
    expect(served.codes).toEqual([]);
    expect(named(served, 'Model', 'iris-explainer').spec.explainer).toBeUndefined();
    const [server] = named(served, 'Server', 'iris-explainer').spec.podSpec.containers;
    expect(served.env(server).PREDICTOR_URL).toBe('http://iris.ml/v2/models/iris/infer');
  });

  test('detectors are Models, and the logger between the agent and the model sends them copies', () => {
    const served = on(own, { detectors: [outlier, drift] });
    expect(served.codes).toEqual([]);
    expect(names(served, 'Model')).toEqual(['iris', 'iris-outlier', 'iris-drift']);
    expect(names(served, 'Server')).toEqual(['iris', 'iris-outlier', 'iris-drift']);
    expect(served.one('Pipeline')).toBeUndefined();
    const { podSpec } = named(served, 'Server', 'iris').spec;
    const [logger] = podSpec.initContainers.filter(({ name }: any) => name === 'payload-logger');
    const agent = podSpec.containers.find(({ name }: any) => name === 'agent');
    expect(agent.env).toEqual([{ name: 'SELDON_SERVER_HTTP_PORT', value: '18080' }]);
    expect(logger.ports.map(({ name }: any) => name)).toEqual(['log-metrics']);
    const files = served.all('ConfigMap').find(({ metadata }) => /payloadlogger/.test(metadata.name)).data['settings.json'];
    expect(JSON.parse(files).detectors.map(({ url }: any) => url)).toEqual(['http://iris-outlier.ml/v2/models/iris-outlier/infer', 'http://iris-drift.ml/v2/models/iris-drift/infer']);
    const [server] = named(served, 'Server', 'iris-drift').spec.podSpec.containers;
    expect(served.env(server).MLSERVER_MODEL_ALIBI_DETECT_BATCH_SIZE).toBe('100');
  });

  test.each([
    ['a transformer in the pods', { transformer: Transformer.collocated({ server: InferenceServer.mlserver(), model }) }, 'SERVING_SELDON_COLLOCATED'],
    ['a transformer of a model that is asked by gRPC', { transformer, protocol: InferenceProtocol.V2_GRPC }, 'SERVING_SELDON_TRANSFORMER_PROTOCOL'],
    ['a transformer that no agent can load', { transformer: Transformer.kserve({ image: 'registry.example.com/ml/scale:1' }) }, 'SERVING_SERVER_MISFIT'],
  ])('%s is refused', (_, props, refused) => {
    expect(errors(on(own, props))).toContain(refused);
  });
});

describe('on shared servers', () => {
  const shared = SeldonServers.shared();

  test('detectors are steps beside the answer of a Pipeline, which clients ask for', () => {
    const served = on(shared, { detectors: [outlier, drift], exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) });
    expect(errors(served)).toEqual([]);
    expect(served.codes).toEqual(['SERVING_SELDON_DETECTOR_UNHEARD', 'SERVING_SELDON_DETECTOR_UNHEARD']);
    expect(served.one('Pipeline')).toMatchObject({ metadata: { name: 'iris' }, spec: { steps: [{ name: 'iris' }, { name: 'iris-outlier' }, { name: 'iris-drift', batch: { size: 100 } }], output: { steps: ['iris'] } } });
    expect(named(served, 'Model', 'iris-drift').spec).toMatchObject({ storageUri: 's3://around/iris/v1/', requirements: ['alibi-detect'] });
    expect(served.all('Server')).toEqual([]);
    expect(served.service.endpoint(InferenceProtocol.V2_REST)).toMatchObject({ path: '/v2/models/iris/infer', headers: { 'seldon-model': 'iris.pipeline' } });
    expect(JSON.stringify(served.one('HTTPRoute').spec)).toContain('{"name":"seldon-model","value":"iris.pipeline"}');
  });

  test('an explainer explains what clients ask for', () => {
    const explained = (props: Partial<InferenceServiceProps>): any => named(on(shared, { explainer, ...props }), 'Model', 'iris-explainer').spec;
    expect(explained({})).toMatchObject({ explainer: { type: 'anchor_tabular', modelRef: 'iris' }, requirements: ['alibi-explain'], storageUri: 's3://around/iris/v1/' });
    expect(explained({ detectors: [outlier] }).explainer).toEqual({ type: 'anchor_tabular', pipelineRef: 'iris' });
    expect(on(shared, { explainer }).codes).toEqual(['SERVING_SELDON_EXPLAINER_FOLDER']);
  });

  test.each([
    ['a transformer', { transformer }, 'SERVING_SELDON_SHARED_SERVER'],
    ['parameters of an explainer', { explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source, batch: true }) }, 'SERVING_SELDON_STOCK_COMPANION'],
    ['a share of the requests', { detectors: [Detector.outlier({ source, samplePercent: 10 })] }, 'SERVING_SELDON_STOCK_COMPANION'],
    ['a Pipeline behind an Ingress', { detectors: [outlier], exposure: Exposure.ingress({ host: 'iris.example.com' }) }, 'SERVING_SELDON_PIPELINE_INGRESS'],
  ])('%s is refused', (_, props, refused) => {
    expect(errors(on(shared, props))).toContain(refused);
  });
});

test('what a detector finds is scraped where it is told, under its own name', () => {
  const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
  const monitoring = new MonitoringStack(chart, 'Watch', { metrics: MetricsBackend.joinPrometheusOperator({ namespace: 'monitoring', url: 'http://prometheus.monitoring:9090' }) });
  new ServingEngine(chart, 'Engine', { monitoring, backend: EngineBackend.seldonCoreV2({ servers: SeldonServers.asNeeded() }), cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.SELDON_CORE_V2] }) });
  new InferenceService(chart, 'Iris', { model: iris({ version: 'v1' }), transformer, detectors: [outlier] });
  const all = synth(chart);
  const scrapes = Object.fromEntries(all.filter(({ kind }) => kind === 'PodMonitor').map(({ metadata, spec }) => [metadata.name, spec.podMetricsEndpoints[0]]));
  expect(Object.fromEntries(Object.entries<any>(scrapes).map(([name, { port }]) => [name, port]))).toEqual({ 'iris': 'metrics', 'iris-payload-logger': 'log-metrics', 'iris-transformer': 'metrics', 'iris-outlier': 'server-metrics' });
  // the operator writes over the label of the name
  const labels = all.filter(({ kind }) => kind === 'Server').map(({ metadata }) => metadata.labels['serving.cdk8s.io/name']);
  expect(labels).toEqual([undefined, 'iris-transformer', 'iris-outlier']);
  for (const beside of ['iris-transformer', 'iris-outlier']) {
    expect(scrapes[beside].relabelings).toContainEqual({ action: 'replace', sourceLabels: ['__meta_kubernetes_pod_label_serving_cdk8s_io_name'], targetLabel: 'inference_service' });
  }
});
