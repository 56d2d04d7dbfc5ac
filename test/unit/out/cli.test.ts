import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoadMeasure } from 'cdk8s-serving';

const ROOT = join(__dirname, '../../..');
const PROGRAM = `
  import { App, Chart, Duration } from 'cdk8s';
  import { Cpu } from 'cdk8s-plus-28';
  import { InferenceService, Model, ModelSource, Scaling } from 'cdk8s-serving';
  const app = new App();
  const chart = new Chart(app, 'ml', { namespace: 'ml' });
  const model = Model.sklearn({ source: ModelSource.s3('s3://models/v1'), loadTime: Duration.seconds(20) });
  new InferenceService(chart, 'Iris', { model, cpu: Cpu.units(1), scaling: Scaling.onCpu({ min: 2, max: 9, targetPercent: 50 }) });
`;
const SECOND = "new InferenceService(chart, 'Price', { model, scaling: Scaling.fixed(3) });";
let folder: string;

/** The command, in a project of a user's own. */
function cli(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', join(ROOT, 'node_modules/ts-node/register'), join(ROOT, 'lib/out/cli/main.ts'), ...args], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1', TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') },
  });
  return { code: status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'dist', '.cli-')); // below the root, so that imports are found
  writeFileSync(join(folder, 'one.ts'), `${PROGRAM} app.synth();`);
  writeFileSync(join(folder, 'two.ts'), `${PROGRAM} ${SECOND} console.log('noise of the program'); app.synth();`);
  writeFileSync(join(folder, 'wrong.ts'), `${PROGRAM.replace('min: 2', 'min: 0')} app.synth();`);
  writeFileSync(join(folder, 'silent.ts'), "console.log('no service');");
  writeFileSync(join(folder, 'cdk8s.yaml'), 'language: typescript\napp: node --require ts-node/register one.ts\n');
  writeFileSync(join(folder, 'load.csv'), 'time,rate\n0,50\n300,50\n360,300\n900,300\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const LOAD = ['--load', 'load.csv', '--capacity', '50'];

test('the app of cdk8s.yaml is run, and its only service replayed: a picture, a table, totals; nothing else is written', () => {
  const ended = cli('simulate', ...LOAD, '--out', 'plot.svg', '--csv', 'points.csv', '--json');
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const totals = JSON.parse(ended.stdout);
  expect(totals.requests).toBe(50 * 300 + 175 * 60 + 300 * 540);
  expect(totals.answered + totals.dropped + totals.waiting).toBeCloseTo(totals.requests, 3);
  expect(totals.mostCopies).toBe(9);
  expect(readFileSync(join(folder, 'plot.svg'), 'utf8')).toMatch(/^<svg [^]*Simulated scaling of iris[^]*<\/svg>\n$/);
  expect(readFileSync(join(folder, 'points.csv'), 'utf8').split('\n')[0]).toContain('second,load,capacity,desired');
  expect(existsSync(join(folder, 'dist'))).toBe(false);
  expect(readdirSync(folder).sort()).toEqual(['cdk8s.yaml', 'load.csv', 'one.ts', 'plot.svg', 'points.csv', 'silent.ts', 'two.ts', 'wrong.ts']);
}, 60_000);

test('of several services one is named, by name or path; every number counts', () => {
  const fixed = cli('simulate', 'price', '--app', 'two.ts', ...LOAD);
  expect([fixed.code, fixed.stderr]).toEqual([0, '']);
  expect(fixed.stdout).toMatch(/^price\n {2}requests +187500\n {2}lost +\d+.*\n[^]*copies at the most +3\n/);
  expect(fixed.stdout).not.toContain('noise');
  const slow = cli('simulate', 'ml/Iris', '--app', 'two.ts', ...LOAD, '--start', '5m', '--timeout', '10', '--initial', '3', '--max-queue', '100', '--fail-above', '1', '--json');
  expect([slow.code, JSON.parse(slow.stdout).droppedPercent > 1]).toEqual([3, true]);
}, 60_000);

test.each([
  [['simulate', ...LOAD, '--app', 'two.ts'], 2, /SERVING_CLI_SERVICE {2}at the command line\n {2}the app has 2 services\n {2}allowed {2}ml\/Iris, ml\/Price/],
  [['simulate', 'other', ...LOAD], 2, /the app has no such service\n {2}got {6}"other"\n {2}allowed {2}iris/],
  [['simulate', ...LOAD, '--app', 'wrong.ts'], 1, /SERVING_CLI_APP[^]*exit code 1; it says:[^]*SERVING_NUMBER_OUT_OF_RANGE/],
  [['simulate', ...LOAD, '--app', 'silent.ts'], 1, /SERVING_CLI_APP[^]*synthesizes no service/],
  [['simulate', ...LOAD, '--app', 'nosuchprogram'], 1, /SERVING_CLI_APP[^]*exit code 127/],
  [['simulate', '--load', 'none.csv', '--capacity', '50'], 1, /SERVING_LOAD_FILE {2}at ml\/Iris/],
  [['simulate', '--load', 'load.csv', '--capacity', '0'], 1, /SERVING_NUMBER_OUT_OF_RANGE {2}at ml\/Iris/],
  [['simulate', ...LOAD, '--out', 'no/such/folder.svg'], 1, /SERVING_CLI_FILE/],
] as const)('%j: exit code %i', (args, code, said) => {
  const ended = cli(...args);
  expect(ended.stderr).toMatch(said);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).not.toMatch(/^\s+at .*[.]ts:\d/m);
}, 60_000);

test('a command line that is wrong is told before the app is run', () => {
  const wrong: [string[], RegExp][] = [
    [['simulate', '--load', 'load.csv'], /--capacity is missing/], [['simulate', ...LOAD, '--metrik', 'rate'], /Unknown option '--metrik'/], [['simulate', ...LOAD, '--metric', 'speed'], /none that is known/],
    [['simulate', '--load', 'load.csv', '--capacity', 'much'], /--capacity is no number\n {2}got {6}"much"/], [['simulate', ...LOAD, '--start', '5 days'], /--start is no time/], [['simulate', 'a', 'b', ...LOAD], /one service at a time/],
    [['simulte'], /no such command[^]*did you mean 'simulate'/],
  ];
  for (const [args, said] of wrong) {
    const ended = cli(...args);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).toMatch(/^SERVING_CLI_ARGUMENT {2}at the command line\n/);
  }
}, 60_000);

test('help says what there is', () => {
  expect(cli('--help')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('simulate    replays a load') });
  expect(cli()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('cdk8s-serving <command>') });
  const help = cli('simulate', '--help');
  expect(help.code).toBe(0);
  for (const option of ['--app', '--load', '--capacity', '--out', '--csv', '--json', '--fail-above', ...Object.values(LoadMeasure)]) expect(help.stdout).toContain(option);
}, 60_000);

test('the package has it as a program', () => {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const source = join(ROOT, bin['cdk8s-serving'].replace(/^build/, 'lib').replace(/js$/, 'ts'));
  expect(readFileSync(source, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
