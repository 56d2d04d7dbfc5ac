import { ContainerProps, FastApiProps, InferenceServer, MetricRole, MetricType, InferenceProtocol } from '../../../lib/describe/server';
import { AcceleratorKind, arg, codes, env, everyPropChanges, launch } from './support';

const IMAGE = 'registry.example.com/fraud:1.2.3';

test('a container runs as it is, and is told of its model by its environment', () => {
  const started = launch(InferenceServer.container({ image: IMAGE }));
  expect(started).toMatchObject({ image: IMAGE, httpPort: 8080, writable: [{ path: '/tmp' }], nonRoot: true, readOnlyRoot: true, findings: [] });
  expect(started.readiness).toEqual({ port: 'http' });
  expect(started.liveness).toEqual({ port: 'http' });
  expect([started.command, started.args, started.user, started.metricsPath, started.grpcPort]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(env(started)).toEqual({ MODEL_NAME: 'fraud', MODEL_PATH: '/mnt/models' });
});

test('name and path of the model are filled in', () => {
  const server = InferenceServer.container({ image: IMAGE, command: ['serve', '{path}/model.bin'], args: ['--name={name}', '--at', '{path}'], predictPath: '/m/{name}/predict', readinessPath: '/m/{name}', livenessPath: '/up' });
  const started = launch(server, { model: { path: '/opt/model' } });
  expect([started.command, started.args]).toEqual([['serve', '/opt/model/model.bin'], ['--name=fraud', '--at', '/opt/model']]);
  expect([started.readiness.path, started.liveness.path, server.requestPath(InferenceProtocol.CUSTOM_REST, 'fraud')]).toEqual(['/m/fraud', '/up', '/m/fraud/predict']);
  expect(server.requestPath(InferenceProtocol.V2_REST, 'fraud')).toBe('/v2/models/fraud/infer');
});

test('gRPC alone is probed on its own port', () => {
  const started = launch(InferenceServer.container({ image: IMAGE, grpcPort: 9000, protocols: [InferenceProtocol.V2_GRPC] }));
  expect([started.httpPort, started.grpcPort, started.readiness, started.liveness]).toEqual([undefined, 9000, { port: 'grpc' }, { port: 'grpc' }]);
});

test("the image of the model's code comes first", () => {
  expect(launch(InferenceServer.container({ image: IMAGE }), { model: { codeImage: 'r/code:1' } }).image).toBe('r/code:1');
  expect(launch(InferenceServer.container()).findings!.map(({ code }) => code)).toEqual(['SERVING_CONTAINER_IMAGE']);
});

test('each prop of a container changes what is started', () => {
  const props: Required<ContainerProps> = {
    image: IMAGE, command: ['serve'], args: ['--fast'], environment: { MODE: '' }, httpPort: 9999, grpcPort: 9001, protocols: [InferenceProtocol.V2_REST], predictPath: '/p', readinessPath: '/r', livenessPath: '/l', metricsPath: '/m',
    metricsPort: 9100, metrics: [{ role: MetricRole.REQUESTS, name: 'requests_total', type: MetricType.COUNTER, source: 'https://example.com' }], user: 1234, root: true, writable: ['/var/cache/x'], writesToImage: true, drains: true,
    accelerators: [AcceleratorKind.AMD],
  };
  everyPropChanges(InferenceServer.container, props, {}, { metricsPort: { metricsPath: '/m' }, grpcPort: { httpPort: 8080 } });
  const started = launch(InferenceServer.container({ ...props, user: undefined }));
  expect(started).toMatchObject({ httpPort: 9999, grpcPort: 9001, metricsPort: 9100, metricsPath: '/m', nonRoot: false, readOnlyRoot: false, writable: [{ path: '/tmp' }, { path: '/var/cache/x' }] });
  expect(env(started)).toMatchObject({ MODE: '' });
});

test('what a container says of itself must fit together', () => {
  const found = (props: ContainerProps): string[] => codes(InferenceServer.container({ image: IMAGE, ...props }));
  expect(found({ protocols: [InferenceProtocol.V2_GRPC] })).toEqual(['SERVING_CONTAINER_PORT']);
  expect(found({ protocols: [InferenceProtocol.V2_GRPC], grpcPort: 9000, readinessPath: '/r' })).toEqual(['SERVING_CONTAINER_PORT']);
  expect(found({ protocols: [InferenceProtocol.V2_GRPC], grpcPort: 9000, metricsPath: '/m' })).toEqual(['SERVING_CONTAINER_PORT']);
  expect(found({ metricsPort: 9100 })).toEqual(['SERVING_CONTAINER_PORT']);
  expect(found({ root: true, user: 1000 })).toEqual(['SERVING_CONTAINER_USER']);
  expect(found({ httpPort: 80, writable: ['cache'], environment: { 'a-b': 'x' } })).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_NUMBER_OUT_OF_RANGE', 'SERVING_TEXT_NOT_ALLOWED']);
});

test('secrets in plain text are found, and not shown', () => {
  const { _findings } = InferenceServer.container({ image: IMAGE, args: ['--api-key=sk-1'], environment: { DB_PASSWORD: 'sk-2' } });
  expect(_findings.map(({ code }) => code)).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT', 'SERVING_SECRET_IN_PLAIN_TEXT']);
  expect(JSON.stringify(_findings)).not.toMatch(/sk-\d/);
});

test('a FastAPI application is run by uvicorn, which ends what it has begun', () => {
  const server = InferenceServer.fastApi({ image: IMAGE });
  const started = launch(server);
  expect(started.command).toEqual(['uvicorn', 'server:app', '--host=0.0.0.0', '--port=8000', '--workers=1', '--timeout-graceful-shutdown=35', '--timeout-keep-alive=75']);
  expect(env(started)).toEqual({ MODEL_NAME: 'fraud', MODEL_PATH: '/mnt/models', HOME: '/tmp' });
  expect(started).toMatchObject({ image: IMAGE, httpPort: 8000, metricsPath: '/metrics', readiness: { port: 'http', path: '/ready' }, liveness: { port: 'http', path: '/live' }, user: 1000, writable: [{ path: '/tmp' }] });
  expect(server.facts.drains).toBe(true);
  expect(server.facts.metrics.find(({ role }) => role === MetricRole.FAILURES)!.matchers).toBe('handler="/predict",status="5xx"');
});

test('mounted code of a FastAPI application is found by its folder', () => expect(arg(launch(InferenceServer.fastApi({ image: IMAGE }), { model: { codePath: '/mnt/code' } }), '--app-dir')).toBe('/mnt/code'));

test('several processes of a FastAPI application count together', () => {
  const started = launch(InferenceServer.fastApi({ image: IMAGE, workers: 2 }));
  expect(env(started).PROMETHEUS_MULTIPROC_DIR).toBe('/var/run/prometheus');
  expect(started.writable).toContainEqual({ path: '/var/run/prometheus', limitMib: 128 });
});

test('each prop of a FastAPI application changes what is started', () => {
  const props: Required<FastApiProps> = {
    image: IMAGE, application: 'main:api', predictPath: '/score', readinessPath: '/r', livenessPath: '/l', metricsPath: '/m', workers: 2, maxConcurrency: 8, user: 1234,
  };
  everyPropChanges(InferenceServer.fastApi, props);
  expect(launch(InferenceServer.fastApi(props)).command).toEqual([
    'uvicorn', 'main:api', '--host=0.0.0.0', '--port=8000', '--workers=2', '--timeout-graceful-shutdown=35', '--timeout-keep-alive=75', '--limit-concurrency=8',
  ]);
});

test('a FastAPI application needs an image', () => {
  expect(launch(InferenceServer.fastApi()).findings!.map(({ code }) => code)).toEqual(['SERVING_FASTAPI_IMAGE']);
  expect(launch(InferenceServer.fastApi(), { model: { codeImage: 'r/code:1' } })).toMatchObject({ image: 'r/code:1', findings: [] });
  expect(codes(InferenceServer.fastApi({ application: 'app', workers: 0 }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_NUMBER_OUT_OF_RANGE']);
});
