import { CodeDelivery } from '../describe/python-code';
import { SecretRotation } from '../describe/credentials';
import { Exposure } from '../describe/exposure';
import { Finding } from '../describe/problem';
import { PoolLoading } from '../describe/pool-loading';
import { RolloutControllerKind } from '../describe/rollout/controller';
import { Rollout } from '../describe/rollout/rollout';
import { ServerDefinition, ServerLaunch } from '../describe/server/server-definition';
import { InferenceProtocol } from '../describe/server/server-facts';
import { CollocatedTransformer, planCollocated } from './around/collocated';
import { planCompanions } from './around/companions';
import { isBehind } from './around/front';
import { served } from './around/requests';
import { planBuildContext } from './build-context';
import { planCopies } from './copies';
import { componentOf, memberSelector, planLabels, PREDICTOR, serviceOf, workloadSelector } from './labels';
import { bytesOfModel, eachModel, identityOf, nameOfModel } from './models';
import { planMonitor } from './monitor/plan-monitor';
import { CODE_ROOT, planFiles } from './pod/files';
import { credentialSecretName, folderOf, planExternalSecrets, planModelFiles } from './pod/model-files';
import { planCpuMillis, planResources } from './pod/resources';
import { planClaim, planScheduling } from './pod/scheduling';
import { planLogger } from './pod/payload-logger';
import { podTemplate } from './pod/template';
import { extraCopies, latencyBounds, planRelease } from './release/plan-release';
import { SERVICE_RULES } from './rules';
import { Selection, selectServer } from './select-server';
import { PlannedPort, PooledModel, ServicePlan, ServiceRequest } from './service-plan';
import { planStrategy } from './strategy';
import { planTracing } from './tracing';
import { planTiming } from './timing';

/** Ports of the Service; gRPC's is KServe's convention. */
const SERVICE_PORTS = { http: 80, grpc: 9000 };

/** What planning gives: a plan where nothing stands against one, and everything that was found. */
export interface Planned {
  readonly plan?: ServicePlan;
  readonly selection: Selection;
  readonly findings: Finding[];
}

/** Decides everything about a service. Pure: the same request gives the same plan. */
export function planService(request: ServiceRequest): Planned {
  const selection = request.pooled === undefined ? selectFor(request, request.servers, request.server) : selectForPool(request);
  if (selection.server === undefined || selection.protocol === undefined) return { selection, findings: selection.findings };
  // bounds that are asked for become bounds of the server's histograms, where it can be told
  const asked = selection.server.withLatencyBounds(latencyBounds(request));
  const server = request.engine.server?.(asked, request) ?? asked;
  const { plan, launch, found } = decide(request, server, selection.protocol, request.engine.group?.(request));
  const findings = [...selection.findings, ...(launch.findings ?? []), ...found, ...eachModel(request).flatMap((one) => SERVICE_RULES.flatMap((rule) => rule.check({ request: one, plan, launch })))];
  const { companions, findings: theirs } = planCompanions(request, plan, planService);
  return { plan: { ...plan, companions }, selection, findings: [...findings, ...theirs] };
}

