import { compact, isObject, objectsIn } from '../json';
import { LOGGER_CONTAINER, loggerEnds, withoutHttpName } from '../pod/payload-logger';
import { podSpecOf, SERVER_CONTAINER } from '../pod/template';
import { Json, JsonObject, ServicePlan } from '../service-plan';

// What the definition of SeldonDeployment can't hold of a pod is said in another way here, and what the operator adds to a pod is taken into account.
// Sources: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/config/crd_v1_small/bases/machinelearning.seldon.io_seldondeployments.yaml (its pods are Kubernetes 1.24's)
// and https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/controllers/seldondeployment_controller.go (createContainerService, createDeploymentWithoutEngine)

type Pod = { [key: string]: Json };

/** Variables that the operator writes after the container's own, so that it has the last word. */
export const SELDON_VARIABLES: readonly string[] = [
  'PREDICTIVE_UNIT_ID', 'PREDICTIVE_UNIT_IMAGE', 'PREDICTOR_ID', 'PREDICTOR_LABELS', 'SELDON_DEPLOYMENT_ID', 'SELDON_EXECUTOR_ENABLED',
  'PREDICTIVE_UNIT_METRICS_SERVICE_PORT', 'PREDICTIVE_UNIT_METRICS_ENDPOINT', 'MLSERVER_MODEL_NAME', 'MLSERVER_METRICS_PORT', 'MLSERVER_METRICS_ENDPOINT',
];

/** A group's pod template as a SeldonDeployment can hold it. What it can't hold and nothing replaces is still in it: a rule tells. */
export function seldonPod(template: JsonObject, plan: Pick<ServicePlan, 'server' | 'metricsPath' | 'timing'>): Pod {
  const { metadata } = template;
  const pod = podSpecOf(template);
  const initContainers = objectsIn(pod.initContainers);
  const logger = initContainers.find((one) => one.name === LOGGER_CONTAINER);
  // a transformer in the same pod is what clients are led to, and has the port
  const led = objectsIn(pod.containers).some((one) => objectsIn(one.ports).some((port) => port.name === 'http'));
  const containers = objectsIn(pod.containers).map((one) => (one.name === SERVER_CONTAINER ? unit(logger === undefined || led ? one : listening(one, logger), plan) : one));
  const others = initContainers.filter((one) => one !== logger);
  return compact({
    metadata: { ...(isObject(metadata) ? metadata : {}), annotations: { ...UNSCRAPED, ...(isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {}) } },
    spec: {
      ...pod,
      initContainers: others.length === 0 ? undefined : others.map(awake),
      containers: [...containers, ...(logger === undefined ? [] : [beside(logger, plan)])].map(awake),
      topologySpreadConstraints: pod.topologySpreadConstraints === undefined ? undefined : objectsIn(pod.topologySpreadConstraints).map(overVersions),
    },
  });
}

/** The operator asks those who scrape by annotations to come, at a path that servers don't have; ours are scraped by a monitor. */
const UNSCRAPED = { 'prometheus.io/scrape': 'false' };

/** The server: variables in which the operator has the last word are given to its command alone. */
function unit(container: Pod, { server, metricsPath }: Pick<ServicePlan, 'server' | 'metricsPath'>): Pod {
  const env = objectsIn(container.env);
  const { command } = container;
  // MLServer would have its metrics where the operator's own setting says
  const wished = server.facts.id === 'mlserver' && metricsPath !== undefined && !env.some((one) => one.name === 'MLSERVER_METRICS_ENDPOINT')
    ? [...env, { name: 'MLSERVER_METRICS_ENDPOINT', value: metricsPath }] : env;
  const own = wished.filter((one) => SELDON_VARIABLES.includes(String(one.name)) && typeof one.value === 'string');
  // without a command the image's own is run, which can't be told from here
  if (own.length === 0 || !Array.isArray(command)) return container;
  return { ...container, command: ['env', ...own.map((one) => `${String(one.name)}=${String(one.value)}`), ...command], env: wished.filter((one) => !own.includes(one)) };
}

/** Clients are led to the port `http` of the server's container, where the operator would else add one of its own: the logger listens on it. */
function listening(container: Pod, logger: Pod): Pod {
  return { ...container, ports: [...objectsIn(container.ports), ...objectsIn(logger.ports).filter((port) => port.name === 'http')] };
}

/** The payload logger: as the definition knows no sidecars of Kubernetes' own kind, it stays by sleeping for as long as the server may take to end. */
function beside(logger: Pod, { timing }: Pick<ServicePlan, 'timing'>): Pod {
  const { restartPolicy, ...rest } = logger;
  return {
    ...withoutHttpName(rest),
    lifecycle: loggerEnds(timing.grace),
  };
}

/** A sleep as a command: the definition is older than Kubernetes' own. */
function awake(container: Pod): Pod {
  const { lifecycle } = container;
  if (!isObject(lifecycle)) return container;
  return { ...container, lifecycle: Object.fromEntries(Object.entries(lifecycle).map(([when, what]) => [when, isObject(what) && isObject(what.sleep) ? { exec: { command: ['sleep', String(what.sleep.seconds)] } } : what])) };
}

/** Copies are spread over versions alike: the definition is older than a count by version. */
function overVersions(constraint: Pod): Pod {
  const { matchLabelKeys, ...rest } = constraint;
  return rest;
}
