import { Size } from 'cdk8s';
import { InferenceServer, MetricRole, InferenceProtocol, VllmProps } from '../../../lib/describe/server';
import { AcceleratorKind, arg, codes, env, everyPropChanges, launch } from './support';

const server = InferenceServer.vllm();

test('one GPU: the CUDA image as its own user, caches in /tmp, no look at the hub', () => {
  const started = launch(server, { gpus: 1 });
  expect(started.image).toBe('docker.io/vllm/vllm-openai:v0.33.0');
  expect(started.command).toEqual(['vllm', 'serve']);
  expect(started.args).toEqual(['/mnt/models', '--port=8000', '--served-model-name=fraud', '--shutdown-timeout=35']);
  expect(env(started)).toEqual({
    HOME: '/tmp', USER: 'serving', LOGNAME: 'serving', XDG_CACHE_HOME: '/tmp/cache', HF_HOME: '/tmp/huggingface', TRITON_CACHE_DIR: '/tmp/triton', TORCHINDUCTOR_CACHE_DIR: '/tmp/torchinductor', HF_HUB_OFFLINE: '1',
    VLLM_CACHE_ROOT: '/tmp/vllm', VLLM_CONFIG_ROOT: '/tmp/vllm-config', VLLM_NO_USAGE_STATS: '1',
  });
  expect(started.writable).toEqual([{ path: '/tmp', limitMib: 8192 }, { path: '/dev/shm', memory: true, limitMib: 1024 }]);
  expect(started).toMatchObject({ httpPort: 8000, metricsPath: '/metrics', user: 2000 });
  expect(started.nonRoot).toBeUndefined();
  expect([started.readiness, started.liveness]).toEqual([{ port: 'http', path: '/health' }, { port: 'http', path: '/health' }]);
});

test('a model of two GPUs is split over both, with more shared memory', () => {
  const started = launch(server, { gpus: 2 });
  expect(arg(started, '--tensor-parallel-size')).toBe('2');
  expect(started.writable).toContainEqual({ path: '/dev/shm', memory: true, limitMib: 8192 });
  expect(launch(server, { gpus: 8 }).writable).toContainEqual({ path: '/dev/shm', memory: true, limitMib: 20480 });
});

test('CPU and AMD have images of their own, of which no other user than root is known', () => {
  for (const [wish, image] of [[{}, 'vllm-openai-cpu'], [{ gpus: 1, vendor: AcceleratorKind.AMD }, 'vllm-openai-rocm']] as const) {
    const started = launch(server, wish);
    expect(started.image).toBe(`docker.io/vllm/${image}:v0.33.0`);
    expect([started.user, started.nonRoot]).toEqual([undefined, false]);
  }
});

test('it ends what it has begun before it is killed', () => {
  expect(server.facts.drains).toBe(true);
  expect(arg(launch(server, { stopSeconds: 615 }), '--shutdown-timeout')).toBe('605');
});

test('each prop changes what is started', () => {
  const props: Required<VllmProps> = {
    version: '0.32.1', image: 'registry.example.com/vllm:1', maxModelLength: 8192, gpuMemoryUtilization: 0.85, maxSequences: 64, maxQueuedRequests: 10, quantization: 'awq', dtype: 'bfloat16', enablePrefixCaching: false,
    trustRemoteCode: true, cpuKvCache: Size.gibibytes(8), latencyBuckets: [0.5, 1, 4], sharedMemory: Size.gibibytes(3), extraArguments: ['--enable-lora', '--max-loras', '4'],
  };
  everyPropChanges(InferenceServer.vllm, props);
  expect(launch(InferenceServer.vllm(props), { gpus: 1 }).args!.slice(4)).toEqual([
    '--max-model-len=8192', '--gpu-memory-utilization=0.85', '--max-num-seqs=64', '--max-num-queued-reqs=10', '--quantization=awq', '--dtype=bfloat16', '--no-enable-prefix-caching', '--trust-remote-code',
    '--custom-histogram-buckets={"request_latency":[0.5,1,4]}', '--enable-lora', '--max-loras', '4',
  ]);
  expect(env(launch(InferenceServer.vllm(props))).VLLM_CPU_KVCACHE_SPACE).toBe('8');
  expect(env(launch(InferenceServer.vllm(props), { gpus: 1 })).VLLM_CPU_KVCACHE_SPACE).toBeUndefined();
  expect(arg(launch(InferenceServer.vllm({ enablePrefixCaching: true })), '--enable-prefix-caching')).toBe('true');
});

test('bounds that are set are those that its facts tell', () => {
  const latency = (props: VllmProps): number[] => InferenceServer.vllm(props).facts.metrics.find(({ role }) => role === MetricRole.LATENCY)!.buckets!;
  expect(latency({})).toContain(0.3);
  expect(latency({ latencyBuckets: [0.5, 1] })).toEqual([0.5, 1]);
});

test('clients speak OpenAI', () => expect(server.requestPath(InferenceProtocol.OPENAI, 'fraud')).toBe('/v1/chat/completions'));

test('wrong props are found', () => {
  expect(codes(InferenceServer.vllm({ gpuMemoryUtilization: 1.5, maxModelLength: NaN, version: 'v0.33' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(InferenceServer.vllm({ latencyBuckets: [1, 0.5] }))).toEqual(['SERVING_BUCKETS_NOT_ASCENDING']);
  expect(codes(InferenceServer.vllm({ extraArguments: ['--tensor_parallel_size', '4'] }))).toEqual(['SERVING_ARGUMENT_TAKEN']);
  expect(codes(InferenceServer.vllm({ extraArguments: ['--api-key=sk-1', '--hf-token', 'hf_1'] }))).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT', 'SERVING_SECRET_IN_PLAIN_TEXT']);
  expect(codes(InferenceServer.vllm({ extraArguments: 'x' as never, apiKey: 'y' } as never))).toEqual(['SERVING_UNKNOWN_PROP', 'SERVING_WRONG_TYPE']);
});
