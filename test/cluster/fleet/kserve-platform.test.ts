import { Chart, Size } from 'cdk8s';
import {
  Accelerator, Candidate, Cluster, Credentials, EngineBackend, Exposure, GpuPool, InferenceService, KServeLanguageModels, KServeRuntimes, KServeStorageContainer, LocalModelCache, LocalModelNodeGroup, Model, ModelSource, Rollout, Scaling,
  ServingEngine,
} from 'cdk8s-serving';
import { apply, get, kubectl, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeClusterScoped, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';

describe("what a platform has of KServe beside services, by KServe's own definitions", () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('kserve-platform'); });
  afterAll(removeNamespaces);

  /** Applied strictly and without a warning, looked at, and taken away. */
  async function applied(build: (chart: Chart) => void, look: (manifests: Manifest[]) => Promise<void>): Promise<void> {
    const moved = await setNamespace(synthesized(build), namespace);
    try {
      expect(await apply(moved)).toEqual([]);
      await look(moved);
    } finally {
      await removeClusterScoped(moved);
    }
  }

  test.each([[false, 'clusterservingruntimes'], [true, 'servingruntimes']])('runtimes of all servers (namespaced: %s) are taken, and no field is lost', async (namespaced, kind) => {
    await applied((chart) => { new KServeRuntimes(chart, 'Runtimes', { namespaced, autoSelect: true }); }, async (moved) => {
      expect(moved.length).toBeGreaterThan(20);
      const stored: Manifest[] = JSON.parse(await kubectl(['get', `${kind}.serving.kserve.io`, '--namespace', namespace, '--output', 'json'])).items;
      const containers = new Map(stored.map(({ metadata, spec }) => [metadata.name, spec.containers[0]]));
      for (const { metadata, spec } of moved) expect(containers.get(metadata.name)).toMatchObject(spec.containers[0]);
    });
  });

  test('a language model is taken as an LLMInferenceService, with a version on trial beside it, and no field of its pods is lost', async () => {
    await applied((chart) => {
      const gpuPools = [GpuPool.gke('L4', { count: 16, spare: 8 })];
      new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ name: 'llm', version: '1.34', gpuPools, gateway: { name: 'public', namespace: 'gateways' } }), backend: EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE }) });
      const model = (revision: string): Model => Model.huggingFace('Qwen/Qwen3-8B', { revision, size: Size.gibibytes(17) });
      new InferenceService(chart, 'Qwen', {
        model: model('b968826d9c46'), accelerator: Accelerator.nvidia('L4', { count: 2 }), scaling: Scaling.fixed(2), exposure: Exposure.gateway({ hosts: ['qwen.example.com'] }),
        rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: model('aaaaaaaaaaaa'), percent: 20 }),
      });
    }, async (moved) => {
      const services = moved.filter(({ kind }) => kind === 'LLMInferenceService');
      expect(services.map(({ metadata }) => metadata.name)).toEqual(['qwen', 'qwen-candidate']);
      for (const { metadata, spec } of services) expect((await get('llminferenceservices.v1alpha2.serving.kserve.io', metadata.name, namespace))!.spec).toMatchObject(spec);
    });
  });

  test('a storage container, a cache for all and one for a namespace, and the nodes that hold them are taken', async () => {
    await applied((chart) => {
      const credentials = Credentials.fromSecretName('minio');
      new KServeStorageContainer(chart, 'Large', { sources: [ModelSource.s3('s3://models/llm', { endpoint: 'http://minio.storage:9000', credentials })], largestModel: Size.gibibytes(40) });
      const nodeGroups = [new LocalModelNodeGroup(chart, 'Gpu', { storageLimit: Size.tebibytes(1), nodeLabels: { pool: 'gpu' } })];
      new LocalModelCache(chart, 'Qwen', { source: ModelSource.huggingFace('Qwen/Qwen3-8B', { revision: 'b968826d9c46' }), modelSize: Size.gibibytes(17), nodeGroups });
      new LocalModelCache(chart, 'Own', { source: ModelSource.s3('s3://models/v1'), modelSize: Size.gibibytes(1), nodeGroups, namespaced: true, serviceAccountName: 'reader' });
    }, (moved) => {
      expect(moved.map(({ kind }) => kind)).toEqual(['ClusterStorageContainer', 'LocalModelNodeGroup', 'LocalModelCache', 'LocalModelNamespaceCache']);
      return Promise.resolve();
    });
  });
});
