import { Candidate, Credentials, EngineBackend, ModelSource, OciDelivery, Rollout, SeldonServers } from 'cdk8s-serving';
import { iris, serve } from '../../../support/serving';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const volume = ModelSource.oci(`registry.example.com/ml/iris@${DIGEST}`, { delivery: OciDelivery.VOLUME });

/** A service whose stable version is an everyday one, and one on trial that comes from elsewhere. */
const trying = (source: ModelSource, backend: EngineBackend): ReturnType<typeof serve> => serve({ rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: iris({ source }) }) }, { imageVolumes: true }, { backend });

test('what an engine can not do is told of the version on trial as well', () => {
  expect(trying(volume, EngineBackend.seldonCoreV1()).codes).toContain('SERVING_ENGINE_NOT_ABLE');
  expect(trying(ModelSource.s3('s3://models/iris/v2'), EngineBackend.seldonCoreV1()).codes).not.toContain('SERVING_ENGINE_NOT_ABLE');
});

test('so is what it needs of the cluster', () => {
  const codes = (imageVolumes: boolean): string[] => serve({ rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: iris({ source: volume }) }) }, { imageVolumes, version: '1.34' }).codes;
  expect(codes(false)).toContain('SERVING_IMAGE_VOLUME');
  expect(codes(true)).not.toContain('SERVING_IMAGE_VOLUME');
});

describe('on Seldon Core v2', () => {
  const hub = ModelSource.huggingFace('acme/iris', { revision: '9216db5781bf21249d130ec9da846c4624c16137' });
  const on = (servers: SeldonServers, source = hub): ReturnType<typeof serve> => trying(source, EngineBackend.seldonCoreV2({ servers }));

  test("a version that Seldon's agent can not fetch is told on shared servers", () => {
    expect(on(SeldonServers.shared()).codes).toContain('SERVING_SELDON_SHARED_SERVER');
    expect(on(SeldonServers.shared(), ModelSource.s3('s3://models/iris/v2')).codes).not.toContain('SERVING_SELDON_SHARED_SERVER');
  });

  test('one version that needs a server of its own gives both of them one', () => {
    const served = on(SeldonServers.asNeeded());
    expect(served.codes).not.toContain('SERVING_SELDON_SHARED_SERVER');
    expect(served.all('Server').map(({ metadata }) => metadata.name)).toEqual(['iris', 'iris-candidate']);
    expect(served.all('Model').map(({ spec }) => [spec.server, spec.storageUri])).toEqual([['iris', '/mnt/settings/iris'], ['iris-candidate', '/mnt/settings/iris']]);
    // the settings of both lie in their pods
    for (const { spec } of served.all('Server')) expect(spec.podSpec.volumes.map(({ name }: any) => name)).toContain('settings');
  });

  test('also where it is the stable one', () => {
    const model = iris({ source: hub });
    const served = serve({ model, rollout: Rollout.canary({ steps: [20] }), candidate: Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2') }) }) }, {}, { backend: EngineBackend.seldonCoreV2({ servers: SeldonServers.asNeeded() }) });
    for (const { spec } of served.all('Server')) expect(spec.podSpec.volumes.map(({ name }: any) => name)).toContain('settings');
    expect(served.all('Server')).toHaveLength(2);
  });

  test('credentials of the version on trial must have the form of rclone, too', () => {
    expect(on(SeldonServers.shared(), ModelSource.s3('s3://models/iris/v2', { credentials: Credentials.fromSecretName('s3') })).codes).toContain('SERVING_SELDON_SECRET_FORM');
  });
});
