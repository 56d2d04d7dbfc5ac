import { Size } from 'cdk8s';
import { InferenceServer, MetricRole, SglangProps } from '../../../lib/describe/server';
import { AcceleratorKind, arg, codes, env, everyPropChanges, launch } from './support';

const server = InferenceServer.sglang();

test('one GPU: listens for all, with metrics', () => {
  const started = launch(server, { gpus: 1 });
  expect(started.image).toBe('docker.io/lmsysorg/sglang:v0.5.23');
  expect(started.command).toEqual(['python3', '-m', 'sglang.launch_server']);
  expect(started.args).toEqual(['--model-path=/mnt/models', '--served-model-name=fraud', '--host=0.0.0.0', '--port=30000', '--enable-metrics']);
  expect(env(started)).toMatchObject({ HOME: '/tmp', HF_HUB_OFFLINE: '1', SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION: 'false', SGLANG_TIMEOUT_KEEP_ALIVE: '75' });
  expect(started).toMatchObject({ httpPort: 30000, metricsPath: '/metrics', nonRoot: false, readOnlyRoot: false, readiness: { port: 'http', path: '/ready' }, liveness: { port: 'http', path: '/health' } });
  expect(started.user).toBeUndefined();
});

test('a model of two GPUs is split over both', () => {
  const started = launch(server, { gpus: 2 });
  expect(arg(started, '--tp-size')).toBe('2');
  expect(started.writable).toContainEqual({ path: '/dev/shm', memory: true, limitMib: 8192 });
});

test('it is for NVIDIA alone, and for AMD with an image of their generation; it waits as long as it may', () => {
  expect(server.facts).toMatchObject({ cpu: false, drains: true, accelerators: [AcceleratorKind.NVIDIA] });
  expect(InferenceServer.sglang({ image: 'lmsysorg/sglang:rocm' }).facts.accelerators).toContain(AcceleratorKind.AMD);
});

test('each prop changes what is started', () => {
  const props: Required<SglangProps> = {
    version: '0.5.20', image: 'registry.example.com/sglang:1', contextLength: 4096, memoryFraction: 0.8, maxRunningRequests: 32, maxQueuedRequests: 5, chunkedPrefillSize: -1, quantization: 'fp8', dtype: 'half',
    enablePrefixCaching: false, trustRemoteCode: true, latencyBuckets: [0.5, 1, 4], sharedMemory: Size.gibibytes(2), extraArguments: ['--enable-torch-compile'],
  };
  everyPropChanges(InferenceServer.sglang, props, Object.fromEntries(Object.keys(props).map((key) => [key, { gpus: 1 }])));
  expect(launch(InferenceServer.sglang(props), { gpus: 1 }).args!.slice(5)).toEqual([
    '--context-length=4096', '--mem-fraction-static=0.8', '--max-running-requests=32', '--max-queued-requests=5', '--chunked-prefill-size=-1', '--quantization=fp8', '--dtype=half', '--disable-radix-cache', '--trust-remote-code',
    '--bucket-e2e-request-latency', '0.5', '1', '4', '--enable-torch-compile',
  ]);
  expect(InferenceServer.sglang(props).facts.metrics.find(({ role }) => role === MetricRole.LATENCY)!.buckets).toEqual([0.5, 1, 4]);
});

test('wrong props are found', () => {
  expect(codes(InferenceServer.sglang({ memoryFraction: 0, latencyBuckets: [] }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(InferenceServer.sglang({ extraArguments: ['--tp', '2', '--admin-api-key=x'] }))).toEqual(['SERVING_ARGUMENT_TAKEN', 'SERVING_SECRET_IN_PLAIN_TEXT']);
});
