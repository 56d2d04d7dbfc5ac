import { Audience } from '../../describe/rollout/audience';
import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { Cluster } from '../../describe/cluster';
import { ExposureKind } from '../../describe/exposure';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { timeoutAnnotations } from '../../plan/ingress';
import { compact } from '../../plan/json';
import { goldenSelector } from '../../plan/labels';
import { Json, JsonObject, PlannedPort, ServicePlan } from '../../plan/service-plan';
import { RenderedObject, RenderExtras } from '../ports';

/** A Service of a group of pods. */
export interface ServiceOf {
  /** Id below the construct, and name. */
  readonly id: string;
  readonly name: string;
  /** None where a controller writes it. */
  readonly selector: { readonly [key: string]: string } | undefined;
}

/** The Service that clients ask. */
export function mainService(plan: ServicePlan): RenderedObject {
  // one group of pods, never all of the service's: a version on trial gets no traffic by accident
  return service(plan, { id: 'Service', name: plan.podService, selector: plan.groups[0]!.selector });
}

export function service(plan: ServicePlan, { id, name, selector }: ServiceOf): RenderedObject {
  return {
    id, apiVersion: 'v1', kind: 'Service', name, labels: plan.labels,
    content: {
      spec: compact({
        type: 'ClusterIP',
        selector: selector && { ...selector },
        ports: plan.ports.filter((port) => port.port !== undefined).map((port) => ({
          name: port.name, port: port.port, targetPort: port.name, protocol: 'TCP', appProtocol: port.name === 'grpc' ? 'kubernetes.io/h2c' : 'http',
        })),
      }),
    },
  };
}

/** Which Services get a route's requests. */
export interface Split {
  readonly backends: readonly { readonly service: string; readonly weight: number }[];
  /** A Service that gets copies of so many percent of the requests. */
  readonly mirror?: { readonly service: string; readonly percent: number };
  /** A Service that gets all requests of an audience. */
  readonly audience?: { readonly service: string; readonly who: Audience; readonly headers?: { readonly [name: string]: string } };
}

/** All requests go to the service itself. */
export function undivided(plan: ServicePlan): Split {
  return { backends: [{ service: plan.address.service, weight: 1 }] };
}

export function routes(plan: ServicePlan, cluster: Cluster, split = undivided(plan)): RenderedObject[] {
  const { exposure } = plan;
  switch (exposure.kind) {
    case ExposureKind.CLUSTER_INTERNAL: return [];
    case ExposureKind.INGRESS: return [ingress(plan, cluster)];
    default: {
      const http = httpRoute(plan, cluster, { id: 'HttpRoute', name: plan.name, hosts: exposure.hosts, split });
      return exposure.grpcHosts.length > 0 ? [http, grpcRoute(plan, cluster, split)] : [http];
    }
  }
}

/** The route of the host names at which the version on trial is seen before clients get it. */
export function previewRoutes(plan: ServicePlan, cluster: Cluster): RenderedObject[] {
  const hosts = plan.release?.previewHosts ?? [];
  if (hosts.length === 0 || plan.exposure.kind !== ExposureKind.GATEWAY) return [];
  return [httpRoute(plan, cluster, { id: 'PreviewRoute', name: `${plan.name}-preview`, hosts, headers: plan.address.trialHeaders, split: { backends: [{ service: plan.release!.trialService, weight: 1 }] } })];
}

