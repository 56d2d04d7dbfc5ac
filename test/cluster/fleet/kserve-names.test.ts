import { ApiObject } from 'cdk8s';
import { Cluster, ClusterOperator, EngineBackend, GraphNode, GraphStep, InferenceGraph, InferenceServer, InferenceService, Model, ModelSource, Problems, Scaling, ServingEngine } from 'cdk8s-serving';
import { KServeController } from '../../support/cluster/kserve-controller';
import { apply, get, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { sleep } from '../../support/cluster/run';
import { synthesized } from '../../support/cluster/synthesized';
import { waitFor } from '../../support/cluster/wait';

// What has the name of what KServe makes does not keep it, and nothing of the library's has such a name.
describe("KServe's real controller", () => {
  let kserve: KServeController;
  let namespace: string;
  const hpa = (name: string): Promise<Manifest | undefined> => get('horizontalpodautoscalers.autoscaling', name, namespace);

  beforeAll(async () => {
    kserve = await KServeController.start();
    namespace = await createNamespace('names', { restricted: false });
  }, 1_200_000); // minutes where it has to be made first

  afterAll(async () => {
    await kserve?.stop();
    await removeNamespaces();
  });

  /** A graph and the service that it asks, with an autoscaler of ours. */
  const manifests = (): Manifest[] => synthesized((chart) => {
    new ServingEngine(chart, 'Engine', { backend: EngineBackend.kserve(), cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.KSERVE, ClusterOperator.METRICS_SERVER] }) });
    const a = new InferenceService(chart, 'a', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }), server: InferenceServer.mlserver(), scaling: Scaling.onCpu({ min: 2, max: 6 }) });
    new InferenceGraph(chart, 'Graph', { root: GraphNode.sequence([GraphStep.service(a)]), scaling: Scaling.onCpu({ min: 2, max: 6 }) });
    for (const problem of Problems.of(chart).filter(({ severity }) => severity === 'warning')) Problems.acknowledge(chart, problem.code, 'a test');
  });

  test('leaves our autoscalers alone, of a graph as well', async () => {
    expect(await apply(await setNamespace(manifests(), namespace))).toEqual([]);
    await kserve.ready('inferencegraph', 'graph', namespace);
    await waitFor(() => get('deployments.apps', 'a-predictor', namespace), { what: 'its Deployment', timeout: 60_000, namespace });
    await sleep(3_000);
    for (const name of ['graph-scaling', 'a']) {
      const { metadata, spec } = (await hpa(name))!;
      expect(metadata.ownerReferences).toBeUndefined();
      expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 6 });
      expect(spec.metrics[0]).toMatchObject({ type: 'ContainerResource' });
    }
    expect(await hpa('graph')).toBeUndefined();
    expect(await hpa('a-predictor')).toBeUndefined();
  });

  // of a service it first makes it its own, and as it is to have none of its own deletes it then
  test.each(['graph', 'a-predictor'])('writes over or deletes an autoscaler of the name %s, whatever it was told of autoscalers', async (name) => {
    const { spec } = (await hpa('a'))!;
    await apply([{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name, namespace }, spec: { ...spec, maxReplicas: 7 } }]);
    await sleep(3_000); // until it has heard of it
    // something has to change before it looks again
    const [kind, object] = name === 'graph' ? ['InferenceGraph', 'graph'] : ['InferenceService', 'a'];
    await apply((await setNamespace(manifests(), namespace)).filter((one) => one.kind === kind && one.metadata.name === object).map((one) => ({ ...one, metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, 'example.com/changed': 'yes' } } })));
    const left = await waitFor(async () => { const one = await hpa(name); return one === undefined ? { gone: true } : one.metadata.ownerReferences === undefined ? undefined : { gone: false, one }; }, { what: `${name} to be written over or deleted`, timeout: 60_000, namespace });
    if (name === 'graph') expect(left).toMatchObject({ gone: false, one: { metadata: { ownerReferences: [{ kind }] } } });
    expect((await hpa(name))?.spec.maxReplicas).not.toBe(7);
  });

  test('which is an error before it gets that far', () => {
    expect(() => synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { backend: EngineBackend.kserve(), cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.KSERVE] }) });
      new InferenceService(chart, 'a', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) });
      new ApiObject(chart, 'Mine', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'a-predictor' } });
    })).toThrow('SERVING_MADE_NAME_TAKEN');
  });
});
