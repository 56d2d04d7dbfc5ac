import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const UNREACHABLE = ProblemKind.error('SERVING_WEIGHT_UNREACHABLE', 'A share of requests that whole copies can not give', 'Without a router a version gets as much as it has copies: 5 % of two copies is 33 %.');

/** Without a router a version gets as large a share as it has copies: each step must be a whole number of them. */
export const releaseWeights: Rule = {
  check: ({ plan: { release, copies: { min: copies } } }) => {
    if (release?.router !== TrafficRouterKind.REPLICAS || release.kind !== RolloutKind.CANARY || release.controller !== RolloutControllerKind.ARGO) return [];
    return release.steps.filter((step) => copies === 0 || step * copies % 100 !== 0).map((step) => UNREACHABLE.found({
      what: `${step} % of ${copies} ${copies === 1 ? 'copy' : 'copies'} is no whole number of copies, and nothing else splits the requests`, got: step,
      allowed: copies < 2 ? 'none: run more copies' : Array.from({ length: copies - 1 }, (_, i) => (i + 1) * 100 / copies).filter(Number.isInteger).join(', ') || 'none: run 2, 4, 5 or 10 copies',
      fix: 'take reachable steps, run more copies, or use a router (Exposure.gateway)',
    }));
  },
};
