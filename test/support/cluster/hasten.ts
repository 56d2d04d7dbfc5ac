import type { Manifest } from './kubectl';

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

const asSeconds = (duration: string): number => {
  const [, digits, unit] = /^(\d+)([smhd])$/.exec(duration)!;
  return Number(digits) * UNITS[unit!]!;
};

/** Up to here times are ten times shorter; what is longer is sixty times shorter from here on. */
const KNEE = 600;
const TIMES = 10;
const TIMES_LATER = 60;

/** A duration of Prometheus, shorter: five minutes are 30 s, an hour 110 s, a day 25 minutes. What was longer than another stays longer. */
export function shorter(duration: string): string {
  const seconds = asSeconds(duration);
  return `${Math.max(1, Math.round(seconds <= KNEE ? seconds / TIMES : KNEE / TIMES + (seconds - KNEE) / TIMES_LATER))}s`;
}

/**
 * The groups of rules objects with every time in them shorter: ranges, offsets, the pace of evaluation, how long an alert must hold, and the seconds that a recorded rate
 * stands for. Nothing else is changed: selectors, thresholds, names and labels are those that were emitted.
 */
export function hastened(objects: Manifest[]): any[] {
  return objects.flatMap((object) => object.spec.groups).map((group: any) => ({
    ...group, interval: shorter(group.interval),
    rules: group.rules.map((rule: any) => ({
      ...rule, expr: hastenedQuery(rule.expr), ...(rule.for === undefined ? {} : { for: shorter(rule.for) }), ...(rule.keep_firing_for === undefined ? {} : { keep_firing_for: shorter(rule.keep_firing_for) }),
    })),
  }));
}

export function hastenedQuery(expr: string): string {
  return expr.replace(/\[(\d+[smhd])\]/g, (_, range) => `[${shorter(range)}]`).replace(/offset (\d+[smhd])/g, (_, offset) => `offset ${shorter(offset)}`)
    // a sum of recorded rates stands for a number of requests by the pace of the recording
    .replace(/(\[\d+s\]\)) \* 60 >=/g, (_, before) => `${before} * ${60 / TIMES} >=`);
}

/** The series that a query reads, each as a selector of its own: whether they exist tells apart a query that is quiet from one that never could speak. */
export function selectorsOf(expr: string): string[] {
  return [...new Set((expr.match(/[a-zA-Z_:][a-zA-Z0-9_:]*\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}/g) ?? []))];
}
