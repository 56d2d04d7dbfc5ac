import { Size } from 'cdk8s';
import { AlibiExplainer, Detector, EngineBackend, Explainer, InferenceProtocol, InferenceServer, InferenceService, InferenceServiceProps, KnativeFeature, KServeMode, ModelSource, PayloadLogging, PayloadMode, Scaling, Transformer } from 'cdk8s-serving';
import { serve, Served } from '../../support/serving';

const onKnative = (props: Partial<InferenceServiceProps>): Served => serve(props, { name: 'eu', version: '1.34' }, { backend: EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: [KnativeFeature.INIT_CONTAINERS, KnativeFeature.TOPOLOGY_SPREAD] }) });
const predictorOf = (served: Served): any => served.one('InferenceService').spec.predictor;
const named = (served: Served, kind: string): string[] => served.manifests.filter((one) => one.kind === kind).map((one) => one.metadata.name);
const drift = (samplePercent?: number): Detector => Detector.drift({ name: 'drift', source: ModelSource.s3('s3://detectors/iris/v1'), batchSize: 100, samplePercent });

describe('payloads', () => {
  test("are logged by KServe's own logger, whose headers are as HTTP writes them", () => {
    const served = onKnative({ payloadLogging: PayloadLogging.http({ url: 'http://broker.events/ml', headers: ['x-request-id', 'traceparent'] }) });
    expect(predictorOf(served).logger).toEqual({ url: 'http://broker.events/ml', mode: 'all', metadataHeaders: ['X-Request-Id', 'Traceparent'] });
    expect(served.codes).toEqual(['SERVING_KSERVE_LOGGER_WAITS']);
    // nothing of the library's in the pods
    expect(predictorOf(served).initContainers.map((one: any) => one.name)).toEqual(['storage-initializer']);
    expect(named(served, 'ConfigMap')).toEqual([]);
    expect(predictorOf(onKnative({})).logger).toBeUndefined();
  });

  test.each([[PayloadMode.REQUESTS, 'request'], [PayloadMode.RESPONSES, 'response'], [PayloadMode.BOTH, 'all']])('%s are %s', (mode, told) => {
    expect(predictorOf(onKnative({ payloadLogging: PayloadLogging.http({ url: 'http://sink', mode }) })).logger).toEqual({ url: 'http://sink', mode: told });
  });

  test.each<[string, Partial<InferenceServiceProps>]>([
    ["'samplePercent: 10'", { payloadLogging: PayloadLogging.http({ url: 'http://sink', samplePercent: 10 }) }],
    ["'exclude'", { payloadLogging: PayloadLogging.http({ url: 'http://sink', exclude: ['name'] }) }],
    ["'maxPayload'", { payloadLogging: PayloadLogging.http({ url: 'http://sink', maxPayload: Size.kibibytes(1) }) }],
    ["'queue'", { payloadLogging: PayloadLogging.http({ url: 'http://sink', queue: Size.mebibytes(64) }) }],
    ["'authorizationSecretName'", { payloadLogging: PayloadLogging.http({ url: 'http://sink', authorizationSecretName: 'sink' }) }],
    ['a bridge into Kafka', { payloadLogging: PayloadLogging.kafka({ bridgeUrl: 'http://bridge:8080', topic: 'ml' }) }],
    ["2 sinks (payloadLogging, the detector 'drift')", { payloadLogging: PayloadLogging.http({ url: 'http://sink' }), detectors: [drift()] }],
    ["'samplePercent: 20' of the detector 'drift'", { detectors: [drift(20)] }],
  ])('it can not do %s', (what, props) => {
    expect(onKnative(props).problem('SERVING_KSERVE_LOGGER')).toMatchObject({ severity: 'error', got: JSON.stringify(what), what: expect.stringContaining('KServe 0.20 in Knative mode') });
  });
});

test('a detector is a Deployment that the logger posts requests to', () => {
  const served = onKnative({ detectors: [drift()] });
  expect(predictorOf(served).logger).toEqual({ url: 'http://iris-drift.ml/v2/models/iris-drift/infer', mode: 'request' });
  expect(named(served, 'Deployment')).toEqual(['iris-drift']);
  expect(named(served, 'Service')).toEqual(['iris-drift']);
});

describe('a transformer', () => {
  const server = InferenceServer.container({ image: 'registry.example.com/ml/scale:1', protocols: [InferenceProtocol.V2_REST], httpPort: 8000 });
  const served = onKnative({ scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 4 }), transformer: Transformer.of({ server, scaling: Scaling.fixed(2) }) });
  const service = served.service as InferenceService;

  test("is a Deployment before Knative's Service, under an address that KServe makes nothing of", () => {
    expect(served.codes).toEqual([]);
    expect(named(served, 'Deployment')).toEqual(['iris-transformer']);
    expect(named(served, 'Service')).toEqual(['iris-transformer']);
    expect(served.one('Deployment').spec.template.spec.containers[0].env).toContainEqual({ name: 'PREDICTOR_URL', value: 'http://iris-predictor.ml/v2/models/iris/infer' });
    expect(service.endpoint(InferenceProtocol.V2_REST)?.url).toBe('http://iris-transformer.ml.svc.cluster.local/v2/models/iris/infer');
  });

  test('is what an explainer asks', () => {
    const explainer = Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source: ModelSource.s3('s3://explainers/iris/v1') });
    const settings = (one: Served): string => one.manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'iris-explainer').spec.template.spec.containers[0].env.find((variable: any) => variable.name === 'MLSERVER_MODEL_EXTRA').value;
    expect(JSON.parse(settings(onKnative({ explainer }))).infer_uri).toBe('http://iris-predictor.ml/v2/models/iris/infer');
    expect(JSON.parse(settings(onKnative({ explainer, transformer: Transformer.of({ server, scaling: Scaling.fixed(2) }) }))).infer_uri).toBe('http://iris-transformer.ml/v2/models/iris/infer');
  });
});
