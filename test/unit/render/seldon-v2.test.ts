import { Size } from 'cdk8s';
import { Candidate, Credentials, EngineBackend, Exposure, InferenceProtocol, Model, ModelSource, Rollout, Scaling, SeldonServers } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';

const SHARED = { backend: EngineBackend.seldonCoreV2() };
const DEDICATED = { backend: EngineBackend.seldonCoreV2({ servers: SeldonServers.dedicated() }) };
const canary = (percent: number): { rollout: Rollout; candidate: Candidate } => ({
  rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v2'), version: 'v2' }), percent }),
});

describe('on shared servers', () => {
  test('a service is a Model that the scheduler finds a server for, and a Service before Envoy', () => {
    const { manifests, problems } = serve({}, {}, SHARED);
    expect(problems).toEqual([]);
    expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['Model/iris', 'Service/iris']);
    expect(manifests[0].spec).toEqual({ storageUri: 's3://models/iris/v1/', requirements: ['sklearn'], memory: '768Mi', replicas: 2 });
    expect(manifests[1].spec).toMatchObject({ selector: { 'app.kubernetes.io/name': 'seldon-envoy' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }, { name: 'grpc', port: 9000, targetPort: 'http' }] });
  });

  test('a caller by REST has the same address as on plain Kubernetes; one by gRPC gives the metadata', () => {
    const { service } = serve({}, {}, SHARED);
    const rest = serve().service.endpoint(InferenceProtocol.V2_REST);
    expect(service.endpoint(InferenceProtocol.V2_REST)).toEqual(rest);
    expect(service.endpoint(InferenceProtocol.V2_GRPC)).toMatchObject({ headers: { 'seldon-model': 'iris' } });
  });

  test('the named server takes it', () => {
    expect(serve({}, {}, { backend: EngineBackend.seldonCoreV2({ servers: SeldonServers.shared({ server: 'tabular' }) }) }).one('Model').spec.server).toBe('tabular');
  });

  test('credentials of an external store are written in the form of rclone', () => {
    const credentials = Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3#secret' } });
    const served = serve({ model: iris({ source: ModelSource.s3('s3://models/iris/v1', { credentials, endpoint: 'http://minio:9000' }) }) }, {}, SHARED);
    const external = served.one('ExternalSecret');
    expect(served.one('Model').spec.secretName).toBe(external.spec.target.name);
    const written = external.spec.target.template.data['rclone.json'].replace(/\{\{ index \. "(\w+)" \| toJson \}\}/g, '"<$1>"');
    expect(JSON.parse(written)).toEqual({ type: 's3', name: 's3', parameters: { provider: 'Other', endpoint: 'http://minio:9000', access_key_id: '<AWS_ACCESS_KEY_ID>', secret_access_key: '<AWS_SECRET_ACCESS_KEY>' } });
  });

  test('what is public is read as nobody', () => {
    const served = serve({ model: iris({ source: ModelSource.gcs('gs://models/iris/v1', { credentials: Credentials.none() }) }) }, {}, SHARED);
    const secret = served.one('Secret');
    expect(served.one('Model').spec.secretName).toBe(secret.metadata.name);
    expect(JSON.parse(secret.stringData['rclone.json'])).toEqual({ type: 'google cloud storage', name: 'gs', parameters: { anonymous: 'true' } });
  });

  test('versions that are read in one way share its Secret, and another way has one of its own', () => {
    const none = { credentials: Credentials.none() };
    const from = (source: ModelSource): any[] => serve({ model: iris({ source: ModelSource.s3('s3://models/iris/v1', none) }), rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: iris({ source }) }) }, {}, SHARED).manifests;
    const secrets = (manifests: any[]): string[] => manifests.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    const asked = (manifests: any[]): string[] => manifests.filter(({ kind }) => kind === 'Model').map(({ spec }) => spec.secretName);
    const same = from(ModelSource.s3('s3://models/iris/v2', none));
    expect([secrets(same), asked(same)]).toEqual([['iris-model-store'], ['iris-model-store', 'iris-model-store']]);
    const other = from(ModelSource.gcs('gs://models/iris/v2', none));
    expect([secrets(other), asked(other)]).toEqual([['iris-model-store', 'iris-candidate-model-store'], ['iris-model-store', 'iris-candidate-model-store']]);
  });

  test('KEDA scales the Model by what is counted under its name, and finds its number of copies', () => {
    const served = serve({ scaling: Scaling.onRequestRate({ min: 2, max: 5, targetPerReplica: 20 }) }, { metricsUrl: 'http://prometheus.monitoring:9090' }, SHARED);
    expect(served.one('ScaledObject').spec).toMatchObject({ scaleTargetRef: { apiVersion: 'mlops.seldon.io/v1alpha1', kind: 'Model', name: 'iris' }, triggers: [{ metadata: { query: 'sum(rate(seldon_model_infer_total{method_type="rest",namespace="ml",model=~"iris"}[2m]) >= 0)' } }] });
    expect(served.one('Model').spec).toMatchObject({ replicas: 2 });
    expect(served.one('Model').spec).not.toHaveProperty('minReplicas');
  });
});

