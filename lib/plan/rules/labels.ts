import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const TAKEN = ProblemKind.error('SERVING_LABEL_TAKEN', 'A label that the library sets is set again', 'Cost, owner, version and the selection of pods go by these labels.');

export const labels: Rule = {
  check: ({ request, plan }) => {
    const taken = Object.keys(request.labels).filter((key) => plan.labels[key] !== request.labels[key]);
    return taken.length === 0 ? [] : [TAKEN.found({ what: `'labels' sets ${taken.join(', ')}, which the library sets itself`, got: taken, fix: "say it by 'owner', the model's 'version' or 'name', and leave the label out" })];
  },
};
