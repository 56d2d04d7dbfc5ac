import { PriceSource } from '../../describe/monitoring/cost';
import { Finding, ProblemKind } from '../../describe/problem';
import { hourlyCostOfCopy, pricesOf } from '../../plan/cost';
import { MONTH_HOURS } from '../cost/recordings';
import { WatchRule } from './rule';

const UNKNOWN = ProblemKind.warning('SERVING_COST_UNKNOWN', 'A service whose cost nothing can tell', 'It is missing in every sum: its team and the whole look cheaper than they are.');
const UNWATCHED = ProblemKind.error('SERVING_BUDGET_UNWATCHED', 'A budget that nothing compares with the cost', 'It would look kept, whatever is spent.');
const TOO_SMALL = ProblemKind.warning('SERVING_BUDGET_TOO_SMALL', 'A budget that the least copies exceed', 'Its alert would fire for ever, by prices that are known now.');
const NOT_IN_OPTSCALE = ProblemKind.warning('SERVING_OPTSCALE_WITHOUT_ACCELERATORS', 'A service with an accelerator, in OptScale', 'OptScale splits the price of a node by CPU and memory in use: who has its GPU pays no more than its neighbours.');

/** A budget of a service that nobody watches. */
export function unwatchedBudget(): Finding {
  return UNWATCHED.found({ what: "the service has a 'budget', and no stack watches it", fix: "make a MonitoringStack with 'cost: Cost.prices()' before it, or leave 'budget' out" });
}

/** A cost must be told before anybody can be told that it is too high. */
export const cost: WatchRule = ({ request: { budget, cluster }, plan, cost }) => {
  const findings: Finding[] = [];
  const fix = "give the Cluster 'prices' (CPU, memory and the accelerator's product), or the stack 'cost: Cost.openCost()'";
  if (cost === undefined) {
    return budget === undefined ? [] : [UNWATCHED.found({ what: "the service has a 'budget', and its stack does not tell what it costs", fix: "give the stack 'cost: Cost.prices()' or 'cost: Cost.openCost()'" })];
  }
  if (cost.priceSource === PriceSource.CLUSTER && pricesOf(plan, cluster.prices) === undefined) {
    findings.push((budget === undefined ? UNKNOWN : UNWATCHED).found({ what: `the Cluster lacks a price that the service needs: of CPU, memory${plan.accelerator === undefined ? '' : ', or the pools that its accelerator is in'}`, fix }));
  }
  const copy = hourlyCostOfCopy(plan, cluster.prices);
  const least = copy === undefined || plan.copies.stopped ? 0 : copy * plan.copies.min * MONTH_HOURS;
  if (budget !== undefined && least > budget.amount) {
    findings.push(TOO_SMALL.found({ what: `the ${plan.copies.min} copies that always run cost more a month than the 'budget', by the prices of the Cluster`, got: budget.amount, allowed: `at least ${Math.ceil(least)}`, fix: 'raise the budget, or run fewer or smaller copies' }));
  }
  if (cost._optScale !== undefined && plan.accelerator !== undefined) {
    findings.push(NOT_IN_OPTSCALE.found({ what: "OptScale has no figure for the service's accelerator; the stack's own figures have", fix: "acknowledge it, and take the cost of this service from the dashboards" }));
  }
  return findings;
};
