import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { Cpu, EnvValue, Namespaces } from 'cdk8s-plus-28';
import { Candidate, Cluster, CustomModelProps, Exposure, InferenceProtocol, InferenceServer, Model, ModelSource, PythonCode, Rollout, Scaling, Transformer } from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const code = join(__dirname, '..', '..', '..', 'apps', 'custom-runtime', 'server');
const scale = (props: Partial<CustomModelProps> = {}): Model => Model.custom({ implementation: 'sentiment.Sentiment', code: PythonCode.mount(code), ...props });
const mlserver = InferenceServer.mlserver();
const named = (served: Served, kind: string, name: string): any => served.all(kind).find(({ metadata }) => metadata.name === name);
const containerOf = (served: Served, name: string, container = 'server'): any => named(served, 'Deployment', name).spec.template.spec.containers.find((one: any) => one.name === container);

describe('a transformer in pods of its own', () => {
  const served = serve({ transformer: Transformer.of({ server: mlserver, model: scale(), scaling: Scaling.fixed(3), cpu: Cpu.units(1), env: { LOG: EnvValue.fromValue('x') } }) });

  test('is asked by the address of the service, and the predictor by its own', () => {
    expect(served.codes).toEqual([]);
    expect(named(served, 'Service', 'iris').spec.selector).toEqual({ 'app.kubernetes.io/name': 'iris-transformer', 'app.kubernetes.io/component': 'transformer' });
    expect(named(served, 'Service', 'iris-predictor').spec.selector).toEqual({ 'app.kubernetes.io/name': 'iris', 'app.kubernetes.io/component': 'predictor' });
    expect(served.service.endpoint(InferenceProtocol.V2_REST)!.url).toBe('http://iris.ml.svc.cluster.local/v2/models/iris/infer');
  });

  test('is told where the predictor is, and what it is to be called itself', () => {
    const container = containerOf(served, 'iris-transformer');
    expect(served.env(container)).toMatchObject({
      PREDICTOR_HOST: 'iris-predictor.ml', PREDICTOR_PROTOCOL: 'v2-rest', PREDICTOR_URL: 'http://iris-predictor.ml/v2/models/iris/infer', MLSERVER_MODEL_NAME: 'iris', MLSERVER_MODEL_IMPLEMENTATION: 'sentiment.Sentiment', LOG: 'x',
    });
    expect(container.resources.requests.cpu).toBe('1');
    expect(container.readinessProbe.httpGet.path).toBe('/v2/models/iris/ready');
    expect(containerOf(served, 'iris').env.some(({ name }: any) => name.startsWith('PREDICTOR'))).toBe(false);
  });

  test('has copies, a budget and an account of its own', () => {
    expect(named(served, 'Deployment', 'iris-transformer').spec.replicas).toBe(3);
    expect(named(served, 'PodDisruptionBudget', 'iris-transformer').spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/instance': 'iris', 'app.kubernetes.io/component': 'transformer' });
    expect(named(served, 'ServiceAccount', 'iris-transformer').automountServiceAccountToken).toBe(false);
    expect(served.service.node.tryFindChild('TransformerResource')).toBeDefined();
    expect(served.service.estimateCost()).toBeUndefined();
  });

  test('is what routes lead to', () => {
    const gateway = { gateway: { name: 'public', namespace: 'gateway' } };
    const routed = serve({ transformer: Transformer.of({ server: mlserver, model: scale() }), exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) }, gateway);
    expect(routed.codes).toEqual([]);
    expect(routed.all('HTTPRoute')).toHaveLength(1);
    expect(routed.one('HTTPRoute').spec.rules[0].backendRefs[0].name).toBe('iris');
  });

  test('alone may ask the predictor, once anybody is granted the service', () => {
    const granted = serve({ transformer: Transformer.of({ server: mlserver, model: scale() }) }, { metricsUrl: 'http://prometheus.monitoring:9090' });
    granted.service.grantInvoke(Namespaces.select(granted.chart, 'Shop', { names: ['shop'] }));
    const from = (name: string): any => named(granted, 'NetworkPolicy', name).spec.ingress[0].from;
    expect(from('iris')).toEqual([{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'iris', 'app.kubernetes.io/component': 'transformer' } } }]);
    expect(from('iris-transformer')).toHaveLength(1);
    expect(from('iris-transformer')[0].namespaceSelector).toBeDefined();
  });

  test('is let in with its service, as it asks and is asked', () => {
    const asked = serve();
    asked.service.grantInvoke(serve({ transformer: Transformer.of({ server: mlserver, model: scale() }) }).service);
    expect(asked.one('NetworkPolicy').spec.ingress[0].from[0].podSelector).toEqual({
      matchLabels: { 'app.kubernetes.io/instance': 'iris' }, matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['predictor', 'transformer'] }],
    });
  });

  test('speaks what it can where that is not what the predictor speaks', () => {
    const own = serve({ model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }), protocol: InferenceProtocol.TENSORFLOW_GRPC, transformer: Transformer.of({ server: InferenceServer.container({ image: 'a:1', predictPath: '/images' }) }) });
    expect(served.env(containerOf(own, 'iris-transformer'))).toMatchObject({ PREDICTOR_HOST: 'iris-predictor.ml:9000', PREDICTOR_PROTOCOL: 'tensorflow-grpc', PREDICTOR_URL: 'iris-predictor.ml:9000' });
    expect(own.service.endpoint(InferenceProtocol.CUSTOM_REST)!.path).toBe('/images');
    expect(own.service.endpoint(InferenceProtocol.V1_REST)).toBeUndefined();
  });

  test("of KServe's SDK gets the arguments that KServe's controller gives it", () => {
    const sdk = serve({ transformer: Transformer.kserve({ image: 'registry.example.com/resize:1', args: ['--log_level=info'] }) });
    expect(containerOf(sdk, 'iris-transformer').args).toEqual(['--log_level=info', '--model_name=iris', '--predictor_host=iris-predictor.ml', '--predictor_protocol=v2', '--http_port=8080']);
  });

  test('is no place for a version on trial', () => {
    const trial = serve({ transformer: Transformer.of({ server: mlserver, model: scale() }), rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2') }) }) });
    expect(trial.codes).toContain('SERVING_TRANSFORMER_RELEASE');
  });

  test('brings its problems with it', () => {
    expect(serve({ transformer: Transformer.of({ server: mlserver, model: Model.custom() }) }).problem('SERVING_MLSERVER_IMPLEMENTATION').what).toMatch(/^the transformer: /);
    expect(serve({ name: `a${'b'.repeat(40)}`, transformer: Transformer.of({ server: mlserver, model: scale() }) }).codes).toContain('SERVING_NAME');
    expect(serve({ transformer: Transformer.of({ model: scale() } as any) }).codes).toEqual(['SERVING_MISSING_PROP']);
  });
});

