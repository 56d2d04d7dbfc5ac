import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

const ROOT = join(__dirname, '..', '..');
const APPS = join(ROOT, 'apps');

/** What an app wrote and printed. */
export interface AppOutput {
  /** Content by path in the output folder. */
  readonly files: { readonly [path: string]: string };
  readonly manifests: readonly any[];
  /** Warnings that nobody acknowledged. */
  readonly stderr: string;
  /** The first object of a kind. */
  of(kind: string): any;
}

/** Every folder of apps/ with a program in it. */
export function appNames(): string[] {
  return readdirSync(APPS).filter((name) => existsSync(join(APPS, name, 'main.ts'))).sort();
}

/** Runs an app as a reader would, `npx ts-node apps/<name>/main.ts`, into a folder of its own. */
export async function runApp(name: string): Promise<AppOutput> {
  const outdir = mkdtempSync(join(tmpdir(), `app-${name}-`));
  try {
    const { stderr } = await promisify(execFile)(process.execPath, ['--require', 'ts-node/register', join(APPS, name, 'main.ts')], { cwd: ROOT, env: { ...process.env, CDK8S_OUTDIR: outdir, NODE_NO_WARNINGS: '1' } });
    const paths = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
    const files = Object.fromEntries(paths.map((path) => [path.slice(outdir.length + 1), readFileSync(path, 'utf8')]));
    const manifests = Object.entries(files).filter(([path]) => path.endsWith('.k8s.yaml')).flatMap(([, content]) => parseAllDocuments(content).map((document) => document.toJS()));
    return { files, manifests, stderr, of: (kind) => manifests.find((manifest) => manifest.kind === kind) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The container of the server in an app's Deployment. */
export function serverOf(app: AppOutput): any {
  return app.of('Deployment').spec.template.spec.containers.find((container: any) => container.name === 'server');
}
