import { Testing } from 'cdk8s';
import { Secret, ServiceAccount } from 'cdk8s-plus-28';
import { CloudIdentity, CredentialKind, Credentials, SecretRotation } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a Secret is known by its name, made or imported', () => {
  const chart = Testing.chart();
  expect(Credentials.fromSecret(new Secret(chart, 'S', { metadata: { name: 'store' } }))).toMatchObject({ kind: CredentialKind.SECRET, secretName: 'store', rotation: SecretRotation.NEXT_START, _findings: [] });
  expect(Credentials.fromSecret(Secret.fromSecretName(chart, 'I', 'imported')).secretName).toBe('imported');
  expect(codes(Credentials.fromSecret(undefined as any))).toEqual(['SERVING_MISSING_PROP']);
});

test('keys are named by variables of the downloader', () => {
  expect(Credentials.fromSecretName('s', { keys: { AWS_ACCESS_KEY_ID: 'user.name' } }).keys).toEqual({ AWS_ACCESS_KEY_ID: 'user.name' });
  expect(codes(Credentials.fromSecretName('s', { keys: { 'not a variable': 'user' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(Credentials.fromSecretName('s', { keys: { AWS_ACCESS_KEY_ID: 'a/b' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('a rotation is one of two', () => {
  expect(Credentials.fromSecretName('s', { rotation: SecretRotation.ROLL }).rotation).toBe('roll');
  expect(Credentials.fromSecretName('s', { rotation: 'always' as any })._findings).toEqual([expect.objectContaining({ code: 'SERVING_WRONG_TYPE', allowed: 'one of nextStart, roll' })]);
});

test('an external secret has a store, and a place in it for each variable', () => {
  const credentials = Credentials.externalSecret({ store: 'vault', clusterStore: true, keys: { HF_TOKEN: 'ml/hugging-face#token' }, refreshInterval: '30m' });
  expect(credentials).toMatchObject({ kind: CredentialKind.EXTERNAL_SECRET, store: 'vault', clusterStore: true, refreshInterval: '30m', _findings: [] });
  expect(Credentials.externalSecret({ store: 'vault', keys: { HF_TOKEN: 'a' } })).toMatchObject({ clusterStore: false, refreshInterval: '1h' });
  expect(codes(Credentials.externalSecret({ store: 'vault', keys: { HF_TOKEN: 'a#b#c' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(Credentials.externalSecret({ store: 'vault', keys: { HF_TOKEN: 'a' }, refreshInterval: 'hourly' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(Credentials.externalSecret({} as any))).toEqual(['SERVING_MISSING_PROP', 'SERVING_MISSING_PROP']);
});

test('a workload identity is a ServiceAccount, made only when its identity is given', () => {
  const identity = CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader');
  expect(Credentials.workloadIdentity('reader', { identity })).toMatchObject({ kind: CredentialKind.SERVICE_ACCOUNT, serviceAccountName: 'reader', identity });
  expect(Credentials.workloadIdentity('reader').identity).toBeUndefined();
  expect(codes(Credentials.workloadIdentity('Not_A_Name'))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test("a ServiceAccount of cdk8s-plus is known by its name", () => {
  expect(Credentials.serviceAccount(new ServiceAccount(Testing.chart(), 'A', { metadata: { name: 'mine' } })).serviceAccountName).toBe('mine');
  expect(codes(Credentials.serviceAccount(undefined as any))).toEqual(['SERVING_MISSING_PROP']);
});

test('none is none', () => expect(Credentials.none()).toMatchObject({ kind: CredentialKind.NONE, _findings: [] }));

describe('an identity in a cloud', () => {
  test.each([
    ['AWS', CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/path/reader'), { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/path/reader' }, {}],
    ['AWS in China', CloudIdentity.awsIrsaRole('arn:aws-cn:iam::123456789012:role/reader'), { 'eks.amazonaws.com/role-arn': 'arn:aws-cn:iam::123456789012:role/reader' }, {}],
    ['Google', CloudIdentity.gcpServiceAccount('r@p.iam.gserviceaccount.com'), { 'iam.gke.io/gcp-service-account': 'r@p.iam.gserviceaccount.com' }, {}],
    ['Azure', CloudIdentity.azureWorkloadIdentity('01234567-89ab-cdef-0123-456789abcdef'), { 'azure.workload.identity/client-id': '01234567-89ab-cdef-0123-456789abcdef' }, { 'azure.workload.identity/use': 'true' }],
  ])('of %s annotates the ServiceAccount and labels the pods', (_, identity, annotations, podLabels) => {
    expect(identity).toMatchObject({ annotations, podLabels, _findings: [] });
  });

  test.each([
    ['a role without an account', CloudIdentity.awsIrsaRole('arn:aws:iam::role/reader')], ['an e-mail of a person', CloudIdentity.gcpServiceAccount('me@example.com')], ['a name for a client id', CloudIdentity.azureWorkloadIdentity('reader')],
  ])('%s is none, and annotates nothing', (_, identity) => {
    expect([codes(identity), identity.annotations]).toEqual([['SERVING_TEXT_NOT_ALLOWED'], {}]);
  });

  test('that is wrong is told by the credentials that use it', () => {
    expect(codes(Credentials.workloadIdentity('r', { identity: CloudIdentity.awsIrsaRole('x') }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});
