import { KnativeFeature } from '../../describe/engine/kserve';
import { isObject, objectsIn } from '../json';
import { podSpecOf, SERVER_CONTAINER } from '../pod/template';
import { Json, JsonObject } from '../service-plan';

// What Knative Serving takes of a pod: https://github.com/knative/serving/blob/v0.48.1/pkg/apis/serving/fieldmask.go and
// https://github.com/knative/serving/blob/v0.48.1/pkg/apis/serving/k8s_validation.go

type Fields = { [key: string]: Json };

/** Fields of a pod that it takes, and what must be enabled for some of them. */
const POD: { readonly [field: string]: KnativeFeature | undefined } = {
  containers: undefined, volumes: undefined, serviceAccountName: undefined, imagePullSecrets: undefined, enableServiceLinks: undefined, automountServiceAccountToken: undefined,
  initContainers: KnativeFeature.INIT_CONTAINERS, topologySpreadConstraints: KnativeFeature.TOPOLOGY_SPREAD, nodeSelector: KnativeFeature.NODE_SELECTOR, affinity: KnativeFeature.AFFINITY,
  tolerations: KnativeFeature.TOLERATIONS, priorityClassName: KnativeFeature.PRIORITY_CLASS, runtimeClassName: KnativeFeature.RUNTIME_CLASS, schedulerName: KnativeFeature.SCHEDULER,
  securityContext: KnativeFeature.SECURITY_CONTEXT, hostAliases: KnativeFeature.HOST_ALIASES,
};

/** The same of volumes. */
const VOLUME: { readonly [kind: string]: KnativeFeature | undefined } = {
  emptyDir: undefined, configMap: undefined, secret: undefined, projected: undefined, persistentVolumeClaim: KnativeFeature.PERSISTENT_VOLUME_CLAIM, image: KnativeFeature.IMAGE_VOLUME, csi: KnativeFeature.CSI_VOLUME,
};

const CONTAINER = new Set([
  'name', 'image', 'imagePullPolicy', 'command', 'args', 'env', 'envFrom', 'workingDir', 'ports', 'resources', 'securityContext', 'volumeMounts', 'startupProbe', 'readinessProbe', 'livenessProbe',
  'terminationMessagePath', 'terminationMessagePolicy',
]);

/** Ports of servers beside that of requests. */
const OTHERS = new Set(['grpc', 'metrics']);

/** Of containers without the port. */
const OF_SERVER = new Set(['ports', 'startupProbe', 'readinessProbe', 'livenessProbe']);

/**
 * The pod as Knative is told it. Requests go through a proxy beside the server, which ends what it has begun before the server is told to stop: it has the
 * place of the sleep, and the grace period is the time-out of requests. A pod's seccomp profile stands at each container.
 */
export function knativeSpec(template: JsonObject): Fields {
  const { terminationGracePeriodSeconds: _, securityContext, ...spec } = podSpecOf(template);
  const profile = isObject(securityContext) && Object.keys(securityContext).length === 1 ? securityContext.seccompProfile : undefined;
  const contained = (one: Fields): Fields => (profile === undefined ? one : { ...one, securityContext: { seccompProfile: profile, ...(isObject(one.securityContext) ? one.securityContext : {}) } });
  return {
    ...spec,
    ...(securityContext === undefined || profile !== undefined ? {} : { securityContext }),
    ...(spec.initContainers === undefined ? {} : { initContainers: objectsIn(spec.initContainers).map(contained) }),
    containers: objectsIn(spec.containers).map((one) => contained(one.name === SERVER_CONTAINER ? server(one) : one)),
  };
}

function server({ lifecycle: _, ...container }: Fields): Fields {
  const ports = objectsIn(container.ports);
  const http = ports.find((one) => one.name === 'http');
  const numbered = (probe: Json): Json => {
    if (!isObject(probe)) return probe;
    return Object.fromEntries(Object.entries(probe).map(([key, one]) => [key, isObject(one) && one.port === 'http' && http !== undefined ? { ...one, port: http.containerPort! } : one]));
  };
  const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].filter((key) => key in container).map((key) => [key, numbered(container[key]!)] as const);
  // the port's name says how it is spoken to; the library's others are open without being told
  return { ...container, ...(http === undefined ? {} : { ports: ports.filter(({ name }) => !OTHERS.has(String(name))).map((one) => (one === http ? { ...one, name: 'http1' } : one)) }), ...Object.fromEntries(probes) };
}

/** What of a pod it refuses, in words. */
export function refusedByKnative(spec: Fields): string[] {
  const containers = objectsIn(spec.containers);
  const all = [...objectsIn(spec.initContainers), ...containers];
  const main = containers.find((one) => one.name === SERVER_CONTAINER);
  const readiness = isObject(main?.readinessProbe) && isObject(main.readinessProbe.httpGet) ? main.readinessProbe.httpGet.port : undefined;
  return [
    ...Object.keys(spec).filter((field) => !(field in POD)),
    ...objectsIn(spec.volumes).flatMap((volume) => Object.keys(volume).filter((kind) => kind !== 'name' && !(kind in VOLUME)).map((kind) => `${kind} of volume '${String(volume.name)}'`)),
    ...all.flatMap((one) => Object.keys(one).filter((field) => !CONTAINER.has(field) || (one !== main && OF_SERVER.has(field))).map((field) => `${field} of container '${String(one.name)}'`)),
    ...(objectsIn(main?.ports).length > 1 ? ['more than one port'] : []),
    // the proxy asks whether the server is ready, and asks the port of requests whatever the probe says
    ...(readiness !== undefined && readiness !== objectsIn(main?.ports)[0]?.containerPort ? [`a readiness probe at port ${String(readiness)}, which is not that of requests`] : []),
  ];
}

/** What must be enabled for a pod. */
export function featuresOf(spec: Fields): KnativeFeature[] {
  const variables = [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)].flatMap((one) => objectsIn(one.env));
  const fields = variables.some(({ valueFrom }) => isObject(valueFrom) && ('fieldRef' in valueFrom || 'resourceFieldRef' in valueFrom));
  const needed = [
    ...Object.keys(spec).map((field) => POD[field]), ...objectsIn(spec.volumes).flatMap((volume) => Object.keys(volume).map((kind) => VOLUME[kind])), fields ? KnativeFeature.FIELD_REF : undefined,
  ];
  return [...new Set(needed.filter((one) => one !== undefined))];
}
