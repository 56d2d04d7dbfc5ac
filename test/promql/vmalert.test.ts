import { expectFires } from '../support/alert-proof';
import { serviceOn } from '../support/recorded';
import { VmalertTool } from '../support/vmalert-tool';
import { named, PROOFS } from './alerts/proofs';
import { EXPOSITIONS } from './expositions';
import { recordsOf, seriesOfBoth } from './records';

let vmalert: VmalertTool;
beforeAll(async () => { vmalert = await VmalertTool.make(); }, 1_200_000); // minutes where it has to be made first

describe.each(PROOFS.map((proof) => [named(proof), proof] as const))('%s, by vmalert', (_, proof) => {
  test.each(proof.fires.map((scene) => [scene.what, scene] as const))('fires, and stops: %s', (__, scene) => expectFires(proof, scene, (groups, given) => vmalert.expectRules(groups, given)));
});

test.each(Object.keys(EXPOSITIONS))('records of %s are the same by vmalert', (name) => {
  const service = serviceOn(name);
  vmalert.expectRules(service.groups, { series: seriesOfBoth(name), queries: recordsOf(service, name) });
});
