import { compact } from '../../plan/json';
import { restricted } from '../../plan/pod/security';
import { Json, JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';

/** A Phoenix, as it is to be. */
export interface PlannedPhoenix {
  readonly name: string;
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly copies: number;
  readonly keptDays: number;
  readonly memoryBytes: number;
  /** A volume for SQLite, or the Secret of a PostgreSQL database. */
  readonly volume?: { readonly bytes: number; readonly storageClass?: string };
  readonly postgres?: { readonly name: string; readonly key: string };
  readonly authSecretName?: string;
  /** Peers, as `from` entries of a NetworkPolicy. */
  readonly senders: readonly { [key: string]: Json }[];
  readonly users: readonly { [key: string]: Json }[];
}

/** Source: https://arize.com/docs/phoenix/self-hosting/configuration; the port of metrics is fixed (phoenix/server/prometheus.py). */
const PORTS = { http: 6006, grpc: 4317, metrics: 9090 };
/** Name of the container port of metrics. */
export const PHOENIX_METRICS_PORT = 'metrics';
const DATA = '/data';
/** User of the image's nonroot variant. Source: https://github.com/Arize-ai/phoenix/blob/main/helm/values.yaml */
const USER = 65_532;
/** Memory of a span that waits to be written, as the chart's values say: half of the pod's memory may wait. */
const SPAN_BYTES = 50 * 1024;
/** Percent of the volume from which on no spans are taken: a full disk would not even let old ones be deleted. */
const MOST_PERCENT = 90;

/** Labels by which its pods are found. */
export function phoenixSelector(name: string): { [key: string]: string } {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'phoenix' };
}

