import { Duration } from 'cdk8s';
import { InferenceServer, Model, ModelSource } from 'cdk8s-serving';
import { serve, Served } from '../../../support/serving';

const leaving = (terminationGracePeriodSeconds: number, props: Parameters<typeof serve>[0] = {}): Served => serve({ ...props, podOverlay: { spec: { terminationGracePeriodSeconds } } });

test('an overlay that leaves less time than the drain needs is told with the sum', () => {
  expect(leaving(59).problem('SERVING_GRACE_BELOW_DRAIN')).toMatchObject({
    severity: 'error', path: 'ml/Iris', got: '59', allowed: '60 or more', fix: expect.stringContaining("lower 'requestTimeout'"),
    what: "'podOverlay' leaves 59 s between the deletion of a pod and its end; the sleep of 15 s and the 45 s that the server may take to stop need 60 s",
  });
  expect(leaving(0).codes).toEqual(['SERVING_GRACE_BELOW_DRAIN']);
});

test('as much or more is fine, and is what the pod gets', () => {
  for (const seconds of [60, 300]) expect([leaving(seconds).codes, leaving(seconds).pod.terminationGracePeriodSeconds]).toEqual([[], seconds]);
});

test('a shorter longest answer needs less', () => {
  const requestTimeout = Duration.seconds(5);
  expect([leaving(34, { requestTimeout }).codes, leaving(35, { requestTimeout }).codes]).toEqual([['SERVING_GRACE_BELOW_DRAIN'], []]);
});

test('of a server that does not drain, the sleep is the longer part, and the sum is the same', () => {
  const onnx = { model: Model.onnx({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.openvino() };
  expect(leaving(59, onnx).problem('SERVING_GRACE_BELOW_DRAIN').what).toContain('the sleep of 45 s and the 15 s');
  expect(leaving(60, onnx).codes).toEqual([]);
});
