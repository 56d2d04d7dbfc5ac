import { Testing } from 'cdk8s';
import { IServiceAccount, ServiceAccount } from 'cdk8s-plus-28';
import { CloudIdentity, Credentials, ModelSource } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

const account = (name: string): IServiceAccount => ServiceAccount.fromServiceAccountName(Testing.chart(), 'Account', name);
const reading = (credentials: Credentials, serviceAccount?: IServiceAccount): Served => serve({ model: iris({ source: ModelSource.s3('s3://models/v1', { credentials }) }), serviceAccount });

test.each([
  ['workload identity', Credentials.workloadIdentity('reader')], ['a ServiceAccount', Credentials.serviceAccount(account('reader'))],
  ['a new ServiceAccount', Credentials.workloadIdentity('reader', { identity: CloudIdentity.awsIrsaRole('arn:aws:iam::123456789012:role/reader') })],
])('a pod has one identity: that of the service beside credentials by %s is told', (_, credentials) => {
  expect(reading(credentials, account('mine')).problem('SERVING_TWO_SERVICE_ACCOUNTS')).toMatchObject({
    severity: 'error', path: 'ml/Iris', got: '"mine"', allowed: 'reader', what: "'serviceAccount' is 'mine', and the model's credentials are those of 'reader'", fix: expect.stringContaining('leave the other out'),
  });
});

test('the same account twice is one', () => {
  const served = reading(Credentials.workloadIdentity('reader'), account('reader'));
  expect([served.codes, served.pod.serviceAccountName]).toEqual([[], 'reader']);
});

test('one account alone, or one beside a Secret, is fine', () => {
  expect(reading(Credentials.workloadIdentity('reader')).codes).toEqual([]);
  expect(serve({ serviceAccount: account('mine') }).codes).toEqual([]);
  const served = reading(Credentials.fromSecretName('s3'), account('mine'));
  expect([served.codes, served.pod.serviceAccountName]).toEqual([[], 'mine']);
});

test.each(['A b', ''])('an account named %p is told', (name) => {
  expect(serve({ serviceAccount: { name } as IServiceAccount }).problem('SERVING_TEXT_NOT_ALLOWED').what).toContain('serviceAccount');
});
