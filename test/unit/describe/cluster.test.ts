import { Cluster, ClusterOperator, GpuPool } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a cluster of which nothing is said is Kubernetes 1.30 by the name of cluster', () => {
  expect(Cluster.of()).toMatchObject({ name: 'cluster', named: false, version: '1.30', minorVersion: 30, gpuPools: [], domain: 'cluster.local', imageVolumes: false, imagePullSecrets: [], prices: {}, _findings: [] });
});

test.each(['1.30', '1.31', '1.32', '1.33', '1.34'])('Kubernetes %s is emitted for', (version) => {
  expect([codes(Cluster.of({ version })), Cluster.of({ version }).minorVersion]).toEqual([[], Number(version.slice(2))]);
});

test('an older Kubernetes is to be upgraded, a newer one is said as the newest known', () => {
  expect(Cluster.of({ version: '1.29' })._findings).toEqual([expect.objectContaining({ code: 'SERVING_KUBERNETES_VERSION', got: '"1.29"', allowed: '1.30 to 1.34', fix: 'upgrade the cluster' })]);
  expect(Cluster.of({ version: '1.35' })._findings[0]).toMatchObject({ code: 'SERVING_KUBERNETES_VERSION', fix: 'say 1.34, whose fields newer clusters take' });
  expect([Cluster.of({ version: '1.29' }).minorVersion, Cluster.of({ version: '1.99' }).minorVersion]).toEqual([30, 34]);
});

