import { Size } from 'cdk8s';
import { Accelerator, Credentials, HuggingFaceSourceProps, InferenceServer, Model, ModelSource, OciDelivery, S3SourceProps, Scaling } from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const from = (source: ModelSource, size?: Size): Served => serve({ model: iris({ source, ...(size === undefined ? {} : { size }) }) }, { version: '1.34', imageVolumes: true });
const s3 = (props: S3SourceProps = {}): Served => from(ModelSource.s3('s3://models/iris/v1', props));

test.each([
  ['S3', ModelSource.s3('s3://models/iris/v1'), 's3://models/iris/v1/'], ['GCS', ModelSource.gcs('gs://models/iris/v1'), 'gs://models/iris/v1/'], ['Azure', ModelSource.azureBlob('https://account.blob.core.windows.net/c/v1'), 'https://account.blob.core.windows.net/c/v1'],
  ['a web server', ModelSource.http('https://example.com/v1/model.joblib'), 'https://example.com/v1/model.joblib'],
])('a model in %s is downloaded before the server starts, and read-only after', (_, source, uri) => {
  const served = from(source);
  expect(served.download).toMatchObject({ image: 'docker.io/kserve/storage-initializer:v0.20.0', args: [uri, '/mnt/models'] });
  expect(served.download.volumeMounts).toEqual([{ name: 'model', mountPath: '/mnt/models' }, { name: 'download-tmp', mountPath: '/tmp' }]);
  expect([served.mount('/mnt/models'), served.volume('model')]).toEqual([{ name: 'model', mountPath: '/mnt/models', readOnly: true }, { name: 'model', emptyDir: { sizeLimit: '1Gi' } }]);
});

test('a repository of the hub is downloaded without a cache of its chunks', () => {
  const served = serve({ model: Model.huggingFace('o/n', { revision: '0123456' }), server: InferenceServer.mlserver({ task: 'text-classification' }) });
  expect(served.download.args[0]).toBe('hf://o/n:0123456');
  expect(served.env(served.download)).toMatchObject({ HOME: '/tmp', HF_HOME: '/tmp/huggingface', HF_XET_CHUNK_CACHE_SIZE_BYTES: '0' });
  expect(Object.keys(s3().env(s3().download))).toEqual(['HOME']);
});

test('the settings of an S3 store are variables of the download, and of nothing else', () => {
  const served = s3({ endpoint: 'http://minio.storage:9000', region: 'eu-1', verifyTls: false, virtualHostedBucket: true });
  expect(served.env(served.download)).toEqual({ AWS_ENDPOINT_URL: 'http://minio.storage:9000', AWS_DEFAULT_REGION: 'eu-1', S3_VERIFY_SSL: '0', S3_USER_VIRTUAL_BUCKET: 'true', HOME: '/tmp' });
  expect(Object.keys(served.env())).not.toContain('AWS_ENDPOINT_URL');
  expect(s3({ credentials: Credentials.none() }).env(s3({ credentials: Credentials.none() }).download)).toEqual({ awsAnonymousCredential: 'true', HOME: '/tmp' });
});

test('the folder has room for the files twice, as an archive is unpacked beside itself; a repository is none', () => {
  const limit = (served: Served): string => served.volume('model').emptyDir.sizeLimit;
  expect(limit(from(ModelSource.s3('s3://models/v1'), Size.gibibytes(10)))).toBe('20Gi');
  expect(limit(from(ModelSource.s3('s3://models/v1'), Size.mebibytes(1)))).toBe('256Mi');
  expect(limit(serve({ model: Model.huggingFace('o/n', { revision: '0123456', size: Size.gibibytes(10) }), server: InferenceServer.mlserver({ task: 'text-classification' }) }))).toBe('11Gi');
});

test('the folder is at least as large as the disk that was asked for', () => {
  const limit = (ephemeralStorage: Size): string => serve({ model: iris({ size: Size.gibibytes(1) }), ephemeralStorage }).volume('model').emptyDir.sizeLimit;
  expect([limit(Size.gibibytes(10)), limit(Size.mebibytes(1536))]).toEqual(['10Gi', '2Gi']);
});

