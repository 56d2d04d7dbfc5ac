import { TrafficRouterKind } from '../../../describe/rollout/controller';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';
import { Split } from '../../kubernetes/network';
import { RenderedObject } from '../../ports';
import { PRIMARY_ROUTE, virtualService } from '../virtual-service';

/** How Argo Rollouts splits requests by a router. */
interface ArgoRouter {
  /** Its entry in `trafficRouting`; none where copies are the shares. */
  readonly trafficRouting?: (plan: ServicePlan) => JsonObject;
  /** How routes are split before the controller writes their weights. */
  readonly split?: (plan: ServicePlan) => Split;
  /** Objects of the router's own. */
  readonly objects?: (plan: ServicePlan) => RenderedObject[];
}

/** All to the stable version, none to the new one: where each release begins. */
function both(plan: ServicePlan): Split {
  return { backends: [{ service: plan.name, weight: 100 }, { service: plan.release!.trialService, weight: 0 }] };
}

/** One entry a router. */
export const ROUTERS: { readonly [router in TrafficRouterKind]: ArgoRouter } = {
  [TrafficRouterKind.REPLICAS]: {},
  [TrafficRouterKind.GATEWAY_API]: {
    split: both,
    trafficRouting: (plan) => ({
      plugins: {
        'argoproj-labs/gatewayAPI': {
          httpRoutes: [{ name: plan.name, useHeaderRoutes: true }],
          grpcRoutes: plan.exposure.grpcHosts.length === 0 ? undefined : [{ name: `${plan.name}-grpc`, useHeaderRoutes: true }],
        },
      },
    }),
  },
  [TrafficRouterKind.ISTIO]: {
    trafficRouting: (plan) => ({ istio: { virtualServices: [{ name: plan.name, routes: [PRIMARY_ROUTE] }] } }),
    objects: (plan) => [virtualService(plan, both(plan))],
  },
  [TrafficRouterKind.NGINX]: { trafficRouting: (plan) => ({ nginx: { stableIngress: plan.name } }) },
  // the Ingress's backend is the stable Service, by the port 'use-annotation'
  [TrafficRouterKind.ALB]: { trafficRouting: (plan) => ({ alb: { ingress: plan.name, servicePort: plan.ports.find((port) => port.name === 'http')?.port } }) },
};