/** Decides all of one version, without a look at the rules. `group` is the pod group that it runs in. */
export function decide(request: ServiceRequest, server: ServerDefinition, protocol: InferenceProtocol, group = request.name): { plan: ServicePlan; launch: ServerLaunch; found: Finding[] } {
  const { facts } = server;
  const { model } = request;
  const models = eachModel(request);
  const modelBytes = models.reduce((sum, one) => sum + bytesOfModel(one), 0);
  const modelName = request.pooled === undefined ? nameOfModel(request) : undefined;
  const timing = planTiming(request, server, protocol);
  const modelFiles = planModelFiles(request, server);
  const version = server.requestedVersion ?? request.defaults.serverVersions[facts.id] ?? facts.version;
  const base = server.codeBaseImage(version);
  const buildContext = model.code === undefined ? undefined : planBuildContext(request.name, model.code, request.cluster.image(base ?? request.defaults.pythonImage), base === undefined);
  const started = server.launch({
    models: models.map((one) => ({
      name: nameOfModel(one), format: one.model.format.name, path: request.pooled === undefined ? modelFiles.path : folderOf(one, server), implementation: one.model.implementation,
      // of an explainer Seldon's agent adds the method and the address: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/repository/mlserver/mlserver.go (SetExplainer)
      extra: request.partOf?.explains && JSON.stringify(request.partOf.explains.settings),
      codePath: one.model.code?.delivery === CodeDelivery.MOUNT ? CODE_ROOT : undefined, codeImage: buildContext?.image,
    })),
    pool: request.pooled !== undefined || request.engine.startsAsPool?.(request) === true, startsEmpty: request.poolLoading === PoolLoading.WHILE_RUNNING,
    version, protocol,
    accelerator: request.accelerator === undefined ? undefined : { vendor: request.accelerator.vendor, count: request.accelerator.count },
    tracing: planTracing(request, server),
    requestTimeoutSeconds: timing.request, stopSeconds: timing.stop,
    cpus: Math.max(1, Math.floor(planCpuMillis(request) / 1000)), batching: served(request.batching), predictor: request.partOf?.predictor,
  });
  const launch = request.engine.launch?.(started, request) ?? started;
  const files = planFiles(request, launch);
  const scheduling = planScheduling(request);
  const resources = planResources(request, facts, launch, modelBytes, modelFiles.diskBytes, scheduling.devices);
  const copies = planCopies(request, timing, facts, protocol);
  const logger = planLogger(request, server, launch);
  const before = planCollocated(request, { protocol, front: server, modelName, name: request.name, timing }, planPorts(launch, logger?.port));
  const podName = request.engine.metricsPortName?.(request);
  const ports = planPorts(launch, logger?.port, before).filter(({ name }) => name === 'http' || request.engine.onePort !== true).map((port) => (port.name === 'metrics' && podName !== undefined ? { ...port, podName } : port));
  const labels = planLabels(request, facts.id, modelName, protocol, group);
  const claim = planClaim(request);
  const account = planAccount(request);
  const template = podTemplate({
    request, group, labels, launch, timing, copies, modelFiles, files, logger, before, resources, scheduling, serviceAccountName: account.name, claimTemplate: claim?.name,
  });
  const strategy = planStrategy(request, copies, scheduling.pools);
  const { release, findings } = planRelease(request, server, protocol, modelName, timing, copies);
  const plan: ServicePlan = {
    name: request.name, namespace: request.namespace, engine: request.engine, ...planAddress(request), container: request.engine.container(request, server), server, front: before?.server ?? server, partOf: request.partOf, serverVersion: version, modelName, pooled: request.pooled === undefined ? [] : models.map(planPooled), poolLoading: request.poolLoading, protocol,
    protocols: (before?.server ?? server).facts.protocols, companions: [],
    labels, annotations: planAnnotations(request), memberSelector: memberSelector(serviceOf(request), componentOf(request)),
    groups: [{ name: group, component: componentOf(request), format: model.format.name, cached: request.modelCache === undefined ? undefined : model.source?.uri, workload: request.engine.workload(group, request.name, request), selector: workloadSelector(group, componentOf(request)), template, model, modelBytes }],
    ports, metricsPath: launch.metricsPath, timing, copies, strategy, release, extraCopies: extraCopies(release, copies, strategy.maxSurge), ...planExposure(request),
    accelerator: request.accelerator, pools: scheduling.pools, configs: [...files.configs, ...(before?.configs ?? []), ...(release?.golden === undefined ? [] : [release.golden.config]), ...(logger === undefined ? [] : [logger.config])], serviceAccount: account.create ? account : undefined,
    externalSecrets: planExternalSecrets(request), resourceClaimTemplate: claim,
    payloadLogging: request.payloadLogging, engineLogger: request.engine.logger?.(request), loggerMetricsPort: logger?.metricsPort, monitor: planMonitor(request),
    requests: { cpuMillis: resources.cpuMillis + (before?.requests.cpuMillis ?? 0), memoryBytes: resources.memoryBytes + (before?.requests.memoryBytes ?? 0) },
    buildContext, contextBeside: before?.buildContext,
  };
  return withCandidate({ plan, launch, found: findings }, request, server, protocol);
}

/** Adds the version on trial as a second pod group, where no controller makes one. */
function withCandidate(stable: ReturnType<typeof decide>, request: ServiceRequest, server: ServerDefinition, protocol: InferenceProtocol): ReturnType<typeof decide> {
  const { candidate } = request;
  if (candidate === undefined || stable.plan.release?.controller !== RolloutControllerKind.NONE) return stable;
  const trial = decide({ ...request, model: candidate.model, stable: request.model, candidate: undefined, rollout: Rollout.automatic() }, server, protocol, stable.plan.release.trialService);
  const known = new Set(stable.plan.configs.map((config) => config.name));
  const configs = trial.plan.configs.filter((config) => !known.has(config.name)).map((config) => ({ ...config, id: `Candidate${config.id}` }));
  return { ...stable, plan: { ...stable.plan, groups: [...stable.plan.groups, ...trial.plan.groups], configs: [...stable.plan.configs, ...configs] }, found: [...stable.found, ...(trial.launch.findings ?? []), ...trial.found] };
}

