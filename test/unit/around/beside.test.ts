import { Duration } from 'cdk8s';
import { Namespaces } from 'cdk8s-plus-28';
import { AlibiExplainer, Batching, Detector, Explainer, InferenceProtocol, InferenceServer, MetricsBackend, Model, ModelSource, PayloadLogging, Scaling, Transformer } from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';
import { watch } from '../../support/watched';

const source = ModelSource.s3('s3://around/iris/v1');
const named = (served: Served, kind: string, name: string): any => served.all(kind).find(({ metadata }) => metadata.name === name);
const containerOf = (served: Served, name: string): any => named(served, 'Deployment', name).spec.template.spec.containers[0];
const loggerOf = (served: Served): any => JSON.parse(served.all('ConfigMap').find(({ metadata }) => metadata.name.startsWith('iris-payloadlogger'))!.data['settings.json']);

describe('an explainer', () => {
  test("of Alibi is MLServer's runtime for it, and asks what clients ask", () => {
    const served = serve({ explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source, parameters: { seed: 1 }, output: 'predict', batch: true }) });
    expect(served.codes).toEqual([]);
    const container = containerOf(served, 'iris-explainer');
    expect(container.image).toBe('docker.io/seldonio/mlserver:1.7.1-alibi-explain');
    expect(served.env(container)).toMatchObject({ MLSERVER_MODEL_NAME: 'iris-explainer', MLSERVER_MODEL_IMPLEMENTATION: 'mlserver_alibi_explain.AlibiExplainRuntime', MLSERVER_MODEL_URI: '/mnt/models' });
    expect(JSON.parse(served.env(container).MLSERVER_MODEL_EXTRA)).toEqual({ infer_uri: 'http://iris.ml/v2/models/iris/infer', explainer_type: 'anchor_tabular', init_parameters: { seed: 1 }, infer_output: 'predict', explainer_batch: true });
    expect(served.service.explainEndpoint(InferenceProtocol.V2_REST)!.url).toBe('http://iris-explainer.ml.svc.cluster.local/v2/models/iris-explainer/infer');
    expect(served.service.endpoint(InferenceProtocol.V2_REST)!.url).toBe('http://iris.ml.svc.cluster.local/v2/models/iris/infer');
  });

  test('of your own is told where to ask, also by another protocol', () => {
    const served = serve({ protocol: InferenceProtocol.V2_GRPC, requestTimeout: Duration.seconds(5), explainer: Explainer.container({ server: InferenceServer.container({ image: 'a:1', args: ['--ask={predictor}', '--by={predictorProtocol}'] }) }) });
    expect(served.codes).toEqual([]);
    expect(containerOf(served, 'iris-explainer').args).toEqual(['--ask=iris.ml:9000', '--by=grpc-v2']);
  });

  test('may ask what it explains, once anybody is granted the service', () => {
    const served = serve({ explainer: Explainer.alibi({ method: AlibiExplainer.KERNEL_SHAP, source }) }, { metricsUrl: 'http://prometheus.monitoring:9090' });
    served.service.grantInvoke(Namespaces.select(served.chart, 'Shop', { names: ['shop'] }));
    expect(named(served, 'NetworkPolicy', 'iris').spec.ingress[0].from).toContainEqual({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'iris', 'app.kubernetes.io/component': 'explainer' } } });
    expect(named(served, 'NetworkPolicy', 'iris-explainer').spec.ingress[0].from).toHaveLength(1);
  });

  test('that can not ask is a problem', () => {
    const v1 = { model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }) };
    expect(serve({ ...v1, explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_IMAGE, source }) }).codes).toEqual(['SERVING_EXPLAINER_PROTOCOL']);
    expect(serve({ explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TEXT }) }).codes).toEqual(['SERVING_EXPLAINER_EMPTY']);
  });
});

