import { DNS_LABEL } from '../../describe/checks/names';
import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NAME = ProblemKind.error('SERVING_NAME', 'A service has a name that Kubernetes does not take', 'Workload, Service and labels carry the name; what is derived from it (a ConfigMap, a second pod group) must fit, too.');

export const name: Rule = {
  check: ({ request }) => {
    const longest = request.engine.longestName(request);
    if (DNS_LABEL.test(request.name) && /^[a-z]/.test(request.name) && request.name.length <= longest.length) return [];
    return [NAME.found({
      what: request.name.length > longest.length ? `the service's name is too long for ${request.engine.title}: ${longest.because}` : "the service's name is not one",
      got: request.name, allowed: `1 to ${longest.length} lower-case letters, digits and '-', beginning with a letter`, fix: "give 'name', such as 'fraud-check'",
    })];
  },
};
