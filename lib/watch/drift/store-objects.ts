import { compact } from '../../plan/json';
import { contentHash } from '../../plan/hash';
import { restricted } from '../../plan/pod/security';
import { programFiles } from '../../plan/program-files';
import { Json, JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';

/** A payload store, as it is to be. */
export interface PlannedStore {
  readonly name: string;
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly bytes: number;
  readonly storageClass?: string;
  readonly keptSeconds: number;
  /** Peers besides loggers and monitors that may send events, as `from` entries of a NetworkPolicy. */
  readonly grants: readonly { [key: string]: Json }[];
}

const FOLDER = { program: '/store', data: '/data' };
const PORTS = { data: 8080, metrics: 9095 };
/** Name of the container port on which results are given again. */
export const STORE_METRICS_PORT = 'metrics';
/** Share of the volume that events may take: results and the file system need some, and a full disk takes no more events at all. */
const MOST = 0.85;
const USER = 65_534;

/** Labels by which a store's pod is found. */
export function storeSelector(name: string): { [key: string]: string } {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'payload-store' };
}

export function storeLabels(name: string): { [key: string]: string } {
  return { ...storeSelector(name), 'app.kubernetes.io/instance': name, 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/managed-by': 'cdk8s-serving' };
}

/** The objects of a payload store: one pod with a volume of its own. */
export function storeObjects(store: PlannedStore): RenderedObject[] {
  const labels = storeLabels(store.name);
  const data = programFiles('payload-store');
  const config = `${store.name}-program-${contentHash(Object.entries(data), 8)}`;
  return [
    { id: 'Program', apiVersion: 'v1', kind: 'ConfigMap', name: config, labels, content: { data: { ...data }, immutable: true } },
    { id: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: store.name, labels, content: { spec: policy(store) } },
    { id: 'Service', apiVersion: 'v1', kind: 'Service', name: store.name, labels, content: { spec: { type: 'ClusterIP', selector: storeSelector(store.name), ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }] } } },
    { id: 'Resource', apiVersion: 'apps/v1', kind: 'StatefulSet', name: store.name, labels, content: { spec: statefulSet(store, labels, config) } },
  ];
}

function statefulSet(store: PlannedStore, labels: { [key: string]: string }, config: string): { [key: string]: Json } {
  return compact({
    replicas: 1, serviceName: store.name, selector: { matchLabels: storeSelector(store.name) },
    // payloads outlive the set: who takes it away by mistake gets them back with it
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: false, enableServiceLinks: false, terminationGracePeriodSeconds: 15,
        imagePullSecrets: store.imagePullSecrets.length === 0 ? undefined : store.imagePullSecrets.map((name) => ({ name })),
        securityContext: { fsGroup: USER, fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' } },
        containers: [container(store)],
        volumes: [{ name: 'program', configMap: { name: config } }],
      },
    },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: store.storageClass, resources: { requests: { storage: String(store.bytes) } } } }],
  });
}

function container(store: PlannedStore): JsonObject {
  const check = (times: number): JsonObject => ({ httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: times });
  return {
    name: 'store', image: store.image,
    command: ['python3', `${FOLDER.program}/store.py`, FOLDER.data, String(PORTS.data), String(PORTS.metrics), String(store.keptSeconds / 86_400), String(Math.floor(store.bytes * MOST))],
    env: [{ name: 'PYTHONDONTWRITEBYTECODE', value: '1' }],
    ports: [{ name: 'http', containerPort: PORTS.data, protocol: 'TCP' }, { name: STORE_METRICS_PORT, containerPort: PORTS.metrics, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    // at its start it looks for lines that were never finished
    startupProbe: check(60), readinessProbe: check(3), livenessProbe: check(12),
    volumeMounts: [{ name: 'data', mountPath: FOLDER.data }, { name: 'program', mountPath: FOLDER.program, readOnly: true }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: restricted({ user: USER }),
  };
}

/** Payloads are for loggers and monitors alone; results are for whoever scrapes. */
function policy(store: PlannedStore): { [key: string]: Json } {
  const managed: Json = { namespaceSelector: {}, podSelector: { matchLabels: { 'app.kubernetes.io/managed-by': 'cdk8s-serving' } } };
  // Seldon's operator says of pods that it manages them itself
  const servers: Json = { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'serving.cdk8s.io/server', operator: 'Exists' }] } };
  return {
    podSelector: { matchLabels: storeSelector(store.name) }, policyTypes: ['Ingress'],
    ingress: [{ from: [managed, servers, ...store.grants], ports: [{ port: PORTS.data, protocol: 'TCP' }] }, { ports: [{ port: PORTS.metrics, protocol: 'TCP' }] }],
  };
}
