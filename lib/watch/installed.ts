import { bytesOf } from '../describe/checks/shape';
import { MetricsStorage } from '../describe/monitoring/metrics-storage';
import { RemoteWrite } from '../describe/monitoring/remote-write';
import { mebibytes } from '../plan/json';
import { JsonObject } from '../plan/service-plan';
import { RenderedObject } from '../render/ports';
import { StackPlan } from './ports';

/** What instances of either operator are told alike. */

/** Objects are found by the stack's own label. */
export function selectorOf({ selection }: StackPlan): JsonObject {
  return { matchLabels: { ...selection } };
}

/** The namespaces of the stack and of its services, by name, and no other. */
export function namespacesOf({ namespace, namespaces }: StackPlan): JsonObject {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...new Set([namespace, ...namespaces])].sort() }] };
}

/** A map, unless it is empty: the API server makes null of one whose last key an apply takes away, and refuses that. */
export function given(map: { readonly [key: string]: string }): { [key: string]: string } | undefined {
  return Object.keys(map).length === 0 ? undefined : { ...map };
}

/** How long metrics are kept. */
export function retentionOf({ keptSeconds }: StackPlan): string {
  return `${Math.round(keptSeconds! / 3600)}h`;
}

/** A claim of a copy of the store. */
export function claimOf({ size, storageClass }: MetricsStorage): JsonObject {
  return { accessModes: ['ReadWriteOnce'], storageClassName: storageClass, resources: { requests: { storage: mebibytes(bytesOf(size)) } } };
}

/** The name and password that a store elsewhere asks for. */
export function basicAuthOf({ _props: { basicAuthSecretName } }: RemoteWrite): JsonObject | undefined {
  return basicAuthSecretName === undefined ? undefined : { username: { name: basicAuthSecretName, key: 'username' }, password: { name: basicAuthSecretName, key: 'password' } };
}

/** The kubelet asks who looks, and shows a certificate of its own. */
export const TO_KUBELET: JsonObject = { scheme: 'https', bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token', tlsConfig: { insecureSkipVerify: true } };

/** Alertmanager's configuration. No secret is in it, but both operators take it from a Secret. */
export function configurationSecret({ name, labels, alertmanager }: StackPlan): RenderedObject {
  const content = JSON.stringify(alertmanager?.config, undefined, 2);
  return { id: 'AlertmanagerConfiguration', apiVersion: 'v1', kind: 'Secret', name: `${name}-alertmanager`, labels, content: { type: 'Opaque', stringData: { 'alertmanager.yaml': content } } };
}
