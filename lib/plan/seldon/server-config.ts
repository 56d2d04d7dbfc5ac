import { Size } from 'cdk8s';
import { Accelerator } from '../../describe/accelerator';
import { bytesOf } from '../../describe/checks/shape';
import { Cluster } from '../../describe/cluster';
import { Model } from '../../describe/model';
import { ModelFormat } from '../../describe/model-format';
import { ModelSource } from '../../describe/model-source';
import { PoolLoading } from '../../describe/pool-loading';
import { Finding, ProblemKind } from '../../describe/problem';
import { ServerDefinition } from '../../describe/server/server-definition';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { DefaultsSet } from '../defaults/defaults';
import { containerOfServer, PORTS, SERVER_SETTINGS_OF_AGENT } from '../engine/seldon-core-v2';
import { objectsIn } from '../json';
import { bareRequest } from '../kserve/bare-request';
import { decide } from '../plan';
import { podSpecOf } from '../pod/template';
import { Json, JsonObject, ServiceRequest } from '../service-plan';

const NONE = ProblemKind.error('SERVING_SELDON_SERVER_CONFIG', "A server that Seldon's agent can't load models into", 'The agent speaks to the repository of models of MLServer and of Triton, and to no other.');

/** Where the agent puts models. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/templates/_components-statefulsets.tpl */
const MODELS = '/mnt/agent/models';

/** What models may require of each server. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/values.yaml */
const CAPABILITIES: { readonly [container: string]: readonly string[] } = {
  mlserver: ['mlserver', 'alibi-detect', 'alibi-explain', 'huggingface', 'lightgbm', 'mlflow', 'python', 'sklearn', 'spark-mlib', 'xgboost'],
  triton: ['triton', 'dali', 'fil', 'onnx', 'openvino', 'python', 'pytorch', 'tensorflow', 'tensorrt'],
};

/** What a ServerConfig is planned from. */
export interface ServerConfigRequest {
  readonly name: string;
  readonly server: ServerDefinition;
  readonly capabilities?: readonly string[];
  readonly accelerator?: Accelerator;
  /** A quantity. */
  readonly cpu?: string;
  readonly memory: Size;
  readonly cluster: Cluster;
  readonly defaults: DefaultsSet;
}

/** A ServerConfig as it was decided: its server and where its pods may run; what stands beside it is Seldon's. */
export interface PlannedServerConfig {
  readonly container: 'mlserver' | 'triton';
  readonly capabilities: readonly string[];
  readonly server: JsonObject;
  /** Seconds that the server takes until it listens, at most. */
  readonly startSeconds: number;
  readonly scheduling: JsonObject;
  /** The volume in memory that the server's backends share. */
  readonly sharedMemory?: { readonly [key: string]: Json };
}

/** Plans the server as that of a pool is, whose models come while it runs. */
export function planServerConfig(request: ServerConfigRequest): { config?: PlannedServerConfig; findings: Finding[] } {
  const { server, name } = request;
  const container = containerOfServer(server);
  if (container === undefined) {
    return { findings: [NONE.found({ what: `${server.facts.title} can't be told by Seldon's agent which models to load`, got: server.facts.id, allowed: 'InferenceServer.mlserver(), InferenceServer.triton()', fix: 'take one of these' })] };
  }
  const { plan, launch } = decide(pool(request), server, InferenceProtocol.V2_REST);
  const { volumes, nodeSelector, affinity, tolerations, runtimeClassName, containers } = podSpecOf(plan.groups[0]!.template);
  const [planned] = objectsIn(containers);
  const { image, env, resources, securityContext, volumeMounts } = planned!;
  const memory = objectsIn(volumeMounts).find(({ mountPath }) => mountPath === '/dev/shm')?.name;
  return {
    config: {
      container, capabilities: request.capabilities ?? CAPABILITIES[container]!,
      server: {
        name: container, image: image!, ...start(container, launch.args ?? []),
        env: [...objectsIn(env).filter((one) => !SERVER_SETTINGS_OF_AGENT.has(one.name as string)), ...(container === 'mlserver' ? ofMLServer() : [])],
        resources: resources!,
        // a Server of a service's own brings a folder for what is written: a second one at its place would be refused
        securityContext: { ...securityContext as { [key: string]: Json }, readOnlyRootFilesystem: false },
      },
      startSeconds: plan.timing.load,
      scheduling: { nodeSelector, affinity, tolerations, runtimeClassName, imagePullSecrets: request.cluster.imagePullSecrets.length === 0 ? undefined : request.cluster.imagePullSecrets.map((one) => ({ name: one })) },
      sharedMemory: memory === undefined ? undefined : objectsIn(volumes).find((volume) => volume.name === memory),
    },
    findings: (launch.findings ?? []).filter(({ code }) => code !== 'SERVING_MLSERVER_IMPLEMENTATION' && code !== 'SERVING_MLSERVER_TASK').map((finding) => ({ ...finding, what: `ServerConfig '${name}': ${finding.what}` })),
  };
}

/** A pool of one model of each format: which server's image has what all of them need. */
function pool({ name, server, accelerator, cpu, memory, cluster, defaults }: ServerConfigRequest): ServiceRequest {
  const pooled = server.facts.formats.map(({ format }) => Model.of(ModelFormat.of(format), { name: format, source: ModelSource.inImage(MODELS) }));
  return { ...bareRequest(name, pooled[0]!, { cluster, defaults }), server, servers: [server], accelerator, cpu, memoryBytes: bytesOf(memory), pooled, poolLoading: PoolLoading.WHILE_RUNNING };
}

function start(container: string, args: readonly string[]): JsonObject {
  if (container === 'mlserver') return { command: ['mlserver', 'start', MODELS] };
  const ours: { readonly [flag: string]: string } = { '--model-repository': MODELS, '--http-port': String(PORTS.http), '--grpc-port': String(PORTS.grpc), '--model-control-mode': 'explicit' };
  const others = args.slice(1).filter((arg) => ours[arg.split('=')[0]!] === undefined);
  return { command: [args[0]!], args: [...Object.entries(ours).map(([flag, value]) => `${flag}=${value}`), ...others] };
}

function ofMLServer(): { name: string; value: string }[] {
  return Object.entries({ MLSERVER_HTTP_PORT: String(PORTS.http), MLSERVER_GRPC_PORT: String(PORTS.grpc), MLSERVER_METRICS_PORT: '8082', MLSERVER_MODELS_DIR: MODELS, MLSERVER_LOAD_MODELS_AT_STARTUP: 'false' }).map(([name, value]) => ({ name, value }));
}
