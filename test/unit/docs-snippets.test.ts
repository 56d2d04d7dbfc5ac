/**
 * Every TypeScript snippet of README.md and docs/ compiles, synthesizes without an open warning, and gives what the page shows after it.
 *
 * - ```ts: compiled, run and synthesized. What it doesn't import itself is imported for it; `app` and `chart` are there unless it makes an app.
 * - ```ts no-synth: compiled only.
 * - ```ts problem: has exactly the problems that its first comment names.
 * - ```json <path>, ```python <path>, ```text <path>: a file that the snippets of the page read.
 * - ```text right after a snippet is what it prints, and ```mermaid after one that prints a picture; the lines of a ```yaml are found in this order in what it synthesizes.
 *
 * `UPDATE_DOCS=1` writes what snippets print into the pages.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import * as nodePath from 'node:path';
import { tmpdir } from 'node:os';
import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import * as constructs from 'constructs';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import * as serving from 'cdk8s-serving';
import { PAGES } from '../../scripts/docs/pages';
import { SET_2026_11 } from '../../lib/plan/defaults/2026-11';
import { validateManifests } from '../support/schema';

const { dirname, join } = nodePath;
const ROOT = join(__dirname, '../..');
const MODULES: Record<string, Record<string, unknown>> = { 'cdk8s-serving': serving, 'cdk8s': cdk8s, 'cdk8s-plus-28': plus, 'constructs': constructs, 'node:path': { ...nodePath } };
const HANDWRITTEN = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md') && file !== 'architecture.md' && !(file in PAGES)).map((file) => `docs/${file}`)];

interface Block { readonly page: string; readonly line: number; readonly info: string; readonly code: string; readonly next?: Block }

const BLOCKS = HANDWRITTEN.flatMap(blocksOf);
const SNIPPETS = BLOCKS.filter((block) => /^ts\b/.test(block.info));

let temporary: string;
const cwd = process.cwd();

beforeAll(() => {
  temporary = realpathSync(mkdtempSync(join(tmpdir(), 'docs-snippets-')));
  for (const block of BLOCKS) {
    const file = /^(?:json|python|text) (\S+)$/.exec(block.info)?.[1];
    if (file === undefined) continue;
    const path = join(folder(block), file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${block.code}\n`);
  }
});

// a report that is thrown watches for not being caught until the turn of the event loop is over
afterEach(() => new Promise((resolve) => setImmediate(resolve)));

afterAll(() => {
  process.chdir(cwd);
  rmSync(temporary, { recursive: true });
});

test('there are snippets', () => {
  expect(SNIPPETS.length).toBeGreaterThan(50);
  expect(SNIPPETS.filter(({ info }) => !['ts', 'ts no-synth', 'ts problem'].includes(info)).map(at)).toEqual([]);
});

test('they compile', () => {
  expect(compileErrors(SNIPPETS)).toEqual([]);
});

test.each(SNIPPETS.filter(({ info }) => info !== 'ts no-synth').map((block) => [at(block), block] as const))('%s', (_, block) => {
  const { printed, problems, manifests } = run(block);
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  const expected = block.info === 'ts problem' ? [...block.code.split('\n').find((line) => line.startsWith('//'))!.matchAll(/SERVING_\w+/g)].map(([code]) => code).sort() : [];
  // as text, so that a failure says what the problem is
  expect(problems.filter(({ code }) => !expected.includes(code))).toEqual([]);
  expect(codes).toEqual(expected);
  expect(validateManifests(parseAllDocuments(manifests).map((one) => one.toJS()).filter((one) => one !== null), '1.34')).toEqual([]);
  const shown = block.next?.info === 'text' || (block.next?.info === 'mermaid' && block.code.includes('toMermaid()')) ? block.next : undefined;
  if (shown !== undefined && process.env.UPDATE_DOCS) update(shown, printed.trim());
  else if (shown !== undefined) expect(printed.trim()).toBe(shown.code.trim());
  if (block.next?.info === 'yaml') expect(missingLines(block.next.code, manifests)).toEqual([]);
});

test('docs/defaults.md has the numbers of the set', () => {
  const page = readFileSync(join(ROOT, 'docs/defaults.md'), 'utf8');
  const { serverVersions, name, ...values } = SET_2026_11;
  expect(page).toContain(`'${name}'`);
  for (const [key, value] of [...Object.entries(values), ...Object.entries(serverVersions)]) expect(page).toMatch(new RegExp(`^\\| \`${key}\` \\| \`?${String(value).replaceAll('.', '\\.')}\`? \\|`, 'm'));
});

test.each(HANDWRITTEN)('links of %s lead somewhere', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const broken = [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link]) => link!).filter((link) => {
    const [path, anchor] = link.split('#');
    const target = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path!);
    return !existsSync(target) || (anchor !== undefined && !anchors(readFileSync(target, 'utf8')).includes(anchor));
  });
  expect(broken).toEqual([]);
});

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^```(\S[^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page, info: match[1]!, code: match[2]!.trimEnd(), line: text.slice(0, match.index).split('\n').length + 1, start: match.index, end: match.index + match[0].length,
  }));
  return blocks.map((block, i) => {
    const next = blocks[i + 1];
    // right after: with no heading and at most one paragraph in between
    const near = next !== undefined && !/^#|\n#|\n\n/.test(text.slice(block.end, next.start).trim());
    return { ...block, next: near ? next : undefined };
  });
}

function at(block: Block): string {
  return `${block.page}:${block.line}`;
}

function folder(block: Block): string {
  return join(temporary, block.page.replace(/\W/g, '-'));
}

/** The snippet as a module; all that is put before it is one line, so that lines are the page's. */
function source({ code }: Block): string {
  const taken = new Set([...code.matchAll(/^import \{([^}]*)\} from/gm)].flatMap(([, names]) => names!.split(',').map((one) => one.trim())));
  const imports = Object.entries(MODULES).filter(([name]) => !code.includes(`from '${name}'`)).map(([name, exported]) => {
    const names = Object.keys(exported).filter((one) => !taken.has(one) && (new RegExp(`\\b${one}\\b`).test(code) || (name === 'cdk8s' && (one === 'App' || one === 'Chart'))));
    names.forEach((one) => taken.add(one));
    return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${name}';`;
  });
  const own = /\bconst app\b/.test(code);
  return `${imports.join(' ')} ${own ? '' : "const app = new App(); const chart = new Chart(app, 'docs', { namespace: 'docs' });"} export {};\n${code}\n`;
}

