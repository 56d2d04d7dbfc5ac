import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const UNUSED = ProblemKind.error('SERVING_ROLLOUT_PROP_UNUSED', 'A prop of a rollout that nobody acts on', 'What was asked for would not happen, in silence.');

/** What a controller does by itself, and a person does without one. */
const CONTROLLED = ['stepDuration', 'keepOld', 'duration', 'progressDeadline', 'rollbackWindow'] as const;

/** Without a controller a person moves a release on: what is said of times and ways back has no effect. */
export const releaseUnused: Rule = {
  check: ({ request, plan: { release } }) => {
    if (release?.controller !== RolloutControllerKind.NONE) return [];
    return CONTROLLED.filter((prop) => request.rollout._values[prop] !== undefined).map((prop) => UNUSED.found({
      what: `Rollout.${release.kind}: '${prop}' has no effect on plain Deployments, where a person moves the release on`, got: prop, fix: `leave '${prop}' out, or use RolloutController.argo() or .flagger()`,
    }));
  },
};
