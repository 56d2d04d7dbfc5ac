/**
 * Pictures of dashboards from the data of a store that answers as Prometheus does; needs Debian's `chromium`.
 *
 *     npx ts-node scripts/docs/dashboards/main.ts --url http://127.0.0.1:9090 --dashboards dist/dashboards --out docs/images --data 'Of two MLServer pods.' [--to 2026-11-23T14:00:00Z] [--minutes 60] [--choose service=fraud]
 *
 * Reads the dashboards as `Grafana.files()` writes them.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GrafanaDashboard } from './model';
import { pageHtml, WIDTH } from './page';
import { Prometheus } from './prometheus';

const { values } = parseArgs({ options: {
  url: { type: 'string' }, dashboards: { type: 'string' }, out: { type: 'string' }, data: { type: 'string' }, to: { type: 'string' }, minutes: { type: 'string', default: '60' }, choose: { type: 'string', multiple: true, default: [] },
} });

async function main(): Promise<void> {
  const { url, dashboards, out, data } = values;
  if (url === undefined || dashboards === undefined || out === undefined || data === undefined) throw new Error('--url, --dashboards, --out and --data are needed');
  const to = Math.floor((values.to === undefined ? Date.now() : Date.parse(values.to)) / 1000);
  const span = Number(values.minutes) * 60;
  const times = { from: to - span, to, step: Math.max(10, Math.ceil(span / 300)) };
  const choices = Object.fromEntries(values.choose.map((one) => one.split('=', 2) as [string, string]));
  mkdirSync(out, { recursive: true });
  for (const file of readdirSync(dashboards).filter((name) => name.endsWith('.json')).sort()) {
    const dashboard = JSON.parse(readFileSync(join(dashboards, file), 'utf8')) as GrafanaDashboard;
    const { html, height } = await pageHtml(dashboard, new Prometheus(url), { times, choices, data });
    const picture = resolve(out, `${file.replace(/(-[0-9a-f]{8})?\.json$/, '')}.png`);
    photograph(html, height, picture);
    console.log(picture);
  }
}

function photograph(html: string, height: number, picture: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
  try {
    writeFileSync(join(folder, 'page.html'), html);
    execFileSync('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${folder}/profile`, `--window-size=${WIDTH},${height}`, `--screenshot=${picture}`, `file://${folder}/page.html`], { stdio: 'pipe', timeout: 60_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
