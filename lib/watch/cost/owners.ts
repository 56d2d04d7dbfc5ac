import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { Cost } from '../../describe/monitoring/cost';
import { CostBudget } from '../../describe/monitoring/cost-budget';
import { decimal, quoted } from '../../plan/promql';
import { AlertText, stackAlertOf } from '../alerts/alert';
import { RecordingRule, RuleGroup } from '../rule';
import { COST_MONTH, INFO, OWNER_COST_MONTH, OWNER_COST_PER_HOUR, SERVICE_COST_PER_HOUR } from '../series';
import type { StackRequest } from '../stack';
import { SERVICE_LABEL } from '../watched-service';

/** What the services of each owner cost together, and what they may. */
export function ownerCosts(request: StackRequest): RuleGroup[] {
  const { cost, budgets, cluster } = request;
  if (cost === undefined) return [];
  const told = Object.entries(budgets).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([team, budget]) => budgetAlerts(cost, team, budget)).map(request.tune);
  return [{ name: `${request.name}.cost`, intervalSeconds: Math.max(30, cluster.scrapeSeconds), rules: [...byOwner(), ...told.filter((text) => text !== undefined).map((text) => stackAlertOf(request, text))] }];
}

/** Who pays is told by each service's own series; one that changes hands is for a moment known under both. */
function byOwner(): RecordingRule[] {
  const key = `namespace, ${SERVICE_LABEL}`;
  const owners = `topk by (${key}) (1, group by (${key}, team, cost_center) (${INFO.name}))`;
  return [[OWNER_COST_PER_HOUR, SERVICE_COST_PER_HOUR], [OWNER_COST_MONTH, COST_MONTH]].map(([of, from]) => ({
    record: of!.name, expr: `sum by (team, cost_center) (${from!.name} * on (${key}) group_left (team, cost_center) ${owners})`,
  }));
}

function budgetAlerts(cost: Cost, team: string, budget: CostBudget): AlertText[] {
  const month = `sum(${OWNER_COST_MONTH.name}{team=${quoted(team)}})`;
  const description = `As in the last day, a month of the team's services costs ${cost._money('{{ $value | printf "%.2f" }}')}; its budget is ${cost._money(decimal(budget.amount))}.`;
  return [
    { alert: 'TeamOverBudget', severity: AlertSeverity.WARNING, for: '1h', expr: `${month} > ${decimal(budget.amount)}`, summary: `${team}: its services will cost more than its budget`, description, labels: { team } },
    {
      alert: 'TeamNearBudget', severity: AlertSeverity.INFO, for: '1h', expr: `${month} > ${decimal(budget.amount * budget.tellAtPercent / 100)} <= ${decimal(budget.amount)}`,
      summary: `${team}: its services will cost nearly its budget`, description, labels: { team },
    },
  ];
}
