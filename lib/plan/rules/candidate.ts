import { RolloutControllerKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NO_CANDIDATE = ProblemKind.error('SERVING_CANDIDATE_WITHOUT_RELEASE', 'A candidate that nothing makes use of', 'Its copies would run without a request, or a controller would not know of it.');
const STEP_OF_CANDIDATE = ProblemKind.error('SERVING_CANDIDATE_PERCENT', "A candidate's share that is no step of its release", 'The share and the steps would tell two different plans.');
const OTHER_NAME = ProblemKind.error('SERVING_CANDIDATE_NAME', 'A candidate of another name', 'Clients ask for a model by its name: the candidate would answer 404.');

/** A version on trial belongs to a release on plain Deployments, has the stable one's name, and a share that is one of its steps. */
export const candidate: Rule = {
  check: ({ request, plan: { release } }) => {
    const given = request.candidate;
    if (given === undefined) return [];
    const findings: Finding[] = [];
    if (release === undefined || release.controller !== RolloutControllerKind.NONE) {
      return [NO_CANDIDATE.found({
        what: release === undefined ? `a candidate beside Rollout.${request.rollout.kind} gets no requests` : `'${release.controller}' makes the version on trial itself`,
        fix: release === undefined ? 'give Rollout.canary, blueGreen, shadow or abTest, or leave the candidate out' : "change 'model' and leave the candidate out",
      })];
    }
    const stable = request.model.name ?? request.name;
    const other = given.model.name ?? request.name;
    if (stable !== other) findings.push(OTHER_NAME.found({ what: 'the candidate has another model name than the stable version', got: other, allowed: stable, fix: "give both models one 'name', or none" }));
    const allowed = release.kind === RolloutKind.CANARY ? [0, ...release.steps, 100] : release.kind === RolloutKind.BLUE_GREEN ? [0, 100]
      : release.kind === RolloutKind.SHADOW && request.rollout._values.percent !== undefined ? [0, release.percent] : undefined;
    if (given._percentSaid && allowed !== undefined && !allowed.includes(given.percent)) {
      findings.push(STEP_OF_CANDIDATE.found({ what: `the candidate's share is no step of Rollout.${release.kind}`, got: given.percent, allowed: allowed.join(', '), fix: 'take one of these, or change the steps' }));
    }
    return findings;
  },
};
