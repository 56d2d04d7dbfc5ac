import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';

/** The chart that a construct is in. Not `Chart.of`, which throws outside of one. */
export function chartOf(construct: IConstruct): Chart | undefined {
  return construct.node.scopes.some((scope) => Chart.isChart(scope)) ? Chart.of(construct) : undefined;
}
