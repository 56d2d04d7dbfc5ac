import fc, { type Arbitrary } from 'fast-check';
import { among, call, type Code, flag, list, map, mebibytes, mostly, must, object, often, oneOf, optional, seconds, seldom, STRANGE_TEXTS, text } from './code';

/** In every place where a secret could be written in plain text: no output and no message may have it. */
export const PLANTED = 'pLaNtEd0123456789abcdef';

const NAME = text(['reader', 's3', 'model-store', 'a'.repeat(253)]);
const rotation = among(['SecretRotation.ROLL', 'SecretRotation.NEXT_START'], ["'daily'"]);

const IDENTITIES = {
  aws: "CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/model-reader')",
  gcp: "CloudIdentity.gcpServiceAccount('reader@project.iam.gserviceaccount.com')",
  azure: "CloudIdentity.azureWorkloadIdentity('01234567-89ab-cdef-0123-456789abcdef')",
};
const STRANGE_IDENTITIES = [...Object.values(IDENTITIES), "CloudIdentity.awsIrsaRole('admin')", 'CloudIdentity.gcpServiceAccount(null)', "CloudIdentity.azureWorkloadIdentity('')"];

/** Credentials for a store; `variables` are those that its downloader reads. */
function credentials(variables: string[], identity?: Code): Arbitrary<Code> {
  const keys = map(oneOf(...variables.map((one) => JSON.stringify(one))), text(['id', 'key.json', 'tls.key']));
  const places = map(oneOf(...variables.map((one) => JSON.stringify(one))), text(['ml/s3#id', 'ml/token'], [...STRANGE_TEXTS, "'a#b#c'"]), 2);
  const props = object({ keys: seldom(keys), rotation: seldom(rotation) });
  return mostly(fc.oneof(
    call('Credentials.fromSecretName', NAME, optional(props)),
    call('Credentials.fromSecret', oneOf("Secret.fromSecretName(chart, id(), 'given')", 'new Secret(chart, id())'), optional(props)),
    call('Credentials.externalSecret', object({ store: must(NAME), clusterStore: seldom(flag), keys: must(places), refreshInterval: seldom(text(['1h', '1h30m'])), rotation: seldom(rotation) })),
    call('Credentials.workloadIdentity', NAME, optional(object(identity === undefined ? {} : { identity: often(among([identity], STRANGE_IDENTITIES)) }))),
    call('Credentials.serviceAccount', oneOf("ServiceAccount.fromServiceAccountName(chart, id(), 'given')", 'new ServiceAccount(chart, id())')),
    oneOf('Credentials.none()'),
  ), ['Credentials.fromSecret(null)', 'Credentials.serviceAccount(undefined)', 'Credentials.externalSecret()', `Credentials.fromSecretName('s3', { keys: { AWS_SECRET_ACCESS_KEY: '${PLANTED} x' } })`, `'${PLANTED}'`, `{ token: '${PLANTED}' }`]);
}

const S3_KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
const s3Credentials = credentials(S3_KEYS, IDENTITIES.aws);
const HUB_KEYS = ['HF_TOKEN'];
const immutable = seldom(flag);
const STRANGE_URIS = [
  `'s3://AKIAXX:${PLANTED}@bucket/v1'`, `'https://user:${PLANTED}@host/v1/model.joblib'`, `'https://host/v1/model?sig=${PLANTED}'`, `'https://host/v1/model.joblib?X-Amz-Signature=${PLANTED}'`, `'https://${PLANTED}@host/v1/m'`,
  `'s3:// user:${PLANTED}@bucket/v1'`, `'ftp://user:${PLANTED}@host/model'`, "'s3://'", "'s3://B/v1'", "'s3:/models/v1'", "'gs://models'", "'ftp://host/model'", "'models/v1'", "'pvc://'", "'hf://x'", "'oci://'", ...STRANGE_TEXTS,
];
const uri = (...texts: string[]): Arbitrary<Code> => text(texts, STRANGE_URIS);
const COMMIT = '9216db5781bf21249d130ec9da846c4624c16137';
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** A bucket, a repository, a volume, an image: each way to say where files are. */
export const sources: { readonly [kind: string]: Arbitrary<Code> } = {
  s3: call('ModelSource.s3', uri('s3://models/iris/v1', 's3://models-eu/fraud/2026-11-02/', 's3://models/latest', 's3://models/v3/model.joblib'), optional(object({
    credentials: often(s3Credentials), immutable, endpoint: seldom(text(['http://minio.storage:9000', 'https://s3.example.com'], [`'http://u:${PLANTED}@minio'`, ...STRANGE_TEXTS])), region: seldom(text(['eu-central-1'])), verifyTls: seldom(flag), virtualHostedBucket: seldom(flag),
  }))),
  gcs: call('ModelSource.gcs', uri('gs://models/detector/v2', 'gs://models/now'), optional(object({ credentials: often(credentials(['GOOGLE_APPLICATION_CREDENTIALS'], IDENTITIES.gcp)), immutable }))),
  azure: call('ModelSource.azureBlob', uri('https://models.blob.core.windows.net/prod/fraud/v7'), optional(object({ credentials: often(credentials(['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID'], IDENTITIES.azure)), immutable }))),
  hub: call('ModelSource.huggingFace', uri('Qwen/Qwen3-32B', 'openai-community/gpt2'), optional(object({ revision: often(text([COMMIT, 'main'])), credentials: seldom(credentials(HUB_KEYS)) }))),
  http: call('ModelSource.http', uri('https://models.example.com/iris/v1/model.joblib', 'http://files/v2/model.zip'), optional(object({ immutable, credentials: { value: oneOf('Credentials.none()', "Credentials.fromSecretName('x')"), odds: 0.02 } }))),
  oci: call('ModelSource.oci', uri(`registry.example.com/ml/iris@${DIGEST}`, 'registry.example.com:5000/ml/iris:v1'), optional(object({ path: seldom(text(['/models', '/', '/data/iris'])), delivery: { value: among(['OciDelivery.COPY', 'OciDelivery.VOLUME']), odds: 0.05 } }))),
  pvc: call('ModelSource.pvc', among(["PersistentVolumeClaim.fromClaimName(chart, id(), 'models')", 'new PersistentVolumeClaim(chart, id(), { accessModes: [PersistentVolumeAccessMode.READ_ONLY_MANY], storage: Size.gibibytes(10) })']),
    optional(object({ path: often(text(['iris/v1', 'latest'])), accessMode: { value: among(['PersistentVolumeAccessMode.READ_WRITE_MANY', 'PersistentVolumeAccessMode.READ_WRITE_ONCE']), odds: 0.05 }, immutable }))),
  pvcName: call('ModelSource.pvcName', text(['models']), optional(object({ path: often(text(['iris/v1'])), immutable }))),
  inImage: call('ModelSource.inImage', text(['/opt/model', '/models/0.1'])),
  uri: call('ModelSource.fromUri', uri('s3://models/iris/v1', 'gs://models/iris/v1', `hf://Qwen/Qwen3-8B:${COMMIT}`, `oci://registry.example.com/ml/iris@${DIGEST}`, 'pvc://models/iris/v1', 'https://host.example.com/v1/m.joblib'), optional(object({ immutable }))),
};
const source = mostly(fc.oneof(...Object.values(sources)));

