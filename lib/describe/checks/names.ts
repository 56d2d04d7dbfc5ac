import { Check, is } from './shape';

/** RFC 1123 label: what Services, most names and labels' last parts must be. */
export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 1123 subdomain. */
export const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** A host name of a route; a wildcard stands for the first label only. */
export const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
export const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
export const LABEL_KEY = /^(?=[^/]{1,253}(\/|$))([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
export const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const named = {
  label: is.text("a DNS label: 1 to 63 lower-case letters, digits and '-', such as 'fraud-check'", DNS_LABEL),
  subdomain: is.text("a DNS subdomain: lower-case letters, digits, '-' and '.', at most 253", DNS_SUBDOMAIN, { max: 253 }),
  host: is.text("a host name in lower case, such as 'fraud.example.com'", HOST, { max: 253 }),
  labelValue: is.text("a label value: at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit", LABEL_VALUE),
  absolutePath: is.text("an absolute path without '..', such as '/etc/app'", /^\/(?!.*(^|\/)\.\.(\/|$))[^:\0\s]*[^:\0\s/][^:\0\s]*$/),
  labels: is.map(is.text('a label value', LABEL_VALUE), { pattern: LABEL_KEY, allowed: 'a label key' }) as Check,
  annotations: is.map(is.text(), { pattern: LABEL_KEY, allowed: 'an annotation key' }) as Check,
};

/** An id of the construct tree as a Kubernetes name: `FraudCheck` → `fraud-check`. What can't be one stays wrong and is told. */
export function kebab(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** A text as a label value: what labels can't hold becomes '-', and the ends are trimmed. */
export function asLabelValue(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

/** The label by which Azure's webhook knows the pods that get an identity. */
export const AZURE_IDENTITY_LABEL = 'azure.workload.identity/use';
