import { KSERVE_PROTOCOLS } from '../../plan/engine/kserve';
import { compact } from '../../plan/json';
import { JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';
import { templateLabels } from '../../plan/pod/template';
import { labelsOf, rollingUpdate } from '../kubernetes/workload';
import { RenderedObject, WorkloadOf } from '../ports';
import { podParts } from './pod';
import { storage } from './storage';

/**
 * A group of pods as an InferenceService in Standard mode, and the ServingRuntime that lets it read its format.
 *
 * What the pods are stands in the InferenceService alone: an update is one change of one object, and graphs of KServe's find the model's name, which they
 * don't look for in runtimes. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go
 */
export function inferenceService(plan: ServicePlan, { id, group, replicas }: WorkloadOf): RenderedObject[] {
  const { strategy, copies } = plan;
  const pod = podParts(plan, group);
  const kept = storage(pod.initContainers, group.cached);
  const labels = { ...plan.labels, ...labelsOf(group) };
  return [{
    id, apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: group.name,
    // no route of KServe's own: the service's are beside it
    labels: { ...labels, 'networking.kserve.io/visibility': 'cluster-local' },
    annotations: {
      ...plan.annotations,
      // the cluster's own default differs from installation to installation
      'serving.kserve.io/deploymentMode': 'Standard',
      // with 'none' KServe keeps the number; with 'external' it leaves it to whom it belongs
      'serving.kserve.io/autoscalerClass': replicas === undefined ? 'external' : 'none',
      ...(copies.stopped ? { 'serving.kserve.io/stop': 'true' } : {}),
      ...kept.annotations,
    },
    content: {
      spec: {
        predictor: compact({
          minReplicas: replicas,
          deploymentStrategy: strategy.recreate ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate: rollingUpdate(plan) },
          labels: added(templateLabels(group.template), labels),
          annotations: pod.annotations,
          ...pod.spec,
          initContainers: kept.initContainers,
          model: { modelFormat: { name: group.format }, runtime: group.name, protocolVersion: KSERVE_PROTOCOLS[plan.protocol.name], ...kept.model, ...pod.server },
        }),
      },
    },
  }, servingRuntime(plan, id, group, labels)];
}

/** What an InferenceService must name to be taken for a model of its own format. KServe picks it for no other. */
function servingRuntime(plan: ServicePlan, of: string, group: PodGroup, labels: { [key: string]: string }): RenderedObject {
  const protocols = plan.protocols.map((one) => KSERVE_PROTOCOLS[one.name]).filter((one) => one !== undefined);
  return {
    id: of === 'Resource' ? 'Runtime' : `${of}Runtime`, apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', name: group.name, labels,
    content: {
      spec: compact({
        supportedModelFormats: [{ name: group.format, autoSelect: false }],
        protocolVersions: protocols.length === 0 ? undefined : protocols,
        multiModel: false,
        // what runs in it is said by the InferenceService, which is laid upon it
        containers: [{ name: plan.container }],
      }),
    },
  };
}

/** Labels of the pods that the InferenceService itself doesn't give them. */
function added(labels: JsonObject, known: { readonly [key: string]: string }): JsonObject | undefined {
  const more = Object.entries(labels).filter(([key, value]) => known[key] !== value);
  return more.length === 0 ? undefined : Object.fromEntries(more);
}
