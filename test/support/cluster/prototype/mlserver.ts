import { MLSERVER_IMAGE } from '../client';
import type { Manifest } from '../kubectl';

/** Where the server's model comes from. */
export type Source = { readonly s3: string; readonly environment: Record<string, string> } | { readonly claim: string };

export interface MlserverOptions {
  readonly name: string;
  readonly replicas?: number;
  readonly source?: Source;
  /** Seconds that a pod goes on serving after it was told to stop. 0 leaves the drain out. @default 5 */
  readonly drain?: number;
  /** Seconds that a start may take. 0 leaves the startup probe out. @default 120 */
  readonly startup?: number;
  readonly implementation?: string;
  readonly env?: Record<string, string>;
  /** Python modules, by file name, that the server can import. */
  readonly code?: Record<string, string>;
  /** The CPU request. @default 100m */
  readonly cpu?: string;
}

const HTTP = { name: 'http', containerPort: 8080 };
const GRPC = { name: 'grpc', containerPort: 8081 };
const METRICS = { name: 'metrics', containerPort: 8082 };

const environment = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));
const restricted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

/** An MLServer Deployment with its Service, written by hand: what the library's output for such a service has to be able to do. */
export function mlserver(options: MlserverOptions): Manifest[] {
  const labels = { 'app.kubernetes.io/name': options.name };
  const objects: Manifest[] = [deployment(options, labels), service(options, labels)];
  if (options.code) objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${options.name}-code` }, data: options.code });
  return objects;
}

function deployment(options: MlserverOptions, labels: Record<string, string>): Manifest {
  const drain = options.drain ?? 5;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: options.name, labels },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: drain + 30,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          initContainers: initializers(options.source),
          containers: [container(options, drain)],
          volumes: volumes(options),
        },
      },
    },
  };
}

function container(options: MlserverOptions, drain: number): object {
  const startup = options.startup ?? 120;
  const probe = (path: string) => ({ httpGet: { path, port: 'http' }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 });
  return {
    name: 'mlserver',
    image: MLSERVER_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    env: environment({
      MLSERVER_MODEL_NAME: options.name,
      MLSERVER_MODEL_URI: '/mnt/models',
      MLSERVER_MODEL_IMPLEMENTATION: options.implementation ?? 'mlserver_sklearn.SKLearnModel',
      // With a pool of workers, a stop ends the workers before the listeners: whoever still has a connection gets errors.
      MLSERVER_PARALLEL_WORKERS: '0',
      // Both default to folders below HOME, which is read-only; the server ends at start without them.
      MLSERVER_METRICS_DIR: '/run/mlserver/metrics',
      MLSERVER_ENVIRONMENTS_DIR: '/run/mlserver/environments',
      ...(options.code ? { PYTHONPATH: '/opt/code' } : {}),
      ...options.env,
    }),
    ports: [HTTP, GRPC, METRICS],
    ...(startup > 0 ? { startupProbe: { ...probe('/v2/health/ready'), periodSeconds: 2, failureThreshold: Math.ceil(startup / 2) } } : {}),
    readinessProbe: probe('/v2/health/ready'),
    livenessProbe: probe('/v2/health/live'),
    ...(drain > 0 ? { lifecycle: { preStop: { sleep: { seconds: drain } } } } : {}),
    resources: { requests: { cpu: options.cpu ?? '100m', memory: '512Mi' }, limits: { memory: '1Gi' } },
    securityContext: restricted,
    volumeMounts: [
      { name: 'work', mountPath: '/run/mlserver' },
      ...(options.source ? [{ name: 'model', mountPath: '/mnt/models', readOnly: true }] : []),
      ...(options.code ? [{ name: 'code', mountPath: '/opt/code', readOnly: true }] : []),
    ],
  };
}

function initializers(source: Source | undefined): object[] {
  if (!source || !('s3' in source)) return [];
  return [{
    name: 'storage-initializer',
    image: process.env.SERVING_TEST_STORAGE_INITIALIZER_IMAGE ?? 'docker.io/kserve/storage-initializer:v0.20.0',
    imagePullPolicy: 'IfNotPresent',
    args: [source.s3, '/mnt/models'],
    env: environment(source.environment),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: { requests: { cpu: '100m', memory: '100Mi' }, limits: { memory: '1Gi' } },
    securityContext: { ...restricted, runAsUser: 1000 },
    volumeMounts: [{ name: 'model', mountPath: '/mnt/models' }],
  }];
}

function volumes(options: MlserverOptions): object[] {
  const found: object[] = [{ name: 'work', emptyDir: {} }];
  if (options.source && 's3' in options.source) found.push({ name: 'model', emptyDir: { sizeLimit: '1Gi' } });
  if (options.source && 'claim' in options.source) found.push({ name: 'model', persistentVolumeClaim: { claimName: options.source.claim, readOnly: true } });
  if (options.code) found.push({ name: 'code', configMap: { name: `${options.name}-code` } });
  return found;
}

function service(options: MlserverOptions, labels: Record<string, string>): Manifest {
  const ports = [HTTP, GRPC].map(({ name, containerPort }) => ({ name, port: containerPort, targetPort: name }));
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: options.name, labels }, spec: { selector: labels, ports } };
}