function compileErrors(blocks: readonly Block[]): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: ({ messageText }) => { throw new Error(String(messageText)); } })!;
  const options: ts.CompilerOptions = { ...config.options, incremental: false, tsBuildInfoFile: undefined, noUnusedLocals: false, noUnusedParameters: false };
  const files = new Map(blocks.map((block, i) => [join(ROOT, 'docs', `snippet-${i}.ts`), block]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => (files.has(file) ? source(files.get(file)!) : readFile(file));
  host.getSourceFile = (file, version, ...rest) => (files.has(file) ? ts.createSourceFile(file, source(files.get(file)!), version) : getSourceFile(file, version, ...rest));
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, block]) => {
    const tree = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(tree), ...program.getSemanticDiagnostics(tree)].map((one) => {
      const { line } = tree.getLineAndCharacterOfPosition(one.start ?? 0);
      return `${block.page}:${block.line + line - 1}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`;
    });
  });
}

/** Runs and synthesizes a snippet in a folder of its page. */
function run(block: Block): { printed: string; problems: { code: string; what: string; path: string }[]; manifests: string } {
  const home = folder(block);
  const outdir = join(temporary, 'out', String(block.line), block.page.replace(/\W/g, '-'));
  mkdirSync(home, { recursive: true });
  process.chdir(home);
  process.env.CDK8S_OUTDIR = outdir;
  const apps: cdk8s.App[] = [];
  class App extends cdk8s.App {
    public constructor(props?: cdk8s.AppProps) {
      super(props);
      apps.push(this);
    }
  }
  const load = (name: string): unknown => (name === 'cdk8s' ? { ...cdk8s, App } : MODULES[name]);
  const { outputText } = ts.transpileModule(source(block), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const lines: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const program = new Function('require', '__dirname', 'exports', 'console', outputText) as (...args: unknown[]) => void;
    try {
      program(load, home, {}, { log: (...values: unknown[]) => lines.push(values.map(String).join(' ')) });
      for (const app of apps) app.synth();
    } catch (error) {
      if ((error as Error).name !== 'ServingError') throw error;
      lines.push((error as Error).message);
    }
    const problems = apps.flatMap((app) => serving.Problems.of(app)).filter(({ acknowledged }) => acknowledged === undefined);
    const manifests = existsSync(outdir) ? readdirSync(outdir).filter((file) => file.endsWith('.yaml')).map((file) => readFileSync(join(outdir, file), 'utf8')).join('---\n') : '';
    const warned = block.info === 'ts problem' && lines.length === 0 ? stderr.mock.calls.map(([text]) => String(text)).join('') : '';
    return { printed: lines.join('\n') + warned, problems: problems.map(({ code, what, path }) => ({ code, what, path })), manifests };
  } finally {
    stderr.mockRestore();
    delete process.env.CDK8S_OUTDIR;
  }
}

function update({ page, info, code }: Block, printed: string): void {
  const path = join(ROOT, page);
  writeFileSync(path, readFileSync(path, 'utf8').replace(`\`\`\`${info}\n${code}\n\`\`\``, () => `\`\`\`${info}\n${printed}\n\`\`\``));
}

/** Lines of an excerpt that don't follow in what it is taken from; comments are the page's own. */
function missingLines(excerpt: string, whole: string): string[] {
  const plain = (line: string): string => line.replace(/\s*#.*$/, '').trim().replace(/^- /, '');
  const there = whole.split('\n').map(plain);
  let from = 0;
  return excerpt.split('\n').map(plain).filter((line) => line !== '').filter((line) => {
    const found = there.indexOf(line, from);
    if (found >= 0) from = found + 1;
    return found < 0;
  });
}

/** Ids that GitHub gives headings, and those written out. */
function anchors(markdown: string): string[] {
  const headings = [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase().replace(/[^\w\s-]/g, '').trim().replace(/ /g, '-'));
  return [...headings, ...[...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)];
}
