import { Candidate, ClusterOperator, EngineBackend, ExistingService, Exposure, InferenceProtocol, InferenceServer, InferenceServiceProps, Model, Rollout, RolloutController, Transformer } from 'cdk8s-serving';
import { iris, serve as served, Served } from '../../../support/serving';

const gateway = { name: 'public', namespace: 'gateway' };
const exposure = Exposure.gateway({ hosts: ['iris.example.com'] });
const replaces = ExistingService.kserve('old', { percent: 10 });
/** A service whose model has the name that the old one's has. */
const serve = (props: Partial<InferenceServiceProps>, ...rest: [(Parameters<typeof served>[1])?, (Parameters<typeof served>[2])?]): Served => served({ model: iris({ name: 'old' }), ...props }, ...rest);

test('a service takes the place of another under a host of a Gateway', () => {
  expect(serve({ exposure, replaces }, { gateway }).codes).toEqual([]);
  expect(serve({ replaces }).problem('SERVING_REPLACES_WITHOUT_ROUTE')).toMatchObject({ severity: 'error', got: '"clusterInternal"' });
});

test('it has a name of its own', () => {
  const named = (existing: ExistingService): Served => serve({ exposure, replaces: existing }, { gateway });
  for (const same of [ExistingService.kserve('iris'), ExistingService.seldonCoreV1('iris'), ExistingService.seldonCoreV2('iris'), ExistingService.service('iris')]) {
    expect(named(same).problem('SERVING_REPLACES_ITSELF')).toMatchObject({ severity: 'error', got: '"iris"' });
  }
  expect(named(ExistingService.service('iris-predictor')).codes).toEqual([]);
});

test('gRPC of both has a port', () => {
  const withGrpc = Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.iris.example.com'] });
  expect(serve({ exposure: withGrpc, replaces }, { gateway }).problem('SERVING_REPLACES_GRPC_PORT')).toMatchObject({ severity: 'error', what: expect.stringContaining("'old'") });
  expect(serve({ exposure: withGrpc, replaces: ExistingService.kserve('old', { grpcPort: 9000 }) }, { gateway }).codes).toEqual([]);
});

test('a release waits until the move is through', () => {
  const served = serve({ exposure, replaces, rollout: Rollout.canary({ steps: [5] }), candidate: Candidate.of({ model: iris({ version: 'v2' }), percent: 5 }) }, { gateway, rollouts: RolloutController.none() });
  expect(served.problem('SERVING_REPLACES_DURING_RELEASE')).toMatchObject({ severity: 'error', what: expect.stringContaining('Rollout.canary') });
});

test('what is wrong with the existing service is told', () => {
  expect(serve({ exposure, replaces: ExistingService.kserve('No_Name', { percent: 101 }) }, { gateway }).codes).toEqual(expect.arrayContaining(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_NUMBER_OUT_OF_RANGE']));
});

test('the Service of the old one is none that the new engine makes', () => {
  const operators = [ClusterOperator.KSERVE];
  const onKServe = (name: string): Served => serve({ exposure, model: iris({ name: 'old' }), replaces: ExistingService.service(name) }, { gateway, operators }, { backend: EngineBackend.kserve() });
  expect(onKServe('iris-predictor').problem('SERVING_REPLACES_MADE')).toMatchObject({ severity: 'error', got: '"iris-predictor"' });
  expect(onKServe('old-predictor').codes).toEqual([]);
});

describe('the model has the name that requests ask for', () => {
  const named = (existing: ExistingService, props: Partial<InferenceServiceProps>): Served => served({ exposure, replaces: existing, ...props }, { gateway });

  test('which is that of the InferenceService, or of the Model, unless it is said', () => {
    for (const existing of [ExistingService.kserve('old'), ExistingService.seldonCoreV2('old'), ExistingService.kserve('x', { modelName: 'old' }), ExistingService.service('x', { modelName: 'old' })]) {
      expect(named(existing, { model: iris() }).problem('SERVING_REPLACES_MODEL_NAME')).toMatchObject({ severity: 'error', got: '"iris"', allowed: 'old' });
      expect(named(existing, { model: iris({ name: 'old' }) }).codes).toEqual([]);
    }
  });

  test('or not known: then somebody has to look', () => {
    for (const existing of [ExistingService.service('old'), ExistingService.seldonCoreV1('old')]) {
      expect(named(existing, { model: iris() }).problem('SERVING_REPLACES_MODEL_UNKNOWN')).toMatchObject({ severity: 'warning', got: '"iris"' });
      expect(named(existing, { model: iris({ name: 'old' }) }).codes).toEqual([]);
    }
  });

  test('also behind a transformer, once', () => {
    const transformer = Transformer.of({ server: InferenceServer.container({ image: 'registry.example.com/ml/words:1', httpPort: 8000, protocols: [InferenceProtocol.V2_REST] }) });
    const { problems } = named(ExistingService.kserve('old'), { transformer, model: iris() });
    expect(problems.filter(({ code }) => code === 'SERVING_REPLACES_MODEL_NAME').map(({ what }) => what)).toEqual([expect.stringMatching(/^the transformer: /)]);
    expect(named(ExistingService.kserve('old'), { transformer, model: iris({ name: 'old' }) }).codes).not.toContain('SERVING_REPLACES_MODEL_NAME');
  });

  test('unless requests name none', () => {
    const server = InferenceServer.container({ image: 'registry.example.com/ml/words:1', httpPort: 8000, protocols: [InferenceProtocol.CUSTOM_REST] });
    expect(named(ExistingService.kserve('old'), { server, model: Model.custom() }).codes).not.toContain('SERVING_REPLACES_MODEL_NAME');
  });
});
