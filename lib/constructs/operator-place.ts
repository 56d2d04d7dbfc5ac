import { IConstruct } from 'constructs';
import { Cluster, ClusterOperator } from '../describe/cluster';
import { Finding, ProblemKind } from '../describe/problem';
import { OPERATOR_MISSING } from '../plan/rules/operators';
import { chartOf } from './chart';

const NO_CHART = ProblemKind.error('SERVING_OPERATOR_OUTSIDE_OF_CHART', "An engine's own objects outside of a chart that can hold them", 'Objects are written by the chart that they are in; those of one namespace need one that has it.');

/** What stands against objects that are an operator's own where a construct is. */
export function operatorPlace(construct: IConstruct, cluster: Cluster, operator: ClusterOperator, namespaced: boolean): Finding[] {
  const chart = chartOf(construct);
  const what = construct.constructor.name;
  const wrong = chart === undefined || (namespaced && chart.namespace === undefined);
  return [
    ...(wrong ? [NO_CHART.found({ what: `${what} is in no chart${chart === undefined ? '' : ' with a namespace'}`, got: construct.node.path, fix: chart === undefined ? 'make a Chart, and it in it' : "give the chart a 'namespace'" })] : []),
    ...(cluster.runs(operator) ? [] : [OPERATOR_MISSING.found({ what: `${what} needs '${operator.name}', and the cluster does not run it`, fix: `add ClusterOperator.of('${operator.name}') to 'operators' if it runs` })]),
  ];
}
