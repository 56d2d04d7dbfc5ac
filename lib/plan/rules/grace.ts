import { Finding, ProblemKind } from '../../describe/problem';
import { isObject, objectsIn } from '../json';
import { podSpecOf, SERVER_CONTAINER } from '../pod/template';
import { Json, ServicePlan } from '../service-plan';
import { Rule } from './rule';

const STARTUP = ProblemKind.error('SERVING_STARTUP_BELOW_LOAD', 'Containers are restarted before the model is loaded', 'Each start would be cut short, and the next begin anew.');
const SHORT = ProblemKind.error('SERVING_GRACE_BELOW_DRAIN', 'Pods are killed before they have drained', 'The API server refuses a sleep as long as the grace period; a shorter one cuts the longest answers.');

/** Times that an overlay may have changed: the grace period against the drain, the startup probe against the load. */
export const grace: Rule = {
  check: ({ plan }) => {
    const spec = podSpecOf(plan.groups[0]!.template);
    return [...drain(plan, spec), ...startup(plan, spec)];
  },
};

function drain(plan: ServicePlan, spec: { [key: string]: Json }): Finding[] {
  const given = spec.terminationGracePeriodSeconds;
  const seconds = typeof given === 'number' ? given : 30; // taken away, it is Kubernetes' own
  if (seconds >= plan.timing.grace) return [];
  return [SHORT.found({
    what: `'podOverlay' leaves ${seconds} s between the deletion of a pod and its end; the sleep of ${plan.timing.preStop} s and the ${plan.timing.stop} s that the server may take to stop need ${plan.timing.grace} s`,
    got: seconds, allowed: `${plan.timing.grace} or more`, fix: "lower 'requestTimeout', which the drain follows, and leave terminationGracePeriodSeconds out",
  })];
}

function startup(plan: ServicePlan, spec: { [key: string]: Json }): Finding[] {
  const server = objectsIn(spec.containers).find((one) => one.name === SERVER_CONTAINER);
  if (server === undefined) return [];
  const probe = isObject(server.startupProbe) ? server.startupProbe : undefined;
  const number = (key: string, usual: number): number => (typeof probe?.[key] === 'number' ? probe[key] : usual);
  const seconds = probe === undefined ? 0 : number('initialDelaySeconds', 0) + number('periodSeconds', 10) * number('failureThreshold', 3);
  if (seconds >= plan.timing.load) return [];
  return [STARTUP.found({
    what: `'podOverlay' leaves a start ${seconds} s, and the model takes about ${plan.timing.load} s to load`, got: `${seconds} s`, allowed: `${plan.timing.load} s or more`, fix: "leave the startup probe alone: it follows the model's 'loadTime' and 'size'",
  })];
}
