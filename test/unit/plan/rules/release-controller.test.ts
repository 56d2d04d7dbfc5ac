import { ClusterOperator, Rollout, TrafficRouterKind } from 'cdk8s-serving';
import { ARGO, BLUE_GREEN, FLAGGER, NONE, serveCell } from '../../../support/release';

const on = (controller: typeof ARGO | typeof FLAGGER | typeof NONE, operators?: ClusterOperator[], more = {}): string[] =>
  serveCell({ controller, router: TrafficRouterKind.REPLICAS, kind: BLUE_GREEN }, more, { operators: operators && [...operators, ClusterOperator.METRICS_SERVER] }).problems.filter((one) => one.severity === 'error').map((one) => one.code);

test('a controller that is not among the operators is told with its name', () => {
  const served = serveCell({ controller: ARGO, router: TrafficRouterKind.REPLICAS, kind: BLUE_GREEN }, {}, { operators: [ClusterOperator.KEDA] });
  expect(served.problem('SERVING_ROLLOUT_CONTROLLER_MISSING')).toMatchObject({ severity: 'error', path: 'ml/Iris', what: "the cluster's 'rollouts' names 'argo-rollouts', which is not among its operators", fix: "add 'argo-rollouts' to 'operators' if it runs" });
  expect(on(FLAGGER, [ClusterOperator.ARGO_ROLLOUTS])).toEqual(['SERVING_ROLLOUT_CONTROLLER_MISSING']);
});

test('one that runs is fine, and so is a cluster that says nothing of its operators', () => {
  expect([on(ARGO, [ClusterOperator.ARGO_ROLLOUTS]), on(FLAGGER, [ClusterOperator.FLAGGER]), on(ARGO), on(FLAGGER)]).toEqual([[], [], [], []]);
});

test('plain Deployments need none', () => expect(on(NONE, [])).toEqual([]));

test('a service that goes copy by copy needs none either', () => expect(on(ARGO, [], { rollout: Rollout.rolling() })).toEqual([]));
