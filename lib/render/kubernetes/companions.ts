import { Companion, companionOf } from '../../plan/around/companion';
import { EXPLAINER, memberSelector, PREDICTOR, TRANSFORMER } from '../../plan/labels';
import { Json, ServicePlan } from '../../plan/service-plan';
import { Backend, RenderedService, RenderExtras } from '../ports';
import { KubernetesBackend } from './kubernetes';

/** A program beside a service, as it comes out. */
export interface RenderedCompanion {
  readonly companion: Companion;
  readonly rendered: RenderedService;
}

type Peer = { [key: string]: Json };

/** What stands beside a service in pods of its own: by the service's engine where that runs such, else Deployments and what belongs around them. */
export function renderCompanions(plan: ServicePlan, extras: RenderExtras, own: Backend): RenderedCompanion[] {
  const backend = own.engine.runsCompanions === true ? own : new KubernetesBackend();
  return plan.companions.map((companion) => {
    const rendered = backend.render(companion.plan, { ...extras, grants: grantsOf(companion, plan, extras.grants) });
    return { companion, rendered: { ...rendered, objects: rendered.objects.map((object) => ({ ...object, id: `${companion.id}${object.id}` })) } };
  });
}

/** Who may ask the predictor: the service's peers; where a transformer stands before it, that alone. */
export function predictorGrants(plan: ServicePlan, grants: readonly Peer[]): readonly Peer[] {
  if (grants.length === 0) return grants;
  return companionOf(plan, TRANSFORMER) === undefined ? [...grants, ...explainerPeers(plan)] : [podsOf(plan, TRANSFORMER)];
}

/** Who may ask a program beside it. */
function grantsOf({ request }: Companion, plan: ServicePlan, grants: readonly Peer[]): readonly Peer[] {
  if (grants.length === 0) return grants;
  switch (request.partOf?.component) {
    case TRANSFORMER: return [...grants, ...explainerPeers(plan)];
    case EXPLAINER: return grants;
    // the payload logger beside the predictor sends to a detector
    default: return [podsOf(plan, PREDICTOR)];
  }
}

/** An explainer asks what clients ask. */
function explainerPeers(plan: ServicePlan): Peer[] {
  return companionOf(plan, EXPLAINER) === undefined ? [] : [podsOf(plan, EXPLAINER)];
}

function podsOf(plan: ServicePlan, component: string): Peer {
  return { podSelector: { matchLabels: memberSelector(plan.name, component) } };
}
