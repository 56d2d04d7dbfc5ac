import { Cluster, ClusterOperator, Detector, EngineBackend, InferenceProtocol, InferenceServer, InferenceService, type InferenceServiceProps, KnativeFeature, KServeMode, Model, ModelSource, PayloadLogging, Problems, Scaling, ServingEngine, Transformer } from 'cdk8s-serving';
import { KServeController } from '../../support/cluster/kserve-controller';
import { apply, get, kubectl, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';
import { waitFor } from '../../support/cluster/wait';

/** Namespace of Knative Serving, whose ConfigMaps KServe reads before it makes anything. */
const KNATIVE = 'knative-serving';

function served(props: Partial<InferenceServiceProps>): Manifest[] {
  return synthesized((chart) => {
    new ServingEngine(chart, 'Engine', {
      cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.KSERVE] }), backend: EngineBackend.kserve({ mode: KServeMode.KNATIVE, knativeFeatures: [KnativeFeature.INIT_CONTAINERS, KnativeFeature.TOPOLOGY_SPREAD] }),
    });
    new InferenceService(chart, 'Service', { name: 'fraud', model: Model.sklearn({ source: ModelSource.s3('s3://models/fraud/v7'), version: 'v7' }), scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8 }), ...props });
    for (const problem of Problems.of(chart).filter(({ severity }) => severity === 'warning')) Problems.acknowledge(chart, problem.code, 'a test');
  });
}

// Knative's controllers do not run here: what KServe tells them is looked at.
describe("Knative Services of KServe's real controller", () => {
  let kserve: KServeController;

  beforeAll(async () => {
    await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: KNATIVE } }, ...['config-autoscaler', 'config-deployment', 'config-domain'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: KNATIVE }, data: {} }))]);
    kserve = await KServeController.start();
  }, 1_200_000); // minutes where it has to be made first

  afterAll(async () => {
    await kserve?.stop();
    await removeNamespaces();
    await kubectl(['delete', 'namespace', KNATIVE, '--wait=false']);
  });

  async function knativeService(props: Partial<InferenceServiceProps>): Promise<Manifest> {
    const namespace = await createNamespace('knative', { restricted: false });
    expect(await apply(await setNamespace(served(props), namespace))).toEqual([]);
    return waitFor(() => get('services.serving.knative.dev', 'fraud-predictor', namespace), { what: 'the Knative Service', timeout: 60_000, namespace });
  }

  const LOGGER = 'internal.serving.kserve.io/logger';
  const logged = (ksvc: Manifest): Record<string, string> => Object.fromEntries(Object.entries(ksvc.spec.template.metadata.annotations as Record<string, string>).filter(([key]) => key.startsWith(LOGGER)));

  test('are told to log payloads, by the agent that its webhook puts into their pods', async () => {
    const ksvc = await knativeService({ payloadLogging: PayloadLogging.http({ url: 'http://broker.events/ml', headers: ['x-request-id'] }) });
    expect(logged(ksvc)).toEqual({ [LOGGER]: 'true', [`${LOGGER}-sink-url`]: 'http://broker.events/ml', [`${LOGGER}-mode`]: 'all', [`${LOGGER}-metadata-headers`]: 'X-Request-Id' });
    expect(ksvc.spec.template.spec.containers.map((one: any) => one.name)).toEqual(['kserve-container']);
  });

  test('are told to post requests to a detector, and nothing where nothing is logged', async () => {
    const ksvc = await knativeService({ detectors: [Detector.drift({ name: 'drift', source: ModelSource.s3('s3://detectors/fraud/v1'), batchSize: 100 })] });
    expect(logged(ksvc)).toMatchObject({ [`${LOGGER}-sink-url`]: expect.stringMatching(/^http:\/\/fraud-drift.*\/v2\/models\/fraud-drift\/infer$/), [`${LOGGER}-mode`]: 'request' });
    expect(logged(await knativeService({}))).toEqual({});
  });

  test('stand behind a transformer, which is no concern of KServe\'s', async () => {
    const server = InferenceServer.container({ image: 'registry.example.com/ml/scale:1', protocols: [InferenceProtocol.V2_REST], httpPort: 8000 });
    const { metadata: { namespace } } = await knativeService({ transformer: Transformer.of({ server, scaling: Scaling.fixed(2) }) });
    expect((await get('services', 'fraud-transformer', namespace!))?.spec.selector).toMatchObject({ 'app.kubernetes.io/component': 'transformer' });
    expect(await get('services.serving.knative.dev', 'fraud-transformer', namespace!)).toBeUndefined();
  });
});
