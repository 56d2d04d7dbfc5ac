import { nearest, ProblemKind, show } from '../../../lib/describe/problem';
import '../../../lib';

test('every kind of problem has a code of its own, a title and a reason', () => {
  expect(ProblemKind.all.size).toBeGreaterThan(50);
  for (const [code, kind] of ProblemKind.all) {
    expect(code).toMatch(/^SERVING_[A-Z0-9_]+$/);
    expect(kind.title.length).toBeGreaterThan(10);
    expect(kind.why.length).toBeGreaterThan(20);
  }
});

test('a code is given once, and begins with SERVING_', () => {
  const taken = [...ProblemKind.all.keys()][0]!;
  expect(() => ProblemKind.error(taken, 'again', 'again')).toThrow(taken);
  expect(() => ProblemKind.warning('OTHER_CODE', 'a title', 'a reason')).toThrow('OTHER_CODE');
});

test.each([
  ['text', '"text"'], [5, '5'], [NaN, 'NaN'], [10n, '10'], [true, 'true'], [null, 'null'], [undefined, 'undefined'], [() => 1, 'a function'], [Symbol('s'), 'a symbol'],
  [[1, 'a'], '[1, "a"]'], [{ a: { b: 1 } }, '{ a: { b: 1 } }'], [new Map(), 'an instance of Map'], [Object.create(null), '{  }'],
])('%p is shown as %s', (value, text) => {
  expect(show(value)).toBe(text);
});

test('a long value is cut to one line', () => {
  expect(show('x'.repeat(500))).toHaveLength(120);
  expect(show('a\nb')).not.toContain('\n');
});

test('the nearest word is found in whatever case, and nothing when none is near', () => {
  expect(nearest('Replcas', ['name', 'replicas'])).toBe('replicas');
  expect(nearest('colour', ['name', 'replicas'])).toBeUndefined();
});
