import { Testing } from 'cdk8s';
import { ConfigMap, Secret } from 'cdk8s-plus-28';
import { FileOrigin, MountedFile } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a file is written in the program, or comes from a key of a ConfigMap or Secret', () => {
  const chart = Testing.chart();
  expect(MountedFile.inline('/etc/app.json', '{}')).toMatchObject({ origin: FileOrigin.INLINE, path: '/etc/app.json', content: '{}', source: undefined, _findings: [] });
  expect(MountedFile.fromConfigMap('/etc/a', ConfigMap.fromConfigMapName(chart, 'C', 'config'), 'a.json')).toMatchObject({ origin: FileOrigin.CONFIG_MAP, source: 'config', key: 'a.json', _findings: [] });
  expect(MountedFile.fromSecret('/etc/s', Secret.fromSecretName(chart, 'S', 'secret'), 'token')).toMatchObject({ origin: FileOrigin.SECRET, source: 'secret', key: 'token', _findings: [] });
});

test.each(['etc/app.json', '/etc/../shadow', '/etc/a b', '/a:b', ''])("'%s' is no place for a file", (path) => {
  expect(codes(MountedFile.inline(path, 'x'))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('two dots are part of a name', () => expect(codes(MountedFile.inline('/etc/a..b', 'x'))).toEqual([]));

test('a key is a name, and what it is a key of must be given', () => {
  const secret = Secret.fromSecretName(Testing.chart(), 'S', 'secret');
  expect(codes(MountedFile.fromSecret('/etc/s', secret, 'a/b'))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(MountedFile.fromSecret('/etc/s', undefined as any, 'a'))).toEqual(['SERVING_MISSING_PROP']);
  expect(codes(MountedFile.fromConfigMap('/etc/s', undefined as any, undefined as any))).toEqual(['SERVING_MISSING_PROP', 'SERVING_MISSING_PROP']);
});

test('a content is a text of at most 900 KiB', () => {
  expect(codes(MountedFile.inline('/etc/a', 'x'.repeat(900 * 1024 + 1)))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(MountedFile.inline('/etc/a', { a: 1 } as any))).toEqual(['SERVING_WRONG_TYPE']);
});
