import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ASSETS = join(__dirname, '..', '..', 'assets');
const READ = new Map<string, { readonly [file: string]: string }>();

/** The folder of a program of the package. */
export function programFolder(program: string): string {
  return join(ASSETS, program);
}

/** The files of a program of the package, by name. */
export function programFiles(program: string): { readonly [file: string]: string } {
  let files = READ.get(program);
  if (files === undefined) {
    const folder = join(ASSETS, program);
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
    READ.set(program, files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])));
  }
  return files;
}
