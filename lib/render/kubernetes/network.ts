import { Cluster } from '../../describe/cluster';
import { ExposureKind } from '../../describe/exposure';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { timeoutAnnotations } from '../../plan/ingress';
import { compact } from '../../plan/json';
import { Json, JsonObject, PlannedPort, ServicePlan } from '../../plan/service-plan';
import { RenderedObject, RenderExtras } from '../ports';

export function service(plan: ServicePlan): RenderedObject {
  return {
    id: 'Service', apiVersion: 'v1', kind: 'Service', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        type: 'ClusterIP',
        // one group of pods, never all of the service's: a version on trial gets no traffic by accident
        selector: { ...plan.groups[0]!.selector },
        ports: plan.ports.filter((port) => port.port !== undefined).map((port) => ({
          name: port.name, port: port.port, targetPort: port.name, protocol: 'TCP', appProtocol: port.name === 'grpc' ? 'kubernetes.io/h2c' : 'http',
        })),
      }),
    },
  };
}

export function routes(plan: ServicePlan, cluster: Cluster): RenderedObject[] {
  const { exposure } = plan;
  switch (exposure.kind) {
    case ExposureKind.CLUSTER_INTERNAL: return [];
    case ExposureKind.INGRESS: return [ingress(plan, cluster)];
    default: return [httpRoute(plan, cluster), ...(exposure.grpcHosts.length > 0 ? [grpcRoute(plan, cluster)] : [])];
  }
}

function httpRoute(plan: ServicePlan, cluster: Cluster): RenderedObject {
  const { exposure, timing } = plan;
  const prefixed = exposure.pathPrefix !== '/';
  const paths = plan.server.exposedPaths();
  return {
    id: 'HttpRoute', apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        parentRefs: [parent(cluster)],
        hostnames: exposure.hosts,
        // a prefix is replaced by what it stands for, so each path behind one needs a rule of its own
        rules: (prefixed ? paths.map((path) => [path]) : [paths]).map((group) => ({
          matches: group.map((path) => ({ path: { type: 'PathPrefix', value: prefixed ? join(exposure.pathPrefix, path) : path } })),
          filters: prefixed ? [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: group[0] } } }] : undefined,
          backendRefs: [{ group: '', kind: 'Service', name: plan.name, port: port(plan, 'http'), weight: 1 }],
          // generated text may stream for as long as the server likes: 0s is "no limit"
          timeouts: { request: plan.protocol.sameAs(InferenceProtocol.OPENAI) ? '0s' : `${Math.ceil(timing.request)}s` },
        })),
      }),
    },
  };
}

/** A path below a prefix. */
function join(prefix: string, path: string): string {
  const base = prefix.replace(/\/+$/, '');
  return path === '/' ? base : `${base}${path}`;
}

function grpcRoute(plan: ServicePlan, cluster: Cluster): RenderedObject {
  const methods = plan.server.exposedMethods().map((path) => path.split('/'));
  return {
    id: 'GrpcRoute', apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GRPCRoute', name: `${plan.name}-grpc`, labels: plan.labels,
    content: {
      spec: compact({
        parentRefs: [parent(cluster)],
        hostnames: plan.exposure.grpcHosts,
        rules: [{
          matches: methods.length === 0 ? undefined : methods.map(([, service, method]) => ({ method: { type: 'Exact', service, method } })),
          backendRefs: [{ group: '', kind: 'Service', name: plan.name, port: port(plan, 'grpc'), weight: 1 }],
        }],
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
  return {
    id: 'Ingress', apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: plan.name, labels: plan.labels, annotations: { ...timeoutAnnotations(cluster.ingressClass, Math.ceil(timing.request)), ...exposure.annotations },
    content: {
      spec: compact({
        ingressClassName: cluster.ingressClass,
        rules: [{ host, http: { paths: plan.server.exposedPaths().map((path) => ({ path, pathType: 'Prefix', backend: { service: { name: plan.name, port: { name: 'http' } } } })) } }],
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
  const callers: Json[] = [...extras.grants, ...(proxies === undefined ? [] : [inNamespace(proxies)])];
  const scraped = plan.ports.find((one) => one.name === 'metrics') ?? plan.ports.find((one) => one.name === 'http');
  return {
    id: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: plan.name, labels: plan.labels,
    content: {
      spec: {
        podSelector: { matchLabels: { ...plan.memberSelector } },
        policyTypes: ['Ingress'],
        ingress: [
          { from: callers, ports: plan.ports.filter((one) => one.port !== undefined).map(allowed) },
          ...(cluster.metricsNamespace === undefined || plan.metricsPath === undefined || scraped === undefined ? [] : [{ from: [inNamespace(cluster.metricsNamespace)], ports: [allowed(scraped)] }]),
        ],
      },
    },
  };
}

function inNamespace(name: string): Json {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function allowed(one: PlannedPort): Json {
  return { port: one.containerPort, protocol: 'TCP' };
}

function port(plan: ServicePlan, name: string): number | undefined {
  return plan.ports.find((one) => one.name === name)?.port;
}
