import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, ClusterOperator, RolloutControllerKind, TrafficRouterKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'cluster-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: unknown): Cluster {
  const path = join(folder, 'cluster.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return Cluster.fromFile(path);
}

test('a file says what Cluster.of takes, with pools and operators as data', () => {
  const cluster = read({
    $schema: 'https://example.com/cluster.schema.json', name: 'eu-1', version: '1.34', gateway: { name: 'public', namespace: 'gw' }, ingressClass: 'nginx', ingressNamespace: 'edge', operators: ['keda'], imageMirrors: { 'docker.io': 'm.example.com' },
    imageDigests: { 'docker.io/a:1': `sha256:${'1'.repeat(64)}` }, imagePullSecrets: ['pull'], metricsUrl: 'http://prometheus.monitoring:9090', prices: { cpuHour: 0.04 }, imageVolumes: true, dynamicResourceAllocation: false, domain: 'k8s.example.com',
    gpuPools: [{ preset: 'nvidiaOperator', product: 'H100', count: 8, spare: 1 }],
  });
  expect(cluster).toMatchObject({
    name: 'eu-1', named: true, version: '1.34', gateway: { name: 'public', namespace: 'gw' }, ingressClass: 'nginx', ingressNamespace: 'edge', imagePullSecrets: ['pull'], metricsNamespace: 'monitoring', prices: { cpuHour: 0.04 },
    imageVolumes: true, dynamicResourceAllocation: false, domain: 'k8s.example.com', gpuPools: [{ product: 'H100-80GB', count: 8, spare: 1 }], _findings: [],
  });
  expect(cluster.image('docker.io/a:1')).toBe(`m.example.com/a@sha256:${'1'.repeat(64)}`);
  expect([cluster.runs(ClusterOperator.KEDA), cluster.runs(ClusterOperator.RELOADER)]).toEqual([true, false]);
});

test('a file without operators does not say that none runs', () => {
  expect(read({ name: 'eu' }).runs(ClusterOperator.KEDA)).toBe(true);
});

test.each([
  ['nvidiaOperator', {}, 'nvidia.com/gpu.product'], ['gke', {}, 'cloud.google.com/gke-accelerator'], ['eks', {}, 'node.kubernetes.io/instance-type'], ['aks', {}, 'kubernetes.azure.com/accelerator'],
  ['of', { vendor: 'nvidia', nodeLabels: { pool: 'gpu' } }, 'pool'],
])('a pool of preset %s is read', (preset, more, label) => {
  const cluster = read({ gpuPools: [{ preset, product: 'T4', count: 4, ...more }] });
  expect([codes(cluster), Object.keys(cluster.gpuPools[0]!._selector)]).toEqual([[], expect.arrayContaining([label])]);
});

test('a file that is not there, or no JSON, is told with its path', () => {
  const missing = Cluster.fromFile(join(folder, 'none.json'));
  expect(missing._findings).toEqual([expect.objectContaining({ code: 'SERVING_CLUSTER_FILE', what: expect.stringContaining('does not exist'), got: expect.stringContaining('none.json') })]);
  expect(read('{ name: "eu" }')._findings).toEqual([expect.objectContaining({ code: 'SERVING_CLUSTER_FILE', what: expect.stringContaining('no JSON') })]);
  expect(codes(Cluster.fromFile(undefined as any))).toEqual(['SERVING_CLUSTER_FILE']);
});

test('a path that is a folder is told as well', () => {
  expect(codes(Cluster.fromFile(folder))).toEqual(['SERVING_CLUSTER_FILE']);
});

test.each([['a list', []], ['null', 'null'], ['a number', '5']])('a file that holds %s holds no cluster', (_, content) => {
  expect(codes(read(content))).toEqual(['SERVING_WRONG_TYPE']);
});

test('what is unknown or wrong in a file is told as in a program', () => {
  expect(read({ gpuPool: [] })._findings).toEqual([expect.objectContaining({ code: 'SERVING_UNKNOWN_PROP', fix: "did you mean 'gpuPools'?" })]);
  expect(codes(read({ version: 1.3 }))).toEqual(['SERVING_WRONG_TYPE']);
  expect(codes(read({ operators: ['KEDA'] }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('a pool that is wrong is told by its place', () => {
  const cluster = read({ gpuPools: [{ preset: 'gke', product: 'L4', count: 1 }, { preset: 'gk', product: 'L4', count: 1 }] });
  expect(cluster._findings).toEqual([expect.objectContaining({ code: 'SERVING_WRONG_TYPE', what: expect.stringContaining('gpuPools[1]'), allowed: 'one of nvidiaOperator, gke, eks, aks, of' })]);
  expect(codes(read({ gpuPools: [{ preset: 'gke', product: 'L4', count: 1, sparee: 1 }] }))).toEqual(['SERVING_UNKNOWN_PROP']);
  expect(codes(read({ gpuPools: [{ preset: 'gke', product: 'L4' }] }))).toEqual(['SERVING_MISSING_PROP']);
  expect(codes(read({ gpuPools: ['L4'] }))).toEqual(['SERVING_WRONG_TYPE']);
});

describe('what replaces versions', () => {
  test.each([
    [{ controller: 'none', router: 'istio' }, { kind: RolloutControllerKind.NONE, router: TrafficRouterKind.ISTIO }], [{ controller: 'argo-rollouts' }, { kind: RolloutControllerKind.ARGO, router: undefined }],
    [{ controller: 'argo-rollouts', router: 'nginx' }, { kind: RolloutControllerKind.ARGO, router: TrafficRouterKind.NGINX }],
    [{ controller: 'flagger', router: 'gateway-api', loadTesterUrl: 'http://tester.flagger' }, { kind: RolloutControllerKind.FLAGGER, router: TrafficRouterKind.GATEWAY_API, loadTesterUrl: 'http://tester.flagger' }],
  ])('is %j', (rollouts, expected) => {
    const cluster = read({ rollouts, scrapeSeconds: 15 });
    expect(codes(cluster)).toEqual([]);
    expect([cluster.rollouts, cluster.scrapeSeconds]).toMatchObject([expected, 15]);
  });

  test.each([[{ controller: 'spinnaker' }], [{}], [{ controller: 'flagger', router: 'nginx' }], [{ controller: 'none', loadTesterUrl: 'http://a' }], ['argo-rollouts']])('is not %j', (rollouts) => expect(codes(read({ rollouts }))).not.toEqual([]));
});
