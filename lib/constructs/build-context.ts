import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { BuildContext } from '../plan/build-context';

/** Writes the build context of an image to `images/<name>` of the output folder. */
export function writeBuildContext(outdir: string, context: BuildContext): void {
  for (const file of context.files) writeBeside(outdir, join('images', context.name, file.path), file.content, file.binary);
}

/** Writes a file below the output folder, beside the manifests. */
export function writeBeside(outdir: string, name: string, content: string, binary = false): void {
  const path = join(outdir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, binary ? 'base64' : 'utf8');
}
