import { TrafficRouterKind } from 'cdk8s-serving';
import { ARGO, BLUE_GREEN, ERRORS, FLAGGER, NONE, rolloutOf, serveCell } from '../../../support/release';

const taking = (controller: typeof ARGO | typeof FLAGGER | typeof NONE, takeOverDeployment: boolean): ReturnType<typeof serveCell> =>
  serveCell({ controller, router: TrafficRouterKind.REPLICAS, kind: BLUE_GREEN }, { rollout: rolloutOf(BLUE_GREEN, { takeOverDeployment, ...(controller === NONE ? {} : { gates: [ERRORS] }) }) });

test.each([FLAGGER, NONE])('%s takes no Deployment over', (controller) => {
  expect(taking(controller, true).problem('SERVING_TAKE_OVER')).toMatchObject({ severity: 'error', path: 'ml/Iris', what: `'takeOverDeployment' is for Argo Rollouts, not for '${controller}'`, fix: "leave 'takeOverDeployment' out" });
  expect(taking(controller, false).codes).not.toContain('SERVING_TAKE_OVER');
});

test('Argo Rollouts does', () => expect(taking(ARGO, true).codes).toEqual([]));
