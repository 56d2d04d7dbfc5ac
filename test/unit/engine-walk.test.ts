import { Support } from '../../lib/plan/engine/capabilities';
import { Capability } from '../../lib/plan/engine/capability';
import { ENGINES, EXAMPLES, WALK, walk } from '../support/engine-walk';

const able = WALK.filter(({ cell }) => cell.support !== Support.NO);
const refused = WALK.filter(({ cell }) => cell.support === Support.NO);

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
  const told = walk(one).errors.find(({ code, what }) => code === 'SERVING_ENGINE_NOT_ABLE' && what.includes(one.cell.text));
  expect(told).toMatchObject({ what: expect.stringContaining(one.cell.source), fix: expect.stringContaining(one.cell.instead ?? 'another engine') });
});

test.each(WALK)('$engine: $capability says how, or why not, and where that was read', ({ cell }) => {
  expect(cell.text).not.toBe('');
  expect(cell.source).toMatch(/^https:\/\//);
});
