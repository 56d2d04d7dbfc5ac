import fc, { type Arbitrary } from 'fast-check';
import { among, call, type Code, flag, list, map, mostly, number, object, oneOf, optional, seconds, seldom, text, STRANGE_NUMBERS, mebibytes } from './code';
import { PLANTED } from './models';

/** What a cluster may have, and how a service asks for it. `many` is a pool for all services of a program. */
const KINDS: readonly { pool: Code; ask: Arbitrary<Code>; servers: 'nvidia' | 'amd' | 'other' }[] = [
  { pool: "GpuPool.nvidiaOperator('A100-80GB', { count: 200, spare: 16, perNode: 8 })", ask: call('Accelerator.nvidia', oneOf("'A100-80GB'"), optional(object({ count: seldom(number(1, 4)) }))), servers: 'nvidia' },
  { pool: "GpuPool.gke('L4', { count: 64 })", ask: call('Accelerator.nvidia', oneOf("'L4'")), servers: 'nvidia' },
  { pool: "GpuPool.eks('A10G', { count: 64, spare: 8, pricePerHour: 1.2 })", ask: call('Accelerator.nvidia', oneOf("'A10G'"), optional(object({ count: seldom(number(1, 4)) }))), servers: 'nvidia' },
  { pool: "GpuPool.aks('H100', { count: 64, taints: [{ key: 'team', value: 'ml', effect: 'NoSchedule' }], nodeLabels: { zone: 'a' } })", ask: call('Accelerator.nvidia', oneOf("'H100'", "'H100-80GB'")), servers: 'nvidia' },
  { pool: "GpuPool.nvidiaOperator('A100-80GB', { migProfile: '1g.10gb', count: 140, spare: 14, perNode: 7 })", ask: call('Accelerator.nvidiaMig', oneOf("'A100-80GB'"), oneOf("'1g.10gb'"), optional(object({ count: seldom(number(1, 2)) }))), servers: 'nvidia' },
  { pool: "GpuPool.nvidiaOperator('T4', { sharing: GpuSharing.TIME_SLICING, count: 80, spare: 8 })", ask: call('Accelerator.nvidiaShared', oneOf("'T4'")), servers: 'nvidia' },
  { pool: "GpuPool.of({ vendor: AcceleratorKind.AMD, product: 'MI300X', count: 64, spare: 8, nodeLabels: { gpu: 'MI300X' } })", ask: call('Accelerator.amd', oneOf("'MI300X'"), optional(object({ count: seldom(number(1, 4)) }))), servers: 'amd' },
  { pool: "GpuPool.of({ vendor: AcceleratorKind.GAUDI, product: 'gaudi2', count: 64, nodeLabels: { gpu: 'gaudi2' } })", ask: call('Accelerator.gaudi', oneOf("'gaudi2'")), servers: 'other' },
  { pool: "GpuPool.of({ vendor: AcceleratorKind.TPU, product: 'tpu-v5-lite-podslice', topology: '2x2', count: 64, nodeLabels: { tpu: 'v5e' } })", ask: call('Accelerator.tpu', oneOf("'tpu-v5-lite-podslice'"), oneOf("{ count: 4, topology: '2x2' }")), servers: 'other' },
];

const product = text(['A100-80GB', 'H100', 'L4', 'NVIDIA-RTX-6000'], ["''", "'A100 80GB'", "'x'.repeat(64)", "'constructor'", "'__proto__'", "'toString'"]);
const props = optional(object({ count: seldom(number(1, 16)) }));
/** Any accelerator, whether the cluster has it or not. */
const strangeAccelerator = fc.oneof(
  call('Accelerator.nvidia', product, props), call('Accelerator.nvidiaAny', props), call('Accelerator.nvidiaMemory', mebibytes(1000, 90_000), props), call('Accelerator.nvidiaMig', product, text(['1g.10gb', '7g.80gb.me'], ["'9g'"])),
  call('Accelerator.nvidiaShared', product, optional(object({ sharing: seldom(among(['GpuSharing.MPS'], ["'mps!'"])) }))), call('Accelerator.amd', product, props), call('Accelerator.gaudi', product, props),
  call('Accelerator.tpu', text(['tpu-v5-lite-podslice']), mostly(oneOf("{ count: 4, topology: '2x2' }"), ['{}', '{ count: 0 }'])),
  call('Accelerator.anyOf', mostly(oneOf("[Accelerator.nvidia('A100-80GB'), Accelerator.nvidia('A10G')]"), ["[Accelerator.nvidia('L4'), Accelerator.amd('MI300X')]", '[]', "[Accelerator.nvidia('L4'), null]"])),
);
const claim = call('Accelerator.resourceClaim', text(['gpu.nvidia.com']), optional(object({ count: seldom(number(1, 4)), selector: seldom(text(['device.driver == "gpu.nvidia.com"'])), vendor: seldom(among(['AcceleratorKind.NVIDIA', 'AcceleratorKind.AMD'])) })));
const ANY_NVIDIA = oneOf("Accelerator.anyOf([Accelerator.nvidia('A100-80GB'), Accelerator.nvidia('H100')])", "Accelerator.nvidia('H100-80GB')", "Accelerator.nvidia('A100-80GB')");

