import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { CodeImageProps, InferenceServer, InferenceService, Model, Problems, PythonCode } from 'cdk8s-serving';
import type { BuildContext } from '../../../lib/plan/build-context';
import { serve, synth } from '../../support/serving';

const DIGEST = `sha256:${'3'.repeat(64)}`;
let root: string;
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'context-')); });
afterEach(() => rmSync(root, { recursive: true }));

function folder(files: { [path: string]: string | Buffer }): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const FILES = { 'server.py': 'app = 1\n', 'requirements.txt': 'fastapi==0.118.0\n' };
const image = (props: Partial<CodeImageProps> = {}): PythonCode => PythonCode.image(root, { repository: 'r.example.com/a', digest: DIGEST, ...props });
const wrapper = (props: Partial<CodeImageProps> = {}): BuildContext => serve({ model: Model.custom({ code: image(props) }), server: InferenceServer.fastApi() }).plan.buildContext!;
const runtime = (props: Partial<CodeImageProps> = {}): BuildContext => serve({ model: Model.custom({ code: image(props), implementation: 'server.Model' }), server: InferenceServer.mlserver() }).plan.buildContext!;
const dockerfile = (context: BuildContext): string[] => context.files.find((file) => file.path === 'Dockerfile')!.content.split('\n');

test('a wrapper is built on a bare Python, as a user of its own', () => {
  folder(FILES);
  const lines = dockerfile(wrapper());
  expect(lines[0]).toMatch(/^FROM docker\.io\/library\/python:/);
  expect(lines).toEqual(expect.arrayContaining(['RUN useradd --uid 1000 --create-home app', 'WORKDIR /srv/app', 'COPY . /srv/app', 'USER 1000']));
});

test('a runtime class is built on its server, whose user there is already', () => {
  folder(FILES);
  const lines = dockerfile(runtime());
  expect(lines[0]).toBe('FROM docker.io/seldonio/mlserver:1.7.1-slim');
  expect(lines.join('\n')).not.toMatch(/useradd|WORKDIR/);
  expect(lines.filter((line) => line.startsWith('USER')).at(-1)).toBe('USER 1000');
});

test('the base can be said', () => {
  folder(FILES);
  expect([dockerfile(wrapper({ baseImage: 'a.example.com/python:3' }))[0], dockerfile(runtime({ baseImage: 'a.example.com/ml:1' }))[0]]).toEqual(['FROM a.example.com/python:3', 'FROM a.example.com/ml:1']);
});

test('requirements are installed before the code is copied, and only when there are some', () => {
  folder(FILES);
  const lines = dockerfile(wrapper());
  const install = lines.findIndex((line) => line.startsWith('RUN pip install'));
  expect(install).toBeGreaterThan(-1);
  expect(install).toBeLessThan(lines.indexOf('COPY . /srv/app'));
  rmSync(join(root, 'requirements.txt'));
  expect(dockerfile(wrapper()).join('\n')).not.toContain('pip');
});

test('a Dockerfile of the folder gives way to the one that is written', () => {
  folder({ ...FILES, 'Dockerfile': 'FROM evil', '.dockerignore': '*' });
  const context = wrapper();
  expect(context.files.map((file) => file.path)).toEqual(['.dockerignore', 'Dockerfile', 'requirements.txt', 'server.py']);
  expect(dockerfile(context)[0]).not.toContain('evil');
});

test('it is written beside the manifests, by the name of the service', () => {
  folder({ ...FILES, 'pkg/util.py': 'x = 1\n' });
  const served = serve({ model: Model.custom({ code: image() }), server: InferenceServer.fastApi() });
  synth(served.chart);
  expect(readFileSync(join(served.app.outdir, 'images', 'iris', 'pkg', 'util.py'), 'utf8')).toBe('x = 1\n');
  expect(readFileSync(join(served.app.outdir, 'images', 'iris', 'Dockerfile'), 'utf8')).toContain('USER 1000');
});

test("the pods run the code's image", () => {
  folder(FILES);
  expect(serve({ model: Model.custom({ code: image() }), server: InferenceServer.fastApi() }).server.image).toBe(`r.example.com/a@${DIGEST}`);
});

test('code that is mounted has nothing to build', () => {
  folder(FILES);
  expect(serve({ model: Model.custom({ code: PythonCode.mount(root), implementation: 'server.Model' }), server: InferenceServer.mlserver() }).plan.buildContext).toBeUndefined();
});

test('a file that is no text comes through byte for byte', () => {
  const bytes = Buffer.from([0x80, 0xff, 0x00, 0xfe, 0x41]);
  folder({ ...FILES, 'pkg/tokenizer.bin': bytes });
  const served = serve({ model: Model.custom({ code: image() }), server: InferenceServer.fastApi() });
  expect(served.codes).toEqual([]);
  synth(served.chart);
  expect(readFileSync(join(served.app.outdir, 'images', 'iris', 'pkg', 'tokenizer.bin'))).toEqual(bytes);
  expect(readFileSync(join(served.app.outdir, 'images', 'iris', 'server.py'), 'utf8')).toBe('app = 1\n');
});

describe('two services of one name in two namespaces', () => {
  const two = (props: (id: string) => Partial<CodeImageProps>, name: (id: string) => string = () => 'churn', content = (id: string) => `# ${id}\n`) => {
    const app = Testing.app();
    for (const id of ['one', 'two']) {
      folder({ [`${id}/server.py`]: content(id) });
      const chart = new Chart(app, id, { namespace: id });
      new InferenceService(chart, 'Churn', { name: name(id), model: Model.custom({ code: PythonCode.image(join(root, id), { repository: 'r.example.com/a', ...props(id) }) }), server: InferenceServer.fastApi() });
    }
    return Problems.of(app).filter((problem) => problem.severity === 'error');
  };
  const digest = (id: string): Partial<CodeImageProps> => ({ digest: `sha256:${(id === 'one' ? '1' : '2').repeat(64)}` });

  test('may not overwrite the code of one another', () => {
    expect(two(digest)).toEqual([expect.objectContaining({ code: 'SERVING_BUILD_CONTEXT_TWICE', path: 'two/Churn', got: '"churn"', what: 'the build context images/churn is that of one/Churn already', fix: expect.stringContaining("another 'name'") })]);
    expect(two(() => ({})).map((problem) => problem.code)).toEqual(['SERVING_BUILD_CONTEXT_TWICE']);
  });

  test('share a folder when it makes one image, and have two when they have two names', () => {
    expect(two(() => ({}), undefined, () => 'app = 1\n')).toEqual([]);
    expect(two(digest, (id) => id)).toEqual([]);
  });
});
