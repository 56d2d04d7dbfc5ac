import { KSERVE_PROTOCOLS } from '../../plan/engine/kserve';
import { PoolLoading } from '../../describe/pool-loading';
import { compact, mebibytes } from '../../plan/json';
import { JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';
import { templateLabels } from '../../plan/pod/template';
import { labelsOf } from '../kubernetes/workload';
import { RenderedObject } from '../ports';
import { podParts } from './pod';
import { storage } from './storage';

type Texts = { readonly [key: string]: string };

/** What an InferenceService says of how it is run, by its mode. */
export interface Running {
  /** Id below the construct. */
  readonly id: string;
  readonly group: PodGroup;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly podAnnotations: Texts;
  /** Fields of `predictor` beside those of the pod. */
  readonly predictor: JsonObject;
}

/**
 * A group of pods as an InferenceService, and the ServingRuntime that lets it read its format.
 *
 * What the pods are stands in the InferenceService alone: an update is one change of one object, and graphs of KServe's find the model's name, which they
 * don't look for in runtimes. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go
 */
export function inferenceService(plan: ServicePlan, running: Running): RenderedObject[] {
  const { id, group } = running;
  const pod = podParts(plan, group);
  // without any storage KServe takes it for a server of many models, and puts its agent into the pods, which fetches them
  const kept = plan.poolLoading === PoolLoading.WHILE_RUNNING ? { model: {}, annotations: {}, initContainers: pod.initContainers.length === 0 ? undefined : pod.initContainers } : storage(pod.initContainers, group.cached);
  const labels = { ...plan.labels, ...labelsOf(group) };
  const podAnnotations = { ...pod.annotations, ...running.podAnnotations };
  return [{
    id, apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: group.name,
    labels: { ...labels, ...running.labels },
    annotations: {
      ...plan.annotations, ...running.annotations, ...kept.annotations,
      ...(plan.copies.stopped ? { 'serving.kserve.io/stop': 'true' } : {}),
    },
    content: {
      spec: {
        predictor: compact({
          ...running.predictor,
          labels: added(templateLabels(group.template), labels),
          annotations: Object.keys(podAnnotations).length === 0 ? undefined : podAnnotations,
          ...pod.spec,
          initContainers: kept.initContainers,
          model: { modelFormat: { name: group.format }, runtime: group.name, protocolVersion: KSERVE_PROTOCOLS[plan.protocol.name], ...kept.model, ...pod.server },
        }),
      },
    },
  }, servingRuntime(plan, id, group, labels), ...trainedModels(plan, group)];
}

/** What an InferenceService must name to be taken for a model of its own format. KServe picks it for no other. */
function servingRuntime(plan: ServicePlan, of: string, group: PodGroup, labels: Texts): RenderedObject {
  const protocols = plan.protocols.map((one) => KSERVE_PROTOCOLS[one.name]).filter((one) => one !== undefined);
  return {
    id: of === 'Resource' ? 'Runtime' : `${of}Runtime`, apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', name: group.name, labels,
    content: {
      spec: compact({
        supportedModelFormats: (plan.pooled.length === 0 ? [group.format] : [...new Set(plan.pooled.map(({ format }) => format))]).map((name) => ({ name, autoSelect: false })),
        protocolVersions: protocols.length === 0 ? undefined : protocols,
        multiModel: plan.poolLoading === PoolLoading.WHILE_RUNNING,
        // what runs in it is said by the InferenceService, which is laid upon it
        containers: [{ name: plan.container }],
      }),
    },
  };
}

/** The models of a pool that come while it runs. KServe refuses a change of their memory: a model that grows needs another name, or goes before it comes again. */
function trainedModels(plan: ServicePlan, group: PodGroup): RenderedObject[] {
  if (plan.poolLoading !== PoolLoading.WHILE_RUNNING) return [];
  return plan.pooled.map(({ name, format, uri, bytes }) => ({
    id: `Model-${name}`, apiVersion: 'serving.kserve.io/v1alpha1', kind: 'TrainedModel', name, labels: plan.labels,
    content: { spec: { inferenceService: group.name, model: { framework: format, storageUri: uri!, memory: mebibytes(bytes) } } },
  }));
}

/** Labels of the pods that the InferenceService itself doesn't give them. */
function added(labels: JsonObject, known: Texts): JsonObject | undefined {
  const more = Object.entries(labels).filter(([key, value]) => known[key] !== value);
  return more.length === 0 ? undefined : Object.fromEntries(more);
}
