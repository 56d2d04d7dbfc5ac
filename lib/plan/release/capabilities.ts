import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { GateKind } from '../../describe/rollout/gate';
import { RolloutKind } from '../../describe/rollout/rollout';

// What each controller can do with each router. The planner refuses a 'no' with its reason, and docs/rollout-capabilities.md is generated from here.

const ARGO = 'https://github.com/argoproj/argo-rollouts/blob/v1.9.0';
const ARGO_VALIDATION = `${ARGO}/pkg/apis/rollouts/validation/validation.go`;
const ARGO_ROUTING = `${ARGO}/docs/features/traffic-management/index.md`;
const PLUGIN = 'https://github.com/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi';
const FLAGGER = 'https://github.com/fluxcd/flagger/blob/v1.43.0';
const GATEWAY_API = 'https://gateway-api.sigs.k8s.io/reference/spec/';
const ISTIO = 'https://istio.io/latest/docs/reference/config/networking/virtual-service/';
const SERVICES = 'https://kubernetes.io/docs/concepts/services-networking/service/';
const ALB = 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/';
const RETIRED = 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/';

/** One cell of the table. */
export interface Capability {
  readonly can: boolean;
  /** How it is done, or why it can't be. */
  readonly text: string;
  readonly source: string;
  /** What to use instead. */
  readonly instead?: string;
}

type Strategy = RolloutKind.BLUE_GREEN | RolloutKind.CANARY | RolloutKind.SHADOW | RolloutKind.AB_TEST;
type Row = { readonly [strategy in Strategy]: Capability };

const yes = (text: string, source: string): Capability => ({ can: true, text, source });
const no = (text: string, source: string, instead: string): Capability => ({ can: false, text, source, instead });

const noRouter = (what: string): Capability => no(`without a router each copy gets the same share of all requests, so ${what}`, SERVICES, 'Exposure.gateway with the Gateway API, or Istio');
const nobodyShifts = (what: string, source: string): Capability => no(`the library writes ${what} by way of Argo Rollouts only`, source, 'Exposure.gateway with the Gateway API, or RolloutController.argo()');
const neverBy = (text: string, source: string): Capability => no(text, source, 'Exposure.gateway with the Gateway API, or Istio');
const notFlagger = (router: string, source: string): Capability => no(`the library drives Flagger by the Gateway API and Istio, not by ${router}`, source, 'the Gateway API, or RolloutController.argo()');
const argoBlueGreen = yes("the active Service's selector moves from the old ReplicaSet to the new one, for callers of any kind", `${ARGO}/docs/features/bluegreen.md`);
const flaggerBlueGreen = yes('checks run on the new version, then the primary takes it over', `${FLAGGER}/docs/gitbook/tutorials/kubernetes-blue-green.md`);

