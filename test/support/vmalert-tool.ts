import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './cluster/programs';
import { RuleCase, rulesTest } from './promtool';

/** VictoriaMetrics' own evaluation of rules, over its own store, by its `vmalert-tool`. */
export class VmalertTool {
  static async make(): Promise<VmalertTool> {
    return new VmalertTool(join(await program('vmalert-tool'), 'vmalert-tool'));
  }

  private constructor(private readonly path: string) {}

  /** Evaluates groups of rules over series, and sees what is recorded and what fires: throws with the difference, or with what it doesn't take of the rules. */
  expectRules(groups: readonly object[], given: RuleCase): void {
    const folder = mkdtempSync(join(tmpdir(), 'vmalert-'));
    try {
      writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(rulesTest(given, 'metricsql_expr_test')));
      writeFileSync(join(folder, 'groups.yaml'), JSON.stringify({ groups }));
      execFileSync(this.path, ['unittest', `-files=${join(folder, 'rules.yaml')}`], { stdio: 'pipe', cwd: folder });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
      throw new Error(stdout === undefined ? String(error) : `vmalert-tool unittest: ${stdout}${stderr}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
