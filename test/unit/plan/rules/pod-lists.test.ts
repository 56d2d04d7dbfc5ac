import { Capability, Container, EnvValue, Probe, Volume } from 'cdk8s-plus-28';
import { Chart, Testing } from 'cdk8s';
import { MountedFile } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const scope = (): Chart => new Chart(Testing.app(), 'scope');
const securityContext = { user: 1000, capabilities: { drop: [Capability.ALL] } };
const empty = (name: string): Volume => Volume.fromEmptyDir(scope(), name, name);

test('two containers of one name are told', () => {
  const sidecars = [new Container({ name: 'server', image: 'a:1' })];
  expect(serve({ sidecars }).problem('SERVING_POD_ENTRY_TWICE')).toMatchObject({ what: "the container 'server' is there twice", got: '"server"' });
  expect(serve({ sidecars: [new Container({ name: 'proxy', image: 'a:1', securityContext })], initContainers: [new Container({ name: 'prepare', image: 'a:1', securityContext })] }).codes).toEqual([]);
  expect(serve({ initContainers: [new Container({ name: 'model-download', image: 'a:1', securityContext })] }).codes).toEqual(['SERVING_POD_ENTRY_TWICE']);
});

test('two volumes of one name, or two mounts at one path, are told', () => {
  expect(serve({ volumes: [{ volume: empty('model'), path: '/data' }] }).problem('SERVING_POD_ENTRY_TWICE').what).toBe("the volume 'model' is there twice");
  expect(serve({ volumes: [{ volume: empty('data'), path: '/tmp' }] }).problem('SERVING_POD_ENTRY_TWICE').what).toBe("the mount path of container 'server' '/tmp' is there twice");
  expect(serve({ files: [MountedFile.inline('/etc/a', 'x'), MountedFile.inline('/etc/a', 'y')] }).codes).toContain('SERVING_POD_ENTRY_TWICE');
  expect(serve({ volumes: [{ volume: empty('data'), path: '/data' }] }).codes).toEqual([]);
});

test('one volume in two places of the server is one volume', () => {
  const volume = empty('data');
  const served = serve({ volumes: [{ volume, path: '/a' }, { volume, path: '/b' }] });
  expect(served.codes).toEqual([]);
  expect(served.pod.volumes.filter((one: any) => one.name === 'data')).toHaveLength(1);
  expect([served.mount('/a').name, served.mount('/b').name]).toEqual(['data', 'data']);
});

test('a variable that an overlay gives twice to a container is told', () => {
  const env = [{ name: 'A', value: '1' }, { name: 'A', value: '2' }];
  expect(serve({ podOverlay: { spec: { containers: [{ name: 'proxy', image: 'a:1', env }] } } }).problem('SERVING_POD_ENTRY_TWICE').what).toBe("the variable of container 'proxy' 'A' is there twice");
  expect(serve({ env: { A: EnvValue.fromValue('1') }, podOverlay: { spec: { containers: [{ name: 'server', env: [{ name: 'A', value: '2' }] }] } } }).codes).toEqual([]);
});

test('a mount of a volume that the pod does not have is told with those that it has', () => {
  const volumeMounts = [{ name: 'nothing', mountPath: '/x' }];
  expect(serve({ podOverlay: { spec: { containers: [{ name: 'server', volumeMounts }] } } }).problem('SERVING_VOLUME_MISSING')).toMatchObject({ what: "container 'server' mounts 'nothing', which is no volume of the pod", allowed: expect.stringContaining('model') });
  expect(serve({ podOverlay: { spec: { containers: [{ name: 'server', volumeMounts }], volumes: [{ name: 'nothing', emptyDir: {} }] } } }).codes).toEqual([]);
});

test('an overlay has metadata and spec at its top', () => {
  expect(serve({ podOverlay: { containers: [], nodeSelector: {} } }).problem('SERVING_OVERLAY_SHAPE')).toMatchObject({ what: "'podOverlay' has containers, nodeSelector at its top", allowed: 'metadata, spec' });
  expect(serve({ podOverlay: { metadata: { annotations: { a: 'b' } } } }).codes).toEqual([]);
});