function selectFor(request: ServiceRequest, servers: readonly ServerDefinition[], server?: ServerDefinition): Selection {
  return selectServer({ format: request.model.format, accelerator: request.accelerator, protocol: request.protocol, engine: request.engine }, servers, server);
}

/** The first server that serves all models of a pool; what was found of the model that none can serve beside the others. */
function selectForPool(request: ServiceRequest): Selection {
  const able = request.server === undefined ? request.servers.filter(({ facts }) => facts.pools) : [request.server];
  const each = able.map((server) => eachModel(request).map((one) => selectFor(one, [server], server)));
  const best = each.find((selections) => selections.every(({ server }) => server !== undefined)) ?? each[0];
  return best?.find(({ server }) => server === undefined) ?? best?.[0] ?? selectFor(request, able);
}

function planPooled(request: ServiceRequest): PooledModel {
  const { model } = request;
  return { name: nameOfModel(request), version: model.version, format: model.format.name, uri: model.source?.uri, model, bytes: bytesOfModel(request) };
}

/** Where clients ask, and the Service of the pods: with a transformer in pods of its own those are two. */
function planAddress(request: ServiceRequest): Pick<ServicePlan, 'address' | 'podService'> {
  const { partOf, engine } = request;
  const address = engine.address(request);
  if (partOf !== undefined) return { address: { ...address, service: partOf.podService ?? address.service }, podService: partOf.podService ?? address.service };
  return { address, podService: isBehind(request) ? engine.podService?.(request.name) ?? `${request.name}-${PREDICTOR}` : address.service };
}

/** How clients come from outside: to a transformer with pods of its own, and not to what is behind it. */
function planExposure(request: ServiceRequest): Pick<ServicePlan, 'exposure' | 'replaces'> {
  return isBehind(request) ? { exposure: Exposure.clusterInternal() } : { exposure: request.exposure, replaces: request.replaces };
}

/** Ports of the pods; clients are led to a transformer, and their HTTP to the payload logger, where there is one. */
function planPorts(launch: ServerLaunch, loggerPort: number | undefined, before?: CollocatedTransformer): PlannedPort[] {
  const ports: PlannedPort[] = [];
  if (before !== undefined) {
    const metrics = launch.metricsPort ?? (launch.metricsPath === undefined ? undefined : launch.httpPort);
    return [...planPorts({ ...before.launch, metricsPort: undefined }, undefined), ...(metrics === undefined ? [] : [{ name: 'metrics' as const, containerPort: metrics }])];
  }
  if (launch.httpPort !== undefined) ports.push({ name: 'http', port: SERVICE_PORTS.http, containerPort: loggerPort ?? launch.httpPort });
  if (launch.grpcPort !== undefined) ports.push({ name: 'grpc', port: SERVICE_PORTS.grpc, containerPort: launch.grpcPort });
  if (launch.metricsPort !== undefined) ports.push({ name: 'metrics', containerPort: launch.metricsPort });
  return ports;
}

/** The pods' ServiceAccount: the user's, the one that carries an identity, or one of the service's own without any rights. */
function planAccount(request: ServiceRequest): { name: string; create: boolean; annotations: { [key: string]: string } } {
  const bound = identityOf(request);
  if (bound?.serviceAccountName !== undefined) return { name: bound.serviceAccountName, create: bound.identity !== undefined, annotations: bound.identity?.annotations ?? {} };
  if (request.serviceAccountName !== undefined) return { name: request.serviceAccountName, create: false, annotations: {} };
  return { name: request.name, create: true, annotations: {} };
}

/** Annotations of the workload: what was asked for, the hold and its reason. */
function planAnnotations(request: ServiceRequest): { [key: string]: string } {
  const reload = eachModel(request).filter(({ model }) => model.source?.credentials?.rotation === SecretRotation.ROLL).map(credentialSecretName).filter((name) => name !== undefined);
  return {
    ...request.annotations,
    ...(request.hold === undefined ? {} : { 'serving.cdk8s.io/hold': request.hold.kind, 'serving.cdk8s.io/hold-reason': request.hold.reason, 'serving.cdk8s.io/hold-until': request.hold.until }),
    ...(reload.length === 0 ? {} : { 'secret.reloader.stakater.com/reload': [...new Set(reload)].join(',') }),
  };
}