export function phoenixLabels(name: string): { [key: string]: string } {
  return { ...phoenixSelector(name), 'app.kubernetes.io/instance': name, 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/managed-by': 'cdk8s-serving' };
}

/** The objects of a Phoenix. */
export function phoenixObjects(phoenix: PlannedPhoenix): RenderedObject[] {
  const { name, copies } = phoenix;
  const labels = phoenixLabels(name);
  const ports = [{ name: 'http', port: PORTS.http, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }, { name: 'grpc', port: PORTS.grpc, targetPort: 'grpc', protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' }];
  const budget: RenderedObject = { id: 'PodDisruptionBudget', apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name, labels, content: { spec: { maxUnavailable: 1, selector: { matchLabels: phoenixSelector(name) } } } };
  return [
    { id: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name, labels, content: { spec: policy(phoenix) } },
    { id: 'Service', apiVersion: 'v1', kind: 'Service', name, labels, content: { spec: { type: 'ClusterIP', selector: phoenixSelector(name), ports } } },
    ...(copies > 1 ? [budget] : []),
    { id: 'Resource', apiVersion: 'apps/v1', kind: 'StatefulSet', name, labels, content: { spec: statefulSet(phoenix, labels) } },
  ];
}

function statefulSet(phoenix: PlannedPhoenix, labels: { [key: string]: string }): { [key: string]: Json } {
  const { name, volume } = phoenix;
  return compact({
    // each start migrates the database, and takes no lock: one after the other
    replicas: phoenix.copies, serviceName: name, podManagementPolicy: 'OrderedReady', selector: { matchLabels: phoenixSelector(name) },
    persistentVolumeClaimRetentionPolicy: volume === undefined ? undefined : { whenDeleted: 'Retain', whenScaled: 'Retain' },
    template: {
      metadata: { labels },
      spec: compact({
        // variables of Services would be taken for its own: PHOENIX_PORT=tcp://...
        automountServiceAccountToken: false, enableServiceLinks: false, terminationGracePeriodSeconds: 30,
        imagePullSecrets: phoenix.imagePullSecrets.length === 0 ? undefined : phoenix.imagePullSecrets.map((one) => ({ name: one })),
        securityContext: { fsGroup: USER, fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' } },
        topologySpreadConstraints: phoenix.copies === 1 ? undefined : [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: phoenixSelector(name) } }],
        containers: [container(phoenix)],
        volumes: [{ name: 'tmp', emptyDir: {} }, ...(volume === undefined ? [{ name: 'data', emptyDir: {} }] : [])],
      }),
    },
    volumeClaimTemplates: volume === undefined ? undefined : [{ metadata: { name: 'data' }, spec: compact({ accessModes: ['ReadWriteOnce'], storageClassName: volume.storageClass, resources: { requests: { storage: String(volume.bytes) } } }) }],
  });
}

function container(phoenix: PlannedPhoenix): JsonObject {
  const check = (path: string, times: number): JsonObject => ({ httpGet: { path, port: 'http' }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: times });
  return {
    name: 'phoenix', image: phoenix.image, env: environment(phoenix),
    ports: [{ name: 'http', containerPort: PORTS.http, protocol: 'TCP' }, { name: 'grpc', containerPort: PORTS.grpc, protocol: 'TCP' }, { name: PHOENIX_METRICS_PORT, containerPort: PORTS.metrics, protocol: 'TCP' }],
    resources: { requests: { cpu: '500m', memory: String(phoenix.memoryBytes) }, limits: { memory: String(phoenix.memoryBytes) } },
    // a new version migrates all that there is before it answers; readiness asks the database
    startupProbe: check('/healthz', 360), readinessProbe: check('/readyz', 3), livenessProbe: check('/healthz', 6),
    volumeMounts: [{ name: 'data', mountPath: DATA }, { name: 'tmp', mountPath: '/tmp' }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: restricted({ user: USER }),
  };
}

function environment({ volume, postgres, authSecretName, keptDays, memoryBytes }: PlannedPhoenix): JsonObject[] {
  const value = (name: string, text: string | number): JsonObject => ({ name, value: String(text) });
  const secret = (name: string, from: string, key: string, optional?: boolean): JsonObject => ({ name, valueFrom: { secretKeyRef: { name: from, key, ...(optional ? { optional } : {}) } } });
  const keyed = (name: string, optional?: boolean): JsonObject => secret(name, authSecretName!, name, optional);
  return [
    value('HOME', '/tmp'), value('PHOENIX_WORKING_DIR', DATA), value('PHOENIX_PORT', PORTS.http), value('PHOENIX_GRPC_PORT', PORTS.grpc), value('PHOENIX_ENABLE_PROMETHEUS', 'true'),
    // nothing of what it holds is told to others, and no page waits for the internet
    value('PHOENIX_TELEMETRY_ENABLED', 'false'), value('PHOENIX_ALLOW_EXTERNAL_RESOURCES', 'false'),
    value('PHOENIX_DEFAULT_RETENTION_POLICY_DAYS', keptDays), value('PHOENIX_MAX_SPANS_QUEUE_SIZE', Math.floor(memoryBytes / 2 / SPAN_BYTES)),
    ...(volume === undefined ? [] : [value('PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES', volume.bytes / 2 ** 30), value('PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE', MOST_PERCENT)]),
    ...(postgres === undefined ? [] : [secret('PHOENIX_SQL_DATABASE_URL', postgres.name, postgres.key)]),
    // the first password would be 'admin' if it could be left out
    ...(authSecretName === undefined ? [] : [value('PHOENIX_ENABLE_AUTH', 'true'), keyed('PHOENIX_SECRET'), keyed('PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD'), keyed('PHOENIX_ADMIN_SECRET', true)]),
  ];
}

/** Spans come from those that were let in, and pages go to those; metrics are for whoever scrapes. */
function policy({ name, senders, users }: PlannedPhoenix): { [key: string]: Json } {
  const rule = (from: readonly { [key: string]: Json }[], port: number): { [key: string]: Json }[] => (from.length === 0 ? [] : [{ from: [...from], ports: [{ port, protocol: 'TCP' }] }]);
  return {
    podSelector: { matchLabels: phoenixSelector(name) }, policyTypes: ['Ingress'],
    ingress: [...rule(senders, PORTS.grpc), ...rule(users, PORTS.http), { ports: [{ port: PORTS.metrics, protocol: 'TCP' }] }],
  };
}
