import { Chart, Testing } from 'cdk8s';
import { Exposure, InferenceProtocol, InferenceServer, InferenceService, InferenceServiceProps, Model, ModelSource } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';

const { V2_REST, V2_GRPC, V1_REST, OPENAI, TENSORFLOW_GRPC, CUSTOM_REST } = InferenceProtocol;
const HOST = 'iris.ml.svc.cluster.local';
const tensorflow = { model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }) };
const llm = { model: Model.huggingFace('o/n', { revision: '0123456' }), server: InferenceServer.vllm() };

test.each<[string, Partial<InferenceServiceProps>, InferenceProtocol, number, string, string]>([
  ['V2 by REST', {}, V2_REST, 80, '/v2/models/iris/infer', `http://${HOST}/v2/models/iris/infer`],
  ['V2 by gRPC', {}, V2_GRPC, 9000, '/inference.GRPCInferenceService/ModelInfer', `${HOST}:9000`],
  ['V1', { server: InferenceServer.kserveSklearn() }, V1_REST, 80, '/v1/models/iris:predict', `http://${HOST}/v1/models/iris:predict`],
  ['OpenAI', llm, OPENAI, 80, '/v1/chat/completions', `http://${HOST}/v1/chat/completions`],
  ['TensorFlow by gRPC', tensorflow, TENSORFLOW_GRPC, 9000, '/tensorflow.serving.PredictionService/Predict', `${HOST}:9000`],
  ["a REST API of one's own", { model: Model.custom(), server: InferenceServer.container({ image: 'a.example.com/a:1', predictPath: '/predict/{name}' }) }, CUSTOM_REST, 80, '/predict/iris', `http://${HOST}/predict/iris`],
])('clients that speak %s ask there', (_, props, protocol, port, path, url) => {
  expect(serve(props).service.endpoint(protocol)).toEqual({ protocol: protocol.name, host: HOST, port, path, url, modelName: 'iris' });
});

test('what the server does not speak has no endpoint', () => {
  expect([V1_REST, OPENAI, TENSORFLOW_GRPC, CUSTOM_REST, InferenceProtocol.of('own', true)].map((one) => serve().service.endpoint(one))).toEqual(Array(5).fill(undefined));
});

test('a path has the name of the model, a host that of the service', () => {
  expect(serve({ model: iris({ name: 'Flowers.v2' }), name: 'fraud' }).service.endpoint(V2_REST)).toMatchObject({ path: '/v2/models/Flowers.v2/infer', host: 'fraud.ml.svc.cluster.local', modelName: 'Flowers.v2' });
});

test('without a namespace the host is found from the same one', () => {
  const service = new InferenceService(new Chart(Testing.app(), 'chart'), 'Iris', { model: iris() });
  expect(service.endpoint(V2_REST)).toMatchObject({ host: 'iris', url: 'http://iris/v2/models/iris/infer' });
});

test('the Service listens where the endpoints say, and leads to the ports of the pods', () => {
  const served = serve();
  expect(served.one('Service').spec).toMatchObject({ type: 'ClusterIP', ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }, { name: 'grpc', port: 9000, targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' }] });
  expect(served.server.ports).toEqual([{ name: 'http', containerPort: 8080, protocol: 'TCP' }, { name: 'grpc', containerPort: 8081, protocol: 'TCP' }, { name: 'metrics', containerPort: 8082, protocol: 'TCP' }]);
});

test('routes lead to the same ports; a stream of text has no time-out', () => {
  const gateway = { gateway: { name: 'g', namespace: 'g' } };
  const exposure = Exposure.gateway({ hosts: ['a.example.com'], grpcHosts: ['g.example.com'] });
  const served = serve({ exposure }, gateway);
  expect(served.one('HTTPRoute').spec.rules[0]).toMatchObject({ backendRefs: [{ kind: 'Service', name: 'iris', port: 80 }], timeouts: { request: '30s' } });
  expect(served.one('GRPCRoute')).toMatchObject({ metadata: { name: 'iris-grpc' }, spec: { rules: [{ backendRefs: [{ name: 'iris', port: 9000 }] }] } });
  expect(serve({ ...llm, exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, gateway).one('HTTPRoute').spec.rules[0].timeouts).toEqual({ request: '0s' });
});

test('an Ingress of nginx waits as long as the longest answer, of others nothing is known', () => {
  const annotations = (ingressClass: string): any => serve({ exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) }, { ingressClass }).one('Ingress').metadata.annotations;
  expect(annotations('nginx')['nginx.ingress.kubernetes.io/proxy-read-timeout']).toBe('30');
  expect(annotations('traefik')).toBeUndefined();
});
