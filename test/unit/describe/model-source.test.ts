import { Testing } from 'cdk8s';
import { PersistentVolumeAccessMode, PersistentVolumeClaim } from 'cdk8s-plus-28';
import { ModelSource, OciDelivery, SourceKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

test.each([
  ['s3://models/iris/v1', SourceKind.S3, 's3://models/iris/v1/'],
  ['gs://models/iris/v1', SourceKind.GCS, 'gs://models/iris/v1/'],
  ['https://account.blob.core.windows.net/models/iris/v1', SourceKind.AZURE_BLOB, 'https://account.blob.core.windows.net/models/iris/v1'],
  ['https://example.com/v1/model.joblib', SourceKind.HTTP, 'https://example.com/v1/model.joblib'],
  ['http://example.com/v1/model.joblib', SourceKind.HTTP, 'http://example.com/v1/model.joblib'],
  ['hf://org/name:0123456789abcdef', SourceKind.HUGGING_FACE, 'hf://org/name:0123456789abcdef'],
  [`oci://registry.example.com/iris@${DIGEST}`, SourceKind.OCI, `registry.example.com/iris@${DIGEST}`],
  ['pvc://models/iris/v1', SourceKind.PVC, 'pvc://models/iris/v1'],
])('%s is read by its scheme', (uri, kind, address) => {
  const source = ModelSource.fromUri(uri);
  expect([source.kind, source.uri, codes(source)]).toEqual([kind, address, []]);
});

test.each(['ftp://host/v1', 'models/iris', 'dbfs:/models/v1', '', 'hdfs://n/v1'])("'%s' has a scheme that is not known", (uri) => {
  const source = ModelSource.fromUri(uri);
  expect(source._findings).toEqual([expect.objectContaining({ code: 'SERVING_SOURCE_SCHEME', allowed: 's3, gs, http, https, hf, oci, pvc' })]);
});

test.each([
  ['s3', () => ModelSource.s3('https://models/iris/v1')], ['s3 without a path', () => ModelSource.s3('s3://models')], ['s3 with an upper-case bucket', () => ModelSource.s3('s3://Models/v1')], ['gcs', () => ModelSource.gcs('s3://models/v1')],
  ['azure', () => ModelSource.azureBlob('https://example.com/v1')], ['http', () => ModelSource.http('example.com/v1')], ['hub', () => ModelSource.huggingFace('name-alone')], ['oci', () => ModelSource.oci('has spaces')],
])('an address that is none is told alone, without a word on versions: %s', (_, make) => {
  expect(codes(make())).toEqual(['SERVING_SOURCE_URI']);
});

describe('a folder in S3 or GCS', () => {
  test('ends with a slash: v1 would also match v10', () => {
    expect(ModelSource.s3('s3://models/iris/v1').uri).toBe('s3://models/iris/v1/');
    expect(ModelSource.s3('s3://models/iris/v1/').uri).toBe('s3://models/iris/v1/');
    expect(ModelSource.gcs('gs://models/iris/v1.2').uri).toBe('gs://models/iris/v1.2/');
  });

  test('but a single file does not', () => {
    expect(ModelSource.s3('s3://models/v1/model.joblib').uri).toBe('s3://models/v1/model.joblib');
    expect(ModelSource.gcs('gs://models/v1/model.tar').uri).toBe('gs://models/v1/model.tar');
  });
});

test.each([
  ['s3://models/fraud/v7/', 'v7'], ['s3://models/fraud/1.4.2/', '1.4.2'], ['s3://models/fraud/2026-11-01/', '2026-11-01'], ['s3://models/fraud/20261101/', '20261101'], ['s3://models/fraud/0a1b2c3/', '0a1b2c3'],
  ['s3://models/v1/v2/final/', 'v2'], ['s3://models/v7/model.joblib', 'v7'], ['gs://models/V3/', 'V3'],
])('%s names version %s', (uri, version) => {
  const source = ModelSource.fromUri(uri);
  expect([source.version, source.pinned, codes(source)]).toEqual([version, true, []]);
});

test('an address without a version is a warning, and a bucket names none', () => {
  for (const uri of ['s3://models/iris/latest', 's3://v77/iris', 'https://example.com/model.joblib']) {
    const source = ModelSource.fromUri(uri);
    expect(source._findings).toEqual([expect.objectContaining({ code: 'SERVING_SOURCE_MUTABLE', severity: 'warning', got: JSON.stringify(uri) })]);
    expect(source.pinned).toBe(false);
  }
});

test("'immutable' has the last word on whether an address can change", () => {
  expect(codes(ModelSource.s3('s3://models/iris/latest', { immutable: true }))).toEqual([]);
  expect(codes(ModelSource.s3('s3://models/iris/v1', { immutable: false }))).toEqual(['SERVING_SOURCE_MUTABLE']);
  expect(codes(ModelSource.pvcName('models', { immutable: true }))).toEqual([]);
});

describe('a repository of the hub', () => {
  test('is pinned by a commit and nothing else', () => {
    expect(codes(ModelSource.huggingFace('org/name', { revision: '9216db5781bf21249d130ec9da846c4624c16137' }))).toEqual([]);
    const branch = ModelSource.huggingFace('org/name', { revision: 'main' });
    expect(branch._findings[0]).toMatchObject({ code: 'SERVING_SOURCE_MUTABLE', what: "'org/name' is read at 'main', which can move" });
    expect(ModelSource.huggingFace('org/name')._findings[0]!.what).toContain('its main branch');
  });

  test('has its commit as version, cut to twelve digits', () => {
    expect(ModelSource.huggingFace('org/name', { revision: '9216db5781bf21249d130ec9da846c4624c16137' }).version).toBe('9216db5781bf');
    expect(ModelSource.huggingFace('org/name').version).toBeUndefined();
  });
});

describe('an OCI image', () => {
  test('is pinned by its digest, of which the version is made', () => {
    expect(ModelSource.oci(`r.example.com/m@${DIGEST}`)).toMatchObject({ pinned: true, version: 'abababababab', path: '/models', delivery: OciDelivery.COPY });
    expect(codes(ModelSource.oci('r.example.com/m:v1'))).toEqual(['SERVING_SOURCE_MUTABLE']);
  });

  test('is downloaded when it is copied, and mounted as a volume', () => {
    expect(ModelSource.oci(`m@${DIGEST}`).downloaded).toBe(true);
    expect(ModelSource.oci(`m@${DIGEST}`, { delivery: OciDelivery.VOLUME }).downloaded).toBe(false);
  });
});

describe('a volume', () => {
  const claim = (...accessModes: PersistentVolumeAccessMode[]): PersistentVolumeClaim => new PersistentVolumeClaim(Testing.chart(), 'Claim', { metadata: { name: 'models' }, accessModes });

  test('is on one node when its claim says so, and on many when any of its modes does', () => {
    expect(ModelSource.pvc(claim(PersistentVolumeAccessMode.READ_WRITE_ONCE), { path: 'v1' }).singleNode).toBe(true);
    expect(ModelSource.pvc(claim(PersistentVolumeAccessMode.READ_WRITE_ONCE, PersistentVolumeAccessMode.READ_ONLY_MANY), { path: 'v1' }).singleNode).toBe(false);
    expect(ModelSource.pvcName('models', { path: 'v1' }).singleNode).toBe(false);
    expect(ModelSource.pvcName('models', { path: 'v1', accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD }).singleNode).toBe(true);
  });

  test('is named by its claim, and never downloaded', () => {
    expect(ModelSource.pvc(claim(PersistentVolumeAccessMode.READ_ONLY_MANY), { path: 'iris/v1' })).toMatchObject({ claimName: 'models', path: 'iris/v1', version: 'v1', downloaded: false });
  });

  test('has a relative path that stays in it', () => {
    for (const path of ['/abs/v1', '../v1', 'a/../../v1']) expect(codes(ModelSource.pvcName('models', { path }))).toContain('SERVING_TEXT_NOT_ALLOWED');
    expect(codes(ModelSource.pvcName('Not_A_Name', { path: 'v1' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});

test('a model in the image is at an absolute path, and is as old as the image', () => {
  expect(ModelSource.inImage('/opt/model')).toMatchObject({ kind: SourceKind.IN_IMAGE, path: '/opt/model', pinned: true, downloaded: false, _findings: [] });
  expect(codes(ModelSource.inImage('opt/model'))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});
