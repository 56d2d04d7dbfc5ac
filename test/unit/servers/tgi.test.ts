import { Size } from 'cdk8s';
import { InferenceServer, MetricRole, TgiProps } from '../../../lib/describe/server';
import { AcceleratorKind, arg, codes, env, everyPropChanges, launch } from './support';

const server = InferenceServer.tgi();

test('one GPU: on a port that needs no root, with the time to stop', () => {
  const started = launch(server, { gpus: 1, stopSeconds: 615 });
  expect(started.image).toBe('ghcr.io/huggingface/text-generation-inference:3.3.7');
  expect(started.args).toEqual(['--model-id=/mnt/models/fraud', '--hostname=0.0.0.0', '--port=8080', '--num-shard=1', '--usage-stats=off']);
  expect(env(started)).toMatchObject({ GRACEFUL_TERMINATION_TIMEOUT: '605', HF_HUB_OFFLINE: '1', HF_HOME: '/tmp/huggingface' });
  expect(started).toMatchObject({ httpPort: 8080, metricsPath: '/metrics', nonRoot: false, readOnlyRoot: false, readiness: { port: 'http', path: '/health' } });
  expect(started.liveness).toEqual({ port: 'http' });
  expect(server.facts).toMatchObject({ drains: true, selectable: false });
});

test('a model of two GPUs is split over both', () => {
  const started = launch(server, { gpus: 2 });
  expect(arg(started, '--num-shard')).toBe('2');
  expect(started.writable).toContainEqual({ path: '/dev/shm', memory: true, limitMib: 8192 });
});

test('each vendor has an image', () => {
  const image = (vendor: AcceleratorKind): string => launch(server, { gpus: 1, vendor }).image.split(':')[1]!;
  expect([image(AcceleratorKind.NVIDIA), image(AcceleratorKind.AMD), image(AcceleratorKind.GAUDI)]).toEqual(['3.3.7', '3.3.7-rocm', '3.3.7-gaudi']);
  const cpu = launch(server);
  expect([cpu.image.split(':')[1], arg(cpu, '--num-shard')]).toEqual(['3.3.7-intel-cpu', undefined]);
});

test('each prop changes what is started', () => {
  const props: Required<TgiProps> = {
    version: '3.3.5', image: 'registry.example.com/tgi:1', maxConcurrentRequests: 16, maxInputTokens: 1000, maxTotalTokens: 2000, maxBatchPrefillTokens: 4000, quantization: 'awq', dtype: 'bfloat16', gpuMemoryFraction: 0.5,
    maxRequest: Size.mebibytes(4), trustRemoteCode: true, sharedMemory: Size.gibibytes(2), extraArguments: ['--disable-grammar-support'],
  };
  everyPropChanges(InferenceServer.tgi, props);
  expect(launch(InferenceServer.tgi(props), { gpus: 1 }).args!.slice(5)).toEqual([
    '--max-concurrent-requests=16', '--max-input-tokens=1000', '--max-total-tokens=2000', '--max-batch-prefill-tokens=4000', '--quantize=awq', '--dtype=bfloat16', '--cuda-memory-fraction=0.5', '--payload-limit=4194304',
    '--trust-remote-code', '--disable-grammar-support',
  ]);
});

test('latency is counted by 35 bounds up to two minutes and a half', () => {
  const { buckets } = server.facts.metrics.find(({ role }) => role === MetricRole.LATENCY)!;
  expect(buckets).toHaveLength(35);
  // as the router's labels have them: the product, with its noise
  expect(buckets!.slice(0, 2)).toEqual([0.0001 * 1.5, 0.0001 * 1.5 * 1.5]);
  expect(buckets![0]).toBeCloseTo(0.00015, 12);
  expect(Math.round(buckets![34]!)).toBe(146);
});

test('wrong props are found', () => {
  expect(codes(InferenceServer.tgi({ maxTotalTokens: 1, gpuMemoryFraction: NaN }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(InferenceServer.tgi({ extraArguments: ['-p', '80', '--ngrok-authtoken=x', '--api-key=x'] }))).toEqual(['SERVING_ARGUMENT_TAKEN', 'SERVING_SECRET_IN_PLAIN_TEXT', 'SERVING_SECRET_IN_PLAIN_TEXT']);
});
