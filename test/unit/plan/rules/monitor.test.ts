import { Size } from 'cdk8s';
import { Accelerator, InferenceServer, Model, ModelFeature, PayloadLogging, PayloadMode, Scaling } from 'cdk8s-serving';
import { monitored, STORE } from '../../../support/monitored';
import { serve } from '../../../support/serving';

test('a monitor of what is logged is fine', () => expect(serve(monitored()).codes).toEqual([]));

test("a CronJob's name has 52 characters", () => {
  expect(serve({ ...monitored(), name: 'a'.repeat(44) }).codes).toEqual([]);
  expect(serve({ ...monitored(), name: 'a'.repeat(45) }).problem('SERVING_MONITOR_NAME')).toMatchObject({ allowed: 'at most 44 characters for the service' });
});

test('a monitor without payloads is told', () => {
  expect(serve({ monitor: monitored().monitor }).problem('SERVING_MONITOR_WITHOUT_PAYLOADS')).toMatchObject({ severity: 'warning' });
});

test('halves of predictions can not be compared', () => {
  expect(serve({ ...monitored(), payloadLogging: PayloadLogging.http({ url: 'http://sink', mode: PayloadMode.RESPONSES }) }).problem('SERVING_MONITOR_HALVES')).toMatchObject({ got: '"responses"' });
});

test('nor features that are not logged', () => {
  const features = [ModelFeature.numerical('age'), ModelFeature.categorical('name')];
  expect(serve({ ...monitored({ features }), payloadLogging: PayloadLogging.store(STORE, { exclude: ['name', 'address'] }) }).problem('SERVING_MONITOR_EXCLUDED')).toMatchObject({ got: '"name"' });
});

test('nor texts; a server that speaks V2 besides is fine', () => {
  const model = Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) });
  const asked = { ...monitored(), model, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
  expect(serve({ ...asked, server: InferenceServer.vllm() }).problem('SERVING_MONITOR_NOT_ROWS')).toMatchObject({ got: '"openai"' });
  expect(serve({ ...asked, server: InferenceServer.kserveHuggingFace() }).codes).not.toContain('SERVING_MONITOR_NOT_ROWS');
});
