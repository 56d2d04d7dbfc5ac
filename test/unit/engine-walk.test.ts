import { Support } from '../../lib/plan/engine/capabilities';
import { Capability } from '../../lib/plan/engine/capability';
import { EngineId } from '../../lib/plan/engine/engine';
import { ENGINES, EXAMPLES, WALK, walk, WalkedCell } from '../support/engine-walk';

const able = WALK.filter(({ cell }) => cell.support !== Support.NO);
const refused = WALK.filter(({ cell }) => cell.support === Support.NO);
/** What says that nothing can be asked so there: found before the engine is looked at. */
const NOT_ASKED = ['SERVING_SERVER_MISFIT', 'SERVING_NO_SERVER_FITS', 'SERVING_GRAPH_PROTOCOL'];

test('every engine of the table is walked, and every row has an example', () => {
  expect(Object.keys(ENGINES).sort()).toEqual([...new Set(WALK.map(({ engine }) => engine))].sort());
  expect(Object.values(Capability).filter((capability) => EXAMPLES[capability] === undefined)).toEqual([]);
});

test.each(able)('$engine: $capability is synthesized', (one) => {
  const { errors, objects } = walk(one);
  expect(errors).toEqual([]);
  expect(objects.length).toBeGreaterThan(0);
});

test.each(refused)('$engine: $capability is refused, with the reason and what to use instead', (one) => {
  const { errors, objects } = walk(one);
  const told = errors.find(({ code, what }) => code === 'SERVING_ENGINE_NOT_ABLE' && what.includes(one.cell.text));
  if (told !== undefined) expect(told).toMatchObject({ what: expect.stringContaining(one.cell.source), fix: expect.stringContaining(one.cell.instead ?? 'another engine') });
  else if (errors.length > 0) expect(errors.map(({ code }) => code)).toEqual(expect.arrayContaining([expect.stringMatching(NOT_ASKED.join('|'))]));
  else expectOtherKind(one, objects);
});

/** An engine for language models runs what is none as KServe runs all others. */
function expectOtherKind({ engine }: WalkedCell, objects: readonly { kind: string }[]): void {
  expect(engine).toBe(EngineId.KSERVE_LLM);
  expect(objects.map(({ kind }) => kind)).toContain('InferenceService');
  expect(objects.map(({ kind }) => kind)).not.toContain('LLMInferenceService');
}

test.each(WALK)('$engine: $capability says how, or why not, and where that was read', ({ cell }) => {
  expect(cell.text).not.toBe('');
  expect(cell.source).toMatch(/^https:\/\//);
});
