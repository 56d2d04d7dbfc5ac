import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for each test of a file, new and empty, and gone after it. */
export class TestFolder {
  static eachTest(): TestFolder {
    const folder = new TestFolder();
    beforeEach(() => { folder.path = mkdtempSync(join(tmpdir(), 'test-')); });
    afterEach(() => rmSync(folder.path, { recursive: true }));
    return folder;
  }

  path = '';

  /** Writes files into it and says where it is. */
  write(files: { readonly [path: string]: string | Buffer }): string {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), content);
    }
    return this.path;
  }
}
