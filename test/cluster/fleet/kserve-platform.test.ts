import { Chart, Size } from 'cdk8s';
import { Credentials, KServeRuntimes, KServeStorageContainer, LocalModelCache, LocalModelNodeGroup, ModelSource } from 'cdk8s-serving';
import { apply, kubectl, type Manifest } from '../../support/cluster/kubectl';
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
