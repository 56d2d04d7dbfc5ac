import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { ClusterOperator, Gate, Objective, Rollout, RolloutController, Scaling, Wake } from 'cdk8s-serving';
import { ERRORS, METRICS } from '../../../support/release';
import { serve } from '../../../support/serving';

const rollouts = RolloutController.argo();
const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
const file = join(folder, 'golden.json');
writeFileSync(file, '[{ "name": "one", "body": {}, "expect": { "status": 200 } }]');
afterAll(() => rmSync(folder, { recursive: true }));

test('gates by metrics need to know where these are, and are named', () => {
  const rollout = Rollout.blueGreen({ gates: [ERRORS, Gate.latency({ p: 95, below: Duration.seconds(1) })] });
  expect(serve({ rollout }, { rollouts }).problem('SERVING_GATE_WITHOUT_METRICS')).toMatchObject({ severity: 'error', path: 'ml/Iris', what: "the gates 'errors', 'latency' ask a metrics' store, and the Cluster names none", fix: expect.stringContaining("'metricsUrl'") });
  expect(serve({ rollout }, { rollouts, metricsUrl: METRICS }).codes).toEqual([]);
});

test('gates that come from objectives need it as well', () => {
  expect(serve({ rollout: Rollout.blueGreen(), objectives: [Objective.availability(99)] }, { rollouts }).codes).toEqual(['SERVING_GATE_WITHOUT_METRICS']);
});

test('people and golden requests need none', () => {
  expect(serve({ rollout: Rollout.blueGreen({ gates: [Gate.person(), Gate.goldenRequests({ file })] }) }, { rollouts }).codes).toEqual([]);
});

test('objectives without a release need none', () => expect(serve({ objectives: [Objective.availability(99)] }, { rollouts }).codes).toEqual([]));

test('a service that may have no copies has nothing to judge by, which is told', () => {
  const from = (min: number, gates: Gate[]): string[] => serve({ rollout: Rollout.blueGreen({ gates }), scaling: Scaling.onRequestRate({ min, max: 9, targetPerReplica: 10, wake: min > 0 ? undefined : Wake.onQuery('sum(gateway_requests)') }) }, { rollouts, metricsUrl: METRICS, operators: [ClusterOperator.KEDA, ClusterOperator.ARGO_ROLLOUTS] }).codes;
  expect(from(0, [ERRORS])).toContain('SERVING_RELEASE_AT_ZERO');
  expect(from(0, [Gate.person()])).not.toContain('SERVING_RELEASE_AT_ZERO');
  expect(from(1, [ERRORS])).not.toContain('SERVING_RELEASE_AT_ZERO');
});
