import { compact, isObject, objectsIn } from '../../plan/json';
import { LOGGER_CONTAINER, withoutHttpName } from '../../plan/pod/payload-logger';
import { MODELS_ROOT } from '../../plan/pod/model-files';
import { SELDON_V2_API, SETTINGS_FOLDER } from '../../plan/engine/seldon-core-v2';
import { CONTAINER_FIELDS, mountedAlready, PROBE_FIELDS, under } from '../../plan/engine/seldon-core-v2-pod';
import { Json, JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';
import { SERVER_CONTAINER } from '../../plan/pod/template';
import { RenderedObject } from '../ports';

/** Seconds that Seldon's servers are given to end: while they drain, their models are loaded elsewhere. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/values.yaml */
const DRAIN_SECONDS = 120;

/** What Seldon's own two containers may not do. Their images run as other users than root, and write to their own folders. */
const BESIDE: JsonObject = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true };

/** Copies of a server. */
export interface SeldonServerCopies {
  readonly replicas?: number;
  readonly min?: number;
  readonly max?: number;
}

/** A `Server`: pods that models are loaded into. */
export interface SeldonServer {
  readonly id: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly serverConfig: string;
  /** What models may require of it; those of its ServerConfig where nothing is said. */
  readonly capabilities?: readonly string[];
  /** What they may require besides. */
  readonly extraCapabilities?: readonly string[];
  readonly copies: SeldonServerCopies;
  /** Laid on the ServerConfig's pod: containers by their names; other lists grow. */
  readonly podSpec?: JsonObject;
}

/** Writes a `Server`. Also for pools, whose models are Models on it. */
export function seldonServer(server: SeldonServer): RenderedObject {
  const { replicas, min, max } = server.copies;
  return {
    id: server.id, apiVersion: SELDON_V2_API, kind: 'Server', name: server.name,
    // a Model tells its autoscaler that its pods are those with the label `server`: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/scheduler/model.go
    labels: { ...server.labels, server: server.name }, annotations: server.annotations,
    content: {
      spec: compact({
        serverConfig: server.serverConfig, capabilities: server.capabilities && [...server.capabilities], extraCapabilities: server.extraCapabilities && [...server.extraCapabilities], replicas, minReplicas: min, maxReplicas: max, podSpec: server.podSpec,
        // models are fetched anew by every copy: a volume that outlives its copy is paid for and holds nothing
        statefulSetPersistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
      }),
    },
  };
}

/**
 * A planned pod as it is laid on a ServerConfig's: the operator merges containers by their names, takes what we say where both say something, and
 * appends lists. So nothing is said again that the ServerConfig says: ports, probes' handlers, the hook that drains.
 * Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/common/patch_utils.go
 */
export function podOverServerConfig(plan: ServicePlan, group: PodGroup): JsonObject {
  const spec = isObject(group.template.spec as Json) ? group.template.spec as { [key: string]: Json } : {};
  const containers = objectsIn(spec.containers);
  const server = containers.find(({ name }) => name === SERVER_CONTAINER) ?? {};
  const mounts = objectsIn(server.volumeMounts);
  // what rclone is to read lies in the pod already; a volume that a file is laid into is not read-only: the file's place could not be made
  const read = mounts.filter(({ mountPath }) => under(mountPath, SETTINGS_FOLDER) || (plan.container === 'triton' && under(mountPath, MODELS_ROOT)));
  // it stands between the agent and the server
  const logger = plan.loggerMetricsPort === undefined ? undefined : plan.ports.find(({ name }) => name === 'http')?.containerPort;
  const grace = typeof spec.terminationGracePeriodSeconds === 'number' ? spec.terminationGracePeriodSeconds : 0;
  // shared memory is the ServerConfig's
  const dropped = mounts.filter(({ mountPath }) => mountedAlready(plan.container, mountPath)).map(({ name }) => name);
  const volumes = spec.volumes === undefined ? undefined : objectsIn(spec.volumes).filter(({ name }) => !dropped.includes(name!));
  return {
    ...spec, volumes,
    serviceAccountName: ownAccount(plan, spec.serviceAccountName), automountServiceAccountToken: true,
    terminationGracePeriodSeconds: Math.max(DRAIN_SECONDS, grace),
    topologySpreadConstraints: spec.topologySpreadConstraints === undefined ? undefined : objectsIn(spec.topologySpreadConstraints).map((one) => spread(one, group.name)),
    // the agent's port has the name of HTTP: that is where callers are led to
    initContainers: spec.initContainers === undefined ? undefined : objectsIn(spec.initContainers).map((one) => (one.name === LOGGER_CONTAINER ? withoutHttpName(one) : one)),
    containers: [
      overServer(plan, server, mounts.filter((mount) => !read.includes(mount))),
      { name: 'agent', securityContext: BESIDE, env: logger === undefined ? undefined : [{ name: 'SELDON_SERVER_HTTP_PORT', value: String(logger) }] },
      // files of ConfigMaps are links
      { name: 'rclone', securityContext: BESIDE, env: [{ name: 'RCLONE_LOCAL_COPY_LINKS', value: 'true' }], volumeMounts: read },
      ...containers.filter(({ name }) => name !== SERVER_CONTAINER),
    ],
  };
}

function overServer(plan: ServicePlan, server: { [key: string]: Json }, mounts: { [key: string]: Json }[]): JsonObject {
  return {
    name: plan.container, ...Object.fromEntries(CONTAINER_FIELDS.map((field) => [field, server[field]])),
    volumeMounts: mounts.filter(({ mountPath }) => !mountedAlready(plan.container, mountPath)),
    // the handlers are the ServerConfig's. A pod is ready before its model is loaded: the next one waits for as long as that takes
    readinessProbe: { initialDelaySeconds: Math.max(5, Math.ceil(plan.timing.load)), ...times(server.readinessProbe) },
    livenessProbe: times(server.livenessProbe),
  };
}

/** How often a probe asks, and how long it waits. */
function times(probe: Json | undefined): JsonObject {
  return isObject(probe) ? Object.fromEntries(PROBE_FIELDS.map((field) => [field, probe[field]])) : {};
}

/** The operator labels pods by the server's name; the name of a service is overwritten. */
function spread(constraint: { [key: string]: Json }, name: string): JsonObject {
  return { ...constraint, labelSelector: { matchLabels: { 'seldon-server-name': name } }, matchLabelKeys: undefined };
}

/** The account of the pods, where it is one that somebody named; else that of all servers of the runtime. */
function ownAccount(plan: ServicePlan, name: Json | undefined): string | undefined {
  const bare = plan.serviceAccount !== undefined && Object.keys(plan.serviceAccount.annotations).length === 0;
  return bare ? undefined : name as string;
}

/**
 * Gives a server's account what the agent in its pods needs: it reads Secrets and ConfigMaps of the namespace. The runtime's operator makes the Role.
 * Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/seldon/rbac_reconciler.go
 */
export function accountObjects(plan: ServicePlan): RenderedObject[] {
  const spec = plan.groups[0]!.template.spec as { [key: string]: Json } | undefined;
  const name = ownAccount(plan, spec?.serviceAccountName);
  if (name === undefined) return [];
  return [{
    id: 'AgentRoleBinding', apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', name: `${plan.name}-agent`, labels: plan.labels,
    content: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'agent-role' }, subjects: [{ kind: 'ServiceAccount', name }] },
  }];
}
