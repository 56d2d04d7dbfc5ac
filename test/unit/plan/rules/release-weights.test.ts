import { Rollout, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { ARGO, CANARY, ERRORS, serveCell } from '../../../support/release';

const steps = (list: number[], scaling: Scaling, router = TrafficRouterKind.REPLICAS): ReturnType<typeof serveCell> => serveCell({ controller: ARGO, router, kind: CANARY }, { scaling, rollout: Rollout.canary({ steps: list, gates: [ERRORS] }) });

test('a share that whole copies can not give is refused, with those that they can', () => {
  expect(steps([5, 50], Scaling.fixed(4)).problem('SERVING_WEIGHT_UNREACHABLE')).toMatchObject({
    severity: 'error', path: 'ml/Iris', what: '5 % of 4 copies is no whole number of copies, and nothing else splits the requests', got: '5', allowed: '25, 50, 75', fix: expect.stringContaining('use a router'),
  });
});

test.each([[1, 'none: run more copies'], [2, '50'], [3, 'none: run 2, 4, 5 or 10 copies'], [10, '10, 20, 30, 40, 50, 60, 70, 80, 90']])('of %d copies: %s', (copies, allowed) => {
  expect(steps([33], Scaling.fixed(copies)).problem('SERVING_WEIGHT_UNREACHABLE').allowed).toBe(allowed);
});

test('each step that is out of reach is told', () => {
  expect(steps([10, 25, 30, 50, 60], Scaling.fixed(4)).problems.filter((one) => one.code === 'SERVING_WEIGHT_UNREACHABLE').map((one) => one.got)).toEqual(['10', '30', '60']);
});

test.each<[number[], number]>([[[25, 50, 75], 4], [[50], 2], [[1, 99], 100], [[20, 40], 5]])('%j of %d copies is reached', (list, copies) => {
  expect(steps(list, Scaling.fixed(copies)).codes).toEqual([]);
});

test('an autoscaled service is held to its least copies', () => {
  expect(steps([25], Scaling.onCpu({ min: 2, max: 8 })).problem('SERVING_WEIGHT_UNREACHABLE').what).toContain('of 2 copies');
  expect(steps([50], Scaling.onCpu({ min: 2, max: 8 })).codes).toEqual([]);
});

test('a router gives any share', () => expect(steps([1, 5, 33], Scaling.fixed(2), TrafficRouterKind.ISTIO).codes).toEqual([]));
