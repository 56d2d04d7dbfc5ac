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

/** Alertmanager's configuration. No secret is in it, but both operators take it from a Secret. */
export function configurationSecret({ name, labels, alertmanager }: StackPlan): RenderedObject {
  const content = JSON.stringify(alertmanager?.config, undefined, 2);
  return { id: 'AlertmanagerConfiguration', apiVersion: 'v1', kind: 'Secret', name: `${name}-alertmanager`, labels, content: { type: 'Opaque', stringData: { 'alertmanager.yaml': content } } };
}
