import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeImageProps, InferenceServer, Model, PythonCode } from 'cdk8s-serving';
import { serve, Served } from '../../../support/serving';

const DIGEST = `sha256:${'3'.repeat(64)}`;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'code-image-'));
  writeFileSync(join(root, 'server.py'), 'app = 1\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const of = (props: Partial<CodeImageProps> = {}): Served => serve({ model: Model.custom({ code: PythonCode.image(root, { repository: 'r.example.com/a', ...props }) }), server: InferenceServer.fastApi() });
const tag = (props: Partial<CodeImageProps> = {}): string => of(props).plan.buildContext!.tag;

test('an image that is named by its tag is a warning, with the commands that make it', () => {
  const served = of();
  expect(served.problem('SERVING_CODE_IMAGE_WITHOUT_DIGEST')).toMatchObject({
    severity: 'warning', path: 'ml/Iris', what: `the image of the code is named r.example.com/a:${tag()}`,
    fix: `in the output folder: docker build -t r.example.com/a:${tag()} images/iris && docker push r.example.com/a:${tag()}; then give its 'digest'`,
  });
  expect([served.codes, served.server.image]).toEqual([['SERVING_CODE_IMAGE_WITHOUT_DIGEST'], `r.example.com/a:${tag()}`]);
});

test('by its digest it is none, whether or not it says of which tag', () => {
  for (const digestOf of [undefined, tag()]) {
    const served = of({ digest: DIGEST, ...(digestOf === undefined ? {} : { digestOf }) });
    expect([served.codes, served.server.image]).toEqual([[], `r.example.com/a@${DIGEST}`]);
  }
});

test('a digest of older code is an error that names both tags', () => {
  const before = tag();
  writeFileSync(join(root, 'server.py'), 'app = 2\n');
  expect(of({ digest: DIGEST, digestOf: before }).problem('SERVING_CODE_IMAGE_STALE')).toMatchObject({ severity: 'error', got: JSON.stringify(before), allowed: tag(), fix: expect.stringContaining(`docker build -t r.example.com/a:${tag()} images/iris`) });
});

test('a digest of another base image is one, too', () => {
  expect(of({ digest: DIGEST, digestOf: tag(), baseImage: 'python:3.13' }).codes).toEqual(['SERVING_CODE_IMAGE_STALE']);
});

test('code that is mounted has no image', () => {
  expect(serve({ model: Model.custom({ code: PythonCode.mount(root), implementation: 'server.app' }), server: InferenceServer.mlserver() }).codes).toEqual([]);
});
