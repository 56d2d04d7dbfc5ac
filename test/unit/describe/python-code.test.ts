import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CodeDelivery, PythonCode } from 'cdk8s-serving';
import { TestFolder } from '../../support/folder';
import { codes } from '../../support/serving';

const root = TestFolder.eachTest();

const DIGEST = `sha256:${'3'.repeat(64)}`;
const PINNED = { 'server.py': 'app = 1\n', 'requirements.txt': 'fastapi==0.118.0\n' };

test('all files are read, sorted by path, without what Python and git leave behind', () => {
  const code = PythonCode.mount(root.write({ 'b/z.py': 'z', 'b/a.py': 'a', 'b.py': 'b', 'a.py': '', 'B.txt': 'B', '__pycache__/a.cpython-312.pyc': 'x', 'b/__pycache__/x': 'x', '.git/HEAD': 'x', 'venv/lib.py': 'x', 'old.pyc': 'x' }));
  expect(code.files.map((file) => file.path)).toEqual(['B.txt', 'a.py', 'b.py', 'b/a.py', 'b/z.py']);
  expect(code).toMatchObject({ delivery: CodeDelivery.MOUNT, repository: undefined, _findings: [] });
});

test('a file that is no text is kept in base64: what is not UTF-8, or holds a zero byte', () => {
  const files = { 'a.py': 'é\n', 'latin.txt': Buffer.from([0xe9]), 'zero.bin': Buffer.from('a\0b') };
  expect(PythonCode.mount(root.write(files)).files).toEqual([{ path: 'a.py', content: 'é\n' }, { path: 'latin.txt', content: '6Q==', binary: true }, { path: 'zero.bin', content: 'YQBi', binary: true }]);
});

test('requirements are pinned; comments and options are none', () => {
  const of = (requirements: string): any => PythonCode.image(root.write({ 'server.py': '', 'requirements.txt': requirements }), { repository: 'r.example.com/a', digest: DIGEST })._findings[0];
  expect(of('fastapi>=0.1\nuvicorn\nnumpy==2.1.0\n')).toMatchObject({ code: 'SERVING_REQUIREMENT_UNPINNED', severity: 'warning', what: 'requirements.txt leaves versions open: fastapi>=0.1, uvicorn' });
  expect(of('# all pinned\n--extra-index-url https://example.com\nnumpy==2.1.0 # fast\nuvicorn[standard]===0.37.0\n\n')).toBeUndefined();
});

test('a folder that is not there, is a file, or has no Python is told', () => {
  expect(PythonCode.mount(join(root.path, 'none'))._findings).toEqual([expect.objectContaining({ code: 'SERVING_CODE_FOLDER', what: 'a folder of code does not exist', got: expect.stringContaining('none') })]);
  root.write({ 'README.md': 'x' });
  expect(codes(PythonCode.mount(join(root.path, 'README.md')))).toEqual(['SERVING_CODE_FOLDER']);
  expect(PythonCode.mount(root.path)._findings).toEqual([expect.objectContaining({ what: 'a folder of code has no Python file' })]);
  expect(codes(PythonCode.mount(undefined as any))).toEqual(['SERVING_CODE_FOLDER']);
});

test('a link is not followed', () => {
  root.write({ 'a.py': '' });
  symlinkSync('/etc/hostname', join(root.path, 'linked.txt'));
  expect(PythonCode.mount(root.path).files.map((file) => file.path)).toEqual(['a.py']);
});

test('mounted code fits into a ConfigMap, code of an image may be larger', () => {
  root.write({ 'a.py': 'x'.repeat(900 * 1024) });
  expect(codes(PythonCode.mount(root.path))).toEqual([]);
  root.write({ 'b.py': 'é' });
  expect(PythonCode.mount(root.path)._findings).toEqual([expect.objectContaining({ code: 'SERVING_CODE_TOO_LARGE', got: '"921602 bytes"', allowed: '921600 bytes', fix: 'use PythonCode.image' })]);
  expect(codes(PythonCode.image(root.path, { repository: 'r.example.com/a', digest: DIGEST }))).toEqual([]);
});

test.each([
  ['a repository with a tag', { repository: 'r.example.com/a:1' }], ['a digest that is short', { repository: 'r.example.com/a', digest: 'sha256:12' }], ['a tag of another kind', { repository: 'r.example.com/a', digest: DIGEST, digestOf: 'v1' }],
  ['a base without a tag', { repository: 'r.example.com/a', digest: DIGEST, baseImage: 'python' }],
])('%s is refused', (_, props) => {
  expect(codes(PythonCode.image(root.write(PINNED), props))).toContain('SERVING_TEXT_NOT_ALLOWED');
});
