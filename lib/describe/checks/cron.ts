/** A field of a cron expression: the least, the most, and names of values. */
interface CronField { readonly from: number; readonly to: number; readonly names?: readonly string[] }

const FIELDS: readonly CronField[] = [
  { from: 0, to: 59 }, { from: 0, to: 23 }, { from: 1, to: 31 },
  { from: 1, to: 12, names: ['', 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] }, { from: 0, to: 6, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
];

/** When a cron expression is due: the values of each field, and whether day and weekday are both restricted (then either will do). */
export interface Cron {
  readonly fields: readonly ReadonlySet<number>[];
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

/**
 * Reads a cron expression of five fields, as the parser that KEDA uses does: https://pkg.go.dev/github.com/robfig/cron/v3
 * @returns undefined when it is none.
 */
export function parseCron(text: string): Cron | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return undefined;
  const fields = parts.map((part, i) => parseField(part, FIELDS[i]!));
  if (fields.some((field) => field === undefined)) return undefined;
  return { fields: fields as Set<number>[], anyDay: isAny(parts[2]!), anyWeekday: isAny(parts[4]!) };
}

const isAny = (part: string): boolean => part.split(',').some((one) => /^[*?](\/1)?$/.test(one));

function parseField(part: string, field: CronField): Set<number> | undefined {
  const values = new Set<number>();
  for (const piece of part.split(',')) {
    const match = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(piece);
    if (match === null) return undefined;
    const [, any, first, last, each] = match;
    const from = any === undefined ? valueOf(first!, field) : field.from;
    const step = each === undefined ? 1 : Number(each);
    // '5/10' is '5-59/10'
    const to = any !== undefined || (last === undefined && each !== undefined) ? field.to : last === undefined ? from : valueOf(last, field);
    if (from === undefined || to === undefined || from < field.from || to > field.to || from > to || step < 1) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function valueOf(text: string, field: CronField): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  return named < 0 ? undefined : named;
}

/** Whether an expression is due in a minute. */
function due(cron: Cron, time: Date): boolean {
  const [minutes, hours, days, months, weekdays] = cron.fields as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  if (!minutes.has(time.getUTCMinutes()) || !hours.has(time.getUTCHours()) || !months.has(time.getUTCMonth() + 1)) return false;
  const day = days.has(time.getUTCDate());
  const weekday = weekdays.has(time.getUTCDay());
  return cron.anyDay || cron.anyWeekday ? day && weekday : day || weekday;
}

/**
 * The longest time in seconds from one time that an expression is due to the next.
 * @returns undefined when it never is.
 */
export function longestGap(cron: Cron): number | undefined {
  const [minutes, hours, days, months, weekdays] = cron.fields as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const times = [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  const [first, last] = [times[0]!, times[times.length - 1]!];
  let longest = times.reduce((most, time, i) => Math.max(most, i === 0 ? 0 : time - times[i - 1]!), 0);
  let before: number | undefined;
  for (let day = 0; day < 2 * 366; day++) { // twice, so that the end of the year meets its beginning
    const date = new Date(YEAR + (day % 366) * 86_400_000);
    const [onDay, onWeekday] = [days.has(date.getUTCDate()), weekdays.has(day % 7)];
    if (!months.has(date.getUTCMonth() + 1) || !(cron.anyDay || cron.anyWeekday ? onDay && onWeekday : onDay || onWeekday)) continue;
    if (before !== undefined) longest = Math.max(longest, (day - before) * 1440 - last + first);
    before = day;
  }
  return before === undefined ? undefined : longest * 60;
}

/** From one expression to the other. */
export interface CronWindow { readonly start: Cron; readonly end: Cron }

/** A leap year, whose days of each month are all there. */
const YEAR = Date.UTC(2028, 0, 2); // a Sunday
const MINUTE = 60_000;

/** The first pair of windows that are open at the same time, by their places in the list; windows repeat at least once a year. */
export function overlap(windows: readonly CronWindow[]): readonly [number, number] | undefined {
  const weekly = windows.every(({ start, end }) => [start, end].every((one) => one.anyDay && one.fields[3]!.size === 12));
  const minutes = (weekly ? 7 : 366) * 24 * 60;
  const open = windows.map(() => false);
  // a first round finds what is open at its end, and so at the beginning
  for (let minute = 0; minute < 2 * minutes; minute++) {
    const time = new Date(YEAR + (minute % minutes) * MINUTE);
    let changed = false;
    for (const [i, { start, end }] of windows.entries()) {
      const now = due(start, time) ? true : due(end, time) ? false : open[i]!;
      changed ||= now !== open[i];
      open[i] = now;
    }
    if (!changed || minute < minutes) continue;
    const first = open.indexOf(true);
    const second = open.indexOf(true, first + 1);
    if (first >= 0 && second > first) return [first, second];
  }
  return undefined;
}
