import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NOT_SAID = ProblemKind.error('SERVING_COPIES_NOT_SAID', 'A service with an accelerator does not say how many copies run', 'Devices are money, and they are few: copies are said, never assumed.');
const SINGLE = ProblemKind.warning('SERVING_SINGLE_COPY', 'A service of one copy', 'One copy can not survive a node, a drain or its own restart.');

export const copies: Rule = {
  check: ({ request, plan }) => {
    if (request.accelerator !== undefined && request.scaling === undefined) {
      return [NOT_SAID.found({ what: `copies with ${request.accelerator} each are not said`, fix: "give 'scaling: Scaling.fixed(2)', or what you mean to pay for" })];
    }
    // a number that was refused says nothing of what was meant; of none at all there is a rule
    if (plan.copies.min !== 1 || plan.copies.stopped || (request.scaling?._findings.length ?? 0) > 0) return [];
    const update = plan.extraCopies > 0 ? '' : ' An update does, too: no second copy fits beside it.';
    return [SINGLE.found({
      what: `one copy answers alone: a node drain, a crash or a failed node interrupts the service for about ${plan.timing.download + plan.timing.load} s and longer where a node must come first.${update}`,
      got: 1, allowed: '2 or more', fix: 'run two copies, or acknowledge it with the reason why an interruption is fine',
    })];
  },
};
