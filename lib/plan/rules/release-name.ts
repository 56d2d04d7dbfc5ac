import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const LONG_NAME = ProblemKind.error('SERVING_RELEASE_NAME', 'A name that is too long for what a release adds to it', 'Objects of a release are named after the service.');

/** Longest name of a service with a release: 63 of a label, less `-primary` and the hashes that a controller adds. */
const LONGEST = 40;

/** The name leaves room for what a release adds to it. */
export const releaseName: Rule = {
  check: ({ request: { name }, plan: { release } }) => {
    if (release === undefined || name.length <= LONGEST) return [];
    return [LONG_NAME.found({ what: 'the name of a service with a release is too long', got: name, allowed: `at most ${LONGEST} characters`, fix: "give a shorter 'name'" })];
  },
};
