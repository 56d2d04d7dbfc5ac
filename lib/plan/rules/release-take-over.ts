import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const TAKE_OVER = ProblemKind.error('SERVING_TAKE_OVER', 'A Deployment that can not be taken over', 'Only Argo Rollouts takes over the pods of a Deployment that runs.');

/** The controller can take over the pods of a Deployment, where that was asked for. */
export const releaseTakeOver: Rule = {
  check: ({ plan: { release } }) => {
    if (release === undefined || !release.takeOverDeployment || release.controller === RolloutControllerKind.ARGO) return [];
    return [TAKE_OVER.found({ what: `'takeOverDeployment' is for Argo Rollouts, not for '${release.controller}'`, fix: "leave 'takeOverDeployment' out" })];
  },
};
