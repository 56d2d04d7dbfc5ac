import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ProblemKind } from '../describe/problem';

export const TWO_AUTOSCALERS = ProblemKind.error('SERVING_TWO_AUTOSCALERS', 'Two autoscalers for one service', 'Each would undo what the other does.');

/** Kinds that change the copies of a workload. */
const KINDS: ReadonlySet<string> = new Set(['HorizontalPodAutoscaler', 'ScaledObject']);

/** An autoscaler of the user's own, and the workload that it changes. */
export interface RivalAutoscaler {
  readonly kind: string;
  readonly path: string;
  /** Kind and name of the workload. */
  readonly target: string;
}

/** Autoscalers of a chart that none of the services made. */
export function rivalAutoscalers(chart: Chart, services: ReadonlySet<IConstruct>): RivalAutoscaler[] {
  const objects = chart.node.findAll().filter((one) => ApiObject.isApiObject(one)) as ApiObject[];
  return objects.filter((object) => KINDS.has(object.kind) && object.chart === chart && !object.node.scopes.some((scope) => services.has(scope))).flatMap((object) => {
    const { kind, name } = targetOf(object);
    // KEDA's default is a Deployment
    return typeof name === 'string' ? [{ kind: object.kind, path: object.node.path, target: `${typeof kind === 'string' ? kind : 'Deployment'}/${name}` }] : [];
  });
}

interface Target { readonly kind?: unknown; readonly name?: unknown }

function targetOf(object: ApiObject): Target {
  try {
    return (object.toJson() as { spec?: { scaleTargetRef?: Target } }).spec?.scaleTargetRef ?? {};
  } catch {
    return {}; // what is wrong with it its own synthesis says
  }
}
