import { ALERTS } from '../../lib/watch/alerts/catalogue';
import { alertExamples } from '../support/alert-examples';
import { expectCalm, expectFires } from '../support/alert-proof';
import { checkRules } from '../support/promtool';
import { named, PROOFS } from './alerts/proofs';

/** Those of models are proven in model-alerts.test.ts. */
const OF_SERVICES = ALERTS.map(({ name }) => name).filter((name) => !name.startsWith('Model')).sort();

test('every alert has a proof: it fires and ends, and a guard keeps it silent', () => {
  expect([...new Set(PROOFS.map(({ alert }) => alert))].sort()).toEqual(OF_SERVICES);
  for (const { alert, calm, fires } of PROOFS) expect([alert, fires.some(({ at, silent }) => at.length > 0 && silent.length > 0), calm.some(({ guard }) => guard !== undefined)]).toEqual([alert, true, true]);
});

test('no service has an alert that the list lacks', () => {
  expect([...new Set(alertExamples().map(({ alert }) => alert))].sort()).toEqual(ALERTS.map(({ name }) => name).sort());
});

describe.each(PROOFS.map((proof) => [named(proof), proof] as const))('%s', (_, proof) => {
  test('is sound', () => checkRules(proof.on().groups));
  test.each(proof.fires.map((scene) => [scene.what, scene] as const))('fires, and stops: %s', (__, scene) => expectFires(proof, scene));
  test.each(proof.calm.map((scene) => [scene.what, scene] as const))('is silent: %s', (__, scene) => {
    expectCalm(proof, scene);
    if (scene.guard !== undefined) expectCalm(proof, scene, false);
  });
});
