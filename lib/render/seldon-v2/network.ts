import { RolloutKind } from '../../describe/rollout/rollout';
import { Cluster } from '../../describe/cluster';
import { SELDON_V2_API } from '../../plan/engine/seldon-core-v2';
import { ServicePlan } from '../../plan/service-plan';
import { previewRoutes, routes, undivided } from '../kubernetes/network';
import { RenderedObject } from '../ports';

/**
 * A Service of ours that leads to the runtime's Envoy, so that clients find a model where they find it on any engine. Its one port takes both protocols.
 * Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/seldon/service_reconciler.go (getSeldonMeshService)
 */
export function envoyService(plan: ServicePlan, id: string, name: string): RenderedObject {
  return {
    id, apiVersion: 'v1', kind: 'Service', name, labels: plan.labels,
    content: {
      spec: {
        type: 'ClusterIP', selector: { 'app.kubernetes.io/name': 'seldon-envoy' },
        ports: plan.ports.filter((port) => port.port !== undefined).map((port) => ({ name: port.name, port: port.port!, targetPort: 'http', protocol: 'TCP', appProtocol: port.name === 'grpc' ? 'kubernetes.io/h2c' : 'http' })),
      },
    },
  };
}

/** The Services, and the routes of hosts. Requests of an audience are told apart by the route, those by weight by an Experiment. */
export function network(plan: ServicePlan, cluster: Cluster): RenderedObject[] {
  const { release } = plan;
  const service = envoyService(plan, 'Service', plan.podService);
  if (release === undefined || plan.groups.length < 2) return [service, ...routes(plan, cluster)];
  const trial = { service: release.trialService, headers: plan.address.trialHeaders };
  const split = release.kind === RolloutKind.AB_TEST && release.audience !== undefined ? { ...undivided(plan), audience: { ...trial, who: release.audience } } : undivided(plan);
  return [service, envoyService(plan, 'CandidateService', release.trialService), ...routes(plan, cluster, split), ...previewRoutes(plan, cluster)];
}

/**
 * How requests are shared out between the stable version and the one on trial. A caller that sends back the header `x-seldon-route` of its last answer
 * stays with the version that gave it. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/envoy/xdscache/resource.go
 */
export function experiment(plan: ServicePlan): RenderedObject[] {
  const { release } = plan;
  const percent = release?.candidate?.percent ?? 0;
  // without a share there is nothing to split; an audience is the route's
  if (release === undefined || plan.groups.length < 2 || percent === 0 || release.kind === RolloutKind.AB_TEST) return [];
  const trial = plan.groups[1]!.name;
  const shadow = release.kind === RolloutKind.SHADOW;
  return [{
    id: 'Experiment', apiVersion: SELDON_V2_API, kind: 'Experiment', name: plan.name, labels: plan.labels,
    content: {
      spec: {
        default: plan.name, resourceType: 'model',
        candidates: shadow ? [{ name: plan.name, weight: 100 }] : [{ name: plan.name, weight: 100 - percent }, { name: trial, weight: percent }],
        ...(shadow ? { mirror: { name: trial, percent } } : {}),
      },
    },
  }];
}
