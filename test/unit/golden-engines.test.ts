import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { Defaults, InferenceServer, Problems, Severity } from 'cdk8s-serving';
import { EngineId } from '../../lib/plan/engine/engine';
import { make, SERVERS } from '../golden/engines';
import { ENGINES } from '../support/engine-walk';

const FOLDER = join(__dirname, '..', 'golden');
const engines = Object.keys(ENGINES) as EngineId[];

/** The manifests of a server's service on an engine, byte for byte as they are written; or why there are none. */
function synthesize(engine: EngineId, server: string, set: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'golden-'));
  const silent = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const app = new App({ outdir });
    make(app, engine, server, set);
    const errors = Problems.of(app).filter(({ severity }) => severity === Severity.ERROR);
    if (errors.length > 0) return errors.map(({ code, what, fix }) => `# ${code}: ${what}\n#   ${fix}\n`).join('');
    app.synth();
    return readFileSync(join(outdir, `${server}.k8s.yaml`), 'utf8');
  } finally {
    silent.mockRestore();
    rmSync(outdir, { recursive: true });
  }
}

describe.each(Defaults.published())('the set %s', (set) => {
  describe.each(engines)('on %s', (engine) => {
    const folder = join(FOLDER, set, 'engines', engine);

    test.each(Object.keys(SERVERS))('gives %s as it always has', (server) => {
      const now = synthesize(engine, server, set);
      const file = join(folder, `${server}.yaml`);
      if (process.env.UPDATE_GOLDEN !== undefined) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, now);
      }
      if (!existsSync(file)) throw new Error(`${file} is missing: make it with UPDATE_GOLDEN=1, and read it before it is committed`);
      expect(now.split('\n')).toEqual(readFileSync(file, 'utf8').split('\n')); // as lines: jest shows which differ
    });

    test('has no golden file without a server', () => {
      expect(readdirSync(folder).sort()).toEqual(Object.keys(SERVERS).map((server) => `${server}.yaml`).sort());
    });
  });

  test('has a folder for each engine', () => {
    expect(readdirSync(join(FOLDER, set, 'engines')).sort()).toEqual([...engines].sort());
  });
});

test('each server of the catalogue is there', () => {
  expect(Object.keys(SERVERS).sort()).toEqual(InferenceServer.all().map((server) => server.facts.id).sort());
});
