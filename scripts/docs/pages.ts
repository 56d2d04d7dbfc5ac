import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import '../../lib';
import { ProblemKind, Severity } from '../../lib/describe/problem';
import { InferenceServer } from '../../lib/describe/server/catalogue';
import { ServerMetric } from '../../lib/describe/server/server-facts';
import { engineCapabilities } from './engine-capabilities';
import { engineExamples } from './engine-examples';
import { IMAGES } from './images';
import { alerts, metrics, runbooks } from './monitoring';
import { rolloutCapabilities } from './rollout-capabilities';

/** Pages and pictures of docs/ that are made from the code, by file name. */
export const PAGES: { readonly [file: string]: () => string } = {
  'problems.md': problems, 'servers.md': servers, 'rollout-capabilities.md': () => `${NOTE}

${rolloutCapabilities()}`, 'engine-capabilities.md': () => `${NOTE}

${engineCapabilities()}`, 'alerts.md': () => `${NOTE}

${alerts()}`, 'engine-examples.md': () => `${NOTE}

${engineExamples()}`, 'metrics.md': () => `${NOTE}

${metrics()}`, 'runbooks/README.md': () => `${NOTE}

${runbooks()}`, ...IMAGES,
};

const NOTE = '<!-- Made from the code by `npm run docs`; a test fails when it is out of date. -->';

function problems(): string {
  const kinds = [...ProblemKind.all.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  const rows = (severity: Severity): string[] => kinds.filter((kind) => kind.severity === severity).map((kind) => `| <a id="${kind.code.toLowerCase()}"></a>\`${kind.code}\` | ${kind.title} | ${kind.why} |`);
  const table = ['| code | what | why it matters |', '|---|---|---|'];
  return [
    NOTE, '', '# Problems and warnings', '',
    'Everything that the library finds has a stable code, the path of the construct, what is wrong, what it got, what is allowed, and the way out.',
    'All problems of one synthesis come in one report, and nothing is written. Warnings are printed to stderr once a synthesis, until the program says why they are fine:', '',
    '```ts', "Problems.acknowledge(assistant, 'SERVING_SINGLE_COPY', 'an internal pilot: an interruption is agreed with its users');", '```', '',
    'As data: `Problems.of(app)`. A negative `Size` or `Duration` is refused by cdk8s itself, as it is made.', '',
    '## Errors: they stop the synthesis', '', ...table, ...rows(Severity.ERROR), '', '## Warnings: they are printed', '', ...table, ...rows(Severity.WARNING), '',
  ].join('\n');
}

function servers(): string {
  const all = InferenceServer.all();
  const overview = all.map((server) => {
    const { title, version, formats, protocols, accelerators, cpu, selectable, maintenance } = server.facts;
    return `| [${title}](#${server.facts.id}) | ${version} | ${formats.map((one) => (one.format === '*' ? 'any' : one.format)).join(', ')} | ${protocols.join(', ')} | ${[...(cpu ? ['cpu'] : []), ...accelerators].join(', ')} | ${maintenance !== undefined ? 'no, unmaintained' : selectable === false ? 'no' : 'yes'} |`;
  });
  return [
    NOTE, '', '# Inference servers', '',
    'The catalogue, in the order in which the engine picks: the first that reads the format, runs on the accelerator and speaks the protocol. `service.serverSelection` says which was picked and why.', '',
    '| server | version | formats | protocols | runs on | picked by itself |', '|---|---|---|---|---|---|', ...overview, '',
    ...all.flatMap((server) => {
      const { facts } = server;
      return [
        `<a id="${facts.id}"></a>`, `## ${facts.title} ${facts.version}`, '',
        ...(facts.maintenance === undefined ? [] : [`**${facts.maintenance.note}** Use ${facts.maintenance.instead}. ([source](${facts.maintenance.source}))`, '']),
        ...facts.formats.map((one) => `- \`${one.format === '*' ? 'any format' : one.format}\`: ${one.layout}`),
        `- ${facts.drains ? 'Ends the answers it has begun when it is told to stop.' : 'Does not reliably end what it has begun when it is told to stop; pods therefore wait for the longest answer before that.'}`, '',
        ...(facts.metrics.length === 0 ? [] : ['| metric | tells | type | only with |', '|---|---|---|---|', ...facts.metrics.map(metric), '']),
        `What can be set: the props in [${fileOf(facts.id)}](../lib/describe/server/${fileOf(facts.id)}). Facts read from: ${Object.entries(facts.sources).map(([fact, source]) => `[${fact}](${source})`).join(', ')}.`, '',
      ];
    }),
  ].join('\n');
}

function metric(one: ServerMetric): string {
  const matchers = one.matchers === undefined ? '' : `{${one.matchers.replaceAll('|', '\\|')}}`;
  return `| [\`${one.name}${matchers}\`](${one.source}) | ${one.role} | ${one.type}${one.unit === undefined ? '' : `, ${one.unit}`} | ${one.onlyWith ?? ''} |`;
}

/** The file of the catalogue that a server's entry is in. */
function fileOf(id: string): string {
  const folder = join(__dirname, '../../lib/describe/server');
  const files = readdirSync(folder).filter((file) => file !== 'catalogue.ts').sort();
  const file = files.find((one) => one === `${id}.ts`) ?? files.find((one) => readFileSync(join(folder, one), 'utf8').includes(`'${id}'`)) ?? files.find((one) => id.startsWith(one.replace('.ts', '')));
  if (file === undefined) throw new Error(`no file of the catalogue has '${id}'`);
  return file;
}
