import { Candidate, ExistingService, Exposure, Rollout, RolloutController } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

const gateway = { name: 'public', namespace: 'gateway' };
const exposure = Exposure.gateway({ hosts: ['iris.example.com'] });
const replaces = ExistingService.kserve('old', { percent: 10 });

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
