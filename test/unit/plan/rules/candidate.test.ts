import { Candidate, Credentials, Model, ModelSource, Rollout, RolloutController, TrafficRouterKind } from 'cdk8s-serving';
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

describe('what it needs', () => {
  const tried = (candidate: Model, model = iris()): ReturnType<typeof serve> => serveCell({ controller: NONE, router, kind: CANARY }, { model, candidate: Candidate.of({ model: candidate, percent: 25 }) });
  const from = (credentials?: Credentials): Model => iris({ source: ModelSource.s3('s3://models/iris/v2', { credentials }) });
  const external = (key: string): Credentials => Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: `${key}/id`, AWS_SECRET_ACCESS_KEY: `${key}/key` } });

  test('is a server that reads its format', () => {
    expect(tried(Model.onnx({ source: ModelSource.s3('s3://models/v2') })).problem('SERVING_CANDIDATE_FORMAT')).toMatchObject({ severity: 'error', got: '"onnx"', what: expect.stringContaining('MLServer serves the stable version'), allowed: expect.stringContaining('sklearn') });
    expect(errors(tried(Model.xgboost({ source: ModelSource.s3('s3://models/v2') })))).toEqual([]);
  });

  test('is made once, for the stable version', () => {
    expect(tried(from(external('other')), from(external('one'))).problem('SERVING_CANDIDATE_CREDENTIALS')).toMatchObject({ severity: 'error', fix: "give both models the same 'credentials'" });
    expect(tried(from(external('other'))).codes).toContain('SERVING_CANDIDATE_CREDENTIALS');
    expect(errors(tried(from(external('one')), from(external('one'))))).toEqual([]);
    // a Secret that is there already is nobody's to make
    expect(errors(tried(from(Credentials.fromSecretName('other')), from(Credentials.fromSecretName('one'))))).toEqual([]);
  });
});
