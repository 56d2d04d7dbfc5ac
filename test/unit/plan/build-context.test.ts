import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { CodeImageProps, InferenceServer, InferenceService, Model, Problems, PythonCode } from 'cdk8s-serving';
import type { BuildContext } from '../../../lib/plan/build-context';
import { TestFolder } from '../../support/folder';
import { serve, synth } from '../../support/serving';

const DIGEST = `sha256:${'3'.repeat(64)}`;
const root = TestFolder.eachTest();

const FILES = { 'server.py': 'app = 1\n', 'requirements.txt': 'fastapi==0.118.0\n' };
const image = (props: Partial<CodeImageProps> = {}): PythonCode => PythonCode.image(root.path, { repository: 'r.example.com/a', digest: DIGEST, ...props });
const wrapper = (props: Partial<CodeImageProps> = {}): BuildContext => serve({ model: Model.custom({ code: image(props) }), server: InferenceServer.fastApi() }).plan.buildContext!;
const runtime = (props: Partial<CodeImageProps> = {}): BuildContext => serve({ model: Model.custom({ code: image(props), implementation: 'server.Model' }), server: InferenceServer.mlserver() }).plan.buildContext!;
const dockerfile = (context: BuildContext): string[] => context.files.find((file) => file.path === 'Dockerfile')!.content.split('\n');

test('a wrapper is built on a bare Python, by a user without a home of its own', () => {
  root.write(FILES);
  const lines = dockerfile(wrapper());
  expect(lines[0]).toBe('FROM docker.io/library/python:3.12.11-slim-bookworm');
  expect(lines.join('\n')).not.toContain('useradd');
  expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^ENV .* HOME=\/tmp$/), 'WORKDIR /srv/app', 'COPY . /srv/app', 'USER 1000']));
});

test('a runtime class is built on its server, where the code is only beside it', () => {
  root.write(FILES);
  const lines = dockerfile(runtime());
  expect(lines[0]).toBe('FROM docker.io/seldonio/mlserver:1.7.1-slim');
  expect(lines.join('\n')).not.toMatch(/WORKDIR/);
  expect(lines.filter((line) => line.startsWith('USER')).at(-1)).toBe('USER 1000');
});

test('the base can be said', () => {
  root.write(FILES);
  expect([dockerfile(wrapper({ baseImage: 'a.example.com/python:3' }))[0], dockerfile(runtime({ baseImage: 'a.example.com/ml:1' }))[0]]).toEqual(['FROM a.example.com/python:3', 'FROM a.example.com/ml:1']);
});

test('requirements are installed before the code is copied, and only when there are some', () => {
  root.write(FILES);
  const lines = dockerfile(wrapper());
  const install = lines.findIndex((line) => line.startsWith('RUN pip install'));
  expect(install).toBeGreaterThan(-1);
  expect(install).toBeLessThan(lines.indexOf('COPY . /srv/app'));
  rmSync(join(root.path, 'requirements.txt'));
  expect(dockerfile(wrapper()).join('\n')).not.toContain('pip');
});

test('a Dockerfile of the folder gives way to the one that is written', () => {
  root.write({ ...FILES, 'Dockerfile': 'FROM evil', '.dockerignore': '*' });
  const context = wrapper();
  expect(context.files.map((file) => file.path)).toEqual(['.dockerignore', 'Dockerfile', 'requirements.txt', 'server.py']);
  expect(dockerfile(context)[0]).not.toContain('evil');
});

test('it is written beside the manifests, by the name of the service', () => {
  root.write({ ...FILES, 'pkg/util.py': 'x = 1\n' });
  const served = serve({ model: Model.custom({ code: image() }), server: InferenceServer.fastApi() });
  synth(served.chart);
  expect(readFileSync(join(served.app.outdir, 'images', 'iris', 'pkg', 'util.py'), 'utf8')).toBe('x = 1\n');
  expect(readFileSync(join(served.app.outdir, 'images', 'iris', 'Dockerfile'), 'utf8')).toContain('USER 1000');
});

describe('the tag', () => {
  test('follows the content and the paths, and not the repository', () => {
    root.write(FILES);
    const first = wrapper().tag;
    expect(first).toMatch(/^code-[0-9a-f]{12}$/);
    expect(wrapper({ repository: 'r.example.com/other' }).tag).toBe(first);
    root.write({ 'server.py': 'app = 2\n' });
    const second = wrapper().tag;
    root.write({ 'server.py': 'app = 1\n' });
    expect([second === first, wrapper().tag === first]).toEqual([false, true]);
    root.write({ 'other.py': '' });
    expect(wrapper().tag).not.toBe(first);
  });

  test('covers the Dockerfile: the base image, be it said, of the server or from a mirror', () => {
    root.write(FILES);
    const mirrored = serve({ model: Model.custom({ code: image() }), server: InferenceServer.fastApi() }, { imageMirrors: { 'docker.io': 'mirror.example.com' } }).plan.buildContext!;
    const older = serve({ model: Model.custom({ code: image(), implementation: 'server.app' }), server: InferenceServer.mlserver({ version: '1.6.0' }) }).plan.buildContext!;
    expect(new Set([wrapper(), wrapper({ baseImage: 'python:3.12' }), runtime(), mirrored, older].map((context) => context.tag)).size).toBe(5);
    expect(dockerfile(mirrored)[0]).toBe('FROM mirror.example.com/library/python:3.12.11-slim-bookworm');
  });

  test('tells two binaries apart that read alike as text', () => {
    const tag = (byte: number): string => { root.write({ ...FILES, 'model.bin': Buffer.from([byte]) }); return wrapper().tag; };
    expect([tag(0xff) === tag(0xfe), tag(0xff) === tag(0xff)]).toEqual([false, true]);
  });

  test('names the image until there is a digest', () => {
    root.write(FILES);
    const code = PythonCode.image(root.path, { repository: 'r.example.com/a' });
    const { tag, image: name } = serve({ model: Model.custom({ code }), server: InferenceServer.fastApi() }).plan.buildContext!;
    expect([name, wrapper().image]).toEqual([`r.example.com/a:${tag}`, `r.example.com/a@${DIGEST}`]);
  });
});

test("the pods run the code's image", () => {
  root.write(FILES);
  expect(serve({ model: Model.custom({ code: image() }), server: InferenceServer.fastApi() }).server.image).toBe(`r.example.com/a@${DIGEST}`);
});

test('code that is mounted has nothing to build', () => {
  root.write(FILES);
  expect(serve({ model: Model.custom({ code: PythonCode.mount(root.path), implementation: 'server.Model' }), server: InferenceServer.mlserver() }).plan.buildContext).toBeUndefined();
});

test('a file that is no text comes through byte for byte', () => {
  const bytes = Buffer.from([0x80, 0xff, 0x00, 0xfe, 0x41]);
  root.write({ ...FILES, 'pkg/tokenizer.bin': bytes });
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
      root.write({ [`${id}/server.py`]: content(id) });
      const chart = new Chart(app, id, { namespace: id });
      new InferenceService(chart, 'Churn', { name: name(id), model: Model.custom({ code: PythonCode.image(join(root.path, id), { repository: 'r.example.com/a', ...props(id) }) }), server: InferenceServer.fastApi() });
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
