import { ProblemKind } from '../../describe/problem';

export const ARGUMENT = ProblemKind.error('SERVING_CLI_ARGUMENT', 'An argument of the command line is wrong', 'A command that guesses does something else than was meant.');
export const APP = ProblemKind.error('SERVING_CLI_APP', 'The app can not be asked', 'A command learns what is served by running the program that says it.');
export const SERVICE = ProblemKind.error('SERVING_CLI_SERVICE', 'A service that the app does not have', 'What it has is listed.');
export const FILE = ProblemKind.error('SERVING_CLI_FILE', 'A file can not be written', 'What was worked out would be lost.');
