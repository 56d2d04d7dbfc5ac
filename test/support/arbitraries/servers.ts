import fc, { type Arbitrary } from 'fast-check';
import { among, call, type Code, flag, list, map, mebibytes, must, number, object, often, oneOf, optional, seldom, share, text } from './code';
import { PLANTED } from './models';

const image = seldom(text(['registry.example.com/ml/server:1.2', `registry.example.com/ml/server@sha256:${'ab'.repeat(32)}`], ["'server'", "'server:latest'", "'a b:1'", "''", "'docker.io/x:'"]));
const semver = seldom(text(['1.7.0', '0.32.1']));
const calver = seldom(text(['26.06', '2026.2']));
const count = (max: number) => seldom(number(1, max));
const word = (...words: string[]) => seldom(text(words));
const buckets = seldom(among(['[0.1, 0.5, 1, 5]', '[0.25]'], ['[1, 0.5]', '[1, 1]', '[NaN]', '[]']));
const extra = seldom(list(text(['--verbose', '--seed=1'], [`'--api-key=${PLANTED}'`, `'--hf-token=${PLANTED}'`, "'--port=1'", "'--port 1'", "''", "'-'", "'--'", "'--x=\\n'", "'$(A)'"]), 1, 2));
const sharedMemory = seldom(mebibytes(64, 20_000));
const PATH = text(['/predict', '/v1/{name}', '/ready'], ["'predict'", "'/a b'", "'/ü'", "'/a?b=c#d'", "''"]);
const PROTOCOLS = ['V2_REST', 'V2_GRPC', 'V1_REST', 'TENSORFLOW_GRPC', 'OPENAI', 'CUSTOM_REST'].map((one) => `InferenceProtocol.${one}`);

const kserve = { version: semver, image, maxGrpcMessage: seldom(mebibytes(1, 512)), logLatency: seldom(flag) };

