import { ClusterOperator } from '../../describe/cluster';
import { SeldonServers, SeldonServersKind } from '../../describe/engine/seldon-core-v2';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ServerDefinition, ServerLaunch } from '../../describe/server/server-definition';
import { isBehind } from '../around/front';
import { PREDICTOR } from '../labels';
import { ServicePlan, ServiceRequest, Workload } from '../service-plan';
import { quoted } from '../promql';
import { PlannedAddress } from './address';
import { Engine, EngineId } from './engine';
import { LONGEST_NAME } from './kubernetes';
import { Made, madeService } from './made';
import { agentMetrics } from './seldon-core-v2-metrics';
import { STORES, wishesOfPods } from './seldon-core-v2-wishes';
import { withFacts } from './with-facts';

export const SELDON_V2_API = 'mlops.seldon.io/v1alpha1';

/** The header, in gRPC the metadata, that names the model. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/util/constants.go */
export const MODEL_HEADER = 'seldon-model';

/** Folder of models' settings in a server's containers: what the agent is told to load. */
export const SETTINGS_FOLDER = '/mnt/settings';

/** Servers whose repository of models Seldon's agent can load to, by their id; the name is that of their container and their ServerConfig. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/cmd/agent/main.go */
const CONTAINERS: { readonly [server: string]: 'mlserver' | 'triton' } = { mlserver: 'mlserver', triton: 'triton' };

/** Ports of a server's pod: of the server behind Seldon's agent, and of the agent's metrics. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/templates/_components-statefulsets.tpl */
export const PORTS = { http: 9000, grpc: 9500, metrics: 9006 };

/** The name of a server's container and of its stock ServerConfig; nothing for one that the agent can't load to. */
export function containerOfServer(server: ServerDefinition): 'mlserver' | 'triton' | undefined {
  return CONTAINERS[server.facts.id];
}

/** The port of MLServer's own metrics. */
const SERVER_METRICS = { name: 'server-metrics', port: 8082 };

/** Settings that say where MLServer listens and what it loads: that is the ServerConfig's and the agent's to say. */
export const SERVER_SETTINGS_OF_AGENT: ReadonlySet<string> = new Set(['MLSERVER_HTTP_PORT', 'MLSERVER_GRPC_PORT', 'MLSERVER_METRICS_PORT', 'MLSERVER_LOAD_MODELS_AT_STARTUP', 'MLSERVER_MODEL_REPOSITORY_ROOT']);

/** Seldon Core v2: a service is a `Model`, on a shared `Server` or on one of its own. */
export class SeldonCoreV2 implements Engine {
  public readonly id = EngineId.SELDON_V2;
  public readonly title: string;
  public readonly operator = ClusterOperator.SELDON_CORE_V2;
  /** By rclone. */
  public readonly fetches = { stores: STORES, bySecret: true };
  public readonly runsCompanions = true;
  public readonly stockCompanions: boolean;
  public readonly splits = [RolloutKind.CANARY, RolloutKind.BLUE_GREEN, RolloutKind.SHADOW];

  public constructor(public readonly version: string, public readonly servers: SeldonServers) {
    this.title = `Seldon Core ${version}`;
    this.stockCompanions = servers.kind === SeldonServersKind.SHARED;
  }

  /** Whether a service gets a server of its own. A pool is one. */
  public dedicated(request: ServiceRequest): boolean {
    return request.pooled !== undefined || this.servers.kind === SeldonServersKind.DEDICATED || (this.servers.kind === SeldonServersKind.AS_NEEDED && (request.detectors.length > 0 || wishesOfPods(request).length > 0));
  }

  /** Whether clients ask for a Pipeline: on shared servers nothing else brings requests to detectors. */
  public piped(request: ServiceRequest): boolean {
    return request.detectors.length > 0 && this.stockCompanions;
  }

  /** The operator makes a StatefulSet of a Server's name. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/server/statefulset_reconciler.go */
  public workload(group: string, _service: string, request: ServiceRequest): Workload {
    return { apiVersion: SELDON_V2_API, kind: this.dedicated(request) ? 'Server' : 'Model', name: group };
  }

