import { Duration, Size } from 'cdk8s';
import {
  Accelerator, AcceleratorKind, AcceleratorProps, Autoscaler, CloudIdentity, CodeImageProps, ConcurrencyScalingProps, CpuScalingProps, Credentials, CustomMetricScalingProps, Exposure, ExternalScalingProps, ExternalSecretProps, GatewayExposureProps, GpuPool, GpuScalingProps, GpuSharing, Hold,
  HoldProps, InferenceServer, IngressExposureProps, KafkaAccess, KafkaAccessProps, KafkaLagScalingProps, KafkaSasl, KvCacheScalingProps, MemoryScalingProps, Model, ModelSource, PythonCode, QueryScalingProps, QueryWakeProps, QueueDepthScalingProps, RequestRateScalingProps, ResourceClaimProps, Rollout, RollingRolloutProps, Scaling, ScheduleScalingProps, ScheduleWindow, SecretCredentialsProps, SecretRotation, SharedGpuProps, Team, TeamProps, TokensScalingProps, TpuProps, Wake,
  WorkloadIdentityProps,
} from 'cdk8s-serving';
import { join } from 'node:path';
import { everyProp } from '../../support/props';
import { iris, serve, Served } from '../../support/serving';

const s3 = (credentials: Credentials): Served => serve({ model: iris({ source: ModelSource.s3('s3://models/v1', { credentials }) }) });
const download = (served: Served): any => served.env(served.download);
const reload = (served: Served): any => served.deployment.metadata.annotations?.['secret.reloader.stakater.com/reload'];

describe('each prop of a Secret', () => {
  everyProp<SecretCredentialsProps, Served>({}, (props) => s3(Credentials.fromSecretName('store', props)), {
    keys: { value: { AWS_ACCESS_KEY_ID: 'user' }, see: (served) => download(served).AWS_ACCESS_KEY_ID.secretKeyRef.key, is: 'user' },
    rotation: { value: SecretRotation.ROLL, see: reload, is: 'store' },
  });
});

describe('each prop of an external secret', () => {
  const spec = (served: Served): any => served.one('ExternalSecret').spec;
  everyProp<ExternalSecretProps, Served>({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'a' } }, (props) => s3(Credentials.externalSecret(props)), {
    store: { value: 'other', see: (served) => spec(served).secretStoreRef.name, is: 'other' },
    clusterStore: { value: true, see: (served) => spec(served).secretStoreRef.kind, is: 'ClusterSecretStore' },
    keys: { value: { AWS_SESSION_TOKEN: 'b#c' }, see: (served) => spec(served).data, is: [{ secretKey: 'AWS_SESSION_TOKEN', remoteRef: { key: 'b', property: 'c' } }] },
    refreshInterval: { value: '5m', see: (served) => spec(served).refreshInterval, is: '5m' },
    rotation: { value: SecretRotation.ROLL, see: reload, is: 'iris-model-credentials' },
  });
});

describe('each prop of a workload identity', () => {
  const identity = CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader');
  everyProp<WorkloadIdentityProps, Served>({}, (props) => s3(Credentials.workloadIdentity('reader', props)), { identity: { value: identity, see: (served) => served.one('ServiceAccount')?.metadata.annotations, is: identity.annotations } });
});

const hpa = (served: Served): any => served.one('HorizontalPodAutoscaler').spec;
const bounds = {
  min: { value: 3, see: (served: Served) => hpa(served).minReplicas, is: 3 }, max: { value: 12, see: (served: Served) => hpa(served).maxReplicas, is: 12 },
  scaleDownAfter: { value: Duration.seconds(90), see: (served: Served) => hpa(served).behavior.scaleDown.stabilizationWindowSeconds, is: 90 },
};
const target = (served: Served): any => hpa(served).metrics[0].containerResource.target.averageUtilization;

