import { Explanation, ReleaseActor, ReleaseStep } from './explanation';
import { copies, time } from './words';

/** Who acts, as people say it. */
const ACTOR: { readonly [actor in ReleaseActor]: string } = { [ReleaseActor.CONTROLLER]: 'controller', [ReleaseActor.PERSON]: 'a person', [ReleaseActor.YOU]: 'you' };

/** An explanation as Markdown: a table of the steps, the gates, commands, notes, and ways in and out. */
export function toMarkdown(explanation: Explanation): string {
  const { name, title, steps, gates, commands, notes, migrations } = explanation;
  return [
    `## Release of ${name}: ${title}`, '',
    '| | who | what | new version gets | copies new + stable | at least | at most | gates | taken back by |', '|---|---|---|---|---|---|---|---|---|',
    ...steps.map((step, i) => row([`${i + 1}`, ACTOR[step.actor], step.what, share(step), `${step.newCopies} + ${step.stableCopies}`, time(step.leastSeconds), step.mostSeconds === undefined ? 'no end' : time(step.mostSeconds), step.gates.join(', '), step.takenBackBy.join(', ')])), '',
    ...(gates.length === 0 ? [] : [
      '### Gates', '', '| gate | must hold | bad | few requests | no data | metrics down |', '|---|---|---|---|---|---|', ...gates.map((gate) => row([gate.name, gate.says, gate.bad, gate.few, gate.noData, gate.metricsDown])), '',
    ]),
    '### Commands', '', ...commands.map(({ purpose, command }) => `- ${purpose}: \`${command}\``), '',
    '### To know', '', ...notes.map((note) => `- ${note}`), '',
    ...migrations.flatMap(({ title: way, steps: todo, why }) => [`### ${way[0]!.toUpperCase()}${way.slice(1)}`, '', ...todo.map((one, i) => `${i + 1}. ${one}`), '', why, '']),
  ].join('\n').trimEnd().concat('\n');
}

function share(step: ReleaseStep): string {
  return step.besides === undefined ? `${step.percent} %` : step.percent === 0 ? step.besides : `${step.percent} %, and ${step.besides}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Blocks of the bar that shows a share of the requests. */
const BAR = 10;

/** A picture of the steps: the share of the requests, copies, time, gates, and what leads back. */
export function toMermaid({ steps }: Explanation): string {
  const lines = ['flowchart TD', `  start(["stable version: ${bar(0)}"])`];
  let from = 'start';
  for (const [i, step] of steps.entries()) {
    const id = `s${i + 1}`;
    // no '1.' before it: Mermaid would take that for a list, which it has none of
    const label = [
      `${i + 1} · ${step.what}`, `${bar(step.percent)}${step.besides === undefined ? '' : `, ${step.besides}`}`, `${copies(step.newCopies, 'new')}, ${step.stableCopies} stable`, length(step),
    ].filter((line) => line !== '').map(escape).join('<br/>');
    lines.push(`  ${id}${step.actor === ReleaseActor.CONTROLLER ? `["${label}"]` : step.actor === ReleaseActor.PERSON ? `{{"${label}"}}` : `[/"${label}"/]`}`);
    const passed = steps[i - 1]?.gates ?? [];
    lines.push(`  ${from} -->${passed.length === 0 ? '' : `|"${passed.join(', ')} passed"|`} ${id}`);
    from = id;
  }
  const gates = steps[steps.length - 1]?.gates ?? [];
  lines.push('  live(["the new version is the stable one"])', `  ${from} -->${gates.length === 0 ? '' : `|"${gates.join(', ')} passed"|`} live`);
  const back = steps.map((step, i) => ({ id: `s${i + 1}`, why: step.takenBackBy })).filter(({ why }) => why.length > 0);
  if (back.length > 0) lines.push(`  back(["taken back: all requests to the stable version"])`, ...back.map(({ id, why }) => `  ${id} -.->|"${why.map(escape).join('<br/>')}"| back`));
  return lines.join('\n').concat('\n');
}

function bar(percent: number): string {
  // a small share is still to be seen
  const full = percent === 0 ? 0 : Math.max(1, Math.round(percent * BAR / 100));
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent} % new`;
}

function length({ leastSeconds, mostSeconds }: ReleaseStep): string {
  if (mostSeconds === undefined) return 'as long as it takes';
  if (leastSeconds === 0) return `at most ${time(mostSeconds)}`;
  return leastSeconds === mostSeconds ? time(leastSeconds) : `${time(leastSeconds)} to ${time(mostSeconds)}`;
}

function escape(text: string): string {
  return text.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
}