describe('releases', () => {
  test('a candidate is a Model of its own, and an Experiment shares the requests out', () => {
    const served = serve(canary(20), {}, SHARED);
    expect(served.all('Model').map((model) => [model.metadata.name, model.spec.storageUri])).toEqual([['iris', 's3://models/iris/v1/'], ['iris-candidate', 's3://models/iris/v2/']]);
    expect(served.one('Experiment').spec).toEqual({ default: 'iris', resourceType: 'model', candidates: [{ name: 'iris', weight: 80 }, { name: 'iris-candidate', weight: 20 }] });
    expect(served.service.previewEndpoint(InferenceProtocol.V2_REST)).toMatchObject({ host: 'iris-candidate.ml.svc.cluster.local', headers: { 'seldon-model': 'iris-candidate' } });
  });

  test('without a share there is no Experiment', () => {
    expect(serve(canary(0), {}, SHARED).one('Experiment')).toBeUndefined();
  });

  test('a shadow is a mirror', () => {
    const served = serve({ rollout: Rollout.shadow({ percent: 50 }), candidate: canary(0).candidate && Candidate.of({ model: iris() }) }, {}, SHARED);
    expect(served.one('Experiment').spec).toEqual({ default: 'iris', resourceType: 'model', candidates: [{ name: 'iris', weight: 100 }], mirror: { name: 'iris-candidate', percent: 50 } });
  });

  test('blue-green gives all to one of two', () => {
    const served = serve({ rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris(), percent: 100 }) }, {}, DEDICATED);
    expect(served.one('Experiment').spec.candidates).toEqual([{ name: 'iris', weight: 0 }, { name: 'iris-candidate', weight: 100 }]);
    expect(served.all('Server').map((server) => [server.metadata.name, server.spec.capabilities, server.metadata.labels['app.kubernetes.io/instance']])).toEqual([['iris', ['iris'], 'iris'], ['iris-candidate', ['iris-candidate'], 'iris']]);
  });
});

