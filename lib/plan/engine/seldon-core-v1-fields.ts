import { isObject } from '../json';
import { Json } from '../service-plan';

// The pods of a SeldonDeployment are those of Kubernetes 1.24: newer fields are refused by a strict API server, and dropped by any other.
// Source: the definitions at v1.18.2, https://github.com/SeldonIO/seldon-core/tree/v1.18.2/operator/bundle/manifests and https://github.com/SeldonIO/seldon-core/tree/v1.18.2/helm-charts/seldon-core-operator/templates

type Fields = { readonly [field: string]: true | Fields };

const POD_AFFINITY_TERM: Fields = { matchLabelKeys: true, mismatchLabelKeys: true };
const AFFINITY: Fields = { requiredDuringSchedulingIgnoredDuringExecution: POD_AFFINITY_TERM, preferredDuringSchedulingIgnoredDuringExecution: { podAffinityTerm: POD_AFFINITY_TERM } };
const HANDLER: Fields = { sleep: true };
const CONTAINER: Fields = {
  env: { valueFrom: { fileKeyRef: true } },
  lifecycle: { postStart: HANDLER, preStop: HANDLER, stopSignal: true },
  resizePolicy: true, restartPolicy: true, restartPolicyRules: true,
  resources: { claims: true },
  securityContext: { appArmorProfile: true },
  volumeMounts: { recursiveReadOnly: true },
};

/** Fields of a pod, as Kubernetes 1.34 has them, that the definition does not have. Lists count as their entries. */
const MISSING: Fields = {
  affinity: { podAffinity: AFFINITY, podAntiAffinity: AFFINITY },
  containers: CONTAINER, initContainers: CONTAINER, ephemeralContainers: CONTAINER,
  hostUsers: true, hostnameOverride: true, resourceClaims: true, resources: true, schedulingGates: true,
  securityContext: { appArmorProfile: true, seLinuxChangePolicy: true, supplementalGroupsPolicy: true },
  topologySpreadConstraints: { matchLabelKeys: true, minDomains: true, nodeAffinityPolicy: true, nodeTaintsPolicy: true },
  volumes: {
    image: true,
    ephemeral: { volumeClaimTemplate: { metadata: true, spec: { dataSourceRef: { namespace: true }, volumeAttributesClassName: true } } },
    projected: { sources: { clusterTrustBundle: true, podCertificate: true } },
  },
};

/** Paths of what a SeldonDeployment would lose of a PodSpec, as `containers[].resources.claims`. */
export function lostInSeldon(spec: Json): string[] {
  return [...new Set(lost(spec, MISSING, ''))];
}

function lost(value: Json, fields: Fields, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => lost(one, fields, `${path}[]`));
  if (!isObject(value)) return [];
  return Object.entries(fields).flatMap(([field, inner]) => {
    if (!Object.hasOwn(value, field)) return [];
    const at = path === '' ? field : `${path}.${field}`;
    return inner === true ? [at] : lost(value[field]!, inner, at);
  });
}
