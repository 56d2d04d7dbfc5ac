import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { Defaults, InferenceServer } from 'cdk8s-serving';
import { parseAllDocuments } from 'yaml';
import { make, SERVICES } from '../golden/services';
import { validateManifests } from '../support/schema';

/**
 * The sets that a released version of the library has. Their golden files are never written again, whatever is asked for. A set that is
 * not in here is still being made: its files may be regenerated (`UPDATE_GOLDEN=1`) until the release that publishes it, which adds it.
 */
const RELEASED: ReadonlySet<string> = new Set<string>();

const FOLDER = join(__dirname, '..', 'golden');
const fileOf = (set: string, service: string) => join(FOLDER, set, `${service}.yaml`);

/** The manifests of a service, byte for byte as they are written. */
function synthesize(service: string, set: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'golden-'));
  const silent = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const app = new App({ outdir });
    make(app, service, set);
    app.synth();
    return readFileSync(join(outdir, `${service}.k8s.yaml`), 'utf8');
  } finally {
    silent.mockRestore();
    rmSync(outdir, { recursive: true });
  }
}

describe.each(Defaults.published())('the set %s', (set) => {
  test.each(Object.keys(SERVICES))('gives %s as it always has', (service) => {
    const now = synthesize(service, set);
    const file = fileOf(set, service);
    if (process.env.UPDATE_GOLDEN !== undefined && (!existsSync(file) || !RELEASED.has(set))) {
      mkdirSync(join(FOLDER, set), { recursive: true });
      writeFileSync(file, now);
    }
    if (!existsSync(file)) throw new Error(`${file} is missing: make it with UPDATE_GOLDEN=1, and read it before it is committed`);
    const published = readFileSync(file, 'utf8');
    if (now === published) return;
    const way = RELEASED.has(set) ? 'a published set never changes: make a new one' : 'a published set never changes: make a new one. This one is not released yet: should the change be meant, run with UPDATE_GOLDEN=1 and read the difference';
    expect({ set, service, way, manifests: now.split('\n') }).toEqual({ set, service, way, manifests: published.split('\n') }); // as lines: jest shows which differ
  });

  test('has no golden file without a service', () => {
    expect(readdirSync(join(FOLDER, set)).filter((file) => file.endsWith('.yaml')).sort()).toEqual(Object.keys(SERVICES).map((service) => `${service}.yaml`).sort());
  });

  test('gives objects that Kubernetes takes', () => {
    const manifests = Object.keys(SERVICES).flatMap((service) => parseAllDocuments(readFileSync(fileOf(set, service), 'utf8')).map((document) => document.toJS()));
    expect(validateManifests(manifests, '1.34')).toEqual([]);
  });
});

test('every golden file is of a published set', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'code').map((entry) => entry.name);
  expect(folders.filter((name) => !Defaults.published().includes(name))).toEqual([]);
});

test('each server of the catalogue is in a golden file', () => {
  const served = Defaults.published().flatMap((set) => Object.keys(SERVICES).map((service) => /serving.cdk8s.io\/server: (\S+)/.exec(readFileSync(fileOf(set, service), 'utf8'))![1]));
  expect(InferenceServer.all().map((server) => server.facts.id).filter((id) => !served.includes(id))).toEqual([]);
});
