import { colorAt, escape, format, PALETTE } from './format';
import { graphSvg, Mark, Named } from './graph';
import { GrafanaPanel, Override } from './model';
import { Labels, Prometheus, Times } from './prometheus';

const LEGEND_ROW = 18;
const MOST_LEGEND_ROWS = 5;

/** What a panel is drawn from. */
export interface Drawing {
  readonly prometheus: Prometheus;
  readonly times: Times;
  readonly marks: readonly Mark[];
  /** A query with the reader's choices in it. */
  readonly filled: (expr: string) => string;
}

/** A panel's inside, as HTML. */
export async function panelHtml(panel: GrafanaPanel, drawing: Drawing, width: number, height: number): Promise<string> {
  if (panel.type === 'timeseries') return graphPanel(panel, drawing, width, height);
  if (panel.type === 'stat') return statPanel(panel, drawing, height);
  return tablePanel(panel, drawing);
}

async function graphPanel(panel: GrafanaPanel, { prometheus, times, marks, filled }: Drawing, width: number, height: number): Promise<string> {
  const lines: Named[] = [];
  for (const { expr, legendFormat } of panel.targets) {
    for (const { labels, points } of await prometheus.range(filled(expr), times)) lines.push({ name: legend(legendFormat ?? '', labels), points });
  }
  const { html, rows } = legendHtml(lines, width);
  const below = rows * LEGEND_ROW + 2;
  return `${graphSvg(panel, lines, marks, times, width, height - below - 2)}<div class="legend" style="height:${below}px">${html}</div>`;
}

/** Names of lines, as many as there is room for; Grafana would let the rest be scrolled to. */
function legendHtml(lines: readonly Named[], width: number): { html: string; rows: number } {
  const room = width - 16;
  let rows = 1;
  let used = 0;
  const shown: string[] = [];
  for (const [i, { name }] of lines.entries()) {
    const needed = name.length * 6.8 + 28;
    if (used > 0 && used + needed > room) {
      rows += 1;
      used = 0;
    }
    if (rows > MOST_LEGEND_ROWS) break;
    used += needed;
    shown.push(`<span><i style="background:${PALETTE[i % PALETTE.length]}"></i>${escape(name)}</span>`);
  }
  const left = lines.length - shown.length;
  return { html: shown.join('') + (left > 0 ? `<span>and ${left} more</span>` : ''), rows };
}

async function statPanel(panel: GrafanaPanel, { prometheus, times, filled }: Drawing, height: number): Promise<string> {
  const { unit = 'none', decimals, thresholds, noValue = 'No data' } = panel.fieldConfig.defaults;
  const values = (await prometheus.instant(filled(panel.targets[0]!.expr), times.to)).map(({ value }) => value);
  const value = values[0];
  const text = value === undefined ? noValue : format(value, unit, decimals);
  const paint = value === undefined || panel.options.colorMode === 'none' ? '#24292e' : colorAt(thresholds?.steps ?? [], value);
  return `<div class="stat" style="height:${height}px;color:${paint};font-size:${Math.min(34, Math.floor(260 / Math.max(6, text.length)))}px">${escape(text)}</div>`;
}

/** Rows of all queries' answers that have the same labels, as Grafana's `merge`; then columns by `organize`. */
async function tablePanel(panel: GrafanaPanel, { prometheus, times, filled }: Drawing): Promise<string> {
  const rows: Map<string, string | number>[] = [];
  const answers: { field: string; samples: { labels: Labels; value: number }[] }[] = [];
  for (const { refId, expr } of panel.targets) answers.push({ field: panel.targets.length === 1 ? 'Value' : `Value #${refId}`, samples: await prometheus.instant(filled(expr), times.to) });
  for (const { field, samples } of answers) {
    for (const { labels, value } of samples) {
      const fits = rows.find((row) => !row.has(field) && Object.entries(labels).every(([label, text]) => !row.has(label) || row.get(label) === text) && Object.keys(labels).some((label) => row.has(label)));
      const row = fits ?? new Map<string, string | number>();
      if (fits === undefined) rows.push(row);
      for (const [label, text] of Object.entries(labels)) if (label !== '__name__') row.set(label, text);
      row.set(field, value);
    }
  }
  const { excludeByName = {}, renameByName = {}, indexByName = {} } = panel.transformations?.find((one) => one.id === 'organize')?.options ?? {};
  const of = (name: string): Override['properties'] => panel.fieldConfig.overrides.filter((one) => one.matcher.options === name).flatMap((one) => one.properties);
  const fields = [...new Set(rows.flatMap((row) => [...row.keys()]))].filter((field) => !excludeByName[field] && !of(renameByName[field] ?? field).some((one) => one.id === 'custom.hidden'))
    .sort((a, b) => (indexByName[a] ?? 99) - (indexByName[b] ?? 99));
  const [sort] = panel.options.sortBy ?? [];
  const sorted = fields.find((field) => (renameByName[field] ?? field) === sort?.displayName);
  if (sorted !== undefined) rows.sort((a, b) => (order(a.get(sorted)) - order(b.get(sorted))) * (sort?.desc ? -1 : 1));
  const cell = (field: string, value: string | number | undefined): string => {
    const properties = of(renameByName[field] ?? field);
    const unit = properties.find((one) => one.id === 'unit')?.value as string | undefined ?? panel.fieldConfig.defaults.unit ?? 'none';
    if (value === undefined) return '<td></td>';
    if (typeof value === 'string') return `<td>${properties.some((one) => one.id === 'links') ? `<u>${escape(value)}</u>` : escape(value)}</td>`;
    const steps = properties.find((one) => one.id === 'thresholds')?.value as { steps: { value: number | null; color: string }[] } | undefined;
    return `<td class="number"${steps === undefined ? '' : ` style="color:${colorAt(steps.steps, value)}"`}>${escape(format(value, unit))}</td>`;
  };
  if (rows.length === 0) return '<div class="none">No data</div>';
  return `<table><tr>${fields.map((field) => `<th>${escape(renameByName[field] ?? field)}</th>`).join('')}</tr>${rows.slice(0, 60).map((row) => `<tr>${fields.map((field) => cell(field, row.get(field))).join('')}</tr>`).join('')}</table>`;
}

/** What has no value comes last, however it is sorted. */
function order(value: string | number | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.MAX_VALUE;
}

function legend(pattern: string, labels: Labels): string {
  return pattern.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim() || Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(' ');
}
