import { Size } from 'cdk8s';
import { Accelerator, GpuPool, InferenceProtocol, InferenceServer, KServeHuggingFaceBackend, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const cluster = { metricsUrl: 'http://prometheus.monitoring:9090', gpuPools: [GpuPool.gke('L4', { count: 8, spare: 1 })] };
const bounds = { min: 2, max: 4 };
const hub = Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) });
const onL4 = { model: hub, server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4') };

test('a signal that the server has no metric for is told with those that it has', () => {
  const scaling = Scaling.onQueueDepth({ ...bounds, targetPerReplica: 2 });
  expect(serve({ scaling }, cluster).problem('SERVING_SIGNAL_NOT_TOLD')).toMatchObject({ severity: 'error', what: 'MLServer has no metric for Scaling.onQueueDepth', got: '"Scaling.onQueueDepth"', allowed: 'Scaling.onConcurrency, Scaling.onRequestRate', fix: 'use one of them, or Scaling.onCpu' });
  const container = { model: Model.custom(), server: InferenceServer.container({ image: 'r.example.com/a:1' }) };
  expect(serve({ ...container, scaling }, cluster).problem('SERVING_SIGNAL_NOT_TOLD')).toMatchObject({ allowed: 'none of its metrics', fix: expect.stringContaining('Scaling.onQuery') });
});

test('a metric that has to be switched on is a warning, unless it is known to be', () => {
  const make = (backend?: KServeHuggingFaceBackend) => serve({ model: hub, accelerator: Accelerator.nvidia('L4'), server: InferenceServer.kserveHuggingFace({ backend }), protocol: InferenceProtocol.OPENAI, scaling: Scaling.onKvCache(bounds) }, cluster).codes;
  expect([make(), make(KServeHuggingFaceBackend.VLLM), make(KServeHuggingFaceBackend.HUGGING_FACE)]).toEqual([['SERVING_SIGNAL_ONLY_WITH'], [], ['SERVING_SIGNAL_NOT_TOLD']]);
});

test('the queue alone saws, and not beside what is in work', () => {
  const queue = Scaling.onQueueDepth({ ...bounds, targetPerReplica: 2 });
  expect(serve({ ...onL4, scaling: queue }, cluster).problem('SERVING_QUEUE_SAW_TOOTH')).toMatchObject({ severity: 'warning', allowed: 'Scaling.onConcurrency' });
  expect(serve({ ...onL4, scaling: Scaling.highestOf([queue, Scaling.onConcurrency({ ...bounds, targetPerReplica: 8 })]) }, cluster).codes).toEqual([]);
});

test('the use of the GPU is a warning that says why, and an error without a GPU of NVIDIA', () => {
  const scaling = Scaling.onGpu(bounds);
  expect(serve({ ...onL4, scaling }, cluster).problem('SERVING_GPU_SCALING')).toMatchObject({ severity: 'warning', allowed: expect.stringContaining('Scaling.onConcurrency'), fix: 'use Scaling.onConcurrency, or acknowledge it' });
  expect(serve({ scaling }, cluster).codes).toEqual(['SERVING_GPU_SCALING_WITHOUT_GPU']);
  expect(serve({ model: hub, server: InferenceServer.vllm(), accelerator: Accelerator.amd('MI300X'), scaling }, { metricsUrl: cluster.metricsUrl }).problem('SERVING_GPU_SCALING_WITHOUT_GPU').got).toBe('"1 x MI300X"');
});

test('CPU beside a better signal is no warning on a device', () => {
  const both = Scaling.highestOf([Scaling.onCpu(bounds), Scaling.onConcurrency({ ...bounds, targetPerReplica: 8 })]);
  expect(serve({ ...onL4, scaling: both }, cluster).codes).toEqual([]);
  expect(serve({ ...onL4, scaling: Scaling.onCpu(bounds) }, cluster).codes).toEqual(['SERVING_CPU_SCALING_ON_ACCELERATOR']);
});

test('what is wrong itself is told once', () => {
  expect(serve({ scaling: Scaling.onQueueDepth({ min: 2, max: 4, targetPerReplica: -1 }) }).codes).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
});

test('an accelerator with a triton model follows the time of requests', () => {
  const model = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) });
  const made = serve({ model, server: InferenceServer.triton({}), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.onConcurrency({ ...bounds, targetPerReplica: 8 }) }, cluster);
  expect(made.plan.copies.signals[0]!.promql).toMatch(/^sum\(rate\(nv_inference_request_duration_us\{.*\}\[2m\]\) >= 0\) \/ 1000000$/);
});
