import { Size } from 'cdk8s';
import { Accelerator, Credentials, EngineBackend, GpuPool, Hold, InferenceProtocol, InferenceServer, InferenceServiceProps, Model, ModelSource, Rollout, Scaling, SeldonServers } from 'cdk8s-serving';
import { iris, serve } from '../../../support/serving';

const on = (servers: SeldonServers, props: Partial<InferenceServiceProps>): string[] => serve(props, { gpuPools: [GpuPool.nvidiaOperator('NVIDIA-L4', { count: 4 })] }, { backend: EngineBackend.seldonCoreV2({ servers }) }).codes;
const large = Model.onnx({ source: ModelSource.s3('s3://models/resnet/v1'), size: Size.gibibytes(2) });

test.each<[string, Partial<InferenceServiceProps>]>([
  ['accelerator', { accelerator: Accelerator.nvidia('NVIDIA-L4'), model: large }], ['memory', { memory: Size.gibibytes(2) }], ['podOverlay', { podOverlay: { spec: { hostNetwork: true } } }], ['priorityClassName', { priorityClassName: 'high' }],
  ['a volume', { model: iris({ source: ModelSource.pvcName('models', { path: 'iris/v1' }) }) }], ['an identity', { model: iris({ source: ModelSource.s3('s3://models/iris/v1', { credentials: Credentials.workloadIdentity('reader') }) }) }], ['the CPU', { scaling: Scaling.onCpu({ min: 2, max: 4 }) }],
])('%s can not be had on a shared server, and can on one of its own', (_, props) => {
  expect(on(SeldonServers.shared(), props)).toContain('SERVING_SELDON_SHARED_SERVER');
  expect(on(SeldonServers.asNeeded(), props)).not.toContain('SERVING_SELDON_SHARED_SERVER');
});

test.each<[string, SeldonServers, Partial<InferenceServiceProps>]>([
  ['SERVING_SELDON_COPIES', SeldonServers.shared({ replicas: 2 }), { scaling: Scaling.fixed(3) }],
  ['SERVING_SELDON_MODEL_MEMORY', SeldonServers.shared({ memory: Size.gibibytes(1) }), { model: large }],
  ['SERVING_SELDON_MODEL_VOLUME', SeldonServers.dedicated(), { model: large }],
  ['SERVING_SELDON_MODEL_SETTINGS', SeldonServers.shared(), { model: Model.catboost({ source: ModelSource.s3('s3://models/churn/v1') }) }],
  ['SERVING_SELDON_SECRET_FORM', SeldonServers.shared(), { model: iris({ source: ModelSource.s3('s3://models/iris/v1', { credentials: Credentials.fromSecretName('s3') }) }) }],
  ['SERVING_SELDON_ONE_COPY', SeldonServers.dedicated(), { scaling: Scaling.fixed(1) }],
  ['SERVING_SELDON_UPDATE', SeldonServers.dedicated(), { rollout: Rollout.recreate() }],
  ['SERVING_SELDON_MODEL_NAME', SeldonServers.shared(), { model: iris({ name: 'flowers' }) }],
  ['SERVING_ENGINE_NOT_ABLE', SeldonServers.shared(), { hold: Hold.stopped({ reason: 'costs', until: '2027-01-31' }) }],
  ['SERVING_NO_SERVER_FITS', SeldonServers.shared(), { protocol: InferenceProtocol.V1_REST }],
  ['SERVING_SERVER_MISFIT', SeldonServers.shared(), { server: InferenceServer.kserveSklearn() }],
])('%s', (code, servers, props) => {
  expect(on(servers, props)).toContain(code);
  expect(on(SeldonServers.dedicated({ modelVolume: Size.gibibytes(10) }), {})).toEqual([]);
});

test('an engine with wrong props says so', () => {
  const codes = (props: object): string[] => serve({}, {}, { backend: EngineBackend.seldonCoreV2(props) }).codes;
  expect(codes({ version: '2.4' })).toContain('SERVING_WRONG_TYPE');
  expect(codes({ server: 'x' })).toContain('SERVING_UNKNOWN_PROP');
  expect(codes({ servers: SeldonServers.shared({ replicas: 0 }) })).toContain('SERVING_NUMBER_OUT_OF_RANGE');
});
