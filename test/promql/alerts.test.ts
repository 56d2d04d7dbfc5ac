import { ALERTS } from '../../lib/watch/alerts/catalogue';
import { alertExamples } from '../support/alert-examples';
import { AlertProof, expectCalm, expectFires } from '../support/alert-proof';
import { checkRules } from '../support/promtool';
import * as capacity from './alerts/capacity';
import * as certificates from './alerts/certificates';
import * as costs from './alerts/cost';
import * as objectives from './alerts/objectives';
import * as pods from './alerts/pods';
import * as releases from './alerts/releases';
import * as scrapes from './alerts/scrapes';
import * as sources from './alerts/sources';

/** Those of models are proven in model-alerts.test.ts. */
const OF_SERVICES = ALERTS.map(({ name }) => name).filter((name) => !name.startsWith('Model')).sort();
const PROOFS: AlertProof[] = [pods, capacity, costs, releases, scrapes, certificates, objectives, sources].flatMap((file) => Object.values(file)).filter((one): one is AlertProof => typeof one === 'object' && 'alert' in one);

test('every alert has a proof: it fires and ends, and a guard keeps it silent', () => {
  expect([...new Set(PROOFS.map(({ alert }) => alert))].sort()).toEqual(OF_SERVICES);
  for (const { alert, calm, fires } of PROOFS) expect([alert, fires.some(({ at, silent }) => at.length > 0 && silent.length > 0), calm.some(({ guard }) => guard !== undefined)]).toEqual([alert, true, true]);
});

test('no service has an alert that the list lacks', () => {
  expect([...new Set(alertExamples().map(({ alert }) => alert))].sort()).toEqual(ALERTS.map(({ name }) => name).sort());
});

describe.each(PROOFS.map((proof) => [[proof.alert, proof.severity, proof.source].filter((one) => one !== undefined).join(', '), proof] as const))('%s', (_, proof) => {
  test('is sound', () => checkRules(proof.on().groups));
  test.each(proof.fires.map((scene) => [scene.what, scene] as const))('fires, and stops: %s', (__, scene) => expectFires(proof, scene));
  test.each(proof.calm.map((scene) => [scene.what, scene] as const))('is silent: %s', (__, scene) => {
    expectCalm(proof, scene);
    if (scene.guard !== undefined) expectCalm(proof, scene, false);
  });
});
