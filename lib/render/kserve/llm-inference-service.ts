import { AZURE_IDENTITY_LABEL } from '../../describe/checks/names';
import { LLM_CONTAINER } from '../../plan/engine/kserve-llm';
import { compact, isObject, objectsIn } from '../../plan/json';
import { podSpecOf, templateLabels } from '../../plan/pod/template';
import { Json, JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';
import { labelsOf } from '../kubernetes/workload';
import { RenderedObject, WorkloadOf } from '../ports';
import { literal, podParts } from './pod';
import { storage } from './storage';

/**
 * A group of pods as an LLMInferenceService. KServe lays it upon a template of its own, which is for another image, certificates and HTTPS: what it
 * would otherwise add to a field that the plan has said is said again here.
 *
 * It has no router: routes are the service's own, beside it. Sources: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1alpha2/llmisvc/config_merge.go,
 * https://github.com/kserve/kserve/blob/v0.20.0/config/llmisvcconfig/config-llm-template.yaml
 */
export function llmInferenceService(plan: ServicePlan, { id, group, replicas }: WorkloadOf): RenderedObject[] {
  const pod = podParts(plan, group);
  const tensor = plan.accelerator?.count ?? 1;
  return [{
    id, apiVersion: 'serving.kserve.io/v1alpha2', kind: 'LLMInferenceService', name: group.name, labels: { ...plan.labels, ...labelsOf(group) },
    annotations: {
      ...plan.annotations,
      // a cache that comes later would add labels, which KServe makes part of the Deployment's immutable selector
      ...(group.cached === undefined ? { 'serving.kserve.io/disable-localmodel': 'true' } : {}),
      ...(plan.copies.stopped ? { 'serving.kserve.io/stop': 'true' } : {}),
    },
    content: {
      spec: compact({
        model: { uri: addressOf(pod.initContainers, group), name: plan.modelName },
        // the plan's own container fetches the model: with the memory, the disk and the credentials for it
        storageInitializer: { enabled: group.cached !== undefined },
        replicas,
        parallelism: tensor > 1 ? { tensor } : undefined,
        labels: stable(group), annotations: literal((pod.annotations ?? null) as Json) ?? undefined,
        template: {
          ...literal(compact(pod.spec)) as JsonObject,
          initContainers: pod.initContainers.length === 0 ? undefined : literal(pod.initContainers),
          containers: [{ name: LLM_CONTAINER, ...uponTemplate(pod.server) }, ...objectsIn(literal((compact(pod.spec).containers ?? null)))],
        },
      }),
    },
  }];
}

/**
 * Labels of the pods that never change: KServe makes all of them part of the Deployment's selector, which is immutable.
 * Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1alpha2/llmisvc/workload_single_node.go (one map for labels, selector and template)
 */
function stable(group: PodGroup): { [label: string]: Json } {
  const kept = new Set([...Object.keys(group.selector), 'app.kubernetes.io/instance', 'app.kubernetes.io/managed-by', AZURE_IDENTITY_LABEL]);
  return Object.fromEntries(Object.entries(templateLabels(group.template)).filter(([label]) => kept.has(label)));
}

/** The server's container, so that nothing of KServe's template stays in it that contradicts it. */
function uponTemplate(server: JsonObject): JsonObject {
  const { lifecycle, securityContext } = server as { lifecycle?: { preStop?: { sleep?: { seconds: number } } }; securityContext?: JsonObject };
  const seconds = lifecycle?.preStop?.sleep?.seconds;
  return {
    ...server,
    // KServe's has a command, and a hook of two kinds is refused
    lifecycle: seconds === undefined ? server.lifecycle : { preStop: { exec: { command: ['/bin/sleep', String(seconds)] } } },
    startupProbe: byHttp(server.startupProbe), readinessProbe: byHttp(server.readinessProbe), livenessProbe: byHttp(server.livenessProbe),
    // KServe's says true, and an image that starts as root would never start
    securityContext: securityContext === undefined ? undefined : { ...securityContext, runAsNonRoot: securityContext.runAsNonRoot ?? false },
  };
}

/** KServe's probes go by HTTPS, with certificates that its own command asks for. */
function byHttp(probe: JsonObject[string]): JsonObject[string] {
  const { httpGet, ...rest } = (probe ?? {}) as { httpGet?: JsonObject };
  return httpGet === undefined ? probe : { ...rest, httpGet: { ...httpGet, scheme: 'HTTP' } };
}

/** Where the model comes from; nothing is fetched from there by KServe, but it asks for an address. */
function addressOf(initContainers: { [key: string]: Json }[], group: PodGroup): string {
  const { storageUri } = storage(initContainers, group.cached).model;
  if (typeof storageUri === 'string') return storageUri;
  const model = objectsIn(podSpecOf(group.template).volumes).find(({ name }) => name === 'model');
  if (isObject(model?.persistentVolumeClaim)) return `pvc://${String(model.persistentVolumeClaim.claimName)}`;
  if (isObject(model?.image)) return `oci://${String(model.image.reference)}`;
  const [copier] = initContainers;
  return copier === undefined ? 'file:///' : `oci://${String(copier.image)}`;
}
