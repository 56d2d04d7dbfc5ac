import { RolloutControllerKind, TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { ServicePlan } from '../../service-plan';
import { flaggerPace } from '../pace';
import { time } from './words';

/** What people should know of a release beside its steps. */
export function notesOf(plan: ServicePlan): string[] {
  const { controller } = plan.release!;
  return [callers(plan), ...judgement(plan), ...(controller === RolloutControllerKind.ARGO ? argo(plan) : controller === RolloutControllerKind.FLAGGER ? flagger(plan) : deployments(plan)), ...preview(plan)];
}

/** Who gets the new version, of those that don't come by the router. */
function callers(plan: ServicePlan): string {
  const { kind, controller, router } = plan.release!;
  if (kind === RolloutKind.BLUE_GREEN && (controller !== RolloutControllerKind.FLAGGER || router === TrafficRouterKind.REPLICAS)) {
    return controller === RolloutControllerKind.FLAGGER ? "All callers, inside and outside of the cluster, get the new version as the primary's copies are updated." : 'All callers, inside and outside of the cluster and by every protocol, switch at the same moment.';
  }
  switch (router) {
    case TrafficRouterKind.REPLICAS: return 'All callers, inside and outside of the cluster, get the new version by the same share; connections that are kept open stay with their copy.';
    case TrafficRouterKind.ISTIO: return 'Callers in the mesh are split. Callers without a sidecar get the stable version until the end.';
    default: return `Who comes through the ${router === TrafficRouterKind.GATEWAY_API ? 'Gateway' : 'Ingress'} is split. Callers inside of the cluster that use the Service's address get the stable version until the end.`;
  }
}

function judgement({ release }: ServicePlan): string[] {
  const { gates, golden, controller, kind, router } = release!;
  if (controller === RolloutControllerKind.NONE) return ['Nothing judges the new version: look at it before each change.'];
  const flaggerBlue = controller === RolloutControllerKind.FLAGGER && kind === RolloutKind.BLUE_GREEN && gates.length > 0;
  return [
    ...(gates.length === 0 && golden === undefined ? ['Not judged: anything. The new version goes on by time alone.'] : []),
    ...(golden === undefined ? ['Not judged: whether answers are right. Only golden requests compare answers.'] : []),
    ...(gates.length === 0 && golden !== undefined ? ["Not judged: how the new version does with clients' requests."] : []),
    ...(flaggerBlue ? [`Clients send the new version nothing before the ${router === TrafficRouterKind.REPLICAS ? 'promotion' : 'switch'}: without somebody else's requests (a load test, previews) the checks find no data and fail.`] : []),
    ...(kind === RolloutKind.SHADOW ? ['A copy of a request is a request: what the model writes, it writes twice.'] : []),
    'Nothing judges it any more after the last step: that is for the service\'s objectives and alerts.',
  ];
}

function argo(plan: ServicePlan): string[] {
  const { rollbackWindow, router, dynamicStable, kind } = plan.release!;
  const abandoned = kind === RolloutKind.CANARY && router === TrafficRouterKind.REPLICAS ? '; its copies start again as the new ones end' : kind !== RolloutKind.BLUE_GREEN && dynamicStable ? ', once it has got back the copies that it gave up' : ', which has all of its copies';
  return [
    `When it is taken back, all requests go to the stable version${abandoned}. The Rollout stays Degraded until the old \`model\` is back in the program, or another one is tried.`,
    'The very first version goes live without steps and gates: there is nothing to go back to.',
    ...(rollbackWindow > 0 ? [`A version that was live up to ${rollbackWindow} revisions ago goes live again at once, without steps and gates.`] : []),
  ];
}

function flagger(plan: ServicePlan): string[] {
  const { interval } = flaggerPace(plan.release!);
  return [
    `The model is loaded twice in each release: by the new copies, then by the primary's. Meanwhile twice the copies run.`,
    'Failed checks add up over a release: good ones in between don\'t take them back. The first check of a share comes an interval after it, so each share lasts for at least '.concat(time(interval), '.'),
    'When it is taken back, all requests go to the primary, the new copies end, and Flagger waits for another change of the Deployment.',
  ];
}

function deployments(plan: ServicePlan): string[] {
  const { candidate, kind } = plan.release!;
  const shared = kind === RolloutKind.CANARY || kind === RolloutKind.BLUE_GREEN;
  return [
    ...(shared ? ['Why in this order: `model` changes while the candidate answers everything, and the candidate goes when the service\'s own copies have its model. Taking the candidate out first, or both in one change, gives requests back to copies of the old version.'] : []),
    ...(kind === RolloutKind.CANARY ? ['The share is 0 before the candidate goes: a proxy may forget a backend before the route to it, and would lose what still goes there.'] : []),
    ...(kind === RolloutKind.BLUE_GREEN ? ['A connection that is kept inside of the cluster, as gRPC clients keep theirs, leads to its copy until that ends: such callers switch when `model` changes. Through a Gateway each request switches at once.'] : []),
    ...(shared ? [`At 100 % the candidate's ${candidate?.replicas ?? plan.copies.min} copies carry the whole load, and no autoscaler looks after them: say enough \`replicas\`.`] : []),
    ...(candidate === undefined ? ['No version is on trial now.'] : kind === RolloutKind.AB_TEST ? ['On trial now: the candidate, for its audience.'] : [`On trial now: the candidate, at ${candidate.percent} %.`]),
  ];
}

function preview(plan: ServicePlan): string[] {
  const { trialService, previewHosts } = plan.release!;
  return [`The version on trial alone is reached at ${trialService}${plan.namespace === undefined ? '' : `.${plan.namespace}`} inside of the cluster${previewHosts.length === 0 ? '' : `, and at ${previewHosts.join(', ')} through the Gateway`}.`];
}
