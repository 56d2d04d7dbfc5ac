import { TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { Cluster } from '../../../describe/cluster';
import { compact } from '../../../plan/json';
import { keptSeconds } from '../../../plan/release/pace';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';
import { mainService, previewRoutes, routes, service } from '../../kubernetes/network';
import { DEPLOYMENT, deployment, replicas, rollingUpdate } from '../../kubernetes/workload';
import { RenderedObject, RenderedRollout, RolloutRenderer } from '../../ports';
import { analysisTemplates, pass } from './analysis';
import { ROUTERS } from './routers';
import { canarySteps } from './steps';

const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };

/** Argo Rollouts: a Rollout in the Deployment's place, AnalysisTemplates that judge, and Services that lead to one version each. */
export class ArgoRollouts implements RolloutRenderer {
  public render(plan: ServicePlan, cluster: Cluster): RenderedRollout {
    const release = plan.release!;
    const router = ROUTERS[release.kind === RolloutKind.BLUE_GREEN ? TrafficRouterKind.REPLICAS : release.router];
    const group = plan.groups[0]!;
    // A selector is one value to the API server: written here, each server-side apply would take the controller's hash out of it, lead to both versions, and
    // let a blue-green release pass unjudged. Only a Service that is taken over keeps its own until the controller writes it.
    const selector = release.takeOverDeployment ? group.selector : undefined;
    const trial = service(plan, { id: release.kind === RolloutKind.BLUE_GREEN ? 'PreviewService' : 'CanaryService', name: release.trialService, selector });
    const routed = release.kind === RolloutKind.BLUE_GREEN || release.router !== TrafficRouterKind.REPLICAS;
    const main = routed ? service(plan, { id: 'Service', name: plan.name, selector }) : mainService(plan);
    // its pods go on until the new ones are ready. A number that stood in the manifest stays: taken out, the API server would make it 1
    const takenOver = release.takeOverDeployment ? [deployment(plan, { id: 'Deployment', group, replicas: replicas(plan) })] : [];
    return {
      workload: [...takenOver, rollout(plan)],
      network: [main, trial, ...routes(plan, cluster, router.split?.(plan)), ...(router.objects?.(plan) ?? []), ...previewRoutes(plan, cluster)],
      analysis: analysisTemplates(plan, cluster),
      target: { ...ROLLOUT, name: group.name },
    };
  }
}

function rollout(plan: ServicePlan): RenderedObject {
  const release = plan.release!;
  const group = plan.groups[0]!;
  return {
    id: 'Resource', ...ROLLOUT, name: group.name, labels: plan.labels, annotations: plan.annotations,
    content: {
      spec: compact({
        // a Rollout that takes over begins with all copies that there may be: how many run now can't be known, and an autoscaler takes away what is too much
        replicas: release.takeOverDeployment && !plan.copies.stopped ? plan.copies.max : replicas(plan),
        paused: plan.copies.frozen ? true : undefined,
        selector: { matchLabels: { ...group.selector } },
        ...(release.takeOverDeployment ? { workloadRef: { ...DEPLOYMENT, name: group.name, scaleDown: 'onsuccess' } } : { template: group.template }),
        progressDeadlineSeconds: release.progressDeadline,
        // a version that never becomes ready would otherwise stay half rolled out
        progressDeadlineAbort: true,
        revisionHistoryLimit: 5,
        rollbackWindow: release.rollbackWindow === 0 ? undefined : { revisions: release.rollbackWindow },
        strategy: release.kind === RolloutKind.BLUE_GREEN ? { blueGreen: blueGreen(plan) } : { canary: canary(plan) },
      }),
    },
  };
}

function blueGreen(plan: ServicePlan): JsonObject {
  const release = plan.release!;
  return {
    activeService: plan.name, previewService: release.trialService,
    // never by time: when it has run out, an analysis that still runs counts as passed
    autoPromotionEnabled: release.persons.length === 0,
    previewReplicaCount: release.trialReplicas,
    prePromotionAnalysis: release.golden && pass(plan, ['golden']),
    postPromotionAnalysis: release.gates.length === 0 ? undefined : pass(plan, release.gates.map((gate) => gate.name)),
    scaleDownDelaySeconds: keptSeconds(release),
  };
}

function canary(plan: ServicePlan): JsonObject {
  const release = plan.release!;
  const routed = release.router !== TrafficRouterKind.REPLICAS;
  const managed = release.kind === RolloutKind.SHADOW ? 'shadow' : release.kind === RolloutKind.AB_TEST ? 'audience' : undefined;
  return {
    canaryService: release.trialService,
    // without a router the service's own Service leads to both versions: their copies are their shares
    stableService: routed ? plan.name : undefined,
    ...(routed ? {
      trafficRouting: { managedRoutes: managed === undefined ? undefined : [{ name: managed }], ...ROUTERS[release.router].trafficRouting!(plan) },
      dynamicStableScale: release.dynamicStable ? true : undefined,
    } : rollingUpdate(plan)),
    steps: canarySteps(plan),
  };
}
