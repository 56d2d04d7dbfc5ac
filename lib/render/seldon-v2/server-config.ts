import { SELDON_V2_API, PORTS } from '../../plan/engine/seldon-core-v2';
import { compact } from '../../plan/json';
import { Json, JsonObject } from '../../plan/service-plan';
import { PlannedServerConfig } from '../../plan/seldon/server-config';
import { RenderedObject } from '../ports';

/** Its name, the images of Seldon's own containers, and its volume. */
export interface ServerConfigExtras {
  readonly name: string;
  readonly agentImage: string;
  readonly rcloneImage: string;
  readonly overcommitPercent: number;
  /** A quantity. */
  readonly modelVolume: string;
  readonly storageClass?: string;
}

/** Ports of Seldon's agent, and rclone's. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/templates/_components-statefulsets.tpl */
const AGENT = { http: 9001, grpc: 9501, metrics: 9006, drain: 9007, ready: 9008 };
const RCLONE = 5572;

/** Each container first waits until the agent has led requests elsewhere. */
const DRAINED: JsonObject = { preStop: { httpGet: { port: AGENT.drain, path: 'terminate' } } };
const RESTRICTED: JsonObject = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A ServerConfig: the pods of all Servers that name it. */
export function renderServerConfig({ container, capabilities, server, startSeconds, scheduling, sharedMemory }: PlannedServerConfig, extras: ServerConfigExtras): RenderedObject {
  const volume = `${container}-models`;
  const models = { name: volume, mountPath: '/mnt/agent' };
  const certificates = container === 'mlserver';
  return {
    id: 'Resource', apiVersion: SELDON_V2_API, kind: 'ServerConfig', name: extras.name, labels: { 'app.kubernetes.io/managed-by': 'cdk8s-serving' },
    content: {
      spec: {
        podSpec: compact({
          ...scheduling,
          // both are the runtime's
          serviceAccountName: 'seldon-server', terminationGracePeriodSeconds: 120,
          securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            rclone(extras.rcloneImage, models),
            agent(extras, container, capabilities, models),
            served(server, startSeconds, container, [
              { ...models, readOnly: true }, ...(certificates ? [{ name: 'downstream-ca-certs', mountPath: '/mnt/certs', readOnly: true }] : []), ...(sharedMemory === undefined ? [] : [{ name: sharedMemory.name!, mountPath: '/dev/shm' }]),
            ]),
          ],
          volumes: [
            { name: 'config-volume', configMap: { name: 'seldon-agent' } }, { name: 'tracing-config-volume', configMap: { name: 'seldon-tracing' } },
            ...(certificates ? [{ name: 'downstream-ca-certs', secret: { secretName: 'seldon-downstream-server', optional: true } }] : []), ...(sharedMemory === undefined ? [] : [sharedMemory]),
          ],
        }),
        volumeClaimTemplates: [{ name: volume, spec: compact({ accessModes: ['ReadWriteOnce'], storageClassName: extras.storageClass, resources: { requests: { storage: extras.modelVolume } } }) }],
      },
    },
  };
}

