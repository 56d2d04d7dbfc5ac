import { Json, JsonObject, JsonValue } from './service-plan';

/** An object without its undefined entries, all the way down. */
export function compact(object: JsonObject): { [key: string]: Json } {
  const result: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) result[key] = clean(value);
  }
  return result;
}

function clean(value: Exclude<JsonValue, undefined>): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(clean);
  return typeof value === 'object' && value !== null ? compact(value as JsonObject) : value as Json;
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What Kubernetes merges the entries of a pod's lists by (`patchMergeKey` of its types). */
const MERGE_KEYS: { readonly [list: string]: string } = {
  containers: 'name', initContainers: 'name', volumes: 'name', env: 'name', imagePullSecrets: 'name', resourceClaims: 'name', hostAliases: 'ip',
  volumeMounts: 'mountPath', volumeDevices: 'devicePath', ports: 'containerPort', topologySpreadConstraints: 'topologyKey',
};

/** Lists that grow: what is given comes after what is there. */
const APPENDED = new Set(['tolerations']);

/**
 * Lays `over` on `base` as a strategic merge patch would: objects merge, lists merge by Kubernetes' own keys, null takes a key away,
 * anything else replaces. No key is lost, known or not.
 */
export function overlay(base: Json, over: Json, list?: string): Json {
  if (isObject(base) && isObject(over)) {
    const result: { [key: string]: Json } = { ...base };
    for (const [key, value] of Object.entries(over)) {
      if (value === null) delete result[key];
      else result[key] = Object.hasOwn(base, key) ? overlay(base[key]!, value, key) : withoutNulls(value);
    }
    return result;
  }
  if (Array.isArray(base) && Array.isArray(over) && list !== undefined) {
    if (APPENDED.has(list)) return [...base, ...over];
    const key = MERGE_KEYS[list];
    if (key !== undefined && [...base, ...over].every((item) => isObject(item) && key in item)) return mergeLists(base, over, key);
  }
  return withoutNulls(over);
}

/** What is new has nothing that null could take away. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, withoutNulls(item)])) : value;
}

function mergeLists(base: Json[], over: Json[], key: string): Json[] {
  const result = [...base];
  for (const item of over) {
    const at = result.findIndex((other) => (other as { [k: string]: Json })[key] === (item as { [k: string]: Json })[key]);
    if (at < 0) result.push(withoutNulls(item));
    else result[at] = overlay(result[at]!, item);
  }
  return result;
}

/** Bytes as a quantity in whole mebibytes, rounded up: what people read in manifests. */
export function mebibytes(bytes: number): string {
  const mib = Math.ceil(bytes / 2 ** 20);
  return mib % 1024 === 0 ? `${mib / 1024}Gi` : `${mib}Mi`;
}

/** A quantity that `mebibytes` wrote, in mebibytes. */
export function mebibytesOf(quantity: string): number {
  return Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 : 1);
}

/** A CPU quantity in thousandths. */
export function cpuMillis(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/** The objects of a list; none where there is no list. */
export function objectsIn(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
