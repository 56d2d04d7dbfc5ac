import { InferenceProtocol, InferenceServer, ServerDefinition } from 'cdk8s-serving';

/** Paths by which models are loaded and unloaded, settings changed, or work stopped; under the names of every server's own API. */
const INSIDE = [
  '/v2/repository/index', '/v2/repository/models/fraud/load', '/v2/repository/models/fraud/unload', // MLServer, Triton, KServe
  '/v2/logging', '/v2/trace/setting', '/v2/systemsharedmemory/status', '/v2/cudasharedmemory/status', // Triton
  '/load_lora_adapter', '/unload_lora_adapter', '/update_weights_from_disk', '/flush_cache', '/sleep', '/wake_up', '/pause_generation', '/abort_request', // vLLM, SGLang
  '/models', '/models/fraud', '/metrics', '/docs', '/openapi.json', '/v2/docs',
];
const leadsTo = (paths: readonly string[], path: string): boolean => paths.some((prefix) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`));

/** Servers of a known protocol: a program of your own is exposed as a whole. */
const OWN = ['fastapi', 'container'];
const KNOWN: [string, ServerDefinition][] = InferenceServer.all().filter((server) => !OWN.includes(server.facts.id)).map((server) => [server.facts.id, server]);

test('a program of your own is exposed as a whole, as nobody else knows its paths', () => {
  expect(InferenceServer.all().filter((server) => OWN.includes(server.facts.id)).map((server) => server.exposedPaths())).toEqual([['/'], ['/']]);
});

describe.each(KNOWN)('of %s', (_, server) => {
  test.each(INSIDE)('%s stays inside', (path) => expect(leadsTo(server.exposedPaths(), path)).toBe(false));

  test('what clients send predictions to is exposed, for each protocol', () => {
    for (const protocol of server.facts.protocols.filter((one) => one.http)) expect([String(protocol), leadsTo(server.exposedPaths(), server.requestPath(protocol, 'fraud'))]).toEqual([String(protocol), true]);
  });

  test('each path is told once, begins with a slash and does not end in one', () => {
    const paths = server.exposedPaths();
    expect([new Set(paths).size, paths.filter((path) => !/^(\/[\w.-]+)+$/.test(path))]).toEqual([paths.length, []]);
  });

  test('methods of gRPC are those of predictions, and are there when it speaks gRPC', () => {
    const methods = server.exposedMethods();
    expect(methods.filter((method) => /Repository|ModelLoad|ModelUnload|SharedMemory|Setting|Config|ModelService/.test(method))).toEqual([]);
    expect(methods.length > 0).toBe(server.facts.protocols.some((one) => !one.http));
  });
});

test.each([
  ['mlserver', InferenceServer.mlserver(), ['/v2/models', '/v2/health']], ['vllm', InferenceServer.vllm(), ['/v1']], ['tensorflow-serving', InferenceServer.tensorflowServing(), ['/v1/models']],
  ['openvino', InferenceServer.openvino(), ['/v2/models', '/v2/health', '/v1/models']], ['kserve-huggingface, of text', InferenceServer.kserveHuggingFace(), expect.arrayContaining(['/openai/v1', '/v1/models'])],
  ['a container of a known protocol', InferenceServer.container({ image: 'r.example.com/a:1', protocols: [InferenceProtocol.V2_REST] }), ['/v2/models', '/v2/health']],
  ['a container of one that is not known beside it', InferenceServer.container({ image: 'r.example.com/a:1', protocols: [InferenceProtocol.V2_REST, InferenceProtocol.CUSTOM_REST] }), ['/']],
])('%s is exposed by these paths', (_, server, paths) => expect(server.exposedPaths()).toEqual(paths));

test("OpenVINO's configuration stays inside, which lies beside its V1 models", () => {
  for (const path of ['/v1/config', '/v1/config/reload']) expect(leadsTo(InferenceServer.openvino().exposedPaths(), path)).toBe(false);
});

test('V2 by gRPC is seven methods, TensorFlow by gRPC one service', () => {
  const V2 = ['ServerLive', 'ServerReady', 'ServerMetadata', 'ModelReady', 'ModelMetadata', 'ModelInfer', 'ModelStreamInfer'].map((method) => `/inference.GRPCInferenceService/${method}`);
  expect(InferenceServer.triton().exposedMethods()).toEqual(V2);
  expect(InferenceServer.tensorflowServing().exposedMethods()).toEqual(['/tensorflow.serving.PredictionService']);
  expect(InferenceServer.openvino().exposedMethods()).toEqual([...V2, '/tensorflow.serving.PredictionService']);
});

test('a gRPC protocol of your own is exposed as a whole', () => {
  const own = InferenceServer.container({ image: 'r.example.com/a:1', grpcPort: 9000, protocols: [InferenceProtocol.V2_GRPC, InferenceProtocol.of('own-grpc', false)] });
  expect(own.exposedMethods()).toEqual([]);
});
