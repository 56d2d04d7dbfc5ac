import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AppOutput, appNames, runApp } from '../support/apps';
import { validateManifests } from '../support/schema';

// found, not listed: a new app is held to the same
describe.each(appNames())('apps/%s', (name) => {
  let first: AppOutput;
  let second: AppOutput;

  beforeAll(async () => { [first, second] = await Promise.all([runApp(name), runApp(name)]); }, 60_000);

  // none of the apps says of its cluster what only one version takes: its objects fit both ends of the range
  test('gives objects that Kubernetes takes', () => {
    expect(first.manifests.length).toBeGreaterThan(0);
    for (const version of ['1.30', '1.34'] as const) expect(validateManifests(first.manifests, version)).toEqual([]);
  });

  test('prints no warning that nobody has acknowledged', () => expect(first.stderr).toBe(''));

  test('gives the same bytes when it runs again', () => expect(second.files).toEqual(first.files));

  test('says what it shows, and has a test that looks at it', () => {
    for (const file of ['README.md', `${name}.test.ts`]) expect([file, existsSync(join(__dirname, '..', '..', 'apps', name, file))]).toEqual([file, true]);
  });
});
