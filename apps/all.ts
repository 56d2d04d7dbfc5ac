/**
 * Synthesizes every app of this folder in one process, each into a folder of its own:
 * what `cdk8s synth` runs. One app alone: `npx ts-node apps/<name>/main.ts`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = process.env.CDK8S_OUTDIR ?? 'dist';

for (const name of readdirSync(__dirname).sort()) {
  const main = join(__dirname, name, 'main.ts');
  if (existsSync(main)) {
    process.env.CDK8S_OUTDIR = join(root, name);
    require(main);
  }
}
