import { Size } from 'cdk8s';
import { InferenceServer, InferenceProtocol, TorchServeProps } from '../../../lib/describe/server';
import { codes, env, everyPropChanges, launch, Wish } from './support';

const server = InferenceServer.torchServe();
const config = (props: TorchServeProps = {}, wish: Wish = {}): string[] => launch(InferenceServer.torchServe(props), wish).files![0]!.content.trimEnd().split('\n');

test('it runs in the foreground, without tokens, by a file of its own', () => {
  const started = launch(server);
  expect(started.image).toBe('docker.io/pytorch/torchserve:0.12.0-cpu');
  expect(started.command).toEqual(['torchserve', '--start', '--foreground', '--model-store=/mnt/models', '--ts-config=/etc/torchserve/config.properties', '--no-config-snapshots', '--disable-token-auth']);
  expect(started.files!.map(({ path }) => path)).toEqual(['/etc/torchserve/config.properties']);
  expect(env(started)).toEqual({ TEMP: '/tmp', LOG_LOCATION: '/tmp/logs', METRICS_LOCATION: '/tmp/logs', HOME: '/tmp' });
  expect(started).toMatchObject({ httpPort: 8080, metricsPort: 8082, metricsPath: '/metrics', user: 1000, readiness: { port: 'http', path: '/ping' } });
  expect(started.liveness).toEqual({ port: 'http' });
  expect(server.facts).toMatchObject({ drains: false, selectable: false });
});

test('one GPU and two GPUs have the same image', () => {
  expect([1, 2].map((gpus) => launch(server, { gpus }).image)).toEqual(['docker.io/pytorch/torchserve:0.12.0-gpu', 'docker.io/pytorch/torchserve:0.12.0-gpu']);
});

test('the management port is closed to the outside, and the archive is loaded under the name of the model', () => {
  expect(config()).toEqual([
    'inference_address=http://0.0.0.0:8080', 'management_address=http://127.0.0.1:8081', 'metrics_address=http://0.0.0.0:8082', 'metrics_mode=prometheus', 'load_models=fraud=fraud.mar', 'default_workers_per_model=1',
    'default_response_timeout=30', 'max_request_size=67108864', 'max_response_size=67108864', 'service_envelope=kservev2', 'install_py_dep_per_model=false',
  ]);
});

test('V1 and V2 are spoken by different envelopes', () => {
  expect(config({}, { protocol: InferenceProtocol.V1_REST })).toContain('service_envelope=kserve');
  expect(config({}, { protocol: InferenceProtocol.V2_REST })).toContain('service_envelope=kservev2');
});

test('each prop changes what is started', () => {
  const props: Required<TorchServeProps> = { version: '0.11.1', image: 'registry.example.com/ts:1', archive: 'net.mar', workers: 3, queueSize: 50, maxMessage: Size.mebibytes(8) };
  everyPropChanges(InferenceServer.torchServe, props);
  expect(config(props)).toEqual(expect.arrayContaining(['load_models=fraud=net.mar', 'default_workers_per_model=3', 'job_queue_size=50', 'max_request_size=8388608', 'max_response_size=8388608']));
});

test('wrong props are found', () => expect(codes(InferenceServer.torchServe({ archive: '../net.mar', workers: 0 }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_NUMBER_OUT_OF_RANGE']));
