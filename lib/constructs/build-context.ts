import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { BuildContext } from '../plan/build-context';

/** Writes the build context of an image to `images/<name>` of the output folder. */
export function writeBuildContext(outdir: string, context: BuildContext): void {
  for (const file of context.files) {
    const path = join(outdir, 'images', context.name, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.content, file.binary ? 'base64' : 'utf8');
  }
}