/** What fetches models, as the agent tells it. The stock one is killed after one answer that took a second, also in the middle of a download. */
function rclone(image: string, models: JsonObject): JsonObject {
  return {
    name: 'rclone', image, command: ['rclone'], args: ['rcd', '--rc-no-auth', '--config=/rclone/rclone.conf', `--rc-addr=0.0.0.0:${RCLONE}`, '--max-buffer-memory=$(MAX_BUFFER_MEMORY)'],
    env: [{ name: 'MAX_BUFFER_MEMORY', value: '64M' }],
    ports: [{ name: 'rclone', containerPort: RCLONE, protocol: 'TCP' }],
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: { tcpSocket: { port: RCLONE }, initialDelaySeconds: 5, periodSeconds: 5 },
    livenessProbe: { exec: { command: ['rclone', 'rc', 'rc/noop'] }, initialDelaySeconds: 5, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    lifecycle: DRAINED, volumeMounts: [models], terminationMessagePolicy: 'FallbackToLogsOnError', securityContext: RESTRICTED,
  };
}

/** What loads models, and stands before the server. Settings: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/cmd/agent/cli/cli.go */
function agent({ agentImage, overcommitPercent }: ServerConfigExtras, container: string, capabilities: readonly string[], models: JsonObject): JsonObject {
  const settings: { readonly [name: string]: string | number } = {
    SELDON_SERVER_TYPE: container, SELDON_SERVER_CAPABILITIES: capabilities.join(','), SELDON_OVERCOMMIT_PERCENTAGE: overcommitPercent,
    SELDON_SERVER_HTTP_PORT: PORTS.http, SELDON_SERVER_GRPC_PORT: PORTS.grpc, SELDON_REVERSE_PROXY_HTTP_PORT: AGENT.http, SELDON_REVERSE_PROXY_GRPC_PORT: AGENT.grpc,
    SELDON_SCHEDULER_HOST: 'seldon-scheduler', SELDON_SCHEDULER_PORT: 9005, SELDON_SCHEDULER_TLS_PORT: 9055, SELDON_ENVOY_HOST: 'seldon-mesh', SELDON_ENVOY_PORT: 80,
    SELDON_METRICS_PORT: AGENT.metrics, SELDON_DRAINER_PORT: AGENT.drain, SELDON_READINESS_PORT: AGENT.ready, SELDON_USE_DEPLOYMENTS_FOR_SERVERS: 'false',
  };
  return {
    name: 'agent', image: agentImage, command: ['/bin/agent'], args: ['--tracing-config-path=/mnt/tracing/tracing.json'],
    env: [
      ...Object.entries(settings).map(([name, value]) => ({ name, value: String(value) })),
      ...['name', 'namespace'].map((field) => ({ name: `POD_${field.toUpperCase()}`, valueFrom: { fieldRef: { fieldPath: `metadata.${field}` } } })),
      // the room for models, as it tells the scheduler
      { name: 'MEMORY_REQUEST', valueFrom: { resourceFieldRef: { containerName: container, resource: 'requests.memory' } } },
    ],
    ports: [['grpc', AGENT.grpc], ['http', AGENT.http], ['metrics', AGENT.metrics], ['readiness-port', AGENT.ready]].map(([name, containerPort]) => ({ name: name!, containerPort: containerPort!, protocol: 'TCP' })),
    resources: { requests: { cpu: '200m', memory: '1Gi' }, limits: { memory: '1Gi' } },
    startupProbe: { httpGet: { path: '/ready', port: AGENT.ready }, periodSeconds: 15, failureThreshold: 60 },
    readinessProbe: { httpGet: { path: '/ready', port: AGENT.ready }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    lifecycle: DRAINED, volumeMounts: [models, { name: 'config-volume', mountPath: '/mnt/config' }, { name: 'tracing-config-volume', mountPath: '/mnt/tracing' }],
    terminationMessagePolicy: 'FallbackToLogsOnError', securityContext: RESTRICTED,
  };
}

/** The server. The stock one has a second to answer whether it is alive, which one that predicts in its main process can't. */
function served(server: JsonObject, startSeconds: number, container: string, volumeMounts: Json[]): JsonObject {
  const live = { httpGet: { path: '/v2/health/live', port: 'server-http' }, timeoutSeconds: 5 };
  return {
    ...server,
    ports: [['server-grpc', PORTS.grpc], ['server-http', PORTS.http], ['server-metrics', container === 'triton' ? 8002 : 8082]].map(([name, containerPort]) => ({ name: name!, containerPort: containerPort!, protocol: 'TCP' })),
    startupProbe: { ...live, periodSeconds: 10, failureThreshold: Math.max(10, Math.ceil(startSeconds / 10)) },
    readinessProbe: { ...live, periodSeconds: 5 },
    livenessProbe: { ...live, periodSeconds: 10, failureThreshold: 6 },
    lifecycle: DRAINED, volumeMounts, terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}