describe('each prop of scaling', () => {
  describe('on CPU', () => everyProp<CpuScalingProps, Served>({ min: 2, max: 4 }, (props) => serve({ scaling: Scaling.onCpu(props) }), { ...bounds, targetPercent: { value: 45, see: target, is: 45 } }));
  describe('on memory', () => everyProp<MemoryScalingProps, Served>({ min: 2, max: 4 }, (props) => serve({ scaling: Scaling.onMemory(props) }), { ...bounds, targetPercent: { value: 45, see: target, is: 45 } }));
  describe('on a metric', () => everyProp<CustomMetricScalingProps, Served>({ min: 2, max: 4, metric: 'queue', targetPerReplica: 1 }, (props) => serve({ scaling: Scaling.onCustomMetric(props) }), {
    ...bounds,
    metric: { value: 'other', see: (served) => hpa(served).metrics[0].pods.metric.name, is: 'other' },
    targetPerReplica: { value: 7, see: (served) => hpa(served).metrics[0].pods.target.averageValue, is: '7' },
  }));
  const keda = (scaling: Scaling): Served => serve({ scaling }, { metricsUrl: 'http://prometheus.monitoring:9090' });
  const spec = (served: Served): any => served.one('ScaledObject')?.spec;
  const trigger = (served: Served): any => spec(served).triggers[0];
  const kedaBounds = {
    min: { value: 3, see: (served: Served) => spec(served).minReplicaCount, is: 3 }, max: { value: 12, see: (served: Served) => spec(served).maxReplicaCount, is: 12 },
    scaleDownAfter: { value: Duration.seconds(90), see: (served: Served) => spec(served).advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds, is: 90 },
  };
  const measured = {
    ...kedaBounds, fallbackReplicas: { value: 3, see: (served: Served) => spec(served).fallback.replicas, is: 3 }, wake: { value: Wake.onQuery('sum(a)'), see: (served: Served) => spec(served).triggers.length, is: 2 },
    autoscaler: { value: Autoscaler.HPA, see: (served: Served) => served.one('HorizontalPodAutoscaler') !== undefined, is: true },
  };
  const load = { ...measured, standby: { value: 2, see: (served: Served) => trigger(served).metadata.query.endsWith(' + 10'), is: true }, targetPerReplica: { value: 7, see: (served: Served) => trigger(served).metadata.threshold, is: '7' } };
  const base = { min: 2, max: 4, targetPerReplica: 5 };
  const language = { model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) }), server: InferenceServer.vllm() };
  const generating = (scaling: Scaling): Served => serve({ ...language, scaling }, { metricsUrl: 'http://prometheus.monitoring:9090' });
  const share = { ...measured, targetPercent: { value: 45, see: (served: Served) => trigger(served).metadata.threshold, is: '0.45' } };
  describe('on concurrency', () => everyProp<ConcurrencyScalingProps, Served>(base, (props) => keda(Scaling.onConcurrency(props)), load));
  describe('on the queue', () => everyProp<QueueDepthScalingProps, Served>(base, (props) => generating(Scaling.onQueueDepth(props)), load));
  describe('on tokens', () => everyProp<TokensScalingProps, Served>(base, (props) => generating(Scaling.onTokens(props)), load));
  describe('on requests', () => everyProp<RequestRateScalingProps, Served>(base, (props) => keda(Scaling.onRequestRate(props)), load));
  describe('on the KV cache', () => everyProp<KvCacheScalingProps, Served>({ min: 2, max: 4 }, (props) => generating(Scaling.onKvCache(props)), share));
  describe('on the GPU', () => everyProp<GpuScalingProps, Served>({ min: 2, max: 4 }, (props) => serve({ ...language, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.onGpu(props) }, { metricsUrl: 'http://prometheus.monitoring:9090' }), share));
  const aim = (served: Served): any => [served.plan.copies.signals[0]!.targetKind, served.plan.copies.signals[0]!.target];
  describe('on a query', () => {
    everyProp<Omit<QueryScalingProps, 'targetValue' | 'targetPerReplica' | 'autoscaler'>, Served>({ min: 2, max: 4, query: 'sum(a)' }, (props) => keda(Scaling.onQuery({ ...props, targetPerReplica: 5 })), { ...kedaBounds, fallbackReplicas: measured.fallbackReplicas, wake: measured.wake, standby: load.standby, query: { value: 'max(b)', see: (served) => trigger(served).metadata.query, is: 'max(b)' } });
    everyProp<Pick<QueryScalingProps, 'targetValue' | 'targetPerReplica' | 'autoscaler'>, Served>({}, (props) => keda(Scaling.onQuery({ min: 2, max: 4, query: 'sum(a)', ...props })), {
      targetPerReplica: { value: 3, see: aim, is: ['perReplica', 3] }, targetValue: { value: 3, see: aim, is: ['value', 3] },
      autoscaler: { value: Autoscaler.HPA, beside: { targetValue: 1 }, see: (served) => served.codes, is: ['SERVING_SCALING_NEEDS_KEDA'] },
    });
  });
  const kafka = { min: 2, max: 4, bootstrapServers: ['kafka:9092'], consumerGroup: 'scorer', topic: 'events', targetPerReplica: 100 };
  const said = (name: string) => (served: Served): any => trigger(served).metadata[name];
  describe('on Kafka', () => everyProp<KafkaLagScalingProps, Served>(kafka, (props) => keda(Scaling.onKafkaLag(props)), {
    ...kedaBounds, fallbackReplicas: measured.fallbackReplicas, targetPerReplica: { value: 7, see: said('lagThreshold'), is: '7' }, bootstrapServers: { value: ['other:9092'], see: said('bootstrapServers'), is: 'other:9092' }, consumerGroup: { value: 'other', see: said('consumerGroup'), is: 'other' },
    topic: { value: 'other', see: said('topic'), is: 'other' }, allowIdleConsumers: { value: true, see: said('allowIdleConsumers'), is: 'true' }, access: { value: KafkaAccess.fromSecretName('kafka', { caKey: 'ca' }), see: said('tls'), is: 'enable' },
  }));
  const sasl = KafkaSasl.SCRAM_SHA512;
  const secret = (parameter: string) => (served: Served): any => served.one('TriggerAuthentication')?.spec.secretTargetRef.find((one: any) => one.parameter === parameter)?.key;
  // one without the other is a problem, which leaves no manifest
  const accessProp = (name: keyof KafkaAccessProps) => (served: Served): any => served.plan.copies.signals[0]!.kafka!.access!._props[name];
  describe('access to Kafka', () => everyProp<KafkaAccessProps, Served>({ caKey: 'other' }, (props) => keda(Scaling.onKafkaLag({ ...kafka, access: KafkaAccess.fromSecretName('kafka', props) })), {
    sasl: { value: sasl, see: said('sasl'), is: 'scram_sha512' }, usernameKey: { value: 'user', beside: { sasl }, see: secret('username'), is: 'user' }, passwordKey: { value: 'pw', beside: { sasl }, see: secret('password'), is: 'pw' },
    tls: { value: false, beside: { sasl, caKey: undefined }, see: said('tls'), is: 'disable' }, caKey: { value: 'ca', see: secret('ca'), is: 'ca' },
    certificateKey: { value: 'crt', beside: { privateKeyKey: 'key' }, see: accessProp('certificateKey'), is: 'crt' }, privateKeyKey: { value: 'key', beside: { certificateKey: 'crt' }, see: accessProp('privateKeyKey'), is: 'key' },
  }));
  const window = { start: '0 7 * * *', end: '0 19 * * *', replicas: 3 };
  describe('on a schedule', () => everyProp<ScheduleScalingProps, Served>({ min: 2, max: 4, timeZone: 'UTC', windows: [window] }, (props) => keda(Scaling.onSchedule(props)), {
    ...kedaBounds, timeZone: { value: 'Europe/Berlin', see: said('timezone'), is: 'Europe/Berlin' }, windows: { value: [window, { ...window, start: '0 20 * * *', end: '0 21 * * *' }], see: (served) => spec(served).triggers.length, is: 2 },
  }));
  describe('a window', () => everyProp<ScheduleWindow, Served>(window, (one) => keda(Scaling.onSchedule({ min: 2, max: 8, timeZone: 'UTC', windows: [one] })), {
    start: { value: '0 8 * * *', see: said('start'), is: '0 8 * * *' }, end: { value: '0 18 * * *', see: said('end'), is: '0 18 * * *' }, replicas: { value: 5, see: said('desiredReplicas'), is: '5' },
  }));
  describe('a wake', () => everyProp<QueryWakeProps, Served>({}, (props) => keda(Scaling.onConcurrency({ ...base, min: 0, wake: Wake.onQuery('sum(a)', props) })), { above: { value: 3, see: (served) => spec(served).triggers[1].metadata.query, is: '(sum(a)) > bool 3' } }));
  describe("by an autoscaler of one's own", () => everyProp<ExternalScalingProps, Served>({ min: 2, max: 4 }, (props) => serve({ scaling: Scaling.external(props) }), {
    min: { value: 1, see: (served) => served.codes, is: ['SERVING_SINGLE_COPY'] },
    max: { value: 6, see: (served) => served.plan.copies.max, is: 6 },
  }));
});

