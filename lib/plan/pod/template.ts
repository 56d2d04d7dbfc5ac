import { ServerLaunch, ServerProbe } from '../../describe/server/server-definition';
import { componentOf, workloadSelector } from '../labels';
import { identityOf } from '../models';
import { compact, isObject, overlay } from '../json';
import { Copies, Json, JsonObject, ServiceRequest, Timing } from '../service-plan';
import { PlannedFiles } from './files';
import { ModelFiles, MODELS_ROOT } from './model-files';
import { BEHIND_LOGGER, LOGGER_STOP_SECONDS, PlannedLogger } from './payload-logger';
import { PlannedResources } from './resources';
import { versionHashLabel } from '../release/plan-release';
import { tracingHeaders } from '../tracing';
import { CollocatedTransformer } from '../around/collocated';
import { predictorVariables } from '../around/predictor';
import { Scheduling, spread } from './scheduling';
import { restricted } from './security';

/** Name of the server's container. */
export const SERVER_CONTAINER = 'server';

/** All that a pod is made of. */
export interface TemplateParts {
  readonly request: ServiceRequest;
  /** Name of the pod group. */
  readonly group: string;
  readonly labels: { readonly [key: string]: string };
  readonly launch: ServerLaunch;
  readonly timing: Timing;
  readonly copies: Copies;
  readonly modelFiles: ModelFiles;
  readonly files: PlannedFiles;
  readonly logger?: PlannedLogger;
  /** What is before the server in the same pod. */
  readonly before?: CollocatedTransformer;
  readonly resources: PlannedResources;
  readonly scheduling: Scheduling;
  readonly serviceAccountName: string;
  readonly claimTemplate?: string;
}

/** The PodTemplateSpec of a service's copies, with the user's overlay on it. */
export function podTemplate(parts: TemplateParts): { [key: string]: Json } {
  const { request, scheduling, timing, modelFiles, files, logger, before } = parts;
  const template = compact({
    metadata: {
      labels: { ...parts.labels, ...identityOf(request)?.identity?.podLabels },
      annotations: Object.keys(request.podAnnotations).length === 0 ? undefined : { ...request.podAnnotations },
    },
    spec: {
      // a Service's name as a variable (VLLM_PORT=tcp://...) is read by servers as their own setting
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      serviceAccountName: parts.serviceAccountName,
      imagePullSecrets: request.cluster.imagePullSecrets.length === 0 ? undefined : request.cluster.imagePullSecrets.map((name) => ({ name })),
      priorityClassName: request.priorityClassName,
      // a logger ends after the server
      terminationGracePeriodSeconds: timing.grace + (logger === undefined ? 0 : LOGGER_STOP_SECONDS),
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      nodeSelector: scheduling.nodeSelector,
      affinity: scheduling.affinity,
      tolerations: scheduling.tolerations,
      topologySpreadConstraints: parts.copies.max > 1 ? spread(workloadSelector(parts.group, componentOf(request)), versionHashLabel(request)) : undefined,
      resourceClaims: parts.claimTemplate === undefined ? undefined : [{ name: 'accelerator', resourceClaimTemplateName: parts.claimTemplate }],
      initContainers: nonEmpty([...modelFiles.initContainers, ...request.initContainers, ...(logger === undefined ? [] : [logger.container])]),
      containers: [server(parts), ...(before === undefined ? [] : [before.container]), ...request.containers],
      volumes: nonEmpty([...modelFiles.volumes, ...files.volumes, ...(before?.volumes ?? []), ...(logger === undefined ? [] : [logger.volume])]),
    },
  });
  return (request.podOverlay === undefined ? template : overlay(template, compact(request.podOverlay))) as { [key: string]: Json };
}

