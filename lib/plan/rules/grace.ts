import { ProblemKind } from '../../describe/problem';
import { isObject } from '../json';
import { Json } from '../service-plan';
import { Rule } from './rule';

const SHORT = ProblemKind.error('SERVING_GRACE_BELOW_DRAIN', 'Pods are killed before they have drained', 'The API server refuses a sleep as long as the grace period; a shorter one cuts the longest answers.');

/** The grace period that an overlay may have changed, against what the drain needs. */
export const grace: Rule = {
  check: ({ plan }) => {
    const spec = (plan.groups[0]!.template as { spec?: Json }).spec;
    const given = isObject(spec) ? spec.terminationGracePeriodSeconds : undefined;
    // taken away, it is Kubernetes' own
    const seconds = typeof given === 'number' ? given : 30;
    if (seconds >= plan.timing.grace) return [];
    return [SHORT.found({
      what: `'podOverlay' leaves ${seconds} s between the deletion of a pod and its end; the sleep of ${plan.timing.preStop} s and the ${plan.timing.stop} s that the server may take to stop need ${plan.timing.grace} s`,
      got: seconds, allowed: `${plan.timing.grace} or more`, fix: "lower 'requestTimeout', which the drain follows, and leave terminationGracePeriodSeconds out",
    })];
  },
};
