import { Cluster, ExistingService, Exposure, InferenceService, Model, ModelSource, ServingEngine } from 'cdk8s-serving';
import { KServeController } from '../../support/cluster/kserve-controller';
import { apply, get, list, type Manifest, patch, remove } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';
import { waitFor } from '../../support/cluster/wait';
import { rolledOut } from '../../support/cluster/workloads';

const IMAGE = 'registry.example.com/server:1';
const OWN = { 'serving.kserve.io/autoscalerClass': 'none' };
const INTERNAL = { 'networking.kserve.io/visibility': 'cluster-local' };

const service = (name: string, predictor: object, labels: Record<string, string> = INTERNAL): Manifest => ({
  apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, labels, annotations: OWN }, spec: { predictor: { minReplicas: 1, ...predictor } },
});
const container = (more: object = {}) => ({ name: 'kserve-container', image: IMAGE, ports: [{ name: 'http', containerPort: 8080 }], ...more });
const model = (more: object = {}) => ({ modelFormat: { name: 'sklearn' }, runtime: 'own', protocolVersion: 'v2', ...more });

// What the library steers around, because KServe's definitions take it and its controller does something else. A version that does it otherwise changes the table of capabilities.
describe("KServe's real controller", () => {
  let kserve: KServeController;
  let namespace: string;

  beforeAll(async () => {
    const gateways = await createNamespace('gateways');
    await apply([{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'public', namespace: gateways }, spec: { gatewayClassName: 'none', listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }] } }]);
    kserve = await KServeController.start({ gateway: `${gateways}/public` });
    namespace = await createNamespace('traps', { restricted: false });
    await apply([{
      apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'own', namespace },
      spec: { supportedModelFormats: [{ name: 'sklearn' }], protocolVersions: ['v2'], containers: [container({ resources: { requests: { cpu: '3' } }, volumeMounts: [{ name: 'model', mountPath: '/mnt/models' }] })], volumes: [{ name: 'model', emptyDir: {} }] },
    }]);
  }, 1_200_000); // minutes where it has to be made first

  afterAll(async () => {
    await kserve?.stop();
    await removeNamespaces();
  });

  /** Waits until it says why it can't make a service: before, it may say that pods are not there yet. */
  const complains = (name: string, why: string): Promise<boolean> => waitFor(async () => {
    const { status } = await get('inferenceservices.serving.kserve.io', name, namespace) as Manifest;
    return (status?.conditions ?? []).some((one: any) => one.type === 'PredictorReady' && one.status === 'False' && one.message?.includes(why));
  }, { what: `${name} to be told '${why}'`, timeout: 30_000, namespace });

  test("a custom container gets a CPU limit; one of a runtime doesn't, and nothing is injected beside a storage-initializer of its own", async () => {
    await apply([
      service('limited', { containers: [container({ resources: { requests: { cpu: '100m' } } })] }),
      service('impossible', { containers: [container({ resources: { requests: { cpu: '3' } } })] }),
      service('whole', { model: model({ storageUri: 's3://models/fraud/v7' }), initContainers: [{ name: 'storage-initializer', image: IMAGE }] }),
    ], { namespace });
    await complains('impossible', 'must be less than or equal to cpu limit of 1');
    for (const name of ['limited', 'whole']) await kserve.ready('inferenceservice', name, namespace);
    const [limited] = await list('pods', { namespace, selector: 'app=isvc.limited-predictor' }) as [Manifest];
    const [whole] = await list('pods', { namespace, selector: 'app=isvc.whole-predictor' }) as [Manifest];
    expect(limited.spec.containers[0].resources.limits.cpu).toBe('1');
    expect(whole.spec.containers.map((one: any) => [one.name, one.resources])).toEqual([['kserve-container', { requests: { cpu: '3' } }]]);
    expect(whole.spec.initContainers.map((one: any) => [one.name, one.image])).toEqual([['storage-initializer', IMAGE]]);
  });

  test('a model without an address is taken for many, with a puller and a folder of its own', async () => {
    await apply([service('many', { model: model() })], { namespace });
    await complains('many', '"/mnt/models": must be unique');
    expect(await get('configmap', 'modelconfig-many-0', namespace)).toBeDefined();
  });

  test('a name that makes a host name too long is taken, and never becomes a Deployment', async () => {
    const name = `a${'b'.repeat(63 - `-predictor-${namespace}`.length)}`;
    await apply([service(name, { containers: [container()] })], { namespace });
    await complains(name, 'must be no more than 63 characters');
    expect(await get('deployment', `${name}-predictor`, namespace)).toBeUndefined();
  });

  test("an HTTPRoute of a service's name becomes KServe's own, unless the service is internal", async () => {
    const route = (name: string): Manifest => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name }, spec: { hostnames: ['own.example.com'], rules: [{ backendRefs: [{ name: `${name}-predictor`, port: 80 }] }] } });
    await apply([route('taken'), route('kept'), service('taken', { containers: [container()] }, {}), service('kept', { containers: [container()] })], { namespace });
    const hosts = async (name: string) => (await get('httproute', name, namespace))?.spec.hostnames;
    await waitFor(async () => (await hosts('taken'))[0] === `taken-${namespace}.example.com`, { what: 'the route to be taken', timeout: 30_000, namespace });
    await kserve.ready('inferenceservice', 'kept', namespace);
    expect(await hosts('kept')).toEqual(['own.example.com']);
    expect(await get('httproute', 'kept-predictor', namespace)).toBeUndefined();
  });

  test('a service that another replaces has the Service that its route leads to; one that becomes internal replaces its pods and keeps the routes that it had, until they are deleted', async () => {
    await apply([service('moving', { containers: [container()] }, {})], { namespace });
    const routed = async (): Promise<boolean> => (await get('httproute', 'moving', namespace)) !== undefined && (await get('httproute', 'moving-predictor', namespace)) !== undefined;
    await waitFor(routed, { what: "KServe's routes", timeout: 60_000, namespace });
    const next = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', gateway: { name: 'public', namespace: 'gateways' } }) });
      new InferenceService(chart, 'Next', { model: Model.sklearn({ name: 'moving', source: ModelSource.s3('s3://models/moving/v1') }), exposure: Exposure.gateway({ hosts: ['moving.example.com'] }), replaces: ExistingService.kserve('moving', { percent: 10 }) });
    }, namespace);
    expect(await apply(next)).toEqual([]);
    const [, old] = (await get('httproute', 'next', namespace))?.spec.rules[0].backendRefs;
    expect([old.name, old.weight, (await get('service', old.name, namespace))?.spec.ports.some(({ port }: { port: number }) => port === old.port)]).toEqual(['moving-predictor', 90, true]);

    const routesDone = async (): Promise<boolean> => (await get('inferenceservices.serving.kserve.io', 'moving', namespace))?.status.conditions.some(({ type, status }: any) => type === 'IngressReady' && status === 'True');
    const templates = (count: number) => waitFor(async () => (await list('replicasets', { namespace, selector: 'app=isvc.moving-predictor' })).length === count, { what: `template ${count}`, timeout: 30_000, namespace });
    expect(await routesDone()).toBe(false); // no Gateway takes them here
    await patch('inferenceservices.serving.kserve.io', 'moving', namespace, { metadata: { labels: INTERNAL } });
    await templates(2);
    await waitFor(routesDone, { what: 'KServe to have done with routes', timeout: 30_000, namespace });
    expect(await routed()).toBe(true);
    await remove('httproute', ['moving', 'moving-predictor'], namespace);
    await patch('inferenceservices.serving.kserve.io', 'moving', namespace, { metadata: { annotations: { note: 'looked at again' } } });
    await templates(3);
    await rolledOut('moving-predictor', namespace);
    expect(await get('httproute', 'moving', namespace)).toBeUndefined();
  });

  test('a new annotation of a service replaces its pods, and what others write into its Deployment is put back', async () => {
    await apply([service('noted', { containers: [container()] })], { namespace });
    await kserve.ready('inferenceservice', 'noted', namespace);
    await patch('deployment', 'noted-predictor', namespace, { spec: { minReadySeconds: 7, replicas: 3 } });
    await waitFor(async () => { const { spec } = await get('deployment', 'noted-predictor', namespace) as Manifest; return spec.minReadySeconds === undefined && spec.replicas === 1; }, { what: 'the Deployment to be put back', timeout: 30_000, namespace });
    await patch('inferenceservices.serving.kserve.io', 'noted', namespace, { metadata: { annotations: { note: 'new' } } });
    await waitFor(async () => (await list('replicasets', { namespace, selector: 'app=isvc.noted-predictor' })).length === 2, { what: 'a new template', timeout: 30_000, namespace });
    await rolledOut('noted-predictor', namespace);
  });
});
