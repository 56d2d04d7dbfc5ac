/** What a file of times and rates holds, or what is wrong with a line of it. */
export interface LoadCsv {
  readonly points: { readonly second: number; readonly rate: number }[];
  readonly wrong?: string;
  readonly line?: number;
}

/** Reads lines of a time and requests a second; other columns are left alone. */
export function readLoadCsv(text: string, longest: number): LoadCsv {
  const points: { second: number; rate: number }[] = [];
  let origin: number | undefined;
  for (const [i, raw] of text.replace(/^\uFEFF/, '').split(/\r?\n/).entries()) {
    if (raw.trim() === '' || raw.startsWith('#')) continue;
    const [time, rate] = raw.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const at = timeOf(time ?? '');
    const value = rate === undefined || rate === '' ? NaN : Number(rate);
    if (points.length === 0 && at === undefined && Number.isNaN(value)) continue; // titles
    if (at === undefined) return { points, wrong: `'${(time ?? '').slice(0, 40)}' is no time`, line: i + 1 };
    if (!Number.isFinite(value) || value < 0) return { points, wrong: `'${(rate ?? '').slice(0, 40)}' is no number of requests`, line: i + 1 };
    origin ??= at;
    if (at - origin > longest) return { points, wrong: `a time more than ${longest / 86_400} days after the first`, line: i + 1 };
    if (at < (points.length === 0 ? at : points[points.length - 1]!.second + origin)) return { points, wrong: 'a time before the one ahead of it', line: i + 1 };
    points.push({ second: at - origin, rate: value });
  }
  return points.length < 2 ? { points, wrong: 'less than two points', line: points.length + 1 } : { points };
}

/** Seconds; of a date since 1970. Milliseconds since 1970, as Grafana writes them, are known by their size. */
function timeOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) > 1e11 ? Number(text) / 1000 : Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  // without a zone, hours would be those of the machine that reads
  const parsed = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) || text.length <= 10 ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(parsed) ? undefined : parsed / 1000;
}
