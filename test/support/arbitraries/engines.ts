import fc, { type Arbitrary } from 'fast-check';
import { among, call, type Code, flag, list, map, mebibytes, mostly, must, number, object, oneOf, optional, seldom, text } from './code';

/** What runs the services of a program. */
export type EngineKind = 'kubernetes' | 'kserve' | 'seldonV1' | 'seldonV2';

/** Plain Kubernetes more often than each of the others, as it takes the most; controllers of rollouts replace nothing on others. */
export const engineKinds = (controlled: boolean): Arbitrary<EngineKind> => (controlled
  ? fc.oneof({ weight: 30, arbitrary: fc.constant<EngineKind>('kubernetes') }, { weight: 1, arbitrary: fc.constantFrom<EngineKind>('kserve', 'seldonV1', 'seldonV2') })
  : fc.oneof({ weight: 4, arbitrary: fc.constant<EngineKind>('kubernetes') }, { weight: 3, arbitrary: fc.constant<EngineKind>('kserve') }, { weight: 2, arbitrary: fc.constantFrom<EngineKind>('seldonV1', 'seldonV2') }));

const NOT_A_VERSION = ["'0.1'", "'3'", '1.18', "''"];
const shared = object({ server: seldom(text(['mlserver', 'triton'])), replicas: seldom(number(4, 10)), memory: seldom(mebibytes(16_000, 64_000)) });
const dedicated = object({ mlserver: seldom(text(['mlserver-large'])), triton: seldom(text(['triton-large'])), modelVolume: { value: mebibytes(20_000, 200_000), odds: 0.8 } });
const seldonServers = mostly(fc.oneof(
  { weight: 1, arbitrary: call('SeldonServers.shared', optional(shared)) }, { weight: 2, arbitrary: call('SeldonServers.dedicated', dedicated) }, { weight: 7, arbitrary: call('SeldonServers.asNeeded', shared, dedicated) },
), ['SeldonServers.shared({ replicas: 0 })', 'SeldonServers.dedicated({ modelVolume: 1 })', "'shared'"]);

/** The backend of each: all versions, all ways. */
export const backends: { readonly [kind in EngineKind]: Arbitrary<Code> } = {
  kubernetes: oneOf('EngineBackend.kubernetes()'),
  kserve: call('EngineBackend.kserve', optional(object({
    mode: { value: among(['KServeMode.STANDARD', 'KServeMode.KNATIVE, knativeFeatures: Object.values(KnativeFeature)'], ["'Serverless'", 'KServeMode.KNATIVE']), odds: 0.6 },
    version: seldom(among(["'0.17'", "'0.18'", "'0.19'", "'0.20'"], NOT_A_VERSION)),
    languageModels: seldom(among(['KServeLanguageModels.INFERENCE_SERVICE', 'KServeLanguageModels.LLM_INFERENCE_SERVICE'], ["'llm'"])),
  }))),
  seldonV1: call('EngineBackend.seldonCoreV1', optional(object({ version: seldom(among(["'1.17'", "'1.18'"], NOT_A_VERSION)), controllerId: seldom(text(['ml'])) }))),
  seldonV2: call('EngineBackend.seldonCoreV2', object({ version: seldom(among(["'2.9'", "'2.10'"], NOT_A_VERSION)), servers: { value: seldonServers, odds: 0.95 } })),
};

/** What the cluster then runs, before others. */
export const OPERATOR_OF: { readonly [kind in EngineKind]: Code } = { kubernetes: '', kserve: 'ClusterOperator.KSERVE, ', seldonV1: 'ClusterOperator.SELDON_CORE_V1, ', seldonV2: 'ClusterOperator.SELDON_CORE_V2, ' };

const image = text(['registry.example.com/ml/transform:1.2'], ["'transform'", "'a b'"]);
const container = "InferenceServer.container({ image: 'registry.example.com/ml/around:1.2' })";
const own = { memory: seldom(mebibytes(256, 4096)), env: seldom(map(text(['LEVEL']), oneOf("EnvValue.fromValue('1')"))) };
const apart = { ...own, scaling: seldom(oneOf('Scaling.fixed(2)', 'Scaling.onCpu({ min: 2, max: 4 })')) };
const saved = mostly(oneOf("ModelSource.s3('s3://around/v1')", "ModelSource.gcs('gs://around/v1')"), ["'s3://around/v1'"]);
const parameters = seldom(mostly(oneOf('{}', '{ threshold: 0.9 }'), ['{ f: () => 1 }', '[]']));

