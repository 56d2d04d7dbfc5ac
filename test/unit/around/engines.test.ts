import { join } from 'node:path';
import { AlibiExplainer, ClusterOperator, Detector, EngineBackend, Explainer, InferenceServer, Model, ModelSource, PythonCode, Transformer } from 'cdk8s-serving';
import { serve } from '../../support/serving';

const source = ModelSource.s3('s3://around/iris/v1');
const code = PythonCode.mount(join(__dirname, '..', '..', '..', 'apps', 'custom-runtime', 'server'));
const transformer = Transformer.of({ server: InferenceServer.mlserver(), model: Model.custom({ implementation: 'sentiment.Sentiment', code }) });
const explainer = Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR, source });

describe.each([
  ['KServe', EngineBackend.kserve(), ClusterOperator.KSERVE, 'InferenceService', 'iris-model'],
  ['Seldon Core v1', EngineBackend.seldonCoreV1(), ClusterOperator.SELDON_CORE_V1, 'SeldonDeployment', 'iris-predictor'],
] as const)('on %s', (_, backend, operator, kind, predictor) => {
  test('what stands beside a service are Deployments, and the predictor has an address of its own that is not the engine\'s', () => {
    const served = serve({ transformer, explainer }, { operators: [operator] }, { backend });
    expect(served.codes).toEqual([]);
    expect(served.all(kind)).toHaveLength(1);
    expect(served.all('Deployment').map(({ metadata }) => metadata.name)).toEqual(['iris-transformer', 'iris-explainer']);
    const services = Object.fromEntries(served.all('Service').map(({ metadata, spec }) => [metadata.name, spec.selector['app.kubernetes.io/component']]));
    expect(services).toEqual({ iris: 'transformer', [predictor]: 'predictor', 'iris-explainer': 'explainer' });
    const [container] = served.all('Deployment')[0].spec.template.spec.containers;
    expect(served.env(container).PREDICTOR_HOST).toBe(`${predictor}.ml`);
  });

  test('a collocated transformer is in its pods', () => {
    const server = InferenceServer.container({ image: 'registry.example.com/ml/scale:1', httpPort: 9100 });
    const served = serve({ transformer: Transformer.collocated({ server }) }, { operators: [operator] }, { backend });
    expect(served.codes).toEqual([]);
    const text = JSON.stringify(served.all(kind)[0].spec);
    expect(text).toContain('"name":"transformer"');
    expect(text).toContain('http://127.0.0.1:8080/v2/models/iris/infer');
    expect(served.all('Service').map(({ metadata }) => metadata.name)).toEqual(['iris']);
  });

  test('a detector is sent copies, or it is said that it can not be', () => {
    const served = serve({ detectors: [Detector.outlier({ source })] }, { operators: [operator] }, { backend });
    if (served.codes.length > 0) expect(served.problems.every(({ what }) => /logg|detector/i.test(what))).toBe(true);
    else expect(served.all('Deployment').map(({ metadata }) => metadata.name)).toEqual(['iris-outlier']);
  });
});