function httpRoute(plan: ServicePlan, cluster: Cluster, route: { id: string; name: string; hosts: readonly string[]; split: Split; headers?: { readonly [name: string]: string } }): RenderedObject {
  const { exposure } = plan;
  const { split } = route;
  const prefixed = exposure.pathPrefix !== '/';
  const paths = plan.front.exposedPaths();
  const backend = (name: string, weight: number): JsonObject => ({ group: '', kind: 'Service', name, port: port(plan, 'http'), weight });
  const shared = (backends: Split['backends']): JsonObject[] => withExisting(plan, 'http', backends.map((one) => backend(one.service, one.weight)));
  const rule = (group: readonly string[], headers: JsonObject[] | undefined, backends: JsonObject[], mirrored: boolean, sets = route.headers ?? plan.address.headers): JsonObject => ({
    matches: group.map((path) => ({ path: { type: 'PathPrefix', value: prefixed ? join(exposure.pathPrefix, path) : path }, headers })),
    filters: filled([
      ...headerFilter(sets),
      ...(prefixed ? [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: group[0] } } }] : []),
      ...(mirrored && split.mirror !== undefined ? [mirrorFilter(plan, split.mirror, 'http')] : []),
    ]),
    backendRefs: backends,
    timeouts: { request: requestTimeout(plan) },
  });
  // a prefix is replaced by what it stands for, so each path behind one needs a rule of its own
  const groups = prefixed ? paths.map((path) => [path]) : [paths];
  const { audience } = split;
  return {
    id: route.id, apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: route.name, labels: plan.labels,
    content: {
      spec: compact({
        parentRefs: [parent(cluster)],
        hostnames: route.hosts,
        rules: [
          ...(audience === undefined ? [] : groups.map((group) => rule(group, [headerMatch(audience.who)], [backend(audience.service, 1)], false, audience.headers))),
          ...groups.map((group) => rule(group, undefined, shared(split.backends), true)),
        ],
      }),
    },
  };
}

/** The backends of a route, and the service that is replaced beside them: it gets what the new one does not. */
function withExisting({ replaces }: ServicePlan, name: 'http' | 'grpc', own: JsonObject[]): JsonObject[] {
  if (replaces === undefined) return own;
  const { service: existing, port: http, grpcPort, headers = {} } = replaces._backend;
  const existingPort = name === 'http' ? http : grpcPort;
  if (existingPort === undefined) return own;
  return [
    ...own.map((one) => ({ ...one, weight: replaces.percent })),
    { group: '', kind: 'Service', name: existing, port: existingPort, weight: 100 - replaces.percent, filters: filled(headerFilter(headers)) },
  ];
}

/** Sets the headers by which the engine knows which service is meant, so that clients need not know them. */
function headerFilter(headers: { readonly [name: string]: string }): JsonObject[] {
  const set = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return set.length === 0 ? [] : [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set } }];
}

/** How long a route lets an answer take. Generated text may stream for as long as the server likes: 0s is "no limit". */
export function requestTimeout({ protocol, timing }: ServicePlan): string {
  return protocol.sameAs(InferenceProtocol.OPENAI) ? '0s' : `${Math.ceil(timing.request)}s`;
}

function headerMatch(who: Audience): JsonObject {
  const regex = who.headerRegex;
  return regex === undefined ? { type: 'Exact', name: who.headerName, value: who.value } : { type: 'RegularExpression', name: who.headerName, value: regex };
}

function mirrorFilter(plan: ServicePlan, mirror: { readonly service: string; readonly percent: number }, name: 'http' | 'grpc'): JsonObject {
  return {
    type: 'RequestMirror',
    // a share is taken by Gateway API 1.3 and newer; all is what every version mirrors
    requestMirror: { backendRef: { group: '', kind: 'Service', name: mirror.service, port: port(plan, name) }, percent: mirror.percent === 100 ? undefined : mirror.percent },
  };
}

