import { ENGINE_EXAMPLES, isSayable } from '../../test/support/engine-examples';
import type { EngineExample, ExampleLink } from '../../test/support/engine-examples';

const ENGINES = { 'kubernetes': 'Kubernetes', 'kserve': 'KServe', 'seldon-core-v1': 'Seldon Core v1', 'seldon-core-v2': 'Seldon Core v2' } as const;

/** docs/engine-examples.md: what the engines' own examples show, and how it is said here. */
export function engineExamples(): string {
  const all = ENGINE_EXAMPLES.flatMap(({ examples }) => examples);
  const can = all.filter(isSayable).length;
  return [
    "# The engines' own examples", '',
    'What the published examples of KServe 0.20, Seldon Core 1.18 and Seldon Core 2.10 show, and how it is said in this library. A row is a thing that is shown, however many examples show it.',
    `${can} of ${all.length} can be said. Each of these has [a program](../test/support/engine-examples) that a [test](../test/unit/engine-examples.test.ts) runs on the engines whose examples are named: it synthesizes without an error, and what the example is about is found in its objects.`, '',
    ...ENGINE_EXAMPLES.flatMap(({ title, examples }) => [
      `## ${title}`, '', '| it shows | examples | here |', '|---|---|---|', ...examples.map((example) => `| ${example.shows} | ${linked(example.links)} | ${said(example)} |`), '',
    ]),
  ].join('\n');
}

function said(example: EngineExample): string {
  return isSayable(example) ? example.say : `**Can't be said**: ${example.reason}. Instead: ${example.instead}`;
}

/** The examples by engine, numbered: their paths would be most of the table. */
function linked(links: readonly ExampleLink[]): string {
  const engines = [...new Set(links.map(({ engine }) => engine))];
  return engines.map((engine) => `${ENGINES[engine]} ${links.filter((one) => one.engine === engine).map(({ title, url }, i) => `[${i + 1}](${url} "${title}")`).join(' ')}`).join('; ');
}
