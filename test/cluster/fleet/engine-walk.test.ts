import { Support } from '../../../lib/plan/engine/capabilities';
import { EngineId } from '../../../lib/plan/engine/engine';
import { apply } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { WALK, walk } from '../../support/engine-walk';

/** Programs that are sent together: a call takes longer than what it checks. Each is a world of its own, as all have the same names. */
const able = WALK.filter(({ cell }) => cell.support !== Support.NO);

describe('every cell of the table of capabilities', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('walk'); });
  afterAll(removeNamespaces);

  test.each([...new Set(able.map(({ engine }) => engine))])('that %s can do is taken strictly by the API server', async (engine: EngineId) => {
    const refused: string[] = [];
    const cells = able.filter((one) => one.engine === engine);
    for (const one of cells) {
      const { objects } = walk(one);
      expect(objects.length).toBeGreaterThan(0);
      const warnings = await apply(await setNamespace(objects, namespace), { dryRun: true }).catch((error: Error) => [error.message]);
      refused.push(...warnings.map((warning) => `${one.capability}: ${warning}`));
    }
    expect(refused).toEqual([]);
  }, 600_000);
});