describe('on a server of its own', () => {
  test('the Model and the Server name each other, so that neither gets another', () => {
    const served = serve({}, {}, DEDICATED);
    expect(served.problems).toEqual([]);
    expect(served.one('Server').spec).toMatchObject({ serverConfig: 'mlserver', capabilities: ['iris'], replicas: 2 });
    expect(served.one('Model').spec).toEqual({ storageUri: '/mnt/settings/iris', requirements: ['iris'], server: 'iris', replicas: 2 });
  });

  test('nothing is said again that the ServerConfig says: lists are appended there', () => {
    const { containers, serviceAccountName } = serve({}, {}, DEDICATED).one('Server').spec.podSpec;
    const [server, agent, rclone] = containers;
    expect([server.name, agent.name, rclone.name]).toEqual(['mlserver', 'agent', 'rclone']);
    expect(server).not.toHaveProperty('ports');
    expect(server).not.toHaveProperty('lifecycle');
    expect(server.readinessProbe).not.toHaveProperty('httpGet');
    expect(serviceAccountName).toBeUndefined();
  });

  test("the agent is told of the model by a file of settings, which rclone reads; the model's files lie in the pod", () => {
    const served = serve({}, {}, DEDICATED);
    const { containers, initContainers } = served.one('Server').spec.podSpec;
    expect(JSON.parse(Object.values<string>(served.one('ConfigMap').data)[0]!)).toEqual({ name: 'iris', implementation: 'mlserver_sklearn.SKLearnModel', parameters: { uri: '/mnt/models' } });
    expect(containers[2].volumeMounts).toEqual([{ name: 'settings', mountPath: '/mnt/settings', readOnly: true }]);
    expect(containers[0].volumeMounts).toContainEqual({ name: 'model', mountPath: '/mnt/models', readOnly: true });
    expect(initContainers[0]).toMatchObject({ name: 'model-download', args: ['s3://models/iris/v1/', '/mnt/models'] });
  });

  test("Triton's repository is filled from the pod's volume, and shared memory is the ServerConfig's", () => {
    const served = serve({ model: Model.onnx({ source: ModelSource.pvcName('models', { path: 'resnet/v3' }), size: Size.mebibytes(200) }) }, {}, DEDICATED);
    const [triton, , rclone] = served.one('Server').spec.podSpec.containers;
    expect(served.one('Model').spec.storageUri).toBe('/mnt/models/iris');
    expect(rclone.volumeMounts).toEqual([{ name: 'model', mountPath: '/mnt/models/iris', subPath: 'resnet/v3', readOnly: true }]);
    expect(triton.volumeMounts.map((mount: any) => mount.mountPath)).toEqual(['/tmp']);
    expect(triton).not.toHaveProperty('args');
  });

  test('an autoscaler changes the Model, whose pods it finds by a label; the Server follows by itself', () => {
    const served = serve({ scaling: Scaling.onCpu({ min: 2, max: 6 }) }, {}, DEDICATED);
    expect(served.one('HorizontalPodAutoscaler').spec).toMatchObject({ scaleTargetRef: { kind: 'Model', name: 'iris' }, metrics: [{ containerResource: { container: 'mlserver' } }] });
    expect(served.one('Server').metadata.labels.server).toBe('iris');
    expect(served.one('Server').spec).toMatchObject({ minReplicas: 2, maxReplicas: 6 });
    expect(served.one('Server').spec).not.toHaveProperty('replicas');
  });

  test('an identity gets what the agent needs', () => {
    const source = ModelSource.s3('s3://models/iris/v1', { credentials: Credentials.workloadIdentity('iris-reader') });
    const served = serve({ model: iris({ source }) }, {}, DEDICATED);
    expect(served.one('Server').spec.podSpec).toMatchObject({ serviceAccountName: 'iris-reader', automountServiceAccountToken: true });
    expect(served.one('RoleBinding')).toMatchObject({ roleRef: { kind: 'Role', name: 'agent-role' }, subjects: [{ kind: 'ServiceAccount', name: 'iris-reader' }] });
    expect(served.one('ServiceAccount')).toBeUndefined();
  });
});

test('as needed, only who asks for something of pods gets a server of its own', () => {
  const asNeeded = { backend: EngineBackend.seldonCoreV2({ servers: SeldonServers.asNeeded({ server: 'tabular' }) }) };
  expect(serve({}, {}, asNeeded).one('Model').spec.server).toBe('tabular');
  expect(serve({ priorityClassName: 'high' }, {}, asNeeded).one('Server').spec.podSpec.priorityClassName).toBe('high');
});

test('routes set the header by which Envoy knows the model, also that of an audience', () => {
  const gateway = { gateway: { name: 'public', namespace: 'gateways' } };
  const exposure = Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.example.com'] });
  const headers = (route: any): string[] => route.spec.rules.map((rule: any) => rule.filters.find((filter: any) => filter.type === 'RequestHeaderModifier').requestHeaderModifier.set[0].value);
  const plain = serve({ exposure }, gateway, SHARED);
  expect([headers(plain.one('HTTPRoute')), headers(plain.one('GRPCRoute'))]).toEqual([['iris'], ['iris']]);
});
