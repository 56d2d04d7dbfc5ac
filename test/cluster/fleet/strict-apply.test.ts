import { apply, get, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { mlserver } from '../../support/cluster/prototype/mlserver';

const manifests = (): Manifest[] =>
  mlserver({ name: 'iris', source: { s3: 's3://models/iris/v1', environment: {} } }).map((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, namespace: 'models' } }));

describe('strict server-side apply', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('strict'); });
  afterAll(removeNamespaces);

  test('takes all, in the namespace of the test', async () => {
    const moved = await setNamespace(manifests(), namespace);
    expect(await apply(moved)).toEqual([]);
    for (const { kind, metadata } of moved) expect((await get(kind, metadata.name, namespace))?.metadata.uid).toBeDefined();
  });

  test('refuses a field that the API does not know', async () => {
    const [deployment] = await setNamespace(manifests(), namespace);
    deployment.spec.template.spec.containers[0].readynessProbe = {};
    await expect(apply([deployment], { dryRun: true })).rejects.toThrow(/unknown field.*readynessProbe|readynessProbe.*not declared/);
  });

  test('fails on a warning: here of pods that Pod Security would refuse', async () => {
    const [deployment] = await setNamespace(manifests(), namespace);
    deployment.spec.template.spec.containers[0].securityContext = { privileged: true };
    await expect(apply([deployment], { dryRun: true, force: true })).rejects.toThrow(/Warning: would violate PodSecurity "restricted/);
  });
});