test('labels by which pods are selected are not changed by an overlay', () => {
  const overlay = (value: string | null): any => ({ metadata: { labels: { 'app.kubernetes.io/name': value } } });
  expect(serve({ podOverlay: overlay('other') }).problem('SERVING_OVERLAY_CHANGES_SELECTOR').what).toBe("'podOverlay' changes app.kubernetes.io/name");
  expect(serve({ podOverlay: overlay(null) }).codes).toEqual(['SERVING_OVERLAY_CHANGES_SELECTOR']);
  expect(serve({ podOverlay: { metadata: { labels: { 'app.kubernetes.io/instance': 'x' } } } }).codes).toEqual(['SERVING_OVERLAY_CHANGES_SELECTOR']);
  expect(serve({ podOverlay: { metadata: { labels: { tier: 'gold' } } } }).codes).toEqual([]);
});

test.each([['a text for the spec', { spec: 'x' }], ['no containers', { spec: { containers: null } }], ['no spec', { spec: null }], ['containers without names', { spec: { containers: [{ image: 'a:1' }] } }]])('an overlay that leaves the pod without its server is told: %s', (_, podOverlay) => {
  expect(serve({ podOverlay } as any).problems.filter((problem) => problem.severity === 'error').length).toBeGreaterThan(0);
});

describe('a container or volume that the API server would refuse', () => {
  const beside = (props: { name: string; image: string }) => serve({ sidecars: [new Container({ ...props, securityContext })] });

  test('has no image', () => {
    expect(beside({ name: 'proxy', image: '' }).problem('SERVING_POD_ENTRY_UNUSABLE')).toMatchObject({ severity: 'error', what: "container 'proxy' has no image", got: '""' });
    expect(serve({ podOverlay: { spec: { containers: [{ name: 'server', image: null }] } } }).codes).toContain('SERVING_POD_ENTRY_UNUSABLE');
    expect(beside({ name: 'proxy', image: 'a:1' }).codes).toEqual([]);
  });

  test.each(['Proxy', 'a_b', '-a', 'x'.repeat(64)])('is a container named %p', (name) => {
    expect(beside({ name, image: 'a:1' }).problem('SERVING_POD_ENTRY_UNUSABLE')).toMatchObject({ what: 'a container of the pod has no usable name', got: JSON.stringify(name), allowed: expect.stringContaining('DNS label') });
    expect(beside({ name: 'x'.repeat(63), image: 'a:1' }).codes).toEqual([]);
  });

  test('is a volume whose name is no DNS label, or that has none', () => {
    expect(serve({ volumes: [{ volume: empty('Not A Label'), path: '/data' }] }).codes).toContain('SERVING_POD_ENTRY_UNUSABLE');
    expect(serve({ podOverlay: { spec: { volumes: [{ emptyDir: {} }] } } }).problem('SERVING_POD_ENTRY_UNUSABLE').what).toBe('a volume of the pod has no usable name');
    expect(serve({ podOverlay: { spec: { volumes: [{ name: 'scratch', emptyDir: {} }] } } }).codes).toEqual([]);
  });
});

describe('a container that ends before the server starts', () => {
  const before = (props: object) => serve({ initContainers: [new Container({ name: 'prepare', image: 'a:1', securityContext, ...props })] });

  test('has no probes: the port of cdk8s-plus brings one', () => {
    expect(before({ portNumber: 9000 }).problem('SERVING_INIT_CONTAINER_PROBES')).toMatchObject({ severity: 'error', what: "init container 'prepare' has startupProbe", got: '["startupProbe"]', fix: expect.stringContaining("'portNumber'") });
    expect(before({ readiness: Probe.fromCommand(['true']), liveness: Probe.fromCommand(['true']) }).problem('SERVING_INIT_CONTAINER_PROBES').what).toBe("init container 'prepare' has readinessProbe and livenessProbe");
    expect(before({}).codes).toEqual([]);
  });

  test('may have them when it stays beside the server', () => {
    const startupProbe = { exec: { command: ['true'] } };
    const laid = (more: object): string[] => serve({ initContainers: [new Container({ name: 'proxy', image: 'a:1', securityContext })], podOverlay: { spec: { initContainers: [{ name: 'proxy', startupProbe, ...more }] } } }).codes;
    expect([laid({ restartPolicy: 'Always' }), laid({})]).toEqual([[], ['SERVING_INIT_CONTAINER_PROBES']]);
  });
});
