import { Container, EnvValue, INetworkPolicyPeer, k8s, Volume } from 'cdk8s-plus-28';
import { Json, JsonObject } from '../plan/service-plan';

/** Where cdk8s-plus' values become plain JSON: the only place that calls its internals. */

/** An environment variable. */
export function envJson(name: string, value: EnvValue): JsonObject {
  const from = value.valueFrom as k8s.EnvVarSource | undefined;
  return from === undefined ? { name, value: value.value ?? '' } : { name, valueFrom: plain(k8s.toJson_EnvVarSource(from)) as JsonObject };
}

/** A volume of a pod. */
export function volumeJson(volume: Volume): JsonObject {
  return plain(k8s.toJson_Volume(volume._toKube())) as JsonObject;
}

/** A container, and the volumes that it mounts. */
export function containerJson(container: Container): { container: JsonObject; volumes: JsonObject[] } {
  return { container: plain(k8s.toJson_Container(container._toKube())) as JsonObject, volumes: container.mounts.map((mount) => volumeJson(mount.volume)) };
}

/** A peer as `from` entries of a NetworkPolicy. */
export function peerJson(peer: INetworkPolicyPeer): { [key: string]: Json }[] {
  const { ipBlock, podSelector } = peer.toNetworkPolicyPeerConfig();
  if (ipBlock !== undefined) return [{ ipBlock: plain(k8s.toJson_IpBlock(ipBlock._toKube())) }];
  if (podSelector === undefined) return [];
  const pods = plain(k8s.toJson_LabelSelector(podSelector.labelSelector._toKube()));
  const namespaces = plain(k8s.toJson_LabelSelector(podSelector.namespaces?.labelSelector?._toKube())) as { [key: string]: Json } | undefined;
  const names = podSelector.namespaces?.names;
  if (names === undefined) return [{ podSelector: pods, ...(namespaces === undefined ? {} : { namespaceSelector: namespaces }) }];
  return names.map((name) => ({
    podSelector: pods,
    namespaceSelector: { ...namespaces, matchLabels: { ...(namespaces?.matchLabels as object | undefined), 'kubernetes.io/metadata.name': name } },
  }));
}

/** Drops what cdk8s-plus leaves undefined. */
function plain(value: unknown): Json {
  return value === undefined ? undefined as unknown as Json : JSON.parse(JSON.stringify(value));
}
