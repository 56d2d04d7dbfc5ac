import { CloudIdentity, Credentials, ModelSource } from 'cdk8s-serving';
import { codes, serve, iris } from '../../support/serving';

const AWS = CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader');

test.each([
  'https://user:hunter2@example.com/v1/model.joblib', 's3://AKIA:hunter2@models/v1',
  'https://example.com/v1/m.joblib?X-Amz-Signature=hunter2', 'https://account.blob.core.windows.net/c/v1?sv=1&sig=hunter2', 'https://example.com/v1/m?token=hunter2',
])('a secret in an address is an error and is shown nowhere: %s', (uri) => {
  const source = ModelSource.fromUri(uri);
  expect(codes(source)).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
  expect(JSON.stringify(source)).not.toContain('hunter2');
});

test('a secret in an address is not in the report of the service either', () => {
  const served = serve({ model: iris({ source: ModelSource.http('https://user:hunter2@example.com/v1/model.joblib') }) });
  expect(served.codes).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
  expect(JSON.stringify(served.problems)).not.toContain('hunter2');
});

test("the password of a store's endpoint is not shown when the endpoint is refused", () => {
  const source = ModelSource.s3('s3://models/v1', { endpoint: 'http://user:hunter2@minio:9000' });
  expect(codes(source)).toHaveLength(1);
  expect(JSON.stringify(source._findings)).not.toContain('hunter2');
});

test.each([
  ['an Azure identity for S3', () => ModelSource.s3('s3://models/v1', { credentials: Credentials.workloadIdentity('r', { identity: CloudIdentity.azureWorkloadIdentity('01234567-89ab-cdef-0123-456789abcdef') }) }), 'azure', 'aws'],
  ['an AWS identity for GCS', () => ModelSource.gcs('gs://models/v1', { credentials: Credentials.workloadIdentity('r', { identity: AWS }) }), 'aws', 'gcp'],
  ['an AWS identity for the hub', () => ModelSource.huggingFace('o/n', { revision: '0123456', credentials: Credentials.workloadIdentity('r', { identity: AWS }) }), 'aws', "a Secret with 'HF_TOKEN'"],
])('%s opens nothing', (_, make, got, allowed) => {
  expect(make()._findings).toEqual([expect.objectContaining({ code: 'SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME', got: JSON.stringify(got), allowed })]);
});

test('variables that another kind of store reads are named', () => {
  const source = ModelSource.s3('s3://models/v1', { credentials: Credentials.fromSecretName('s', { keys: { HF_TOKEN: 'token', AWS_ACCESS_KEY_ID: 'id' } }) });
  expect(source._findings).toEqual([expect.objectContaining({ code: 'SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME', got: '["HF_TOKEN"]', allowed: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN' })]);
});

test('a web server takes no credentials', () => {
  expect(codes(ModelSource.http('https://example.com/v1/m', { credentials: Credentials.fromSecretName('s') }))).toEqual(['SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME']);
});

test.each([
  ['S3', () => ModelSource.s3('s3://models/v1', { credentials: Credentials.workloadIdentity('r', { identity: AWS }) })],
  ['GCS', () => ModelSource.gcs('gs://models/v1', { credentials: Credentials.workloadIdentity('r', { identity: CloudIdentity.gcpServiceAccount('r@p.iam.gserviceaccount.com') }) })],
  ['the hub', () => ModelSource.huggingFace('o/n', { revision: '0123456', credentials: Credentials.fromSecretName('s', { keys: { HF_TOKEN: 'token' } }) })],
  ['a ServiceAccount that is there already', () => ModelSource.s3('s3://models/v1', { credentials: Credentials.workloadIdentity('r') })],
  ['public', () => ModelSource.http('https://example.com/v1/m', { credentials: Credentials.none() })],
])('the right credential is no problem: %s', (_, make) => {
  expect(codes(make())).toEqual([]);
});

test("credentials that 'fromUri' can not hand on are told, not dropped", () => {
  expect(codes(ModelSource.fromUri('pvc://models/iris/v1', { credentials: Credentials.fromSecretName('s') }))).toEqual(['SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME']);
  expect(codes(ModelSource.fromUri(`oci://m@sha256:${'0'.repeat(64)}`, { credentials: Credentials.fromSecretName('s') }))).toEqual(['SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME']);
});

test("a misspelt prop of 'fromUri' is told whatever the scheme", () => {
  for (const uri of ['s3://models/v1', 'hf://o/n:0123456', 'pvc://models/iris/v1']) expect(codes(ModelSource.fromUri(uri, { imutable: true } as any))).toEqual(['SERVING_UNKNOWN_PROP']);
});
