import { Json } from '../service-plan';

const FIELDS = [
  'volumes', 'initContainers', 'containers', 'restartPolicy', 'terminationGracePeriodSeconds', 'activeDeadlineSeconds', 'dnsPolicy', 'nodeSelector', 'serviceAccountName', 'automountServiceAccountToken', 'nodeName', 'hostNetwork', 'hostPID',
  'hostIPC', 'shareProcessNamespace', 'securityContext', 'imagePullSecrets', 'hostname', 'subdomain', 'affinity', 'schedulerName', 'tolerations', 'hostAliases', 'priorityClassName', 'priority', 'dnsConfig', 'readinessGates', 'runtimeClassName',
  'enableServiceLinks', 'preemptionPolicy', 'overhead', 'topologySpreadConstraints', 'setHostnameAsFQDN',
];

/** Fields of the pod that a Server's podSpec has. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/apis/mlops/v1alpha1/podspec.go */
export const POD_FIELDS: ReadonlySet<string> = new Set(FIELDS);

/** Fields of the server's container that are laid on the ServerConfig's as they are. Of the others lists would grow, or the agent would not find the server. */
export const CONTAINER_FIELDS = ['image', 'imagePullPolicy', 'command', 'env', 'envFrom', 'workingDir', 'resources', 'securityContext', 'terminationMessagePath', 'terminationMessagePolicy'] as const;

/** Fields of its probes that are; handlers are the ServerConfig's. */
export const PROBE_FIELDS = ['periodSeconds', 'timeoutSeconds', 'failureThreshold'] as const;

/** Folders that the ServerConfigs mount something at already: a second mount would be refused. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/templates/_components-statefulsets.tpl */
const MOUNTED: { readonly [container: string]: readonly string[] } = { mlserver: ['/mnt/agent', '/mnt/certs'], triton: ['/mnt/agent', '/dev/shm'] };

/** Whether a ServerConfig mounts something at a path of a server's container, or above it. */
export function mountedAlready(container: string, path: Json | undefined): boolean {
  return (MOUNTED[container] ?? []).some((folder) => under(path, folder));
}

/** Whether a path is a folder, or below it. */
export function under(path: Json | undefined, folder: string): boolean {
  return typeof path === 'string' && (path === folder || path.startsWith(`${folder}/`));
}
