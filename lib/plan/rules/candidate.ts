import { RolloutControllerKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { CredentialKind } from '../../describe/credentials';
import { Model } from '../../describe/model';
import { CodeDelivery } from '../../describe/python-code';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NO_CANDIDATE = ProblemKind.error('SERVING_CANDIDATE_WITHOUT_RELEASE', 'A candidate that nothing makes use of', 'Its copies would run without a request, or a controller would not know of it.');
const STEP_OF_CANDIDATE = ProblemKind.error('SERVING_CANDIDATE_PERCENT', "A candidate's share that is no step of its release", 'The share and the steps would tell two different plans.');
const OTHER_NAME = ProblemKind.error('SERVING_CANDIDATE_NAME', 'A candidate of another name', 'Clients ask for a model by its name: the candidate would answer 404.');

const OTHER_SERVER = ProblemKind.error('SERVING_CANDIDATE_FORMAT', "A candidate that the service's server can not read", 'Both versions run in one kind of server: its copies would never become ready.');
const OTHER_CREDENTIALS = ProblemKind.error('SERVING_CANDIDATE_CREDENTIALS', 'A candidate with credentials of its own', "The service makes one ServiceAccount and one Secret, those of its 'model': the candidate's would not be there.");

const NO_IMAGE = ProblemKind.error('SERVING_CANDIDATE_CODE', "A candidate whose image is not there", 'Its copies would never start: ImagePullBackOff.');

/** What the service makes for a model's credentials; undefined where all of it is there already. */
function madeFor(model: Model): string | undefined {
  const credentials = model.source?.credentials;
  if (credentials === undefined || (credentials.kind !== CredentialKind.EXTERNAL_SECRET && credentials.identity === undefined)) return undefined;
  const { kind, keys, store, clusterStore, serviceAccountName, identity } = credentials;
  return JSON.stringify([kind, keys, store, clusterStore, serviceAccountName, identity?.annotations]);
}

/** A version on trial belongs to a release on plain Deployments, has the stable one's name, and a share that is one of its steps. */
export const candidate: Rule = {
  check: ({ request, plan: { release, server } }) => {
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
    const formats = server.facts.formats.map((one) => one.format);
    if (!formats.includes('*') && !formats.includes(given.model.format.name)) {
      findings.push(OTHER_SERVER.found({ what: `${server.facts.title} serves the stable version and does not read the candidate's format`, got: given.model.format.name, allowed: formats.join(', '), fix: 'make another service for it, and shift clients by their own means' }));
    }
    if (given.model.code?.delivery === CodeDelivery.IMAGE && given.model.code.digest === undefined) {
      findings.push(NO_IMAGE.found({ what: "the candidate's code is an image that nobody builds: its context is not written", fix: "build it as the service's 'model' first and give its 'digest', or mount the code: PythonCode.mount" }));
    }
    const made = madeFor(given.model);
    if (made !== undefined && made !== madeFor(request.model)) {
      findings.push(OTHER_CREDENTIALS.found({ what: 'the candidate has other credentials than the stable version', fix: "give both models the same 'credentials'" }));
    }
    const allowed = release.kind === RolloutKind.CANARY ? [0, ...release.steps, 100] : release.kind === RolloutKind.BLUE_GREEN ? [0, 100]
      : release.kind === RolloutKind.SHADOW && request.rollout._values.percent !== undefined ? [0, release.percent] : undefined;
    if (given._percentSaid && allowed !== undefined && !allowed.includes(given.percent)) {
      findings.push(STEP_OF_CANDIDATE.found({ what: `the candidate's share is no step of Rollout.${release.kind}`, got: given.percent, allowed: allowed.join(', '), fix: 'take one of these, or change the steps' }));
    }
    return findings;
  },
};
