import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const UNMAINTAINED = ProblemKind.warning('SERVING_SERVER_UNMAINTAINED', 'A server that is no longer looked after', 'Faults and security holes stay.');

export const maintained: Rule = {
  check: ({ plan }) => {
    const { maintenance, title, version } = plan.server.facts;
    return maintenance === undefined ? [] : [UNMAINTAINED.found({ what: `${title}: ${maintenance.note}`, got: version, fix: `use ${maintenance.instead}` })];
  },
};
