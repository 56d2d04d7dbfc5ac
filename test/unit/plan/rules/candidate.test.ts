import { Candidate, Rollout, RolloutController, TrafficRouterKind } from 'cdk8s-serving';
import { AB_TEST, ARGO, BLUE_GREEN, CANARY, ERRORS, FLAGGER, NONE, rolloutOf, serveCell, SHADOW } from '../../../support/release';
import { iris, serve } from '../../../support/serving';

const router = TrafficRouterKind.GATEWAY_API;
const of = (percent: number, model = iris({ version: 'v2' })): Candidate => Candidate.of({ model, percent });
const errors = (served: ReturnType<typeof serve>): string[] => served.problems.filter((one) => one.severity === 'error').map((one) => one.code);

describe('a candidate that nothing makes use of', () => {
  test.each([[Rollout.automatic(), 'automatic'], [Rollout.rolling(), 'rolling'], [Rollout.recreate(), 'recreate']])('beside an update copy by copy', (rollout, kind) => {
    expect(serve({ rollout, candidate: of(0) }, { rollouts: RolloutController.none() }).problem('SERVING_CANDIDATE_WITHOUT_RELEASE')).toMatchObject({ severity: 'error', path: 'ml/Iris', what: `a candidate beside Rollout.${kind} gets no requests`, fix: expect.stringContaining('leave the candidate out') });
  });

  test.each([ARGO, FLAGGER])('beside %s', (controller) => {
    expect(serveCell({ controller, router, kind: CANARY }, { candidate: of(25), rollout: rolloutOf(CANARY, { gates: [ERRORS] }) }).problem('SERVING_CANDIDATE_WITHOUT_RELEASE')).toMatchObject({ what: `'${controller}' makes the version on trial itself`, fix: "change 'model' and leave the candidate out" });
  });
});

describe('its name', () => {
  const named = (stable?: string, trial?: string): ReturnType<typeof serve> => serveCell({ controller: NONE, router, kind: CANARY }, { model: iris({ name: stable }), candidate: of(25, iris({ name: trial })) });

  test('is the stable one\'s', () => {
    expect(named('flowers', 'roses').problem('SERVING_CANDIDATE_NAME')).toMatchObject({ severity: 'error', got: '"roses"', allowed: 'flowers' });
    expect(named('flowers').problem('SERVING_CANDIDATE_NAME')).toMatchObject({ got: '"iris"', allowed: 'flowers' });
  });

  test('may be the service\'s on both sides, said or not', () => {
    expect([errors(named()), errors(named('iris')), errors(named('flowers', 'flowers'))]).toEqual([[], [], []]);
  });
});

describe('its share', () => {
  test.each([[CANARY, 30, '0, 25, 50, 100'], [BLUE_GREEN, 50, '0, 100']] as const)('of %s is a step of it', (kind, percent, allowed) => {
    expect(serveCell({ controller: NONE, router, kind }, { candidate: of(percent) }).problem('SERVING_CANDIDATE_PERCENT')).toMatchObject({ severity: 'error', got: String(percent), allowed, what: `the candidate's share is no step of Rollout.${kind}` });
  });

  test.each([[CANARY, [0, 25, 50, 100]], [BLUE_GREEN, [0, 100]], [SHADOW, [0, 1, 33, 100]], [AB_TEST, [0, 100]]] as const)('of %s may be any of %j', (kind, percents) => {
    for (const percent of percents) expect([percent, errors(serveCell({ controller: NONE, router, kind }, { candidate: of(percent) }))]).toEqual([percent, []]);
  });

  test("of a shadow is the rollout's where that says one", () => {
    const shadow = (candidate: Candidate): string[] => errors(serveCell({ controller: NONE, router, kind: SHADOW }, { candidate, rollout: Rollout.shadow({ percent: 20 }) }));
    expect([shadow(of(30)), shadow(of(20)), shadow(of(0)), shadow(Candidate.of({ model: iris({ version: 'v2' }) }))]).toEqual([['SERVING_CANDIDATE_PERCENT'], [], [], []]);
  });
});
