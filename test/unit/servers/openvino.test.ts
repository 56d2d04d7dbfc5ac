import { InferenceServer, MetricRole, OpenVinoHint, OpenVinoProps } from '../../../lib/describe/server';
import { arg, codes, everyPropChanges, launch } from './support';

const server = InferenceServer.openvino();

test('both ports and the metrics are opened', () => {
  const started = launch(server);
  expect(started.image).toBe('docker.io/openvino/model_server:2026.3');
  expect(started.args).toEqual(['--model_name=fraud', '--model_path=/mnt/models/fraud', '--target_device=CPU', '--port=9000', '--rest_port=8080', '--metrics_enable', '--file_system_poll_wait_seconds=0']);
  expect(started).toMatchObject({
    httpPort: 8080, grpcPort: 9000, metricsPath: '/metrics', user: 5000, readiness: { port: 'http', path: '/v2/models/fraud/ready' }, liveness: { port: 'http', path: '/v2/health/live' }, writable: [{ path: '/tmp' }],
  });
  expect(server.facts).toMatchObject({ drains: false, accelerators: [], cpu: true });
});

test("a version's files alone become version 1", () => {
  const single = InferenceServer.openvino({ versionFolder: true });
  expect(single.modelPath('/mnt/models', 'fraud')).toBe('/mnt/models/fraud/1');
  expect(arg(launch(single), '--model_path')).toBe('/mnt/models/fraud');
});

test('each prop changes what is started', () => {
  const props: Required<OpenVinoProps> = {
    version: '2026.2', image: 'registry.example.com/ovms:1', versionFolder: true, hint: OpenVinoHint.THROUGHPUT, streams: 4, inferRequests: 8, batchSize: 2, shape: '(1,3,224,224)', restWorkers: 16, extraArguments: ['--log_level', 'DEBUG'],
  };
  everyPropChanges(InferenceServer.openvino, props);
  expect(launch(InferenceServer.openvino(props)).args!.slice(7)).toEqual([
    '--plugin_config={"PERFORMANCE_HINT":"THROUGHPUT","NUM_STREAMS":"4"}', '--nireq=8', '--batch_size=2', '--shape=(1,3,224,224)', '--rest_workers=16', '--log_level', 'DEBUG',
  ]);
});

test('latency is counted by whole microseconds', () => {
  const { buckets } = server.facts.metrics.find(({ role }) => role === MetricRole.LATENCY)!;
  expect(buckets!.slice(0, 4)).toEqual([10, 18, 32, 58]);
  expect(buckets).toHaveLength(33);
});

test('wrong props are found', () => {
  expect(codes(InferenceServer.openvino({ shape: '1,3', hint: 'FAST' as never, streams: 0 }))).toEqual(['SERVING_WRONG_TYPE', 'SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(InferenceServer.openvino({ extraArguments: ['--rest_port', '1'] }))).toEqual(['SERVING_ARGUMENT_TAKEN']);
});
