import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import * as serving from 'cdk8s-serving';
import type { Code } from './arbitraries';

/** What came of a program: its files by path, or what it threw. */
export interface Outcome {
  readonly files: { readonly [path: string]: string };
  readonly error?: unknown;
  /** What was printed to stderr. */
  readonly printed: string;
}

const LIBRARIES: { [name: string]: unknown } = { ...cdk8s, ...plus, ...serving };
const HOME = mkdtempSync(join(tmpdir(), 'serving-programs-'));
process.once('exit', () => rmSync(HOME, { recursive: true, force: true }));
let runs = 0;

/** Runs a program in a scope with the three libraries and an app of its own, and reads what it wrote. */
export function runProgram(program: Code): Outcome {
  const outdir = join(HOME, `out-${runs++}`);
  let ids = 0;
  const scope: { [name: string]: unknown } = {
    ...LIBRARIES, app: new App({ outdir }), id: () => `id${ids++}`, folders: folders(),
    cyclic: () => { const one: { self?: unknown } = {}; one.self = one; return one; },
  };
  const printed: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = ((text: string) => { printed.push(String(text)); return true; }) as typeof process.stderr.write;
  let error: unknown;
  try {
    new Function(...Object.keys(scope), `'use strict';\n${program}`)(...Object.values(scope));
  } catch (thrown) {
    error = thrown ?? new Error('threw nothing');
  } finally {
    process.stderr.write = write;
  }
  const files = existsSync(outdir) ? readFiles(outdir) : {};
  rmSync(outdir, { recursive: true, force: true });
  return { files, error, printed: printed.join('') };
}

function readFiles(folder: string): { [path: string]: string } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(files.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

let made: { [name: string]: string } | undefined;

/** Folders and files that programs name: good ones, and such as no one should give. */
function folders(): { [name: string]: string } {
  if (made !== undefined) return made;
  const write = (path: string, content: string | Buffer): string => {
    mkdirSync(join(HOME, path, '..'), { recursive: true });
    writeFileSync(join(HOME, path), content);
    return join(HOME, path);
  };
  const folder = (name: string, files: { [path: string]: string | Buffer }): string => {
    mkdirSync(join(HOME, name), { recursive: true });
    for (const [path, content] of Object.entries(files)) write(join(name, path), content);
    return join(HOME, name);
  };
  made = {
    small: folder('small', { 'server.py': 'app = None\n', 'lib/a b.py': '# größe\n', 'requirements.txt': 'fastapi==0.116.0\n' }), empty: folder('empty', {}), large: folder('large', { 'x.py': '#'.repeat(1_000_000) }),
    binary: folder('binary', { 'x.py': 'pass\n', 'model.bin': Buffer.from([0, 255, 254, 128]) }), file: write('one.py', 'pass\n'),
    clusterFile: write('cluster.json', JSON.stringify({ name: 'eu-9', version: '1.33', gpuPools: [{ preset: 'gke', product: 'L4', count: 8 }], gateway: { name: 'public', namespace: 'gateway' }, operators: ['keda', 'metrics-server', 'external-secrets'] })),
    golden: write('golden.jsonl', `${JSON.stringify({ name: 'one', body: { inputs: [] }, expect: { status: 200, body: { outputs: [1] }, tolerance: 0.01 } })}\n`),
    notJson: write('broken.json', '{'), listJson: write('list.json', '[]'), strangeJson: write('strange.json', JSON.stringify({ colour: 1, version: 1.34, gpuPools: [{ preset: 'gke' }, null, 1], operators: [1] })),
  };
  return made;
}
