/**
 * What the API server checks and Kubernetes' published schema doesn't say (k8s.io/kubernetes/pkg/apis/.../validation).
 * Those of its rules that our objects can meet, no more: the tests against a real API server have them all. What it takes
 * and only a mistake writes is refused too: `Gi` for zero, a probe's period of 0 for 10, an emptyDir on an unknown medium.
 */
import type { Format, FuncKeywordDefinition, KeywordDefinition } from 'ajv';

export type Manifest = Record<string, any>;
export type Definitions = Record<string, any>;

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED_NAME = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const QUANTITY = /^(\+?(?:\d+\.?\d*|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$/;

const within = (pattern: string, length: number) => {
  const whole = new RegExp(`^${pattern}$`);
  return (value: string) => value.length <= length && whole.test(value);
};
const integer = (low: number, high: number): Format => ({ type: 'number', validate: value => value >= low && value <= high });
const isSubdomain = within(SUBDOMAIN, 253);
const isLabelKey = (key: string) => {
  const [name, prefix, ...rest] = key.split('/').reverse();
  return rest.length === 0 && within(QUALIFIED_NAME, 63)(name) && (prefix === undefined || isSubdomain(prefix));
};

export const FORMATS: Record<string, Format> = {
  // of the published schema
  'int32': integer(-(2 ** 31), 2 ** 31 - 1),
  'int64': integer(-(2 ** 63), 2 ** 63),
  'double': { type: 'number', validate: () => true },
  'byte': /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  // ours
  'quantity': QUANTITY,
  'dns-label': within(LABEL, 63), // RFC 1123
  'dns-subdomain': isSubdomain, // RFC 1123
  'service-name': within('[a-z]([-a-z0-9]*[a-z0-9])?', 63), // RFC 1035
  'job-name': within(SUBDOMAIN, 63), // its pods carry it as a label
  'cron-job-name': within(SUBDOMAIN, 52), // its jobs append 11 characters
  'role-name': (name: string) => name !== '.' && name !== '..' && !/[/%]/.test(name),
  'port-name': (name: string) => within(LABEL, 15)(name) && /[a-z]/.test(name) && !name.includes('--'),
  'label-key': isLabelKey,
  'label-value': within(`(${QUALIFIED_NAME})?`, 63),
  'annotation-key': (key: string) => isLabelKey(key.toLowerCase()),
  'data-key': (key: string) => within('[-._a-zA-Z0-9]+', 253)(key) && !key.startsWith('..') && key !== '.',
  'environment-name': within('[-._a-zA-Z][-._a-zA-Z0-9]*', Infinity),
};

/** Two entries of a list that name the same thing: server-side apply refuses them, a patch merges them. */
const uniqueEntries: FuncKeywordDefinition = {
  keyword: 'x-kubernetes-list-map-keys',
  type: 'array',
  error: { message: 'must not have two entries of the same key' },
  validate: (keys: string[], list: Manifest[]) => {
    const entries = list.map(entry => JSON.stringify(keys.map(key => entry[key] ?? (key === 'protocol' ? 'TCP' : null))));
    return new Set(entries).size === entries.length;
  },
};

const uniqueValues: FuncKeywordDefinition = {
  keyword: 'x-kubernetes-list-type',
  type: 'array',
  error: { message: 'must not have the same value twice' },
  validate: (type: string, list: unknown[]) => type !== 'set' || new Set(list).size === list.length,
};

export const KEYWORDS: KeywordDefinition[] = [uniqueEntries, uniqueValues];

const string = (format: string) => ({ type: 'string', format });
const oneOf = (...values: string[]) => ({ type: 'string', enum: values });
const between = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
const map = (keys: string, values: object = { type: 'string' }) => ({
  type: 'object', propertyNames: string(keys), additionalProperties: values,
});
const LABELS = map('label-key', string('label-value'));
const PORT = between(1, 65535);
const PORT_OR_NAME = { type: ['string', 'integer'], format: 'port-name' };
const PULL = oneOf('Always', 'IfNotPresent', 'Never');
const NAMES: Record<string, string> = {
  Namespace: 'dns-label',
  Service: 'service-name',
  CronJob: 'cron-job-name',
  Job: 'job-name',
  StatefulSet: 'dns-label',
  Role: 'role-name',
  RoleBinding: 'role-name',
  ClusterRole: 'role-name',
  ClusterRoleBinding: 'role-name',
};

/** Definition → field → what it must be, by the tail of the definition's name. */
const TIGHTENED: Record<string, Record<string, object>> = {
  'meta.v1.ObjectMeta': { name: { type: 'string', minLength: 1 }, namespace: string('dns-label'), labels: LABELS, annotations: map('annotation-key') },
  'meta.v1.LabelSelector': { matchLabels: LABELS },
  'meta.v1.LabelSelectorRequirement': { key: string('label-key'), operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist') },
  'core.v1.NodeSelectorRequirement': { key: string('label-key'), operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt') },
  'core.v1.Container': { name: string('dns-label'), imagePullPolicy: PULL, terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError') },
  'core.v1.ContainerPort': { containerPort: PORT, name: string('port-name'), protocol: oneOf('TCP', 'UDP', 'SCTP') },
  'core.v1.EnvVar': { name: string('environment-name') },
  'core.v1.Volume': { name: string('dns-label') },
  'core.v1.EmptyDirVolumeSource': { medium: { type: 'string', pattern: '^(|Memory|HugePages(-.+)?)$' } },
  'core.v1.Probe': { periodSeconds: between(1, 2 ** 31 - 1), timeoutSeconds: between(1, 2 ** 31 - 1), failureThreshold: between(1, 2 ** 31 - 1) },
  'core.v1.HTTPGetAction': { port: PORT_OR_NAME, scheme: oneOf('HTTP', 'HTTPS') },
  'core.v1.TCPSocketAction': { port: PORT_OR_NAME },
  'core.v1.GRPCAction': { port: PORT },
  'core.v1.Toleration': {
    key: string('label-key'), operator: oneOf('Exists', 'Equal'), effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  },
  'core.v1.TopologySpreadConstraint': { maxSkew: between(1, 2 ** 31 - 1), whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway') },
  'core.v1.SeccompProfile': { type: oneOf('RuntimeDefault', 'Unconfined', 'Localhost') },
  'core.v1.PodSpec': {
    nodeSelector: LABELS,
    restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
    dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
    serviceAccountName: string('dns-subdomain'),
    priorityClassName: string('dns-subdomain'),
    runtimeClassName: string('dns-subdomain'),
    terminationGracePeriodSeconds: between(0, 2 ** 53),
  },
  'core.v1.PodSecurityContext': { fsGroupChangePolicy: oneOf('OnRootMismatch', 'Always') },
  'core.v1.ServiceSpec': {
    selector: LABELS,
    type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
    sessionAffinity: oneOf('None', 'ClientIP'),
  },
  'core.v1.ServicePort': { port: PORT, targetPort: PORT_OR_NAME, name: string('dns-label'), protocol: oneOf('TCP', 'UDP', 'SCTP') },
  'core.v1.ConfigMap': { data: map('data-key'), binaryData: map('data-key', string('byte')) },
  'core.v1.Secret': { data: map('data-key', string('byte')), stringData: map('data-key') },
  'core.v1.PersistentVolumeClaimSpec': {
    accessModes: { type: 'array', minItems: 1, items: oneOf('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod') },
  },
  'apps.v1.DeploymentSpec': { replicas: between(0, 2 ** 31 - 1) },
  'apps.v1.DeploymentStrategy': { type: oneOf('Recreate', 'RollingUpdate') },
  'apps.v1.StatefulSetSpec': { replicas: between(0, 2 ** 31 - 1), podManagementPolicy: oneOf('OrderedReady', 'Parallel') },
  'batch.v1.CronJobSpec': { concurrencyPolicy: oneOf('Allow', 'Forbid', 'Replace') },
  'networking.v1.NetworkPolicySpec': { policyTypes: { type: 'array', items: oneOf('Ingress', 'Egress') } },
};

/** Writes the server's own rules into published definitions. */
export function tighten(definitions: Definitions): void {
  for (const [tail, fields] of Object.entries(TIGHTENED)) {
    const name = Object.keys(definitions).find(candidate => candidate.endsWith(`.${tail}`));
    for (const [field, schema] of Object.entries(fields)) {
      if (!name || !definitions[name].properties[field]) {
        throw new Error(`the published schema has no ${tail}.${field}`);
      }
      const { 'x-kubernetes-list-type': listType } = definitions[name].properties[field];
      definitions[name].properties[field] = listType ? { ...schema, 'x-kubernetes-list-type': listType } : schema;
    }
  }
  definitions['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number'], format: 'quantity' };
  definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString'] = { type: ['string', 'integer'] };
}

/** What several fields of a manifest, each right by itself, must not say together. */
export function crossFieldErrors(manifest: Manifest): string[] {
  const errors = nameErrors(manifest);
  const { kind, spec } = manifest;
  const [template, at] = podTemplate(manifest);
  if (template?.spec) {
    const claims = (spec.volumeClaimTemplates ?? []).map((claim: Manifest) => claim.metadata?.name);
    errors.push(...podErrors(template.spec, claims).map(error => `${at}.${error}`));
    const restart = template.spec.restartPolicy;
    if (kind === 'Job' || kind === 'CronJob' ? restart !== 'OnFailure' && restart !== 'Never' : kind !== 'Pod' && (restart ?? 'Always') !== 'Always') {
      errors.push(`${at}.spec.restartPolicy: not one that a ${kind} may have, got ${JSON.stringify(restart)}`);
    }
  }
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
      errors.push(...selectorErrors(spec));
      break;
    case 'Service':
      errors.push(...serviceErrors(spec));
      break;
    case 'HorizontalPodAutoscaler':
      if (spec.minReplicas > spec.maxReplicas || spec.maxReplicas < 1) {
        errors.push(`spec: minReplicas ${spec.minReplicas} to maxReplicas ${spec.maxReplicas} is no range`);
      }
      break;
    case 'PodDisruptionBudget':
      if (spec?.minAvailable !== undefined && spec?.maxUnavailable !== undefined) {
        errors.push('spec: minAvailable and maxUnavailable are mutually exclusive');
      }
      break;
  }
  return errors;
}

function nameErrors({ kind, metadata = {} }: Manifest): string[] {
  const format = NAMES[kind] ?? 'dns-subdomain';
  if (metadata.name === undefined) {
    return metadata.generateName === undefined ? ['metadata: name is required'] : [];
  }
  return (FORMATS[format] as (name: string) => boolean)(metadata.name)
    ? []
    : [`metadata.name: not a valid ${format}, got ${JSON.stringify(metadata.name)}`];
}

function podTemplate({ kind, spec }: Manifest): [Manifest | undefined, string] {
  switch (kind) {
    case 'Pod':
      return [{ spec }, ''];
    case 'CronJob':
      return [spec.jobTemplate.spec?.template, 'spec.jobTemplate.spec.template'];
    default:
      return [spec?.template, 'spec.template'];
  }
}

function podErrors(pod: Manifest, claims: string[]): string[] {
  const errors: string[] = [];
  const volumes: Manifest[] = pod.volumes ?? [];
  const mountable = new Set([...volumes.map(volume => volume.name), ...claims]);
  for (const { name, ...sources } of volumes) {
    if (Object.keys(sources).length > 1) {
      errors.push(`spec.volumes: ${name} has several sources: ${Object.keys(sources).join(', ')}`);
    }
  }
  const containers: Manifest[] = [...pod.initContainers ?? [], ...pod.containers];
  const names = containers.map(container => container.name);
  if (new Set(names).size < names.length) {
    errors.push(`spec.containers: names must be unique among init and other containers, got ${names.join(', ')}`);
  }
  for (const container of containers) {
    errors.push(...containerErrors(container, mountable).map(error => `spec.containers[${container.name}].${error}`));
  }
  return errors;
}

function containerErrors(container: Manifest, mountable: ReadonlySet<string>): string[] {
  const errors = resourceErrors(container.resources ?? {});
  if (!container.image) {
    errors.push('image: is required');
  }
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    if (!mountable.has(name)) {
      errors.push(`volumeMounts: no volume is named ${JSON.stringify(name)}, mounted at ${mountPath}`);
    }
  }
  const portNames = (container.ports ?? []).map((port: Manifest) => port.name).filter(Boolean);
  if (new Set(portNames).size < portNames.length) {
    errors.push(`ports: names must be unique, got ${portNames.join(', ')}`);
  }
  for (const kind of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    errors.push(...probeErrors(kind, container[kind]));
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (value && valueFrom) {
      errors.push(`env: ${name} has both a value and a valueFrom`);
    }
  }
  return errors;
}

function probeErrors(kind: string, probe: Manifest | undefined): string[] {
  if (!probe) {
    return [];
  }
  const errors: string[] = [];
  const handlers = ['httpGet', 'tcpSocket', 'exec', 'grpc'].filter(handler => probe[handler]);
  if (handlers.length !== 1) {
    errors.push(`${kind}: must have one handler, got ${handlers.join(', ') || 'none'}`);
  }
  if (kind !== 'readinessProbe' && (probe.successThreshold ?? 1) !== 1) {
    errors.push(`${kind}.successThreshold: must be 1, got ${probe.successThreshold}`);
  }
  return errors;
}

function resourceErrors({ requests = {}, limits = {} }: Manifest): string[] {
  const errors: string[] = [];
  for (const resource of new Set([...Object.keys(requests), ...Object.keys(limits)])) {
    const [request, limit] = [requests[resource], limits[resource]].map(quantity => (quantity === undefined ? undefined : amount(quantity)));
    if (resource.includes('/')) { // an extended resource, such as nvidia.com/gpu: can't be overcommitted
      if (limit === undefined || !Number.isInteger(limit) || (request !== undefined && request !== limit)) {
        errors.push(`resources: ${resource} must have a whole limit and, if any, the same request, got ${requests[resource]} and ${limits[resource]}`);
      }
    } else if (request !== undefined && limit !== undefined && request > limit) {
      errors.push(`resources: the request of ${resource}, ${requests[resource]}, is over its limit, ${limits[resource]}`);
    }
  }
  return errors;
}

const POWERS: Record<string, number> = {
  n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

function amount(quantity: string | number): number {
  const [, digits, suffix] = QUANTITY.exec(String(quantity)) ?? [];
  return suffix === undefined || suffix in POWERS ? Number(digits) * (POWERS[suffix] ?? 1) : Number(digits + suffix);
}

function selectorErrors({ selector, template }: Manifest): string[] {
  const wanted = Object.entries(selector.matchLabels ?? {});
  if (wanted.length === 0 && !selector.matchExpressions?.length) {
    return ['spec.selector: an empty selector is invalid'];
  }
  return wanted
    .filter(([key, value]) => template.metadata?.labels?.[key] !== value)
    .map(([key, value]) => `spec.selector: the pods have no label ${key}=${value}`);
}

function serviceErrors({ ports = [], clusterIP, type }: Manifest = {}): string[] {
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') {
    return ['spec.ports: is required'];
  }
  const names = ports.map((port: Manifest) => port.name);
  return ports.length > 1 && (names.includes(undefined) || new Set(names).size < names.length)
    ? [`spec.ports: each of several ports needs a name of its own, got ${names.join(', ')}`]
    : [];
}
