import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { ConfigMap, Secret, Volume } from 'cdk8s-plus-28';
import { InferenceServer, Model, ModelSource, MountedFile, PythonCode } from 'cdk8s-serving';
import { validateManifests } from '../../support/schema';
import { serve, Served } from '../../support/serving';

const scope = new Chart(Testing.app(), 'scope');
const inline = (...files: [path: string, content: string][]): Served => serve({ files: files.map(([path, content]) => MountedFile.inline(path, content)) });

test('inline files lie in one ConfigMap, each mounted by its path', () => {
  const served = inline(['/etc/app/a.json', '{}'], ['/etc/b.txt', 'b']);
  const config = served.one('ConfigMap');
  expect(config).toMatchObject({ immutable: true, data: { 'etc.app.a.json': '{}', 'etc.b.txt': 'b' } });
  expect(served.volume('config').configMap.name).toBe(config.metadata.name);
  expect(served.mount('/etc/app/a.json')).toEqual({ name: 'config', mountPath: '/etc/app/a.json', subPath: 'etc.app.a.json', readOnly: true });
});

test("a ConfigMap's name follows its content, so that pods which run keep theirs", () => {
  const name = (content: string): string => inline(['/etc/a', content]).one('ConfigMap').metadata.name;
  expect(name('x')).toMatch(/^iris-config-[0-9a-f]{8}$/);
  expect([name('x') === name('x'), name('x') === name('y')]).toEqual([true, false]);
  expect(inline(['/etc/a', 'x']).one('ConfigMap').metadata.name).not.toBe(inline(['/etc/b', 'x']).one('ConfigMap').metadata.name);
});

test('paths that make one key are told apart', () => {
  const served = inline(['/etc/a/b', '1'], ['/etc/a.b', '2']);
  expect(Object.values(served.one('ConfigMap').data)).toEqual(expect.arrayContaining(['1', '2']));
  expect(served.mount('/etc/a/b').subPath).not.toBe(served.mount('/etc/a.b').subPath);
});

test('files of one ConfigMap or Secret share a volume', () => {
  const config = ConfigMap.fromConfigMapName(scope, 'Config', 'settings');
  const secret = Secret.fromSecretName(scope, 'Secret', 'settings');
  const served = serve({ files: [MountedFile.fromConfigMap('/a', config, 'a'), MountedFile.fromConfigMap('/b', config, 'b'), MountedFile.fromSecret('/c', secret, 'c')] });
  expect(served.pod.volumes.filter((one: any) => one.name.startsWith('files-'))).toEqual([{ name: 'files-0', configMap: { name: 'settings' } }, { name: 'files-1', secret: { secretName: 'settings' } }]);
  expect([served.mount('/a'), served.mount('/b').name, served.mount('/c')]).toEqual([{ name: 'files-0', mountPath: '/a', subPath: 'a', readOnly: true }, 'files-0', { name: 'files-1', mountPath: '/c', subPath: 'c', readOnly: true }]);
  expect(served.one('ConfigMap')).toBeUndefined();
});

test("a server's own file lies beside the user's", () => {
  const served = serve({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.triton({ versionFolder: true, configuration: 'max_batch_size: 8' }), files: [MountedFile.inline('/etc/a', 'x')] });
  expect(Object.values(served.one('ConfigMap').data).sort()).toEqual(['max_batch_size: 8', 'x']);
});

test("a volume of one's own is read-only unless it is said", () => {
  const served = serve({ volumes: [{ volume: Volume.fromEmptyDir(scope, 'A', 'cache'), path: '/cache', readOnly: false }] });
  expect([served.mount('/cache'), served.volume('cache')]).toEqual([{ name: 'cache', mountPath: '/cache' }, { name: 'cache', emptyDir: {} }]);
  expect(serve({ volumes: [{ volume: Volume.fromEmptyDir(scope, 'C', 'data'), path: '/data' }] }).mount('/data').readOnly).toBe(true);
});

describe('mounted code', () => {
  const root = mkdtempSync(join(tmpdir(), 'mounted-'));
  mkdirSync(join(root, 'pkg'));
  writeFileSync(join(root, 'pkg', 'model.py'), 'class Model: pass\n');
  writeFileSync(join(root, 'pkg.model.py'), 'other\n');
  afterAll(() => rmSync(root, { recursive: true }));
  const code = PythonCode.mount(root);
  const served = serve({ model: Model.custom({ code, implementation: 'pkg.model.Model' }), server: InferenceServer.mlserver() });

  test('lies in a ConfigMap, in its folders', () => {
    const config = served.one('ConfigMap');
    expect(config.metadata.name).toMatch(/^iris-code-[0-9a-f]{8}$/);
    const items = served.volume('code').configMap.items;
    expect(Object.fromEntries(items.map((item: any) => [item.path, config.data[item.key]]))).toEqual({ 'pkg/model.py': 'class Model: pass\n', 'pkg.model.py': 'other\n' });
  });

  test('that is no text lies there as bytes, and one more changes the name', () => {
    const bytes = Buffer.from([0x80, 0xff, 0x00, 0xfe]);
    const folder = mkdtempSync(join(tmpdir(), 'binary-'));
    try {
      const of = (content: Buffer): Served => {
        writeFileSync(join(folder, 'a.py'), 'a = 1\n');
        writeFileSync(join(folder, 'tokenizer.bin'), content);
        return serve({ model: Model.custom({ code: PythonCode.mount(folder), implementation: 'a.Model' }), server: InferenceServer.mlserver() });
      };
      const served = of(bytes);
      const config = served.one('ConfigMap');
      expect([config.data, Object.keys(config.binaryData)]).toEqual([{ 'a.py': 'a = 1\n' }, ['tokenizer.bin']]);
      expect(Buffer.from(config.binaryData['tokenizer.bin'], 'base64')).toEqual(bytes);
      expect(served.volume('code').configMap.items).toEqual([{ key: 'a.py', path: 'a.py' }, { key: 'tokenizer.bin', path: 'tokenizer.bin' }]);
      expect(validateManifests(served.manifests, '1.34')).toEqual([]);
      expect(of(Buffer.concat([bytes, bytes])).one('ConfigMap').metadata.name).not.toBe(config.metadata.name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('without such files has no binaryData', () => expect(served.one('ConfigMap').binaryData).toBeUndefined());

  test('is found by Python', () => expect([served.mount('/mnt/code'), served.env().PYTHONPATH]).toEqual([{ name: 'code', mountPath: '/mnt/code', readOnly: true }, '/mnt/code']));
});
