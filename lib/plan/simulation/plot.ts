/** One curve of a panel. */
export interface PlotSeries {
  readonly label: string;
  /** A value for each time of the plot. */
  readonly values: readonly number[];
  /** A number that holds until the next one, a quantity that changes in between, or such a quantity filled down to zero. */
  readonly kind: 'step' | 'line' | 'area';
  /** Colour, 1 to 6; one reads on light and dark ground. */
  readonly tone: 1 | 2 | 3 | 4 | 5 | 6;
  readonly dashed?: boolean;
}

/** Curves over one axis. */
export interface PlotPanel {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly PlotSeries[];
}

/** Panels above each other, over one time. */
export interface Plot {
  readonly title: string;
  /** What is to be seen, in a sentence: also for who can't see it. */
  readonly description: string;
  /** Seconds, in rising order. */
  readonly times: readonly number[];
  readonly panels: readonly PlotPanel[];
}

const WIDTH = 900;
const LEFT = 70;
const RIGHT = 20;
const TOP = 62;
const PANEL = 150;
const GAP = 52;
/** Steps of a time axis that people count in, in seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/** Colours of the tones on light and on dark ground. */
const TONES = { light: ['#0969da', '#bc4c00', '#1a7f37', '#8250df', '#cf222e', '#6e7781'], dark: ['#4493f8', '#f0883e', '#3fb950', '#ab7df8', '#f85149', '#9198a1'] };

// colours by class, not by variables of CSS, which browsers know and other viewers don't
const tones = (colours: readonly string[]): string => colours.map((colour, i) => `.t${i + 1}{stroke:${colour}}.f${i + 1}{fill:${colour};stroke:${colour}}`).join('');
const STYLE = [
  '.ground{fill:#ffffff}.text{fill:#1f2328}.faint{fill:#59636e}.grid{stroke:#d1d9e0}.axis{stroke:#59636e}', tones(TONES.light),
  '.curve{fill:none;stroke-width:1.8;stroke-linejoin:round}.dashed{stroke-dasharray:6 4}.area{fill-opacity:.25;stroke-width:1.2}',
  'text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:12px}.title{font-size:15px;font-weight:600}.head{font-weight:600}',
  '@media(prefers-color-scheme:dark){.ground{fill:#0d1117}.text{fill:#f0f6fc}.faint{fill:#9198a1}.grid{stroke:#30363d}.axis{stroke:#9198a1}', tones(TONES.dark), '}',
].join('');

/** Draws a plot: an SVG that stands for itself, without scripts or fonts from elsewhere. */
export function svgPlot(plot: Plot): string {
  const height = TOP + plot.panels.length * (PANEL + GAP) - GAP + 52;
  const start = plot.times[0] ?? 0;
  const end = Math.max(start + 1, plot.times[plot.times.length - 1] ?? 1);
  const x = (second: number): number => LEFT + (second - start) / (end - start) * (WIDTH - LEFT - RIGHT);
  const panels = plot.panels.flatMap((panel, i) => drawPanel(panel, plot.times, x, TOP + i * (PANEL + GAP) + 22));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(`${plot.title}. ${plot.description}`)}">`,
    `<title>${escape(plot.title)}</title>`, `<desc>${escape(plot.description)}</desc>`, `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    text(LEFT, 24, plot.title, 'text title'), text(LEFT, 44, plot.description, 'faint'),
    ...timeAxis(start, end, x, plot.panels.length),
    ...panels,
    '</svg>', '',
  ].join('\n');
}

function drawPanel(panel: PlotPanel, times: readonly number[], x: (second: number) => number, top: number): string[] {
  const most = Math.max(0, ...panel.series.map((one) => one.values.reduce((a, b) => Math.max(a, b), 0)));
  const step = niceStep(most / 4, panel.series.every((one) => one.kind === 'step'));
  const ceiling = Math.max(step, Math.ceil(most / step - 1e-9) * step);
  const bottom = top + PANEL;
  const y = (value: number): number => bottom - value / ceiling * PANEL;
  const ticks = Array.from({ length: Math.round(ceiling / step) + 1 }, (_, i) => i * step);
  let offset = LEFT + panel.title.length * 7 + panel.unit.length * 6.4 + 40;
  const legend = panel.series.map((one) => {
    const at = offset;
    offset += 34 + one.label.length * 6.8;
    const mark = one.kind === 'area' ? `<rect class="area f${one.tone}" x="${round(at)}" y="${top - 18}" width="18" height="9"/>` : `<path class="curve t${one.tone}${one.dashed ? ' dashed' : ''}" d="M${round(at)} ${top - 13}h18"/>`;
    return mark + text(at + 23, top - 9, one.label, 'text');
  });
  return [
    `<text class="text head" x="${LEFT}" y="${top - 9}">${escape(panel.title)}<tspan class="faint" font-weight="400" dx="6">${escape(panel.unit)}</tspan></text>`, ...legend,
    ...ticks.map((tick) => `<path class="${tick === 0 ? 'axis' : 'grid'}" d="M${LEFT} ${round(y(tick))}H${WIDTH - RIGHT}"/>${text(LEFT - 8, y(tick) + 4, number(tick), 'faint', 'end')}`),
    ...panel.series.map((one) => curve(one, times, x, y)),
  ];
}

function curve(series: PlotSeries, times: readonly number[], x: (second: number) => number, y: (value: number) => number): string {
  let path = '';
  let last = '';
  times.forEach((time, i) => {
    const height = round(y(series.values[i] ?? 0));
    // of a run of equal values its ends are enough
    if (height === last && i < times.length - 1 && (series.kind === 'step' || round(y(series.values[i + 1] ?? 0)) === height)) return;
    path += i === 0 ? `M${round(x(time))} ${height}` : series.kind === 'step' ? `H${round(x(time))}V${height}` : `L${round(x(time))} ${height}`;
    last = height;
  });
  if (series.kind !== 'area') return `<path class="curve t${series.tone}${series.dashed ? ' dashed' : ''}" d="${path}"/>`;
  return `<path class="area f${series.tone}" d="${path}V${round(y(0))}H${round(x(times[0] ?? 0))}Z"/>`;
}

function timeAxis(start: number, end: number, x: (second: number) => number, panels: number): string[] {
  const step = TIME_STEPS.find((one) => (end - start) / one <= 12) ?? 604_800;
  const [unit, size] = step < 60 ? ['s', 1] : step < 3600 ? ['min', 60] : step < 86_400 ? ['h', 3600] : ['d', 86_400];
  const bottom = TOP + panels * (PANEL + GAP) - GAP + 22;
  const ticks = Array.from({ length: Math.floor((end - start) / step + 1e-9) + 1 }, (_, i) => start + i * step);
  return [
    ...ticks.map((tick) => Array.from({ length: panels }, (_, i) => `<path class="grid" d="M${round(x(tick))} ${TOP + i * (PANEL + GAP) + 22}v${PANEL}"/>`).join('') + text(x(tick), bottom + 17, number(tick / size), 'faint', 'middle')),
    text(LEFT - 22, bottom + 17, unit as string, 'faint', 'end'),
  ];
}

/** 1, 2 or 5 times a power of ten, at least as great; of copies never less than one. */
function niceStep(least: number, whole: boolean): number {
  const wanted = whole || least === 0 ? Math.max(least, 1) : least;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= wanted - 1e-12)!;
}

function text(x: number, y: number, content: string, style: string, anchor?: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}"${anchor === undefined ? '' : ` text-anchor="${anchor}"`}>${escape(content)}</text>`;
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