describe('a detector', () => {
  const detectors = [Detector.outlier({ source, parameters: { return_feature_score: false } }), Detector.drift({ source, batchSize: 200, samplePercent: 10 })];

  test('is sent copies of requests, as it can read them', () => {
    const served = serve({ detectors });
    expect(served.codes).toEqual([]);
    expect(loggerOf(served).detectors).toEqual([
      { name: 'outlier', url: 'http://iris-outlier.ml/v2/models/iris-outlier/infer', format: 'binary', mode: 'requests', samplePercent: 100 },
      { name: 'drift', url: 'http://iris-drift.ml/v2/models/iris-drift/infer', format: 'binary', mode: 'requests', samplePercent: 10 },
    ]);
    expect(loggerOf(served).url).toBeUndefined();
    expect(named(served, 'Service', 'iris-drift').spec.ports[0]).toMatchObject({ port: 80, targetPort: 'http' });
  });

  test('stands beside what payloads are logged to', () => {
    const both = loggerOf(serve({ detectors, payloadLogging: PayloadLogging.http({ url: 'http://broker.knative/ml' }) }));
    expect([both.url, both.detectors.length]).toEqual(['http://broker.knative/ml', 2]);
    expect(loggerOf(serve({ payloadLogging: PayloadLogging.http({ url: 'http://broker.knative/ml' }) })).detectors).toBeUndefined();
  });

  test('runs with what tells of outliers, and keeps a batch in one copy', () => {
    const served = serve({ detectors });
    const [outlier, drift] = ['iris-outlier', 'iris-drift'].map((name) => containerOf(served, name));
    expect(outlier.image).toBe('docker.io/seldonio/mlserver:1.7.1-alibi-detect');
    expect(served.env(outlier)).toMatchObject({ MLSERVER_MODEL_IMPLEMENTATION: 'detector.CountingDetector', PYTHONPATH: '/mnt/code', MLSERVER_MODEL_ALIBI_DETECT_PREDICT_PARAMETERS: '{"return_feature_score":false}' });
    expect(served.env(drift).MLSERVER_MODEL_ALIBI_DETECT_BATCH_SIZE).toBe('200');
    expect(named(served, 'Deployment', 'iris-drift').spec.replicas).toBe(1);
  });

  test('takes the Open Inference Protocol alone, under a name of its own', () => {
    expect(serve({ server: InferenceServer.kserveSklearn(), protocol: InferenceProtocol.V1_REST, detectors }).codes).toEqual(['SERVING_DETECTOR_PROTOCOL']);
    expect(serve({ detectors: [Detector.outlier({ source }), Detector.outlier({ source })] }).codes).toContain('SERVING_DETECTOR_NAME');
    expect(serve({ detectors: [Detector.outlier({ source, name: 'transformer' })] }).codes).toContain('SERVING_DETECTOR_NAME');
    expect(serve({ detectors: [Detector.outlier({ source, name: 'early' }), Detector.outlier({ source })] }).codes).toEqual([]);
  });
});

describe('batching', () => {
  const batching = Batching.of({ maxBatchSize: 16, maxLatency: Duration.millis(20) });

  test('is told to the server', () => {
    const served = serve({ batching });
    expect(served.codes).toEqual([]);
    expect(served.env()).toMatchObject({ MLSERVER_MODEL_MAX_BATCH_SIZE: '16', MLSERVER_MODEL_MAX_BATCH_TIME: '0.02' });
    const tensorflow = serve({ model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }), batching });
    expect(tensorflow.one('ConfigMap').data['etc.tensorflow-serving.batching.config']).toContain('batch_timeout_micros { value: 20000 }');
  });

  test('is not that of what stands beside it', () => {
    const served = serve({ batching, transformer: Transformer.of({ server: InferenceServer.mlserver(), model: Model.custom({ implementation: 'a.B' }) }) });
    expect(served.env(containerOf(served, 'iris-transformer')).MLSERVER_MODEL_MAX_BATCH_SIZE).toBeUndefined();
  });

  test('that a server does not take is a problem, with those that do', () => {
    expect(serve({ server: InferenceServer.kserveSklearn(), batching }).problem('SERVING_BATCHING_SERVER')).toMatchObject({ got: expect.stringContaining('KServe'), allowed: 'MLServer' });
    expect(serve({ model: Model.onnx({ source }), server: InferenceServer.triton(), batching }).problem('SERVING_BATCHING_SERVER').what).toContain('config.pbtxt');
  });
});

test('a stack watches what stands beside a service under names of its own', () => {
  const watched = watch({ model: iris(), transformer: Transformer.of({ server: InferenceServer.mlserver(), model: Model.custom({ implementation: 'a.B' }) }), detectors: [Detector.outlier({ source })] }, { metrics: MetricsBackend.kubePrometheus() });
  const monitors = Object.fromEntries(watched.all('PodMonitor').map((one) => [one.metadata.name, one.spec]));
  expect(Object.keys(monitors).filter((name) => name.startsWith(watched.service.name)).sort()).toEqual(['', '-outlier', '-payload-logger', '-transformer'].map((end) => `${watched.service.name}${end}`));
  expect(monitors[`${watched.service.name}-transformer`].selector.matchLabels).toEqual({ 'app.kubernetes.io/instance': watched.service.name, 'app.kubernetes.io/component': 'transformer' });
  const label = (name: string): any => monitors[name].podMetricsEndpoints[0].relabelings.find((one: any) => one.targetLabel === 'inference_service').sourceLabels;
  expect(label(watched.service.name)).toEqual(['__meta_kubernetes_pod_label_app_kubernetes_io_instance']);
  expect(label(`${watched.service.name}-transformer`)).toEqual(['__meta_kubernetes_pod_label_app_kubernetes_io_name']);
  const rules = watched.all('PrometheusRule').flatMap(({ spec }) => spec.groups.flatMap((group: any) => group.rules));
  for (const alert of ['InferenceServiceDown', 'InferenceServiceCrashLoop']) expect(rules.filter((rule) => rule.alert === alert).map((rule) => rule.labels.inference_service).sort()).toEqual(['', '-outlier', '-transformer'].map((end) => `${watched.service.name}${end}`));
});

test('two detectors of one kind are told apart by all that looks for their pods', () => {
  const drift = (name: string): Detector => Detector.drift({ name, source, batchSize: 100, scaling: Scaling.fixed(2) });
  const served = serve({ detectors: [drift('early'), drift('late')] });
  const selectors = served.all('PodDisruptionBudget').map(({ spec }) => JSON.stringify(spec.selector.matchLabels));
  expect(selectors).toHaveLength(3);
  expect(new Set(selectors).size).toBe(3);
});
