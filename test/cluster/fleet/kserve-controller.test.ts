import { Size } from 'cdk8s';
import { Capability, Container, Cpu, EnvValue } from 'cdk8s-plus-28';
import {
  Accelerator, Cluster, ClusterOperator, EngineBackend, Exposure, GpuPool, InferenceServer, InferenceService, type InferenceServiceProps, MetricsBackend, Model, ModelSource, MonitoringStack, Scaling, ServingEngine,
} from 'cdk8s-serving';
import { KServeController } from '../../support/cluster/kserve-controller';
import { apply, list, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { misfits, promised, strangeAutoscalers } from '../../support/cluster/promises';
import { sleep } from '../../support/cluster/run';
import { deploymentOf, synthesized } from '../../support/cluster/synthesized';
import { rolledOut } from '../../support/cluster/workloads';

const GATEWAY = { name: 'public', namespace: 'gateways' };
const KSERVE = { server: 'kserve-container', download: 'storage-initializer' };

/** What each service is, in its own words; everything else is the same. */
const SERVICES: { readonly [what: string]: Partial<InferenceServiceProps> } = {
  'scikit-learn from S3, at a Gateway, scaled by its load': { scaling: Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 8 }), exposure: Exposure.gateway({ hosts: ['fraud.example.com'] }) },
  'a fixed number of copies': { scaling: Scaling.fixed(3) },
  'a language model on GPUs of which none is spare': {
    model: Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5781bf21249d130ec9da846c4624c16137', size: Size.gibibytes(16) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('A100-80GB', { count: 2 }), scaling: Scaling.fixed(1),
  },
  'a container of its own, scaled by somebody else': { model: Model.custom({ version: 'v7' }), server: InferenceServer.container({ image: 'registry.example.com/server:1', httpPort: 8000 }), scaling: Scaling.external({ min: 1, max: 3 }) },
  'a container beside the server, and a value that looks like a template': {
    scaling: Scaling.fixed(1), env: { GREETING: EnvValue.fromValue('{{.Name}} says {{ hello }}') },
    sidecars: [new Container({ name: 'proxy', image: 'registry.example.com/proxy:1', resources: { cpu: { request: Cpu.millis(10) } }, securityContext: { user: 1000, capabilities: { drop: [Capability.ALL] } } })],
  },
};

/** A service with all that belongs around it, on an engine. */
function served(backend: EngineBackend, props: Partial<InferenceServiceProps>): Manifest[] {
  return synthesized((chart) => {
    const cluster = Cluster.of({
      version: '1.34', operators: [ClusterOperator.KEDA, ClusterOperator.KSERVE, ClusterOperator.METRICS_SERVER, ClusterOperator.PROMETHEUS_OPERATOR], gateway: GATEWAY,
      metricsUrl: 'http://prometheus.monitoring:9090', gpuPools: [GpuPool.nvidiaOperator('A100-80GB', { count: 16, spare: 0 })],
    });
    new ServingEngine(chart, 'Engine', { cluster, backend });
    new MonitoringStack(chart, 'Watch', { metrics: MetricsBackend.joinPrometheusOperator({ namespace: 'monitoring', url: 'http://prometheus.monitoring:9090', labels: {}, serviceAccount: 'prometheus' }) });
    new InferenceService(chart, 'Service', { name: 'fraud', model: Model.sklearn({ source: ModelSource.s3('s3://models/fraud/v7'), version: 'v7' }), ...props });
  });
}

const templates = async (namespace: string): Promise<number> => (await list('replicasets', { namespace })).length;

describe('on KServe, by its real controller', () => {
  let kserve: KServeController;

  beforeAll(async () => { kserve = await KServeController.start(); }, 1_200_000); // minutes where it has to be made first

  afterAll(async () => {
    await kserve?.stop();
    await removeNamespaces();
  });

  describe.each(Object.entries(SERVICES))('%s', (_, props) => {
    let namespace: string;
    let written: Manifest[];
    let pods: Manifest[];
    const plain = deploymentOf(served(EngineBackend.kubernetes(), props));

    beforeAll(async () => {
      namespace = await createNamespace('kserve'); // where pods must keep to Pod Security 'restricted'
      written = (await setNamespace(served(EngineBackend.kserve(), props), namespace)).filter(({ metadata }) => metadata.namespace === namespace);
      expect(await apply(written)).toEqual([]);
    });

    test('becomes ready, with the copies it asked for and pods that keep all that was promised', async () => {
      await kserve.ready('inferenceservice', 'fraud', namespace);
      const deployment = await rolledOut('fraud-predictor', namespace);
      pods = await list('pods', { namespace });
      expect(deployment.spec.replicas).toBe(plain.spec.replicas ?? 1);
      expect(deployment.spec.strategy).toMatchObject(plain.spec.strategy);
      for (const pod of pods) expect(promised(pod, KSERVE)).toMatchObject(promised(plain.spec.template));
    });

    test('what is around it finds its pods, and nothing else scales them', async () => {
      expect(await misfits(written, pods, namespace)).toEqual([]);
      expect(await strangeAutoscalers(written, namespace)).toEqual([]);
    });

    test('applied again, no pod is replaced', async () => {
      const before = await templates(namespace);
      await apply(written, { force: true });
      await sleep(2_000);
      await kserve.ready('inferenceservice', 'fraud', namespace);
      expect(await templates(namespace)).toBe(before);
    });
  });
});
