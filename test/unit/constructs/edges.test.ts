import { ApiObject, Chart, Duration, Size, Testing } from 'cdk8s';
import { Capability, ConfigMap, Container, Cpu, EnvFieldPaths, EnvValue, PersistentVolumeClaim, Probe, Secret, ServiceAccount, Volume } from 'cdk8s-plus-28';
import { Credentials, ModelSource } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';
import { validateManifests } from '../../support/schema';

const scope = new Chart(Testing.app(), 'scope', { namespace: 'ml' });
const secret = new Secret(scope, 'Secret', { metadata: { name: 'tokens' } });
const config = new ConfigMap(scope, 'Config', { metadata: { name: 'settings' } });

test('variables come from texts, Secrets, ConfigMaps and fields of the pod', () => {
  const served = serve({
    env: {
      PLAIN: EnvValue.fromValue('x'), EMPTY: EnvValue.fromValue(''), TOKEN: EnvValue.fromSecretValue({ secret, key: 'token' }), SETTING: EnvValue.fromConfigMap(config, 'setting', { optional: true }), NODE: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME),
    },
  });
  expect(served.server.env.slice(-5)).toEqual([
    { name: 'PLAIN', value: 'x' }, { name: 'EMPTY', value: '' }, { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'tokens', key: 'token' } } }, { name: 'SETTING', valueFrom: { configMapKeyRef: { name: 'settings', key: 'setting', optional: true } } },
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ]);
  expect(validateManifests(served.manifests, '1.34')).toEqual([]);
});

test('volumes of every kind come through', () => {
  const claim = PersistentVolumeClaim.fromClaimName(scope, 'Claim', 'data');
  const served = serve({
    volumes: [{ volume: Volume.fromPersistentVolumeClaim(scope, 'A', claim, { name: 'data' }), path: '/data' }, { volume: Volume.fromSecret(scope, 'B', secret, { name: 'keys' }), path: '/keys' }, { volume: Volume.fromConfigMap(scope, 'C', config, { name: 'conf' }), path: '/conf' },
      { volume: Volume.fromEmptyDir(scope, 'D', 'scratch', { sizeLimit: Size.gibibytes(1) }), path: '/scratch', readOnly: false }],
  });
  expect([served.volume('data').persistentVolumeClaim.claimName, served.volume('keys').secret.secretName, served.volume('conf').configMap.name, served.volume('scratch').emptyDir]).toEqual(['data', 'tokens', 'settings', { sizeLimit: '1024Mi' }]);
  expect(validateManifests(served.manifests, '1.34')).toEqual([]);
});

describe('a container beside the server', () => {
  const shared = Volume.fromEmptyDir(scope, 'Shared', 'shared');
  const securityContext = { user: 1000, capabilities: { drop: [Capability.ALL] } };
  const proxy = new Container({
    name: 'proxy', image: 'a:1', securityContext, portNumber: 9999, args: ['--x'], envVariables: { A: EnvValue.fromValue('b') }, resources: { cpu: { request: Cpu.millis(100) }, memory: { request: Size.mebibytes(64) } }, readiness: Probe.fromHttpGet('/', { periodSeconds: Duration.seconds(7) }),
  });
  proxy.mount('/shared', shared);

  test('comes through as it is, with its volumes', () => {
    const served = serve({ sidecars: [proxy] });
    expect(served.pod.containers[1]).toMatchObject({ name: 'proxy', image: 'a:1', args: ['--x'], env: [{ name: 'A', value: 'b' }], ports: [{ containerPort: 9999 }], readinessProbe: { periodSeconds: 7 }, volumeMounts: [{ name: 'shared', mountPath: '/shared' }] });
    expect(served.volume('shared')).toEqual({ name: 'shared', emptyDir: {} });
    expect(validateManifests(served.manifests, '1.34')).toEqual([]);
  });

  test('shares a volume with the server and with others, which is there once', () => {
    const prepare = new Container({ name: 'prepare', image: 'a:1', securityContext });
    prepare.mount('/other', shared);
    const served = serve({ sidecars: [proxy], initContainers: [prepare], volumes: [{ volume: shared, path: '/here' }] });
    expect([served.codes, served.pod.volumes.filter((one: any) => one.name === 'shared').length, served.mount('/here').name]).toEqual([[], 1, 'shared']);
  });

  test('runs before the server and after the download when it prepares something', () => {
    const prepare = new Container({ name: 'prepare', image: 'a:1' });
    expect(serve({ initContainers: [prepare] }).pod.initContainers.map((one: any) => one.name)).toEqual(['model-download', 'prepare']);
  });
});

test('what has a name is known by it: ServiceAccounts, Secrets', () => {
  const account = new ServiceAccount(scope, 'Account', { metadata: { name: 'mine' } });
  expect(serve({ serviceAccount: account }).pod.serviceAccountName).toBe('mine');
  const model = iris({ source: ModelSource.s3('s3://models/v1', { credentials: Credentials.fromSecret(secret) }) });
  const served = serve({ model });
  expect(served.env(served.download).AWS_ACCESS_KEY_ID.secretKeyRef.name).toBe('tokens');
});

test('a Secret whose name cdk8s makes up is known by that name', () => {
  const served = serve();
  const made = new Secret(served.chart, 'Made');
  expect(serve({ env: { A: EnvValue.fromSecretValue({ secret: made, key: 'a' }) } }).env().A).toEqual({ secretKeyRef: { name: ApiObject.of(made).name, key: 'a' } });
});

test('what is no value of cdk8s-plus is told, not thrown', () => {
  expect(serve({ volumes: [{ volume: { name: 'x' } as any, path: '/x' }] }).codes).toEqual(['SERVING_WRONG_TYPE']);
  expect(serve({ sidecars: [{ name: 'x' } as any] }).codes).toEqual(['SERVING_WRONG_TYPE']);
  expect(serve({ serviceAccount: 'mine' as any }).codes).toEqual(['SERVING_WRONG_TYPE']);
  expect(serve({ volumes: [{ volume: Volume.fromEmptyDir(scope, 'Rel', 'rel'), path: 'relative' }] }).codes).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});
