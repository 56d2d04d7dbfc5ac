import { TrafficRouterKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { Cluster } from '../../describe/cluster';
import { ServicePlan } from '../../plan/service-plan';
import { mainService, previewRoutes, routes, service, Split, undivided } from '../kubernetes/network';
import { deployment, replicas } from '../kubernetes/workload';
import { RenderedRollout, RenderWorkload, RolloutRenderer } from '../ports';
import { virtualService } from './virtual-service';

/** No controller: one workload, and a second one with a candidate. Routes split the requests as the manifests say; nobody judges. */
export class Workloads implements RolloutRenderer {
  /** @param workload an engine's way to run a group of pods; Deployments unless it is said. */
  public constructor(private readonly workload: RenderWorkload = (plan, of) => [deployment(plan, of)]) {}

  public render(plan: ServicePlan, cluster: Cluster): RenderedRollout {
    const [stable, trial] = plan.groups;
    const { release } = plan;
    const target = stable!.workload;
    const workload = this.workload(plan, { id: 'Resource', group: stable!, replicas: replicas(plan) }, cluster);
    if (release === undefined || trial === undefined) return { workload, network: [mainService(plan), ...routes(plan, cluster)], analysis: [], target };
    const { candidate } = release;
    workload.push(...this.workload(plan, { id: 'Candidate', group: trial, replicas: plan.copies.stopped ? 0 : candidate!.replicas }, cluster));
    const switched = release.kind === RolloutKind.BLUE_GREEN && candidate!.percent === 100;
    const split = splitOf(plan);
    return {
      workload, analysis: [], target,
      network: [
        switched ? service(plan, { id: 'Service', name: plan.name, selector: trial.selector }) : mainService(plan),
        service(plan, { id: 'CandidateService', name: release.trialService, selector: trial.selector }),
        ...(release.router === TrafficRouterKind.ISTIO ? [virtualService(plan, split)] : []),
        ...routes(plan, cluster, release.router === TrafficRouterKind.GATEWAY_API ? split : undivided(plan)), ...previewRoutes(plan, cluster),
      ],
    };
  }
}

function splitOf(plan: ServicePlan): Split {
  const { kind, candidate, trialService, audience } = plan.release!;
  const { percent } = candidate!;
  switch (kind) {
    case RolloutKind.CANARY: return { backends: [{ service: plan.address.service, weight: 100 - percent }, { service: trialService, weight: percent }] };
    case RolloutKind.SHADOW: return { ...undivided(plan), mirror: percent === 0 ? undefined : { service: trialService, percent } };
    case RolloutKind.AB_TEST: return { ...undivided(plan), audience: audience && { service: trialService, who: audience } };
    default: return undivided(plan);
  }
}
