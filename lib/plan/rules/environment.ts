import { Finding, ProblemKind } from '../../describe/problem';
import { SECRET_IN_PLAIN_TEXT, looksLikeSecret } from '../../describe/checks/secrets';
import { Rule } from './rule';

const TAKEN = ProblemKind.error('SERVING_ENV_TAKEN', 'A variable that the library sets is set again', 'Which of the two counts would depend on their order.');

export const environment: Rule = {
  check: ({ request, launch }) => {
    const findings: Finding[] = [];
    const own = new Map((launch.environment ?? []).map((variable) => [variable.name, variable.value]));
    for (const variable of request.env) {
      const name = String(variable.name);
      if (own.has(name)) findings.push(TAKEN.found({ what: `the variable '${name}' is the library's own`, got: name, fix: "leave it out: the server's props, the model or the service say what it should be, and 'podOverlay' has the last word" }));
      if (typeof variable.value === 'string' && looksLikeSecret(name, variable.value)) {
        // the value itself must not be shown
        findings.push(SECRET_IN_PLAIN_TEXT.found({ what: `the variable '${name}' holds a secret in plain text`, fix: 'use EnvValue.fromSecretValue' }));
      }
    }
    return findings;
  },
};
