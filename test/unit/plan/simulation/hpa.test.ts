import { behaviorOf, defaultBehavior } from '../../../../lib/plan/simulation/behavior';
import { HpaController } from '../../../../lib/plan/simulation/hpa';
import type { JsonObject } from '../../../../lib/plan/service-plan';

const behavior = (given: JsonObject) => behaviorOf(given, 0.1);
const at = (now: number, proposed: number | undefined) => ({ now, proposed });

/** Copies after each decision. */
function run(controller: HpaController, from: number, decisions: { now: number; proposed: number | undefined }[]): number[] {
  let copies = from;
  return decisions.map(({ now, proposed }) => (copies = controller.next(now, copies, () => proposed)));
}

test('what a manifest leaves out is as Kubernetes documents it', () => {
  expect(behavior({})).toEqual(defaultBehavior(0.1));
  expect(behavior({ scaleDown: { selectPolicy: 'Disabled' } }).down).toEqual({ ...defaultBehavior(0.1).down, selectPolicy: 'Disabled' });
  expect(defaultBehavior(0.1)).toMatchObject({
    up: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }, { type: 'Pods', value: 4, periodSeconds: 15 }] },
    down: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
  });
});

test('by default it doubles, or adds four, whichever is more, in 15 seconds', () => {
  expect(run(new HpaController(1, 100, defaultBehavior(0.1)), 1, [at(0, 100), at(15, 100), at(30, 100), at(45, 100), at(60, 100)])).toEqual([5, 10, 20, 40, 80]);
});

test('one that was added within the period counts: no second step in it', () => {
  const rules = behavior({ scaleUp: { policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }] } });
  expect(run(new HpaController(1, 100, rules), 10, [at(0, 50), at(15, 50), at(45, 50), at(60, 50)])).toEqual([14, 14, 14, 18]);
});

test("the documentation's example: 80 copies to 10 by 10 percent or 4 pods a minute", () => {
  // https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-policies: 72, then 10 percent of 72 rounded up to 8 are 64, 57, ...
  const rules = behavior({ scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }, { type: 'Percent', value: 10, periodSeconds: 60 }] } });
  const decisions = Array.from({ length: 15 }, (_, i) => at(i * 60, 10));
  expect(run(new HpaController(1, 100, rules), 80, decisions)).toEqual([72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10, 10]);
});

test('Min takes the smaller change, Disabled none', () => {
  const policies = [{ type: 'Pods', value: 4, periodSeconds: 60 }, { type: 'Percent', value: 10, periodSeconds: 60 }];
  const down = (selectPolicy: string) => run(new HpaController(1, 100, behavior({ scaleDown: { stabilizationWindowSeconds: 0, selectPolicy, policies } })), 80, [at(0, 10)]);
  expect([down('Max'), down('Min'), down('Disabled')]).toEqual([[72], [76], [80]]);
  const up = (selectPolicy: string) => run(new HpaController(1, 100, behavior({ scaleUp: { selectPolicy, policies } })), 80, [at(0, 99)]);
  expect([up('Max'), up('Min'), up('Disabled')]).toEqual([[88], [84], [80]]);
});

test('one copy becomes two by a percentage: it is rounded up', () => {
  const rules = behavior({ scaleUp: { policies: [{ type: 'Percent', value: 10, periodSeconds: 15 }] } });
  expect(run(new HpaController(1, 9, rules), 1, [at(0, 9), at(15, 9), at(30, 9)])).toEqual([2, 3, 4]);
});

test('it goes down only to the most that was proposed within the window', () => {
  const controller = new HpaController(1, 100, behavior({ scaleDown: { stabilizationWindowSeconds: 60 } }));
  // the count of 10 at which it was found counts as a proposal, too; a proposal of exactly the window's age no longer does
  expect(run(controller, 10, [at(0, 4), at(30, 6), at(60, 3), at(75, 3), at(89, 3), at(90, 3), at(150, 2)])).toEqual([10, 10, 6, 6, 6, 3, 2]);
});

test('it goes up only to the least that was proposed within the window', () => {
  const controller = new HpaController(1, 100, behavior({ scaleUp: { stabilizationWindowSeconds: 60 } }));
  expect(run(controller, 2, [at(0, 6), at(15, 6), at(45, 4), at(60, 6), at(104, 6), at(105, 6)])).toEqual([2, 2, 2, 4, 4, 6]);
});

test('without a metric nothing changes, and nothing is remembered', () => {
  const controller = new HpaController(1, 100, behavior({ scaleDown: { stabilizationWindowSeconds: 60 } }));
  expect(run(controller, 5, [at(0, 5), at(15, undefined), at(60, undefined), at(75, 2)])).toEqual([5, 5, 5, 2]);
});

test('beyond least and most it goes there at once, whatever the policies say', () => {
  const slow = behavior({ scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 600 }] }, scaleDown: { selectPolicy: 'Disabled' } });
  expect(run(new HpaController(5, 8, slow), 2, [at(0, 2)])).toEqual([5]);
  expect(run(new HpaController(1, 8, slow), 20, [at(0, 2)])).toEqual([8]);
  expect(run(new HpaController(1, 8, defaultBehavior(0.1)), 6, [at(0, 90)])).toEqual([8]);
});

test('a workload at zero is left there', () => {
  expect(run(new HpaController(1, 8, defaultBehavior(0.1)), 0, [at(0, 5), at(15, 5)])).toEqual([0, 0]);
});
