import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hpaTable } from '../../scripts/docs/images';
import { PAGES } from '../../scripts/docs/pages';
import { InferenceServer } from '../../lib';
import { compareWithHpa, type HpaRecord } from '../support/hpa-record';
import { ProblemKind } from '../../lib/describe/problem';
import { toldSignals } from '../../lib/plan/scaling/signals';

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

test('docs/scaling.md says of each server what its facts tell', () => {
  const page = readFileSync(join(DOCS, 'scaling.md'), 'utf8');
  for (const { facts } of InferenceServer.all()) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${facts.id} |`));
    const told = new Set(facts.protocols.flatMap((protocol) => toldSignals(facts, protocol)).map((kind) => `on${kind[0]!.toUpperCase()}${kind.slice(1)}`));
    expect([facts.id, [...(row ?? '').matchAll(/`(on\w+)`/g)].map(([, name]) => name).filter((name) => name !== 'onCpu').sort()]).toEqual([facts.id, [...told].sort()]);
  }
});

test('docs/simulator.md states how far the simulator is from the recorded HPA, and that is near', () => {
  expect(readFileSync(join(DOCS, 'simulator.md'), 'utf8')).toContain(hpaTable());
  const record = JSON.parse(readFileSync(join(DOCS, 'data/hpa-2026-11-23.json'), 'utf8')) as HpaRecord;
  const { meanDifference, mostReal, mostSimulated, changes } = compareWithHpa(record);
  expect([mostReal, mostSimulated]).toEqual([4, 4]);
  expect(meanDifference).toBeLessThan(0.15);
  for (const { real, simulated } of changes) expect(Math.abs(real! - simulated!)).toBeLessThanOrEqual(15);
  // the measure tells: of a recording that never scales the same simulation is far
  const still = { ...record, samples: record.samples.map((one) => ({ ...one, wanted: 1 })) };
  expect(compareWithHpa(still).meanDifference).toBeGreaterThan(1);
});
