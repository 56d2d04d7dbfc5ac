import { Duration, Size } from 'cdk8s';
import { Batching, EngineBackend, type InferenceServiceProps, InferenceServer, Model, ModelSource, MountedFile, SeldonServers, Tracing, TritonModelControl, type TritonProps } from 'cdk8s-serving';
import { serve, type Served } from '../../../support/serving';

const on = (servers: SeldonServers, props: Partial<InferenceServiceProps>): Served => serve(props, {}, { backend: EngineBackend.seldonCoreV2({ servers }) });
const onnx = Model.onnx({ source: ModelSource.s3('s3://models/resnet/v1'), size: Size.mebibytes(200) });
const triton = (props: TritonProps): Partial<InferenceServiceProps> => ({ model: onnx, server: InferenceServer.triton(props) });
const overlay = (container: object, spec: object = {}): Partial<InferenceServiceProps> => ({ podOverlay: { spec: { ...spec, containers: [{ name: 'server', ...container }] } } });

test.each<[string, TritonProps]>([
  ['modelControl', { modelControl: TritonModelControl.EXPLICIT }], ['defaultMaxBatchSize', { defaultMaxBatchSize: 8 }], ['histograms', { histograms: true }], ['maxHttpRequest', { maxHttpRequest: Size.mebibytes(128) }],
  ['pinnedMemory', { pinnedMemory: Size.mebibytes(512) }], ['sharedMemory', { sharedMemory: Size.gibibytes(2) }], ['extraArguments', { extraArguments: ['--log-verbose=1'] }],
])("Triton's %s does not reach a ServerConfig's Triton, and that is said", (prop, props) => {
  const { problems } = on(SeldonServers.dedicated(), triton(props));
  expect(problems.filter(({ code }) => code === 'SERVING_SELDON_SERVER_ARGUMENTS')).toEqual([expect.objectContaining({ severity: 'error', got: JSON.stringify(`server: ${prop}`) })]);
});

test("neither do Triton's traces; MLServer's are variables, and do", () => {
  const traced = { tracing: Tracing.otlp({ http: 'http://collector:4318', grpc: 'http://collector:4317' }) };
  expect(on(SeldonServers.dedicated(), { model: onnx, server: InferenceServer.triton(), ...traced }).codes).toContain('SERVING_SELDON_SERVER_ARGUMENTS');
  const served = on(SeldonServers.dedicated(), traced);
  expect(served.codes).toEqual([]);
  expect(served.one('Server').spec.podSpec.containers[0].env).toContainEqual({ name: 'MLSERVER_TRACING_SERVER', value: expect.stringContaining('collector') });
});

test('an image, a version and a configuration reach it: rclone reads the file beside the model, in a volume that it can be laid into', () => {
  const served = on(SeldonServers.dedicated(), triton({ image: 'registry.example.com/triton:1', versionFolder: true, configuration: 'max_batch_size: 8' }));
  expect(served.problems).toEqual([]);
  const { containers, volumes } = served.one('Server').spec.podSpec;
  expect(containers[0].image).toBe('registry.example.com/triton:1');
  expect(containers[2].volumeMounts).toEqual([{ name: 'model', mountPath: '/mnt/models' }, { name: 'config', mountPath: '/mnt/models/iris/config.pbtxt', subPath: 'mnt.models.iris.config.pbtxt', readOnly: true }]);
  expect(Object.values(served.one('ConfigMap').data)).toEqual(['max_batch_size: 8']);
  expect(volumes.map(({ name }: { name: string }) => name)).not.toContain('shm');
});

test.each<[string, object, object?]>([
  ['args', { args: ['--debug'] }], ['lifecycle', { lifecycle: { preStop: { sleep: { seconds: 1 } } } }], ['ports', { ports: [{ name: 'more', containerPort: 7000 }] }], ['startupProbe', { startupProbe: { periodSeconds: 5 } }],
  ['livenessProbe.httpGet', { livenessProbe: { httpGet: { path: '/alive' } } }], ['readinessProbe.initialDelaySeconds', { readinessProbe: { initialDelaySeconds: 60 } }],
])("of an overlay, the server's '%s' does not reach the pods, and that is said", (field, container) => {
  const { problems } = on(SeldonServers.dedicated(), overlay(container));
  expect(problems.filter(({ code }) => code === 'SERVING_SELDON_POD_FIELD').map(({ got }) => JSON.parse(got!))).toContain(`containers[server].${field}`);
});

test("a field of the pod that a Server's podSpec does not have is said; what it has comes out", () => {
  expect(on(SeldonServers.dedicated(), overlay({}, { hostUsers: false })).codes).toContain('SERVING_SELDON_POD_FIELD');
  const served = on(SeldonServers.dedicated(), overlay({ imagePullPolicy: 'Always', envFrom: [{ configMapRef: { name: 'more' } }], livenessProbe: { periodSeconds: 7 } }, { runtimeClassName: 'gvisor' }));
  expect(served.codes).not.toContain('SERVING_SELDON_POD_FIELD');
  const { containers, runtimeClassName } = served.one('Server').spec.podSpec;
  expect(runtimeClassName).toBe('gvisor');
  expect(containers[0]).toMatchObject({ imagePullPolicy: 'Always', envFrom: [{ configMapRef: { name: 'more' } }], livenessProbe: { periodSeconds: 7 } });
});

test('a file at a place that a ServerConfig mounts is said', () => {
  const at = (path: string): string[] => on(SeldonServers.dedicated(), { files: [MountedFile.inline(path, 'x')] }).codes;
  expect(at('/mnt/certs/ours')).toContain('SERVING_SELDON_MOUNT');
  expect(at('/etc/ours.crt')).toEqual([]);
});

test.each<[string, Partial<InferenceServiceProps>]>([
  ['batching', { server: InferenceServer.mlserver(), batching: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(5) }) }],
  ['server: workers', { server: InferenceServer.mlserver({ workers: 2 }) }], ['server: image', { server: InferenceServer.mlserver({ image: 'registry.example.com/mlserver:1' }) }],
  ['server: version', { server: InferenceServer.mlserver({ version: '1.7.0' }) }], ['server: maxGrpcMessage', { server: InferenceServer.mlserver({ maxGrpcMessage: Size.mebibytes(100) }) }],
])("'%s' can not be had on a server that others share", (prop, props) => {
  const { problems } = on(SeldonServers.shared(), props);
  expect(problems.filter(({ code }) => code === 'SERVING_SELDON_SHARED_SERVER').map(({ got }) => JSON.parse(got!))).toEqual([prop]);
  expect(on(SeldonServers.asNeeded(), props).all('Server')).toHaveLength(1);
});

test('a server that is only named is the kind that is required, and no wish', () => {
  expect(on(SeldonServers.shared(), triton({ versionFolder: true })).codes).toEqual([]);
  expect(on(SeldonServers.asNeeded(), { server: InferenceServer.mlserver() }).all('Server')).toEqual([]);
});