describe('each prop of a rolling update', () => {
  const rollout = (served: Served): any => served.deployment.spec.strategy.rollingUpdate;
  everyProp<RollingRolloutProps, Served>({}, (props) => serve({ rollout: Rollout.rolling(props) }), { maxSurge: { value: 3, see: (served) => rollout(served).maxSurge, is: 3 }, maxUnavailable: { value: 2, see: (served) => rollout(served).maxUnavailable, is: 2 } });
});

describe('each prop of an exposure', () => {
  const route = (served: Served): any => served.one('HTTPRoute').spec;
  const gateway = { name: 'public', namespace: 'gateway' };
  describe('by a Gateway', () => everyProp<GatewayExposureProps, Served>({ hosts: ['a.example.com'] }, (props) => serve({ exposure: Exposure.gateway(props) }, { gateway }), {
    hosts: { value: ['b.example.com'], see: (served) => route(served).hostnames, is: ['b.example.com'] },
    grpcHosts: { value: ['g.example.com'], see: (served) => served.one('GRPCRoute')?.spec.hostnames, is: ['g.example.com'] },
    pathPrefix: { value: '/fraud', see: (served) => [route(served).rules[0].matches, route(served).rules[0].filters], is: [[{ path: { type: 'PathPrefix', value: '/fraud/v2/models' } }], [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2/models' } } }]] },
  }));
  const ingress = (served: Served): any => served.one('Ingress');
  describe('by an Ingress', () => everyProp<IngressExposureProps, Served>({ host: 'a.example.com' }, (props) => serve({ exposure: Exposure.ingress(props) }), {
    host: { value: 'b.example.com', see: (served) => ingress(served).spec.rules[0].host, is: 'b.example.com' },
    tlsSecretName: { value: 'tls', see: (served) => ingress(served).spec.tls, is: [{ hosts: ['a.example.com'], secretName: 'tls' }] },
    annotations: { value: { 'a.example.com/b': 'c' }, see: (served) => ingress(served).metadata.annotations, is: { 'a.example.com/b': 'c' } },
  }));
});

describe('each prop of a hold', () => {
  const said = (name: string) => (served: Served) => served.deployment.metadata.annotations[`serving.cdk8s.io/hold-${name}`];
  everyProp<HoldProps, Served>({ reason: 'audit', until: '2027-01-01' }, (props) => serve({ hold: Hold.stopped(props) }), { reason: { value: 'cost', see: said('reason'), is: 'cost' }, until: { value: '2027-02-02', see: said('until'), is: '2027-02-02' } });
});

describe('each prop of a team', () => {
  everyProp<TeamProps, Served>({}, (props) => serve({ owner: Team.of('risk', props) }), { costCenter: { value: 'cc-1', see: (served) => served.one('Service').metadata.labels['cost-center'], is: 'cc-1' } });
});

describe('each prop of an accelerator', () => {
  const all = [AcceleratorKind.NVIDIA, AcceleratorKind.AMD, AcceleratorKind.GAUDI, AcceleratorKind.TPU];
  const on = (accelerator: Accelerator, gpuPools: GpuPool[] = []): Served => serve({ model: Model.custom(), server: InferenceServer.container({ image: 'r.example.com/a:1', accelerators: all }), accelerator, scaling: Scaling.fixed(2) }, { version: '1.34', gpuPools });
  const limit = (served: Served): any => Object.entries(served.server.resources.limits).find(([name]) => name.includes('/'))![1];
  describe.each<[string, (props: AcceleratorProps) => Accelerator]>([
    ['of NVIDIA', (props) => Accelerator.nvidia('L4', props)], ['of any product', (props) => Accelerator.nvidiaAny(props)], ['by memory', (props) => Accelerator.nvidiaMemory(Size.gibibytes(8), props)], ['cut by MIG', (props) => Accelerator.nvidiaMig('H100', '1g.10gb', props)],
    ['of AMD', (props) => Accelerator.amd('MI300X', props)], ['of Intel', (props) => Accelerator.gaudi('gaudi3', props)],
  ])('%s', (_, make) => everyProp<AcceleratorProps, Served>({}, (props) => on(make(props)), { count: { value: 2, see: limit, is: '2' } }));
  describe('that is shared', () => everyProp<SharedGpuProps, Served>({}, (props) => on(Accelerator.nvidiaShared('T4', props), [GpuPool.gke('T4', { count: 8, sharing: GpuSharing.MPS })]), { sharing: { value: GpuSharing.MPS, see: (served) => served.plan.pools.length, is: 1 } }));
  describe('of Google', () => everyProp<TpuProps, Served>({ count: 4, topology: '2x2' }, (props) => on(Accelerator.tpu('tpu-v6e-slice', props)), {
    count: { value: 8, see: limit, is: '8' }, topology: { value: '2x4', see: (served) => served.pod.nodeSelector['cloud.google.com/gke-tpu-topology'], is: '2x4' },
  }));
  const request = (served: Served): any => served.one('ResourceClaimTemplate').spec.spec.devices.requests[0].exactly;
  describe('that is claimed', () => everyProp<ResourceClaimProps, Served>({}, (props) => on(Accelerator.resourceClaim('gpu.example.com', props)), {
    count: { value: 2, see: (served) => request(served).count, is: 2 },
    selector: { value: 'true', see: (served) => request(served).selectors, is: [{ cel: { expression: 'true' } }] },
    vendor: { value: AcceleratorKind.AMD, see: (served) => served.plan.accelerator!.vendor, is: AcceleratorKind.AMD },
  }));
});

describe('each prop of an image of code', () => {
  const root = join(__dirname, '..', '..', '..', 'apps', 'fastapi', 'server');
  const DIGEST = `sha256:${'3'.repeat(64)}`;
  const make = (props: CodeImageProps): Served => serve({ model: Model.custom({ code: PythonCode.image(root, props) }), server: InferenceServer.fastApi() });
  everyProp<CodeImageProps, Served>({ repository: 'r.example.com/a', digest: DIGEST }, make, {
    repository: { value: 'r.example.com/b', see: (served) => served.server.image, is: `r.example.com/b@${DIGEST}` },
    digest: { value: `sha256:${'4'.repeat(64)}`, see: (served) => served.server.image, is: `r.example.com/a@sha256:${'4'.repeat(64)}` },
    digestOf: { value: 'code-000000000000', see: (served) => served.codes.includes('SERVING_CODE_IMAGE_STALE'), is: true },
    baseImage: { value: 'r.example.com/python:3', see: (served) => served.plan.buildContext!.files.some((file) => file.content.startsWith('FROM r.example.com/python:3\n')), is: true },
  });
});
