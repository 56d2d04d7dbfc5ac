import { Size } from 'cdk8s';
import { InferenceServer, MLServerProps } from '../../../lib/describe/server';
import { codes, env, everyPropChanges, InferenceProtocol, launch } from './support';

test('each format has its image and its class', () => {
  const started = launch(InferenceServer.mlserver(), { model: { format: 'xgboost' } });
  expect(started.image).toBe('docker.io/seldonio/mlserver:1.7.1-xgboost');
  expect(started.command).toEqual(['mlserver', 'start', '/mnt/models']);
  expect(env(started)).toMatchObject({ MLSERVER_MODEL_NAME: 'fraud', MLSERVER_MODEL_IMPLEMENTATION: 'mlserver_xgboost.XGBoostModel', MLSERVER_MODEL_URI: '/mnt/models', MLSERVER_PARALLEL_WORKERS: '0' });
  expect(started).toMatchObject({ httpPort: 8080, grpcPort: 8081, metricsPort: 8082, user: 1000, readiness: { port: 'http', path: '/v2/models/fraud/ready' } });
});

test('worker processes are warned of, and told to stop only after the longest answer', () => {
  const server = InferenceServer.mlserver({ workers: 2 });
  expect(launch(server).findings!.map(({ code }) => code)).toEqual(['SERVING_MLSERVER_WORKERS']);
  expect(server.facts.drains).toBe(false);
  expect(launch(InferenceServer.mlserver()).findings).toEqual([]);
  expect(InferenceServer.mlserver().facts.drains).toBe(true);
});

test('one process answers no probe while it predicts, and its memory is that of one copy', () => {
  expect(launch(InferenceServer.mlserver()).blocksWhileBusy).toBe(true);
  expect(launch(InferenceServer.mlserver({ workers: 1 })).blocksWhileBusy).toBe(false);
  expect(InferenceServer.mlserver({ workers: 3 }).facts.memoryFactor).toBeGreaterThan(InferenceServer.mlserver().facts.memoryFactor!);
});

test('each prop changes what is started', () => {
  const props: Required<MLServerProps> = {
    version: '1.6.0', image: 'registry.example.com/mlserver:1', workers: 3, maxGrpcMessage: Size.mebibytes(8), task: 'text-classification', debug: true,
  };
  everyPropChanges((one: Partial<MLServerProps>) => InferenceServer.mlserver(one), props, { task: { model: { format: 'huggingface' } } });
});

test('batching is two variables, and needs a wait', () => {
  expect(env(launch(InferenceServer.mlserver(), { batching: { maxSize: 32, maxSeconds: 0.05 } }))).toMatchObject({ MLSERVER_MODEL_MAX_BATCH_SIZE: '32', MLSERVER_MODEL_MAX_BATCH_TIME: '0.05' });
  expect(launch(InferenceServer.mlserver(), { batching: { maxSize: 32, maxSeconds: 0 } }).findings!.map(({ code }) => code)).toEqual(['SERVING_MLSERVER_BATCHING']);
});

test('beside another server all of its ports are others', () => {
  const { httpPort, grpcPort, metricsPort, environment } = launch(InferenceServer.mlserver(), { portOffset: 100 });
  expect([httpPort, grpcPort, metricsPort]).toEqual([8180, 8181, 8182]);
  expect(environment).toEqual(expect.arrayContaining([{ name: 'MLSERVER_HTTP_PORT', value: '8180' }, { name: 'MLSERVER_GRPC_PORT', value: '8181' }, { name: 'MLSERVER_METRICS_PORT', value: '8182' }]));
});

test('wrong props are found', () => {
  expect(codes(InferenceServer.mlserver({ workers: -1 }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(launch(InferenceServer.mlserver(), { model: { format: 'custom' } }).findings!.map(({ code }) => code)).toEqual(['SERVING_MLSERVER_IMPLEMENTATION']);
});

describe('a Hugging Face model', () => {
  const model = { format: 'huggingface' };

  test('needs a task, without which its runtime refuses to load', () => {
    expect(launch(InferenceServer.mlserver(), { model }).findings).toEqual([expect.objectContaining({ code: 'SERVING_MLSERVER_TASK', severity: 'error', fix: expect.stringContaining("mlserver({ task: 'text-classification' })") })]);
  });

  test('has its task and its folder, and runs on the device where there is one', () => {
    const server = InferenceServer.mlserver({ task: 'text-classification' });
    const cpu = launch(server, { model });
    expect([cpu.findings, env(cpu)]).toEqual([[], expect.objectContaining({ MLSERVER_MODEL_HUGGINGFACE_TASK: 'text-classification', MLSERVER_MODEL_HUGGINGFACE_PRETRAINED_MODEL: '/mnt/models' })]);
    expect([env(cpu).MLSERVER_MODEL_HUGGINGFACE_DEVICE, env(launch(server, { model, gpus: 1 })).MLSERVER_MODEL_HUGGINGFACE_DEVICE]).toEqual([undefined, '0']);
  });

  test.each(['Text-Classification', 'text classification', ''])("has no task '%s'", (task) => expect(codes(InferenceServer.mlserver({ task }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']));

  test('is the only one: a task of another model does nothing, and needs none', () => {
    expect(launch(InferenceServer.mlserver(), { model: { format: 'sklearn' } }).findings).toEqual([]);
    expect(Object.keys(env(launch(InferenceServer.mlserver({ task: 'text-classification' }), { model: { format: 'sklearn' }, gpus: 1 }))).filter((name) => name.includes('HUGGINGFACE'))).toEqual([]);
  });
});

describe('answers by gRPC', () => {
  const found = (protocol: InferenceProtocol, requestTimeoutSeconds: number): any[] => launch(InferenceServer.mlserver(), { protocol, requestTimeoutSeconds }).findings as any[];

  test('of more than five seconds are cut at each update, which is a warning', () => {
    expect(found(InferenceProtocol.V2_GRPC, 6)).toEqual([expect.objectContaining({ code: 'SERVING_MLSERVER_GRPC_STOP', severity: 'warning', got: '"6 s"', allowed: '5 s', fix: expect.stringContaining("'requestTimeout'") })]);
  });

  test('of five are not, nor are those by REST', () => expect([found(InferenceProtocol.V2_GRPC, 5), found(InferenceProtocol.V2_REST, 600)]).toEqual([[], []]));
});
