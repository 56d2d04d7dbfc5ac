import { KServeController } from '../../support/cluster/kserve-controller';
import { apply, get, list, type Manifest, patch } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces } from '../../support/cluster/namespaces';
import { waitFor } from '../../support/cluster/wait';

const IMAGE = 'registry.example.com/vllm:1';

const llm = (name: string, main: object, spec: object = {}, pod: object = {}): Manifest => ({
  apiVersion: 'serving.kserve.io/v1alpha2', kind: 'LLMInferenceService', metadata: { name },
  spec: { model: { uri: 's3://models/qwen', name }, ...spec, template: { containers: [{ name: 'main', image: IMAGE, command: ['vllm'], ...main }], ...pod } },
});

// As for InferenceServices: what its definition takes and its controller does otherwise.
describe("KServe's real controller of LLMs", () => {
  let kserve: KServeController;
  let namespace: string;

  beforeAll(async () => {
    kserve = await KServeController.start({ llm: true });
    namespace = await createNamespace('llm', { restricted: false });
  }, 1_200_000); // minutes where it has to be made first

  afterAll(async () => {
    await kserve?.stop();
    await removeNamespaces();
  });

  test('what is said is laid upon its preset: one more kind of handler makes a Deployment that nobody takes', async () => {
    await apply([
      llm('kept', { startupProbe: { failureThreshold: 200 }, lifecycle: { preStop: { exec: { command: ['sleep', '9'] } } } }, {}, { terminationGracePeriodSeconds: 75 }),
      llm('doubled', { lifecycle: { preStop: { sleep: { seconds: 9 } } } }),
    ], { namespace });
    await kserve.ready('llminferenceservice', 'kept', namespace);
    const { spec } = (await get('deployment', 'kept-kserve', namespace) as Manifest).spec.template;
    expect(spec).toMatchObject({ terminationGracePeriodSeconds: 75, containers: [{ name: 'main', image: IMAGE, startupProbe: { failureThreshold: 200, httpGet: { path: '/health' } }, lifecycle: { preStop: { exec: { command: ['sleep', '9'] } } } }] });
    await waitFor(async () => JSON.stringify((await get('llminferenceservices.serving.kserve.io', 'doubled', namespace))?.status ?? {}).includes('may not specify more than 1 handler type'), { what: 'a complaint', timeout: 30_000, namespace });
  });

  test('its Service does not find pods of another name, and its selector holds all labels', async () => {
    await apply([llm('named', {}, { labels: { 'app.kubernetes.io/name': 'other', version: 'v7' } })], { namespace });
    await kserve.ready('llminferenceservice', 'named', namespace);
    const service = await get('service', 'named-kserve-workload-svc', namespace) as Manifest;
    const deployment = await get('deployment', 'named-kserve', namespace) as Manifest;
    expect(service.spec.selector['app.kubernetes.io/name']).toBe('named');
    expect(deployment.spec.selector.matchLabels).toMatchObject({ 'app.kubernetes.io/name': 'other', version: 'v7' });
    expect(await list('pods', { namespace, selector: 'app.kubernetes.io/name=named' })).toEqual([]);
  });

  test('copies that nobody says are left to others, those that are said are put back', async () => {
    await apply([llm('left', {}), llm('counted', {}, { replicas: 1 })], { namespace });
    for (const name of ['left', 'counted']) await kserve.ready('llminferenceservice', name, namespace);
    for (const name of ['left', 'counted']) await patch('deployment', `${name}-kserve`, namespace, { spec: { replicas: 2 } });
    await waitFor(async () => (await get('deployment', 'counted-kserve', namespace))?.spec.replicas === 1, { what: 'the copies to be put back', timeout: 30_000, namespace });
    await kserve.ready('llminferenceservice', 'left', namespace);
    expect((await get('deployment', 'left-kserve', namespace))?.spec.replicas).toBe(2);
  });
});
