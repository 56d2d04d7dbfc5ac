import { AlertProof, expectCalm, expectFires } from '../support/alert-proof';
import { checkRules } from '../support/promtool';
import * as capacity from './alerts/capacity';
import * as certificates from './alerts/certificates';
import * as objectives from './alerts/objectives';
import * as pods from './alerts/pods';
import * as releases from './alerts/releases';
import * as scrapes from './alerts/scrapes';

const PROOFS: AlertProof[] = [pods, capacity, releases, scrapes, certificates, objectives].flatMap((file) => Object.values(file)).filter((one): one is AlertProof => typeof one === 'object' && 'alert' in one);

describe.each(PROOFS.map((proof) => [proof.severity === undefined ? proof.alert : `${proof.alert}, ${proof.severity}`, proof] as const))('%s', (_, proof) => {
  test('is sound', () => checkRules(proof.on().groups));
  test.each(proof.fires.map((scene) => [scene.what, scene] as const))('fires, and stops: %s', (__, scene) => expectFires(proof, scene));
  test.each(proof.calm.map((scene) => [scene.what, scene] as const))('is silent: %s', (__, scene) => {
    expectCalm(proof, scene);
    if (scene.guard !== undefined) expectCalm(proof, scene, false);
  });
});
