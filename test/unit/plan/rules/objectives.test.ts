import { Duration } from 'cdk8s';
import { Accelerator, InferenceServer, Model, ModelSource, Objective, Scaling } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const promised = (millis: number): Objective => Objective.latency({ p: 99, below: Duration.millis(millis) });

test('a bound that is none of the buckets is told with the two next to it', () => {
  expect(serve({ objectives: [promised(300)] }).problem('SERVING_LATENCY_OFF_BUCKETS')).toMatchObject({
    severity: 'error', path: 'ml/Iris', got: '"0.3 s"', what: 'an objective of the service asks for 0.3 s, and rest_server_request_duration_seconds counts up to 0.25 s or 0.5 s next to it', allowed: expect.stringContaining('0.25, 0.5'), fix: 'take one of these',
  });
});

test('a bound that is a bucket is fine, and so are objectives of another kind', () => {
  expect(serve({ objectives: [promised(250), Objective.availability(99.9)] }).codes).toEqual([]);
});

test('each objective that is off is told', () => {
  expect(serve({ objectives: [promised(300), promised(250), promised(60_000)] }).codes).toEqual(['SERVING_LATENCY_OFF_BUCKETS', 'SERVING_LATENCY_OFF_BUCKETS']);
});

test('where bounds can be set, they are', () => {
  const model = Model.huggingFace('Qwen/Qwen3-8B', { source: ModelSource.s3('s3://models/qwen/v1'), version: 'v1' });
  const served = serve({ model, server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2), objectives: [promised(3300)] });
  expect(served.codes).not.toContain('SERVING_LATENCY_OFF_BUCKETS');
  expect(served.server.args.join(' ')).toContain('3.3');
});

test('a server without a histogram has no bounds to miss', () => {
  expect(serve({ model: Model.pytorch({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.torchServe(), objectives: [promised(300)] }).codes).not.toContain('SERVING_LATENCY_OFF_BUCKETS');
});
