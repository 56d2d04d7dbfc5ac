import { Chart, Size, Testing } from 'cdk8s';
import { Capability, Container, ContainerProps, Volume } from 'cdk8s-plus-28';
import { Accelerator, GpuPool, InferenceServer, Model, ModelSource, Problems, Scaling } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const proxy = (securityContext?: ContainerProps['securityContext']): Container => new Container({ name: 'proxy', image: 'a:1', securityContext });
const dropped = { user: 1000, capabilities: { drop: [Capability.ALL] } };
const laid = (spec: object): ReturnType<typeof serve> => serve({ podOverlay: { spec } });
const onServer = (securityContext: object): ReturnType<typeof serve> => laid({ containers: [{ name: 'server', securityContext }] });
const NOT_RESTRICTED = "pods break Pod Security 'restricted': ";

test("what the library makes by itself keeps 'restricted', with its downloader", () => {
  const served = serve();
  expect([served.codes, served.download !== undefined]).toEqual([[], true]);
});

describe('a container of cdk8s-plus', () => {
  test('keeps its capabilities unless it drops them', () => {
    expect(serve({ sidecars: [proxy()] }).problem('SERVING_POD_NOT_RESTRICTED')).toMatchObject({ severity: 'warning', path: 'ml/Iris', what: `${NOT_RESTRICTED}'proxy' keeps capabilities`, fix: expect.stringContaining("label the namespace 'baseline'") });
    expect(serve({ sidecars: [proxy(dropped)] }).codes).toEqual([]);
  });

  test('before the server counts as well', () => {
    expect(serve({ initContainers: [proxy()] }).codes).toEqual(['SERVING_POD_NOT_RESTRICTED']);
    expect(serve({ initContainers: [proxy(dropped)] }).codes).toEqual([]);
  });

  test('may say each of the other things that are not allowed, and all are told at once', () => {
    const { what } = serve({ sidecars: [proxy({ ...dropped, allowPrivilegeEscalation: true, ensureNonRoot: false, privileged: true })] }).problem('SERVING_POD_NOT_RESTRICTED');
    expect(what).toBe(`${NOT_RESTRICTED}'proxy' is privileged; 'proxy' may escalate privileges; 'proxy' may run as root`);
  });
});

test.each<[string, object, string]>([
  ['drops less than all', { capabilities: { drop: ['NET_RAW'] } }, "'server' keeps capabilities"],
  ['may escalate', { allowPrivilegeEscalation: true }, "'server' may escalate privileges"],
  ['is user 0', { runAsUser: 0 }, "'server' may run as root"],
  ['need not be another user than root', { runAsNonRoot: false }, "'server' may run as root"],
  ['has no filter of system calls', { seccompProfile: { type: 'Unconfined' } }, "'server' has no seccomp profile"],
])('an overlay is found by which the server %s', (_, securityContext, what) => {
  expect(onServer(securityContext).problem('SERVING_POD_NOT_RESTRICTED').what).toBe(NOT_RESTRICTED + what);
});

test('another user and a seccomp profile of the node are fine', () => {
  expect(onServer({ runAsUser: 2000 }).codes).toEqual([]);
  expect(onServer({ seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } }).codes).toEqual([]);
});

test.each(['hostNetwork', 'hostPID', 'hostIPC'])('%s is told, and its absence is not', (field) => {
  expect(laid({ [field]: true }).problem('SERVING_POD_NOT_RESTRICTED').what).toBe(`${NOT_RESTRICTED}the pod has ${field}`);
  expect(laid({ [field]: false }).codes).toEqual([]);
});

test('a folder of the node is told, a volume of another kind is not', () => {
  const scope = new Chart(Testing.app(), 'scope');
  expect(serve({ volumes: [{ volume: Volume.fromHostPath(scope, 'Host', 'host', { path: '/data' }), path: '/data' }] }).problem('SERVING_POD_NOT_RESTRICTED').what).toBe(`${NOT_RESTRICTED}volume 'host' is of type hostPath`);
  expect(serve({ volumes: [{ volume: Volume.fromEmptyDir(scope, 'Empty', 'empty'), path: '/data' }] }).codes).toEqual([]);
});

test('a share of NFS is told: restricted allows nine types of volumes', () => {
  expect(laid({ volumes: [{ name: 'share', nfs: { server: 'nfs.example.com', path: '/' } }] }).problem('SERVING_POD_NOT_RESTRICTED').what).toBe(`${NOT_RESTRICTED}volume 'share' is of type nfs`);
  for (const volume of [{ configMap: { name: 'a' } }, { csi: { driver: 'a.example.com' } }, { downwardAPI: {} }, { emptyDir: {} }, { ephemeral: {} }, { persistentVolumeClaim: { claimName: 'a' } }, { projected: { sources: [] } }, { secret: { secretName: 'a' } }]) {
    expect([volume, laid({ volumes: [{ name: 'extra', ...volume }] }).codes]).toEqual([volume, []]);
  }
});

test.each<[string, object, string]>([
  ['adds a capability', { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } }, "'server' adds capabilities"], ['has a port of the node', { ports: [{ containerPort: 8080, hostPort: 80 }] }, "'server' has a host port"],
  ['unmasks /proc', { securityContext: { procMount: 'Unmasked' } }, "'server' unmasks /proc"],
])('a server that %s is told', (_, container, what) => {
  expect(laid({ containers: [{ name: 'server', ...container }] }).problem('SERVING_POD_NOT_RESTRICTED').what).toBe(NOT_RESTRICTED + what);
});

test('a pod whose user is root is told, also where its containers have another', () => {
  expect(laid({ securityContext: { runAsUser: 0 } }).problem('SERVING_POD_NOT_RESTRICTED').what).toContain('the pod runs as root');
});

test('the capability to bind low ports is allowed, and so is /proc as it is by default', () => {
  expect(onServer({ capabilities: { add: ['NET_BIND_SERVICE'] } }).codes).toEqual([]);
  expect(onServer({ procMount: 'Default' }).codes).toEqual([]);
});

test('a server whose image runs as root is told, and acknowledged with a reason', () => {
  const model = Model.huggingFace('Qwen/Qwen3-0.6B', { source: ModelSource.s3('s3://models/qwen/v1'), size: Size.gibibytes(1.5) });
  const gpu = { model, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
  const cluster = { gpuPools: [GpuPool.gke('L4', { count: 4 })] };
  const served = serve({ ...gpu, server: InferenceServer.sglang() }, cluster);
  expect(served.problem('SERVING_POD_NOT_RESTRICTED').what).toContain("'server' may run as root");
  Problems.acknowledge(served.service, 'SERVING_POD_NOT_RESTRICTED', "the namespace is 'baseline'");
  expect(served.problem('SERVING_POD_NOT_RESTRICTED').acknowledged).toBe("the namespace is 'baseline'");
  expect(serve({ ...gpu, server: InferenceServer.vllm() }, cluster).codes).toEqual([]);
});

test('a server of your own that needs root is told; one that has a user is not', () => {
  const of = (props: { root?: boolean; user?: number }): string[] => serve({ model: Model.custom(), server: InferenceServer.container({ image: 'r.example.com/a:1', ...props }) }).codes;
  expect([of({ root: true }).includes('SERVING_POD_NOT_RESTRICTED'), of({ user: 1000 }).includes('SERVING_POD_NOT_RESTRICTED')]).toEqual([true, false]);
});