/** Each server of the catalogue with props of its own. */
export const servers: { readonly [factory: string]: Arbitrary<Code> } = Object.fromEntries(Object.entries({
  mlserver: object({ version: semver, image, workers: count(8), maxGrpcMessage: seldom(mebibytes(1, 512)), debug: seldom(flag), batching: { value: fc.constant('1'), odds: 0.01 } }),
  kserveSklearn: object({ ...kserve, probabilities: seldom(flag) }),
  kserveXgboost: object({ ...kserve, threads: count(16) }),
  kserveLightgbm: object({ ...kserve, threads: count(16) }),
  kserveHuggingFace: object({
    version: semver, image, backend: seldom(among(['KServeHuggingFaceBackend.AUTO', 'KServeHuggingFaceBackend.HUGGING_FACE', 'KServeHuggingFaceBackend.VLLM'])), task: word('fill_mask', 'text_generation'), maxModelLength: count(1e6),
    dtype: word('float16'), trustRemoteCode: seldom(flag), probabilities: seldom(flag), logRequests: seldom(flag), sharedMemory, extraArguments: extra,
  }),
  triton: object({
    version: calver, image, modelControl: seldom(among(['TritonModelControl.NONE', 'TritonModelControl.POLL', 'TritonModelControl.EXPLICIT'])), defaultMaxBatchSize: count(1000), histograms: seldom(flag),
    maxHttpRequest: seldom(mebibytes(1, 512)), pinnedMemory: seldom(mebibytes(1, 1024)), sharedMemory, extraArguments: extra, configuration: { value: text(['max_batch_size: 8']), odds: 0.02 },
  }),
  vllm: object({
    version: semver, image, maxModelLength: count(1e6), gpuMemoryUtilization: seldom(share), maxSequences: count(1000), maxQueuedRequests: count(1000), quantization: word('awq', 'fp8'), dtype: word('bfloat16'),
    enablePrefixCaching: seldom(flag), trustRemoteCode: seldom(flag), cpuKvCache: seldom(mebibytes(1, 65_536)), latencyBuckets: buckets, sharedMemory, extraArguments: extra,
  }),
  sglang: object({
    version: semver, image, contextLength: count(1e6), memoryFraction: seldom(share), maxRunningRequests: count(1000), maxQueuedRequests: count(1000), chunkedPrefillSize: seldom(number(-1, 8192)), quantization: word('fp8'),
    dtype: word('half'), enablePrefixCaching: seldom(flag), trustRemoteCode: seldom(flag), latencyBuckets: buckets, sharedMemory, extraArguments: extra,
  }),
  tensorflowServing: object({
    version: semver, image, versionFolder: seldom(flag), intraOpThreads: count(64), interOpThreads: count(64), gpuMemoryFraction: seldom(share),
    warmup: seldom(flag), extraArguments: extra,
  }),
  openvino: object({
    version: calver, image, versionFolder: seldom(flag), hint: seldom(among(['OpenVinoHint.LATENCY', 'OpenVinoHint.THROUGHPUT'])), streams: count(64), inferRequests: count(1000), batchSize: count(64), shape: word('(1,3,224,224)'),
    restWorkers: seldom(number(2, 100)), extraArguments: extra,
  }),
  tgi: object({
    version: semver, image, maxConcurrentRequests: count(1000), maxInputTokens: count(1e6), maxTotalTokens: seldom(number(2, 1e6)), maxBatchPrefillTokens: count(1e6), quantization: word('awq'), dtype: word('float16'),
    gpuMemoryFraction: seldom(share), maxRequest: seldom(mebibytes(1, 64)), trustRemoteCode: seldom(flag), sharedMemory, extraArguments: extra,
  }),
  torchServe: object({ version: semver, image, archive: word('model.mar'), workers: count(8), queueSize: count(1000), maxMessage: seldom(mebibytes(1, 512)) }),
  fastApi: object({
    image: often(image.value), application: seldom(text(['server:app', 'a.b:make'])), predictPath: seldom(PATH), readinessPath: seldom(PATH), livenessPath: seldom(PATH), metricsPath: seldom(PATH), workers: count(8),
    maxConcurrency: count(1000), user: seldom(number(1, 65_535)),
  }),
  container: object({
    image: must(image.value), command: seldom(list(text(['serve', '--model={path}']), 1)), args: seldom(list(text(['--name={name}', '-v']))),
    environment: seldom(map(oneOf("'LOG_LEVEL'", "'THREADS'"), text(['info', '4']))), httpPort: seldom(number(1024, 32_000)), grpcPort: seldom(number(32_001, 60_000)), predictPath: seldom(PATH), readinessPath: seldom(PATH), livenessPath: seldom(PATH),
    metricsPath: seldom(PATH), metricsPort: { value: number(60_001, 65_535), odds: 0.02 }, protocols: seldom(list(among(PROTOCOLS), 1)), user: seldom(number(1, 65_535)), root: { value: flag, odds: 0.05 },
    writable: seldom(list(text(['/var/cache/app', '/tmp', '/data'], ["'/'", "'data'", "'/mnt/models'", "'/etc/app'"]))), writesToImage: seldom(flag), drains: seldom(flag),
    accelerators: seldom(list(among(['AcceleratorKind.NVIDIA', 'AcceleratorKind.AMD', 'AcceleratorKind.RESOURCE_CLAIM']))),
    metrics: { value: oneOf("[{ role: MetricRole.LATENCY, name: 'x_seconds', type: MetricType.HISTOGRAM, source: 'https://example.com' }]", '[{}]', '[null]'), odds: 0.03 },
  }),
}).map(([factory, props]) => [factory, call(`InferenceServer.${factory}`, optional(props))]));

export const anyServer = fc.oneof(...Object.values(servers));
export const protocols = among(PROTOCOLS, ["InferenceProtocol.of('mine', true)", "InferenceProtocol.of('', false)", "'v2'", 'InferenceProtocol.of(null, true)']);
