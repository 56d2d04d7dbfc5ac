import { Audience, Exposure, Gate, InferenceServiceProps, Problem, Rollout, RolloutControllerKind, RolloutKind, TrafficRouterKind } from 'cdk8s-serving';
import { AB_TEST, ARGO, BLUE_GREEN, CANARY, ERRORS, FLAGGER, NONE, rolloutOf, serveCell, SHADOW } from '../../../support/release';

const { GATEWAY_API, ISTIO, NGINX, ALB, REPLICAS } = TrafficRouterKind;
const INTERNAL = Exposure.clusterInternal();
const INGRESS = Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'tls' });
const GATE = Exposure.gateway({ hosts: ['iris.example.com'] });
const GRPC = Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.example.com'] });
const PREFIXED = Exposure.gateway({ hosts: ['iris.example.com'], pathPrefix: '/iris' });

const found = (controller: RolloutControllerKind, router: TrafficRouterKind, kind: RolloutKind, more: Partial<InferenceServiceProps>): Problem[] =>
  serveCell({ controller, router, kind }, more).problems.filter((one) => one.code === 'SERVING_ROUTER_EXPOSURE');

test.each<[string, RolloutControllerKind, TrafficRouterKind, RolloutKind, Partial<InferenceServiceProps>, RegExp]>([
  ['the Gateway API, and the service is inside', ARGO, GATEWAY_API, CANARY, { exposure: INTERNAL }, /don't pass the Gateway/],
  ['the Gateway API, and an Ingress', NONE, GATEWAY_API, SHADOW, { exposure: INGRESS }, /don't pass the Gateway/],
  ['Flagger by the Gateway API, and the service is inside', FLAGGER, GATEWAY_API, BLUE_GREEN, { exposure: INTERNAL }, /don't pass the Gateway/],
  ['Istio, and a Gateway', ARGO, ISTIO, CANARY, { exposure: GATE }, /a VirtualService splits the mesh's own requests/],
  ['Istio, and an Ingress', NONE, ISTIO, CANARY, { exposure: INGRESS }, /a VirtualService splits the mesh's own requests/],
  ['ingress-nginx, and no Ingress', ARGO, NGINX, CANARY, { exposure: INTERNAL }, /don't pass an Ingress/],
  ['ALB, and a Gateway', ARGO, ALB, CANARY, { exposure: GATE }, /don't pass an Ingress/],
  ['a preview without a Gateway', ARGO, REPLICAS, BLUE_GREEN, { rollout: Rollout.blueGreen({ gates: [ERRORS], previewHosts: ['preview.example.com'] }) }, /'previewHosts' are reached through the Gateway/],
  ['Flagger with gRPC hosts', FLAGGER, GATEWAY_API, CANARY, { exposure: GRPC }, /Flagger makes the route itself/],
  ['Flagger with a path prefix', FLAGGER, GATEWAY_API, CANARY, { exposure: PREFIXED }, /Flagger makes the route itself/],
  ['Flagger with a preview', FLAGGER, GATEWAY_API, CANARY, { rollout: rolloutOf(CANARY, { gates: [ERRORS], previewHosts: ['preview.example.com'] }) }, /Flagger makes the route itself/],
  ['Flagger with an Ingress', FLAGGER, REPLICAS, BLUE_GREEN, { exposure: INGRESS }, /don't carry an Ingress of ours/],
  ['ALB and a cookie', ARGO, ALB, AB_TEST, { rollout: Rollout.abTest({ audience: Audience.cookie('model', 'v2'), gates: [ERRORS] }) }, /a cookie is a part of one/],
])('is refused: %s', (_, controller, router, kind, more, why) => {
  expect(found(controller, router, kind, more)).toEqual([expect.objectContaining({ severity: 'error', path: 'ml/Iris', what: expect.stringMatching(why), got: expect.stringContaining(`${router}, `), fix: expect.stringMatching(/\w/) })]);
});

test.each<[string, RolloutControllerKind, TrafficRouterKind, RolloutKind, Partial<InferenceServiceProps>]>([
  ['blue-green by Argo Rollouts, however the service is reached', ARGO, GATEWAY_API, BLUE_GREEN, { exposure: INTERNAL }],
  ['blue-green of plain Deployments through an Ingress', NONE, ISTIO, BLUE_GREEN, { exposure: INGRESS }],
  ['copies as shares through a Gateway', ARGO, REPLICAS, CANARY, { exposure: GATE }],
  ['a preview through the Gateway', ARGO, REPLICAS, BLUE_GREEN, { exposure: GATE, rollout: Rollout.blueGreen({ gates: [ERRORS], previewHosts: ['preview.example.com'] }) }],
  ['gRPC hosts and a prefix with Argo Rollouts', ARGO, GATEWAY_API, CANARY, { exposure: Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.example.com'], pathPrefix: '/iris' }) }],
  ['ALB and a header', ARGO, ALB, AB_TEST, {}],
  ['the Gateway API and a cookie', ARGO, GATEWAY_API, AB_TEST, { rollout: Rollout.abTest({ audience: Audience.cookie('model', 'v2'), gates: [ERRORS] }) }],
  ['Flagger by Istio, inside', FLAGGER, ISTIO, CANARY, {}],
])('is fine: %s', (_, controller, router, kind, more) => expect(found(controller, router, kind, more)).toEqual([]));

describe('callers that go past the Gateway', () => {
  const warned = (controller: RolloutControllerKind, router: TrafficRouterKind, kind: RolloutKind, more: Partial<InferenceServiceProps> = {}): boolean => serveCell({ controller, router, kind }, more).codes.includes('SERVING_CANARY_PAST_THE_GATEWAY');

  test('are warned of where the Gateway splits requests', () => {
    expect(serveCell({ controller: ARGO, router: GATEWAY_API, kind: CANARY }).problem('SERVING_CANARY_PAST_THE_GATEWAY')).toMatchObject({ severity: 'warning', path: 'ml/Iris', fix: expect.stringContaining('acknowledge') });
    expect([warned(FLAGGER, GATEWAY_API, CANARY), warned(ARGO, GATEWAY_API, AB_TEST), warned(ARGO, GATEWAY_API, CANARY, { rollout: rolloutOf(CANARY, { gates: [Gate.person()] }) })]).toEqual([true, true, true]);
  });

  test('do not matter where all callers are split, or none is', () => {
    expect([warned(ARGO, ISTIO, CANARY), warned(ARGO, REPLICAS, CANARY), warned(ARGO, GATEWAY_API, BLUE_GREEN), warned(NONE, GATEWAY_API, CANARY)]).toEqual([false, false, false, false]);
  });
});
