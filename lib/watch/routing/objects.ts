import { Json } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';
import { SERVICE_LABEL } from '../watched-service';
import { Matcher } from './inhibitions';
import { routingOfOwners, RoutingPlan } from './plan';

/** An object of routing; it lies in the namespace of the services whose alerts it routes, with the Secrets that it names. */
export interface RoutingObject extends RenderedObject {
  readonly namespace: string;
}

/** A namespace of services. */
export interface RoutedNamespace {
  readonly name: string;
  /** Who owns its services; undefined for one without an owner. */
  readonly owners: readonly (string | undefined)[];
}

/** What objects of routing are called, and where they lie. */
export interface RoutingObjectProps {
  readonly name: string;
  /** By which the Alertmanager selects them. */
  readonly labels: { readonly [key: string]: string };
  readonly namespaces: readonly RoutedNamespace[];
}

/** An Alertmanager that is there already gets other alerts of the namespace as well: those are left to its own routes. */
export const OURS: Matcher = { label: SERVICE_LABEL, type: '!=', value: '' };

/** An object for each namespace, with what its services' owners need. */
export function ofNamespaces(plan: RoutingPlan, { name, labels, namespaces }: RoutingObjectProps, is: { readonly apiVersion: string; readonly kind: string }, spec: (plan: RoutingPlan) => { [key: string]: Json }): RoutingObject[] {
  return [...namespaces].sort((a, b) => (a.name < b.name ? -1 : 1)).map((one) => ({
    id: `${is.kind}-${one.name}`, ...is, name, namespace: one.name, labels, content: { spec: spec(routingOfOwners(plan, one.owners)) },
  }));
}
