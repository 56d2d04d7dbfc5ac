import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hpaTable } from '../../scripts/docs/images';
import { PAGES } from '../../scripts/docs/pages';
import { InferenceServer } from '../../lib';
import { compareWithHpa, type HpaRecord } from '../support/hpa-record';
import { ProblemKind } from '../../lib/describe/problem';
import { ALERTS } from '../../lib/watch/alerts/catalogue';
import * as table from '../../lib/watch/series';
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

describe('docs/runbooks', () => {
  const folder = join(DOCS, 'runbooks');
  const pages = readdirSync(folder).filter((file) => file !== 'README.md');
  const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];
  const recorded = new Set([...Object.values(table).flatMap((one) => (typeof one === 'object' && 'name' in one ? [one.name] : [])), ...WINDOWS.map((window) => table.sloErrorRatio(window).name)]);

  test('has a page for every alert, and for no other', () => expect(pages.sort()).toEqual(ALERTS.map(({ name }) => `${name}.md`).sort()));

  test.each(pages)('%s helps: where to look, what to do; and names only what is there', (page) => {
    const text = readFileSync(join(folder, page), 'utf8');
    expect(text).toMatch(/^# \w+\n/);
    expect(text.split('\n')[0]).toBe(`# ${page.replace('.md', '')}`);
    for (const part of ['## Look', '## Do']) expect(text).toContain(`\n${part}\n`);
    const series = text.match(/inference_service(_version)?:[a-z0-9_]+(:[a-z0-9_]+)?/g) ?? [];
    expect(series.filter((one) => !recorded.has(one))).toEqual([]);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
  });
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
