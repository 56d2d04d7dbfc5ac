import { QuietTime, Weekday } from '../../describe/monitoring/alerting/quiet-time';

/** A time that comes back or not, as Alertmanager's intervals are: each part that is there must fit. */
export interface PlannedSpan {
  readonly weekdays?: readonly string[];
  /** Hours of a day. */
  readonly time?: { readonly start: string; readonly end: string };
  /** First and last day of the month. */
  readonly days?: readonly [number, number];
  readonly month?: number;
  readonly year?: number;
}

/** A quiet time as Alertmanager's intervals have it. */
export interface PlannedInterval {
  readonly name: string;
  /** The time zone; undefined for UTC. */
  readonly location?: string;
  readonly spans: readonly PlannedSpan[];
}

/** A quiet time as spans. One that goes over midnight, or over the end of a month, is several. */
export function planInterval(quiet: QuietTime): PlannedInterval {
  const spans = quiet._weekly !== undefined ? weekly(quiet._weekly) : quiet._dates !== undefined ? dates(quiet._dates) : [];
  return { name: quiet.name, ...(quiet.timeZone === 'UTC' ? {} : { location: quiet.timeZone }), spans };
}

const WEEK = Object.values(Weekday);

function weekly({ weekdays, from, to }: { readonly weekdays: readonly Weekday[]; readonly from: string; readonly to: string }): PlannedSpan[] {
  const on = (days: readonly Weekday[]): Pick<PlannedSpan, 'weekdays'> => (new Set(days).size === WEEK.length ? {} : { weekdays: WEEK.filter((day) => days.includes(day)) });
  if (from < to) return [{ ...on(weekdays), ...(from === '00:00' && to === '24:00' ? {} : { time: { start: from, end: to } }) }];
  const next = weekdays.map((day) => WEEK[(WEEK.indexOf(day) + 1) % WEEK.length]!);
  return [{ ...on(weekdays), time: { start: from, end: '24:00' } }, ...(to === '00:00' ? [] : [{ ...on(next), time: { start: '00:00', end: to } }])];
}

/** A span for each month: of two months, Alertmanager would take each day of the one in the other as well. */
function dates({ from, to }: { readonly from: string; readonly to: string }): PlannedSpan[] {
  const [first, last] = [new Date(from), new Date(to)];
  const spans: PlannedSpan[] = [];
  for (let year = first.getUTCFullYear(), month = first.getUTCMonth(); Date.UTC(year, month) <= last.getTime(); [year, month] = month === 11 ? [year + 1, 0] : [year, month + 1]) {
    const begins = Math.max(first.getTime(), Date.UTC(year, month, 1));
    const ends = Math.min(last.getTime(), Date.UTC(year, month + 1, 0));
    spans.push({ days: [new Date(begins).getUTCDate(), new Date(ends).getUTCDate()], month: month + 1, year });
  }
  return spans;
}