test.each(['v1.34', '1.34.2', '2.0', 'latest'])("'%s' is no version", (version) => {
  expect(codes(Cluster.of({ version }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('a version that is a number lost its zero, and is refused', () => {
  expect(Cluster.of({ version: 1.3 as any })._findings).toEqual([expect.objectContaining({ code: 'SERVING_WRONG_TYPE', got: '1.3' })]);
});

test('what is wrong in a pool, the gateway or the prices is carried', () => {
  expect(codes(Cluster.of({ gpuPools: [GpuPool.gke('L4', { count: -1 })] }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(Cluster.of({ gateway: { name: 'public', namespace: 'Not A Label' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(Cluster.of({ gateway: { name: 'public', namespace: 'gw', listener: 'https' } as any }))).toEqual(['SERVING_UNKNOWN_PROP']);
  expect(codes(Cluster.of({ prices: { cpuHour: -1 } }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(Cluster.of({ prices: { gpuHour: 1 } as any }))).toEqual(['SERVING_UNKNOWN_PROP']);
});

test('a gateway that is wrong is not used', () => {
  expect(Cluster.of({ gateway: { name: '', namespace: 'gw' } }).gateway).toBeUndefined();
});

test('two pools that select the same nodes would be counted twice', () => {
  const twice = Cluster.of({ gpuPools: [GpuPool.gke('L4', { count: 8 }), GpuPool.gke('L4', { count: 4 })] });
  expect(twice._findings).toEqual([expect.objectContaining({ code: 'SERVING_POOL_TWICE', what: expect.stringContaining("'L4'"), fix: expect.stringContaining('nodeLabels') })]);
  expect(codes(Cluster.of({ gpuPools: [GpuPool.gke('L4', { count: 8 }), GpuPool.gke('L4', { count: 4, nodeLabels: { pool: 'spot' } })] }))).toEqual([]);
  expect(codes(Cluster.of({ gpuPools: [GpuPool.eks('A100-40GB', { count: 8 }), GpuPool.eks('A100-40GB', { count: 7, migProfile: '1g.5gb' })] }))).toEqual([]);
});

test('operators that are not said are taken at their word, said ones are all there are', () => {
  expect(Cluster.of().runs(ClusterOperator.KEDA)).toBe(true);
  const cluster = Cluster.of({ operators: [ClusterOperator.of('keda')] });
  expect([cluster.runs(ClusterOperator.KEDA), cluster.runs(ClusterOperator.RELOADER)]).toEqual([true, false]);
  expect(Cluster.of({ operators: [] }).runs(ClusterOperator.KEDA)).toBe(false);
});

test.each([
  ['http://prometheus.monitoring:9090', 'monitoring'], ['http://prometheus.monitoring.svc.cluster.local:9090/select/0', 'monitoring'], ['https://metrics.example.com', undefined], ['http://prometheus:9090', undefined],
])('%s is scraped from namespace %s', (metricsUrl, namespace) => {
  expect([Cluster.of({ metricsUrl }).metricsNamespace, codes(Cluster.of({ metricsUrl }))]).toEqual([namespace, []]);
});

test('the password of a metrics URL is refused and not shown', () => {
  const cluster = Cluster.of({ metricsUrl: 'http://user:hunter2@prometheus.monitoring:9090' });
  expect(codes(cluster)).toHaveLength(1);
  expect(JSON.stringify(cluster._findings)).not.toContain('hunter2');
});

describe('an image', () => {
  const DIGEST = `sha256:${'1'.repeat(64)}`;

  test('without a registry is of Docker Hub', () => {
    expect(['python:3', 'kserve/storage:v1', 'localhost/x:1', 'registry:5000/x:1', 'quay.io/a/b'].map((name) => Cluster.of().image(name)))
      .toEqual(['docker.io/library/python:3', 'docker.io/kserve/storage:v1', 'localhost/x:1', 'registry:5000/x:1', 'quay.io/a/b']);
  });

  test('comes from the mirror of its registry; the longest name wins', () => {
    const cluster = Cluster.of({ imageMirrors: { 'docker.io': 'mirror.example.com/hub', 'docker.io/seldonio': 'mirror.example.com/seldon', 'docker': 'wrong.example.com' } });
    expect([cluster.image('python:3'), cluster.image('seldonio/mlserver:1'), cluster.image('quay.io/a:1')]).toEqual(['mirror.example.com/hub/library/python:3', 'mirror.example.com/seldon/mlserver:1', 'quay.io/a:1']);
  });

  test('is named by its digest, given by its short or its full name, also behind a mirror', () => {
    const cluster = Cluster.of({ imageDigests: { 'docker.io/kserve/storage:v1': DIGEST, 'python:3': DIGEST }, imageMirrors: { 'docker.io': 'm.example.com' } });
    expect([cluster.image('kserve/storage:v1'), cluster.image('python:3'), cluster.image('python:4')]).toEqual([`m.example.com/kserve/storage@${DIGEST}`, `m.example.com/library/python@${DIGEST}`, 'm.example.com/library/python:4']);
  });

  test('that has a digest keeps it', () => {
    const name = `quay.io/a/b@sha256:${'2'.repeat(64)}`;
    expect(Cluster.of({ imageDigests: { [name]: DIGEST } }).image(name)).toBe(name);
  });

  test('of a registry with a port keeps the port when it gets a digest', () => {
    expect(Cluster.of({ imageDigests: { 'r.example.com:5000/a:1': DIGEST } }).image('r.example.com:5000/a:1')).toBe(`r.example.com:5000/a@${DIGEST}`);
  });

  test('has a digest of 64 digits', () => {
    expect(codes(Cluster.of({ imageDigests: { 'a:1': 'sha256:123' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
    expect(codes(Cluster.of({ imageMirrors: { 'docker.io': 'https://mirror.example.com' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});

test.each([['1.32', undefined, false], ['1.33', undefined, false], ['1.34', undefined, true], ['1.32', true, true], ['1.34', false, false]])('dynamic resource allocation of Kubernetes %s, said to be %p, is %p', (version, dynamicResourceAllocation, is) => {
  expect(Cluster.of({ version, dynamicResourceAllocation }).dynamicResourceAllocation).toBe(is);
});

test("the namespace of the ingress controller is not guessed from the class's name", () => {
  expect([Cluster.of({ ingressClass: 'nginx' }).ingressNamespace, Cluster.of({ ingressClass: 'nginx', ingressNamespace: 'edge' }).ingressNamespace]).toEqual([undefined, 'edge']);
});
