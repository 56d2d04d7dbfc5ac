import { spawn } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import { TELL_FILE, TOLD_FORMAT, ToldService } from '../../constructs/told';
import { CommandError, ExitCode } from './command';
import { APP, SERVICE } from './problems';

/** Runs an app, without touching what it wrote before, and reads what it tells of its services. */
export async function servicesOf(app: string | undefined): Promise<ToldService[]> {
  const command = app ?? appOfProject();
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-serving-'));
  try {
    const file = join(folder, 'told.jsonl');
    const { code, output } = await runApp(command, { ...process.env, [TELL_FILE]: file, CDK8S_OUTDIR: join(folder, 'dist') });
    if (code !== 0) throw new CommandError(APP.found({ what: `the app ends with exit code ${code}; it says:\n${output.trim().split('\n').map((line) => `    ${line}`).join('\n')}`, got: command, fix: 'mend what it says, and see that it runs by itself' }), ExitCode.PROBLEM);
    return existsSync(file) ? read(readFileSync(file, 'utf8'), command) : nothingTold(command);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The service that is meant, by name or path; without either the only one. */
export function pick(services: readonly ToldService[], wanted: string | undefined): ToldService {
  const found = wanted === undefined ? services : services.filter((one) => one.name === wanted || one.path === wanted || `${one.namespace}/${one.name}` === wanted);
  if (found.length === 1) return found[0]!;
  const what = wanted === undefined ? `the app has ${services.length} services` : found.length === 0 ? 'the app has no such service' : 'the app has several services of this name';
  throw new CommandError(SERVICE.found({ what, ...(wanted === undefined ? {} : { got: wanted }), allowed: services.map((one) => (found.length > 1 ? one.path : one.name)).join(', '), fix: 'name one of them' }), ExitCode.USAGE);
}

function read(text: string, command: string): ToldService[] {
  const told = text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as ToldService);
  const other = told.find((one) => one.format !== TOLD_FORMAT);
  if (other !== undefined) throw new CommandError(APP.found({ what: 'the app uses another version of cdk8s-serving than this command', got: command, fix: 'run the command of the same installation: npx cdk8s-serving' }), ExitCode.PROBLEM);
  // an app that synthesizes twice tells twice
  const services = [...new Map(told.map((one) => [one.path, one])).values()];
  return services.length > 0 ? services : nothingTold(command);
}

function nothingTold(command: string): never {
  throw new CommandError(APP.found({ what: 'the app synthesizes no service of cdk8s-serving', got: command, fix: 'name the program that calls app.synth()' }), ExitCode.PROBLEM);
}

/** What cdk8s itself runs. */
function appOfProject(): string {
  const app = existsSync('cdk8s.yaml') ? (Yaml.load('cdk8s.yaml')[0] as { app?: unknown } | undefined)?.app : undefined;
  if (typeof app === 'string' && app !== '') return app;
  throw new CommandError(APP.found({ what: 'no app is named, and no cdk8s.yaml with an app is here', allowed: "a command, such as 'npx ts-node main.ts', or a .ts or .js file", fix: 'give --app' }), ExitCode.USAGE);
}

/** A file is run by what runs its kind; everything else is a command of the shell, as in cdk8s.yaml. */
function runApp(app: string, env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const file = /\.[cm]?[jt]s$/.test(app) && existsSync(app);
  // without input: a program that asks for some would wait for ever
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = file ? spawn(process.execPath, [...(/ts$/.test(app) ? ['--require', 'ts-node/register'] : []), app], { env, stdio }) : spawn(app, { env, stdio, shell: true });
  let output = '';
  child.stdout.on('data', (chunk) => { output += chunk; });
  child.stderr.on('data', (chunk) => { output += chunk; });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
