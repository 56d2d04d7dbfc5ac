import type { EnvValue } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { bytesOf, checkShape, is, secondsOf, Shape } from '../describe/checks/shape';
import { Cluster } from '../describe/cluster';
import { Exposure } from '../describe/exposure';
import { Model } from '../describe/model';
import { Sli } from '../describe/monitoring/sli';
import { PoolLoading } from '../describe/pool-loading';
import { Finding, ProblemKind } from '../describe/problem';
import { Rollout } from '../describe/rollout/rollout';
import { JsonObject, RequestedCompanion, RequestedVolume, ServiceRequest } from '../plan/service-plan';
import { chartOf } from './chart';
import { containerJson, envJson, volumeJson } from './edges';
import { EngineValues } from './engine-values';
import { InferenceServiceProps, ServingVolume } from './inference-service-props';

const VOLUME: Shape<ServingVolume> = { volume: is.required(is.like('a Volume of cdk8s-plus', '_toKube')), path: is.required(named.absolutePath), readOnly: is.flag };

const NO_CHART = ProblemKind.error('SERVING_OUTSIDE_OF_CHART', 'A service outside of any chart', 'Objects are written by the chart that they are in.');

/** Numbers for clusters without a name: each is one of its own. */
const UNNAMED = new WeakMap<Cluster, string>();
let unnamed = 0;

/** Gathers what the planner asks for from checked props; what can't be read becomes a finding. */
export function serviceRequest(construct: IConstruct, id: string, props: Partial<InferenceServiceProps>, engine: EngineValues, metricsUrl: string | undefined, pool?: { readonly models: readonly Model[]; readonly loading: PoolLoading }): { request: ServiceRequest; findings: Finding[] } {
  const findings: Finding[] = [];
  const chart = chartOf(construct);
  if (chart === undefined) findings.push(NO_CHART.found({ what: 'the service is in no chart', got: construct.node.path, fix: 'make a Chart, and the service in it' }));
  const volumes: RequestedVolume[] = [];
  for (const given of props.volumes ?? []) {
    const checked = checkShape('InferenceService: volumes', VOLUME, given);
    findings.push(...checked.findings);
    const { volume, path, readOnly } = checked.props;
    if (volume !== undefined && path !== undefined) volumes.push({ volume: volumeJson(volume), path, readOnly: readOnly ?? true });
  }
  const checkedAccount = props.serviceAccount === undefined ? undefined : checkShape('InferenceService: serviceAccount', { name: is.required(named.subdomain) }, { name: props.serviceAccount.name });
  findings.push(...(checkedAccount?.findings ?? []));
  const account = checkedAccount?.props.name;
  const sidecars = (props.sidecars ?? []).map(containerJson);
  const initContainers = (props.initContainers ?? []).map(containerJson);
  const request: ServiceRequest = {
    name: props.name ?? kebab(id),
    namespace: chart?.namespace, chartLabels: chart?.labels ?? {},
    cluster: metricsUrl === undefined ? engine.cluster : engine.cluster._askedAt(metricsUrl), clusterKey: clusterKey(engine.cluster), engine: engine.backend._backend.engine, defaults: engine.defaults._set,
    model: props.model ?? Model.custom(), pooled: pool?.models, poolLoading: pool?.loading, server: props.server, servers: engine.servers, protocol: props.protocol, accelerator: props.accelerator,
    cpu: props.cpu?.amount, cpuLimit: props.cpuLimit?.amount,
    memoryBytes: props.memory && bytesOf(props.memory), memoryLimitBytes: props.memoryLimit && bytesOf(props.memoryLimit), ephemeralStorageBytes: props.ephemeralStorage && bytesOf(props.ephemeralStorage),
    scaling: props.scaling, rollout: props.rollout ?? Rollout.automatic(), candidate: props.candidate, objectives: props.objectives ?? [], sli: props.sli ?? Sli.server(), budget: props.budget, exposure: props.exposure ?? Exposure.clusterInternal(), replaces: props.replaces,
    requestTimeoutSeconds: props.requestTimeout && secondsOf(props.requestTimeout),
    owner: props.owner ?? engine.owner, hold: props.hold, modelCache: props.modelCache && { name: props.modelCache.cacheName, uri: props.modelCache.sourceUri, namespace: props.modelCache.cacheNamespace }, payloadLogging: props.payloadLogging, monitor: props.monitor, tracing: props.tracing,
    transformer: props.transformer && withEnvironment(props.transformer, props.transformer._props.env), explainer: props.explainer && withEnvironment(props.explainer, (props.explainer._alibi ?? props.explainer._container)?.env),
    detectors: (props.detectors ?? []).map((detector) => withEnvironment(detector, detector._props.env)), batching: props.batching,
    env: environmentOf(props.env),
    files: props.files ?? [],
    volumes, sharedVolumes: distinct([...sidecars, ...initContainers].flatMap((one) => one.volumes), volumes),
    containers: sidecars.map((one) => one.container), initContainers: initContainers.map((one) => one.container),
    podOverlay: props.podOverlay as JsonObject | undefined,
    serviceAccountName: account, priorityClassName: props.priorityClassName,
    labels: props.labels ?? {}, annotations: props.annotations ?? {}, podAnnotations: props.podAnnotations ?? {},
  };
  return { request, findings };
}

function environmentOf(env: { readonly [name: string]: EnvValue } | undefined): JsonObject[] {
  return Object.entries(env ?? {}).map(([name, value]) => envJson(name, value));
}

/** A program beside the server, with its environment as manifests have it. */
function withEnvironment<T>(what: T, env: { readonly [name: string]: EnvValue } | undefined): RequestedCompanion<T> {
  return { what, env: environmentOf(env) };
}

/** Volumes that only containers beside the server mount, each once. */
function distinct(volumes: readonly JsonObject[], own: readonly RequestedVolume[]): JsonObject[] {
  const known = new Set(own.map((one) => one.volume.name));
  return [...new Map(volumes.filter((volume) => !known.has(volume.name)).map((volume) => [volume.name, volume])).values()];
}

/** Services of clusters of one name share a cluster, wherever it was described; one without a name is itself alone. */
export function clusterKey(cluster: Cluster): string {
  if (cluster.named) return cluster.name;
  let key = UNNAMED.get(cluster);
  if (key === undefined) UNNAMED.set(cluster, key = `#${unnamed++}`);
  return key;
}
