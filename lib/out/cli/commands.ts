import { describeProblem, ServingError } from '../../constructs/report';
import { nearest } from '../../describe/problem';
import { Command, CommandError, ExitCode, Streams } from './command';
import { ARGUMENT } from './problems';
import { simulateCommand } from './simulate';

/** Every command there is, by its name. */
const COMMANDS: { readonly [name: string]: Command } = { simulate: simulateCommand };

const USAGE = [
  'cdk8s-serving <command> [options]', '',
  ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`), '',
  'cdk8s-serving <command> --help says more.', '',
].join('\n');

/** Runs the command that the arguments name; what is wrong is said on stderr, by its code. */
export async function runCommand(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? streams.stderr : streams.stdout).write(USAGE);
    return name === undefined ? ExitCode.USAGE : ExitCode.DONE;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : unknown(name);
    if (rest.includes('--help') || rest.includes('-h')) {
      streams.stdout.write(command.help);
      return ExitCode.DONE;
    }
    return await command.run(rest, streams);
  } catch (error) {
    if (error instanceof CommandError) {
      streams.stderr.write(`${describeProblem({ ...error.finding, path: 'the command line' })}\n`);
      return error.code;
    }
    if (error instanceof ServingError) {
      streams.stderr.write(error.message);
      return ExitCode.PROBLEM;
    }
    throw error;
  }
}

function unknown(name: string): never {
  const names = Object.keys(COMMANDS);
  const meant = nearest(name, names);
  throw new CommandError(ARGUMENT.found({ what: 'there is no such command', got: name, allowed: names.join(', '), fix: meant === undefined ? 'cdk8s-serving --help lists them' : `did you mean '${meant}'?` }), ExitCode.USAGE);
}
