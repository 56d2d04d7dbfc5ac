import { Cron, overlap, parseCron } from '../checks/cron';
import { checkShape, is, Shape } from '../checks/shape';
import { checkTimeZone } from '../checks/time-zone';
import { Finding, ProblemKind } from '../problem';

const CRON = ProblemKind.error('SERVING_CRON', 'A time that is no cron expression', 'KEDA would refuse the trigger, and the copies stay as they are.');
const ABOVE_MAX = ProblemKind.error('SERVING_SCHEDULE_ABOVE_MAX', 'A window with more copies than the most', 'The autoscaler stops at the most, and the window is not what it says.');
const OVERLAP = ProblemKind.warning('SERVING_SCHEDULE_OVERLAP', 'Windows of a schedule that overlap', 'While both are open the higher number holds, in whichever order they stand.');

/** A time in which so many copies run at least. */
export interface ScheduleWindow {
  /** When it opens, as cron (minute, hour, day, month, weekday): `0 7 * * 1-5`. */
  readonly start: string;
  /** When it closes, as cron: `0 19 * * 1-5`. */
  readonly end: string;
  /** Copies while it is open. */
  readonly replicas: number;
}

const WINDOW: Shape<ScheduleWindow> = { start: is.required(is.text()), end: is.required(is.text()), replicas: is.required(is.integer(1, 10_000)) };

/** Checks windows and takes those that are right. */
export function checkSchedule(owner: string, timeZone: string | undefined, given: readonly ScheduleWindow[], max: number | undefined): { windows: ScheduleWindow[]; findings: Finding[] } {
  const findings: Finding[] = checkTimeZone(owner, timeZone);
  const windows: ScheduleWindow[] = [];
  const times: { start: Cron; end: Cron }[] = [];
  for (const [i, one] of given.entries()) {
    const checked = checkShape(`${owner}: windows[${i}]`, WINDOW, one);
    findings.push(...checked.findings);
    const { start, end, replicas } = checked.props;
    if (start === undefined || end === undefined || replicas === undefined) continue;
    const [opens, closes] = [parseCron(start), parseCron(end)];
    const wrong = opens === undefined ? 'start' : closes === undefined ? 'end' : undefined;
    if (wrong !== undefined || opens === undefined || closes === undefined) {
      findings.push(CRON.found({ what: `${owner}: '${wrong}' of windows[${i}] is no cron expression`, got: wrong === 'start' ? start : end, allowed: "five fields: minute, hour, day, month, weekday (0-6 or SUN-SAT), such as '0 7 * * 1-5'", fix: 'correct it' }));
      continue;
    }
    if (start === end) findings.push(CRON.found({ what: `${owner}: windows[${i}] closes when it opens`, got: start, allowed: "another 'end' than 'start'", fix: "to have the copies always, raise 'min'" }));
    if (max !== undefined && replicas > max) findings.push(ABOVE_MAX.found({ what: `${owner}: windows[${i}] asks for more copies than 'max'`, got: replicas, allowed: `at most ${max}`, fix: "raise 'max', or ask for fewer" }));
    windows.push({ start, end, replicas });
    times.push({ start: opens, end: closes });
  }
  const both = overlap(times);
  if (both !== undefined) {
    const [first, second] = both.map((i) => windows[i]!) as [ScheduleWindow, ScheduleWindow];
    findings.push(OVERLAP.found({ what: `${owner}: two windows are open at the same time`, got: `${first.start} to ${first.end}, ${second.start} to ${second.end}`, allowed: 'windows one after the other', fix: 'move one, or acknowledge it: the higher number holds' }));
  }
  return { windows, findings };
}
