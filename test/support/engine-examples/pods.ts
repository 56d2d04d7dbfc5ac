import { Chart, Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, ServiceAccount } from 'cdk8s-plus-28';
import { Accelerator, Cluster, ClusterOperator, EngineBackend, Exposure, InferenceServer, InferenceService, Model, ModelSource, Rollout, Scaling, ServingEngine } from 'cdk8s-serving';
import { ExampleTheme, kserve, seldonV1 } from './example';

const model = Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') });
const flowers = Model.tensorflow({ source: ModelSource.s3('s3://models/flowers/v1') });

export const PODS: ExampleTheme = {
  title: 'Pods and their addresses',
  examples: [
    {
      shows: 'CPU, memory, environment, labels of a server',
      links: [kserve('v1beta1/triton/bert/bert_v1beta1.yaml'), seldonV1('notebooks/resources/model_resources.yaml'), seldonV1('notebooks/resources/model_with_labels.yaml'), seldonV1('doc/source/servers/mlflow.md')],
      say: '`cpu`, `cpuLimit`, `memory`, `env`, `labels`',
      program: (chart) => new InferenceService(chart, 'Iris', { model, cpu: Cpu.units(1), cpuLimit: Cpu.units(1), memory: Size.gibibytes(8), env: { KMP_AFFINITY: EnvValue.fromValue('none') }, labels: { stage: 'prod' } }),
      look: (objects) => [objects.server.resources.limits.cpu, objects.server.resources.requests.memory, objects.env('KMP_AFFINITY')], finds: ['1', '8Gi', 'none'],
    },
    {
      shows: 'A GPU; one of a product',
      links: [kserve('accelerators/README.md'), kserve('v1beta1/tensorflow/gpu.yaml'), kserve('v1beta1/torchserve/v1/gpu.yaml'), seldonV1('examples/models/gpu_tensorflow_deep_mnist/gpu_tensorflow_deep_mnist.ipynb')],
      say: "`Accelerator.nvidia('L4')`; node labels and tolerations come from the GPU pools of the Cluster",
      program: (chart) => new InferenceService(chart, 'Flowers', { model: flowers, server: InferenceServer.tensorflowServing(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) }),
      look: ({ server, pods }) => [server.resources.limits['nvidia.com/gpu'], JSON.stringify(pods[0].nodeSelector ?? pods[0].affinity).includes('nvidia-l4')], finds: ['1', true],
    },
    {
      shows: 'Probes of a server; a grace period',
      links: [kserve('v1beta1/advanced/probes.yaml'), seldonV1('notebooks/resources/model_terminationgraceperiod.yaml')],
      say: "nothing: each server's facts have the path, and `requestTimeout` gives the time to drain; other numbers by `podOverlay`",
      program: (chart) => new InferenceService(chart, 'Flowers', { model: flowers, server: InferenceServer.tensorflowServing(), requestTimeout: Duration.seconds(50), podOverlay: { spec: { containers: [{ name: 'server', livenessProbe: { periodSeconds: 7 } }] } } }),
      look: ({ server, pods }) => [server.readinessProbe.httpGet.path, server.livenessProbe.periodSeconds, pods[0].terminationGracePeriodSeconds > 50], finds: ['/v1/models/flowers', 7, true],
    },
    {
      shows: 'How long an answer may take',
      links: [kserve('v1beta1/advanced/timeout.yaml'), seldonV1('notebooks/timeouts.ipynb')],
      say: '`requestTimeout`, which the route follows',
      program: (chart) => new InferenceService(chart, 'Flowers', { model, requestTimeout: Duration.seconds(600), exposure: Exposure.gateway({ hosts: ['flowers.example.com'] }) }),
      look: (objects) => objects.one('HTTPRoute').spec.rules[0].timeouts.request, finds: '600s',
    },
    {
      shows: 'The largest gRPC message',
      links: [seldonV1('notebooks/max_grpc_msg_size.ipynb')],
      say: '`InferenceServer.mlserver({ maxGrpcMessage })`',
      program: (chart) => {
        const maxGrpcMessage = Size.mebibytes(128);
        new InferenceService(chart, 'Iris', { model, server: InferenceServer.mlserver({ maxGrpcMessage }) });
      },
      look: (objects) => JSON.stringify(objects.server).includes('134217728'), finds: true,
    },
    {
      shows: 'A ServiceAccount; a node by its name; any field of a pod',
      links: [kserve('v1beta1/advanced/pod-overrides.yaml'), kserve('v1beta1/torchserve/v1/bloom/bloom-560m.yaml')],
      say: '`serviceAccount`, `podOverlay`',
      program: (chart) => new InferenceService(chart, 'Flowers', { model: flowers, serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'Admin', 'serving-admin'), podOverlay: { spec: { nodeName: 'node-7' } } }),
      look: ({ pods }) => [pods[0].serviceAccountName, pods[0].nodeName], finds: ['serving-admin', 'node-7'],
    },
    {
      shows: 'A PodDisruptionBudget',
      links: [seldonV1('examples/models/disruption_budgets/pdbs_example.ipynb')],
      say: 'nothing: there is one from two copies on (`Scaling.fixed`)',
      program: (chart) => new InferenceService(chart, 'Iris', { model, scaling: Scaling.fixed(3) }),
      look: (objects) => objects.one('PodDisruptionBudget').spec.maxUnavailable, finds: 1,
    },
    {
      shows: 'How copies are replaced',
      links: [kserve('rollout-strategy/rollout-strategy-example.yaml'), seldonV1('notebooks/rolling_updates.ipynb')],
      say: '`Rollout.rolling({ maxSurge, maxUnavailable })`; Seldon Core v1 can only add copies first',
      on: ['kserve'],
      program: (chart) => {
        const [maxSurge, maxUnavailable] = [2, 0];
        new InferenceService(chart, 'Iris', { model, scaling: Scaling.fixed(4), rollout: Rollout.rolling({ maxSurge, maxUnavailable }) });
      },
      look: (objects) => objects.one('InferenceService').spec.predictor.deploymentStrategy.rollingUpdate, finds: { maxSurge: 2, maxUnavailable: 0 },
    },
    {
      shows: 'One model over several nodes (Ray head and workers)',
      links: [kserve('rollout-strategy/rollout-strategy-example.yaml')],
      reason: "KServe's `workerSpec` and the like are not written: a service is copies of one pod",
      instead: 'more devices in one pod (`count` of an `Accelerator`)',
    },
    {
      shows: 'Reached only from inside of the cluster',
      links: [kserve('v1beta1/advanced/cluster_local.yaml')],
      say: 'nothing: `Exposure.clusterInternal()` is the default; who may ask is `grantInvoke`',
      program: (chart) => {
        const iris = new InferenceService(chart, 'Iris', { model, exposure: Exposure.clusterInternal() });
        iris.grantInvoke(new InferenceService(chart, 'Caller', { model }));
      },
      look: (objects) => [objects.of('HTTPRoute').length, objects.of('NetworkPolicy').some((one) => JSON.stringify(one).includes('caller'))], finds: [0, true],
    },
    {
      shows: 'A host name of your own; one path of it; an Ingress',
      links: [kserve('custom-domain/README.md'), seldonV1('notebooks/istio_example.ipynb'), seldonV1('doc/source/ingress/istio.md'), seldonV1('examples/ambassador/headers/ambassador_headers.ipynb')],
      say: "`Exposure.gateway({ hosts, pathPrefix })`, `Exposure.ingress({ host, tlsSecretName })`. Ambassador's annotations can't be said; what they route by, weights and headers, is in the table below",
      program: (chart) => {
        const [hosts, pathPrefix, host, tlsSecretName] = [['models.example.com'], '/iris', 'fraud.example.com', 'fraud-tls'];
        new InferenceService(chart, 'Iris', { model, exposure: Exposure.gateway({ hosts, pathPrefix }) });
        new InferenceService(chart, 'Fraud', { model, exposure: Exposure.ingress({ host, tlsSecretName }) });
      },
      look: (objects) => [objects.one('HTTPRoute').spec.rules[0].matches[0].path.value, objects.one('Ingress').spec.rules[0].host], finds: ['/iris/v2/models', 'fraud.example.com'],
    },
    {
      shows: 'A sign-in before the model: IAP, Dex, an auth service, OIDC; circuit breakers; TLS between Seldon and its clients',
      links: [kserve('gcp-iap/README.md'), kserve('istio-dex/README.md'), seldonV1('examples/auth/README.md'), seldonV1('examples/ambassador/circuit_breakers/ambassador_circuit_breakers.ipynb'), seldonV1('examples/security/ssl_requests/README.ipynb')],
      reason: "each Gateway has objects of its own for these (Istio's AuthorizationPolicy, Envoy Gateway's SecurityPolicy), and the library writes routes alone",
      instead: "an object of your own that names the service's HTTPRoute or Gateway; TLS is the Gateway's listener",
    },
    {
      shows: 'Several operators in one cluster, each with its own resources',
      links: [seldonV1('notebooks/multiple_operators.ipynb'), seldonV1('notebooks/resources/model_controller_id.yaml')],
      say: "`EngineBackend.seldonCoreV1({ controllerId })` of a `ServingEngine`",
      program: (chart) => {
        const controllerId = 'seldon-id1';
        const engine = new ServingEngine(new Chart(chart, 'other', { namespace: 'ml' }), 'Engine', { cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.SELDON_CORE_V1] }), backend: EngineBackend.seldonCoreV1({ controllerId }) });
        new InferenceService(chart, 'Iris', { engine, model });
      },
      look: (objects) => objects.one('SeldonDeployment').metadata.labels['seldon.io/controller-id'], finds: 'seldon-id1',
    },
    {
      shows: "Seldon's executor: in a pod of its own, its resources, without it",
      links: [seldonV1('notebooks/resources/model_svcorch_sep.json'), seldonV1('notebooks/resources/model_with_engine_resources.json'), seldonV1('notebooks/resources/model_no_engine.yaml'), seldonV1('doc/source/graph/svcorch.md')],
      say: 'nothing: an `InferenceService` has one model, and so no executor',
      program: (chart) => new InferenceService(chart, 'Iris', { model }),
      look: (objects) => JSON.stringify(objects.one('SeldonDeployment').spec).includes('"seldon.io/no-engine":"true"'), finds: true,
    },
  ],
};