const TABLE: { readonly [controller in RolloutControllerKind]: { readonly [router in TrafficRouterKind]: Row } } = {
  [RolloutControllerKind.NONE]: {
    [TrafficRouterKind.REPLICAS]: {
      [RolloutKind.BLUE_GREEN]: yes("the Service's selector moves from one Deployment to the other; no verdict", SERVICES),
      [RolloutKind.CANARY]: noRouter('two Deployments would split by the copies that each has at the moment'),
      [RolloutKind.SHADOW]: noRouter('none gets a copy of a request'),
      [RolloutKind.AB_TEST]: noRouter('no header can decide'),
    },
    [TrafficRouterKind.GATEWAY_API]: {
      [RolloutKind.BLUE_GREEN]: yes("the Service's selector moves from one Deployment to the other; no verdict", SERVICES),
      [RolloutKind.CANARY]: yes('weights of the backends of HTTPRoute and GRPCRoute; no verdict', GATEWAY_API),
      [RolloutKind.SHADOW]: yes('a RequestMirror filter (extended support: see whether your Gateway has it); no verdict', GATEWAY_API),
      [RolloutKind.AB_TEST]: yes('a rule with a header match; no verdict', GATEWAY_API),
    },
    [TrafficRouterKind.ISTIO]: {
      [RolloutKind.BLUE_GREEN]: yes("the Service's selector moves from one Deployment to the other; no verdict", SERVICES),
      [RolloutKind.CANARY]: yes('weights in a VirtualService; no verdict', ISTIO),
      [RolloutKind.SHADOW]: yes('a mirror in a VirtualService; no verdict', ISTIO),
      [RolloutKind.AB_TEST]: yes('a header match in a VirtualService; no verdict', ISTIO),
    },
    [TrafficRouterKind.NGINX]: {
      [RolloutKind.BLUE_GREEN]: yes("the Service's selector moves from one Deployment to the other; no verdict", SERVICES),
      [RolloutKind.CANARY]: nobodyShifts("ingress-nginx's canary annotations", RETIRED), [RolloutKind.SHADOW]: neverBy("the library writes none of ingress-nginx's mirror annotations", RETIRED), [RolloutKind.AB_TEST]: neverBy("the library writes none of ingress-nginx's header annotations", RETIRED),
    },
    [TrafficRouterKind.ALB]: {
      [RolloutKind.BLUE_GREEN]: yes("the Service's selector moves from one Deployment to the other; no verdict", SERVICES),
      [RolloutKind.CANARY]: nobodyShifts("ALB's actions", ALB), [RolloutKind.SHADOW]: neverBy('ALB copies no requests', ALB), [RolloutKind.AB_TEST]: nobodyShifts("ALB's actions", ALB),
    },
  },
  [RolloutControllerKind.ARGO]: {
    [TrafficRouterKind.REPLICAS]: {
      [RolloutKind.BLUE_GREEN]: argoBlueGreen,
      [RolloutKind.CANARY]: yes('the new version gets as large a share as it has copies; weights must be reachable by whole copies', `${ARGO}/docs/features/canary.md`),
      [RolloutKind.SHADOW]: noRouter('none gets a copy of a request'),
      [RolloutKind.AB_TEST]: noRouter('no header can decide'),
    },
    [TrafficRouterKind.GATEWAY_API]: {
      [RolloutKind.BLUE_GREEN]: argoBlueGreen,
      [RolloutKind.CANARY]: yes('the plugin writes the weights of HTTPRoute and GRPCRoute', `${PLUGIN}/blob/v0.15.0/README.md`),
      [RolloutKind.SHADOW]: no("the controller refuses mirror steps with plugins (1.9), or the plugin takes them and does nothing (0.15.0): a shadow that never shadows", `${PLUGIN}/issues/32`, 'RolloutController.none() with a candidate, Flagger, or Istio'),
      [RolloutKind.AB_TEST]: yes('a header route of the plugin, beside the HTTPRoute\'s own rules', `${PLUGIN}/blob/v0.15.0/README.md`),
    },
    [TrafficRouterKind.ISTIO]: {
      [RolloutKind.BLUE_GREEN]: argoBlueGreen,
      [RolloutKind.CANARY]: yes('weights in a VirtualService', ARGO_ROUTING),
      [RolloutKind.SHADOW]: yes('a mirror step', ARGO_ROUTING),
      [RolloutKind.AB_TEST]: yes('a header step', ARGO_ROUTING),
    },
    [TrafficRouterKind.NGINX]: {
      [RolloutKind.BLUE_GREEN]: argoBlueGreen,
      [RolloutKind.CANARY]: yes('a second Ingress with a canary weight (ingress-nginx itself was retired in March 2026)', `${ARGO}/docs/features/traffic-management/nginx.md`),
      [RolloutKind.SHADOW]: no('mirror steps are for Istio only', ARGO_VALIDATION, 'Istio, or RolloutController.none() with a candidate and the Gateway API'),
      [RolloutKind.AB_TEST]: no('header steps are for Istio, ALB, Apisix and plugins', ARGO_VALIDATION, 'the Gateway API or Istio'),
    },
    [TrafficRouterKind.ALB]: {
      [RolloutKind.BLUE_GREEN]: argoBlueGreen,
      [RolloutKind.CANARY]: yes("weights in the Ingress's action", `${ARGO}/docs/features/traffic-management/alb.md`),
      [RolloutKind.SHADOW]: no('mirror steps are for Istio only', ARGO_VALIDATION, 'Istio, or RolloutController.none() with a candidate and the Gateway API'),
      [RolloutKind.AB_TEST]: yes('a header step; by header only, as ALB compares whole values and a cookie is a part of one', ARGO_VALIDATION),
    },
  },
  [RolloutControllerKind.FLAGGER]: {
    [TrafficRouterKind.REPLICAS]: {
      [RolloutKind.BLUE_GREEN]: flaggerBlueGreen,
      [RolloutKind.CANARY]: noRouter("Flagger's provider 'kubernetes' shifts nothing"),
      [RolloutKind.SHADOW]: noRouter('none gets a copy of a request'),
      [RolloutKind.AB_TEST]: noRouter('no header can decide'),
    },
    [TrafficRouterKind.GATEWAY_API]: {
      [RolloutKind.BLUE_GREEN]: flaggerBlueGreen,
      [RolloutKind.CANARY]: yes('Flagger makes the HTTPRoute and writes its weights', `${FLAGGER}/docs/gitbook/tutorials/gatewayapi-progressive-delivery.md`),
      [RolloutKind.SHADOW]: yes('Flagger adds a RequestMirror filter; all requests or none', `${FLAGGER}/pkg/router/gateway_api.go`),
      [RolloutKind.AB_TEST]: yes('a rule with a header match', `${FLAGGER}/pkg/router/gateway_api.go`),
    },
    [TrafficRouterKind.ISTIO]: {
      [RolloutKind.BLUE_GREEN]: flaggerBlueGreen,
      [RolloutKind.CANARY]: yes('Flagger makes the VirtualService and writes its weights', `${FLAGGER}/docs/gitbook/tutorials/istio-progressive-delivery.md`),
      [RolloutKind.SHADOW]: yes('a mirror in the VirtualService', `${FLAGGER}/docs/gitbook/usage/deployment-strategies.md`),
      [RolloutKind.AB_TEST]: yes('a header match in the VirtualService', `${FLAGGER}/docs/gitbook/usage/deployment-strategies.md`),
    },
    [TrafficRouterKind.NGINX]: {
      [RolloutKind.BLUE_GREEN]: notFlagger('ingress-nginx', RETIRED), [RolloutKind.CANARY]: notFlagger('ingress-nginx', RETIRED), [RolloutKind.SHADOW]: notFlagger('ingress-nginx', RETIRED), [RolloutKind.AB_TEST]: notFlagger('ingress-nginx', RETIRED),
    },
    [TrafficRouterKind.ALB]: {
      [RolloutKind.BLUE_GREEN]: notFlagger('ALB', `${FLAGGER}/README.md`), [RolloutKind.CANARY]: notFlagger('ALB', `${FLAGGER}/README.md`), [RolloutKind.SHADOW]: notFlagger('ALB', `${FLAGGER}/README.md`), [RolloutKind.AB_TEST]: notFlagger('ALB', `${FLAGGER}/README.md`),
    },
  },
};