const description = {
  version: seldom(text(['v7', '2026-11-02', '1.0.0+build'], ["'v' + 1", ...STRANGE_TEXTS])),
  name: seldom(text(['fraud', 'Fraud_Check.v2'], STRANGE_TEXTS)),
  size: often(mebibytes(1, 4096)), loadTime: seldom(seconds(1, 1200)),
};

/** A model in files, of a format's own factory. */
export const modelOf = (factory: Code): Arbitrary<Code> => call(`Model.${factory}`, mostly(object({ ...description, source: must(source) }), ["'s3://models/v1'", "{ source: 's3://models/v1' }", '']));

export const hubModel = call('Model.huggingFace', uri('Qwen/Qwen3-32B', 'google-bert/bert-base-uncased'), optional(object({
  ...description, size: often(mebibytes(500, 66_000)), revision: often(text([COMMIT, 'v1.0'])), credentials: seldom(credentials(HUB_KEYS)), source: seldom(fc.oneof(sources.s3!, sources.pvcName!)),
})));

const mounted = call('PythonCode.mount', mostly(oneOf('folders.small'), ['folders.empty', 'folders.large', 'folders.binary', "'missing'", "''", 'folders.file']));
const built = call('PythonCode.image', mostly(oneOf('folders.small'), ['folders.empty', 'folders.large', 'folders.binary', "'missing'"]), object({
  repository: must(text(['registry.example.com/ml/price', 'price'])), digest: often(text([DIGEST])), digestOf: { value: text(['code-0123456789ab']), odds: 0.03 }, baseImage: seldom(text(['python:3.12'])),
}));
const custom = (code: Arbitrary<Code>, implementation: boolean, odds: number): Arbitrary<Code> => call('Model.custom', object({
  ...description, code: { value: code, odds }, source: seldom(source), ...(implementation ? { implementation: must(text(['sentiment.Sentiment', 'a.b.C'])) } : {}),
}));

/** A class for MLServer, code that is a server of its own, and a model that an image brings. */
export const runtimeModel = custom(fc.oneof(mounted, built), true, 0.8);
export const builtModel = custom(built, false, 1);
export const bareModel = custom(mounted, false, 0.2);
export const otherModel = call('Model.of', among(["ModelFormat.of('triton')", 'ModelFormat.SKLEARN', "ModelFormat.of('pmml')"], ["ModelFormat.of('')", "'sklearn'", 'ModelFormat.of(null)']), object({ ...description, source: must(source) }));

export const teams = call('Team.of', text(['risk', 'Data_Science']), optional(object({ costCenter: often(text(['payments'])) })));
export const files = list(mostly(fc.oneof(
  call('MountedFile.inline', text(['/etc/app/app.json', '/etc/app/app.yaml', '/opt/x'], ["'etc/x'", "'/tmp'", "'/mnt/models'", "'/etc/a..b'", ...STRANGE_TEXTS]), text(['{}', 'a: 1\n', 'größe'], ["''", "'x'.repeat(1e6)", "'\\u0000'", "'\\u001b[0m'", "'😀'.repeat(300000)"])),
  call('MountedFile.fromConfigMap', text(['/etc/extra/labels.txt']), mostly(oneOf("ConfigMap.fromConfigMapName(chart, id(), 'labels')")), text(['labels.txt'])),
  call('MountedFile.fromSecret', text(['/etc/secret/key.pem']), mostly(oneOf("Secret.fromSecretName(chart, id(), 'tls')")), text(['tls.key'])),
)), 0, 2);
