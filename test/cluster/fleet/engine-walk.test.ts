import { Support } from '../../../lib/plan/engine/capabilities';
import { apply, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { WALK, walk } from '../../support/engine-walk';

const able = WALK.filter(({ cell }) => cell.support !== Support.NO);

describe('every cell of the table of capabilities', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('walk'); });
  afterAll(removeNamespaces);

  /** A dry run, as each cell is a world of its own and names come again; what was refused or warned of. */
  async function refused(manifests: Manifest[]): Promise<string[]> {
    try {
      return await apply(await setNamespace(manifests, namespace), { dryRun: true, failOnWarnings: false });
    } catch (error) {
      return [(error as Error).message];
    }
  }

  test.each([...new Set(able.map(({ engine }) => engine))])('that %s can do is taken strictly by the API server, without a warning', async (engine) => {
    const cells = able.filter((one) => one.engine === engine).map((one) => ({ ...one, objects: walk(one).objects as Manifest[] }));
    expect(cells.filter(({ objects }) => objects.length === 0).map(({ capability }) => capability)).toEqual([]);
    // all together first: a call takes longer than what it checks. Only what is wrong is looked for by itself
    if ((await refused(cells.flatMap(({ objects }) => objects))).length === 0) return;
    const wrong: string[] = [];
    for (const { capability, objects } of cells) wrong.push(...(await refused(objects)).map((one) => `${capability}: ${one}`));
    expect(wrong).toEqual([]);
  }, 600_000);
});
