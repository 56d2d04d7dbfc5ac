import { JsonObject } from '../plan/service-plan';

/** Copies on nodes of their own where there are enough: one of two on one node would go with the other. A cluster of one node gets them all the same. */
export function apart(pods: { readonly [label: string]: string }): JsonObject {
  return { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { ...pods } } }] };
}

/** A drain waits until a copy that it took away is back, then takes the next. */
export const ONE_AT_A_TIME: JsonObject = { maxUnavailable: 1 };
