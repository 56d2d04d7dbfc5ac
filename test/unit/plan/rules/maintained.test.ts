import { InferenceServer, Model, ModelSource } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

test('a server that nobody looks after is a warning that names what to use', () => {
  const model = Model.pytorch({ source: ModelSource.s3('s3://models/resnet/v1') });
  expect(serve({ model, server: InferenceServer.torchServe() }).problem('SERVING_SERVER_UNMAINTAINED')).toMatchObject({ severity: 'warning', what: expect.stringContaining('TorchServe'), fix: expect.stringMatching(/^use /) });
  expect(serve({ model, server: InferenceServer.triton() }).codes).not.toContain('SERVING_SERVER_UNMAINTAINED');
});

test('it is never picked by itself', () => {
  expect(serve({ model: Model.pytorch({ source: ModelSource.s3('s3://models/resnet/v1') }) }).service.serverSelection.server).toBe('triton');
});