describe('a transformer in the pods of the predictor', () => {
  const served = serve({ transformer: Transformer.collocated({ server: mlserver, model: scale() }) });
  const [server, transformer] = served.pod.containers;

  test('takes the names of the ports, and asks the server by its own', () => {
    expect(served.codes).toEqual([]);
    expect([server.name, transformer.name]).toEqual(['server', 'transformer']);
    expect(server.ports.map(({ name, containerPort }: any) => [name, containerPort])).toEqual([['model', 8080], ['model-grpc', 8081], ['metrics', 8082]]);
    expect(transformer.ports.map(({ name, containerPort }: any) => [name, containerPort])).toEqual([['http', 8180], ['grpc', 8181]]);
    expect(served.env(transformer)).toMatchObject({ PREDICTOR_URL: 'http://127.0.0.1:8080/v2/models/iris/infer', MLSERVER_MODEL_NAME: 'iris' });
    expect(server.readinessProbe.httpGet.port).toBe('model');
    expect(transformer.readinessProbe.httpGet.port).toBe('http');
    expect(served.all('Service').map(({ metadata }) => metadata.name)).toEqual(['iris']);
  });

  test('has files of its own', () => {
    const mount = transformer.volumeMounts.find(({ mountPath }: any) => mountPath === '/mnt/code');
    expect(served.volume(mount.name).configMap.name).toMatch(/^iris-transformer-code-/);
    expect(named(served, 'ConfigMap', served.volume(mount.name).configMap.name).data['sentiment.py']).toBeDefined();
    expect(served.service.node.tryFindChild('TransformerCode')).toBeDefined();
  });

  test('is scraped at the server where that has no port of metrics of its own', () => {
    const clash = serve({ transformer: Transformer.collocated({ server: InferenceServer.container({ image: 'a:1' }) }) });
    expect(clash.problem('SERVING_TRANSFORMER_PORTS').got).toBe('8080');
    const apart = serve({ server: InferenceServer.kserveSklearn(), transformer: Transformer.collocated({ server: InferenceServer.container({ image: 'a:1', httpPort: 9090, protocols: [InferenceProtocol.V2_REST] }) }) });
    expect(apart.codes).toEqual([]);
    expect(apart.server.ports[0]).toMatchObject({ name: 'metrics', containerPort: 8080 });
    expect(apart.server.livenessProbe.tcpSocket?.port ?? apart.server.livenessProbe.httpGet.port).toBe('metrics');
  });

  test('is part of each version that is tried', () => {
    const trial = serve({ transformer: Transformer.collocated({ server: mlserver, model: scale() }), rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2') }) }) });
    expect(trial.codes).toEqual(['SERVING_ROLLOUT_WITHOUT_VERDICT']);
    expect(trial.all('Deployment').map(({ spec }) => spec.template.spec.containers.map((one: any) => one.name))).toEqual([['server', 'transformer'], ['server', 'transformer']]);
  });

  test('has no files of a model', () => expect(serve({ transformer: Transformer.collocated({ server: mlserver, model: scale({ source: ModelSource.s3('s3://models/v1') }) }) }).codes).toContain('SERVING_TRANSFORMER_FILES'));
  test('has no copies of its own', () => expect(serve({ transformer: Transformer.collocated({ server: mlserver, model: scale(), scaling: Scaling.fixed(2) } as any) }).codes).toEqual(['SERVING_UNKNOWN_PROP']));
});

test('what stands beside a service costs as well', () => {
  const cluster = Cluster.of({ prices: { cpuHour: 1, memoryGibHour: 0 } });
  const alone = serve({ requestTimeout: Duration.seconds(5) }, cluster).service.estimateCost()!;
  const both = serve({ requestTimeout: Duration.seconds(5), transformer: Transformer.of({ server: mlserver, model: scale(), cpu: Cpu.units(1), scaling: Scaling.fixed(2) }) }, cluster).service.estimateCost()!;
  expect(both.minPerHour).toBe(alone.minPerHour + 2);
});
