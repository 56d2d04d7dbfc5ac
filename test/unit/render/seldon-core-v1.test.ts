import { Chart, Duration, Testing } from 'cdk8s';
import { Candidate, ClusterOperator, Credentials, EngineBackend, Exposure, Hold, InferenceProtocol, InferenceServer, InferenceServiceProps, MetricsBackend, Model, ModelSource, MonitoringStack, PayloadLogging, Rollout, RolloutController, Scaling, SecretRotation, TrafficRouterKind } from 'cdk8s-serving';
import { AB_TEST, BLUE_GREEN, CANARY, exposureFor, GATEWAY, METRICS, rolloutOf, SHADOW } from '../../support/release';
import { iris, serve, Served } from '../../support/serving';
import { podOf, predictors, serveOnSeldon, serverOf } from '../../support/seldon-v1';

const { GATEWAY_API, ISTIO } = TrafficRouterKind;

describe('a SeldonDeployment', () => {
  const served = serveOnSeldon({ requestTimeout: Duration.seconds(20), annotations: { 'example.com/a': 'b' } });
  const plain = serve({ requestTimeout: Duration.seconds(20) }, { version: '1.34' });
  const resource = served.one('SeldonDeployment');

  test('nothing is wrong, and it is in the place of the Deployment', () => {
    expect(served.codes).toEqual([]);
    expect(served.one('Deployment')).toBeUndefined();
    expect(resource.apiVersion).toBe('machinelearning.seldon.io/v1');
    expect(resource.metadata.name).toBe('iris');
    expect(served.service.node.findChild('Resource')).toBe(served.service.node.defaultChild);
  });

  test('one predictor of one node, which clients reach without the orchestrator', () => {
    expect(resource.spec.protocol).toBe('v2');
    expect(predictors(served)).toHaveLength(1);
    const [{ componentSpecs, ...rest }] = predictors(served);
    expect(rest).toEqual({ name: 'default', replicas: 2, annotations: { 'seldon.io/no-engine': 'true' }, graph: { name: 'server', type: 'MODEL' } });
    expect(componentSpecs).toHaveLength(1);
    expect(componentSpecs[0].metadata.name).toBe('model');
  });

  test('the pods are the planned ones, but for what the definition says otherwise', () => {
    const { containers: [server], topologySpreadConstraints, ...pod } = podOf(served);
    const { containers: [planned], topologySpreadConstraints: spread, ...rest } = plain.pod;
    expect(pod).toEqual(rest);
    const { command, env, lifecycle, ...same } = server;
    const { command: _c, env: _e, lifecycle: _l, ...before } = planned;
    expect(same).toEqual(before);
    expect(lifecycle).toEqual({ preStop: { exec: { command: ['sleep', String(planned.lifecycle.preStop.sleep.seconds)] } } });
    expect(topologySpreadConstraints).toEqual(spread.map(({ matchLabelKeys: _, ...constraint }: any) => constraint));
    expect(predictors(served)[0].componentSpecs[0].metadata.labels).toEqual(plain.template.metadata.labels);
  });

  test('what the operator would write last is given to the command', () => {
    expect(serverOf(served).command).toEqual(['env', 'MLSERVER_MODEL_NAME=iris', 'MLSERVER_METRICS_PORT=8082', 'MLSERVER_METRICS_ENDPOINT=/metrics', 'mlserver', 'start', '/mnt/models']);
    const names = serverOf(served).env.map((one: any) => one.name);
    expect(names).toContain('MLSERVER_HTTP_PORT');
    expect(names).not.toContain('MLSERVER_MODEL_NAME');
    expect(names).not.toContain('MLSERVER_METRICS_PORT');
    expect(served.plan.metricsPath).toBe('/metrics');
  });

  test('a server that reads none of them starts as ever', () => {
    const props = { model: Model.onnx({ source: ModelSource.s3('s3://models/o/v1') }), server: InferenceServer.triton() };
    expect(serverOf(serveOnSeldon(props)).command).toEqual(serve(props, { version: '1.34' }).server.command);
  });

  test('those who scrape by annotations are told not to', () => {
    expect(predictors(served)[0].componentSpecs[0].metadata.annotations).toEqual({ 'prometheus.io/scrape': 'false' });
    const own = serveOnSeldon({ podAnnotations: { 'prometheus.io/scrape': 'true', 'a': 'b' } });
    expect(predictors(own)[0].componentSpecs[0].metadata.annotations).toEqual({ 'prometheus.io/scrape': 'true', 'a': 'b' });
  });

  test('time-outs of Ambassador are those of requests, and the annotations are the ones of the service', () => {
    expect(resource.metadata.annotations).toEqual({ 'seldon.io/rest-timeout': '20000', 'seldon.io/grpc-timeout': '20000', 'example.com/a': 'b' });
  });

  test('the address and what is around stay as they were', () => {
    for (const kind of ['Service', 'PodDisruptionBudget', 'ServiceAccount']) expect(served.one(kind)).toEqual({ ...plain.one(kind) });
    expect(served.service.endpoint(InferenceProtocol.V2_REST)?.url).toBe(plain.service.endpoint(InferenceProtocol.V2_REST)?.url);
  });
});