  public container(_: ServiceRequest, server: ServerDefinition): string {
    return containerOfServer(server) ?? 'mlserver';
  }

  /** A Service of ours before Seldon's Envoy, which knows the model by the path of a REST request, or by a header. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/envoy/xdscache/resource.go (createHeaderFilter) */
  public address(request: ServiceRequest): PlannedAddress {
    const { name, pooled } = request;
    if (pooled !== undefined) return { service: name, headers: {}, modelHeader: MODEL_HEADER, pathTells: true };
    // a Pipeline has its Model's name, and is told from it by what comes after that
    if (this.piped(request)) return { service: name, headers: { [MODEL_HEADER]: `${name}.pipeline` }, trialHeaders: { [MODEL_HEADER]: `${name}-candidate` } };
    return { service: name, headers: { [MODEL_HEADER]: this.group(request) }, pathTells: true, trialHeaders: { [MODEL_HEADER]: `${name}-candidate` } };
  }

  /** Clients ask for a Model by its name: that of a service is its transformer's, where one stands before it. */
  public group(request: ServiceRequest): string {
    return isBehind(request) ? `${request.name}-${PREDICTOR}` : request.partOf?.podService ?? request.name;
  }

  /** What a detector finds is counted by its server, and not by the agent before it. */
  public metricsPortName(request: ServiceRequest): string | undefined {
    return this.countsItself(request) ? SERVER_METRICS.name : undefined;
  }

  private countsItself(request: ServiceRequest): boolean {
    return request.partOf?.detects === true && this.dedicated(request);
  }

  public longestName(): { length: number; because: string } {
    return { length: LONGEST_NAME, because: 'the operator names a StatefulSet, its pods and a Service a copy after it' };
  }

  /** Of a Server a StatefulSet, and a Service a copy. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/server/service_reconciler.go */
  public makes({ groups, copies, release }: ServicePlan): Made[] {
    return groups.filter(({ workload }) => workload.kind === 'Server').flatMap(({ name }, i) => [
      { apiVersion: 'apps/v1', kind: 'StatefulSet', name },
      ...Array.from({ length: i === 0 ? Math.max(1, copies.max) : release!.candidate!.replicas }, (_, copy) => madeService(`${name}-${copy}`)),
    ]);
  }

  public misfit(server: ServerDefinition): string | undefined {
    return containerOfServer(server) === undefined ? "can't be told to load models by Seldon's agent" : undefined;
  }

  public server(server: ServerDefinition, request: ServiceRequest): ServerDefinition {
    if (this.countsItself(request)) return server;
    const own = this.dedicated(request);
    const { title } = server.facts;
    return withFacts(server, { title: own ? title : `${title} with other models on it`, metrics: agentMetrics(own) });
  }

  /** What a server of its own serves lies in a file of settings, as each model's of a pool does: the agent is told of that, and not of variables. */
  public startsAsPool(request: ServiceRequest): boolean {
    return this.dedicated(request);
  }

  /** The server behind the agent: on the ServerConfig's ports, with an empty repository that the agent fills. */
  public launch(launch: ServerLaunch, request: ServiceRequest): ServerLaunch {
    return {
      ...launch, httpPort: PORTS.http, grpcPort: PORTS.grpc, metricsPort: this.countsItself(request) ? SERVER_METRICS.port : PORTS.metrics, metricsPath: '/metrics',
      command: launch.command === undefined ? undefined : ['mlserver', 'start', '/mnt/agent/models'],
      environment: (launch.environment ?? []).filter(({ name }) => !SERVER_SETTINGS_OF_AGENT.has(name)),
    };
  }

  /** Pods of a StatefulSet have numbers. On shared servers nothing is a service's own but what is counted under its Models' names. */
  public podMatchers(namespace: string, workloads: readonly Workload[]): string {
    const names = workloads.map(({ name }) => name).join('|');
    const own = workloads[0]?.kind === 'Server';
    return `namespace=${quoted(namespace)},${own ? `pod=~${quoted(`(${names})-[0-9]+`)}` : `model=~${quoted(names)}`}`;
  }
}
