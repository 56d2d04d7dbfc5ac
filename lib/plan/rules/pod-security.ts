import { ProblemKind } from '../../describe/problem';
import { isObject } from '../json';
import { Json } from '../service-plan';
import { Rule } from './rule';

const NOT_RESTRICTED = ProblemKind.warning('SERVING_POD_NOT_RESTRICTED', "Pods that Pod Security 'restricted' refuses", 'A namespace that enforces it takes the Deployment and refuses every pod of it; elsewhere the containers may do more than they need.');

/** Whether pods keep Pod Security 'restricted'; some servers' images can't, and sidecars or an overlay may not. */
export const podSecurity: Rule = {
  check: ({ plan }) => {
    const spec = (plan.groups[0]!.template as { spec?: { [key: string]: Json } }).spec ?? {};
    const pod = isObject(spec.securityContext) ? spec.securityContext : {};
    const against = [...list(spec.initContainers), ...list(spec.containers)].flatMap((container) => broken(container, pod).map((what) => `'${String(container.name)}' ${what}`));
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[field] === true) against.push(`the pod has ${field}`);
    for (const volume of list(spec.volumes)) if ('hostPath' in volume) against.push(`volume '${String(volume.name)}' is a hostPath`);
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
    ...((own.runAsNonRoot ?? pod.runAsNonRoot) === true && user !== 0 ? [] : ['may run as root']),
    ...(isObject(seccomp) && (seccomp.type === 'RuntimeDefault' || seccomp.type === 'Localhost') ? [] : ['has no seccomp profile']),
  ];
}

function list(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