describe('copies', () => {
  test('an autoscaler has the Deployment that the operator makes, and no number is written', () => {
    const served = serveOnSeldon({ scaling: Scaling.onCpu({ min: 2, max: 6 }) }, { operators: [ClusterOperator.METRICS_SERVER] });
    expect(predictors(served)[0]).not.toHaveProperty('replicas');
    expect(served.one('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris-default-0-model' });
    // an HPA of the Deployment's name would be deleted by the operator
    expect(served.one('HorizontalPodAutoscaler').metadata.name).toBe('iris');
  });

  test('queries look at the pods of that Deployment', () => {
    const served = serveOnSeldon({ scaling: Scaling.onConcurrency({ min: 2, max: 6, targetPerReplica: 4 }) }, { metricsUrl: METRICS, operators: [ClusterOperator.KEDA] });
    expect(served.one('ScaledObject').spec.scaleTargetRef.name).toBe('iris-default-0-model');
    expect(served.one('ScaledObject').spec.triggers[0].metadata.query).toContain('iris-default-0-model-');
  });

  test('stopped is no copies, frozen is left to no operator', () => {
    const hold = { reason: 'audit', until: '2027-01-01' };
    expect(predictors(serveOnSeldon({ hold: Hold.stopped(hold) }))[0].replicas).toBe(0);
    const label = (props: Partial<InferenceServiceProps>, controllerId?: string): unknown => serveOnSeldon(props, {}, { controllerId }).one('SeldonDeployment').metadata.labels['seldon.io/controller-id'];
    expect([label({}), label({}, 'blue'), label({ hold: Hold.frozen(hold) }), label({ hold: Hold.frozen(hold) }, 'blue'), label({ hold: Hold.frozen(hold) }, 'held')]).toEqual([undefined, 'blue', 'held', 'held', 'held-still']);
  });
});

describe('two versions', () => {
  const candidate = (percent?: number): Candidate => Candidate.of({ model: iris({ version: 'v2', source: ModelSource.s3('s3://models/iris/v2') }), percent });
  const release = (rollout: Rollout, percent?: number, router = GATEWAY_API): Served => serveOnSeldon({ rollout, candidate: candidate(percent), exposure: exposureFor(router) }, { gateway: GATEWAY, metricsUrl: METRICS, rollouts: RolloutController.none({ router }) });
  const shares = (served: Served): any[] => predictors(served).map(({ name, traffic, shadow }) => [name, traffic, shadow]);

  test.each([
    ['a canary', CANARY, 25, [['default', 75, undefined], ['trial', 25, undefined]]],
    ['blue-green before', BLUE_GREEN, 0, [['default', 100, undefined], ['trial', 0, undefined]]],
    ['blue-green after', BLUE_GREEN, 100, [['default', 0, undefined], ['trial', 100, undefined]]],
    ['a shadow', SHADOW, 100, [['default', 100, undefined], ['trial', 100, true]]],
    ['a part of a shadow', SHADOW, 20, [['default', 100, undefined], ['trial', 20, true]]],
    ['no shadow: 0 % of one is all for Istio', SHADOW, 0, [['default', 100, undefined], ['trial', 0, undefined]]],
    ['an audience', AB_TEST, undefined, [['default', 100, undefined], ['trial', 0, undefined]]],
  ] as const)('%s', (_, kind, percent, expected) => {
    const served = release(rolloutOf(kind), percent);
    expect(served.codes).toEqual(['SERVING_ROLLOUT_WITHOUT_VERDICT']); // a warning: nobody judges
    expect(shares(served)).toEqual(expected);
    // the operator's own rules
    const main = predictors(served).filter((one) => one.shadow !== true);
    expect(main.reduce((sum, one) => sum + one.traffic, 0)).toBe(100);
  });

  test('each is found by its own Service', () => {
    const served = release(rolloutOf(CANARY), 25);
    expect(served.all('SeldonDeployment')).toHaveLength(1);
    const labels = predictors(served).map((one) => one.componentSpecs[0].metadata.labels);
    const services = served.all('Service');
    expect(services.map((one) => one.metadata.name)).toEqual(['iris', 'iris-candidate']);
    services.forEach(({ spec: { selector } }, i) => {
      expect(labels[i]).toMatchObject(selector);
      expect(labels[1 - i]).not.toMatchObject(selector);
    });
    expect(served.plan.groups.map((group) => group.workload.name)).toEqual(['iris-default-0-model', 'iris-trial-0-model']);
  });

  test('the mesh route does not have the name of the one that the operator makes', () => {
    expect(release(rolloutOf(CANARY), 25, ISTIO).one('VirtualService').metadata.name).toBe('iris-mesh');
  });
});

