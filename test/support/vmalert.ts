import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Has vmalert read groups of rules, with their queries and templates: throws where it would not evaluate one. */
export function checkRulesByVmalert(groups: readonly object[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'vmalert-'));
  try {
    // JSON is YAML; Debian's vmalert is of before 1.92, which brought keep_firing_for
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify({ groups }, (key, value) => (key === 'keep_firing_for' ? undefined : value)));
    execFileSync('vmalert', ['-dryRun', `-rule=${join(folder, 'rules.yaml')}`], { stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(stdout === undefined ? String(error) : `vmalert -dryRun: ${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
