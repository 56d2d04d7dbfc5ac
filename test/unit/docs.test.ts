import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from '../../scripts/docs/pages';
import { ProblemKind } from '../../lib/describe/problem';

const DOCS = join(__dirname, '../../docs');

test.each(Object.keys(PAGES))('docs/%s says what the code says (npm run docs)', (file) => {
  expect(readFileSync(join(DOCS, file), 'utf8')).toBe(PAGES[file]!());
});

test('every code that a page of docs/ names exists', () => {
  const pages = readdirSync(DOCS).filter((file) => file.endsWith('.md'));
  expect(pages.length).toBeGreaterThan(2);
  for (const file of pages) {
    const named = readFileSync(join(DOCS, file), 'utf8').match(/SERVING_[A-Z0-9_]+[A-Z0-9]/g) ?? [];
    expect(named.filter((code) => !ProblemKind.all.has(code)).map((code) => `${file}: ${code}`)).toEqual([]);
  }
});
