import { clock } from './graph';
import { escape } from './format';
import { GrafanaDashboard, GrafanaVariable } from './model';
import { Drawing, panelHtml } from './panels';
import { Prometheus, Times } from './prometheus';

/** Width of a picture, and what a row of Grafana's grid is high. */
export const WIDTH = 1500;
const ROW = 30;
const GAP = 8;

const STYLE = `
  body { margin: 0; padding: 16px; width: ${WIDTH - 32}px; background: #f4f5f5; color: #24292e; font: 13px "DejaVu Sans", sans-serif; }
  h1 { font-size: 18px; margin: 0 0 4px } p { margin: 0 0 8px; color: #555 }
  .choices span { display: inline-block; margin: 0 8px 8px 0; padding: 3px 8px; background: #fff; border: 1px solid #d5d9de } .choices b { color: #1f60c4; font-weight: normal; margin-right: 6px }
  .grid { position: relative } .panel { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #dde1e6; overflow: hidden } .panel h2 { font-size: 12px; margin: 6px 8px 4px; white-space: nowrap; overflow: hidden }
  .row { position: absolute; font-weight: bold; font-size: 14px; line-height: ${ROW}px } .row::before { content: "▾ "; color: #777 }
  .stat { display: flex; align-items: center; justify-content: center; white-space: nowrap } .none { display: flex; align-items: center; justify-content: center; color: #888; min-height: 60px }
  .legend { overflow: hidden; padding: 0 8px; font-size: 11px; line-height: 18px } .legend span { margin-right: 12px; white-space: nowrap; display: inline-block } .legend i { display: inline-block; width: 12px; height: 3px; margin-right: 4px; vertical-align: middle }
  table { border-collapse: collapse; width: 100%; font-size: 12px } th { text-align: left; color: #1f60c4; font-weight: normal } th, td { padding: 4px 8px; border-bottom: 1px solid #eceff2; white-space: nowrap } u { color: #1f60c4; text-decoration: none }
  footer { color: #555; font-size: 11px; padding-top: 10px }`;

export interface PictureProps {
  readonly times: Times;
  /** The reader's choices; all where there is none. */
  readonly choices: { readonly [variable: string]: string };
  /** Where the data comes from, in a sentence. */
  readonly data: string;
}

/** A dashboard as a page, with the data that a store has. */
export async function pageHtml(dashboard: GrafanaDashboard, prometheus: Prometheus, { times, choices, data }: PictureProps): Promise<{ html: string; height: number }> {
  const chosen = await choose(dashboard, prometheus, times, choices);
  const filled = (expr: string): string => fill(expr, chosen.values);
  const marks: { second: number; text: string }[] = [];
  for (const { expr, titleFormat } of dashboard.annotations.list) {
    for (const { labels, points } of await prometheus.range(filled(expr), times)) {
      const text = titleFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
      points.forEach(([second], i) => { if (i === 0 || second - points[i - 1]![0] > times.step * 1.5) marks.push({ second, text }); });
    }
  }
  const drawing: Drawing = { prometheus, times, marks: marks.filter(({ second }) => second > times.from), filled };
  const column = (WIDTH - 32 + GAP) / 24;
  const boxes: string[] = [];
  let bottom = 0;
  for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    const at = `left:${(x * column).toFixed(0)}px;top:${y * (ROW + GAP)}px`;
    bottom = Math.max(bottom, (y + h) * (ROW + GAP));
    if (panel.type === 'row') {
      boxes.push(`<div class="row" style="${at}">${escape(panel.title)}</div>`);
      continue;
    }
    const width = Math.floor(w * column - GAP);
    const height = h * (ROW + GAP) - GAP;
    boxes.push(`<div class="panel" style="${at};width:${width}px;height:${height}px"><h2>${escape(panel.title)}</h2>${await panelHtml(panel, drawing, width - 2, height - 30)}</div>`);
  }
  const span = `${new Date(times.from * 1000).toISOString().slice(0, 10)}, ${clock(times.from)} to ${clock(times.to)} UTC`;
  const html = `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><h1>${escape(dashboard.title)}</h1><p>${escape(dashboard.description ?? '')}</p>
    <div class="choices">${chosen.shown.map(([label, value]) => `<span><b>${escape(label)}</b>${escape(value)}</span>`).join('')}</div><div class="grid" style="height:${bottom}px">${boxes.join('\n')}</div>
    <footer>Drawn from the dashboard's JSON by scripts/docs/dashboards, not by Grafana. ${escape(data)} ${span}.</footer>`;
  return { html, height: bottom + 150 };
}

async function choose(dashboard: GrafanaDashboard, prometheus: Prometheus, times: Times, choices: { readonly [variable: string]: string }): Promise<{ values: { [variable: string]: string }; shown: [string, string][] }> {
  const values: { [variable: string]: string } = {};
  const shown: [string, string][] = [];
  for (const variable of dashboard.templating.list) {
    if (variable.type !== 'query') continue;
    const value = choices[variable.name] ?? await all(variable, prometheus, times, values);
    values[variable.name] = value;
    shown.push([variable.label ?? variable.name, choices[variable.name] ?? 'All']);
  }
  return { values, shown };
}

/** All values: by its own pattern, or else one after the other. */
async function all(variable: GrafanaVariable, prometheus: Prometheus, times: Times, before: { [variable: string]: string }): Promise<string> {
  if (variable.allValue !== undefined) return variable.allValue;
  const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(variable.query)!;
  return (await prometheus.labelValues(fill(series!, before), label!, times)).join('|');
}

function fill(expr: string, values: { readonly [variable: string]: string }): string {
  return expr.replace(/\$([A-Za-z_]\w*)/g, (whole, name: string) => values[name] ?? (name === '__rate_interval' ? '5m' : whole));
}
