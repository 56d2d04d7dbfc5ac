import { DNS_LABEL } from '../../describe/checks/names';
import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NAME = ProblemKind.error('SERVING_NAME', 'A service has a name that Kubernetes does not take', 'Workload, Service and labels carry the name; what is derived from it (a ConfigMap, a second pod group) must fit, too.');

/** Longest name: 63 of a label, less the longest that is added to it (`-config-0123abcd`). */
const LONGEST = 47;

export const name: Rule = {
  check: ({ request }) => (DNS_LABEL.test(request.name) && /^[a-z]/.test(request.name) && request.name.length <= LONGEST ? [] : [NAME.found({
    what: "the service's name is not one", got: request.name, allowed: `1 to ${LONGEST} lower-case letters, digits and '-', beginning with a letter`, fix: "give 'name', such as 'fraud-check'",
  })]),
};
