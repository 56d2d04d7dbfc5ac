import { CloudIdentity, Credentials, Model, InferenceServer, ModelSource, SecretRotation } from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const s3 = (credentials: Credentials): Served => serve({ model: iris({ source: ModelSource.s3('s3://models/v1', { credentials }) }) });
const gcs = (credentials: Credentials): Served => serve({ model: iris({ source: ModelSource.gcs('gs://models/v1', { credentials }) }) });
const hub = (credentials: Credentials): Served => serve({ model: Model.huggingFace('o/n', { revision: '0123456', credentials }), server: InferenceServer.mlserver({ task: 'text-classification' }) });
const azure = (credentials: Credentials): Served => serve({ model: iris({ source: ModelSource.azureBlob('https://account.blob.core.windows.net/c/v1', { credentials }) }) });
const ref = (name: string, key: string): any => ({ secretKeyRef: { name, key } });
const download = (served: Served): any => served.env(served.download);

describe('a Secret', () => {
  test.each([
    ['S3', s3, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']], ['the hub', hub, ['HF_TOKEN']], ['Azure', azure, ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID']],
  ])('for %s is read by the variables of the downloader', (_, make, variables) => {
    expect(download(make(Credentials.fromSecretName('store')))).toMatchObject(Object.fromEntries(variables.map((variable) => [variable, ref('store', variable)])));
    expect(Object.keys(download(make(Credentials.fromSecretName('store')))).filter((name) => /AWS|AZURE|TOKEN/.test(name))).toEqual(variables);
  });

  test('with keys of other names is read by those alone', () => {
    expect(download(s3(Credentials.fromSecretName('store', { keys: { AWS_ACCESS_KEY_ID: 'user', AWS_SESSION_TOKEN: 'session' } })))).toEqual({ AWS_ACCESS_KEY_ID: ref('store', 'user'), AWS_SESSION_TOKEN: ref('store', 'session'), HOME: '/tmp' });
  });

  test('for GCS is a file', () => {
    const served = gcs(Credentials.fromSecretName('store'));
    expect(download(served).GOOGLE_APPLICATION_CREDENTIALS).toBe('/var/secrets/gcloud-application-credentials.json');
    expect(served.volume('model-credentials')).toEqual({ name: 'model-credentials', secret: { secretName: 'store', items: [{ key: 'gcloud-application-credentials.json', path: 'gcloud-application-credentials.json' }] } });
    expect(served.download.volumeMounts).toContainEqual({ name: 'model-credentials', mountPath: '/var/secrets', readOnly: true });
    expect(gcs(Credentials.fromSecretName('store', { keys: { GOOGLE_APPLICATION_CREDENTIALS: 'key.json' } })).volume('model-credentials').secret.items[0].key).toBe('key.json');
  });

  test('is for the download, the server never has it', () => {
    for (const served of [s3(Credentials.fromSecretName('store')), gcs(Credentials.fromSecretName('store')), hub(Credentials.fromSecretName('store'))]) expect(JSON.stringify(served.server)).not.toContain('store');
  });

  test('that changes rolls the pods when that was asked for', () => {
    const reload = (credentials: Credentials): any => s3(credentials).deployment.metadata.annotations?.['secret.reloader.stakater.com/reload'];
    expect(reload(Credentials.fromSecretName('store', { rotation: SecretRotation.ROLL }))).toBe('store');
    expect(reload(Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'a' }, rotation: SecretRotation.ROLL }))).toBe('iris-model-credentials');
    expect(reload(Credentials.fromSecretName('store'))).toBeUndefined();
  });
});

describe('an external secret', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3-key' };

  test('is made beside the service, and its Secret is read', () => {
    const served = s3(Credentials.externalSecret({ store: 'vault', keys, refreshInterval: '30m' }));
    expect(served.one('ExternalSecret')).toMatchObject({
      apiVersion: 'external-secrets.io/v1', metadata: { name: 'iris-model-credentials', namespace: 'ml' },
      spec: {
        refreshInterval: '30m', secretStoreRef: { kind: 'SecretStore', name: 'vault' }, target: { name: 'iris-model-credentials' },
        data: [{ secretKey: 'AWS_ACCESS_KEY_ID', remoteRef: { key: 'ml/s3', property: 'id' } }, { secretKey: 'AWS_SECRET_ACCESS_KEY', remoteRef: { key: 'ml/s3-key' } }],
      },
    });
    expect(download(served)).toMatchObject({ AWS_ACCESS_KEY_ID: ref('iris-model-credentials', 'AWS_ACCESS_KEY_ID') });
  });

  test('of GCS holds the file under the name that is mounted', () => {
    const served = gcs(Credentials.externalSecret({ store: 'vault', clusterStore: true, keys: { GOOGLE_APPLICATION_CREDENTIALS: 'ml/gcs' } }));
    expect(served.one('ExternalSecret').spec).toMatchObject({ secretStoreRef: { kind: 'ClusterSecretStore' }, data: [{ secretKey: 'gcloud-application-credentials.json', remoteRef: { key: 'ml/gcs' } }] });
    expect(served.volume('model-credentials').secret.secretName).toBe('iris-model-credentials');
  });
});

describe('a workload identity', () => {
  const azureId = CloudIdentity.azureWorkloadIdentity('01234567-89ab-cdef-0123-456789abcdef');

  test('with an identity is a ServiceAccount with its annotation', () => {
    const served = s3(Credentials.workloadIdentity('reader', { identity: CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader') }));
    expect(served.one('ServiceAccount')).toMatchObject({ metadata: { name: 'reader', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/reader' } }, automountServiceAccountToken: false });
    expect(served.pod.serviceAccountName).toBe('reader');
  });

  test('without one is a ServiceAccount that is there already', () => {
    const served = s3(Credentials.workloadIdentity('reader'));
    expect([served.one('ServiceAccount'), served.pod.serviceAccountName]).toEqual([undefined, 'reader']);
  });

  test('of Azure labels the pods, and leaves the selector alone', () => {
    const served = azure(Credentials.workloadIdentity('reader', { identity: azureId }));
    expect(served.template.metadata.labels['azure.workload.identity/use']).toBe('true');
    expect(served.deployment.spec.selector.matchLabels).not.toHaveProperty('azure.workload.identity/use');
  });

  test('has no key anywhere', () => expect(Object.keys(download(s3(Credentials.workloadIdentity('reader'))))).toEqual(['HOME']));
});
