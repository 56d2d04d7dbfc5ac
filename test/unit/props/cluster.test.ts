import { Accelerator, Cluster, ClusterOperator, ClusterProps, Exposure, GatewayReference, GpuPool, InferenceProtocol, InferenceServer, InferenceServiceProps, Model, ModelSource, OciDelivery, Prices, Rollout, RolloutController, Scaling } from 'cdk8s-serving';
import { Namespaces } from 'cdk8s-plus-28';
import { Duration, Size } from 'cdk8s';
import { everyProp } from '../../support/props';
import { iris, serve, Served } from '../../support/serving';

const onGpu = { model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
const gateway = { name: 'public', namespace: 'gateway' };
const L4 = GpuPool.gke('L4', { count: 8, spare: 1 });

/** A service with a grant, so that it has a NetworkPolicy. */
function serveGranted(props: Partial<InferenceServiceProps>, cluster: ClusterProps): Served {
  const served = serve(props, cluster);
  served.service.grantInvoke(Namespaces.select(served.chart, 'Callers', { names: ['shop'] }));
  return served;
}
const ingressOf = (served: Served): any => served.one('NetworkPolicy')?.spec.ingress;
const granted = (props: Partial<InferenceServiceProps>, cluster: ClusterProps): any => ingressOf(serveGranted(props, cluster));
const metricsUrl = 'http://prometheus.monitoring:9090';
const fromNamespace = (name: string): any => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const exposed = { exposure: Exposure.gateway({ hosts: ['a.example.com'] }) };
const ingress = { exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) };
const mounted = { model: iris({ source: ModelSource.oci(`m@sha256:${'1'.repeat(64)}`, { delivery: OciDelivery.VOLUME, path: '/' }) }) };
const claim = { ...onGpu, accelerator: Accelerator.resourceClaim('gpu.nvidia.com') };