function filled(list: JsonObject[]): JsonObject[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** A path below a prefix. */
function join(prefix: string, path: string): string {
  const base = prefix.replace(/\/+$/, '');
  return path === '/' ? base : `${base}${path}`;
}

function grpcRoute(plan: ServicePlan, cluster: Cluster, split: Split): RenderedObject {
  const methods = plan.front.exposedMethods().map((path) => path.split('/'));
  const matches = (header: JsonObject | undefined): JsonObject[] | undefined => (methods.length === 0 && header === undefined ? undefined
    : (methods.length === 0 ? [[]] : methods).map(([, service, method]) => ({ method: service === undefined ? undefined : { type: 'Exact', service, method }, headers: header && [header] })));
  const backend = (name: string, weight: number): JsonObject => ({ group: '', kind: 'Service', name, port: port(plan, 'grpc'), weight });
  const { audience } = split;
  return {
    id: 'GrpcRoute', apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GRPCRoute', name: `${plan.name}-grpc`, labels: plan.labels,
    content: {
      spec: compact({
        parentRefs: [parent(cluster)],
        hostnames: plan.exposure.grpcHosts,
        rules: [
          ...(audience === undefined ? [] : [{ matches: matches(headerMatch(audience.who)), filters: filled(headerFilter(audience.headers ?? plan.address.headers)), backendRefs: [backend(audience.service, 1)] }]),
          { matches: matches(undefined), filters: filled([...headerFilter(plan.address.headers), ...(split.mirror === undefined ? [] : [mirrorFilter(plan, split.mirror, 'grpc')])]), backendRefs: withExisting(plan, 'grpc', split.backends.map((one) => backend(one.service, one.weight))) },
        ],
      }),
    },
  };
}

function parent(cluster: Cluster): JsonObject {
  const gateway = cluster.gateway;
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway?.name, namespace: gateway?.namespace, sectionName: gateway?.sectionName };
}

function ingress(plan: ServicePlan, cluster: Cluster): RenderedObject {
  const { exposure, timing } = plan;
  const host = exposure.hosts[0];
  // with ALB the controller writes the backends into an annotation. Source: https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/alb/
  const backendPort = plan.release?.controller === RolloutControllerKind.ARGO && plan.release.router === TrafficRouterKind.ALB && plan.release.kind !== RolloutKind.BLUE_GREEN ? 'use-annotation' : 'http';
  return {
    id: 'Ingress', apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: plan.name, labels: plan.labels, annotations: { ...timeoutAnnotations(cluster.ingressClass, Math.ceil(timing.request)), ...exposure.annotations },
    content: {
      spec: compact({
        ingressClassName: cluster.ingressClass,
        rules: [{ host, http: { paths: plan.front.exposedPaths().map((path) => ({ path, pathType: 'Prefix', backend: { service: { name: plan.address.service, port: { name: backendPort } } } })) } }],
        tls: exposure.tlsSecretName === undefined ? undefined : [{ hosts: [host], secretName: exposure.tlsSecretName }],
      }),
    },
  };
}

/** Lets in who was granted it, what exposes the service, and who scrapes its metrics; nobody else. */
export function networkPolicy(plan: ServicePlan, extras: RenderExtras): RenderedObject | undefined {
  if (extras.grants.length === 0) return undefined;
  const { cluster } = extras;
  const proxies = plan.exposure.kind === ExposureKind.GATEWAY ? cluster.gateway?.proxyNamespace ?? cluster.gateway?.namespace
    : plan.exposure.kind === ExposureKind.INGRESS ? cluster.ingressNamespace : undefined;
  const golden: Json[] = plan.release?.golden === undefined ? [] : [{ podSelector: { matchLabels: goldenSelector(plan.name) } }];
  const callers: Json[] = [...extras.grants, ...golden, ...(proxies === undefined ? [] : [inNamespace(proxies)])];
  const served = plan.ports.find((one) => one.name === 'metrics') ?? plan.ports.find((one) => one.name === 'http');
  const scraped = [...(plan.metricsPath === undefined || served === undefined ? [] : [served]), ...(plan.loggerMetricsPort === undefined ? [] : [{ containerPort: plan.loggerMetricsPort }])];
  return {
    id: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: plan.name, labels: plan.labels,
    content: {
      spec: {
        podSelector: { matchLabels: { ...plan.memberSelector } },
        policyTypes: ['Ingress'],
        ingress: [
          { from: callers, ports: plan.ports.filter((one) => one.port !== undefined).map(allowed) },
          ...(cluster.metricsNamespace === undefined || scraped.length === 0 ? [] : [{ from: [inNamespace(cluster.metricsNamespace)], ports: scraped.map(allowed) }]),
        ],
      },
    },
  };
}

function inNamespace(name: string): Json {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function allowed(one: Pick<PlannedPort, 'containerPort'>): Json {
  return { port: one.containerPort, protocol: 'TCP' };
}

function port(plan: ServicePlan, name: string): number | undefined {
  return plan.ports.find((one) => one.name === name)?.port;
}
