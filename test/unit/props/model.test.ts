import { Duration, Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-28';
import {
  Credentials, CustomModelProps, HuggingFaceModelProps, HuggingFaceSourceProps, InferenceServer, Model, ModelProps, ModelSource, OciDelivery, OciSourceProps, PvcSourceProps, PythonCode, S3SourceProps, StoreSourceProps,
} from 'cdk8s-serving';
import { join } from 'node:path';
import { everyProp } from '../../support/props';
import { iris, serve, Served } from '../../support/serving';

const CODE = join(__dirname, '..', '..', '..', 'apps', 'custom-runtime', 'server');
const SOURCE = ModelSource.s3('s3://models/iris/v1');
const OTHER = ModelSource.s3('s3://models/other/v2');
const REVISION = '9216db5781bf21249d130ec9da846c4624c16137';
const DIGEST = `sha256:${'1'.repeat(64)}`;
const secret = Credentials.fromSecretName('store');
const version = (served: Served): string => served.deployment.metadata.labels['app.kubernetes.io/version'];
const named = (served: Served): string => served.server.readinessProbe.httpGet.path;

/** What each prop of every model does. */
const COMMON = {
  version: { value: 'v9', see: version, is: 'v9' },
  name: { value: 'flowers', see: named, is: '/v2/models/flowers/ready' },
  size: { value: Size.gibibytes(10), see: (served: Served) => served.plan.timing.download, is: Math.ceil(10 * 1024 / 50) },
  loadTime: { value: Duration.minutes(5), see: (served: Served) => served.plan.timing.startup, is: 600 },
};
const download = (served: Served): string => served.download?.args[0];

describe('each prop of a model in files', () => {
  everyProp<ModelProps, Served>({ source: SOURCE }, (props) => serve({ model: Model.sklearn(props) }), {
    ...COMMON, source: { value: OTHER, see: download, is: 's3://models/other/v2/' },
  });
});

describe('each prop of a model of the hub', () => {
  const make = (props: HuggingFaceModelProps): Served => serve({ model: Model.huggingFace('org/name', props), server: InferenceServer.mlserver({ task: 'text-classification' }) });
  everyProp<HuggingFaceModelProps, Served>({}, make, {
    ...COMMON,
    revision: { value: REVISION, see: (served) => [download(served), served.codes], is: [`hf://org/name:${REVISION}`, []] },
    credentials: { value: secret, see: (served) => served.env(served.download).HF_TOKEN, is: { secretKeyRef: { name: 'store', key: 'HF_TOKEN' } } },
    source: { value: OTHER, see: download, is: 's3://models/other/v2/' },
  });
});

describe('each prop of a custom model', () => {
  const make = (props: CustomModelProps): Served => serve({ model: Model.custom({ implementation: 'sentiment.Sentiment', ...props }), server: InferenceServer.mlserver() });
  everyProp<CustomModelProps, Served>({ source: SOURCE }, make, {
    ...COMMON,
    source: { value: OTHER, see: download, is: 's3://models/other/v2/' },
    code: { value: PythonCode.mount(CODE), see: (served) => served.mount('/mnt/code')?.name, is: 'code' },
    implementation: { value: 'other.Class', see: (served) => served.env().MLSERVER_MODEL_IMPLEMENTATION, is: 'other.Class' },
  });
});

const from = (source: ModelSource): Served => serve({ model: iris({ source }) }, { version: '1.34', imageVolumes: true });
const credentials = { value: secret, see: (served: Served) => served.env(served.download), is: expect.objectContaining({ AWS_ACCESS_KEY_ID: expect.anything() }) };
const immutable = { value: true, see: (served: Served) => served.codes, is: [] };

describe('each prop of a source in S3', () => {
  const see = (name: string) => (served: Served) => served.env(served.download)[name];
  everyProp<S3SourceProps, Served>({}, (props) => from(ModelSource.s3('s3://models/latest', props)), {
    credentials, immutable,
    endpoint: { value: 'http://minio.storage:9000', see: see('AWS_ENDPOINT_URL'), is: 'http://minio.storage:9000' },
    region: { value: 'eu-central-1', see: see('AWS_DEFAULT_REGION'), is: 'eu-central-1' },
    verifyTls: { value: false, see: see('S3_VERIFY_SSL'), is: '0' },
    virtualHostedBucket: { value: true, see: see('S3_USER_VIRTUAL_BUCKET'), is: 'true' },
  });
});

describe.each([
  ['GCS', (props: StoreSourceProps) => ModelSource.gcs('gs://models/latest', props), 'GOOGLE_APPLICATION_CREDENTIALS'], ['Azure', (props: StoreSourceProps) => ModelSource.azureBlob('https://account.blob.core.windows.net/c/latest', props), 'AZURE_CLIENT_ID'],
] as const)('each prop of a source in %s', (_, make, variable) => {
  everyProp<StoreSourceProps, Served>({}, (props) => from(make(props)), { credentials: { ...credentials, is: expect.objectContaining({ [variable]: expect.anything() }) }, immutable });
});

describe('each prop of a source on a web server', () => {
  everyProp<StoreSourceProps, Served>({ immutable: false }, (props) => from(ModelSource.http('https://example.com/latest/model.joblib', props)), {
    credentials: { value: secret, see: (served) => served.codes.includes('SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME'), is: true }, immutable,
  });
});

describe('each prop of a source on the hub', () => {
  const make = (props: HuggingFaceSourceProps): Served => serve({ model: Model.huggingFace('o/n', { source: ModelSource.huggingFace('o/n', props) }), server: InferenceServer.mlserver({ task: 'text-classification' }) });
  everyProp<HuggingFaceSourceProps, Served>({}, make, {
    revision: { value: REVISION, see: download, is: `hf://o/n:${REVISION}` },
    credentials: { value: secret, see: (served) => served.env(served.download).HF_TOKEN !== undefined, is: true },
    ignore: { value: ['*.bin', '*.msgpack'], see: (served) => served.env(served.download).STORAGE_IGNORE_PATTERNS, is: '["original/*","*.bin","*.msgpack"]' },
    immutable,
  });
});

describe('each prop of a source in an image', () => {
  everyProp<OciSourceProps, Served>({}, (props) => from(ModelSource.oci('registry.example.com/iris:latest', props)), {
    path: { value: '/weights', see: (served) => served.download.command.at(-2), is: '/weights' },
    delivery: { value: OciDelivery.VOLUME, see: (served) => served.volume('model').image?.reference, is: 'registry.example.com/iris:latest' },
    immutable,
  });

  test('a digest needs no word on that', () => expect(from(ModelSource.oci(`registry.example.com/iris@${DIGEST}`)).codes).toEqual([]));
});

describe('each prop of a source in a volume', () => {
  everyProp<PvcSourceProps, Served>({}, (props) => from(ModelSource.pvcName('models', props)), {
    path: { value: 'iris/v1', see: (served) => served.mount('/mnt/models').subPath, is: 'iris/v1' },
    accessMode: { value: PersistentVolumeAccessMode.READ_WRITE_ONCE, see: (served) => served.codes.includes('SERVING_VOLUME_ON_ONE_NODE'), is: true },
    immutable,
  });
});
