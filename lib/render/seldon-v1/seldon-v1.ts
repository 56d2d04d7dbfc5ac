import { RolloutKind } from '../../describe/rollout/rollout';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { seldonCoreV1, seldonPredictor, SeldonPredictor } from '../../plan/engine/seldon-core-v1';
import { Engine } from '../../plan/engine/engine';
import { ServicePlan } from '../../plan/service-plan';
import { around } from '../kubernetes/around';
import { Backend, RenderedObject, RenderedService, RenderExtras, WorkloadOf } from '../ports';
import { Workloads } from '../rollouts/workloads';
import { predictor, SELDON_DEPLOYMENT, seldonDeployment } from './resource';

/** The label by which operators tell whose a resource is. */
const CONTROLLER = 'seldon.io/controller-id';
/** No operator's: a resource that names it is left as it is. */
const NOBODY = 'held';

/** Seldon Core v1: a SeldonDeployment whose predictors are the pods that were planned, and what belongs around them. */
export class SeldonCoreV1Backend implements Backend {
  public readonly engine: Engine;

  public constructor(version: string, private readonly controllerId?: string) {
    this.engine = seldonCoreV1(version);
  }

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    // both groups of pods are predictors of one object
    const groups: WorkloadOf[] = [];
    const rollout = new Workloads((_, group) => { groups.push(group); return []; }).render(plan, extras.cluster);
    return around(plan, extras, { ...rollout, workload: [this.resource(plan, groups)], network: rollout.network.map((object) => besideSeldons(plan, object)) });
  }

  private resource(plan: ServicePlan, groups: readonly WorkloadOf[]): RenderedObject {
    const controller = plan.copies.frozen ? (this.controllerId === NOBODY ? `${NOBODY}-still` : NOBODY) : this.controllerId;
    return {
      id: 'Resource', ...SELDON_DEPLOYMENT, name: plan.name,
      labels: { ...plan.labels, ...(controller === undefined ? {} : { [CONTROLLER]: controller }) },
      annotations: { ...timeouts(plan), ...plan.annotations },
      content: seldonDeployment(plan.protocol.sameAs(InferenceProtocol.V1_REST) || plan.protocol.sameAs(InferenceProtocol.TENSORFLOW_GRPC) ? 'tensorflow' : 'v2', groups.map(({ group, replicas }) => {
        const name = seldonPredictor(group.name, plan.name);
        return predictor(plan, { name, group, replicas, ...traffic(plan, name) });
      })),
    };
  }
}

/** A predictor's part of the requests that come by Seldon's own routes (Istio, Ambassador): the same as by ours. */
function traffic({ release }: ServicePlan, name: string): { traffic?: number; shadow?: boolean } {
  const trial = name === SeldonPredictor.TRIAL;
  const percent = release?.candidate?.percent ?? 0;
  if (release?.candidate === undefined) return {};
  switch (release.kind) {
    case RolloutKind.CANARY:
    case RolloutKind.BLUE_GREEN: return { traffic: trial ? percent : 100 - percent };
    // a shadow of 0 % would be one of all requests: the operator leaves the percentage out, and Istio's default is 100
    case RolloutKind.SHADOW: return trial ? { traffic: percent, shadow: percent > 0 } : { traffic: 100 };
    // headers are not known to them
    default: return { traffic: trial ? 0 : 100 };
  }
}

/** Milliseconds that Ambassador's routes let an answer take, which is three seconds unless it is said; 0 is no limit. Istio's routes don't heed it. */
function timeouts({ protocol, timing }: ServicePlan): { [key: string]: string } {
  const milliseconds = protocol.sameAs(InferenceProtocol.OPENAI) ? '0' : String(Math.ceil(timing.request) * 1000);
  return { 'seldon.io/rest-timeout': milliseconds, 'seldon.io/grpc-timeout': milliseconds };
}

/** The operator gives its own VirtualService the resource's name, and would overwrite ours. */
function besideSeldons(plan: ServicePlan, object: RenderedObject): RenderedObject {
  return object.kind === 'VirtualService' ? { ...object, name: `${plan.name}-mesh` } : object;
}