describe('each prop of a cluster', () => {
  everyProp<ClusterProps, Cluster>({}, (props) => Cluster.of(props), {
    name: { value: 'eu-1', beside: { gpuPools: [GpuPool.gke('T4', { count: 1 })] }, see: (cluster) => serve(onGpu, cluster).problem('SERVING_ACCELERATOR_NOT_IN_CLUSTER').what, is: "no pool of the cluster 'eu-1' has 1 x L4" },
    version: { value: '1.34', see: (cluster) => serve(claim, cluster).codes, is: [] },
    gpuPools: { value: [L4], see: (cluster) => serve(onGpu, cluster).pod.nodeSelector, is: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' } },
    gateway: { value: gateway, see: (cluster) => serve(exposed, cluster).codes, is: [] },
    ingressClass: { value: 'nginx', see: (cluster) => serve(ingress, cluster).one('Ingress').spec.ingressClassName, is: 'nginx' },
    ingressNamespace: { value: 'edge', beside: { ingressClass: 'nginx', metricsUrl }, see: (cluster) => { const served = serveGranted(ingress, cluster as any); return served.codes.length === 0 ? ingressOf(served)[0].from : served.codes; }, is: [expect.anything(), fromNamespace('edge')] },
    operators: { value: [], see: (cluster) => serve({ scaling: Scaling.onCpu({ min: 2, max: 4 }) }, cluster).codes, is: ['SERVING_METRICS_API_MISSING'] },
    imageMirrors: { value: { 'docker.io': 'mirror.example.com' }, see: (cluster) => serve({}, cluster).download.image, is: 'mirror.example.com/kserve/storage-initializer:v0.20.0' },
    imageDigests: { value: { 'docker.io/kserve/storage-initializer:v0.20.0': `sha256:${'1'.repeat(64)}` }, see: (cluster) => serve({}, cluster).download.image, is: `docker.io/kserve/storage-initializer@sha256:${'1'.repeat(64)}` },
    imagePullSecrets: { value: ['pull'], see: (cluster) => serve({}, cluster).pod.imagePullSecrets, is: [{ name: 'pull' }] },
    metricsUrl: { value: metricsUrl, see: (cluster) => granted({}, cluster as any)[1], is: { from: [fromNamespace('monitoring')], ports: [{ port: 8082, protocol: 'TCP' }] } },
    scrapeInterval: { value: Duration.minutes(2), see: (cluster) => cluster.scrapeSeconds, is: 120 },
    rollouts: { value: RolloutController.argo(), see: (cluster) => serve({ rollout: Rollout.blueGreen() }, cluster).all('Rollout').length, is: 1 },
    prices: { value: { cpuHour: 0.04, memoryGibHour: 0.005 }, see: (cluster) => serve({}, cluster).service.estimateCost() !== undefined, is: true },
    dynamicResourceAllocation: { value: true, beside: { version: '1.32' }, see: (cluster) => serve(claim, cluster).codes, is: [] },
    imageVolumes: { value: true, beside: { version: '1.34' }, see: (cluster) => serve(mounted, cluster).codes, is: [] },
    domain: { value: 'k8s.example.com', see: (cluster) => serve({}, cluster).service.endpoint(InferenceProtocol.V2_REST)!.host, is: 'iris.ml.svc.k8s.example.com' },
  });
});

describe('each prop of a gateway', () => {
  const parent = (served: Served): any => served.one('HTTPRoute').spec.parentRefs[0];
  const policy = (reference: GatewayReference): any => granted(exposed, { gateway: reference })[0].from[1];
  everyProp<GatewayReference, GatewayReference>(gateway, (reference) => reference, {
    name: { value: 'other', see: (reference) => parent(serve(exposed, { gateway: reference })).name, is: 'other' },
    namespace: { value: 'edge', see: (reference) => [parent(serve(exposed, { gateway: reference })).namespace, policy(reference)], is: ['edge', fromNamespace('edge')] },
    sectionName: { value: 'https', see: (reference) => parent(serve(exposed, { gateway: reference })).sectionName, is: 'https' },
    proxyNamespace: { value: 'envoy', see: policy, is: fromNamespace('envoy') },
  });
});

describe('each price', () => {
  const base = { cpuHour: 0.04, memoryGibHour: 0.005, deviceHour: { L4: 0.5 } };
  // 4 CPUs; what it asks for of memory
  const cost = (prices: Prices): number => serve({ ...onGpu, memory: Size.gibibytes(10) }, { gpuPools: [L4], prices }).service.estimateCost()!.copyPerHour;
  everyProp<Prices, Prices>(base, (prices) => prices, {
    cpuHour: { value: 0.1, see: cost, is: 4 * 0.1 + 10 * 0.005 + 0.5 },
    memoryGibHour: { value: 0.01, see: cost, is: 4 * 0.04 + 10 * 0.01 + 0.5 },
    deviceHour: { value: { L4: 2 }, see: cost, is: 4 * 0.04 + 10 * 0.005 + 2 },
  });

  test('must be known for all that a copy needs', () => {
    const estimate = (prices: Prices, pools = [L4]): unknown => serve(onGpu, { gpuPools: pools, prices }).service.estimateCost();
    expect([estimate({ cpuHour: 1, memoryGibHour: 1 }), estimate({ cpuHour: 1, deviceHour: { L4: 1 } }), estimate({ memoryGibHour: 1, deviceHour: { L4: 1 } }), estimate(base, [])]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('is counted for the least and the most copies', () => {
    const scaled = serve({ memory: Size.gibibytes(2), scaling: Scaling.onCpu({ min: 2, max: 10 }) }, { prices: base }).service.estimateCost()!;
    expect(scaled).toMatchObject({ minPerHour: expect.closeTo(2 * scaled.copyPerHour), maxPerHour: expect.closeTo(10 * scaled.copyPerHour) });
    expect(scaled.copyPerHour).toBeGreaterThan(0.01);
  });
});

test('an operator of any name is known by it', () => expect(ClusterOperator.of('keda').name).toBe(ClusterOperator.KEDA.name));
