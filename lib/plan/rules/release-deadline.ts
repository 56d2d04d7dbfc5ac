import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const DEADLINE = ProblemKind.error('SERVING_DEADLINE_BELOW_LOAD', 'A deadline that is shorter than a start', 'Every release would be taken back before its first copy is ready.');

/** A release has the time that a copy takes to start. */
export const releaseDeadline: Rule = {
  check: ({ plan: { release, timing } }) => {
    const start = timing.download + timing.load;
    if (release === undefined || release.progressDeadline > start) return [];
    return [DEADLINE.found({ what: `the release is taken back after ${release.progressDeadline} s without progress, and a copy starts for about ${start} s`, got: release.progressDeadline, allowed: `more than ${start} s; ${timing.progressDeadline} s are planned`, fix: "leave 'progressDeadline' out" })];
  },
};
