import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** What a program left behind when it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Paths below its output folder. */
  readonly written: string[];
}

/** Runs a TypeScript program in a process of its own, as `npx ts-node` does, into an empty output folder. */
export function runChild(program: string, env: NodeJS.ProcessEnv = {}, cwd = ROOT): Ended {
  // below the root, so that imports are found; ts-node leaves node_modules alone
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist', '.program-'));
  try {
    const main = join(folder, 'main.ts');
    const outdir = join(folder, 'out');
    writeFileSync(main, program);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', join(ROOT, 'node_modules', 'ts-node', 'register'), main], {
      cwd, encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1', TS_NODE_PROJECT: join(ROOT, 'tsconfig.json'), CDK8S_OUTDIR: outdir, ...env },
    });
    return { code: status, stdout, stderr, written: existsSync(outdir) ? (readdirSync(outdir, { recursive: true }) as string[]).sort() : [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
