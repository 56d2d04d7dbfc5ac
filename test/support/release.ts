import { Duration } from 'cdk8s';
import {
  Audience, Candidate, ClusterProps, ComparedMeasure, Exposure, Gate, GateKind, InferenceServiceProps, Rollout, RolloutController, RolloutControllerKind, RolloutKind, Scaling, TrafficRouterKind,
} from 'cdk8s-serving';
import type { CanaryRolloutProps, ReleaseProps } from 'cdk8s-serving';
import { STRATEGIES } from '../../lib/plan/release/capabilities';
import { iris, serve, Served } from './serving';

/** One cell of the table of capabilities. */
export interface Cell {
  readonly controller: RolloutControllerKind;
  readonly router: TrafficRouterKind;
  readonly kind: RolloutKind;
}

export const CONTROLLERS = Object.values(RolloutControllerKind);
export const ROUTERS = Object.values(TrafficRouterKind);
/** Every controller with every router and every strategy. */
export const CELLS: readonly Cell[] = CONTROLLERS.flatMap((controller) => ROUTERS.flatMap((router) => STRATEGIES.map((kind) => ({ controller, router, kind }))));

export const METRICS = 'http://prometheus.monitoring:9090';
export const GATEWAY = { name: 'public', namespace: 'gateway' };
export const ERRORS = Gate.errors({ maxPercent: 5 });
export const { ARGO, FLAGGER, NONE } = RolloutControllerKind;
export const { CANARY, BLUE_GREEN, SHADOW, AB_TEST } = RolloutKind;

/** A rollout of a kind, with these props beside what it needs. */
export function rolloutOf(kind: RolloutKind, props: ReleaseProps & Partial<CanaryRolloutProps> = {}): Rollout {
  switch (kind) {
    case CANARY: return Rollout.canary({ steps: [25, 50], ...props });
    case BLUE_GREEN: return Rollout.blueGreen(props);
    case SHADOW: return Rollout.shadow(props);
    default: return Rollout.abTest({ audience: Audience.header('X-Model', 'v2'), ...props });
  }
}

/** How requests come in so that they pass a router. */
export function exposureFor(router: TrafficRouterKind): Exposure {
  switch (router) {
    case TrafficRouterKind.GATEWAY_API: return Exposure.gateway({ hosts: ['iris.example.com'] });
    case TrafficRouterKind.NGINX: case TrafficRouterKind.ALB: return Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'iris-tls' });
    default: return Exposure.clusterInternal();
  }
}

/** A cluster that runs a controller with a router. */
export function clusterFor(controller: RolloutControllerKind, router: TrafficRouterKind): ClusterProps {
  // those that are found by the class of the Ingress alone
  const byClass = router === TrafficRouterKind.NGINX || router === TrafficRouterKind.ALB;
  const props = byClass && controller !== ARGO ? {} : { router };
  return {
    metricsUrl: METRICS, gateway: GATEWAY, version: '1.34', ...(byClass ? { ingressClass: router } : {}),
    rollouts: controller === ARGO ? RolloutController.argo(props) : controller === FLAGGER ? RolloutController.flagger(props) : RolloutController.none(props),
  };
}

/** What a service of a cell is made of: four copies, a gate where something judges, a candidate where nothing replaces versions. */
export function propsOf({ controller, router, kind }: Cell, more: Partial<InferenceServiceProps> = {}): Partial<InferenceServiceProps> {
  const percent = kind === CANARY ? 25 : kind === BLUE_GREEN ? 0 : 100;
  return {
    scaling: Scaling.fixed(4), exposure: exposureFor(router), rollout: rolloutOf(kind, controller === NONE ? {} : { gates: [ERRORS] }),
    ...(controller === NONE ? { candidate: Candidate.of({ model: iris({ version: 'v2' }), percent }) } : {}), ...more,
  };
}

/** A service of a cell. */
export function serveCell(cell: Cell, more: Partial<InferenceServiceProps> = {}, cluster: ClusterProps = {}): Served {
  return serve(propsOf(cell, more), { ...clusterFor(cell.controller, cell.router), ...cluster });
}

/** A gate of each kind, as little as it takes. */
export function gateOf(kind: GateKind, file: string): Gate {
  const { QUERY, COMPARISON, LATENCY, GOLDEN_REQUESTS, PERSON } = GateKind;
  switch (kind) {
    case LATENCY: return Gate.latency({ p: 95, below: Duration.seconds(1) });
    case COMPARISON: return Gate.comparison({ of: ComparedMeasure.ERRORS });
    case QUERY: return Gate.query({ name: 'null-answers', query: 'sum(rate(null_answers_total{$NEW}[$WINDOW]))', max: 1 });
    case GOLDEN_REQUESTS: return Gate.goldenRequests({ file });
    case PERSON: return Gate.person();
    default: return ERRORS;
  }
}
