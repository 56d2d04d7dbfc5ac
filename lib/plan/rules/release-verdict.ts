import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ProblemKind } from '../../describe/problem';
import { gatesOfRequest } from '../release/plan-release';
import { Rule } from './rule';

const NO_VERDICT = ProblemKind.warning('SERVING_ROLLOUT_WITHOUT_VERDICT', 'A release that nothing judges', 'A bad version goes on until somebody looks.');

/** Something judges a release. */
export const releaseVerdict: Rule = {
  check: ({ request, plan: { release } }) => {
    if (release === undefined) return [];
    const plain = release.controller === RolloutControllerKind.NONE;
    if (plain ? request.candidate === undefined : gatesOfRequest(request).length > 0) return [];
    return [NO_VERDICT.found(plain
      ? { what: `Rollout.${release.kind} on plain Deployments gives no verdict: each step is a change of the manifests, and nothing takes a bad version back`, fix: 'watch the new version yourself and acknowledge this, or let Argo Rollouts or Flagger judge' }
      : { what: `Rollout.${release.kind} has no gate: the new version goes on by time alone`, fix: "give 'gates', or 'objectives' to take them from" })];
  },
};
