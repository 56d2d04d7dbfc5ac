import { Candidate, EngineBackend, Gate, Model, ModelSource, Objective, Rollout, TrafficRouterKind } from 'cdk8s-serving';
import { ARGO, BLUE_GREEN, CANARY, FLAGGER, NONE, rolloutOf, serveCell } from '../../../support/release';
import { serve } from '../../../support/serving';

const router = TrafficRouterKind.ISTIO;

test.each([ARGO, FLAGGER])('%s without gates goes on by time alone', (controller) => {
  const bare = { rollout: rolloutOf(CANARY) };
  expect(serveCell({ controller, router, kind: CANARY }, bare).problem('SERVING_ROLLOUT_WITHOUT_VERDICT')).toMatchObject({ severity: 'warning', path: 'ml/Iris', what: 'Rollout.canary has no gate: the new version goes on by time alone', fix: "give 'gates', or 'objectives' to take them from" });
  expect(serveCell({ controller, router, kind: CANARY }, { ...bare, objectives: [Objective.availability(99)] }).codes).toEqual([]);
  expect(serveCell({ controller, router, kind: CANARY }).codes).toEqual([]);
});

test('gates that are said to be none are none, whatever the objectives', () => {
  expect(serveCell({ controller: ARGO, router, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: [] }), objectives: [Objective.availability(99)] }).codes).toEqual(['SERVING_ROLLOUT_WITHOUT_VERDICT']);
});

test('a person is a judge', () => expect(serveCell({ controller: ARGO, router, kind: BLUE_GREEN }, { rollout: Rollout.blueGreen({ gates: [Gate.person()] }) }).codes).toEqual([]));

test('plain Deployments judge nothing, which is told as soon as there is a candidate', () => {
  expect(serveCell({ controller: NONE, router, kind: CANARY }).problem('SERVING_ROLLOUT_WITHOUT_VERDICT')).toMatchObject({ severity: 'warning', what: expect.stringMatching(/^Rollout\.canary on plain Kubernetes without a rollout controller gives no verdict/), fix: expect.stringContaining('let Argo Rollouts or Flagger judge') });
  expect(serveCell({ controller: NONE, router, kind: CANARY }, { candidate: undefined }).codes).toEqual([]);
});

test('where no controller can judge, none is advised', () => {
  const candidate = Candidate.of({ model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v2') }) });
  const problem = serve({ rollout: Rollout.canary({ steps: [50] }), candidate }, {}, { backend: EngineBackend.kserve() }).problem('SERVING_ROLLOUT_WITHOUT_VERDICT');
  expect([problem.what, problem.fix]).toEqual([expect.stringMatching(/^Rollout\.canary on KServe/), expect.not.stringContaining('Flagger')]);
});

test('an update copy by copy needs no verdict', () => expect(serve({ rollout: Rollout.rolling() }).codes).toEqual([]));
