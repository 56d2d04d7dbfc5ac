import { Problem, Severity } from '../describe/problem';

/** One problem as people read it. */
export function describeProblem(problem: Problem): string {
  const got = problem.got === undefined ? '' : `\n  got      ${problem.got}`;
  const allowed = problem.allowed === undefined ? '' : `\n  allowed  ${problem.allowed}`;
  return `${problem.code}  at ${problem.path || 'the app'}\n  ${problem.what}${got}${allowed}\n  do       ${problem.fix}`;
}

/** The report of a synthesis, or of something else, that was stopped. */
export function describeFailure(errors: readonly Problem[], foreign: readonly string[], outcome = 'nothing was written'): string {
  const count = errors.length + foreign.length;
  const blocks = [...errors.map(describeProblem), ...(foreign.length === 0 ? [] : [`Other constructs say:\n${foreign.map((line) => `  ${line}`).join('\n')}`])];
  return `${count} ${count === 1 ? 'problem' : 'problems'}; ${outcome}.\n\n${blocks.join('\n\n')}\n`;
}

/** Stops a synthesis. Its text is the report: where the library stood when it noticed is nothing that helps. */
export class ServingError extends Error {
  public constructor(
    report: string,
    /** What was found, as data. */
    public readonly problems: readonly Problem[],
  ) {
    super(report);
    // not an own property that consoles print beside the text
    Object.defineProperty(this, 'name', { value: 'ServingError' });
    Object.defineProperty(this, 'problems', { enumerable: false });
    this.stack = `ServingError: ${report}`;
  }
}

/**
 * Throws the report. Should nobody catch it, the process ends with the report alone, without the source line and the versions
 * that Node.js prints around an uncaught error.
 */
export function stop(error: ServingError): never {
  // an uncaught error comes before the next turn of the event loop; after that, someone has caught it
  if (thrown.size === 0) {
    process.prependListener('uncaughtException', last);
    setImmediate(() => {
      thrown.clear();
      process.removeListener('uncaughtException', last);
    });
  }
  thrown.add(error);
  throw error;
}

/** Reports that were thrown in this turn of the event loop. */
const thrown = new Set<unknown>();

function last(uncaught: unknown): void {
  const text = thrown.has(uncaught) ? `\n${(uncaught as ServingError).message}` : `${uncaught instanceof Error ? uncaught.stack : String(uncaught)}\n`;
  process.stderr.write(text);
  process.exit(1);
}

/** Prints warnings to stderr. */
export function printWarnings(warnings: readonly Problem[]): void {
  for (const warning of warnings) {
    if (warning.severity === Severity.WARNING && warning.acknowledged === undefined) process.stderr.write(`warning ${describeProblem(warning)}\n`);
  }
}
