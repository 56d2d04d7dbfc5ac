import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ClusterOperator } from '../../describe/cluster';
import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const CONTROLLER = ProblemKind.error('SERVING_ROLLOUT_CONTROLLER_MISSING', 'A rollout controller that the cluster does not run', 'No pod would ever start: nobody acts on its objects.');

const NEEDED: { readonly [controller in RolloutControllerKind]: ClusterOperator | undefined } = {
  [RolloutControllerKind.ARGO]: ClusterOperator.ARGO_ROLLOUTS, [RolloutControllerKind.FLAGGER]: ClusterOperator.FLAGGER, [RolloutControllerKind.NONE]: undefined,
};

/** The controller that the cluster's `rollouts` names runs, where the cluster says what runs. */
export const releaseController: Rule = {
  check: ({ request: { cluster }, plan: { release } }) => {
    const needed = release && NEEDED[release.controller];
    if (needed === undefined || cluster.runs(needed)) return [];
    return [CONTROLLER.found({ what: `the cluster's 'rollouts' names '${release!.controller}', which is not among its operators`, fix: `add '${needed.name}' to 'operators' if it runs` })];
  },
};
