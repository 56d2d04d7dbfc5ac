import { IConstruct } from 'constructs';
import { Cluster, ClusterOperator } from '../describe/cluster';
import { Finding, ProblemKind } from '../describe/problem';
import { chartOf } from './chart';

const NO_CHART = ProblemKind.error('SERVING_KSERVE_OUTSIDE_OF_CHART', "KServe's objects outside of a chart that can hold them", 'Objects are written by the chart that they are in; those of one namespace need one that has it.');
const NO_KSERVE = ProblemKind.error('SERVING_KSERVE_MISSING', "KServe's objects in a cluster without KServe", 'The API server would not know them.');

/** What stands against objects of KServe where a construct is. */
export function kservePlace(construct: IConstruct, what: string, cluster: Cluster, namespaced: boolean): Finding[] {
  const chart = chartOf(construct);
  const wrong = chart === undefined || (namespaced && chart.namespace === undefined);
  return [
    ...(wrong ? [NO_CHART.found({ what: `${what} is in no chart${chart === undefined ? '' : ' with a namespace'}`, got: construct.node.path, fix: chart === undefined ? 'make a Chart, and it in it' : "give the chart a 'namespace'" })] : []),
    ...(cluster.runs(ClusterOperator.KSERVE) ? [] : [NO_KSERVE.found({ what: `${what} needs KServe, and the cluster does not run it`, fix: "add ClusterOperator.KSERVE to 'operators' if it runs" })]),
  ];
}
