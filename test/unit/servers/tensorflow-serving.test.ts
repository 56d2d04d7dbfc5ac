import { InferenceServer, MetricRole, InferenceProtocol, TensorFlowServingProps } from '../../../lib/describe/server';
import { arg, codes, everyPropChanges, launch } from './support';

const server = InferenceServer.tensorflowServing();
const MONITORING = { path: '/etc/tensorflow-serving/monitoring.config', content: 'prometheus_config {\n  enable: true\n  path: "/monitoring/prometheus/metrics"\n}\n' };

test('the server itself is process 1, and its metrics are switched on by a file', () => {
  const started = launch(server);
  expect(started.image).toBe('docker.io/tensorflow/serving:2.20.0');
  expect(started.command).toEqual(['/usr/bin/tensorflow_model_server']);
  expect(started.args).toEqual([
    '--port=8500', '--rest_api_port=8501', '--model_name=fraud', '--model_base_path=/mnt/models/fraud', '--rest_api_timeout_in_ms=30000', '--monitoring_config_file=/etc/tensorflow-serving/monitoring.config',
    '--file_system_poll_wait_seconds=0', '--tensorflow_intra_op_parallelism=2', '--tensorflow_inter_op_parallelism=2', '--enable_model_warmup=true',
  ]);
  expect(started.files).toEqual([MONITORING]);
  expect(started).toMatchObject({ httpPort: 8501, grpcPort: 8500, metricsPath: '/monitoring/prometheus/metrics', user: 1000, readiness: { port: 'http', path: '/v1/models/fraud' } });
  expect(started.liveness).toEqual({ port: 'http' });
  expect(server.facts.drains).toBe(false);
});

test('GPUs have an image of their own', () => {
  expect(launch(server, { gpus: 1 }).image).toBe('docker.io/tensorflow/serving:2.20.0-gpu');
  expect(launch(server, { gpus: 2 }).image).toBe('docker.io/tensorflow/serving:2.20.0-gpu');
});

test('an answer may take as long as the service says', () => expect(arg(launch(server, { requestTimeoutSeconds: 90.5 }), '--rest_api_timeout_in_ms')).toBe('90500'));

test('a SavedModel alone becomes version 1', () => {
  const single = InferenceServer.tensorflowServing({ versionFolder: true });
  expect(single.modelPath('/mnt/models', 'fraud')).toBe('/mnt/models/fraud/1');
  expect(arg(launch(single), '--model_base_path')).toBe('/mnt/models/fraud');
  expect(arg(launch(server, { model: { path: '/opt/saved' } }), '--model_base_path')).toBe('/opt/saved');
});

test('batching is a file, with times in microseconds', () => {
  const started = launch(InferenceServer.tensorflowServing({ maxQueuedBatches: 10, batchThreads: 4 }), { batching: { maxSize: 32, maxSeconds: 0.005 } });
  expect(started.files).toEqual([MONITORING, {
    path: '/etc/tensorflow-serving/batching.config',
    content: 'max_batch_size { value: 32 }\nbatch_timeout_micros { value: 5000 }\nmax_enqueued_batches { value: 10 }\nnum_batch_threads { value: 4 }\n',
  }]);
  expect(started.args!.slice(-2)).toEqual(['--enable_batching=true', '--batching_parameters_file=/etc/tensorflow-serving/batching.config']);
});

test('each prop changes what is started', () => {
  const props: Required<TensorFlowServingProps> = {
    version: '2.19.1', image: 'registry.example.com/tfs:1', versionFolder: true, maxQueuedBatches: 7, batchThreads: 3, intraOpThreads: 5, interOpThreads: 6,
    gpuMemoryFraction: 0.5, warmup: false, extraArguments: ['--grpc_max_threads=8'],
  };
  const batching = { maxSize: 8, maxSeconds: 0.001 };
  everyPropChanges(InferenceServer.tensorflowServing, props, { maxQueuedBatches: { batching }, batchThreads: { batching } });
  expect(launch(InferenceServer.tensorflowServing(props), { batching }).args!.slice(7)).toEqual([
    '--tensorflow_intra_op_parallelism=5', '--tensorflow_inter_op_parallelism=6', '--per_process_gpu_memory_fraction=0.5', '--enable_model_warmup=false', '--enable_batching=true',
    '--batching_parameters_file=/etc/tensorflow-serving/batching.config', '--grpc_max_threads=8',
  ]);
});

test('latency is counted by 33 bounds of microseconds', () => {
  const { buckets, name } = server.facts.metrics.find(({ role }) => role === MetricRole.LATENCY)!;
  expect(name).toBe(':tensorflow:serving:request_latency');
  expect(buckets).toHaveLength(33);
  expect(buckets!.slice(0, 4)).toEqual([10, 18, 32.4, 58.32]);
});

test('clients speak V1', () => expect(server.requestPath(InferenceProtocol.V1_REST, 'fraud')).toBe('/v1/models/fraud:predict'));

test('wrong props are found', () => {
  expect(launch(InferenceServer.tensorflowServing({ batchThreads: 1 })).findings!.map(({ code }) => code)).toEqual(['SERVING_TENSORFLOW_SERVING_BATCHING']);
  expect(codes(InferenceServer.tensorflowServing({ batchThreads: 0, gpuMemoryFraction: 2 }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(InferenceServer.tensorflowServing({ extraArguments: ['--rest_api_port=1', '--rest-api-port=1'] }))).toEqual(['SERVING_ARGUMENT_TAKEN', 'SERVING_ARGUMENT_TAKEN']);
});