/** The strategies of the table. */
export const STRATEGIES: readonly Strategy[] = [RolloutKind.CANARY, RolloutKind.BLUE_GREEN, RolloutKind.SHADOW, RolloutKind.AB_TEST];

/** Whether a controller can do a strategy with a router, and how. */
export function strategyCapability(kind: RolloutKind, controller: RolloutControllerKind, router: TrafficRouterKind): Capability {
  return TABLE[controller][router][kind as Strategy];
}

const NOBODY: Capability = no('without a controller nothing measures a release', SERVICES, 'RolloutController.argo() or .flagger(), or leave the gate out and judge by the dashboard');
const measured = yes('a measure of an AnalysisTemplate', `${ARGO}/docs/features/analysis.md`);
const template = yes('a MetricTemplate; too few requests halt as bad ones do, so nothing waits or pauses', `${FLAGGER}/docs/gitbook/usage/metrics.md`);

const GATES: { readonly [controller in RolloutControllerKind]: { readonly [gate in GateKind]: Capability } } = {
  [RolloutControllerKind.NONE]: {
    [GateKind.ERRORS]: NOBODY, [GateKind.LATENCY]: NOBODY, [GateKind.COMPARISON]: NOBODY, [GateKind.QUERY]: NOBODY, [GateKind.GOLDEN_REQUESTS]: NOBODY,
    [GateKind.PERSON]: no('each step is a change of the manifests, which a person makes anyhow', SERVICES, 'leave it out'),
  },
  [RolloutControllerKind.ARGO]: {
    [GateKind.ERRORS]: measured, [GateKind.LATENCY]: measured, [GateKind.COMPARISON]: measured, [GateKind.QUERY]: measured,
    [GateKind.GOLDEN_REQUESTS]: yes('a Job of an AnalysisTemplate, before the first step', `${ARGO}/docs/analysis/job.md`),
    [GateKind.PERSON]: yes('a pause without an end: kubectl argo rollouts promote', `${ARGO}/docs/features/canary.md`),
  },
  [RolloutControllerKind.FLAGGER]: {
    [GateKind.ERRORS]: template, [GateKind.LATENCY]: template, [GateKind.COMPARISON]: template, [GateKind.QUERY]: template,
    [GateKind.GOLDEN_REQUESTS]: no('Flagger starts no Jobs; its webhooks call a service that must be there', `${FLAGGER}/docs/gitbook/usage/webhooks.md`, 'Argo Rollouts'),
    [GateKind.PERSON]: yes("a confirm-promotion webhook of Flagger's load tester: needs its URL", `${FLAGGER}/docs/gitbook/usage/webhooks.md`),
  },
};

/** Whether a controller has a kind of gate, and how. */
export function gateCapability(gate: GateKind, controller: RolloutControllerKind): Capability {
  return GATES[controller][gate];
}
