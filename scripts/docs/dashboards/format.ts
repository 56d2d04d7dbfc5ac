/** Values and colours as Grafana writes them, as far as our dashboards use them. */

/** Grafana's classic palette: https://github.com/grafana/grafana/blob/v12.0.0/packages/grafana-data/src/themes/createVisualizationColors.ts */
export const PALETTE = ['#7EB26D', '#EAB839', '#6ED0E0', '#EF843C', '#E24D42', '#1F78C1', '#BA43A9', '#705DA0', '#508642', '#CCA300', '#447EBC', '#C15C17'];
const NAMED: { readonly [name: string]: string } = { green: '#73BF69', orange: '#FF9830', red: '#F2495C', purple: '#B877D9' };

export function color(name: string): string {
  return NAMED[name] ?? name;
}

/** The colour of a value by thresholds. */
export function colorAt(steps: readonly { readonly value: number | null; readonly color: string }[], value: number): string {
  return color(steps.filter((step) => step.value === null || value >= step.value).at(-1)?.color ?? 'green');
}

const SCALES: { readonly [unit: string]: { readonly base: number; readonly units: readonly string[] } } = {
  short: { base: 1000, units: ['', ' K', ' Mil', ' Bil'] }, reqps: { base: 1000, units: [' req/s', ' K req/s', ' M req/s'] }, cps: { base: 1000, units: [' c/s', ' K c/s', ' M c/s'] },
  mbytes: { base: 1024, units: [' MiB', ' GiB', ' TiB'] }, watt: { base: 1000, units: [' W', ' kW', ' MW'] }, celsius: { base: 1000, units: [' °C'] }, none: { base: Infinity, units: [''] },
};

/** A value with its unit; digits so that it tells apart what differs by `grain`. */
export function format(value: number, unit: string, decimals?: number, grain = Math.abs(value) / 100): string {
  if (Number.isNaN(value)) return 'NaN';
  const digits = (scale: number): number => decimals ?? Math.min(4, Math.max(0, Math.ceil(-Math.log10(Math.max(grain, 1e-9) / scale))));
  const trim = (number: number, scale: number): string => {
    const text = number.toFixed(digits(scale));
    return decimals === undefined && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  };
  if (unit === 'percentunit') return `${trim(value * 100, 0.01)}%`;
  if (unit === 's') return seconds(value, trim);
  if (unit.startsWith('currency:')) return `${value < 0 ? '-' : ''}${unit.slice(9)}${trim(Math.abs(value), 1)}`;
  const { base, units } = SCALES[unit] ?? { base: Infinity, units: [` ${unit}`] };
  let power = 0;
  while (power + 1 < units.length && Math.abs(value) >= base ** (power + 1)) power += 1;
  return `${trim(value / base ** power, base === Infinity ? 1 : base ** power)}${units[power]}`;
}

function seconds(value: number, trim: (number: number, scale: number) => string): string {
  const size = Math.abs(value);
  const [scale, name] = size === 0 ? [1, 's'] : size < 1e-3 ? [1e-6, 'µs'] : size < 1 ? [1e-3, 'ms'] : size < 60 ? [1, 's'] : size < 3600 ? [60, 'mins'] : size < 86_400 ? [3600, 'hours'] : [86_400, 'days'];
  return `${trim(value / scale, scale)} ${name}`;
}

export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Round steps of an axis: 1, 2 or 5 times a power of ten. */
export function ticks(min: number, max: number, about: number): number[] {
  const span = max - min || 1;
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let value = Math.ceil(min / step - 1e-9) * step; value <= max + step * 1e-9; value += step) found.push(Number(value.toPrecision(12)));
  return found;
}
