import { RolloutControllerKind, TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { ServicePlan } from '../../service-plan';
import { ReleasePlan } from '../release-plan';
import { argoCommands, argoSteps } from './argo';
import { deploymentCommands, deploymentSteps } from './deployments';
import { Explanation } from './explanation';
import { flaggerCommands, flaggerSteps } from './flagger';
import { explainGates } from './gates';
import { migrationsOf } from './migrations';
import { notesOf } from './notes';

const STRATEGY: { readonly [kind: string]: string } = {
  [RolloutKind.CANARY]: 'canary', [RolloutKind.BLUE_GREEN]: 'blue-green', [RolloutKind.SHADOW]: 'shadow', [RolloutKind.AB_TEST]: 'A/B test',
};
const CONTROLLER: { readonly [controller in RolloutControllerKind]: string } = {
  [RolloutControllerKind.NONE]: 'plain Deployments', [RolloutControllerKind.ARGO]: 'Argo Rollouts', [RolloutControllerKind.FLAGGER]: 'Flagger',
};
const ROUTER: { readonly [router in TrafficRouterKind]: string } = {
  [TrafficRouterKind.REPLICAS]: "split by the number of copies", [TrafficRouterKind.GATEWAY_API]: 'routed by the Gateway API', [TrafficRouterKind.ISTIO]: 'routed by Istio',
  [TrafficRouterKind.NGINX]: 'routed by ingress-nginx', [TrafficRouterKind.ALB]: 'routed by ALB',
};

/** Explains how a new version of a service goes live; nothing where copies are only replaced. */
export function explainRelease(plan: ServicePlan): Explanation | undefined {
  const { release } = plan;
  if (release === undefined) return undefined;
  return {
    name: plan.name, title: title(release), steps: stepsOf(plan), gates: explainGates(release), commands: commandsOf(plan), notes: notesOf(plan), migrations: migrationsOf(plan),
  };
}

function title(release: ReleasePlan): string {
  // Services are switched, whatever routes there are
  const switched = release.kind === RolloutKind.BLUE_GREEN && (release.controller !== RolloutControllerKind.FLAGGER || release.router === TrafficRouterKind.REPLICAS);
  return `${STRATEGY[release.kind]} by ${CONTROLLER[release.controller]}${switched ? '' : `, ${ROUTER[release.router]}`}`;
}

function stepsOf(plan: ServicePlan): Explanation['steps'] {
  switch (plan.release!.controller) {
    case RolloutControllerKind.ARGO: return argoSteps(plan);
    case RolloutControllerKind.FLAGGER: return flaggerSteps(plan);
    default: return deploymentSteps(plan);
  }
}

function commandsOf(plan: ServicePlan): Explanation['commands'] {
  switch (plan.release!.controller) {
    case RolloutControllerKind.ARGO: return argoCommands(plan);
    case RolloutControllerKind.FLAGGER: return flaggerCommands(plan);
    default: return deploymentCommands(plan);
  }
}
