import { isDay } from '../../checks/dates';
import { named } from '../../checks/names';
import { checkShape, is, Shape } from '../../checks/shape';
import { checkTimeZone } from '../../checks/time-zone';
import { Finding, ProblemKind } from '../../problem';
import { Team } from '../../team';
import { AlertSeverity } from './alert-severity';

const BAD_TIME = ProblemKind.error('SERVING_QUIET_TIME', 'A quiet time that is none, or has no end', 'Alertmanager would refuse its configuration as a whole, or nobody would ever be told.');
const CRITICAL_MUTED = ProblemKind.warning('SERVING_CRITICAL_MUTED', 'Critical alerts are not told at times', 'A service that is down in that time is found by its users.');

/** Days of the week. */
export enum Weekday {
  /** The first day of the working week. */
  MONDAY = 'monday',
  /** The day after. */
  TUESDAY = 'tuesday',
  /** The middle of the week. */
  WEDNESDAY = 'wednesday',
  /** The day before Friday. */
  THURSDAY = 'thursday',
  /** The last day of the working week. */
  FRIDAY = 'friday',
  /** The first day of the weekend. */
  SATURDAY = 'saturday',
  /** The second day of the weekend. */
  SUNDAY = 'sunday',
}

/** What all quiet times have. */
export interface QuietTimeProps {
  /**
   * Whose alerts.
   * @default - everybody's
   */
  readonly teams?: Team[];
  /**
   * Alerts of which severities. What is critical is told at any time unless it is named here.
   * @default - warning and info
   */
  readonly severities?: AlertSeverity[];
  /**
   * The time zone of hours and days, by its name in the IANA database.
   * @default UTC
   */
  readonly timeZone?: string;
}

/** Properties of `QuietTime.weekly`. */
export interface WeeklyQuietTimeProps extends QuietTimeProps {
  /**
   * On which days it begins.
   * @default - every day
   */
  readonly weekdays?: Weekday[];
  /**
   * When it begins: `22:00`.
   * @default 00:00
   */
  readonly from?: string;
  /**
   * When it ends: `06:00`. Before `from`, it is on the next day.
   * @default 24:00
   */
  readonly to?: string;
}

/** Properties of `QuietTime.dates`. */
export interface DatesQuietTimeProps extends QuietTimeProps {
  /** The first day: `2026-12-24`. */
  readonly from: string;
  /** The last day: `2027-01-01`. */
  readonly to: string;
}

const COMMON: Shape<QuietTimeProps & { name: string }> = {
  name: is.required(named.label), teams: is.list(is.instance(Team, "Team.of('risk')"), { min: 1 }), severities: is.list(is.oneOf(Object.values(AlertSeverity)), { min: 1 }), timeZone: is.text(),
};
const TIME = is.text("a time of the day as hh:mm, such as '22:00' or '07:00'", /^((([01]\d)|(2[0-3])):[0-5]\d|24:00)$/);
const WEEKLY: Shape<WeeklyQuietTimeProps & { name: string }> = { ...COMMON, weekdays: is.list(is.oneOf(Object.values(Weekday)), { min: 1 }), from: TIME, to: TIME };
const DAY = is.text("a day, such as '2026-12-24'");
const DATES: Shape<DatesQuietTimeProps & { name: string }> = { ...COMMON, from: is.required(DAY), to: is.required(DAY) };

/** A time in which alerts are kept and nobody is told of them; those that still fire at its end are told then. */
export class QuietTime {
  /**
   * Hours of the week.
   * @param name what it is called in Alertmanager, such as `nights`.
   */
  public static weekly(name: string, props: WeeklyQuietTimeProps): QuietTime {
    const checked = checkShape('QuietTime.weekly', WEEKLY, { ...props, name });
    const { weekdays, from = '00:00', to = '24:00' } = checked.props;
    const findings = [...checked.findings];
    const wrong = (what: string, fix: string): number => findings.push(BAD_TIME.found({ what: `QuietTime.weekly '${name}': ${what}`, got: `${from} to ${to}`, fix }));
    // what is no time at all has been told, and says nothing further
    if (checked.findings.length > 0) return new QuietTime(checked.props, { weekdays: [...(weekdays ?? Object.values(Weekday))], from, to }, undefined, findings);
    if (from === to) wrong("'from' and 'to' are the same", 'move one; for whole days leave both out');
    else if (from === '24:00') wrong("nothing begins at '24:00'", "say '00:00', on the next day");
    else if (from === '00:00' && to === '24:00' && new Set(weekdays ?? Object.values(Weekday)).size === 7) wrong('it is always, so that nobody is ever told', "give 'weekdays' or hours; to tell nobody of a severity, give an empty list of receivers for it");
    return new QuietTime(checked.props, { weekdays: [...(weekdays ?? Object.values(Weekday))], from, to }, undefined, findings);
  }

  /**
   * Days from one to another, both whole.
   * @param name what it is called in Alertmanager, such as `year-end`.
   */
  public static dates(name: string, props: DatesQuietTimeProps): QuietTime {
    const checked = checkShape('QuietTime.dates', DATES, { ...props, name });
    const { from, to } = checked.props;
    const findings = [...checked.findings];
    const wrong = (what: string): number => findings.push(BAD_TIME.found({ what: `QuietTime.dates '${name}': ${what}`, got: `${from} to ${to}`, allowed: 'days as yyyy-mm-dd, at most a year', fix: 'correct it' }));
    const known = from !== undefined && to !== undefined;
    if (known && !(isDay(from) && isDay(to))) wrong('a day that there is not');
    else if (known && to < from) wrong("'to' is before 'from'");
    else if (known && Date.parse(to) - Date.parse(from) > 366 * 86_400_000) wrong('it is longer than a year');
    return new QuietTime(checked.props, undefined, known && findings.length === 0 ? { from, to } : undefined, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** What it is called. */
  public readonly name: string;
  /** Whose alerts; undefined for everybody's. */
  public readonly teams?: Team[];
  /** Alerts of which severities. */
  public readonly severities: AlertSeverity[];
  /** The time zone. */
  public readonly timeZone: string;

  private constructor(
    common: Partial<QuietTimeProps & { name: string }>,
    /** @internal */
    public readonly _weekly: { readonly weekdays: readonly Weekday[]; readonly from: string; readonly to: string } | undefined,
    /** @internal */
    public readonly _dates: { readonly from: string; readonly to: string } | undefined,
    findings: Finding[],
  ) {
    this.name = common.name ?? 'unknown';
    this.teams = common.teams;
    this.severities = common.severities ?? [AlertSeverity.WARNING, AlertSeverity.INFO];
    this.timeZone = common.timeZone ?? 'UTC';
    const muted = this.severities.includes(AlertSeverity.CRITICAL);
    this._findings = [
      ...findings, ...checkTimeZone(`QuietTime '${this.name}'`, common.timeZone),
      ...(muted ? [CRITICAL_MUTED.found({ what: `QuietTime '${this.name}' keeps critical alerts back`, fix: "leave 'severities' out, or acknowledge it with the reason" })] : []),
    ];
  }
}
