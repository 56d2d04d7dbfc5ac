import { ApiObject, JsonPatch, Size } from 'cdk8s';
import { Deployment, Namespaces } from 'cdk8s-plus-28';
import { Accelerator, Credentials, Exposure, InferenceServer, InferenceServiceProps, Model, ModelSource, MountedFile, PythonCode, Scaling } from 'cdk8s-serving';
import { join } from 'node:path';
import { iris, serve, Served } from '../../support/serving';

const ids = (served: Served): string[] => served.service.node.children.map((child) => child.node.id).sort();
const gateway = { name: 'public', namespace: 'gateway' };

test('its main object is its default child', () => {
  const { service } = serve();
  expect(service.node.defaultChild).toBe(service.node.findChild('Resource'));
  expect([ApiObject.of(service).kind, ApiObject.of(service).name]).toEqual(['Deployment', 'iris']);
});

test.each<[string, Partial<InferenceServiceProps>, string[]]>([
  ['by itself', {}, []],
  ['with a fixed copy', { scaling: Scaling.fixed(1) }, ['-PodDisruptionBudget']],
  ['with scaling', { scaling: Scaling.onCpu({ min: 2, max: 4 }) }, ['Autoscaler']],
  ['with a file', { files: [MountedFile.inline('/etc/a', 'x')] }, ['Config']],
  ['behind a Gateway', { exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, ['HttpRoute']],
  ['behind a Gateway with gRPC', { exposure: Exposure.gateway({ hosts: ['a.example.com'], grpcHosts: ['g.example.com'] }) }, ['HttpRoute', 'GrpcRoute']],
  ['behind an Ingress', { exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) }, ['Ingress']],
  ['with an external secret', { model: iris({ source: ModelSource.s3('s3://models/v1', { credentials: Credentials.externalSecret({ store: 'v', keys: { AWS_ACCESS_KEY_ID: 'a' } }) }) }) }, ['ExternalSecret']],
  ['with mounted code', { model: Model.custom({ implementation: 'sentiment.Sentiment', code: PythonCode.mount(join(__dirname, '..', '..', '..', 'apps', 'custom-runtime', 'server')) }) }, ['Code']],
  ['with a claim', { model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton(), scaling: Scaling.fixed(2), accelerator: Accelerator.resourceClaim('gpu.nvidia.com') }, ['AcceleratorClaim']],
])('%s it has these children', (_, props, more) => {
  const usual = ['Resource', 'Service', 'ServiceAccount', 'PodDisruptionBudget'].filter((id) => !more.includes(`-${id}`));
  expect(ids(serve(props, { version: '1.34', gateway }))).toEqual([...usual, ...more.filter((id) => !id.startsWith('-'))].sort());
});

test('each child is an object that can be patched, with keys that nobody knows', () => {
  const served = serve({ scaling: Scaling.onCpu({ min: 2, max: 4 }) });
  ApiObject.of(served.service).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5), JsonPatch.add('/spec/notYetInvented', { a: [1] }), JsonPatch.replace('/spec/template/spec/containers/0/image', 'patched:1'));
  ApiObject.of(served.service.node.findChild('Service')).addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));
  (served.service.node.findChild('Autoscaler') as ApiObject).metadata.addAnnotation('a', 'b');
  expect(served.deployment.spec).toMatchObject({ minReadySeconds: 5, notYetInvented: { a: [1] } });
  expect([served.server.image, served.one('Service').spec.trafficDistribution, served.one('HorizontalPodAutoscaler').metadata.annotations]).toEqual(['patched:1', 'PreferClose', { a: 'b' }]);
});

test('a patch that was made before a grant is kept after it', () => {
  const served = serve();
  ApiObject.of(served.service).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5));
  served.service.grantInvoke(Namespaces.select(served.chart, 'N', { names: ['shop'] }));
  expect([served.deployment.spec.minReadySeconds, served.one('NetworkPolicy') !== undefined]).toEqual([5, true]);
});

test('a service that is wrong has a main object all the same, so that a patch does not hide the report', () => {
  const served = serve({ name: 'Not A Name' });
  expect(() => ApiObject.of(served.service).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5))).not.toThrow();
  expect(served.codes).toEqual(['SERVING_NAME']);
});

test('another construct that depends on it is written after its objects', () => {
  const served = serve();
  const other = new ApiObject(served.chart, 'Aaa', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'aaa' } });
  other.node.addDependency(served.service);
  const kinds = served.manifests.map((one) => one.kind);
  expect(kinds.indexOf('ConfigMap')).toBe(kinds.length - 1);
});

test('objects of the same kind and name made by others are told', () => {
  const served = serve();
  new Deployment(served.chart, 'Mine', { metadata: { name: 'iris' }, containers: [{ image: 'a:1' }] });
  expect(served.problem('SERVING_OBJECT_TWICE')).toMatchObject({ what: expect.stringContaining("Deployment 'iris' is made by 'ml/Iris/Resource' already"), got: '"iris"' });
});

test('objects of another kind, name or namespace are not', () => {
  const served = serve();
  new ApiObject(served.chart, 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'iris' } });
  new Deployment(served.chart, 'B', { metadata: { name: 'other' }, containers: [{ image: 'a:1' }] });
  new Deployment(served.chart, 'C', { metadata: { name: 'iris', namespace: 'elsewhere' }, containers: [{ image: 'a:1' }] });
  expect(served.codes).toEqual([]);
});
