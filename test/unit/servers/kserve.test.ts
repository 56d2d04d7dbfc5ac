import { Size } from 'cdk8s';
import { InferenceServer, KServeHuggingFaceBackend, KServeHuggingFaceProps, KServeServer, KServeServerProps, InferenceProtocol } from '../../../lib/describe/server';
import { arg, codes, env, everyPropChanges, launch } from './support';

test('scikit-learn is started by name and folder', () => {
  const started = launch(InferenceServer.kserveSklearn());
  expect(started.image).toBe('docker.io/kserve/sklearnserver:v0.20.0');
  expect(started.args).toEqual([
    '--model_name=fraud', '--model_dir=/mnt/models', '--http_port=8080', '--grpc_port=8081', '--grpc_max_send_message_length=67108864', '--grpc_max_receive_message_length=67108864', '--workers=1',
    '--enable_latency_logging=false',
  ]);
  expect(env(started)).toEqual({ PREDICT_PROBA: 'false' });
  expect(started.readiness).toEqual({ port: 'http', path: '/v2/models/fraud/ready' });
  expect(started.liveness).toEqual({ port: 'http', path: '/v2/health/live' });
  expect(started).toMatchObject({ httpPort: 8080, grpcPort: 8081, metricsPath: '/metrics', user: 1000 });
});

test('XGBoost and LightGBM predict on all CPUs of the copy', () => {
  for (const [server, image] of [[InferenceServer.kserveXgboost(), 'xgbserver'], [InferenceServer.kserveLightgbm(), 'lgbserver']] as const) {
    const started = launch(server, { cpus: 3 });
    expect(started.image).toBe(`docker.io/kserve/${image}:v0.20.0`);
    expect(arg(started, '--nthread')).toBe('3');
    expect(env(started)).toEqual({});
  }
});

test('each prop of the classic servers changes what is started', () => {
  const props: Required<KServeServerProps> = { version: '0.19.1', image: 'registry.example.com/sk:1', threads: 7, probabilities: true, maxGrpcMessage: Size.mebibytes(9), logLatency: true };
  const { threads, probabilities, ...both } = props;
  everyPropChanges((one: Partial<KServeServerProps>) => InferenceServer.kserveSklearn(one), { ...both, probabilities } as Required<Partial<KServeServerProps>>);
  expect(arg(launch(InferenceServer.kserveXgboost({ threads })), '--nthread')).toBe('7');
  expect(env(launch(InferenceServer.kserveSklearn({ probabilities }))).PREDICT_PROBA).toBe('true');
  expect(arg(launch(InferenceServer.kserveXgboost(both)), '--grpc_max_receive_message_length')).toBe(String(9 * 2 ** 20));
  expect(launch(InferenceServer.kserveXgboost({ version: '0.19.1' })).image).toBe('docker.io/kserve/xgbserver:v0.19.1');
});

test('an option of another server is a problem, as is a server that is none', () => {
  expect(codes(InferenceServer.kserveSklearn({ threads: 2 }))).toEqual(['SERVING_KSERVE_OPTION']);
  expect(codes(InferenceServer.kserveXgboost({ probabilities: true }))).toEqual(['SERVING_KSERVE_OPTION']);
  expect(codes(new KServeServer('toString'))).toEqual(['SERVING_KSERVE_SERVER']);
  expect(codes(InferenceServer.kserveXgboost({ threads: 0.5, thread: 1 } as never))).toEqual(['SERVING_UNKNOWN_PROP', 'SERVING_NUMBER_OUT_OF_RANGE']);
});

test('Hugging Face has an image for CPU and one for GPU, and splits a model by itself', () => {
  expect(launch(InferenceServer.kserveHuggingFace()).image).toBe('docker.io/kserve/huggingfaceserver:v0.20.0');
  const two = launch(InferenceServer.kserveHuggingFace(), { gpus: 2 });
  expect(two.image).toBe('docker.io/kserve/huggingfaceserver:v0.20.0-gpu');
  expect(two.args).toEqual(['--model_name=fraud', '--model_dir=/mnt/models', '--http_port=8080', '--grpc_port=8081', '--workers=1', '--backend=auto', '--disable_log_requests']);
  expect(two.writable).toContainEqual({ path: '/dev/shm', memory: true, limitMib: 8192 });
  expect(env(two)).toMatchObject({ HOME: '/tmp', HF_HUB_OFFLINE: '1', VLLM_CACHE_ROOT: '/tmp/vllm' });
});

test('Hugging Face speaks OpenAI below /openai, and V2 first when the task generates nothing', () => {
  const server = InferenceServer.kserveHuggingFace();
  expect(server.requestPath(InferenceProtocol.OPENAI, 'fraud')).toBe('/openai/v1/chat/completions');
  expect(server.requestPath(InferenceProtocol.V1_REST, 'fraud')).toBe('/v1/models/fraud:predict');
  expect(server.facts.protocols[0]).toBe(InferenceProtocol.OPENAI);
  expect(InferenceServer.kserveHuggingFace({ task: 'fill_mask' }).facts.protocols[0]).toBe(InferenceProtocol.V2_REST);
});

test('each prop of Hugging Face changes what is started', () => {
  const props: Required<KServeHuggingFaceProps> = {
    version: '0.19.1', image: 'registry.example.com/hf:1', backend: KServeHuggingFaceBackend.HUGGING_FACE, task: 'fill_mask', maxModelLength: 512, dtype: 'float16', trustRemoteCode: true, probabilities: true,
    logRequests: true, sharedMemory: Size.gibibytes(3), extraArguments: ['--disable_lower_case'],
  };
  everyPropChanges(InferenceServer.kserveHuggingFace, props);
  const started = launch(InferenceServer.kserveHuggingFace(props));
  expect(started.args).toEqual([
    '--model_name=fraud', '--model_dir=/mnt/models', '--http_port=8080', '--grpc_port=8081', '--workers=1', '--backend=huggingface', '--task=fill_mask', '--max_model_len=512', '--dtype=float16', '--trust_remote_code',
    '--return_probabilities', '--disable_lower_case',
  ]);
});

test('extra arguments neither repeat the library nor carry secrets', () => {
  expect(codes(InferenceServer.kserveHuggingFace({ extraArguments: ['--tensor_parallel_size=4', '--api-key', 'x', '--http-port=1'] }))).toEqual(['SERVING_ARGUMENT_TAKEN', 'SERVING_SECRET_IN_PLAIN_TEXT', 'SERVING_ARGUMENT_TAKEN']);
  expect(JSON.stringify(InferenceServer.kserveHuggingFace({ extraArguments: ['--hf-token=hf_abc'] })._findings)).not.toContain('hf_abc');
});
