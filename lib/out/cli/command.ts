import { Finding } from '../../describe/problem';

/** Where a command writes. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** How a command ends. */
export enum ExitCode {
  DONE = 0,
  /** The app, the service or the load is not sound. */
  PROBLEM = 1,
  /** The command line itself is wrong. */
  USAGE = 2,
  /** The result is not what was asked for. */
  UNMET = 3,
}

/** One command of the command line. */
export interface Command {
  /** In a few words. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  run(args: string[], streams: Streams): Promise<ExitCode>;
}

/** Stops a command with what is wrong. */
export class CommandError extends Error {
  public constructor(public readonly finding: Finding, public readonly code: ExitCode) {
    super(finding.what);
  }
}
