import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ProblemKind } from '../../describe/problem';
import { engineCapability, Support } from '../engine/capabilities';
import { Capability } from '../engine/capability';
import { gatesOfRequest } from '../release/plan-release';
import { Rule } from './rule';

const NO_VERDICT = ProblemKind.warning('SERVING_ROLLOUT_WITHOUT_VERDICT', 'A release that nothing judges', 'A bad version goes on until somebody looks.');

/** Something judges a release. */
export const releaseVerdict: Rule = {
  check: ({ request, plan: { release } }) => {
    if (release === undefined) return [];
    const plain = release.controller === RolloutControllerKind.NONE;
    if (plain ? request.candidate === undefined : gatesOfRequest(request).length > 0) return [];
    const { engine } = request;
    const judged = engineCapability(Capability.GATES, engine.id)?.support !== Support.NO;
    return [NO_VERDICT.found(plain
      ? { what: `Rollout.${release.kind} on ${engine.title} without a rollout controller gives no verdict: each step is a change of the manifests, and nothing takes a bad version back`, fix: `watch the new version yourself and acknowledge this${judged ? ', or let Argo Rollouts or Flagger judge' : ', or let alerts on objectives tell'}` }
      : { what: `Rollout.${release.kind} has no gate: the new version goes on by time alone`, fix: "give 'gates', or 'objectives' to take them from" })];
  },
};
