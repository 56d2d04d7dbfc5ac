import { ProblemKind } from '../../describe/problem';
import { identityOf } from '../models';
import { Rule } from './rule';

const TWO_ACCOUNTS = ProblemKind.error('SERVING_TWO_SERVICE_ACCOUNTS', 'Two ServiceAccounts for one pod', 'A pod has one identity; the other would be left out.');

export const accounts: Rule = {
  check: ({ request }) => {
    const bound = identityOf(request)?.serviceAccountName;
    if (bound === undefined || request.serviceAccountName === undefined || bound === request.serviceAccountName) return [];
    return [TWO_ACCOUNTS.found({ what: `'serviceAccount' is '${request.serviceAccountName}', and the model's credentials are those of '${bound}'`, got: request.serviceAccountName, allowed: bound, fix: "give one of them the identity, and leave the other out" })];
  },
};
