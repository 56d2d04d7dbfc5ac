import { Chart, Testing } from 'cdk8s';
import { Accelerator, Cluster, Defaults, EngineBackend, IInferenceService, InferenceProtocol, InferenceServer, InferenceService, InferenceServiceAttributes, MetricsBackend, MonitoringStack, SeldonCoreV1Props, SelectServerOptions, ServingEngine, ServingEngineProps, Team } from 'cdk8s-serving';
import { everyProp } from '../../support/props';
import { serveOnSeldon } from '../../support/seldon-v1';
import { iris, serve, Served } from '../../support/serving';

describe('each prop of an engine', () => {
  const backend = EngineBackend.kubernetes();
  everyProp<ServingEngineProps, Served>({}, (props) => serve({}, {}, props), {
    cluster: { value: Cluster.of({ domain: 'k8s.example.com' }), see: (served) => served.service.endpoint(InferenceProtocol.V2_REST)!.host, is: 'iris.ml.svc.k8s.example.com' },
    backend: { value: backend, see: (served) => served.engine.backend === backend, is: true },
    defaults: { value: Defaults.of('1999.01'), see: (served) => served.codes, is: ['SERVING_DEFAULTS_SET'] },
    monitoring: { value: new MonitoringStack(new Chart(Testing.app(), 'watch', { namespace: 'monitoring' }), 'Watch', { metrics: MetricsBackend.kubePrometheus() }), see: (served) => served.one('PodMonitor')?.metadata.name, is: 'iris' },
    owner: { value: Team.of('platform'), see: (served) => served.deployment.metadata.labels.team, is: 'platform' },
    servers: { value: [InferenceServer.kserveSklearn()], see: (served) => served.deployment.metadata.labels['serving.cdk8s.io/server'], is: 'kserve-sklearn' },
  });

  test('a backend has a name', () => expect(backend.name).toBe('kubernetes'));
});

describe('each prop of Seldon Core v1', () => {
  const titled = (served: Served): string => served.plan.engine.title;
  everyProp<SeldonCoreV1Props, Served>({}, (props) => serveOnSeldon({}, {}, props), {
    version: { value: '1.17', see: titled, is: 'Seldon Core 1.17' },
    controllerId: { value: 'blue', see: (served) => served.one('SeldonDeployment').metadata.labels['seldon.io/controller-id'], is: 'blue' },
  });

  test('it has a name', () => expect(EngineBackend.seldonCoreV1().name).toBe('seldon-core-v1'));
});

describe('each option of a choice of server', () => {
  const engine = new ServingEngine(Testing.chart(), 'Engine');
  everyProp<SelectServerOptions, string | undefined>({}, (options) => engine.selectServer(iris(), options).toString(), {
    accelerator: { value: Accelerator.amd('MI300X'), see: (text) => text!.split('\n')[0], is: 'no server' },
    protocol: { value: InferenceProtocol.V1_REST, see: (text) => text!.split('\n')[0], is: 'kserve-sklearn by v1-rest' },
  });
});

describe('each attribute of an imported service', () => {
  const endpoint = { protocol: 'v2-rest', url: 'http://iris.ml/v2', host: 'iris.ml', port: 80, path: '/v2', modelName: 'iris' };
  const make = (attributes: InferenceServiceAttributes): IInferenceService => InferenceService.fromInferenceServiceAttributes(new Chart(Testing.app(), 'chart', { namespace: 'own' }), 'Imported', attributes);
  everyProp<InferenceServiceAttributes, IInferenceService>({ name: 'iris' }, make, {
    name: { value: 'other', see: (service) => service.name, is: 'other' },
    namespace: { value: 'elsewhere', see: (service) => service.namespace, is: 'elsewhere' },
    endpoints: { value: [endpoint], see: (service) => service.endpoint(InferenceProtocol.V2_REST), is: endpoint },
  });
});
