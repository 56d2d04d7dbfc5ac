import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exposure, InferenceServiceProps, Model, MountedFile, PythonCode } from 'cdk8s-serving';
import { iris, serve } from '../../../support/serving';

const MOST = 1_000_000;
const files = (...bytes: number[]): MountedFile[] => bytes.map((size, i) => MountedFile.inline(`/etc/${i}`, 'x'.repeat(size)));
const KEY = 'etc.0'.length;

describe('files of one ConfigMap', () => {
  test('are counted together: two that fit alone do not fit beside each other', () => {
    expect(serve({ files: files(600_000) }).codes).toEqual([]);
    expect(serve({ files: files(600_000, 600_000) }).problem('SERVING_CONFIG_TOO_LARGE')).toMatchObject({
      severity: 'error', what: expect.stringMatching(/^the files of ConfigMap 'iris-config-\w+' are too large together$/), got: `"${1_200_000 + 2 * KEY} bytes"`, allowed: `${MOST} bytes`, fix: expect.stringContaining('volume'),
    });
  });

  test('fit to the last byte, names included', () => {
    const half = MOST / 2 - KEY;
    expect(serve({ files: files(half, half) }).codes).toEqual([]);
    expect(serve({ files: files(half, half + 1) }).codes).toEqual(['SERVING_CONFIG_TOO_LARGE']);
  });

  test('are counted in bytes, not in letters', () => {
    const of = (letter: string): string[] => serve({ files: ['/etc/a', '/etc/b'].map((path) => MountedFile.inline(path, letter.repeat(300_000))) }).codes;
    expect([of('x'), of('é')]).toEqual([[], ['SERVING_CONFIG_TOO_LARGE']]);
  });

  test('of code are counted as they are written, in base64 where they are no text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'limits-'));
    try {
      const codes = (bytes: number): string[] => {
        writeFileSync(join(folder, 'server.py'), 'class Model: ...\n');
        writeFileSync(join(folder, 'weights.bin'), Buffer.alloc(bytes, 0xff));
        return serve({ model: Model.custom({ implementation: 'server.Model', code: PythonCode.mount(folder) }) }).codes;
      };
      expect(codes(600_000)).toEqual([]);
      expect(codes(760_000)).toEqual(['SERVING_CODE_TOO_LARGE']); // once, and not for its ConfigMap again
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('annotations of one object', () => {
  const KIB = 1024;
  const annotations = (bytes: number): { [key: string]: string } => ({ 'example.com/a': 'x'.repeat(bytes / 2 - 13), 'example.com/b': 'x'.repeat(bytes / 2 - 13) });

  test.each<[string, (bytes: number) => Partial<InferenceServiceProps>]>([
    ['podAnnotations', (bytes) => ({ podAnnotations: annotations(bytes) })],
    ['annotations of the exposure', (bytes) => ({ exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls', annotations: annotations(bytes) }) })],
  ])('%s hold 256 KiB together, keys and values', (what, props) => {
    const cluster = { ingressClass: 'traefik' };
    expect(serve(props(256 * KIB), cluster).codes).toEqual([]);
    expect(serve(props(256 * KIB + 2), cluster).problem('SERVING_ANNOTATIONS_TOO_LARGE')).toMatchObject({ severity: 'error', what: `'${what}' are too large together`, got: `"${256 * KIB + 2} bytes"`, allowed: '262144 bytes' });
  });

  test('of the service are counted with those that the library adds', () => {
    expect(serve({ annotations: annotations(200 * KIB) }).codes).toEqual([]);
    expect(serve({ annotations: annotations(256 * KIB + 2) }).codes).toEqual(['SERVING_ANNOTATIONS_TOO_LARGE']);
    expect(serve({ annotations: annotations(300 * KIB), model: iris() }).problem('SERVING_ANNOTATIONS_TOO_LARGE').what).toBe("'annotations' are too large together");
  });
});
