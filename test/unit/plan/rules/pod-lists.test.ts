import { Container, EnvValue, Volume } from 'cdk8s-plus-28';
import { Chart, Testing } from 'cdk8s';
import { MountedFile } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const scope = (): Chart => new Chart(Testing.app(), 'scope');
const empty = (name: string): Volume => Volume.fromEmptyDir(scope(), name, name);

test('two containers of one name are told', () => {
  const sidecars = [new Container({ name: 'server', image: 'a:1' })];
  expect(serve({ sidecars }).problem('SERVING_POD_ENTRY_TWICE')).toMatchObject({ what: "the container 'server' is there twice", got: '"server"' });
  expect(serve({ sidecars: [new Container({ name: 'proxy', image: 'a:1' })], initContainers: [new Container({ name: 'prepare', image: 'a:1' })] }).codes).toEqual([]);
  expect(serve({ initContainers: [new Container({ name: 'model-download', image: 'a:1' })] }).codes).toEqual(['SERVING_POD_ENTRY_TWICE']);
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
