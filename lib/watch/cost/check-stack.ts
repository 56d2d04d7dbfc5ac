import { Finding, nearest, ProblemKind } from '../../describe/problem';
import type { StackRequest } from '../stack';
import { WatchedService } from '../watched-service';

const UNWATCHED = ProblemKind.error('SERVING_TEAM_BUDGET_UNWATCHED', 'A budget of a team, in a stack that does not tell costs', 'It would look kept, whatever is spent.');
const NO_SUCH_TEAM = ProblemKind.warning('SERVING_TEAM_BUDGET_UNKNOWN', 'A budget of a team that owns no service', 'It is never spent; a misspelled name would keep everybody quiet.');
const JOINED = ProblemKind.warning('SERVING_OPTSCALE_JOINED', 'OptScale is to be told by a metrics\' store that is not the stack\'s own', 'Who it sends copies to is said where it was installed: nothing of this stack changes that, and OptScale would stay empty.');

/** What can be wrong with the money of a whole stack. */
export function checkStackCost({ cost, budgets, metrics }: StackRequest, services: readonly WatchedService[]): Finding[] {
  const named = Object.keys(budgets);
  if (cost === undefined) return named.length === 0 ? [] : [UNWATCHED.found({ what: "the stack has 'budgets' and no 'cost'", fix: "give it 'cost: Cost.prices()' or 'cost: Cost.openCost()'" })];
  const teams = [...new Set(services.flatMap(({ owner }) => owner?.name ?? []))].sort();
  const unknown = named.filter((team) => !teams.includes(team)).map((team) => {
    const meant = nearest(team, teams);
    return NO_SUCH_TEAM.found({ what: `no service that the stack watches is owned by the team '${team}'`, got: team, allowed: teams.join(', ') || 'no team owns one', fix: meant === undefined ? "name an owner of services, or leave it out" : `did you mean '${meant}'?` });
  });
  return metrics._install !== undefined || cost._optScale === undefined ? unknown : [...unknown, JOINED.found({ what: "the stack joins a metrics' store, which does not write to OptScale by itself", fix: 'add the remote write to that store, as docs/cost.md has it, and acknowledge this' })];
}
