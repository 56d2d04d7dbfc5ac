import { color, escape, format, PALETTE, ticks } from './format';
import { GrafanaPanel } from './model';
import { Line, Times } from './prometheus';

/** A graph's line: what it is called, and its values. */
export interface Named { readonly name: string; readonly points: Line['points'] }
export interface Mark { readonly second: number; readonly text: string }

const LEFT = 64;
const BOTTOM = 20;

/** Values over time as SVG, with Grafana's palette; bounds as dashed lines. */
export function graphSvg(panel: GrafanaPanel, lines: readonly Named[], marks: readonly Mark[], times: Times, width: number, height: number): string {
  const { unit = 'none', min, max, thresholds, custom } = panel.fieldConfig.defaults;
  const stacked = custom?.stacking?.mode === 'normal';
  const bounds = custom?.thresholdsStyle === undefined ? [] : (thresholds?.steps ?? []).filter((step) => step.value !== null);
  const drawn = stacked ? stack(lines) : lines.map((line) => ({ ...line, floor: undefined }));
  const values = drawn.flatMap((line) => line.points.map(([, value]) => value)).filter(Number.isFinite);
  if (values.length === 0) return `<div class="none" style="height:${height}px">No data</div>`;
  const low = Math.min(min ?? Infinity, ...values);
  const highest = Math.max(...values, ...(max === undefined ? [] : [max]));
  // a bound far above everything would flatten the lines: Grafana does not widen the axis for it either
  const high = highest > low ? highest + (max === undefined ? (highest - low) * 0.05 : 0) : low + (low === 0 ? 1 : Math.abs(low) * 0.2);
  const x = (second: number): number => LEFT + (second - times.from) / (times.to - times.from) * (width - LEFT - 8);
  const y = (value: number): number => 6 + (1 - (value - low) / (high - low)) * (height - BOTTOM - 6);
  const grid = ticks(low, high, 4);
  const grain = grid.length > 1 ? grid[1]! - grid[0]! : high - low;
  return `<svg width="${width}" height="${height}" font-family="inherit" font-size="11">${[
    ...grid.map((value) => `<line x1="${LEFT}" x2="${width - 8}" y1="${n(y(value))}" y2="${n(y(value))}" stroke="#e4e7eb"/><text x="${LEFT - 6}" y="${n(y(value) + 4)}" text-anchor="end" fill="#555">${escape(format(value, unit, undefined, grain))}</text>`),
    ...timeTicks(times, width).map((second) => `<text x="${n(Math.min(x(second), width - 20))}" y="${height - 5}" text-anchor="middle" fill="#555">${clock(second)}</text>`),
    ...marks.map(({ second, text }) => `<line x1="${n(x(second))}" x2="${n(x(second))}" y1="6" y2="${height - BOTTOM}" stroke="${color('purple')}" stroke-dasharray="4 3"/><text x="${n(x(second) + 3)}" y="14" font-size="10" fill="${color('purple')}">${escape(text)}</text>`),
    ...bounds.filter(({ value }) => value! <= high && value! >= low).map((step) => `<line x1="${LEFT}" x2="${width - 8}" y1="${n(y(step.value!))}" y2="${n(y(step.value!))}" stroke="${color(step.color)}" stroke-dasharray="8 5" stroke-width="1.5"/>`),
    ...drawn.map((line, i) => path(line, PALETTE[i % PALETTE.length]!, x, y, low, custom?.fillOpacity ?? 0, times.step)),
  ].join('')}</svg>`;
}

/** Each line on top of those before it. */
function stack(lines: readonly Named[]): (Named & { floor?: ReadonlyMap<number, number> })[] {
  let floor = new Map<number, number>();
  return lines.map((line) => {
    const below = floor;
    floor = new Map(below);
    const points = line.points.map(([second, value]) => {
      const top = (below.get(second) ?? 0) + (Number.isFinite(value) ? value : 0);
      floor.set(second, top);
      return [second, top] as const;
    });
    return { ...line, points, floor: below };
  });
}

function path(line: Named & { floor?: ReadonlyMap<number, number> }, stroke: string, x: (second: number) => number, y: (value: number) => number, low: number, opacity: number, step: number): string {
  // a gap in the data is a gap in the line
  const runs: (readonly [number, number])[][] = [];
  for (const point of line.points.filter(([, value]) => Number.isFinite(value))) {
    const run = runs.at(-1);
    if (run !== undefined && point[0] - run.at(-1)![0] <= step * 1.5) run.push(point);
    else runs.push([point]);
  }
  return runs.map((run) => {
    if (run.length === 1) return `<circle cx="${n(x(run[0]![0]))}" cy="${n(y(run[0]![1]))}" r="1.5" fill="${stroke}"/>`;
    const top = run.map(([second, value]) => `${n(x(second))},${n(y(value))}`);
    const bottom = [...run].reverse().map(([second]) => `${n(x(second))},${n(y(line.floor?.get(second) ?? Math.max(low, 0)))}`);
    return `<polygon points="${[...top, ...bottom].join(' ')}" fill="${stroke}" opacity="${opacity / 100}"/><polyline points="${top.join(' ')}" fill="none" stroke="${stroke}" stroke-width="1.5"/>`;
  }).join('');
}

function timeTicks({ from, to }: Times, width: number): number[] {
  const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
  const step = steps.find((one) => (to - from) / one <= width / 80) ?? 86_400;
  const found: number[] = [];
  for (let second = Math.ceil(from / step) * step; second <= to; second += step) found.push(second);
  return found;
}

/** Hours and minutes, UTC. */
export function clock(second: number): string {
  return new Date(second * 1000).toISOString().slice(11, 16);
}

function n(value: number): string {
  return value.toFixed(1);
}
