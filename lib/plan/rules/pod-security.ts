import { ProblemKind } from '../../describe/problem';
import { isObject, objectsIn } from '../json';
import { podSpecOf } from '../pod/template';
import { Json } from '../service-plan';
import { Rule } from './rule';

const NOT_RESTRICTED = ProblemKind.warning('SERVING_POD_NOT_RESTRICTED', "Pods that Pod Security 'restricted' refuses", 'A namespace that enforces it takes the Deployment and refuses every pod of it; elsewhere the containers may do more than they need.');

/** Types of volumes that are allowed. */
const VOLUMES = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret']);

/** Whether pods keep Pod Security 'restricted'; some servers' images can't, and sidecars or an overlay may not. */
export const podSecurity: Rule = {
  check: ({ plan }) => {
    const spec = podSpecOf(plan.groups[0]!.template);
    const pod = isObject(spec.securityContext) ? spec.securityContext : {};
    const containers = [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)].filter((container) => typeof container.name === 'string'); // others are errors
    const against = containers.flatMap((container) => broken(container, pod).map((what) => `'${String(container.name)}' ${what}`));
    if (isObject(pod) && pod.runAsUser === 0) against.push('the pod runs as root');
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[field] === true) against.push(`the pod has ${field}`);
    for (const volume of objectsIn(spec.volumes)) {
      const type = Object.keys(volume).find((key) => key !== 'name');
      if (type !== undefined && !VOLUMES.has(type)) against.push(`volume '${String(volume.name)}' is of type ${type}`);
    }
    if (against.length === 0) return [];
    return [NOT_RESTRICTED.found({
      what: `pods break Pod Security 'restricted': ${against.join('; ')}`, allowed: "no privilege escalation, all capabilities dropped, a user that is not root, seccomp RuntimeDefault",
      fix: "give sidecars such a security context, choose an image that needs no root, or acknowledge it and label the namespace 'baseline'",
    })];
  },
};

/** What speaks against one container. Source: Kubernetes, Pod Security Standards, profile Restricted. */
function broken(container: { [key: string]: Json }, pod: { [key: string]: Json }): string[] {
  const own = isObject(container.securityContext) ? container.securityContext : {};
  const capabilities = isObject(own.capabilities) ? own.capabilities : {};
  const seccomp = own.seccompProfile ?? pod.seccompProfile;
  const user = own.runAsUser ?? pod.runAsUser;
  return [
    ...(own.privileged === true ? ['is privileged'] : []),
    ...(own.allowPrivilegeEscalation === false ? [] : ['may escalate privileges']),
    ...(Array.isArray(capabilities.drop) && capabilities.drop.includes('ALL') ? [] : ['keeps capabilities']),
    ...(Array.isArray(capabilities.add) && capabilities.add.some((one) => one !== 'NET_BIND_SERVICE') ? ['adds capabilities'] : []),
    ...(objectsIn(container.ports).some((port) => port.hostPort !== undefined) ? ['has a host port'] : []),
    ...(own.procMount !== undefined && own.procMount !== 'Default' ? ['unmasks /proc'] : []),
    ...((own.runAsNonRoot ?? pod.runAsNonRoot) === true && user !== 0 ? [] : ['may run as root']),
    ...(isObject(seccomp) && (seccomp.type === 'RuntimeDefault' || seccomp.type === 'Localhost') ? [] : ['has no seccomp profile']),
  ];
}
