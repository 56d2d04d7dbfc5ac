import { writeFileSync } from 'fs';
import { parseArgs } from 'util';
import { Duration } from 'cdk8s';
import { checkShape } from '../../describe/checks/shape';
import { LoadCurve } from '../../describe/load-curve';
import { LoadMeasure } from '../../describe/load-measure';
import { ScalingSimulation } from '../../constructs/scaling-simulation';
import { ScalingSimulationProps, SIMULATION } from '../../constructs/scaling-simulation-props';
import { SimulationTotals } from '../../constructs/simulation-result';
import { pick, servicesOf } from './app';
import { Command, CommandError, ExitCode } from './command';
import { ARGUMENT, FILE } from './problems';

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  'app': TEXT, 'load': TEXT, 'capacity': TEXT, 'out': TEXT, 'csv': TEXT, 'concurrency': TEXT, 'metric': TEXT, 'start': TEXT, 'pull': TEXT, 'timeout': TEXT, 'max-queue': TEXT, 'initial': TEXT,
  'cpu-at-capacity': TEXT, 'cpu-at-rest': TEXT, 'sync': TEXT, 'fail-above': TEXT, 'json': { type: 'boolean' },
} as const;
type Given = { readonly [name in keyof typeof OPTIONS]?: string | boolean };

const HELP = `cdk8s-serving simulate [service] --load <file> --capacity <number> [options]

Replays a load against the scaling of a service, and says how many copies there would be and what would be lost.
The service is named by its name or path; an app with one service needs no name.

  --app <command>          what runs the app, or its .ts or .js file; default: the app of cdk8s.yaml
  --load <file>            CSV with a time (seconds, or an ISO date) and requests a second in each line
  --capacity <number>      requests a second that one copy answers at the most: measure it
  --out <file>             the picture, as SVG
  --csv <file>             what was true when, as CSV
  --json                   print the totals as JSON
  --fail-above <percent>   end with exit code 3 when more requests are lost

  --concurrency <number>   requests that a copy works at together (1)
  --metric <measure>       what a custom metric says: ${Object.values(LoadMeasure).join(', ')}
  --start <time>           from a copy's order until it is ready (as planned); times are 90, 90s, 5m or 1h
  --pull <time>            pull of the images, and wait for a node (0)
  --timeout <time>         how long a client waits (the service's request timeout)
  --max-queue <number>     requests that may wait at a copy (any)
  --initial <number>       copies at the beginning (what the load asks for)
  --cpu-at-capacity <percent>, --cpu-at-rest <percent>   of the CPU that a copy requests (100, 0)
  --sync <time>            between two decisions of the HPA (15)

Exit codes: 0 done, 1 the app, the service or the load is not sound, 2 the command line is wrong, 3 more is lost than --fail-above.
`;

/** Shows what a scaling does on a load before it is paid for. */
export const simulateCommand: Command = {
  summary: 'replays a load against the scaling of a service',
  help: HELP,
  run: async (args, { stdout }) => {
    const { given, wanted } = parse(args);
    const { props, findings } = checkShape('simulate', SIMULATION, propsOf(given));
    const most = numberOf(given, 'fail-above');
    const service = pick(await servicesOf(given.app as string | undefined), wanted);
    const result = ScalingSimulation._simulate(service, props, findings);
    if (given.out !== undefined) write(given.out as string, result.toSvg());
    if (given.csv !== undefined) write(given.csv as string, result.toCsv());
    stdout.write(given.json === true ? `${JSON.stringify(result.totals, undefined, 2)}\n` : summary(service.name, result.totals));
    return most !== undefined && result.totals.droppedPercent > most ? ExitCode.UNMET : ExitCode.DONE;
  },
};

function parse(args: string[]): { given: Given; wanted?: string } {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
    if (positionals.length > 1) throw new Error(`one service at a time, not ${positionals.join(', ')}`);
    for (const name of ['load', 'capacity'] as const) if (values[name] === undefined) throw new Error(`--${name} is missing`);
    return { given: values, wanted: positionals[0] };
  } catch (error) {
    throw usage((error as Error).message.split('. ')[0]!);
  }
}

function propsOf(given: Given): ScalingSimulationProps {
  const metric = given.metric as LoadMeasure | undefined;
  if (metric !== undefined && !Object.values(LoadMeasure).includes(metric)) throw usage('--metric is none that is known', metric, Object.values(LoadMeasure).join(', '));
  return {
    load: LoadCurve.fromCsv(given.load as string), capacityPerReplica: numberOf(given, 'capacity')!, concurrencyPerReplica: numberOf(given, 'concurrency'), customMetric: metric,
    startTime: timeOf(given, 'start'), pullTime: timeOf(given, 'pull'), requestTimeout: timeOf(given, 'timeout'), maxQueuePerReplica: numberOf(given, 'max-queue'), initialReplicas: numberOf(given, 'initial'),
    cpuAtCapacity: numberOf(given, 'cpu-at-capacity'), cpuAtRest: numberOf(given, 'cpu-at-rest'), syncPeriod: timeOf(given, 'sync'),
  };
}

function numberOf(given: Given, name: keyof Given): number | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  const value = text === '' ? NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) throw usage(`--${name} is no number`, text, 'a number, such as 50');
  return value;
}

function timeOf(given: Given, name: keyof Given): Duration | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  const [, value, unit] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text as string) ?? [];
  if (value === undefined) throw usage(`--${name} is no time`, text, 'seconds, or such as 90s, 5m, 1h');
  return Duration.millis(Number(value) * 1000 * ({ m: 60, h: 3600 }[unit!] ?? 1));
}

function usage(what: string, got?: unknown, allowed?: string): CommandError {
  return new CommandError(ARGUMENT.found({ what, ...(got === undefined ? {} : { got }), allowed, fix: 'cdk8s-serving simulate --help says what there is' }), ExitCode.USAGE);
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new CommandError(FILE.found({ what: `the file can not be written: ${(error as Error).message}`, got: file, fix: 'give a path in a folder that is there' }), ExitCode.PROBLEM);
  }
}

function summary(name: string, totals: SimulationTotals): string {
  const two = (value: number): string => String(Math.round(value * 100) / 100);
  const rows: [string, string][] = [
    ['requests', two(totals.requests)], ['lost', `${two(totals.dropped)} (${two(totals.droppedPercent)} %)`], ['waiting at the most', two(totals.longestQueue)], ['slowest mean answer', `${two(totals.worstLatency)} s`],
    ['copies at the most', String(totals.mostCopies)], ['copy-hours', two(totals.copyHours)], ...(totals.cost === undefined ? [] : [['cost', two(totals.cost)] as [string, string]]),
  ];
  return `${name}\n${rows.map(([label, value]) => `  ${label.padEnd(22)}${value}`).join('\n')}\n`;
}
