import { Chart, Testing } from 'cdk8s';
import { Volume } from 'cdk8s-plus-28';
import { ModelSource, MountedFile } from 'cdk8s-serving';
import { iris, serve } from '../../../support/serving';

const volume = Volume.fromEmptyDir(new Chart(Testing.app(), 'scope'), 'Data', 'data');

test('a file inside of a read-only volume can not be placed', () => {
  const files = [MountedFile.inline('/data/app.json', '{}')];
  expect(serve({ volumes: [{ volume, path: '/data' }], files }).problem('SERVING_FILE_IN_READ_ONLY_VOLUME')).toMatchObject({ what: "'/data/app.json' lies in '/data', which is mounted read-only", allowed: "a place outside of '/data'" });
  expect(serve({ volumes: [{ volume, path: '/data', readOnly: false }], files }).codes).toEqual([]);
  expect(serve({ volumes: [{ volume, path: '/dat' }], files }).codes).toEqual([]);
});

test("the folder of a model that is downloaded becomes writable when a file is laid into it, and only then", () => {
  const laid = serve({ files: [MountedFile.inline('/mnt/models/extra.json', '{}')] });
  expect([laid.codes, laid.mount('/mnt/models').readOnly]).toEqual([[], undefined]);
  expect(serve({ files: [MountedFile.inline('/mnt/other/extra.json', '{}')] }).mount('/mnt/models').readOnly).toBe(true);
});

test('the folder of a model in a volume can not be written to', () => {
  const model = iris({ source: ModelSource.pvcName('models', { path: 'v1' }) });
  expect(serve({ model, files: [MountedFile.inline('/mnt/models/extra.json', '{}')] }).codes).toEqual(['SERVING_FILE_IN_READ_ONLY_VOLUME']);
});