/** What stands before, beside and behind a model. */
export const transformers = mostly(fc.oneof(
  call('Transformer.kserve', object({ ...apart, image: must(image), args: seldom(list(text(['--workers=1']), 1, 1)) })),
  call('Transformer.of', object({ ...apart, server: must(oneOf(container)) })), call('Transformer.collocated', object({ ...own, server: must(oneOf("InferenceServer.container({ image: 'registry.example.com/ml/around:1.2', httpPort: 9191 })", container)) })),
), ['Transformer.of()', 'Transformer.kserve({})']);
export const explainers = mostly(fc.oneof(
  call('Explainer.alibi', object({ ...apart, method: must(among(['AlibiExplainer.ANCHOR_TABULAR', 'AlibiExplainer.KERNEL_SHAP'], ["'shap'"])), source: must(saved), batch: seldom(flag) })),
  call('Explainer.container', object({ ...apart, server: must(oneOf(container)) })),
), ['Explainer.alibi({})', 'Explainer.container()']);
export const detectors = list(fc.oneof(
  call('Detector.outlier', object({ ...apart, source: must(saved), samplePercent: seldom(number(1, 100)), parameters })),
  call('Detector.drift', object({ ...apart, source: must(saved), batchSize: must(number(2, 1000)), parameters })),
), 1, 2);

/** What Seldon's agent can load. */
const loaded = object({ ...apart, server: must(oneOf('InferenceServer.mlserver()', container)), model: must(oneOf("Model.custom({ implementation: 'server.Model', code: PythonCode.mount(folders.small) })")) });
export const transformersOnSeldonV2 = fc.oneof({ weight: 12, arbitrary: call('Transformer.of', loaded) }, { weight: 1, arbitrary: transformers });
export const explainersOnSeldonV2 = fc.oneof(
  { weight: 6, arbitrary: call('Explainer.alibi', object({ ...apart, method: must(oneOf('AlibiExplainer.ANCHOR_TABULAR', 'AlibiExplainer.KERNEL_SHAP')), source: must(saved), output: seldom(text(['proba'])) })) },
  { weight: 4, arbitrary: call('Explainer.container', loaded) }, { weight: 1, arbitrary: explainers },
);
export const batchings = mostly(call('Batching.of', object({ maxBatchSize: must(number(2, 64)), maxLatency: must(mostly(oneOf('Duration.millis(5)', 'Duration.millis(100)'), ['Duration.seconds(NaN)', 'Duration.millis(0)', '5'])) })), ['Batching.of()']);
export const existing = mostly(fc.oneof(
  ...['kserve', 'seldonCoreV1', 'seldonCoreV2', 'service'].map((kind) => call(`ExistingService.${kind}`, text(['old-model']), optional(object({ percent: seldom(number(0, 100)) })))),
), ['ExistingService.service()', "'old'"]);

/** Many models in one server. */
const pooled = (factory: string, name: string): Code => `Model.${factory}({ name: '${name}', source: ModelSource.s3('s3://models/${name}/v1') })`;
export const pools = call('new InferenceServerPool', oneOf('chart'), oneOf("'Tabular'"), object({
  models: must(mostly(oneOf(`[${pooled('sklearn', 'iris')}, ${pooled('xgboost', 'fraud')}]`, `[${pooled('onnx', 'detector')}, ${pooled('onnx', 'sorter')}]`, `[${pooled('sklearn', 'iris')}]`),
    ['[]', '[null]', `[${pooled('sklearn', 'iris')}, ${pooled('sklearn', 'iris')}]`, `[${pooled('sklearn', 'A_b')}]`])),
  scaling: seldom(oneOf('Scaling.fixed(3)', 'Scaling.onCpu({ min: 2, max: 4 })')), memory: seldom(mebibytes(4500, 16_000)), protocol: { value: oneOf('InferenceProtocol.V2_REST', 'InferenceProtocol.V2_GRPC'), odds: 0.05 },
}));

const stepOptions = (extra: Code = ''): Code => `{ ${extra}${extra === '' ? '' : ', '}name: 'NAME' }`;
const step = (name: string, extra: Code = ''): Arbitrary<Code> => mostly(oneOf(`GraphStep.url('http://${name}.other.svc/', ${stepOptions(extra).replace('NAME', name)})`), [`GraphStep.url('', { name: '${name}' })`, 'GraphStep.service(s0)', `GraphStep.url('http://u:hunter2@x', { name: '${name}' })`]);
const steps = (extras: readonly [Code, Code]): Arbitrary<Code> => fc.tuple(step('a', extras[0]), step('b', extras[1])).map((both) => `[${both.join(', ')}]`);
const nodes = mostly(fc.oneof(
  call('GraphNode.sequence', steps(['', ''])), call('GraphNode.ensemble', steps(['', ''])), call('GraphNode.splitter', fc.oneof({ weight: 20, arbitrary: steps(['weight: 30', 'weight: 70']) }, { weight: 1, arbitrary: steps(['weight: 30', 'weight: 30']) })),
  call('GraphNode.switch', steps(["condition: GraphCondition.exists('inputs')", "condition: GraphCondition.hasText('id', 'x')"])),
), ['GraphNode.sequence([])', 'GraphNode.sequence()']);
/** Services one after another, or one of several. */
export const graphs = call('new InferenceGraph', oneOf('chart'), oneOf("'Route'"), object({
  root: must(nodes), runBy: seldom(among(['GraphRunner.ROUTER', 'GraphRunner.ENGINE'], ["'me'"])), propagateHeaders: { value: list(text(['authorization'], ["'a b'"]), 1, 1), odds: 0.05 }, scaling: seldom(oneOf('Scaling.fixed(2)')),
}));
