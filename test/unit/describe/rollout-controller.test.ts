import { Cluster, RolloutController, RolloutControllerKind, TrafficRouterKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const { GATEWAY_API, ISTIO, REPLICAS, NGINX, ALB } = TrafficRouterKind;

test('each controller is made by its factory', () => {
  expect([RolloutController.none(), RolloutController.argo(), RolloutController.flagger()].map((one) => [one.kind, one.router, one._findings])).toEqual([RolloutControllerKind.NONE, RolloutControllerKind.ARGO, RolloutControllerKind.FLAGGER].map((kind) => [kind, undefined, []]));
});

test.each([GATEWAY_API, ISTIO, REPLICAS, NGINX, ALB])('Argo Rollouts splits by %s', (router) => expect(RolloutController.argo({ router })).toMatchObject({ router, _findings: [] }));
test.each([GATEWAY_API, ISTIO, REPLICAS])('Flagger and plain Deployments by %s', (router) => expect([codes(RolloutController.flagger({ router })), codes(RolloutController.none({ router }))]).toEqual([[], []]));
test.each([NGINX, ALB])('and not by %s', (router) => expect([codes(RolloutController.flagger({ router })), codes(RolloutController.none({ router }))]).toEqual([[expect.any(String)], [expect.any(String)]]));

test.each(['tester', 'ftp://tester', 'http://tester/gate', 'http://a b'])('%p is no load tester', (loadTesterUrl) => expect(codes(RolloutController.flagger({ loadTesterUrl }))).toHaveLength(1));
test('a load tester has a URL', () => expect(codes(RolloutController.flagger({ loadTesterUrl: 'http://flagger-loadtester.flagger:8080' }))).toEqual([]));

test('a cluster carries what is wrong with its controller', () => {
  expect(codes(Cluster.of({ rollouts: RolloutController.argo({ router: 'smi' as TrafficRouterKind }) }))).toHaveLength(1);
});
