import { isObject, objectsIn } from '../../plan/json';
import { CODE_ROOT } from '../../plan/pod/files';
import { podSpecOf, SERVER_CONTAINER } from '../../plan/pod/template';
import { Json, JsonObject, PodGroup, ServicePlan } from '../../plan/service-plan';

/** A pod template, in the parts that an InferenceService says it in. */
export interface PodParts {
  readonly annotations?: JsonObject;
  /** The pod's own fields, and the containers beside the server. */
  readonly spec: JsonObject;
  readonly initContainers: { [key: string]: Json }[];
  /** The server's container without its name, which is the runtime's to give. */
  readonly server: JsonObject;
}

/** Takes a pod template apart; nothing of it is lost. */
export function podParts(plan: ServicePlan, group: PodGroup): PodParts {
  const { containers, initContainers, ...spec } = podSpecOf(group.template);
  const all = objectsIn(containers);
  const { name: _, ...server } = all.find((one) => one.name === SERVER_CONTAINER) ?? {};
  const beside = all.filter((one) => one.name !== SERVER_CONTAINER);
  const metadata = isObject(group.template.metadata) ? group.template.metadata : {};
  return {
    annotations: isObject(metadata.annotations) ? metadata.annotations : undefined,
    spec: { ...spec, containers: beside.length === 0 ? undefined : beside },
    initContainers: objectsIn(initContainers),
    server: literal(plan.server.facts.codeInWorkingDirectory === true ? codeFromWorkingDirectory(server) : server) as { [key: string]: Json },
  };
}

/** KServe refuses the variable by which mounted code is found. */
function codeFromWorkingDirectory(server: { [key: string]: Json }): { [key: string]: Json } {
  const env = objectsIn(server.env);
  const left = env.filter((one) => one.name !== 'PYTHONPATH' || one.value !== CODE_ROOT);
  return left.length === env.length ? server : { ...server, env: left, workingDir: CODE_ROOT };
}

/**
 * Texts that come out as they are: KServe reads the server's container as a template of Go's, in which '{{' begins an action.
 * Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go (ReplacePlaceholders)
 */
export function literal(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('{{', '{{`{{`}}');
  if (Array.isArray(value)) return value.map(literal);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, literal(one)])) : value;
}
