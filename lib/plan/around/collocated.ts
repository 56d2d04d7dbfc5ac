import { CodeDelivery } from '../../describe/python-code';
import { ServerDefinition, ServerLaunch, ServerProbe } from '../../describe/server/server-definition';
import { CODE_ROOT, planFiles } from '../pod/files';
import { MODELS_ROOT } from '../pod/model-files';
import { planResources } from '../pod/resources';
import { restricted } from '../pod/security';
import { probeOf } from '../pod/template';
import { BuildContext, planBuildContext } from '../build-context';
import { JsonObject, PlannedConfig, PlannedPort, ServiceRequest, Timing } from '../service-plan';
import { Asked, predictorHere, predictorVariables } from './predictor';
import { transformerRequest } from './requests';

/** Name of its container. */
export const TRANSFORMER_CONTAINER = 'transformer';
/** What is added to its server's ports, so that they are no others' in the pod. */
const PORT_OFFSET = 100;

/** A transformer in the predictor's pods: a container, and what takes the place of the server's ports. */
export interface CollocatedTransformer {
  readonly server: ServerDefinition;
  readonly launch: ServerLaunch;
  readonly container: JsonObject;
  readonly volumes: readonly JsonObject[];
  readonly configs: readonly PlannedConfig[];
  readonly buildContext?: BuildContext;
  readonly requests: { readonly cpuMillis: number; readonly memoryBytes: number };
}

/** Plans it; none where there is none, or it has pods of its own. `asked` are the ports that it asks, in the same pod. */
export function planCollocated(request: ServiceRequest, plan: Asked & { readonly timing: Timing }, asked: readonly PlannedPort[]): CollocatedTransformer | undefined {
  const { transformer } = request;
  const server = transformer?.what._props.server;
  if (transformer === undefined || server === undefined || !transformer.what.isCollocated) return undefined;
  const own = transformerRequest(request, plan, predictorHere(plan, asked));
  const { timing } = plan;
  const version = server.requestedVersion ?? request.defaults.serverVersions[server.facts.id] ?? server.facts.version;
  const base = server.codeBaseImage(version);
  const { code, implementation, format } = own.model;
  const buildContext = code === undefined ? undefined : planBuildContext(own.name, code, request.cluster.image(base ?? request.defaults.pythonImage), base === undefined);
  const launch = server.launch({
    models: [{ name: plan.modelName ?? request.name, format: format.name, path: MODELS_ROOT, implementation, codePath: code?.delivery === CodeDelivery.MOUNT ? CODE_ROOT : undefined, codeImage: buildContext?.image }],
    version, protocol: own.protocol!, requestTimeoutSeconds: timing.request, stopSeconds: timing.stop, cpus: 1, predictor: own.partOf!.predictor, portOffset: PORT_OFFSET,
  });
  const files = planFiles(own, launch);
  // volumes of one pod have names of their own
  const named = (volume: JsonObject): JsonObject => ({ ...volume, name: `${TRANSFORMER_CONTAINER}-${String(volume.name)}` });
  const resources = planResources(own, server.facts, launch, 0, 0, {});
  const ports = [{ name: 'http', containerPort: launch.httpPort }, { name: 'grpc', containerPort: launch.grpcPort }].filter((one): one is { name: string; containerPort: number } => one.containerPort !== undefined);
  const probe = (one: ServerProbe): JsonObject => probeOf(one, ports);
  const busy = launch.blocksWhileBusy ? timing.request : 0;
  return {
    server, launch, buildContext, volumes: files.volumes.map(named), configs: files.configs.map((config) => ({ ...config, id: `Transformer${config.id}` })),
    requests: { cpuMillis: resources.cpuMillis, memoryBytes: resources.memoryBytes },
    container: {
      name: TRANSFORMER_CONTAINER,
      image: request.cluster.image(launch.image),
      command: launch.command, args: launch.args,
      env: [...(launch.environment ?? []).map(({ name, value }) => ({ name, value })), ...predictorVariables(own.partOf!.predictor), ...own.env],
      ports: ports.map((port) => ({ ...port, protocol: 'TCP' })),
      resources: resources.resources,
      startupProbe: { ...probe(launch.readiness), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: Math.ceil(timing.startup / 5) },
      readinessProbe: { ...probe(launch.readiness), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: Math.max(3, Math.ceil(busy / 5)) },
      livenessProbe: { ...probe(launch.liveness), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: Math.max(6, Math.ceil(busy / 10) + 3) },
      lifecycle: { preStop: { sleep: { seconds: timing.preStop } } },
      volumeMounts: files.mounts.map(named),
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: restricted({ user: launch.user, nonRoot: launch.nonRoot, readOnlyRoot: launch.readOnlyRoot }),
    },
  };
}
