import type { Container, EnvValue, INetworkPolicyPeer, k8s, PodSelectorConfig, Volume } from 'cdk8s-plus-28';
import { Details } from '../describe/problem';
import { COMPONENT, memberSelector } from '../plan/labels';
import { Json, JsonObject } from '../plan/service-plan';

/** Where cdk8s-plus' values become plain JSON, and ours its values: the only place that calls it, and its internals. */

/** cdk8s-plus, read when something of it is first met: it takes as long to load as everything else together. */
const plus = (): typeof import('cdk8s-plus-28') => require('cdk8s-plus-28');

/** An environment variable. */
export function envJson(name: string, value: EnvValue): JsonObject {
  const from = value.valueFrom as k8s.EnvVarSource | undefined;
  return from === undefined ? { name, value: value.value ?? '' } : { name, valueFrom: plain(plus().k8s.toJson_EnvVarSource(from)) as JsonObject };
}

/** A volume of a pod. */
export function volumeJson(volume: Volume): JsonObject {
  return plain(plus().k8s.toJson_Volume(volume._toKube())) as JsonObject;
}

/** A container, and the volumes that it mounts. */
export function containerJson(container: Container): { container: JsonObject; volumes: JsonObject[] } {
  return { container: plain(plus().k8s.toJson_Container(container._toKube())) as JsonObject, volumes: container.mounts.map((mount) => volumeJson(mount.volume)) };
}

/** A peer as `from` entries of a NetworkPolicy. */
export function peerJson(peer: INetworkPolicyPeer): { [key: string]: Json }[] {
  const { ipBlock, podSelector } = peer.toNetworkPolicyPeerConfig();
  if (ipBlock !== undefined) return [{ ipBlock: plain(plus().k8s.toJson_IpBlock(ipBlock._toKube())) }];
  if (podSelector === undefined) return [];
  const pods = plain(plus().k8s.toJson_LabelSelector(podSelector.labelSelector._toKube()));
  const namespaces = plain(plus().k8s.toJson_LabelSelector(podSelector.namespaces?.labelSelector?._toKube())) as { [key: string]: Json } | undefined;
  const names = podSelector.namespaces?.names;
  if (names === undefined) return [{ podSelector: pods, ...(namespaces === undefined ? {} : { namespaceSelector: namespaces }) }];
  return names.map((name) => ({
    podSelector: pods,
    namespaceSelector: { ...namespaces, matchLabels: { ...(namespaces?.matchLabels as object | undefined), 'kubernetes.io/metadata.name': name } },
  }));
}

/** Whether a value is a peer: a program without a type check hands over anything. */
export function isPeer(peer: INetworkPolicyPeer): boolean {
  return typeof peer?.toNetworkPolicyPeerConfig === 'function';
}

/** What is said of a grant to something that is no peer. */
export function noPeer(grant: string, got: unknown): Details {
  return {
    what: `${grant}: this is no peer of a NetworkPolicy`, got, allowed: 'an INetworkPolicyPeer of cdk8s-plus: a Pod, a Deployment, Namespaces, NetworkPolicyIpBlock', fix: "for pods elsewhere use Pods.select(scope, 'Id', { labels, namespaces })",
  };
}

/** Pods by their labels, in one namespace or in the reader's own. */
export function podSelector(labels: { [key: string]: string }, namespace: string | undefined): PodSelectorConfig {
  return { labelSelector: plus().LabelSelector.of({ labels }), namespaces: namespace === undefined ? undefined : { names: [namespace] } };
}

/** Pods of a service as a peer: those of all its components, as its transformer asks and is asked as well. */
export function componentsSelector(service: string, components: readonly string[], namespace: string | undefined): PodSelectorConfig {
  const labels = memberSelector(service, components[0]!);
  if (components.length === 1) return podSelector(labels, namespace);
  const { LabelExpression, LabelSelector } = plus();
  const { [COMPONENT]: _, ...instance } = labels;
  return { ...podSelector({}, namespace), labelSelector: LabelSelector.of({ labels: instance, expressions: [LabelExpression.in(COMPONENT, [...components])] }) };
}

/** A container as cdk8s-plus' autoscaler looks at one: it asks what it requests, and there is no more to be said. */
export function scalingContainer(): Container {
  return new (plus().Container)({ image: 'server', resources: undefined });
}

/** Drops what cdk8s-plus leaves undefined. */
function plain(value: unknown): Json {
  return value === undefined ? undefined as unknown as Json : JSON.parse(JSON.stringify(value));
}