function server(parts: TemplateParts): JsonObject {
  const { request, launch, timing } = parts;
  const names = portNames(parts);
  const ports = portsOf(launch).map((port) => ({ ...port, name: names[port.name] ?? port.name }));
  const probe = (one: ServerProbe): JsonObject => probeOf({ ...one, port: names[one.port] ?? one.port }, ports);
  // a server that is busy for as long as the longest answer is neither dead nor to be left out
  const busy = launch.blocksWhileBusy ? timing.request : 0;
  return {
    name: SERVER_CONTAINER,
    image: request.cluster.image(launch.image),
    command: launch.command,
    args: launch.args,
    env: nonEmpty([...(launch.environment ?? []).map(({ name, value }) => ({ name, value })), ...predictorVariables(request.partOf?.predictor), ...tracingHeaders(request), ...request.env]),
    ports: ports.map((port) => ({ name: port.name, containerPort: port.containerPort, protocol: 'TCP' })),
    resources: parts.resources.resources,
    // the model is loading as long as this fails; the other probes begin after it
    startupProbe: { ...probe(launch.readiness), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: Math.ceil(timing.startup / 5) },
    readinessProbe: { ...probe(launch.readiness), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: Math.max(3, Math.ceil(busy / 5)) },
    livenessProbe: { ...probe(launch.liveness), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: Math.max(6, Math.ceil(busy / 10) + 3) },
    lifecycle: { preStop: { sleep: { seconds: timing.preStop } } },
    volumeMounts: nonEmpty([...modelMounts(parts), ...parts.files.mounts]),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: restricted({ user: launch.user, nonRoot: launch.nonRoot, readOnlyRoot: launch.readOnlyRoot }),
  };
}

/** Names of the server's ports that are others' in its pod: clients are led to what stands before it, probes of it go straight to it. */
function portNames({ logger, before, launch }: TemplateParts): { readonly [name: string]: string } {
  if (before !== undefined) return { http: launch.metricsPort === undefined && launch.metricsPath !== undefined ? 'metrics' : BEHIND_LOGGER, grpc: `${BEHIND_LOGGER}-grpc` };
  return logger === undefined ? {} : { http: BEHIND_LOGGER };
}

function portsOf({ httpPort, grpcPort, metricsPort }: ServerLaunch): { readonly name: string; readonly containerPort: number }[] {
  return [{ name: 'http', containerPort: httpPort }, { name: 'grpc', containerPort: grpcPort }, { name: 'metrics', containerPort: metricsPort }].filter((one): one is { name: string; containerPort: number } => one.containerPort !== undefined);
}

/** The model's mounts: writable only where a file is laid into the folder, whose place could not be made in a read-only one. */
function modelMounts(parts: TemplateParts): JsonObject[] {
  // a claim or an image can't be written to whatever the mount says: that is a rule's matter
  const laidInto = parts.modelFiles.volumes.some(({ name, emptyDir }) => name === 'model' && emptyDir !== undefined) && [...parts.files.mounts, ...parts.modelFiles.mounts].some((mount) => String(mount.mountPath).startsWith(`${MODELS_ROOT}/`));
  return parts.modelFiles.mounts.map((mount) => (laidInto && mount.mountPath === MODELS_ROOT ? { ...mount, readOnly: undefined } : mount));
}

export function probeOf(one: ServerProbe, ports: readonly { readonly name: string; readonly containerPort: number }[]): JsonObject {
  // this one takes no port by name
  if (one.grpc) return { grpc: { port: ports.find((port) => port.name === one.port)?.containerPort, service: one.grpcService } };
  return one.path === undefined ? { tcpSocket: { port: one.port } } : { httpGet: { path: one.path, port: one.port } };
}

function nonEmpty(list: JsonObject[]): JsonObject[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The labels of a template, after the overlay. */
export function templateLabels(template: JsonObject): { [key: string]: Json } {
  const labels = isObject(template.metadata) ? template.metadata.labels : undefined;
  return isObject(labels) ? labels : {};
}

/** The PodSpec of a template, after the overlay; empty when the overlay left none. */
export function podSpecOf(template: JsonObject): { [key: string]: Json } {
  return isObject(template.spec) ? template.spec : {};
}
