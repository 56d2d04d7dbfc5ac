import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './kubectl';

const ROOT = join(__dirname, '../../..');

/**
 * What the library makes of what a program says.
 * @param namespace of the chart, where queries must name the one that pods really run in; else setNamespace() does.
 */
export function synthesized(build: (chart: Chart) => void, namespace = 'test'): Manifest[] {
  const chart = new Chart(Testing.app(), 'test', { namespace });
  build(chart);
  return Testing.synth(chart) as Manifest[];
}

/** Names of everything in apps/. */
export const appNames = (): string[] =>
  readdirSync(join(ROOT, 'apps'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

/** What a program of apps/ writes, as its users run it. */
export function app(name: string): Manifest[] {
  const outdir = mkdtempSync(join(tmpdir(), `app-${name}-`));
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/ts-node'), [join(ROOT, 'apps', name, 'main.ts')], { cwd: ROOT, env: { ...process.env, CDK8S_OUTDIR: outdir } });
    const files = readdirSync(outdir).filter((file) => file.endsWith('.k8s.yaml')).sort();
    return files.flatMap((file) => parseAllDocuments(readFileSync(join(outdir, file), 'utf8')).map((document) => document.toJS() as Manifest));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The Deployment among manifests. */
export function deploymentOf(manifests: Manifest[]): Manifest {
  const found = manifests.find((manifest) => manifest.kind === 'Deployment');
  if (!found) throw new Error('no Deployment among the manifests');
  return found;
}

/** The same manifests with the Deployment changed: for the proof that what is taken out was needed. */
export function without(manifests: Manifest[], take: (deployment: Manifest) => void): Manifest[] {
  const copies = structuredClone(manifests);
  take(deploymentOf(copies));
  return copies;
}