describe('payload logging', () => {
  const served = serveOnSeldon({ payloadLogging: PayloadLogging.http({ url: 'http://log.example.com' }) });
  const [server, logger] = podOf(served).containers;

  test('the logger is an ordinary container that ends after the server', () => {
    expect(served.codes).toEqual([]);
    expect(podOf(served).initContainers.map((one: any) => one.name)).toEqual(['model-download']);
    expect(logger.name).toBe('payload-logger');
    expect(logger).not.toHaveProperty('restartPolicy');
    const sleep = logger.lifecycle.preStop.exec.command.at(-1);
    expect(sleep).toBe(`import os, signal, time; os.kill(1, signal.SIGUSR1); time.sleep(${served.plan.timing.grace})`);
    expect(podOf(served).terminationGracePeriodSeconds).toBeGreaterThan(served.plan.timing.grace);
  });

  test('the port http is named once, at the container for which the operator would else invent one', () => {
    const http = served.plan.ports.find((one) => one.name === 'http')!.containerPort;
    expect(server.ports.filter((one: any) => one.name === 'http')).toEqual([{ name: 'http', containerPort: http, protocol: 'TCP' }]);
    expect(server.ports).toContainEqual({ name: 'model', containerPort: 8080, protocol: 'TCP' });
    expect(logger.ports.map((one: any) => one.name)).toEqual(['log-metrics']);
    expect(logger.startupProbe.tcpSocket).toEqual({ port: http });
  });
});

test('Reloader finds its annotation at the Deployment, to which the operator hands those of the pods on', () => {
  const credentials = Credentials.fromSecretName('s3-key', { rotation: SecretRotation.ROLL });
  const served = serveOnSeldon({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { credentials }) }) }, { operators: [ClusterOperator.RELOADER] });
  expect(predictors(served)[0].componentSpecs[0].metadata.annotations['secret.reloader.stakater.com/reload']).toBe('s3-key');
});

test('V1 and TensorFlow are said to be that protocol', () => {
  const served = serveOnSeldon({ model: Model.tensorflow({ source: ModelSource.s3('s3://models/t/v1') }), server: InferenceServer.tensorflowServing() });
  expect(served.one('SeldonDeployment').spec.protocol).toBe('tensorflow');
});

test('an ingress leads to the same Service', () => {
  const served = serveOnSeldon({ exposure: Exposure.ingress({ host: 'iris.example.com' }) }, { ingressClass: 'nginx' });
  expect(served.one('Ingress').spec.rules[0].http.paths[0].backend.service.name).toBe('iris');
});

test('what watches a service looks at the pods and the Deployment that the operator makes', () => {
  const monitoring = new MonitoringStack(new Chart(Testing.app(), 'watch', { namespace: 'monitoring' }), 'Watch', { metrics: MetricsBackend.kubePrometheus() });
  const served = serve({}, { version: '1.34', operators: [ClusterOperator.SELDON_CORE_V1, ClusterOperator.PROMETHEUS_OPERATOR] }, { backend: EngineBackend.seldonCoreV1(), monitoring });
  const { selector, podMetricsEndpoints: [endpoint] } = served.one('PodMonitor').spec;
  expect(predictors(served)[0].componentSpecs[0].metadata.labels).toMatchObject(selector.matchLabels);
  expect([endpoint.port, endpoint.path]).toEqual(['metrics', '/metrics']);
  expect(serverOf(served).ports.map((one: any) => one.name)).toContain(endpoint.port);
  const rules = JSON.stringify(served.one('PrometheusRule'));
  expect(rules).toContain('iris-default-0-model');
  expect(rules).not.toMatch(/deployment=~?\\"iris\\"/);
});
