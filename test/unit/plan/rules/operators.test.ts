import { ClusterOperator, ClusterProps, Credentials, ModelSource, OciDelivery, SecretRotation } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

const external = Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } });
const rolled = Credentials.fromSecretName('s3', { rotation: SecretRotation.ROLL });
const from = (credentials: Credentials, cluster: ClusterProps): Served => serve({ model: iris({ source: ModelSource.s3('s3://models/v1', { credentials }) }) }, cluster);

test('an external secret needs its operator, where the cluster says which run', () => {
  expect(from(external, { operators: [] }).problem('SERVING_OPERATOR_MISSING')).toMatchObject({ what: expect.stringContaining("'external-secrets'"), fix: expect.stringContaining('EXTERNAL_SECRETS') });
  expect(from(external, { operators: [ClusterOperator.EXTERNAL_SECRETS] }).codes).toEqual([]);
  expect(from(external, {}).codes).toEqual([]);
});

test('rolling at a change of a Secret needs the Reloader', () => {
  expect(from(rolled, { operators: [] }).problem('SERVING_OPERATOR_MISSING').what).toBe("SecretRotation.ROLL needs 'reloader' in the cluster");
  expect(from(rolled, { operators: [ClusterOperator.RELOADER] }).codes).toEqual([]);
  expect(from(Credentials.fromSecretName('s3'), { operators: [] }).codes).toEqual([]);
});

describe('an image as a volume', () => {
  const mounted = (cluster: ClusterProps, path = '/'): Served => serve({ model: iris({ source: ModelSource.oci(`r.example.com/m@sha256:${'1'.repeat(64)}`, { delivery: OciDelivery.VOLUME, path }) }) }, cluster);

  test.each([
    ['1.34', false, '/', 1], ['1.30', true, '/', 1], ['1.31', true, '/', 0], ['1.32', true, '/models', 1], ['1.33', true, '/models', 0],
  ])('on Kubernetes %s, switched on: %p, of folder %s: %p problems', (version, imageVolumes, path, count) => {
    expect(mounted({ version, imageVolumes }, path).codes).toEqual(Array(count).fill('SERVING_IMAGE_VOLUME'));
  });

  test('says what the cluster has and what it takes', () => {
    expect(mounted({ version: '1.32', imageVolumes: true }, '/models').problem('SERVING_IMAGE_VOLUME')).toMatchObject({ got: '"1.32, imageVolumes true"', allowed: '1.33 or newer, imageVolumes true', fix: expect.stringContaining('OciDelivery.COPY') });
  });
});