describe('a repository of the hub', () => {
  const ignored = (props: HuggingFaceSourceProps = {}): unknown => {
    const served = serve({ model: Model.huggingFace('o/n', { source: ModelSource.huggingFace('o/n', { revision: '0123456', ...props }) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) });
    return served.env(served.download).STORAGE_IGNORE_PATTERNS;
  };

  test("comes without the weights in their makers' own format, and without what else is named", () => {
    expect([ignored(), ignored({ ignore: ['*.bin'] }), ignored({ ignore: [] })]).toEqual(['["original/*"]', '["original/*","*.bin"]', '["original/*"]']);
  });

  test('by its address alone is the same', () => {
    const served = serve({ model: Model.huggingFace('o/n', { revision: '0123456' }), server: InferenceServer.kserveHuggingFace() });
    expect(served.env(served.download).STORAGE_IGNORE_PATTERNS).toBe('["original/*"]');
  });

  test('is the only source with such a setting', () => expect(Object.keys(s3().env(s3().download))).not.toContain('STORAGE_IGNORE_PATTERNS'));
});

test('the download may use memory as the model is large: a quarter of it, from 1 to 8 GiB', () => {
  const memory = (gib: number): string => from(ModelSource.s3('s3://models/v1'), Size.gibibytes(gib)).download.resources.limits.memory;
  expect([memory(1), memory(16), memory(100)]).toEqual(['1Gi', '4Gi', '8Gi']);
});

describe('a volume', () => {
  const served = from(ModelSource.pvcName('models', { path: 'iris/v1' }));

  test('is mounted at its folder, read-only, and nothing is downloaded', () => {
    expect([served.volume('model'), served.mount('/mnt/models'), served.pod.initContainers]).toEqual([
      { name: 'model', persistentVolumeClaim: { claimName: 'models', readOnly: true } }, { name: 'model', mountPath: '/mnt/models', subPath: 'iris/v1', readOnly: true }, undefined,
    ]);
  });

  test('without a folder is mounted whole', () => expect(from(ModelSource.pvcName('models', { immutable: true })).mount('/mnt/models')).toEqual({ name: 'model', mountPath: '/mnt/models', readOnly: true }));
});

describe('an OCI image', () => {
  const image = `registry.example.com/iris@${DIGEST}`;

  test('copies its own files', () => {
    const served = from(ModelSource.oci(image, { path: '/weights' }));
    expect(served.download).toMatchObject({ image, command: ['sh', '-ec', 'mkdir -p "$2" && cp -R "$1/." "$2"', 'copy', '/weights', '/mnt/models'], volumeMounts: [{ name: 'model', mountPath: '/mnt/models' }] });
    expect(served.volume('download-tmp')).toBeUndefined();
  });

  test('is mounted as a volume, at its folder', () => {
    const served = from(ModelSource.oci(image, { delivery: OciDelivery.VOLUME, path: '/weights' }));
    expect([served.volume('model'), served.mount('/mnt/models'), served.download]).toEqual([{ name: 'model', image: { reference: image, pullPolicy: 'IfNotPresent' } }, { name: 'model', mountPath: '/mnt/models', subPath: 'weights', readOnly: true }, undefined]);
    expect(from(ModelSource.oci(image, { delivery: OciDelivery.VOLUME, path: '/' })).mount('/mnt/models').subPath).toBeUndefined();
  });
});

test("a model in the server's image is read where it lies", () => {
  const served = from(ModelSource.inImage('/opt/iris'));
  expect([served.env().MLSERVER_MODEL_URI, served.volume('model'), served.pod.initContainers]).toEqual(['/opt/iris', undefined, undefined]);
});

test('a server says into which folder the files go', () => {
  const triton = serve({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), name: 'resnet' }), server: InferenceServer.triton({ versionFolder: true }) });
  expect(triton.download.args[1]).toBe('/mnt/models/resnet/1');
});

test('the download runs as restricted as the server', () => {
  for (const served of [s3(), from(ModelSource.oci(`m@${DIGEST}`))]) {
    expect(served.download.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } });
  }
});
