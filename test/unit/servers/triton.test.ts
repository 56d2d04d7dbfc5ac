import { Size } from 'cdk8s';
import { InferenceServer, MetricRole, TritonModelControl, TritonProps } from '../../../lib/describe/server';
import { arg, codes, env, everyPropChanges, launch } from './support';

const server = InferenceServer.triton();

test('the model folder lies below the repository by its name', () => {
  expect(server.modelPath('/mnt/models', 'fraud')).toBe('/mnt/models/fraud');
  const started = launch(server);
  expect(started.image).toBe('nvcr.io/nvidia/tritonserver:26.07-py3');
  expect(started.command).toBeUndefined();
  expect(started.args).toEqual([
    'tritonserver', '--model-repository=/mnt/models', '--http-port=8000', '--grpc-port=8001', '--metrics-port=8002', '--exit-timeout-secs=35', '--model-control-mode=none', '--metrics-config=histogram_latencies=true',
  ]);
  expect(env(started)).toEqual({ HOME: '/tmp' });
  expect(started.readiness).toEqual({ port: 'http', path: '/v2/models/fraud/ready' });
  expect(started.liveness).toEqual({ port: 'http', path: '/v2/health/live' });
  expect(started).toMatchObject({ httpPort: 8000, grpcPort: 8001, metricsPort: 8002, metricsPath: '/metrics', user: 1000, findings: [], files: [] });
});

test('one image serves on CPU, one GPU and two GPUs; shared memory grows', () => {
  const limits = [{}, { gpus: 1 }, { gpus: 2 }].map((wish) => launch(server, wish)).map(({ image, writable }) => [image, writable!.find(({ memory }) => memory)!.limitMib]);
  expect(limits).toEqual([['nvcr.io/nvidia/tritonserver:26.07-py3', 1024], ['nvcr.io/nvidia/tritonserver:26.07-py3', 1024], ['nvcr.io/nvidia/tritonserver:26.07-py3', 8192]]);
});

test('it stops before it is killed, and waits for one second at least', () => {
  expect(arg(launch(server, { stopSeconds: 615 }), '--exit-timeout-secs')).toBe('605');
  expect(arg(launch(server, { stopSeconds: 3 }), '--exit-timeout-secs')).toBe('1');
  expect(server.facts.drains).toBe(true);
});

test('a single file becomes version 1, and its configuration lies beside the version', () => {
  const single = InferenceServer.triton({ versionFolder: true, configuration: 'backend: "pytorch"' });
  expect(single.modelPath('/mnt/models', 'fraud')).toBe('/mnt/models/fraud/1');
  const started = launch(single, { model: { format: 'pytorch' } });
  expect(arg(started, '--model-repository')).toBe('/mnt/models');
  expect(started.files).toEqual([{ path: '/mnt/models/fraud/config.pbtxt', content: 'backend: "pytorch"' }]);
  expect(started.findings).toEqual([]);
});

test('a single TorchScript file without a configuration is a problem', () => {
  const single = InferenceServer.triton({ versionFolder: true });
  expect(launch(single, { model: { format: 'pytorch' } }).findings!.map(({ code }) => code)).toEqual(['SERVING_TRITON_NO_CONFIGURATION']);
  expect(launch(single, { model: { format: 'onnx' } }).findings).toEqual([]);
});

test('a folder in an image must be named like the model', () => {
  const found = (path: string, props: TritonProps = {}): string[] => launch(InferenceServer.triton(props), { model: { path } }).findings!.map(({ code }) => code);
  expect(found('/opt/models/fraud')).toEqual([]);
  expect(arg(launch(server, { model: { path: '/opt/models/fraud' } }), '--model-repository')).toBe('/opt/models');
  expect(found('/opt/models/other')).toEqual(['SERVING_TRITON_MODEL_FOLDER']);
  expect(found('/opt/models/fraud', { versionFolder: true })).toEqual(['SERVING_TRITON_MODEL_FOLDER']);
  expect(found('/opt/models/fraud/3', { versionFolder: true })).toEqual([]);
});

test('each prop changes what is started', () => {
  const props: Required<TritonProps> = {
    version: '26.06', image: 'registry.example.com/triton:1', versionFolder: true, configuration: 'max_batch_size: 8', modelControl: TritonModelControl.EXPLICIT, defaultMaxBatchSize: 16, histograms: false,
    maxHttpRequest: Size.mebibytes(256), pinnedMemory: Size.mebibytes(512), sharedMemory: Size.gibibytes(2), extraArguments: ['--log-verbose=1'],
  };
  everyPropChanges(InferenceServer.triton, props, {}, { configuration: { versionFolder: true } });
  expect(launch(InferenceServer.triton(props)).args!.slice(5)).toEqual([
    '--exit-timeout-secs=35', '--model-control-mode=explicit', '--load-model=fraud', '--backend-config=default-max-batch-size=16', '--http-max-input-size=268435456', '--pinned-memory-pool-byte-size=536870912', '--log-verbose=1',
  ]);
});

test('without histograms there is no quantile of latency', () => {
  const names = (props: TritonProps): string[] => InferenceServer.triton(props).facts.metrics.filter(({ role }) => role === MetricRole.LATENCY).map(({ name }) => name);
  expect(names({})).toEqual(['nv_inference_first_response_histogram_ms', 'nv_inference_request_duration_us']);
  expect(names({ histograms: false })).toEqual(['nv_inference_request_duration_us']);
});

test('wrong props are found', () => {
  expect(codes(InferenceServer.triton({ configuration: 'x' }))).toEqual(['SERVING_TRITON_TWO_CONFIGURATIONS']);
  expect(codes(InferenceServer.triton({ version: 'v2.71', modelControl: 'all' as never }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_WRONG_TYPE']);
  expect(codes(InferenceServer.triton({ extraArguments: ['--http-port', '1', '--model_repository=x'] }))).toEqual(['SERVING_ARGUMENT_TAKEN', 'SERVING_ARGUMENT_TAKEN']);
  expect(codes(InferenceServer.triton({ extraArguments: ['--http-port 1'] }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});