/** Accelerators that servers of `vendor` can use and that the large cluster has; `any` may be one that it has not. */
export const accelerators = {
  nvidia: mostly(fc.oneof(...KINDS.filter((kind) => kind.servers === 'nvidia').map((kind) => kind.ask), ANY_NVIDIA)),
  amd: mostly(KINDS.find((kind) => kind.servers === 'amd')!.ask),
  any: mostly(fc.oneof(...KINDS.map((kind) => kind.ask), strangeAccelerator, claim)),
};

const poolProps = mostly(object({
  count: { value: number(0, 100), odds: 1 }, spare: seldom(number(0, 5)), perNode: seldom(number(1, 8)), migProfile: seldom(text(['1g.10gb'], ["'x'"])), sharing: seldom(among(['GpuSharing.MPS'])),
  nodeLabels: seldom(map(text(['zone', 'example.com/pool']), text(['a', 'b']))), taints: seldom(list(mostly(oneOf("{ key: 'team' }", "{ key: 'team', effect: 'NoExecute' }"), ['{}', "{ key: '' }", "{ key: 'a', effect: 'x' }", "{ key: 'a', value: 'x y' }"]))), pricePerHour: seldom(mostly(oneOf('2.5'), STRANGE_NUMBERS)),
}));
const strangePool = fc.oneof(...['nvidiaOperator', 'gke', 'eks', 'aks'].map((preset) => call(`GpuPool.${preset}`, product, poolProps)), call('GpuPool.of', oneOf("{ vendor: AcceleratorKind.NVIDIA, product: 'X', count: 4, resource: 'nope' }", "{ vendor: 'x' }", '{}', '')));
const pools = mostly(fc.oneof({ weight: 6, arbitrary: fc.constant(`[${KINDS.map((kind) => kind.pool).join(', ')}]`) }, { weight: 1, arbitrary: list(fc.oneof(strangePool, oneOf(...KINDS.map((kind) => kind.pool)))) }));

const OPERATORS = ['EXTERNAL_SECRETS', 'RELOADER', 'CUSTOM_METRICS', 'METRICS_SERVER', 'KEDA'].map((one) => `ClusterOperator.${one}`);
const operators = fc.oneof({ weight: 3, arbitrary: fc.constant(`[${OPERATORS.join(', ')}]`) }, { weight: 1, arbitrary: list(mostly(oneOf(...OPERATORS), ["ClusterOperator.of('')", "'keda'"])) });
const gateway = mostly(fc.constant("{ name: 'public', namespace: 'gateway' }"), ["{ name: 'public', namespace: 'gateway', sectionName: 'https', proxyNamespace: 'envoy' }", "{ name: '', namespace: 'g' }", "{ name: 'public' }", "{ name: 'a', namespace: 'b', port: 1 }", '{}']);

/** A cluster; most have what services ask for. */
const cluster = call('Cluster.of', mostly(object({
  name: { value: text(['eu-1', 'us-2']), odds: 0.6 }, version: { value: among(["'1.30'", "'1.31'", "'1.32'", "'1.33'", "'1.34'"], ["'1.29'", "'1.35'", "'1.034'", "'v1.34'", "'2.0'", '1.34', "'1.34.1'"]), odds: 0.8 },
  gpuPools: { value: pools, odds: 0.9 }, gateway: { value: gateway, odds: 0.9 }, ingressClass: seldom(text(['nginx', 'traefik'])), ingressNamespace: seldom(text(['ingress-nginx'])), operators: seldom(operators),
  imageMirrors: seldom(map(text(['docker.io', 'docker.io/seldonio', 'nvcr.io'], ["'https://docker.io'", "'docker.io/'"]), text(['mirror.example.com/hub', 'mirror:5000'], ["'https://m'", "'m/'"]))),
  imageDigests: seldom(map(text(['docker.io/seldonio/mlserver:1.7.1-sklearn', 'kserve/storage-initializer:v0.20.0']), text([`sha256:${'cd'.repeat(32)}`], ["'latest'"]))), imagePullSecrets: seldom(list(text(['pull']), 0, 1)),
  scrapeInterval: seldom(seconds(5, 120)), metricsUrl: { odds: 0.95, value: text(['http://prometheus.monitoring:9090', 'http://vm.example.com/prom', 'http://prometheus.monitoring.svc.cluster.local'], [`'http://admin:${PLANTED}@prometheus'`, "'prometheus:9090'"]) },
  prices: seldom(mostly(oneOf('{ cpuHour: 0.03, memoryGibHour: 0.004, deviceHour: { L4: 0.7 } }'), ['{ cpuHour: -1 }', '{ deviceHour: { L4: NaN } }', '{ x: 1 }'])), imageVolumes: seldom(flag), domain: seldom(text(['cluster.example'])),
})));
export const clusters = mostly(fc.oneof({ weight: 12, arbitrary: cluster }, { weight: 1, arbitrary: call('Cluster.fromFile', mostly(oneOf('folders.clusterFile'), ["'missing.json'", 'folders.small', 'folders.notJson', 'folders.listJson', 'folders.strangeJson', 'undefined'])) }));
