import { Finding, ProblemKind } from '../problem';

const TIME_ZONE = ProblemKind.error('SERVING_TIME_ZONE', 'A time zone that there is not', 'KEDA or Alertmanager could not load it: copies stay as they are, or nobody is told of an alert.');

/** What is wrong with a time zone: nothing when there is such a one. */
export function checkTimeZone(owner: string, timeZone: string | undefined): Finding[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  return [TIME_ZONE.found({ what: `${owner}: this is no time zone`, got: timeZone, allowed: "a name of the IANA database, such as 'Europe/Berlin' or 'UTC'", fix: 'give such a name' })];
}

/** Whether Go's time package, which reads the IANA database by file name, would know it. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
